"""What drilling an objective now is worth on exam day: the yield, in exam points per minute.

yield = value * (1 - guess - slip) * (E recall(exam day | drill now) - E recall(exam day | not)) /
E[minutes]

New and due objectives are priced by the same rule. One step ahead only: what later drills would add is not
counted.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from qbank.core.exam_model import ExamModel
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.core.trace import Trace, known_before, mixer, not_known_before


class Seconds(msgspec.Struct, frozen=True):
    """Expected time of one question until it is learned: to answer it, then to read after a miss or a hit.

    `answer_seen` is the time to answer where the objective was met before, None for the same time.
    """

    answer: float = 90.0
    after_miss: float = 120.0
    after_hit: float = 30.0
    answer_seen: float | None = None

    def answering(self, *, seen: bool) -> float:
        return self.answer if self.answer_seen is None or not seen else self.answer_seen

    def expected(self, p_correct: float, *, seen: bool) -> float:
        """Of a question that is answered right with this probability, its explanation read."""
        return self.answering(seen=seen) + self.after_miss + p_correct * (self.after_hit - self.after_miss)

    @property
    def least(self) -> float:
        """No question is expected to take less."""
        answering = min(self.answering(seen=False), self.answering(seen=True))
        return answering + min(self.after_hit, self.after_miss)


class Worth(msgspec.Struct, frozen=True):
    """One objective's yield with what made it.

    Recalls are probabilities: now, and on exam day if left alone or drilled now. `p_correct` is for a
    practice question now. `points` are hundredths of the exam gained, `points_per_minute` the yield.
    """

    recall_now: float
    recall_left: float
    recall_drilled: float
    p_correct: float
    seconds: float
    points: float
    points_per_minute: float

    @property
    def gain(self) -> float:
        return self.recall_drilled - self.recall_left


class Terms(NamedTuple):
    """What a learner's pace and guessing make of a gain: unit * gain / (longest_s - saved_s * recall now)."""

    unit: float
    longest_s: float
    saved_s: float

    def most_over(self, other: "Terms") -> float:
        """The most that a yield by these terms can be of the same yield by others, when there is a gain.

        Their ratio is monotone in recall, so it is largest where recall is 0 or 1.
        """
        if_gone = other.longest_s / self.longest_s
        if_there = (other.longest_s - other.saved_s) / (self.longest_s - self.saved_s)
        return self.unit / other.unit * max(if_gone, if_there)


Rate = Callable[[float, float, float, float, float], float]


class Pricer:
    """The yield of objectives, for one learner's day, exam day, pace and memory.

    `horizon_days` is counted to the exam day and is at least 1: on the day itself, and after it, tomorrow
    counts. `guess` is P(correct | not known) in practice; the exam's own guess and slip weigh the gain.
    """

    def __init__(
        self,
        model: ExamModel,
        horizon_days: int,
        *,
        guess: float | None = None,
        seconds: Seconds | None = None,
        memory: MemoryModel = DEFAULT_MODEL,
    ) -> None:
        horizon = float(max(1, horizon_days))
        self._mix = mixer(horizon, memory)
        self._guess = model.guess if guess is None else guess
        self._slip = model.slip
        self._seconds = seconds or Seconds(model.answer_seconds, model.miss_seconds, model.hit_seconds)
        self._unit = 100 * (1 - model.guess - model.slip) / model.n_objectives
        self._known_left, self._known_drilled = known_before(horizon, memory)
        self._taught_drilled = not_known_before(horizon, memory)
        self.terms = self._terms()
        self.rate = self._fast_rate()
        """`seen(...).points_per_minute` for a weight of 1: (kept, kept_days, taught, taught_days, elapsed_days) ->
        yield.
        """

    def unseen(self, p_know: float, weight: float = 1.0) -> Worth:
        """An objective never reviewed, known with probability `p_know`; its value is `weight` objectives."""
        left = p_know * self._known_left
        drilled = p_know * self._known_drilled + (1 - p_know) * self._taught_drilled
        return self._worth(p_know, left, drilled, weight, seen=False)

    def seen(self, trace: Trace, elapsed_days: float, weight: float = 1.0) -> Worth:
        """An objective that was reviewed some days ago."""
        mixed = self._mix(trace.kept, trace.kept_days, trace.taught, trace.taught_days, elapsed_days)
        return self._worth(*mixed, weight, seen=True)

    def p_correct(self, recall_now: float) -> float:
        """P(correct) of a practice question now."""
        return self._guess + (1 - self._guess - self._slip) * recall_now

    def lean_slope(self, p_know: float) -> float:
        """How fast the log of an unseen objective's yield falls as its P(correct) rises, at `p_know`."""
        step = 0.01
        low, high = max(0.0, p_know - step), min(1.0, p_know + step)
        fall = math.log(self.unseen(low).points / self.unseen(low).seconds) - math.log(
            self.unseen(high).points / self.unseen(high).seconds
        )
        return fall / ((high - low) * (1 - self._guess - self._slip))

    def _terms(self) -> Terms:
        longest_s = self._seconds.expected(self.p_correct(0.0), seen=True)
        saved_s = longest_s - self._seconds.expected(self.p_correct(1.0), seen=True)
        return Terms(60 * self._unit, longest_s, saved_s)

    def _fast_rate(self) -> Rate:
        """Bound once, because it runs for every objective read whenever a block is composed."""
        mix, (unit, longest, saved) = self._mix, self.terms

        def rate(kept: float, kept_days: float, taught: float, taught_days: float, elapsed: float) -> float:
            now, left, drilled = mix(kept, kept_days, taught, taught_days, elapsed)
            return unit * (drilled - left) / (longest - saved * now)

        return rate

    def _worth(self, now: float, left: float, drilled: float, weight: float, *, seen: bool) -> Worth:
        hit = self.p_correct(now)
        seconds = self._seconds.expected(hit, seen=seen)
        points = weight * self._unit * (drilled - left)
        return Worth(now, left, drilled, hit, seconds, points, 60 * points / seconds)
