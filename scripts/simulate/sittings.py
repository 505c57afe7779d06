"""Learners who are measured with fresh questions and then sit the exam, in worlds that the index of readiness does not know.

What is true of them is on the logit scale and grows along a curve: sections differ, each learns at its own pace, every
objective is its own, guessing differs by person, and the bank is as much easier or harder as a world says, in each system
by something more. Answers fall out as they do in life; what the exam would be is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate.worlds import EXAM_ITEMS, SLIP, Blueprint

Array = np.ndarray[Any, np.dtype[Any]]

BLOCK = 20
OBJECTIVES = 1200
OBJECTIVE_SD, SECTION_SD, DISCIPLINE_SD = 1.28, 0.5, 0.4
POINT = 1 / 13
"""Logits to a point of the exam, where about 65 % is right."""


@dataclass(frozen=True)
class Sittings:
    """What is true in a world. Sds and means are in points of the exam where they are `_points`.

    `bank_points` is the sd of how much easier (or harder) the whole bank is, `bank_bias_points` its mean, `system_points`
    the sd of what each system has beside it. `gain_points` are (mean, sd) of a week's gain four weeks before the exam,
    which halves every `fading_weeks`; `wander_points` is the sd of a week's ups and downs, `day_points` of a day's form.
    `tilt` skews what the bank has left of each system, and `tired_points` is what the last question of a block costs
    against its first.
    """

    name: str
    bank_points: float = 3.45
    bank_bias_points: float = 0.0
    system_points: float = 1.0
    gain_points: tuple[float, float] = (1.2, 0.8)
    fading_weeks: float = 8.0
    wander_points: float = 1.0
    day_points: float = 1.5
    areas: float = 1.0
    tilt: float = 0.0
    tired_points: float = 1.0


SITTINGS = {
    world.name: world
    for world in (
        Sittings("usual"),
        Sittings("exam-like-bank", bank_points=0.0, system_points=0.0),
        Sittings("bank-off-twice", bank_points=6.9),
        Sittings("bank-5-easier", bank_bias_points=5.0),
        Sittings("no-gain", gain_points=(0.0, 0.8)),
        Sittings("steep-gain", gain_points=(2.4, 0.8)),
        Sittings("restless", wander_points=2.5, day_points=3.0),
        Sittings("areas-large", areas=2.0),
        Sittings("tilted-bank", areas=2.0, tilt=1.0),
    )
}


@dataclass(frozen=True)
class Plan:
    """How a learner is measured: `answers` in blocks of BLOCK, `blocks_a_day` on each day of measuring, `every_days`, the
    last of them `age_days` before the exam; and how many days before it a self-assessment, None for none.
    """

    answers: int
    age_days: int = 0
    blocks_a_day: int = 2
    every_days: int = 2
    form_days: int | None = None


@dataclass(frozen=True)
class Sitting:
    """What a learner showed and what is true of them.

    `blocks` are (days ago, system of each answer, whether it was right); `form` is (days ago, its rate correct). `exam` is
    the true rate correct on the exam's day, `items` one exam's answers.
    """

    blocks: tuple[tuple[int, tuple[str, ...], tuple[bool, ...]], ...]
    form: tuple[int, float] | None
    exam: float
    items: Array


def sittings(
    world: Sittings, blueprint: Blueprint, plan: Plan, count: int, seed: int, form_sd: float
) -> list[Sitting]:
    """So many learners; the same seed gives the same learners under every plan and in every world."""
    return [
        _sitting(world, blueprint, plan, np.random.default_rng([seed, learner]), form_sd)
        for learner in range(count)
    ]


def system_shares(blueprint: Blueprint) -> dict[str, float]:
    """Each system's part of the exam."""
    parts = blueprint.cell.sum(axis=1)
    names = dict.fromkeys(blueprint.systems)
    return {name: float(parts[[s == name for s in blueprint.systems]].sum()) for name in names}


def _sitting(
    world: Sittings, blueprint: Blueprint, plan: Plan, rng: np.random.Generator, form_sd: float
) -> Sitting:
    learner = _Learner(world, blueprint, rng)
    exam = learner.exam(0.0)
    items = rng.random(EXAM_ITEMS) < learner.p_exam(0.0)[learner.asked(EXAM_ITEMS)]
    form = None
    if plan.form_days is not None:
        form = plan.form_days, float(learner.exam(-plan.form_days) + rng.normal(0, form_sd))
    blocks = []
    for number in range(-(-plan.answers // BLOCK)):
        size = min(BLOCK, plan.answers - number * BLOCK)
        days_ago = plan.age_days + number // plan.blocks_a_day * plan.every_days
        blocks.append(learner.block(days_ago, size))
    return Sitting(tuple(blocks), form, exam, items)


class _Learner:
    def __init__(self, world: Sittings, blueprint: Blueprint, rng: np.random.Generator) -> None:
        self._world, self._blueprint, self._rng = world, blueprint, rng
        cells = np.argwhere(blueprint.cell > 0)
        shares = blueprint.cell[cells[:, 0], cells[:, 1]]
        chosen = rng.choice(len(cells), OBJECTIVES, p=shares / shares.sum())
        self._section, discipline = cells[chosen, 0], cells[chosen, 1]
        sections = len(blueprint.sections)
        # Heavier tails than a normal distribution: some have a hole somewhere.
        of_section = world.areas * SECTION_SD * rng.standard_t(5, sections) / np.sqrt(5 / 3)
        of_discipline = world.areas * DISCIPLINE_SD * rng.normal(0, 1, len(blueprint.disciplines))
        own = rng.normal(0, OBJECTIVE_SD, OBJECTIVES)
        self._logit = of_section[self._section] + of_discipline[discipline] + own
        self._guess = rng.uniform(0.15, 0.35)
        self._gain = POINT * rng.normal(*world.gain_points)
        self._pace = rng.uniform(0.5, 1.5, sections)
        self._pace /= self._pace.mean()
        self._ups = POINT * world.wander_points * rng.normal(0, 1, 60)
        self._form = POINT * world.day_points * rng.normal(0, 1, 400)
        self._systems = sorted(set(blueprint.systems))
        self._system = np.array([self._systems.index(blueprint.systems[s]) for s in self._section])
        easier = rng.normal(world.bank_bias_points, world.bank_points)
        self._easier = POINT * (easier + world.system_points * rng.normal(0, 1, len(self._systems)))
        self._left = np.exp(world.tilt * rng.normal(0, 1, len(self._systems)))
        self._level = 0.0
        self._level = self._level_at(rng.normal(0.64, 0.06))

    def p_exam(self, day: float) -> Array:
        """P(correct) of each objective asked as the exam asks it, so many days from the exam on."""
        return self._p(day, np.zeros(OBJECTIVES))

    def exam(self, day: float) -> float:
        """The rate correct; objectives lie as the blueprint does, so each is worth the same."""
        return float(self.p_exam(day).mean())

    def asked(self, items: int) -> Array:
        return self._rng.choice(OBJECTIVES, items, replace=False)

    def block(self, days_ago: int, size: int) -> tuple[int, tuple[str, ...], tuple[bool, ...]]:
        """Drawn like the exam, as far as the bank has something left of a system."""
        weight = np.minimum(1.0, self._left)[self._system]
        what = self._rng.choice(OBJECTIVES, size, replace=False, p=weight / weight.sum())
        tired = POINT * self._world.tired_points * (0.5 - np.arange(size) / max(1, size - 1))
        form = self._form[days_ago]
        p = self._p(-days_ago, self._easier[self._system])[what]
        # On the logit of the answer itself a point is a little less than on that of knowing.
        p = 1 / (1 + (1 - p) / p * np.exp(-(tired + form) * 0.65))
        right = self._rng.random(size) < p
        return days_ago, tuple(self._systems[s] for s in self._system[what]), tuple(map(bool, right))

    def _p(self, day: float, easier: Array) -> Array:
        weeks = -day / 7
        fading = self._world.fading_weeks / np.log(2)
        # What was not yet gained so many weeks before the exam.
        missing = self._gain * fading * (np.exp(weeks / fading) - 1) * np.exp(-4 / fading)
        walked = np.interp(weeks, np.arange(len(self._ups)), np.cumsum(self._ups) - self._ups[0])
        logit = self._logit + self._level + easier - missing * self._pace[self._section] - walked
        p: Array = self._guess + (1 - self._guess - SLIP) / (1 + np.exp(-logit))
        return p

    def _level_at(self, rate: float) -> float:
        low, high = -6.0, 6.0
        for _ in range(30):
            self._level = (low + high) / 2
            low, high = (self._level, high) if self.exam(0.0) < rate else (low, self._level)
        return (low + high) / 2


def answered(sitting: Sitting) -> Sequence[tuple[int, str, bool]]:
    """(days ago, system, right) of each answer."""
    return [
        (days_ago, system, right)
        for days_ago, systems, rights in sitting.blocks
        for system, right in zip(systems, rights, strict=True)
    ]
