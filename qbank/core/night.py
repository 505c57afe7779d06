"""What an evening is worth: which picks a tired person should be asked, what is left out, and in which order.

A minute tonight competes with sleep, and tomorrow's blocks take their minutes by the same yields. So what would add
less than WORTH_PART of what a minute on a new objective buys is dropped, not carried: the order is made anew tomorrow.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

import msgspec

from qbank.core.candidates import Candidate
from qbank.core.drill import Composition, Pick
from qbank.core.serving import interleaved
from qbank.core.worth import Seconds

Key = tuple[str, str]
Item = TypeVar("Item")

NIGHT_MINUTES = 30.0
"""The longest evening that is proposed unasked. [judged]"""

TIRED_MINUTES = 10.0

WORTH_PART = 0.5
"""Of what a minute on a new objective buys: what yields less is not worth a tired minute. With two months to go that
is an objective kept for three weeks that has just slipped under 90 %; one kept for a week is above it. [judged]
"""

LEAST_MINUTES = 4.0
"""An evening worth less than this is better slept. [judged: two questions]"""

END_PART = 1 / 3
"""The end of an evening, where shorter vignettes come first. [judged]"""


class LeftOut(msgspec.Struct, frozen=True):
    """Slipping objectives that are not asked tonight, by why.

    `below`: they would add less than a minute is worth; `beyond`: the minutes are up; `resting`: none of their
    texts may come again yet.
    """

    below: int = 0
    beyond: int = 0
    resting: int = 0


class Evening(msgspec.Struct, frozen=True):
    """The picks of an evening, systems mixed, in random order with respect to yield.

    `full` says that more was worth it and had no room.
    """

    picks: tuple[Pick, ...]
    left_out: LeftOut
    full: bool

    @property
    def minutes(self) -> float:
        """The expected time of the picks."""
        return math.fsum(pick.worth.seconds for pick in self.picks) / 60

    @property
    def whole_minutes(self) -> int:
        """The same in whole minutes that hold all of them."""
        return math.ceil(self.minutes)

    @property
    def points(self) -> float:
        """Exam points that they add, in hundredths of the exam."""
        return math.fsum(pick.worth.points for pick in self.picks)

    @property
    def is_worth_it(self) -> bool:
        """Whether the minutes ran out first, or there are enough of them to sit down for."""
        return self.full or self.minutes >= LEAST_MINUTES


def slipping(rows: Iterable[Candidate], on: date) -> set[Key]:
    """The objectives whose recall has fallen under 90 %, by (bank, id).

    Stability is the days after which recall is 90 %. What the learner flagged away is not named: it has no question left.
    """
    return {
        (row.bank, row.objective)
        for row in rows
        if row.stability_days is not None
        and row.last_day is not None
        and (on - row.last_day).days >= row.stability_days
        and (row.n_unseen or row.oldest_day is not None)
    }


def most_asked(minutes: float, pace: Seconds) -> int:
    """One question more than an evening of the minutes can hold, so that it shows when they are up first."""
    return max(1, math.floor(minutes * 60 / pace.least)) + 1


def evening(
    composed: Composition, owed: Collection[Key], slipped: Collection[Key], *, minutes: float, seed: int
) -> Evening:
    """The picks worth most that the minutes hold; one is left even where it takes longer.

    `owed` come first, whatever their yield. Of the `slipped` objectives those that have no score cannot come today.
    """
    by_worth = sorted(composed.picks, key=lambda pick: (_key(pick) in owed, pick.score), reverse=True)
    kept = _held(by_worth, minutes * 60)
    draw = random.Random(seed).random
    order = interleaved(sorted(kept, key=_key), lambda pick: pick.place.system, draw)
    missing = set(slipped) - {_key(pick) for pick in kept}
    beyond = sum(key in owed or composed.scores.get(key, -1) >= composed.least for key in missing)
    below = sum(key not in owed and composed.scores.get(key, math.inf) < composed.least for key in missing)
    left_out = LeftOut(below, beyond, len(missing) - below - beyond)
    return Evening(tuple(order), left_out, len(kept) < len(by_worth))


def tired_order(
    items: Sequence[Item], group: Callable[[Item], str], length: Callable[[Item], int]
) -> list[Item]:
    """The same order with the shorter ones first in its last third, no two neighbours of one group where it can be.

    Length goes with neither yield nor right or wrong by itself, but the order is no longer random. That harms no
    statistic on position: reviews have no clock, and such statistics are taken from timed blocks alone.
    """
    end = len(items) - round(len(items) * END_PART)
    order = list(items[:end])
    left = sorted(items[end:], key=length)
    while left:
        chosen = _next(left, group, group(order[-1]) if order else None)
        left.remove(chosen)
        order.append(chosen)
    return order


def left_out_sentence(left: LeftOut) -> str:
    """What is dropped tonight and why, in a sentence; "" when nothing is."""
    reasons = []
    if left.below:
        reasons.append(f"{left.below} would add too little for a minute of tonight")
    if left.beyond:
        reasons.append(f"for {left.beyond} the minutes are up")
    if left.resting:
        reasons.append(f"{left.resting} {'rests' if left.resting == 1 else 'rest'}, seen not long ago")
    if not reasons:
        return ""
    count = left.below + left.beyond + left.resting
    what = "1 objective" if count == 1 else f"{count} objectives"
    return (
        f"Not asked tonight: {what} under 90 % recall ({', '.join(reasons)}). "
        "Not owed: the order is made anew tomorrow."
    )


def _held(worth: Sequence[Pick], left_s: float) -> list[Pick]:
    """The first of them that the time holds, at least one."""
    kept: list[Pick] = []
    for pick in worth:
        if kept and pick.worth.seconds > left_s:
            break
        kept.append(pick)
        left_s -= pick.worth.seconds
    return kept


def _next(left: Sequence[Item], group: Callable[[Item], str], last: str | None) -> Item:
    """The shortest of another group than the last, or of the one that must go now if it is not to stand twice."""
    counts = Counter(map(group, left))
    others = {name: count for name, count in counts.items() if name != last} or counts
    largest = max(others, key=lambda name: others[name])
    allowed = {largest} if 2 * others[largest] > len(left) else others.keys()
    return next(item for item in left if group(item) in allowed)


def _key(pick: Pick) -> Key:
    return pick.bank, pick.objective
