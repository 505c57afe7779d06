"""Lets learners practise under a policy: every policy gets the same time and the same dice."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from simulate.worlds import (
    GUESS,
    RECOGNISED,
    RECOGNISED_DAYS,
    SECONDS_KNOWN,
    SECONDS_NOT,
    SLIP,
    Learners,
)

Array = np.ndarray[Any, np.dtype[Any]]

BLOCK = 20
TEXTS = 3
"""Questions of one objective, where texts are recognised."""

SURE, UNSURE, GUESSED = 0, 1, 2
SAID_RECALLED = (0.65, 0.25, 0.10)
SAID_NOT = (0.12, 0.36, 0.52)
"""How often each is said of an answer, when it was recalled and when it was not."""


@dataclass(frozen=True)
class Answers:
    """One question each of some learners: arrays of one length.

    `seconds` counts the reading of the explanation. `recalled` is what no program can see: only policies that are told
    more than answers look at it.
    """

    learners: Array
    objectives: Array
    correct: Array
    said: Array
    seconds: Array
    recalled: Array


class Policy(Protocol):
    """Chooses what is asked; it sees answers and nothing else, unless it is an oracle."""

    name: str

    def begin(self, learners: Learners) -> None:
        """Get to know the exam, the bank and the reports."""

    def block(self, day: int, who: Array, size: int) -> Array:
        """For each of the learners `who` the objectives of the next block, [learner, size], -1 for none."""

    def saw(self, day: int, answers: Answers) -> None:
        """Learn how answers came out."""


@dataclass(frozen=True)
class Course:
    """How it ended: expected percent correct on the exam day, by learner, and answers given."""

    percent: Array
    answered: Array


def study(learners: Learners, policy: Policy) -> Course:
    """Practise until the exam day and say what the exam would be. The learners' memory is put back after."""
    start = learners.memory.snapshot()
    world = learners.world
    policy.begin(learners)
    count, n = learners.count, len(learners.weight)
    exposures = np.zeros((count, n), dtype=np.int64)
    texts = np.full((count, n, TEXTS), -1000) if world.recognised else None
    answered = np.zeros(count, dtype=np.int64)
    for day in range(world.days):
        left = np.where(learners.off[:, day], 0.0, world.hours * 3600)
        empty = np.zeros(count, dtype=bool)
        while True:
            who = np.flatnonzero((left > SECONDS_NOT) & ~empty)
            if not len(who):
                break
            picks = policy.block(day, who, BLOCK)
            empty[who[(picks < 0).all(axis=1)]] = True
            for column in range(picks.shape[1]):
                going = (picks[:, column] >= 0) & (left[who] > 0)
                if not going.any():
                    continue
                answers = _answer(learners, who[going], picks[going, column], float(day), exposures, texts)
                left[answers.learners] -= answers.seconds
                answered[answers.learners] += 1
                policy.saw(day, answers)
    percent = learners.exam_percent(float(world.days))
    learners.memory.restore(start)
    return Course(percent, answered)


def _answer(
    learners: Learners, who: Array, what: Array, now: float, exposures: Array, texts: Array | None
) -> Answers:
    memory = learners.memory
    turn = exposures[who, what]
    exposures[who, what] += 1
    recalled = learners.dice_recall[who, what, turn] < memory.recall_of(who, what, now)
    guess = np.full(len(who), GUESS) if texts is None else _guess(texts, who, what, now)
    die = learners.dice_guess[who, what, turn]
    correct = np.where(recalled, die >= SLIP, die < guess)
    encoded = learners.dice_encode[who, what, turn] < learners.encoding[who]
    said_die = learners.dice_said[who, what, turn]
    bounds = np.where(recalled[:, None], np.cumsum(SAID_RECALLED)[:2], np.cumsum(SAID_NOT)[:2])
    said = (said_die[:, None] >= bounds).sum(axis=1)
    memory.drill(who, what, now, recalled, encoded)
    if learners.world.spill:
        _spill(learners, who, what, now, turn)
    return Answers(who, what, correct, said, np.where(recalled, SECONDS_KNOWN, SECONDS_NOT), recalled)


def _guess(texts: Array, who: Array, what: Array, now: float) -> Array:
    """P(right | not known), when the text seen longest ago is served and may still be recognised."""
    oldest = texts[who, what].argmin(axis=1)
    fresh = now - texts[who, what, oldest] > RECOGNISED_DAYS
    texts[who, what, oldest] = now
    return np.where(fresh, GUESS, RECOGNISED)


def _spill(learners: Learners, who: Array, what: Array, now: float, turn: Array) -> None:
    for neighbour in range(learners.neighbours.shape[1]):
        other = learners.neighbours[what, neighbour]
        # A die of the neighbour's that nothing else uses: its last turn, moved on by the turn of this drill.
        die = (learners.dice_encode[who, other, -1] + 0.618 * (turn + 1) * (neighbour + 1)) % 1
        hit = (die < learners.world.spill) & (other != what)
        if hit.any():
            learners.memory.spill(who[hit], other[hit], now)
