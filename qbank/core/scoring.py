"""Scores the candidates and lines them up, system by system, for the seats of a block.

All unseen objectives of a kind have one score, and kinds differ by a hair where little has been answered.
Taken strictly by score, a block would hold one discipline and never another; so unseen ones come by lot,
weighted by score as seats are.
"""

import heapq
import math
import random
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import msgspec

from qbank.core.candidates import Candidate, Kind, Pool, Row
from qbank.core.evidence import Reported
from qbank.core.exam_model import ExamModel, Place
from qbank.core.mastery import mean_known, unsureness
from qbank.core.objective_map import WEIGHT
from qbank.core.seats import SHARPNESS
from qbank.core.serving import drawn
from qbank.core.worth import Pricer, Worth

NOWHERE = Place("", "", ())
LEAST_SCORE = 1e-12

EXPLORED = 0.1
"""The part of the lot among a system's unseen objectives that goes by how little is known of their place. [judged]"""


class Entry(NamedTuple):
    """A candidate with the score it competes with, and its value in objectives.

    An unseen one has no row yet, but its rank among those of its kind.
    """

    score: float
    row: Row | int
    kind: Kind
    weight: float


_Tied = tuple[Row, Kind, float]

_UNPLACED = -1
"""In the place of a section, for what has none."""


class Desk:
    """Scores the pool: yield, times the value of the kind, times the pull of the flags on its areas."""

    def __init__(
        self,
        model: ExamModel,
        reported: Reported,
        pricer: Pricer,
        pool: Pool,
        on: date,
        lean: float,
    ) -> None:
        self._model, self._reported, self._pricer, self._pool, self._on = model, reported, pricer, pool, on
        self._carried = max(1.0, sum(map(sum, model.cell_share)))
        general = mean_known(reported.base, model, NOWHERE)
        self._steepness = lean * pricer.lean_slope(general)

    def queues(self, size: int, seed: int, least: float = 0.0) -> dict[str, list[Entry]]:
        """For each system ("" if unknown) its candidates in the order in which they come, at most `size`.

        What was seen comes by its score, ties by lot; what was not, by lot weighted by its score and, for a
        part of it, by how little is known of its place; and of the two that stand first, the higher score. What scores
        under `least` does not come.
        """
        unseen: dict[str, list[_Runner]] = {}
        for kind, count in sorted(self._pool.unseen.items()):
            weight = self._weight(kind, unseen=True)
            score = self.worth_unseen(kind, weight).points_per_minute * self.pull(kind.place)
            if score < least:
                continue
            # By the answers alone: a report must not make an area look explored.
            unsure = unsureness(self._reported.base, self._model, kind.place)
            runner = _Runner(kind, count, weight, max(score, LEAST_SCORE), unsure, _lot(seed, *kind))
            unseen.setdefault(self.queue_of(kind.system), []).append(runner)
        seen = self._seen_by_score(size, least)
        queues = {}
        for system in sorted(unseen.keys() | seen.keys()):
            best = _best(seen.get(system, {}), size, _lot(seed, system))
            queues[system] = list(islice(_merged(best, _race(unseen.get(system, []), size)), size))
        return queues

    @property
    def fresh_per_minute(self) -> float:
        """The yield of a new objective of medium likelihood at the general level."""
        known = mean_known(self._reported.base, self._model, NOWHERE)
        return self._pricer.unseen(known).points_per_minute

    def scores(self, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], float]:
        """What the named objectives compete with, of those that were seen and may come."""
        found = {}
        for kind, priced in self._pool.seen.items():
            factor = self.factor(kind)
            for price, row in zip(priced.prices, priced.rows, strict=True):
                if (row[0], row[1]) in named:
                    found[row[0], row[1]] = max(price * factor, LEAST_SCORE)
        return found

    def _seen_by_score(self, size: int, least: float) -> dict[str, dict[float, list[_Tied]]]:
        found: dict[str, dict[float, list[_Tied]]] = {}
        for kind, priced in self._pool.seen.items():
            weight, factor = self._weight(kind, unseen=False), self.factor(kind)
            scores = found.setdefault(self.queue_of(kind.system), {})
            for price, rows in priced.best(size).items():
                if max(price * factor, LEAST_SCORE) < least:
                    continue
                tied = scores.setdefault(max(price * factor, LEAST_SCORE), [])
                tied += [(row, kind, weight) for row in rows]
        return found

    def rows(self, entries: Sequence[Entry]) -> list[Row]:
        """The rows of entries that were given seats, in the same order."""
        ranks: dict[Kind, list[int]] = {}
        for entry in entries:
            if isinstance(entry.row, int):
                ranks.setdefault(entry.kind, []).append(entry.row)
        found = {kind: iter(self._pool.unseen_at(kind, some)) for kind, some in ranks.items()}
        return [next(found[entry.kind]) if isinstance(entry.row, int) else entry.row for entry in entries]

    def queue_of(self, system: str) -> str:
        """The queue in which candidates of a system stand."""
        return system if system in self._model.systems else ""

    def factor(self, kind: Kind) -> float:
        """What the price of a seen candidate of a kind is multiplied by."""
        return self._weight(kind, unseen=False) * self.pull(kind.place)

    def worth(self, row: Candidate, kind: Kind, weight: float) -> Worth:
        """What the yield of one candidate is made of, its value in objectives being `weight`."""
        trace = row.trace
        if trace is None or row.last_day is None:
            return self.worth_unseen(kind, weight)
        return self._pricer.seen(trace, max(0, (self._on - row.last_day).days), weight)

    def worth_unseen(self, kind: Kind, weight: float) -> Worth:
        """What the yield of an unseen candidate of a kind is made of."""
        return self._pricer.unseen(mean_known(self._reported.base, self._model, kind.place), weight)

    def _weight(self, kind: Kind, *, unseen: bool) -> float:
        """The value of one such candidate, in objectives of medium likelihood.

        Questions without objectives are draws, with replacement, of a section's objectives: after draws worth k of its N
        the next one is new with probability exp(-k/N), and the credit of all is what they cover, never more than the
        section. A draw from a system of several sections is one from each, by their shares.
        """
        weight = self._value(kind)
        if not kind.drawn:
            return weight
        left = _left if unseen else _credited
        return weight * math.fsum(
            part * left(self._covered.get(at, 0.0)) for at, part in self._sections(kind)
        )

    def _value(self, kind: Kind) -> float:
        """Of one objective there, in mean ones."""
        return WEIGHT.get(kind.likelihood, 1.0) * self._model.objective_value(kind.section, kind.disciplines)

    @cached_property
    def _covered(self) -> dict[int, float]:
        """By section, what draws came to so far, in parts of all that the exam can ask there."""
        drawn: dict[int, list[float]] = {}
        for kind, count in self._pool.drawn_seen.items():
            for at, part in self._sections(kind):
                drawn.setdefault(at, []).append(count * self._value(kind) * part)
        # Rounded once, so that the order in which the pool was read does not show.
        return {at: math.fsum(each) / asked for at, each in drawn.items() if (asked := self._asked(at))}

    def _asked(self, at: int) -> float:
        share = 1.0 if at == _UNPLACED else self._model.section_share[at]
        return self._model.n_objectives * share

    def _sections(self, kind: Kind) -> list[tuple[int, float]]:
        """Each section that it may lie in, with its share of it; of what has no place, one of its own."""
        loading = self._model.loading(Place(kind.system, kind.section, ())) or ()
        count = len(self._model.sections)
        return [(axis - 1, weight) for axis, weight in loading if 1 <= axis <= count] or [(_UNPLACED, 1.0)]

    def pull(self, place: Place) -> float:
        """The factor on the yield that the flags on a place's areas give."""
        return math.exp(-self._steepness * self.departure(place))

    def departure(self, place: Place) -> float:
        """How far flags put a place from the general level, on the P(correct) scale.

        A discipline's rows are of items that carry it among others, whose effects are averaged; alone it
        moves an item by as many times more as the mean item carries disciplines.
        """
        departures = self._reported.departures
        of = [departures.get(("discipline", discipline), 0.0) for discipline in place.disciplines]
        own = self._carried * sum(of) / len(of) if of else 0.0
        return departures.get(("system", place.system), 0.0) + own


class _Runner(msgspec.Struct):
    """The unseen objectives of one kind in the race for places; its own seed, so that no other kind's
    lot moves its.
    """

    kind: Kind
    count: int
    weight: float
    score: float
    unsure: float
    seed: int
    _members: Iterator[int] | None = None

    def arrivals(self, place: int, rate: float) -> Iterator[tuple[float, int]]:
        """Times in ascending order, each with `place`: every member comes after an exponential time of that rate, so that
        the order is one of sampling without replacement by these weights (Efraimidis & Spirakis 2006).
        """
        draw = random.Random(self.seed).random
        time = 0.0
        for left in range(self.count, 0, -1):
            time -= math.log(1 - draw()) / (left * rate)
            yield time, place

    def next_entry(self, size: int) -> Entry:
        if self._members is None:
            self._members = iter(drawn(range(self.count), size, random.Random(self.seed + 1).random))
        return Entry(self.score, next(self._members), self.kind, self.weight)


def _left(covered: float) -> float:
    """P(the next draw is of what no draw has covered)."""
    return math.exp(-covered)


def _credited(covered: float) -> float:
    """What each of the draws so far counts for, when all together count for what they cover."""
    return -math.expm1(-covered) / covered if covered else 1.0


def _race(runners: Sequence[_Runner], size: int) -> Iterator[Entry]:
    arrivals = heapq.merge(
        *(runner.arrivals(place, rate) for place, (runner, rate) in enumerate(_rates(runners)))
    )
    for _, place in islice(arrivals, size):
        yield runners[place].next_entry(size)


def _rates(runners: Sequence[_Runner]) -> Iterator[tuple[_Runner, float]]:
    """Each member's part of the lot: by score^SHARPNESS, and EXPLORED of it by how wide the belief's interval is."""
    highest = max((runner.score for runner in runners), default=1.0)
    by_score = [(runner.score / highest) ** SHARPNESS for runner in runners]
    worth = math.fsum(part * runner.count for part, runner in zip(by_score, runners, strict=True))
    unknown = math.fsum(runner.unsure * runner.count for runner in runners)
    for part, runner in zip(by_score, runners, strict=True):
        explored = EXPLORED * runner.unsure / unknown if unknown else 0.0
        yield runner, (1 - EXPLORED) * part / worth + explored


def _merged(first: Sequence[Entry], second: Iterator[Entry]) -> Iterator[Entry]:
    """Both in their own order; of the two that stand first, the one of higher score."""
    waiting = next(second, None)
    for entry in first:
        while waiting is not None and waiting.score >= entry.score:
            yield waiting
            waiting = next(second, None)
        yield entry
    if waiting is not None:
        yield waiting
        yield from second


def _best(by_score: dict[float, list[_Tied]], size: int, seed: int) -> list[Entry]:
    best: list[Entry] = []
    draw = random.Random(seed).random
    for score in heapq.nlargest(size, by_score):
        tied = sorted(by_score[score], key=lambda one: one[0][:2])
        best += [Entry(score, *one) for one in drawn(tied, size - len(best), draw)]
        if len(best) >= size:
            break
    return best


def _lot(seed: int, *names: object) -> int:
    """A seed of its own for each lot, so that neither another lot nor what else is in the pool can
    change it.
    """
    return zlib.crc32(repr(names).encode(), seed & 0xFFFFFFFF)
