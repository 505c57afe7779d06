"""Whether `qbank diagnose` accuses nobody wrongly and finds what is there: planted faults at the sizes of the table."""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial

import msgspec
from msgspec.structs import replace
from tabulate import tabulate

from qbank.core.insight.block_sums import Answered, Closed, joined
from qbank.core.insight.causes import DESIGNS, TABLE, Cause, count, measured, needed, told_by
from qbank.core.insight.diagnosis import Verdict, family_alpha, findings
from qbank.core.insight.inference import ALPHA, POWER
from simulate.failing import Habits, blocks_of, closed

AWAY = 0.05
"""How far a power may lie from the table's before it is a fault."""

PLANTED: Mapping[Cause, Callable[[float], Habits]] = {
    Cause.PACING: lambda size: Habits(last_quarter=size),
    Cause.UNANSWERED: lambda size: Habits(cut_off=0.01 + size),
    Cause.FATIGUE: lambda size: Habits(over_day=size),
    Cause.CARRY_OVER: lambda size: Habits(after_miss=size),
    Cause.STUCK: lambda size: Habits(after_bad_block=size, block=20, blocks_a_day=14),
    Cause.CHANGING: lambda size: Habits(bad_changes=size),
    Cause.OVERCONFIDENCE: lambda size: Habits(claimed=size),
    Cause.MISREADING: lambda size: Habits(known=size),
}

UNHARMED: Mapping[str, Habits] = {
    "nothing at fault": Habits(),
    "the belief 8 points too high": Habits(off=0.08),
    "two blocks of 20 a day": Habits(block=20, blocks_a_day=2),
    "days that differ by 3 points": Habits(days_differ=0.03),
    "blocks that differ by 3 points": Habits(blocks_differ=0.03),
}
"""Learners with none of the faults."""
UNEXPLAINED = frozenset({"days that differ by 3 points", "blocks that differ by 3 points"})
"""Those of them with what no fault explains, of which the table's tests know nothing."""


class Power(msgspec.Struct, frozen=True):
    """How often a planted cause was told: alone at the table's count, and under Holm at the recomputed one."""

    cause: Cause
    size: float
    table: int
    alone: float
    recomputed: int
    corrected: float


class Outcome(msgspec.Struct, frozen=True):
    """`false` is how often a learner without a fault was told of one or more, by world and count of answers."""

    replications: int
    powers: tuple[Power, ...]
    false: dict[tuple[str, int], float]


def tried(
    replications: int,
    seed: int,
    *,
    processes: int = 1,
    causes: Sequence[Cause] = tuple(Cause),
    worlds: Sequence[str] = tuple(UNHARMED),
    lengths: Sequence[int] = (800, 3200),
) -> Outcome:
    """Every planted cause, and every learner without one after so many answers; processes change nothing."""
    planted = [
        (cause, size, at_table)
        for cause in causes
        for size, at_table in zip(DESIGNS[cause].sizes, TABLE[cause], strict=True)
    ]
    without = [(name, length) for name in worlds for length in lengths]
    rows = [*(partial(_power, *row, replications, seed) for row in planted)]
    others = [*(partial(_accused, *row, replications, seed) for row in without)]
    if processes == 1:
        return Outcome(replications, tuple(row() for row in rows), _by(without, [row() for row in others]))
    with ProcessPoolExecutor(processes) as pool:
        # The longest first, so that no process ends alone.
        parts = [pool.submit(row) for row in reversed(others)][::-1]
        powers = [pool.submit(row) for row in rows]
        return Outcome(
            replications, tuple(one.result() for one in powers), _by(without, [one.result() for one in parts])
        )


def faults(outcome: Outcome) -> list[str]:
    """What is not as it should be, a sentence each, beyond two standard errors of the simulation."""
    reach = 2 / math.sqrt(outcome.replications)
    found = []
    for one in outcome.powers:
        for power, where in ((one.alone, "alone"), (one.corrected, "corrected")):
            if abs(power - POWER) > AWAY + reach * math.sqrt(POWER * (1 - POWER)):
                found.append(f"{one.cause.value} of {one.size:g}: power {power:.2f} {where}.")
    for (name, length), part in outcome.false.items():
        if name not in UNEXPLAINED and part > ALPHA + reach * math.sqrt(ALPHA * (1 - ALPHA)):
            found.append(f"{name}, {length} answers: {part:.1%} were told of a fault.")
    return found


def printed(outcome: Outcome) -> str:
    """Both tables."""
    powers = [
        (
            one.cause.value,
            f"{one.size:g}",
            one.table,
            f"{one.alone:.3f}",
            one.recomputed,
            f"{one.corrected:.3f}",
        )
        for one in outcome.powers
    ]
    headers = ("cause", "size", "count", "power alone", "count, Holm", "power, Holm")
    false = [(name, length, f"{part:.1%}") for (name, length), part in outcome.false.items()]
    return "\n".join(
        (
            f"{outcome.replications} learners a row.",
            "",
            tabulate(powers, headers=headers, disable_numparse=True),
            "",
            tabulate(false, headers=("without a fault", "answers", "told of one"), disable_numparse=True),
        )
    )


def _power(cause: Cause, size: float, at_table: int, replications: int, seed: int) -> Power:
    recomputed = needed(cause, size, family_alpha())

    def told(wanted: int, alpha: float) -> float:
        habits = PLANTED[cause](size)
        if cause is Cause.UNANSWERED:
            # What the clock cuts off lies at a block's end, so no block may be cut short.
            habits = replace(habits, block=wanted)
        return _part(
            _is_told(cause, habits, wanted, alpha, _dice(seed, cause.value, size, wanted, run))
            for run in range(replications)
        )

    return Power(cause, size, at_table, told(at_table, ALPHA), recomputed, told(recomputed, family_alpha()))


def _is_told(cause: Cause, habits: Habits, wanted: int, alpha: float, dice: random.Random) -> bool:
    blocks = told_by(list(_until(cause, habits, wanted, dice)))
    effect = measured(cause, blocks, joined(one.sums for one in blocks))
    return effect is not None and effect.p <= alpha


def _until(cause: Cause, habits: Habits, wanted: int, dice: random.Random) -> Iterator[Closed]:
    """Blocks until there are as many of the cause's counts as wanted, the last one cut where they are reached."""
    so_far = 0
    for answers, block in blocks_of(habits, dice):
        held = count(cause, block.sums)
        if so_far + held <= wanted:
            yield block
        else:
            yield _cut(cause, answers, block, wanted - so_far)
        so_far += held
        if so_far >= wanted:
            return


def _cut(cause: Cause, answers: tuple[Answered, ...], block: Closed, wanted: int) -> Closed:
    day, number = block.study_day, int(block.block.rpartition("-")[2])
    low, high = 0, len(answers)
    while low < high:
        middle = (low + high) // 2
        if count(cause, _first(answers, middle, day, number).sums) < wanted:
            low = middle + 1
        else:
            high = middle
    return _first(answers, low, day, number)


def _first(answers: tuple[Answered, ...], of: int, day: date, number: int) -> Closed:
    return closed(answers[:of], day, number, number * len(answers))


def _by(names: Sequence[tuple[str, int]], parts: Sequence[float]) -> dict[tuple[str, int], float]:
    return dict(zip(names, parts, strict=True))


def _accused(name: str, length: int, replications: int, seed: int) -> float:
    """How often a learner without a fault is told of one."""
    return _part(
        _is_accused(UNHARMED[name], length, _dice(seed, name, length, run)) for run in range(replications)
    )


def _is_accused(habits: Habits, answers: int, dice: random.Random) -> bool:
    kept = _until(Cause.UNANSWERED, habits, answers, dice)
    found = findings(list(kept), block_size=habits.block, fresh_left=0)
    return any(one.verdict is Verdict.SHOWN for one in found)


def _part(told: Iterator[bool]) -> float:
    every = list(told)
    return sum(every) / len(every)


def _dice(*of: object) -> random.Random:
    return random.Random("/".join(map(str, of)))
