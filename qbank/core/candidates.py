"""The candidates for a block, read once and priced: that must cost no more than fetching them.

What has never been reviewed is priced by kind, not one by one: all unseen objectives of one place have one
yield.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from qbank.core.exam_model import Place
from qbank.core.serving import REPEAT_DAYS
from qbank.core.trace import Trace
from qbank.core.worth import Pricer

Row = tuple[Any, ...]


class Candidate(NamedTuple):
    """One live objective; plain tuples in this order will do.

    The memory columns are None before the first review: when FSRS holds that recall has fallen to .9, the day of the last
    review, and a `Trace`. `disciplines` are joined by a space, sorted.
    `n_unseen` counts questions never served and not flagged; `oldest_day` is the study day of the one
    served longest ago, None when there is none to repeat.
    """

    bank: str
    objective: str
    section: str
    system: str
    disciplines: str
    task: str
    likelihood: str
    n_questions: int
    n_unseen: int
    stability_days: float | None
    last_day: date | None
    kept: float | None
    kept_days: float | None
    taught: float | None
    taught_days: float | None
    oldest_day: date | None

    @property
    def place(self) -> Place:
        return Place(self.system, self.section, tuple(self.disciplines.split()))

    @property
    def trace(self) -> Trace | None:
        """What its answers say of its memory; None before the first review."""
        if self.kept is None or self.kept_days is None or self.taught is None or self.taught_days is None:
            return None
        return Trace(self.kept, self.kept_days, self.taught, self.taught_days)


class Kind(NamedTuple):
    """What decides the price of an unseen objective.

    `drawn`: a question without an objective, a draw from its cell.
    """

    system: str
    section: str
    disciplines: str
    likelihood: str
    drawn: bool

    @property
    def place(self) -> Place:
        return Place(self.system, self.section, tuple(self.disciplines.split()))


class Priced(msgspec.Struct):
    """Seen objectives of one kind.

    `rows[i]` has the yield `prices[i]`: exam points per minute, for a value of one objective.
    """

    prices: list[float] = []
    rows: list[Row] = []

    def best(self, size: int) -> dict[float, list[Row]]:
        """The rows of the `size` highest prices, by price, with all that tie with the last of them."""
        least = heapq.nlargest(size, self.prices)[-1] if size else math.inf
        found: dict[float, list[Row]] = {}
        for price, row in zip(self.prices, self.rows, strict=True):
            if price >= least:
                found.setdefault(price, []).append(row)
        return found


RowsAt = Callable[[Kind, Sequence[int]], list[Row]]
"""(kind, ranks) -> the unseen objectives of those ranks, by (bank, objective), among those of the kind that may come."""


class Pool(msgspec.Struct):
    """The candidates that may come today: how many unseen ones of each kind, seen ones by kind with their yields.

    `systems` are those of all rows, whether they may come or not; `drawn_seen` counts, by kind, the
    seen questions without objectives.
    """

    unseen: dict[Kind, int] = {}
    seen: dict[Kind, Priced] = {}
    systems: set[str] = set()
    drawn_seen: dict[Kind, int] = {}
    unseen_at: RowsAt = lambda _kind, _ranks: []


def read_candidates(
    rows: Iterable[Row],
    pricer: Pricer,
    on: date,
    *,
    allow_repeats: bool = False,
    drawn_banks: frozenset[str] = frozenset(),
) -> Pool:
    """The rows sorted into a pool.

    Left out: objectives reviewed on this study day, for which more answers would change nothing, and those
    whose every text was served within REPEAT_DAYS, both unless `allow_repeats`; and those that the learner
    flagged away.
    """
    unseen: dict[Kind, list[Row]] = defaultdict(list)
    seen: dict[Kind, Priced] = defaultdict(Priced)
    pool, kinds, elapsed = Pool(seen=seen, unseen_at=_ranked(unseen)), Kinds(drawn_banks), _Elapsed(on)
    rate = pricer.rate
    for row in rows:
        (bank, _, section, system, disciplines, _, likelihood, _, n_unseen, _, last_day,
         kept, kept_days, taught, taught_days, oldest_day) = row  # fmt: skip
        kind = kinds[bank, section, system, disciplines, likelihood]
        if kind.drawn and last_day is not None:
            pool.drawn_seen[kind] = pool.drawn_seen.get(kind, 0) + 1
        if not n_unseen and not _may_repeat(oldest_day, elapsed, allow_repeats):
            continue
        if kept is None:
            unseen[kind].append(row)
            continue
        days = elapsed[last_day]
        if days > 0 or allow_repeats:
            priced = seen[kind]
            priced.prices.append(rate(kept, kept_days, taught, taught_days, days if days > 0 else 0))
            priced.rows.append(row)
    pool.unseen = {kind: len(rows) for kind, rows in unseen.items()}
    pool.systems = {kind.system for kind in kinds.values()}
    return pool


def _ranked(unseen: dict[Kind, list[Row]]) -> RowsAt:
    def at(kind: Kind, ranks: Sequence[int]) -> list[Row]:
        ordered = sorted(unseen[kind], key=lambda row: row[:2])
        return [ordered[rank] for rank in ranks]

    return at


class Kinds(dict[tuple[str, str, str, str, str], Kind]):
    """The kind of (bank, section, system, disciplines, likelihood)."""

    def __init__(self, drawn_banks: frozenset[str]) -> None:
        self._drawn_banks = drawn_banks

    def __missing__(self, key: tuple[str, str, str, str, str]) -> Kind:
        bank, section, system, disciplines, likelihood = key
        kind = self[key] = Kind(system, section, disciplines, likelihood, bank in self._drawn_banks)
        return kind


class _Elapsed(dict[date, int]):
    """Days from a day to this one; few days recur in many rows."""

    def __init__(self, on: date) -> None:
        self._on = on

    def __missing__(self, day: date) -> int:
        days = self[day] = (self._on - day).days
        return days


def _may_repeat(oldest_day: date | None, elapsed: _Elapsed, allow_repeats: bool) -> bool:
    return oldest_day is not None and (allow_repeats or elapsed[oldest_day] >= REPEAT_DAYS)
