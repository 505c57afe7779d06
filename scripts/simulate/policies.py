"""What others do, and what one could do at most: policies to compare with.

All but the oracles see answers only. Point-state policies keep FSRS-6 with default weights, as any program would
that was handed right and wrong.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from simulate.memories import FSRS6, grown_to, lapsed_to
from simulate.study import Answers
from simulate.worlds import GUESS, SECONDS_KNOWN, SECONDS_NOT, SLIP, Learners

Array = np.ndarray[Any, np.dtype[Any]]

RETENTION = 0.9
DECAY = float(FSRS6[20])
FACTOR = 0.9 ** (-1 / DECAY) - 1
NEVER = -(10**6)
CELL_PRIOR = 25.0
LONGEST = 36_500
"""Days to the next review, as schedulers cap them."""


class Known:
    """What a policy that sees answers knows of each objective: how often and when it was asked."""

    name = ""

    def begin(self, learners: Learners) -> None:
        self.learners = learners
        shape = (learners.count, len(learners.weight))
        self.asked = np.zeros(shape, dtype=np.int64)
        self.last = np.full(shape, NEVER)
        self.held = np.tile(learners.held, (learners.count, 1))
        self.order = learners.dice_order
        self.days = learners.world.days

    def saw(self, day: int, answers: Answers) -> None:
        self.asked[answers.learners, answers.objectives] += 1
        self.last[answers.learners, answers.objectives] = day


class Scored(Known, ABC):
    """Takes what has the highest score, of what was not asked today."""

    def block(self, day: int, who: Array, size: int) -> Array:
        score = np.where(self.held[who] & (self.last[who] < day), self.score(day, who), -np.inf)
        return best(score, size)

    @abstractmethod
    def score(self, day: int, who: Array) -> Array:
        """The higher, the sooner."""


class RandomPass(Scored):
    """Through the bank in random order, again from the start when it has been seen."""

    name = "random"

    def score(self, day: int, who: Array) -> Array:
        score: Array = -self.asked[who] + self.order[who]
        return score


class Due(Known):
    """A schedule with due dates beside new objectives in an order."""

    new_share = 0.5
    weights = "uniform"
    flagged = 1.0

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        shape = self.asked.shape
        self.due = np.full(shape, NEVER)
        self.lag = np.ones(shape)
        self.new_first = self._new_order(learners)

    def block(self, day: int, who: Array, size: int) -> Array:
        free = self.held[who] & (self.last[who] < day)
        seen = self.asked[who] > 0
        due = np.where(free & seen & (self.due[who] <= day), self.urgency(day, who), -np.inf)
        new = np.where(free & ~seen, self.new_first[who], -np.inf)
        later = np.where(
            free & seen & (self.due[who] > day), -(self.due[who] - day) + self.order[who], -np.inf
        )
        quota = size - round(size * self.new_share)
        return np.stack([_mixed(d, n, r, quota, size) for d, n, r in zip(due, new, later, strict=True)])

    def urgency(self, day: int, who: Array) -> Array:
        """Among the due, the higher the sooner: by how much of its interval has passed."""
        urgency: Array = (day - self.last[who]) / self.lag[who] + 1e-6 * self.order[who]
        return urgency

    def _new_order(self, learners: Learners) -> Array:
        """Uniform, or drawn without replacement by an objective's part of the exam (Efraimidis & Spirakis 2006)."""
        if self.weights == "uniform":
            return self.order
        weight = np.tile(learners.weight / learners.weight.mean(), (learners.count, 1))
        if self.flagged != 1.0:
            weight = weight * np.where(_flagged(learners), self.flagged, 1.0)
        drawn: Array = np.log(self.order) / weight
        return drawn


class FsrsDue(Due):
    """FSRS-6 with default weights, due at RETENTION, from right and wrong."""

    name = "uniform + FSRS"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        self.state = PointState(self.asked.shape)

    def saw(self, day: int, answers: Answers) -> None:
        self.state.answered(day, answers, self.last, self.asked)
        super().saw(day, answers)
        at = (answers.learners, answers.objectives)
        self.lag[at] = np.maximum(1, np.round(self.state.stability[at]))
        self.due[at] = day + self.lag[at]

    def urgency(self, day: int, who: Array) -> Array:
        urgency: Array = 1 - curve(day - self.last[who], self.state.stability[who]) + 1e-6 * self.order[who]
        return urgency


class AnkiOrder(FsrsDue):
    """Reviews first, new ones with what is left."""

    name = "Anki's order"
    new_share = 0.0


class Blueprint(FsrsDue):
    """Half new, by their part of the exam; half due."""

    name = "blueprint + FSRS"
    weights = "blueprint"


class Flagged(Blueprint):
    """The same with flagged areas taken twice, new and due."""

    name = "flags x2"
    flagged = 2.0

    def urgency(self, day: int, who: Array) -> Array:
        return super().urgency(day, who) * np.where(_flagged(self.learners)[who], self.flagged, 1.0)


class Leitner(Due):
    """Boxes of 1, 2, 4, ... days; a miss goes back to the first."""

    name = "uniform + Leitner"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        self.box = np.zeros(self.asked.shape, dtype=np.int64)

    def saw(self, day: int, answers: Answers) -> None:
        super().saw(day, answers)
        at = (answers.learners, answers.objectives)
        self.box[at] = np.where(answers.correct, np.minimum(self.box[at] + 1, 6), 0)
        self.lag[at] = 2.0 ** self.box[at]
        self.due[at] = day + self.lag[at]


class Sm2(Due):
    """SM-2 (Wozniak 1990) with quality 4 for right and 2 for wrong."""

    name = "uniform + SM-2"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        self.ease = np.full(self.asked.shape, 2.5)
        self.run = np.zeros(self.asked.shape, dtype=np.int64)

    def saw(self, day: int, answers: Answers) -> None:
        super().saw(day, answers)
        at, right = (answers.learners, answers.objectives), answers.correct
        quality = np.where(right, 4, 2)
        self.ease[at] = np.maximum(1.3, self.ease[at] + 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02))
        self.run[at] = np.where(right, self.run[at] + 1, 0)
        grown = np.where(self.run[at] == 2, 6, np.round(self.lag[at] * self.ease[at]))
        self.lag[at] = np.where(self.run[at] <= 1, 1, np.minimum(grown, LONGEST))
        self.due[at] = day + self.lag[at]


class PointGain(Scored):
    """Exam-day gain per second from a point state: what was not asked counts as known by the mean first attempt."""

    name = "point state + gain"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        self.state = PointState(self.asked.shape)
        self.p_known = 0.5

    def saw(self, day: int, answers: Answers) -> None:
        self.state.answered(day, answers, self.last, self.asked)
        super().saw(day, answers)

    def score(self, day: int, who: Array) -> Array:
        ahead = float(self.days - day)
        s, d = self.state.stability[who], self.state.difficulty[who]
        age = np.where(self.asked[who] > 0, day - self.last[who], 0)
        now = curve(age, s)
        w = FSRS6
        good = grown_to(s, d, now, w)
        again = lapsed_to(s, d, now, w)
        seen = now * curve(ahead, good) + (1 - now) * curve(ahead, again) - curve(age + ahead, s)
        new = (1 - self.p_known) * curve(ahead, np.full_like(s, w[0]))
        new_seconds = self.p_known * SECONDS_KNOWN + (1 - self.p_known) * SECONDS_NOT
        right = now * (1 - SLIP) + (1 - now) * GUESS
        seconds = right * SECONDS_KNOWN + (1 - right) * SECONDS_NOT
        gain = np.where(self.asked[who] > 0, seen / seconds, new / new_seconds)
        score: Array = self.learners.weight * gain * (1 + 1e-6 * self.order[who])
        return score


class Oracle(Scored):
    """Knows the true state of every memory, and takes the highest gain per second."""

    name = "greedy oracle"

    def score(self, day: int, who: Array) -> Array:
        learners = self.learners
        memory, exam = learners.memory, float(self.days)
        now = memory.recall(float(day))
        gain = memory.after_drill(float(day), exam, learners.encoding) - memory.recall(exam)
        seconds = SECONDS_NOT + (SECONDS_KNOWN - SECONDS_NOT) * now
        score: Array = (learners.weight * gain / seconds)[who]
        return score


class AfterAsking(Oracle):
    """Sees the true memory of whatever it has asked once; of the rest it knows the mean of each cell."""

    name = "sees what it asked"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        _, self.cell = np.unique(
            learners.section * len(learners.blueprint.disciplines) + learners.discipline, return_inverse=True
        )

    def score(self, day: int, who: Array) -> Array:
        learners = self.learners
        memory, exam = learners.memory, float(self.days)
        now = memory.recall(float(day))
        gain = memory.after_drill(float(day), exam, learners.encoding) - memory.recall(exam)
        for learner in who:
            unasked = self.asked[learner] == 0
            for values in (now, gain):
                values[learner, unasked] = self._cell_means(values[learner], unasked)[unasked]
        seconds = SECONDS_NOT + (SECONDS_KNOWN - SECONDS_NOT) * now
        score: Array = (learners.weight * gain / seconds * (1 + 1e-6 * self.order))[who]
        return score

    def _cell_means(self, values: Array, unasked: Array) -> Array:
        """Each objective's mean over the unasked ones of its cell, shrunk to that over all of them."""
        if not unasked.any():
            return values
        cells, size = self.cell[unasked], int(self.cell.max()) + 1
        count = np.bincount(cells, minlength=size)
        total = np.bincount(cells, values[unasked], size)
        means: Array = ((total + CELL_PRIOR * values[unasked].mean()) / (count + CELL_PRIOR))[self.cell]
        return means


class PointState:
    """FSRS-6 with default weights from right and wrong, first answers too: what the usual program believes."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.stability = np.ones(shape)
        self.difficulty = np.full(shape, 5.0)

    def answered(self, day: int, answers: Answers, last: Array, asked: Array) -> None:
        at, right, w = (answers.learners, answers.objectives), answers.correct, FSRS6
        s, d = self.stability[at], self.difficulty[at]
        now = curve(day - last[at], s)
        good = grown_to(s, d, now, w)
        later = np.where(right, good, lapsed_to(s, d, now, w))
        moved = d - w[6] * (np.where(right, 3, 1) - 3) * (10 - d) / 9
        first_d = w[4] - np.exp(w[5] * (np.where(right, 3, 1) - 1)) + 1
        new = asked[at] == 0
        self.stability[at] = np.where(new, np.where(right, w[2], w[0]), later)
        self.difficulty[at] = np.clip(np.where(new, first_d, moved), 1, 10)


def curve(elapsed: Array | float, stability: Array) -> Array:
    """FSRS-6's recall."""
    recall: Array = (1 + FACTOR * np.maximum(elapsed, 0) / stability) ** -DECAY
    return recall


def best(score: Array, size: int) -> Array:
    """The `size` highest of each row, best first, -1 where there is none."""
    size = min(size, score.shape[1])
    top = np.argpartition(-score, size - 1, axis=1)[:, :size]
    values = np.take_along_axis(score, top, axis=1)
    order = np.argsort(-values, axis=1)
    top, values = np.take_along_axis(top, order, axis=1), np.take_along_axis(values, order, axis=1)
    return np.where(np.isfinite(values), top, -1)


def _mixed(due: Array, new: Array, later: Array, quota: int, size: int) -> Array:
    """Due ones up to the quota, new ones for the rest; each fills what the other leaves, and then what is not due."""
    ranked = [[int(one) for one in row if one >= 0] for row in best(np.stack([due, new, later]), size)]
    due_first, new_first, rest = ranked
    taken = due_first[:quota] + new_first[: size - min(quota, len(due_first))]
    taken += [one for one in due_first[quota:] if len(taken) < size][: size - len(taken)]
    taken += rest[: max(0, size - len(taken))]
    taken = taken[:size]
    return np.array(taken + [-1] * (size - len(taken)))


def _flagged(learners: Learners) -> Array:
    """Whether an objective's system or discipline was flagged lower, [learner, objective]."""
    systems = sorted(set(learners.blueprint.systems))
    of_system = np.array([systems.index(learners.blueprint.systems[s]) for s in learners.section])
    rows = learners.report_lower
    lower: Array = (rows[:, of_system] < 0) | (rows[:, len(systems) + learners.discipline] < 0)
    return lower
