"""Composing from a large bank without reading it: its unseen objectives by count, its seen ones by a ceiling of their score.

A ceiling is the highest score that an objective has on any of the next days, by the exam day, the memory and the factor
of its kind as they were when it was reckoned. Its gain on each day is the same until the objective is reviewed again; what
changes with every answer, the learner's pace and guessing and what flags say, can raise a score only by a factor that is
known. So the seen objectives are read from the highest ceiling down, until none that is left can come into its queue.
"""

import heapq
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from qbank.core.candidates import Kind, Kinds, Pool, Priced, Row, RowsAt
from qbank.core.memory import MemoryModel
from qbank.core.scoring import LEAST_SCORE, Desk
from qbank.core.trace import Trace, mixer
from qbank.core.worth import Pricer, Terms

DAYS = 7
"""How many days ceilings hold for: the fewer, the nearer they are, and the more often all must be reckoned. [judged]"""

ROUNDING = 1 + 1e-9
"""The same product taken in another order may differ in its last digits."""

PROBES = (Trace(0.9, 30.0, 0.07, 0.2), Trace(0.3, 2.0, 0.49, 1.5), Trace(0.6, 200.0, 0.1, 40.0))
PROBE_DAYS = 7.0
"""Memories, and a time after their last review, whose recalls tell whether ceilings were reckoned by the same rules."""


class Count(NamedTuple):
    """Live objectives of one kind and bank: those that were reviewed, those never reviewed that may come today."""

    bank: str
    system: str
    section: str
    disciplines: str
    likelihood: str
    met: int
    fresh: int


class Basis(msgspec.Struct, frozen=True):
    """What ceilings were reckoned by: they hold from one day to another, for this exam day and memory.

    `factors` are those of the kinds; `probed` the recalls of PROBES.
    """

    first: date
    last: date
    exam_day: date
    weights: tuple[float, ...]
    drawn_banks: frozenset[str]
    terms: Terms
    factors: tuple[tuple[Kind, float], ...]
    probed: tuple[tuple[float, float, float], ...]

    def holds(self, on: date, exam_day: date, drawn_banks: Collection[str], memory: MemoryModel) -> bool:
        """Whether the ceilings are still above what they were reckoned for."""
        return (
            self.first <= on <= self.last
            and self.exam_day == exam_day
            and self.weights == memory.weights
            and self.drawn_banks == frozenset(drawn_banks)
            and self.probed == _probed(exam_day, self.first, memory)
        )


class Shelf(msgspec.Struct, frozen=True):
    """A bank that is read as far as it is needed; what may come today, without repeats.

    `loose` are the seen candidates without a ceiling. `by_ceiling` gives (ceiling, row) of those of a system that have
    one, highest first.
    """

    counts: Sequence[Count]
    basis: Basis
    loose: Sequence[Row]
    by_ceiling: Callable[[str], Iterable[tuple[float, Row]]]
    unseen_at: RowsAt


def counted(counts: Iterable[Count], drawn_banks: frozenset[str], unseen_at: RowsAt | None = None) -> Pool:
    """The pool as far as counts tell; `fill` adds the seen candidates that matter."""
    pool, kinds = Pool() if unseen_at is None else Pool(unseen_at=unseen_at), Kinds(drawn_banks)
    for count in counts:
        kind = _kind(kinds, count)
        pool.systems.add(kind.system)
        if count.fresh:
            pool.unseen[kind] = pool.unseen.get(kind, 0) + count.fresh
        if kind.drawn and count.met:
            pool.drawn_seen[kind] = pool.drawn_seen.get(kind, 0) + count.met
    return pool


def fill(
    pool: Pool, shelf: Shelf, pricer: Pricer, desk: Desk, on: date, *, size: int, least: float = 0.0
) -> None:
    """Add the seen candidates among which are the `size` best of every queue, and all that tie with them."""
    kinds, queues = Kinds(shelf.basis.drawn_banks), dict[str, _Queue]()
    raised = _raised(shelf, pricer, desk, kinds)
    for row in shelf.loose:
        _queue(queues, desk, row[3], size, least).add(pool, pricer, desk, kinds, row, on)
    for system, by in sorted(raised.items()):
        queue = _queue(queues, desk, system, size, least)
        for ceiling, row in shelf.by_ceiling(system):
            if max(ceiling * by, LEAST_SCORE) < queue.needed:
                break
            queue.add(pool, pricer, desk, kinds, row, on)


def basis(
    pricer: Pricer,
    factors: Iterable[tuple[Kind, float]],
    *,
    on: date,
    exam_day: date,
    drawn_banks: Collection[str],
    memory: MemoryModel,
) -> Basis:
    """What ceilings are to be reckoned by from this day on."""
    return Basis(
        on,
        on + timedelta(days=DAYS - 1),
        exam_day,
        memory.weights,
        frozenset(drawn_banks),
        pricer.terms,
        tuple((kind, max(factor, LEAST_SCORE)) for kind, factor in factors),
        _probed(exam_day, on, memory),
    )


def ceilings(
    rows: Iterable[Row], by: Basis, pricer_in: Callable[[int], Pricer]
) -> Iterable[tuple[str, str, str, float]]:
    """(bank, objective, system, ceiling) of seen candidates. `pricer_in` gives a day's pricer, so many from the first."""
    rates = [pricer_in(day).rate for day in range((by.last - by.first).days + 1)]
    kinds, factors = Kinds(by.drawn_banks), dict(by.factors)
    for row in rows:
        (bank, name, section, system, disciplines, _, likelihood, _, _, _, last_day,
         kept, kept_days, taught, taught_days, _) = row  # fmt: skip
        elapsed = (by.first - last_day).days
        prices = [
            rate(kept, kept_days, taught, taught_days, elapsed + day)
            for day, rate in enumerate(rates)
            if elapsed + day > 0
        ]
        factor = factors[kinds[bank, section, system, disciplines, likelihood]]
        yield bank, name, system, max(prices, default=0.0) * factor


class _Queue:
    """The best scores found so far of one queue."""

    def __init__(self, size: int, least: float) -> None:
        self._size = size
        self._least = least
        self._best: list[float] = []

    @property
    def needed(self) -> float:
        """What a score must reach to matter."""
        if not self._size:
            return math.inf
        return self._least if len(self._best) < self._size else max(self._least, self._best[0])

    def add(self, pool: Pool, pricer: Pricer, desk: Desk, kinds: Kinds, row: Row, on: date) -> None:
        (bank, _, section, system, disciplines, _, likelihood, _, _, _, last_day,
         kept, kept_days, taught, taught_days, _) = row  # fmt: skip
        kind = kinds[bank, section, system, disciplines, likelihood]
        price = pricer.rate(kept, kept_days, taught, taught_days, (on - last_day).days)
        priced = pool.seen.get(kind) or pool.seen.setdefault(kind, Priced())
        priced.prices.append(price)
        priced.rows.append(row)
        heapq.heappush(self._best, max(price * desk.factor(kind), LEAST_SCORE))
        if len(self._best) > self._size:
            heapq.heappop(self._best)


def _queue(queues: dict[str, _Queue], desk: Desk, system: str, size: int, least: float) -> _Queue:
    name = desk.queue_of(system)
    return queues.get(name) or queues.setdefault(name, _Queue(size, least))


def _raised(shelf: Shelf, pricer: Pricer, desk: Desk, kinds: Kinds) -> dict[str, float]:
    """By system, how much higher than its ceiling a score can be today."""
    then, terms = dict(shelf.basis.factors), pricer.terms.most_over(shelf.basis.terms)
    raised: dict[str, float] = {}
    for count in shelf.counts:
        kind = _kind(kinds, count)
        if count.met and kind in then:
            by = desk.factor(kind) / then[kind] * terms * ROUNDING
            raised[kind.system] = max(by, raised.get(kind.system, 0.0))
    return raised


def _kind(kinds: Kinds, count: Count) -> Kind:
    return kinds[count.bank, count.section, count.system, count.disciplines, count.likelihood]


def _probed(exam_day: date, on: date, memory: MemoryModel) -> tuple[tuple[float, float, float], ...]:
    mix = mixer(float(max(1, (exam_day - on).days)), memory)
    return tuple(mix(one.kept, one.kept_days, one.taught, one.taught_days, PROBE_DAYS) for one in PROBES)
