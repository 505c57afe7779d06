"""The worlds in which policies are tried: an exam, a bank, learners, and how their memory works.

Nothing here knows how qbank believes or remembers: a world has its own learners, its own forgetting and its own
arithmetic. Only the published blueprint is common to both, as it is in life.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulate.memories import ActR, Fsrs, HalfLife, TrueMemory

Array = np.ndarray[Any, np.dtype[Any]]

GUESS, SLIP = 0.2, 0.05
SECONDS_KNOWN, SECONDS_NOT = 60.0, 105.0
"""Of one question, with its explanation where it was not known."""

FIRST_ATTEMPT = 0.584
PASS_LINE = 0.65
EXAM_ITEMS = 280
FLAG_BAND = 0.7

DEPTH = -1.5
"""Mean log of what a first memory from an explanation is worth against the published one; its sd is 1."""

RECOGNISED = 0.6
RECOGNISED_DAYS = 21
"""P(right | not known) of a text that was seen within these days, where texts are recognised."""


@dataclass(frozen=True)
class World:
    """What is true in a world.

    `objectives` can be asked by the exam, `bank` of them are held by the bank (all when None). `spread` says how
    objectives lie over the blueprint: as it does ("blueprint"), or evenly over its cells ("even"), so that they weigh
    differently; `bank_tilt` skews which of them the bank holds. Sds are on the logit scale.
    """

    name: str
    objectives: int = 2508
    bank: int | None = None
    spread: str = "even"
    bank_tilt: float = 0.0
    hours: float = 1.5
    days: int = 56
    section_sd: float = 0.5
    discipline_sd: float = 0.4
    objective_sd: float = 1.28
    memory: str = "fsrs"
    weight_noise: float = 0.15
    spill: float = 0.0
    recognised: bool = False
    skipped: float = 0.0
    report: str = "true"


WORLDS = {
    world.name: world
    for world in (
        World("main"),
        World("bank-33", objectives=1200, bank=33),
        World("bank-200", objectives=1200, bank=200),
        World("bank-600", objectives=1200, bank=600),
        World("1h", hours=1.0),
        World("3h", hours=3.0),
        World("areas-large", section_sd=1.0, discipline_sd=0.8),
        World("areas-small", section_sd=0.25, discipline_sd=0.2),
        World("6000", objectives=6000),
        World("by-blueprint", spread="blueprint"),
        World("tilted-bank", bank=1200, bank_tilt=1.0),
        World("act-r", memory="act-r"),
        World("half-life", memory="half-life"),
        World("noise-.5", weight_noise=0.5),
        World("spill-over", spill=0.15),
        World("recognition", recognised=True),
        World("skips-days", skipped=0.3),
        World("wrong-report", report="wrong"),
    )
}


MEMORIES: dict[str, Callable[[int, int, Array, Array, Array], TrueMemory]] = {
    "fsrs": Fsrs,
    "act-r": ActR,
    "half-life": HalfLife,
}


@dataclass(frozen=True)
class Blueprint:
    """The exam as published: `cell[section, discipline]` is the part of the exam that lies in it, adding up to 1."""

    sections: tuple[str, ...]
    systems: tuple[str, ...]
    disciplines: tuple[str, ...]
    cell: Array


@dataclass
class Learners:
    """`count` learners of a world before the first day, and all dice they will ever need.

    Arrays are [learner, objective] unless said otherwise. `weight` [objective] is an objective's part of the exam,
    `held` [objective] says whether the bank has it. Dice are [learner, objective, exposure], so that whatever a policy
    does, the n-th time a learner meets an objective falls out alike.
    """

    world: World
    blueprint: Blueprint
    weight: Array
    held: Array
    section: Array
    discipline: Array
    memory: TrueMemory
    encoding: Array
    ability: Array
    dice_recall: Array
    dice_guess: Array
    dice_encode: Array
    dice_said: Array
    dice_order: Array
    off: Array
    neighbours: Array
    report_lower: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def count(self) -> int:
        return int(self.encoding.shape[0])

    def exam_percent(self, day: float) -> Array:
        """Expected percent correct of each learner, were the exam on that day."""
        recall = self.memory.recall(day)
        correct: Array = GUESS + (1 - GUESS - SLIP) * recall @ self.weight
        return 100 * correct


def draw_learners(world: World, blueprint: Blueprint, count: int, seed: int, first: int = 0) -> Learners:
    """Learners who failed: their first attempt lies about FIRST_ATTEMPT and below the line.

    A seed has a row of learners, of which these are `count` from the `first` on.
    """
    # The objectives are the exam's, the same for every learner; each learner has own dice.
    shared = np.random.default_rng([seed, 1])
    section, discipline, weight = _objectives(world, blueprint, shared)
    held = _held(world, section, shared)
    n = world.objectives
    numbers = range(first, first + count)
    rngs = [np.random.default_rng([seed, 2, learner]) for learner in numbers]
    section_effect = np.stack([rng.normal(0, world.section_sd, len(blueprint.sections)) for rng in rngs])
    discipline_effect = np.stack(
        [rng.normal(0, world.discipline_sd, len(blueprint.disciplines)) for rng in rngs]
    )
    own = np.stack([rng.normal(0, world.objective_sd, n) for rng in rngs])
    logit = section_effect[:, section] + discipline_effect[:, discipline] + own
    noise = np.stack([rng.normal(0, 1, 21) for rng in rngs])
    elapsed = np.stack([rng.uniform(30, 120, n) for rng in rngs])
    strength = np.stack([rng.normal(0, 1, n) for rng in rngs])
    hardness = np.stack([rng.normal(0, 1, n) for rng in rngs])
    depth = np.stack([rng.normal(DEPTH, 1, n) for rng in rngs])
    known_die = np.stack([rng.random(n) for rng in rngs])
    encoding = np.array([rng.beta(24, 16) for rng in rngs])
    target = np.array([min(rng.normal(FIRST_ATTEMPT, 0.025), PASS_LINE - 0.005) for rng in rngs])
    memory = MEMORIES[world.memory](count, n, world.weight_noise * noise, hardness, depth)
    kept = memory.kept_before(elapsed, strength)
    level = _level(logit, kept, weight, target)
    memory.begin(known_die < _logistic(logit + level[:, None]), elapsed, strength)
    # Nothing is asked twice a day; the last of each is for what spills over.
    shape = (n, world.days + 1)
    dice = [[rng.random(shape, dtype=np.float32) for rng in rngs] for _ in range(4)]
    learners = Learners(
        world=world,
        blueprint=blueprint,
        weight=weight,
        held=held,
        section=section,
        discipline=discipline,
        memory=memory,
        encoding=encoding,
        ability=np.concatenate([level[:, None], section_effect, discipline_effect], axis=1),
        dice_recall=np.stack(dice[0]),
        dice_guess=np.stack(dice[1]),
        dice_encode=np.stack(dice[2]),
        dice_said=np.stack(dice[3]),
        dice_order=np.stack([np.random.default_rng([seed, 3, learner]).random(n) for learner in numbers]),
        off=np.stack([rng.random(world.days) < world.skipped for rng in rngs]),
        neighbours=_neighbours(section, discipline, shared),
    )
    learners.report_lower = _report(learners, rngs)
    return learners


def _objectives(world: World, blueprint: Blueprint, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """(section, discipline, weight) of each objective."""
    cells = np.argwhere(blueprint.cell > 0)
    shares = blueprint.cell[cells[:, 0], cells[:, 1]]
    n = world.objectives
    crowd = np.ones_like(shares) if world.spread == "even" else shares
    chosen = rng.choice(len(cells), n, p=crowd / crowd.sum())
    per_cell = np.bincount(chosen, minlength=len(cells))
    weight = shares[chosen] / per_cell[chosen]
    return cells[chosen, 0], cells[chosen, 1], weight / weight.sum()


def _held(world: World, section: Array, rng: np.random.Generator) -> Array:
    if world.bank is None:
        return np.ones(world.objectives, dtype=bool)
    tilt = np.exp(world.bank_tilt * rng.normal(0, 1, section.max() + 1))[section]
    chosen = rng.choice(world.objectives, world.bank, replace=False, p=tilt / tilt.sum())
    held = np.zeros(world.objectives, dtype=bool)
    held[chosen] = True
    return held


def _neighbours(section: Array, discipline: Array, rng: np.random.Generator) -> Array:
    """For each objective three others of its cell (itself where there are too few)."""
    n = len(section)
    found = np.tile(np.arange(n)[:, None], (1, 3))
    cell = section * 1000 + discipline
    for one in np.unique(cell):
        inside = np.flatnonzero(cell == one)
        if len(inside) > 3:
            order = rng.permutation(inside)
            for step in range(3):
                found[order, step] = np.roll(order, step + 1)
    return found


def _level(logit: Array, kept: Array, weight: Array, target: Array) -> Array:
    """The general level at which each learner would score `target` on the day."""
    low, high = np.full(len(target), -6.0), np.full(len(target), 6.0)
    for _ in range(40):
        middle = (low + high) / 2
        score = GUESS + (1 - GUESS - SLIP) * ((_logistic(logit + middle[:, None]) * kept) @ weight)
        low, high = np.where(score < target, middle, low), np.where(score < target, high, middle)
    level: Array = (low + high) / 2
    return level


def _report(learners: Learners, rngs: list[np.random.Generator]) -> Array:
    """Flags of the failed sitting, [learner, system + discipline]: -1 lower, 0 same, 1 higher than a low pass.

    Each row is what the learner got on the row's items of one form of EXAM_ITEMS, against the pass line and a band of
    FLAG_BAND standard errors.
    """
    blueprint = learners.blueprint
    recall = learners.memory.recall(0.0)
    correct = GUESS + (1 - GUESS - SLIP) * recall
    systems = sorted(set(blueprint.systems))
    of_system = np.array([systems.index(blueprint.systems[s]) for s in learners.section])
    flags = []
    for learner, rng in enumerate(rngs):
        asked = rng.choice(len(learners.weight), EXAM_ITEMS, p=learners.weight)
        right = rng.random(EXAM_ITEMS) < correct[learner, asked]
        row = [_flag(right[of_system[asked] == s]) for s in range(len(systems))]
        row += [_flag(right[learners.discipline[asked] == d]) for d in range(len(blueprint.disciplines))]
        flags.append(row)
    found = np.array(flags)
    if learners.world.report == "wrong":
        found = np.stack([rng.permutation(row) for rng, row in zip(rngs, found, strict=True)])
    return found


def _flag(right: Array) -> int:
    if len(right) == 0:
        return 0
    error = math.sqrt(PASS_LINE * (1 - PASS_LINE) / len(right))
    return int(np.sign(right.mean() - PASS_LINE)) * int(abs(right.mean() - PASS_LINE) > FLAG_BAND * error)


def _logistic(x: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-x))
    return result
