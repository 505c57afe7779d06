"""A plan rolled forward in expectation: objectives in groups that are alike, drilled as the composer would.

Thousands of objectives come to some hundreds of groups, whose parts move by the odds of each answer, so a whole
preparation is gone through in some tens of milliseconds. Within a stretch of days the highest yields come first, and
every system keeps its floor, as in a block.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import msgspec

from qbank.core.memory import Memory, advance, first_memory, next_stability, recall
from qbank.core.response import Rating
from qbank.core.rollout_groups import Seen, Unseen, add, joined, split_off
from qbank.core.seats import FLOOR
from qbank.core.serving import REPEAT_DAYS
from qbank.core.worth import KNOWN_DIFFICULTY, KNOWN_STABILITY_DAYS, Pricer, Seconds

STRETCHES = 12
"""Into as many pieces the time to the exam is cut. Four times as many change the outcome by a quarter of a point at an
hour a day.
"""

_LEAST = 1e-9


class Stretch(msgspec.Struct, frozen=True):
    """Some days of the plan: their middle, counted from today, and the seconds of practice in them.

    `new` says whether objectives may be met for the first time.
    """

    middle: float
    seconds: float
    new: bool


class Met(msgspec.Struct, frozen=True):
    """What of an unseen group was met in a stretch: its exam value, and how that hangs on whether it was known."""

    group: Unseen
    value: float
    slope: float


class Rolled(msgspec.Struct, frozen=True):
    """Where a plan leads: what is left unseen, what memory holds then, and the seconds of each stretch not needed."""

    unseen: list[Unseen]
    seen: list[Seen]
    met: list[Met]
    left_over: list[float]
    drills: float
    new: float


def roll(
    unseen: Iterable[Unseen],
    seen: Iterable[Seen],
    stretches: Sequence[Stretch],
    prices: Callable[[float], Pricer],
    shares: dict[str, float],
    pace: Seconds,
) -> Rolled:
    """Drill through the stretches. `prices` gives the pricer of a day; `shares` each system's part of the exam."""
    rolling = _Rolling([msgspec.structs.replace(group) for group in unseen], joined(seen), shares, pace)
    left_over = [rolling.drill(stretch, prices(stretch.middle)) for stretch in stretches]
    return Rolled(
        [group for group in rolling.unseen if group.n > _LEAST],
        list(rolling.seen.values()),
        rolling.met,
        left_over,
        rolling.drills,
        rolling.new,
    )


def roll_at_random(
    group: Unseen,
    stretches: Sequence[Stretch],
    seconds: Sequence[float],
    prices: Callable[[float], Pricer],
    pace: Seconds,
) -> Rolled:
    """Drill one group as a bank does that asks at random: what comes again, comes by chance."""
    rolling = _Rolling([msgspec.structs.replace(group)], {}, {}, pace)
    for stretch, some in zip(stretches, seconds, strict=True):
        if stretch.new and some > _LEAST:
            rolling.drill_at_random(stretch, some, prices(stretch.middle))
    return Rolled(rolling.unseen, list(rolling.seen.values()), rolling.met, [], rolling.drills, rolling.new)


def taught_stability() -> float:
    """Days for which an explanation holds, read after a miss."""
    return first_memory(Rating.AGAIN)[0]


class _Rolling:
    def __init__(
        self, unseen: list[Unseen], seen: dict[object, Seen], shares: dict[str, float], pace: Seconds
    ) -> None:
        self.unseen, self.seen, self.shares, self._pace = unseen, seen, shares, pace
        self._moves = _Drilling()
        self.met: list[Met] = []
        self.drills = self.new = 0.0

    def drill(self, stretch: Stretch, pricer: Pricer) -> float:
        """Spend a stretch's seconds; gives those that no objective was left for."""
        offers = self._offers(stretch, pricer)
        left = stretch.seconds
        for system, share in self.shares.items():
            owed = min(left, FLOOR * share * stretch.seconds)
            own = (offer for offer in offers if offer[2].system == system)
            left -= owed - self._take(own, owed, stretch, pricer)
        return self._take(offers, left, stretch, pricer)

    def drill_at_random(self, stretch: Stretch, seconds: float, pricer: Pricer) -> None:
        """Questions drawn with replacement: after k of N one has come with probability 1 - exp(-k/N)."""
        unseen = [group for group in self.unseen if group.n > _LEAST]
        seen = [(held, *self._moves.recalls(held, stretch.middle)) for held in self.seen.values()]
        whole = math.fsum(group.n for group in unseen) + math.fsum(held.n for held, _, _ in seen)
        needed = math.fsum(group.n * self._pace.expected(pricer.p_correct(group.known)) for group in unseen)
        for held, sound, lucky in seen:
            now = (1 - held.luck) * sound + held.luck * lucky
            needed += held.n * self._pace.expected(pricer.p_correct(now))
        part = -math.expm1(-seconds / needed) if needed else 0.0
        self.drills += whole * part
        for group in unseen:
            self._meet(group, group.n * part, stretch, pricer)
        for held, sound, lucky in seen:
            self._review(held, held.n * part, stretch, sound, lucky)

    def _offers(self, stretch: Stretch, pricer: Pricer) -> list[tuple[float, float, Unseen | Seen]]:
        """(yield, seconds of one, group), the highest yield first."""
        offers: list[tuple[float, float, Unseen | Seen]] = []
        if stretch.new:
            for group in self.unseen:
                if group.n > _LEAST:
                    worth = pricer.unseen(group.priced, group.likelihood)
                    offers.append((worth.points_per_minute * group.pull, worth.seconds, group))
        middle, rate = stretch.middle, pricer.rate
        for held in self.seen.values():
            days = middle - held.day
            if days >= 1 and (held.fresh or held.free <= middle) and held.n > _LEAST:
                each = rate(held.stability, held.difficulty, days, 2, held.luck)
                if each > 0:
                    offers.append((each * held.likelihood * held.pull, 0.0, held))
        offers.sort(key=lambda offer: -offer[0])
        return offers

    def _take(
        self,
        offers: Iterable[tuple[float, float, Unseen | Seen]],
        seconds: float,
        stretch: Stretch,
        pricer: Pricer,
    ) -> float:
        for _, each, group in offers:
            if seconds <= _LEAST:
                break
            if group.n <= _LEAST:
                continue
            if isinstance(group, Unseen):
                taken = min(group.n, seconds / each)
                self._meet(group, taken, stretch, pricer)
            else:
                sound, lucky = self._moves.recalls(group, stretch.middle)
                hit = pricer.p_correct((1 - group.luck) * sound + group.luck * lucky)
                each = self._pace.expected(hit)
                taken = min(group.n, seconds / each)
                self._review(group, taken, stretch, sound, lucky)
            self.drills += taken
            seconds -= taken * each
        return max(0.0, seconds)

    def _meet(self, group: Unseen, taken: float, stretch: Stretch, pricer: Pricer) -> None:
        """A hit is known before, or luck; a miss starts memory anew from the explanation."""
        value = split_off(group, taken)
        hit = pricer.p_correct(group.known)
        lucky = pricer.p_correct(0.0)
        luck = (1 - group.known) * lucky / hit if hit else 0.0
        moves = self._moves
        slope = pricer.unseen(1.0).recall_drilled - pricer.unseen(0.0).recall_drilled
        self.met.append(Met(group, value, slope))
        self.new += taken
        self._hold(group, taken * hit, value * hit, stretch, moves.kept, KNOWN_DIFFICULTY, luck)
        self._hold(
            group,
            taken * (1 - hit),
            value * (1 - hit),
            stretch,
            moves.taught,
            moves.taught_difficulty,
        )

    def _review(self, group: Seen, taken: float, stretch: Stretch, sound: float, lucky: float) -> None:
        """By the second answer it shows which memories were luck."""
        value, moves = split_off(group, taken), self._moves
        parts = [(1 - group.luck, sound, group.stability, group.difficulty)]
        if group.luck:
            parts.append((group.luck, lucky, moves.taught, moves.taught_difficulty))
        for part, now, stability, difficulty in parts:
            for odds, rating in ((now, Rating.GOOD), (1 - now, Rating.AGAIN)):
                after = moves.moved(stability, difficulty, now, rating)
                self._hold(group, taken * part * odds, value * part * odds, stretch, *after)

    def _hold(
        self,
        group: Unseen | Seen,
        n: float,
        value: float,
        stretch: Stretch,
        stability: float,
        difficulty: float,
        luck: float = 0.0,
    ) -> None:
        if n <= _LEAST:
            return
        fresh = max(0, group.fresh - 1)
        # With more questions than one the oldest may come sooner; this is the cautious side.
        free = 0.0 if fresh else stretch.middle + REPEAT_DAYS
        drilled = Seen(
            group.system,
            group.likelihood,
            fresh,
            stability,
            difficulty,
            luck,
            stretch.middle,
            free,
            group.pull,
            n,
            value,
        )
        add(self.seen, drilled)


class _Drilling:
    """How drilling moves a memory, read once from FSRS."""

    def __init__(self) -> None:
        self.taught, self.taught_difficulty = first_memory(Rating.AGAIN)
        self.kept = next_stability(KNOWN_STABILITY_DAYS, KNOWN_DIFFICULTY, 0.9, Rating.GOOD)
        # FSRS-6 moves difficulty linearly, so that two points tell the rest.
        self._harder = {rating: _line(rating) for rating in (Rating.GOOD, Rating.AGAIN)}

    def moved(self, stability: float, difficulty: float, now: float, rating: Rating) -> tuple[float, float]:
        """(stability in days, difficulty) after an answer at a recall of `now`."""
        base, rise = self._harder[rating]
        after = min(max(base + rise * difficulty, 1.0), 10.0)
        return next_stability(stability, difficulty, now, rating), after

    def recalls(self, group: Seen, middle: float) -> tuple[float, float]:
        """P(recall) if the memory is sound, and if it rests on luck."""
        days = max(0.0, middle - group.day)
        return recall(group.stability, days), recall(self.taught, days) if group.luck else 0.0


def _line(rating: Rating) -> tuple[float, float]:
    """(base, rise) of difficulty after an answer as a line over difficulty before it."""
    begin, later = date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=5)
    low, high = (
        advance(Memory(5.0, difficulty, begin, 2, 0), rating, later).difficulty for difficulty in (2.0, 9.0)
    )
    rise = (high - low) / 7
    return low - 2 * rise, rise
