"""Whether the index of readiness holds what it says: coverage of its intervals, and its Brier score as a forecast."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tabulate import tabulate

from simulate.sittings import SITTINGS, Plan, Sitting, Sittings, answered, sittings, system_shares
from simulate.under_test import index_of, published_blueprint

ANSWERS = (40, 120, 280, 560)
AGES_DAYS = (0, 14, 28, 56)
QUICK_AGES_DAYS = (0, 28)
FORM_SD = 0.04
"""Of a self-assessment's total, as printed."""

USUAL = Plan(280)
OTHER_PLANS = {
    "120 answers": Plan(120),
    "280 answers, all in one week": Plan(280, blocks_a_day=4, every_days=1),
    "280 answers, a block every five days": Plan(280, blocks_a_day=1, every_days=5),
    "no answer, a form two weeks ago": Plan(0, form_days=14),
    "60 answers, a form two weeks ago": Plan(60, form_days=14),
    "280 answers, a form two weeks ago": Plan(280, form_days=14),
}
BIN_POINTS = 5

LEAST_HELD, MOST_WIDE = 0.75, 0.93
"""What the quick form asks the 80 % interval to hold in the usual world, at every number of answers and age: below, it
boasts; above, it says less than it knows.
"""


@dataclass(frozen=True)
class Held:
    """How the index did for some learners. `held_80` and `held_95` are parts of them; the others are in points, `off` the
    mean error, `missed` the root mean square, `reach` half of the 80 % interval.
    """

    learners: int
    held_80: float
    held_95: float
    off: float
    missed: float
    reach: float


@dataclass(frozen=True)
class Forecasts:
    """The index as a forecast of each answer of the exam: its Brier score, that of everybody's mean, and the true rate's.

    `bins` are (index, observed, answers).
    """

    brier: float
    of_mean: float
    of_truth: float
    bins: tuple[tuple[float, float, int], ...]


def measured(world: Sittings, plan: Plan, learners: int, seed: int) -> tuple[Held, Forecasts]:
    """What came out for learners of a world that were measured so."""
    blueprint = published_blueprint()
    shares = system_shares(blueprint)
    found = sittings(world, blueprint, plan, learners, seed, FORM_SD)
    indices = [index_of(answered(one), one.form, shares) for one in found]
    true = np.array([100 * one.exam for one in found])
    said = np.array([one.percent for one in indices])
    held_80 = np.mean([one.low_80 <= t <= one.high_80 for one, t in zip(indices, true, strict=True)])
    held_95 = np.mean([one.low_95 <= t <= one.high_95 for one, t in zip(indices, true, strict=True)])
    reach = np.mean([(one.high_80 - one.low_80) / 2 for one in indices])
    error = said - true
    held = Held(
        learners,
        float(held_80),
        float(held_95),
        float(error.mean()),
        float(np.sqrt((error**2).mean())),
        float(reach),
    )
    return held, _forecasts(said / 100, found)


def report(learners: int, seed: int) -> Iterator[str]:
    """Every table, as each is ready."""
    usual = SITTINGS["usual"]
    yield (
        f"{learners} learners a line, seed {seed}. Held: the part of them whose true percent correct on the exam lay in the "
        "interval. Off: the mean error in points; missed: its root mean square; reach: half of the 80 % interval."
    )
    lines = [
        (answers, age, *_line(measured(usual, Plan(answers, age), learners, seed)[0]))
        for answers in ANSWERS
        for age in AGES_DAYS
    ]
    yield _table("By answers and by days since the last of them", ("answers", "days", *_HEAD), lines)
    lines_of_plans = [
        (name, *_line(measured(usual, plan, learners, seed)[0])) for name, plan in OTHER_PLANS.items()
    ]
    yield _table("By how it was measured", ("measured by", *_HEAD), lines_of_plans)
    outcomes = {name: measured(world, USUAL, learners, seed) for name, world in SITTINGS.items()}
    yield _table(
        f"By world, {USUAL.answers} answers",
        ("world", *_HEAD),
        [(name, *_line(held)) for name, (held, _) in outcomes.items()],
    )
    yield _table(
        "As a forecast of each answer on the exam: Brier score",
        ("world", "index", "everybody's mean", "the true rate"),
        [
            (name, f"{one.brier:.4f}", f"{one.of_mean:.4f}", f"{one.of_truth:.4f}")
            for name, (_, one) in outcomes.items()
        ],
    )
    yield _table(
        "Reliability, usual world",
        ("index", "right on the exam", "answers"),
        [(f"{said:.1f} %", f"{right:.1f} %", f"{n:,}") for said, right, n in outcomes["usual"][1].bins],
    )


def faults(learners: int, seed: int) -> list[str]:
    """A sentence for each number of answers and age at which the 80 % interval holds too few or too many."""
    found = []
    for answers in ANSWERS:
        for age in QUICK_AGES_DAYS:
            held = measured(SITTINGS["usual"], Plan(answers, age), learners, seed)[0].held_80
            if not LEAST_HELD <= held <= MOST_WIDE:
                found.append(
                    f"The 80 % interval of {answers} answers, {age} days old, holds {held:.0%} of learners."
                )
    return found


_HEAD = ("80 % held", "95 % held", "off", "missed", "reach")


def _line(held: Held) -> tuple[str, ...]:
    return (
        f"{held.held_80:.2f}",
        f"{held.held_95:.2f}",
        f"{held.off:+.1f}",
        f"{held.missed:.1f}",
        f"{held.reach:.1f}",
    )


def _forecasts(said: "np.ndarray[tuple[int], np.dtype[np.float64]]", found: Sequence[Sitting]) -> Forecasts:
    items = np.stack([one.items for one in found]).astype(float)
    true = np.array([one.exam for one in found])
    at = np.floor(100 * said / BIN_POINTS).astype(int)
    bins = tuple(
        (
            float(100 * said[at == one].mean()),
            float(100 * items[at == one].mean()),
            int(items[at == one].size),
        )
        for one in np.unique(at)
    )
    return Forecasts(
        float(((items - said[:, None]) ** 2).mean()),
        float(((items - items.mean()) ** 2).mean()),
        float(((items - true[:, None]) ** 2).mean()),
        bins,
    )


def _table(title: str, head: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    table = tabulate(lines, headers=head, tablefmt="github", disable_numparse=True)
    return f"### {title}\n\n{table}"
