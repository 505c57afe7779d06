"""A plan rolled forward in expectation: objectives in groups that are alike, drilled as the composer would.

Thousands of objectives come to some hundreds of groups, whose parts move by the odds of each answer, so a whole
preparation is gone through in some tens of milliseconds. Within a stretch of days the highest yields come first, and
every system keeps its floor, as in a block.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from qbank.core.memory import MemoryModel
from qbank.core.rollout_groups import Seen, Unseen, add, joined, split_off
from qbank.core.seats import FLOOR
from qbank.core.serving import REPEAT_DAYS
from qbank.core.trace import Trace, first_trace, next_trace
from qbank.core.worth import Pricer, Seconds

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


class Moves(msgspec.Struct, frozen=True):
    """How answers move what is held of an objective: P(right | not known), P(wrong | known), and the learner's memory."""

    guess: float
    slip: float
    memory: MemoryModel

    def first(self, known: float) -> Iterator[tuple[float, Trace]]:
        """(probability, trace after it) of each way a first answer can go."""
        for correct, odds in self._odds(known):
            yield (
                odds,
                first_trace(known, correct=correct, guess=self.guess, slip=self.slip, model=self.memory),
            )

    def again(self, trace: Trace, days: float) -> Iterator[tuple[float, Trace]]:
        """The same of an answer so many days after the last."""
        for correct, odds in self._odds(trace.recall(days, self.memory)):
            yield (
                odds,
                next_trace(trace, days, correct=correct, guess=self.guess, slip=self.slip, model=self.memory),
            )

    def _odds(self, recall: float) -> tuple[tuple[bool, float], tuple[bool, float]]:
        right = self.guess + (1 - self.guess - self.slip) * recall
        return (True, right), (False, 1 - right)


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
    moves: Moves,
) -> Rolled:
    """Drill through the stretches. `prices` gives the pricer of a day; `shares` each system's part of the exam."""
    rolling = _Rolling(
        [msgspec.structs.replace(group) for group in unseen], joined(seen), shares, pace, moves
    )
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
    moves: Moves,
) -> Rolled:
    """Drill one group as a bank does that asks at random: what comes again, comes by chance."""
    rolling = _Rolling([msgspec.structs.replace(group)], {}, {}, pace, moves)
    for stretch, some in zip(stretches, seconds, strict=True):
        if stretch.new and some > _LEAST:
            rolling.drill_at_random(stretch, some, prices(stretch.middle))
    return Rolled(rolling.unseen, list(rolling.seen.values()), rolling.met, [], rolling.drills, rolling.new)


class _Rolling:
    def __init__(
        self,
        unseen: list[Unseen],
        seen: dict[object, Seen],
        shares: dict[str, float],
        pace: Seconds,
        moves: Moves,
    ) -> None:
        self.unseen, self.seen, self.shares, self._pace, self._moves = unseen, seen, shares, pace, moves
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
        seen = [(held, held.recall_on(stretch.middle, self._moves.memory)) for held in self.seen.values()]
        whole = math.fsum(group.n for group in unseen) + math.fsum(held.n for held, _ in seen)
        needed = math.fsum(
            group.n * self._pace.expected(pricer.p_correct(group.known), seen=False) for group in unseen
        )
        for held, now in seen:
            needed += held.n * self._pace.expected(pricer.p_correct(now), seen=True)
        part = -math.expm1(-seconds / needed) if needed else 0.0
        self.drills += whole * part
        for group in unseen:
            self._meet(group, group.n * part, stretch, pricer)
        for held, _ in seen:
            self._review(held, held.n * part, stretch)

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
                each = rate(held.kept, held.kept_days, held.taught, held.taught_days, days)
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
                hit = pricer.p_correct(group.recall_on(stretch.middle, self._moves.memory))
                each = self._pace.expected(hit, seen=True)
                taken = min(group.n, seconds / each)
                self._review(group, taken, stretch)
            self.drills += taken
            seconds -= taken * each
        return max(0.0, seconds)

    def _meet(self, group: Unseen, taken: float, stretch: Stretch, pricer: Pricer) -> None:
        """A hit was known before, or luck; after a miss there is what the explanation left."""
        value = split_off(group, taken)
        slope = pricer.unseen(1.0).recall_drilled - pricer.unseen(0.0).recall_drilled
        self.met.append(Met(group, value, slope))
        self.new += taken
        for odds, trace in self._moves.first(group.known):
            self._hold(group, taken * odds, value * odds, stretch, trace)

    def _review(self, group: Seen, taken: float, stretch: Stretch) -> None:
        value = split_off(group, taken)
        for odds, trace in self._moves.again(group.trace, max(0.0, stretch.middle - group.day)):
            self._hold(group, taken * odds, value * odds, stretch, trace)

    def _hold(self, group: Unseen | Seen, n: float, value: float, stretch: Stretch, trace: Trace) -> None:
        if n <= _LEAST:
            return
        fresh = max(0, group.fresh - 1)
        # With more questions than one the oldest may come sooner; this is the cautious side.
        free = 0.0 if fresh else stretch.middle + REPEAT_DAYS
        drilled = Seen(
            system=group.system,
            likelihood=group.likelihood,
            fresh=fresh,
            kept=trace.kept,
            kept_days=trace.kept_days,
            taught=trace.taught,
            taught_days=trace.taught_days,
            day=stretch.middle,
            free=free,
            pull=group.pull,
            n=n,
            value=value,
        )
        add(self.seen, drilled)
