"""Learners with lists of results from another bank, in worlds that the belief does not know.

What is true lies on the logit scale over 1,200 objectives: a level, sections with heavy tails, disciplines, and of each
objective a part that is the same for everybody and a part of one's own. The other bank is easier or harder as a whole and
in each system, its users are somebody's peers, and how much of each system is done differs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate.worlds import SLIP, Blueprint

Array = np.ndarray[Any, np.dtype[Any]]

OBJECTIVES = 1200
SECTION_SD, DISCIPLINE_SD, COMMON_SD, OWN_SD = 0.5, 0.4, 0.9, 0.9
POINT = 1 / 13
"""Logits to a point of the exam, where about 65 % is right."""


@dataclass(frozen=True)
class OtherBank:
    """What is true in a world, in logits.

    `level` is (mean, sd) of learners' rate on the exam. `bank` and `system` are sds of how much easier the other bank is,
    as a whole and in each system; `uneven` of the log of how much of a system is done; `peers` of how its users differ from
    people at the pass line. `gain_points` are gained in a week, more or less by half.
    """

    name: str
    level: tuple[float, float] = (0.62, 0.07)
    bank: float = 0.45
    system: float = 0.2
    uneven: float = 0.6
    peers: float = 0.3
    areas: float = 1.0
    guess: tuple[float, float] = (0.15, 0.30)
    gain_points: float = 0.0


OTHER_BANKS = {
    world.name: world
    for world in (
        OtherBank("usual"),
        OtherBank("weaker-learners", level=(0.50, 0.07)),
        OtherBank("bank-off-twice", bank=1.1),
        OtherBank("systems-off-twice", system=0.5),
        OtherBank("by-system", uneven=1.5),
        OtherBank("areas-large", areas=2.0),
        OtherBank("areas-small", areas=0.5),
        OtherBank("they-gain", gain_points=1.2),
    )
}


@dataclass(frozen=True)
class Row:
    """One answer, here or elsewhere: where it lies, whether it was right, and the percent of others who were."""

    system: str
    section: str
    discipline: str
    right: bool
    others: int


@dataclass(frozen=True)
class Practised:
    """A learner: answers here, the other bank's list, and the true rate correct in each system and on the whole."""

    here: tuple[Row, ...]
    elsewhere: tuple[Row, ...]
    systems: dict[str, float]
    exam: float


def practised(
    world: OtherBank, blueprint: Blueprint, *, here: int, rows: int, age_days: int, learners: int, seed: int
) -> list[Practised]:
    """So many learners; a seed gives the same people however many answers they gave."""
    return [
        _one(world, blueprint, here, rows, age_days, np.random.default_rng([seed, learner]))
        for learner in range(learners)
    ]


def _one(
    world: OtherBank, blueprint: Blueprint, here: int, rows: int, age_days: int, rng: np.random.Generator
) -> Practised:
    cells = np.argwhere(blueprint.cell > 0)
    shares = blueprint.cell[cells[:, 0], cells[:, 1]]
    chosen = rng.choice(len(cells), OBJECTIVES, p=shares / shares.sum())
    section, discipline = cells[chosen, 0], cells[chosen, 1]
    names = sorted(set(blueprint.systems))
    system = np.array([names.index(blueprint.systems[s]) for s in section])
    of_section = world.areas * SECTION_SD * rng.standard_t(5, len(blueprint.sections)) / np.sqrt(5 / 3)
    of_discipline = world.areas * DISCIPLINE_SD * rng.normal(0, 1, len(blueprint.disciplines))
    common = COMMON_SD * rng.normal(0, 1, OBJECTIVES)
    logit = of_section[section] + of_discipline[discipline] + common + OWN_SD * rng.normal(0, 1, OBJECTIVES)
    guess = rng.uniform(*world.guess)
    logit += _level(logit, guess, rng.normal(*world.level))
    easier = world.bank * rng.normal() + (world.system * rng.normal(0, 1, len(names)))[system]
    done = np.exp(world.uneven * rng.normal(0, 1, len(names)))[system]
    gained = POINT * world.gain_points * rng.uniform(0.5, 1.5) * age_days / 7
    others = _others(common + easier + world.peers * rng.normal())
    true = _p(logit, guess)

    def asked(count: int, p: Array, weight: Array) -> tuple[Row, ...]:
        what = rng.choice(OBJECTIVES, count, p=weight / weight.sum())
        hit = rng.random(count) < p[what]
        return tuple(
            Row(
                names[system[o]],
                blueprint.sections[section[o]],
                blueprint.disciplines[discipline[o]],
                bool(was),
                int(others[o]),
            )
            for o, was in zip(what, hit, strict=True)
        )

    return Practised(
        here=asked(here, true, np.ones(OBJECTIVES)),
        elsewhere=asked(rows, _p(logit + easier - gained, guess), done),
        systems={
            name: float(true[system == at].mean()) for at, name in enumerate(names) if (system == at).any()
        },
        exam=float(true.mean()),
    )


def _p(logit: Array, guess: float) -> Array:
    found: Array = guess + (1 - guess - SLIP) / (1 + np.exp(-logit))
    return found


def _others(easier: Array) -> Array:
    """The percent right of people at the pass line's level, who differ as people do."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    people = np.sqrt(1 + SECTION_SD**2 + DISCIPLINE_SD**2 + OWN_SD**2) * nodes
    # Where .6 is known on the mean of all questions, .65 is right.
    middle = 0.62
    rates = _p(middle + easier[:, None] + people[None, :], 0.2) @ (weights / weights.sum())
    found: Array = np.round(100 * rates)
    return found


def _level(logit: Array, guess: float, rate: float) -> float:
    low, high = -8.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _p(logit + middle, guess).mean() < rate else (low, middle)
    return (low + high) / 2
