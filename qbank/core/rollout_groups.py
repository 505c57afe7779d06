"""Objectives that are alike, put together: those never reviewed, and those in a like state of memory."""

import math
from collections.abc import Iterable

import msgspec

from qbank.core.memory import MemoryModel
from qbank.core.serving import REPEAT_DAYS
from qbank.core.trace import Trace

MOST_FRESH = 2
"""Unseen questions of one objective that are still told apart; nothing is drilled more often than that in a fortnight."""

NEVER = math.inf

_LEAST_KEPT = 0.1


class Unseen(msgspec.Struct):
    """`n` objectives never reviewed, `value` objectives of the exam in all.

    They are known with probability `known`; `priced` is the same by the belief that sets prices, and `pull` what flags
    put on them. `fresh` questions each.
    """

    system: str
    section: str
    likelihood: float
    fresh: int
    known: float
    priced: float
    pull: float
    n: float
    value: float


class Seen(msgspec.Struct):
    """`n` objectives in a like state of memory, that of a `Trace`; `value` objectives of the exam in all.

    `day` is that of the last review, counted from today; from the day `free` on they may come again, without a fresh
    question left.
    """

    system: str
    likelihood: float
    fresh: int
    kept: float
    kept_days: float
    taught: float
    taught_days: float
    day: float
    free: float
    pull: float
    n: float
    value: float

    @property
    def trace(self) -> Trace:
        return Trace(self.kept, self.kept_days, self.taught, self.taught_days)

    def recall_on(self, day: float, memory: MemoryModel) -> float:
        """P(recall) on a day."""
        return self.trace.recall(max(0.0, day - self.day), memory)


def joined(groups: Iterable[Seen]) -> dict[object, Seen]:
    """The groups by what makes them alike, those that are alike put together."""
    found: dict[object, Seen] = {}
    for group in groups:
        add(found, group)
    return found


def split_off(group: Unseen | Seen, taken: float) -> float:
    """Take so many out of a group; gives their exam value."""
    value = group.value * taken / group.n
    group.n -= taken
    group.value -= value
    return value


def _like(group: Seen) -> tuple[object, ...]:
    """What groups have in common that are taken for one: P(kept), stability and time since the review to a fifth."""
    return (
        group.system,
        group.likelihood,
        group.fresh,
        round(group.kept * 5),
        round(math.log(group.kept_days) * 3) if group.kept > _LEAST_KEPT else 0,
        round(math.log1p(-group.day) * 3) if group.day < 0 else group.day,
        group.free if group.free in (0.0, NEVER) or group.free > REPEAT_DAYS else round(group.free / 3),
    )


def add(groups: dict[object, Seen], more: Seen) -> None:
    """Join it to those that are like it, at the weighted mean of their states."""
    key = _like(more)
    held = groups.get(key)
    if held is None:
        groups[key] = msgspec.structs.replace(more)
        return
    part = more.n / (held.n + more.n)
    held.kept_days = _between(held.kept_days, more.kept_days, part)
    held.taught_days = _between(held.taught_days, more.taught_days, part)
    held.kept += part * (more.kept - held.kept)
    held.taught += part * (more.taught - held.taught)
    held.day += part * (more.day - held.day)
    held.pull += part * (more.pull - held.pull)
    held.n += more.n
    held.value += more.value


def _between(days: float, other: float, part: float) -> float:
    return math.exp((1 - part) * math.log(days) + part * math.log(other))
