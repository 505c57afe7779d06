"""Objectives that are alike, put together: those never reviewed, and those in a like state of memory."""

import math
from collections.abc import Iterable

import msgspec

from qbank.core.memory import recall
from qbank.core.serving import REPEAT_DAYS

MOST_FRESH = 2
"""Unseen questions of one objective that are still told apart; nothing is drilled more often than that in a fortnight."""

NEVER = math.inf


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
    """`n` objectives in a like state of memory, `value` objectives of the exam in all.

    `day` is that of the last review, counted from today; `luck` the part that rests on a lucky hit at first sight; from
    the day `free` on they may come again, without a fresh question left.
    """

    system: str
    likelihood: float
    fresh: int
    stability: float
    difficulty: float
    luck: float
    day: float
    free: float
    pull: float
    n: float
    value: float

    def recall_on(self, day: float, taught: float) -> float:
        """P(recall) on a day, `taught` being the stability that an explanation leaves behind."""
        days = max(0.0, day - self.day)
        sound = recall(self.stability, days)
        return sound + self.luck * (recall(taught, days) - sound) if self.luck else sound


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
    """What groups have in common that are taken for one: stability to a fifth, time since the review likewise."""
    return (
        group.system,
        group.likelihood,
        group.fresh,
        round(math.log(group.stability) * 3),
        group.difficulty > 6,
        round(group.luck * 4),
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
    held.stability = math.exp((1 - part) * math.log(held.stability) + part * math.log(more.stability))
    held.difficulty += part * (more.difficulty - held.difficulty)
    held.luck += part * (more.luck - held.luck)
    held.day += part * (more.day - held.day)
    held.pull += part * (more.pull - held.pull)
    held.n += more.n
    held.value += more.value
