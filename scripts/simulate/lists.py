"""Whether lists of results from another bank bring the belief about areas nearer to the truth, and its intervals hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tabulate import tabulate

from simulate.lists_under_test import Told, believed
from simulate.other_banks import OTHER_BANKS, OtherBank, Practised, practised
from simulate.under_test import published_blueprint

HERE = (0, 60, 240)
ROWS = (100, 500, 2000)
AGES_DAYS = (0, 28, 56)
ALL_TOLD = Told(system=True, discipline=True, others=True)
WAYS = {
    "system": Told(system=True),
    "discipline": Told(discipline=True),
    "system and discipline": Told(system=True, discipline=True),
    "these and the percent of others": ALL_TOLD,
    "misses with totals by system": Told(system=True, misses_with_totals=True),
}
LEAST_HELD = 0.85
"""What the quick form asks of the 90 % intervals of areas, with a list and without."""


@dataclass(frozen=True)
class Held:
    """How beliefs about areas did: root mean square error in points and the part of 90 % intervals that hold, of areas
    and of the whole exam; and the mean reach of an area's interval.
    """

    missed: float
    held: float
    reach: float
    whole_missed: float
    whole_held: float


def measured(found: Sequence[Practised], told: Told | None, age_days: int = 0) -> Held:
    """Beliefs after what was answered here, and a list as told, or none."""
    errors, held, reach, whole, whole_held = [], [], [], [], []
    for one in found:
        areas, total = believed(one, told, age_days)
        for name, true in one.systems.items():
            belief = areas[name]
            errors.append(100 * (belief.mean - true))
            held.append(belief.low <= true <= belief.high)
            reach.append(50 * (belief.high - belief.low))
        whole.append(100 * (total.mean - one.exam))
        whole_held.append(total.low <= one.exam <= total.high)
    return Held(
        float(np.sqrt(np.mean(np.square(errors)))),
        float(np.mean(held)),
        float(np.mean(reach)),
        float(np.sqrt(np.mean(np.square(whole)))),
        float(np.mean(whole_held)),
    )


def report(learners: int, seed: int) -> Iterator[str]:
    """Every table, as each is ready."""
    usual = OTHER_BANKS["usual"]
    yield (
        f"{learners} learners a line, seed {seed}. Missed: root mean square error of what is believed of the 11 systems, in "
        "points; held: the part of their 90 % intervals that hold the truth; reach: half of their width. Then the same of "
        "the whole exam."
    )
    lines = []
    for here in HERE:
        for rows in ROWS:
            people = _people(usual, learners, seed, here=here, rows=rows)
            if rows == ROWS[0]:
                lines.append((here, "none", *_line(measured(people, None))))
            lines.append((here, f"{rows:,}", *_line(measured(people, ALL_TOLD))))
    yield _table("By answers here and rows elsewhere", ("here", "rows", *_HEAD), lines)
    people = _people(usual, learners, seed)
    ways = [("no list", *_line(measured(people, None)))]
    ways += [(name, *_line(measured(people, told))) for name, told in WAYS.items()]
    yield _table("By what the list tells, 60 answers here and 500 rows", ("told", *_HEAD), ways)
    aged = [
        (name, age, *_line(measured(_people(OTHER_BANKS[name], learners, seed, age_days=age), ALL_TOLD, age)))
        for name in ("usual", "they-gain")
        for age in AGES_DAYS
    ]
    yield _table("By days since the list, 60 answers here and 500 rows", ("world", "days", *_HEAD), aged)
    worlds = []
    for name, world in OTHER_BANKS.items():
        people = _people(world, learners, seed)
        worlds.append((name, "no list", *_line(measured(people, None))))
        worlds.append((name, "systems", *_line(measured(people, WAYS["system"]))))
        worlds.append((name, "all", *_line(measured(people, ALL_TOLD))))
    yield _table("By world, 60 answers here and 500 rows", ("world", "list", *_HEAD), worlds)
    alone = [
        (f"{uneven:g}", f"{explained_by_misses(OtherBank('uneven', uneven=uneven), learners, seed):.1%}")
        for uneven in (0.0, 0.3, 0.6, 1.0, 1.5)
    ]
    yield _table(
        "Misses alone: the part of the variance between a learner's systems that their misses could explain at best",
        ("sd of the log of how much of a system was done", "explained"),
        alone,
    )


def explained_by_misses(world: OtherBank, learners: int, seed: int) -> float:
    """The squared correlation, over all learners and systems, between how far a system lies from the learner's mean and
    the log of its misses against its share of the exam, in lists of 500 rows.
    """
    true, shown = [], []
    blueprint = published_blueprint()
    share: dict[str, float] = {}
    for name, part in zip(blueprint.systems, blueprint.cell.sum(axis=1), strict=True):
        share[name] = share.get(name, 0.0) + float(part)
    for one in _people(world, learners, seed):
        names = sorted(one.systems)
        missed = np.array(
            [sum(row.system == name and not row.right for row in one.elsewhere) for name in names]
        )
        against = np.log((missed + 0.5) / np.array([share[name] for name in names]))
        rates = np.array([one.systems[name] for name in names])
        true.append(rates - rates.mean())
        shown.append(against - against.mean())
    return float(np.corrcoef(np.concatenate(true), np.concatenate(shown))[0, 1] ** 2)


def faults(learners: int, seed: int) -> list[str]:
    """A sentence for each way of telling by which a list of 500 rows does harm, or intervals boast."""
    people = _people(OTHER_BANKS["usual"], learners, seed)
    without = measured(people, None)
    found = []
    for name, told in WAYS.items():
        with_list = measured(people, told)
        if with_list.missed >= without.missed:
            found.append(
                f"A list that tells {name} misses by {with_list.missed:.1f} points, none by {without.missed:.1f}."
            )
        if with_list.held < LEAST_HELD:
            found.append(f"With a list that tells {name}, 90 % intervals hold {with_list.held:.0%}.")
    return found


_HEAD = ("missed", "held", "reach", "whole missed", "held")


def _people(
    world: OtherBank, learners: int, seed: int, *, here: int = 60, rows: int = 500, age_days: int = 0
) -> list[Practised]:
    blueprint = published_blueprint()
    return practised(world, blueprint, here=here, rows=rows, age_days=age_days, learners=learners, seed=seed)


def _line(held: Held) -> tuple[str, ...]:
    return (
        f"{held.missed:.1f}",
        f"{held.held:.2f}",
        f"{held.reach:.1f}",
        f"{held.whole_missed:.1f}",
        f"{held.whole_held:.2f}",
    )


def _table(title: str, head: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    table = tabulate(lines, headers=head, tablefmt="github", disable_numparse=True)
    return f"### {title}\n\n{table}"
