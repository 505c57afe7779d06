"""Learners with a known fault, or with none, as they leave answers behind: arithmetic of their own, block by block.

Nothing of what is under test is in here: a fault lowers the chance of a right answer where it acts, and dice do the rest.
"""

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from qbank.core.insight.block_sums import Answered, Closed, block_sums
from qbank.core.response import Confidence

FIRST_DAY = date(2026, 1, 5)
A_DAY = 280
SYSTEMS = ("cardiovascular", "behavioral-nervous", "blood-immune", "respiratory-renal", "multisystem")
CLAIMS = (*[(Confidence.SURE, 0.85)] * 2, *[(Confidence.UNSURE, 0.5)] * 2, (Confidence.GUESSED, 0.25))
LEVEL, DIFFERING = 0.6, 0.7
"""Mean and sd of the logit of P(correct) over questions: about .63 right."""


class Habits(msgspec.Struct, frozen=True):
    """What a learner does, and what of it is at fault.

    Sizes are parts of P(correct): `last_quarter`, `after_miss` and `after_bad_block` are lost there, `over_day` is lost by
    the end of a day's 280, `claimed` is what a word claims too much, `known` what is lost where at least .9 was expected.
    `bad_changes` is what the share of changes to right falls short of half. `cut_off` is the chance of a question to be
    left to the clock. `changing`, `saying` and `knowing` are how often answers are changed, said to be sure or unsure, and
    of questions seen and known. `days_differ` and `blocks_differ` are sds of P(correct) that no fault explains, `off` a
    constant error of the belief.
    """

    last_quarter: float = 0.0
    over_day: float = 0.0
    after_miss: float = 0.0
    after_bad_block: float = 0.0
    bad_changes: float = 0.0
    claimed: float = 0.0
    known: float = 0.0
    cut_off: float = 0.01
    changing: float = 0.1
    saying: float = 0.18
    knowing: float = 0.1
    block: int = 40
    blocks_a_day: int = 7
    days_differ: float = 0.0
    blocks_differ: float = 0.0
    off: float = 0.0


def blocks_of(habits: Habits, dice: random.Random) -> Iterator[tuple[tuple[Answered, ...], Closed]]:
    """Block after block, without end: its answers and the sums that qbank would keep of it."""
    day = FIRST_DAY
    while True:
        shift = dice.gauss(0, habits.days_differ)
        lost = 0.0
        for number in range(habits.blocks_a_day):
            shifted = shift + dice.gauss(0, habits.blocks_differ) - habits.off - lost
            answers = _block(habits, dice, number * habits.block, shifted)
            yield answers, closed(answers, day, number, number * habits.block)
            lost = habits.after_bad_block if _was_bad(answers, habits.off) else 0.0
        day += timedelta(days=1)


def closed(answers: tuple[Answered, ...], day: date, number: int, before_today: int) -> Closed:
    """A block as the store holds it: timed, mixed and not interrupted."""
    name = f"{day.isoformat()}-{number}"
    return Closed(name, day, True, "drill", False, True, None, block_sums(answers, before_today))


def _block(habits: Habits, dice: random.Random, before: int, shifted: float) -> tuple[Answered, ...]:
    answers = []
    missed = False
    reached = habits.block - sum(dice.random() < habits.cut_off for _ in range(habits.block))
    for at in range(habits.block):
        seen = dice.random() < habits.knowing
        expected = dice.uniform(0.9, 0.95) if seen else _expected(dice)
        chance = expected + (-habits.known if seen else shifted)
        if at >= 0.75 * habits.block:
            chance -= habits.last_quarter
        if missed:
            chance -= habits.after_miss
        chance -= habits.over_day * (before + at) / A_DAY
        chance = min(0.95, max(0.1, chance))
        right = dice.random() < chance
        changed = _changed(habits, dice, right, chance)
        said = None if seen else _said(habits, dice, right, chance)
        answers.append(
            Answered(
                system=SYSTEMS[dice.randrange(len(SYSTEMS))],
                disciplines=(),
                correct=right and at < reached,
                expected=expected,
                fresh=not seen,
                shown=at < reached,
                blank=at >= reached,
                ms=80_000,
                rapid=False,
                confidence=said,
                reason=None,
                first_right=(not right) if changed else None,
                time_ran_out=reached < habits.block,
            )
        )
        missed = not right
    return tuple(answers)


def _expected(dice: random.Random) -> float:
    return min(0.89, max(0.25, 1 / (1 + math.exp(-dice.gauss(LEVEL, DIFFERING)))))


def _changed(habits: Habits, dice: random.Random, right: bool, chance: float) -> bool:
    """Whether the answer was another one first, so that of all changes the wanted share ends right."""
    to_right = 0.5 - habits.bad_changes
    return dice.random() < habits.changing * (to_right / chance if right else (1 - to_right) / (1 - chance))


def _said(habits: Habits, dice: random.Random, right: bool, chance: float) -> Confidence | None:
    """A word for some answers, so that of those with it as many are right as it claims, less what it claims too much."""
    word, claims = CLAIMS[dice.randrange(len(CLAIMS))]
    part = claims - habits.claimed
    says = dice.random() < habits.saying * (part / chance if right else (1 - part) / (1 - chance))
    return word if says else None


def _was_bad(answers: tuple[Answered, ...], off: float) -> bool:
    """Worse than its questions make likely by more than half a standard deviation."""
    shown = [one for one in answers if one.shown]
    beside = sum(one.correct - one.expected + off for one in shown)
    return beside < -0.5 * math.sqrt(sum(one.expected * (1 - one.expected) for one in shown))
