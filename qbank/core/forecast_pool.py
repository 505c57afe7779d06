"""The bank as a forecast sees it: its objectives in groups that are alike, and what of the exam it does not hold."""

import math
from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from qbank.core.candidates import Kind, Row
from qbank.core.exam_model import ExamModel, Place
from qbank.core.objective_map import WEIGHT
from qbank.core.rollout_groups import MOST_FRESH, NEVER, Seen, Unseen, joined
from qbank.core.serving import REPEAT_DAYS

KNOWN_STEP = 0.02
"""Unseen objectives whose P(known) differs by less are taken for one."""

_Section = tuple[str, str]


class Held(msgspec.Struct, frozen=True):
    """What the bank holds, and in `missing`, section by section, what the exam can ask beyond it.

    `reach` is the part of the exam that it holds.
    """

    unseen: list[Unseen]
    seen: list[Seen]
    missing: list[Unseen]
    reach: float


def read_held(
    rows: Iterable[Row],
    model: ExamModel,
    on: date,
    known: Callable[[Place], float],
    priced: Callable[[Place], float],
    pull: Callable[[Place], float],
    drawn_banks: frozenset[str],
) -> Held:
    """The rows (as `Candidate` has them) in groups, each objective at its value on the exam.

    Objectives without an area are practice only. A section's objectives count for no more than the exam can ask there:
    a larger bank's share the section's value.
    """
    reading = _Reading(model, on, known, priced, pull, drawn_banks)
    for row in rows:
        reading.take(row)
    return reading.held()


class _Reading:
    def __init__(
        self,
        model: ExamModel,
        on: date,
        known: Callable[[Place], float],
        priced: Callable[[Place], float],
        pull: Callable[[Place], float],
        drawn_banks: frozenset[str],
    ) -> None:
        self._model, self._on, self._drawn_banks = model, on, drawn_banks
        self._known, self._priced, self._pull = known, priced, pull
        self._kinds: dict[tuple[str, ...], Kind | None] = {}
        self._pulls: dict[Kind, float] = {}
        self._unseen: dict[tuple[Kind, int], int] = {}
        self._seen: dict[_Section, list[tuple[Seen, Kind]]] = {}

    def take(self, row: Row) -> None:
        (bank, _, section, system, disciplines, _, likelihood, _, n_unseen, _, last_day,
         kept, kept_days, taught, taught_days, oldest_day) = row  # fmt: skip
        kind = self._kind(bank, system, section, disciplines, likelihood)
        if kind is None:
            return
        fresh = min(n_unseen, MOST_FRESH)
        if kept is None:
            if n_unseen:
                self._unseen[kind, fresh] = self._unseen.get((kind, fresh), 0) + 1
            return
        group = Seen(
            system=system,
            likelihood=WEIGHT.get(likelihood, 1.0),
            fresh=fresh,
            kept=kept,
            kept_days=kept_days,
            taught=taught,
            taught_days=taught_days,
            day=float(min(0, (last_day - self._on).days)),
            free=self._free(n_unseen, oldest_day),
            pull=self._pulls[kind],
            n=1.0,
            value=1.0,
        )
        self._seen.setdefault((system, section), []).append((group, kind))

    def held(self) -> Held:
        drawn = self._drawn_factors()
        counts = self._counts(drawn)
        size, model = self._model.n_objectives, self._model
        asked = {at: size * share for at, share in enumerate(model.section_share)}
        part = {at: min(1.0, asked[at] / counts[at]) if counts[at] else 1.0 for at in asked}

        def value(kind: Kind) -> float:
            factor = drawn[kind.system, kind.section] if kind.drawn else 1.0
            weight = WEIGHT.get(kind.likelihood, 1.0) * self._model.objective_value(
                kind.section, kind.disciplines
            )
            return factor * weight * math.fsum(part[at] * share for at, share in self._sections(kind))

        missing = [
            Unseen(system, section, 1.0, 0, known, known, 1.0, left, left)
            for at, (system, section) in enumerate(zip(model.section_system, model.sections, strict=True))
            if (left := asked[at] - part[at] * counts[at]) > 0
            for known in [self._known(Place(system, section, ()))]
        ]
        reached = math.fsum(part[at] * counts[at] for at in asked) / size
        return Held(self._grouped_unseen(value), self._grouped_seen(value), missing, reached)

    def _grouped_unseen(self, value: Callable[[Kind], float]) -> list[Unseen]:
        groups: dict[tuple[object, ...], Unseen] = {}
        for (kind, fresh), n in sorted(self._unseen.items()):
            known, priced = self._known(kind.place), self._priced(kind.place)
            likelihood, pull = WEIGHT.get(kind.likelihood, 1.0), self._pulls[kind]
            key = (kind.system, kind.section, likelihood, fresh, round(known / KNOWN_STEP), round(10 * pull))
            one = Unseen(
                kind.system, kind.section, likelihood, fresh, known, priced, pull, n, n * value(kind)
            )
            groups[key] = _together(groups[key], one) if key in groups else one
        return list(groups.values())

    def _grouped_seen(self, value: Callable[[Kind], float]) -> list[Seen]:
        worth: dict[Kind, float] = {}
        groups = []
        for members in self._seen.values():
            for group, kind in members:
                if kind not in worth:
                    worth[kind] = value(kind)
                group.value = worth[kind]
                groups.append(group)
        return list(joined(groups).values())

    def _drawn_factors(self) -> dict[_Section, float]:
        """What each question without an objective is worth: draws of a section with replacement cover some twice."""
        counts: dict[_Section, float] = {}
        for (kind, _), n in self._unseen.items():
            if kind.drawn:
                counts[kind.system, kind.section] = counts.get((kind.system, kind.section), 0.0) + n
        for place, members in self._seen.items():
            counts[place] = counts.get(place, 0.0) + sum(kind.drawn for _, kind in members)
        factors = {}
        for (system, section), drawn in counts.items():
            share = math.fsum(
                self._model.section_share[at] for at, _ in self._sections(Kind(system, section, "", "", True))
            )
            covered = drawn / (self._model.n_objectives * share) if share else 0.0
            factors[system, section] = -math.expm1(-covered) / covered if covered else 1.0
        return factors

    def _counts(self, drawn: dict[_Section, float]) -> dict[int, float]:
        """The objectives that the bank holds of each section, by their likelihood."""
        counts = dict.fromkeys(range(len(self._model.sections)), 0.0)
        kinds: dict[Kind, int] = {}
        for (kind, _), n in self._unseen.items():
            kinds[kind] = kinds.get(kind, 0) + n
        for members in self._seen.values():
            for _, kind in members:
                kinds[kind] = kinds.get(kind, 0) + 1
        for kind, objectives in kinds.items():
            each = WEIGHT.get(kind.likelihood, 1.0) * self._model.objective_value(
                kind.section, kind.disciplines
            )
            each *= drawn[kind.system, kind.section] if kind.drawn else 1.0
            for at, share in self._sections(kind):
                counts[at] += objectives * each * share
        return counts

    def _sections(self, kind: Kind) -> list[tuple[int, float]]:
        """Each section that such an objective may lie in, with its share of it."""
        loading = self._model.loading(Place(kind.system, kind.section, ())) or ()
        return [(axis - 1, weight) for axis, weight in loading if 1 <= axis <= len(self._model.sections)]

    def _kind(self, bank: str, system: str, section: str, disciplines: str, likelihood: str) -> Kind | None:
        """None without a place on the exam."""
        key = (bank, system, section, disciplines, likelihood)
        if key not in self._kinds:
            kind = Kind(system, section, disciplines, likelihood, bank in self._drawn_banks)
            placed = system in self._model.systems
            self._kinds[key] = kind if placed else None
            if placed:
                self._pulls[kind] = self._pull(kind.place)
        return self._kinds[key]

    def _free(self, n_unseen: int, oldest_day: date | None) -> float:
        """From which day on, counted from today, one of its texts may come."""
        if n_unseen:
            return 0.0
        if oldest_day is None:
            return NEVER
        return float(max(0, REPEAT_DAYS - (self._on - oldest_day).days))


def _together(one: Unseen, other: Unseen) -> Unseen:
    part = other.n / (one.n + other.n)
    return Unseen(
        one.system,
        one.section,
        one.likelihood,
        one.fresh,
        one.known + part * (other.known - one.known),
        one.priced + part * (other.priced - one.priced),
        one.pull + part * (other.pull - one.pull),
        one.n + other.n,
        one.value + other.value,
    )
