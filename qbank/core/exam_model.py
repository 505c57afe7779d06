"""The exam as the belief and the yield see it: sections, disciplines, and what an item of each cell weighs.

An exam's definition is data for people, with ranges, dates and sources. Here it is numbers on the axes of the
belief, fixed for one day.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from qbank.core.blueprint import Cell, rake
from qbank.core.exam import Exam
from qbank.core.objective_map import values

Loading = tuple[tuple[int, float], ...]
"""(axis of the belief, weight): a sum over the belief's axes, on the logit scale."""

Part = tuple[float, Loading]
"""(weight, loading): one section's part in an area's P(correct); an area's weights add up to 1."""

AreaKey = tuple[str, str]
"""(dimension, area)."""

TOTAL: AreaKey = ("total", "")


class Place(NamedTuple):
    """Where an objective lies in the blueprint; "" and () where unknown."""

    system: str
    section: str
    disciplines: tuple[str, ...]


class ExamModel(msgspec.Struct, frozen=True, eq=False):
    """The belief's axes, in this order: the general level, each section, each discipline.

    `section_share` adds up to 1. `cell_share[section][discipline]` is P(an item lies in the section and
    carries the discipline). `pass_line` and `low_pass` are (mean, sd) of P(correct). `disciplines` holds
    every discipline of any of the exam's tables, so that a new table does not make old beliefs unreadable;
    one that is not in force has no share. `cell_value` is what an objective of medium likelihood of a (section,
    disciplines joined by a space) weighs against the mean objective that the exam can ask, as its map has it (see
    `objective_map.values`). 1 where nothing is said: objectives spread by the blueprint.
    """

    sections: tuple[str, ...]
    section_system: tuple[str, ...]
    section_share: tuple[float, ...]
    disciplines: tuple[str, ...]
    cell_share: tuple[tuple[float, ...], ...]
    pass_line: tuple[float, float]
    low_pass: tuple[float, float]
    guess: float
    slip: float
    n_objectives: float
    answer_seconds: float = 90.0
    miss_seconds: float = 120.0
    hit_seconds: float = 30.0
    cell_value: Mapping[tuple[str, str], float] = {}
    _memo: dict[object, object] = {}

    def __post_init__(self) -> None:
        # A changed copy must not remember what was true of the first.
        msgspec.structs.force_setattr(self, "_memo", {})

    @property
    def axes(self) -> int:
        return 1 + len(self.sections) + len(self.disciplines)

    @property
    def systems(self) -> tuple[str, ...]:
        """In the order of the outline."""
        return tuple(dict.fromkeys(self.section_system))

    def system_share(self, system: str) -> float:
        """0 for an unknown system."""
        return math.fsum(self.section_share[s] for s in self.sections_in(system))

    def objective_value(self, section: str, disciplines: str) -> float:
        """The part of the exam of an objective of medium likelihood there, in mean objectives."""
        return self.cell_value.get((section, disciplines), 1.0)

    def sections_in(self, system: str) -> tuple[int, ...]:
        return tuple(s for s, name in enumerate(self.section_system) if name == system)

    def loading(self, place: Place) -> Loading | None:
        """The logit of P(know) of a mean objective there; None when neither section nor system is known.

        Without a section, the system's sections by their shares; without disciplines, those that the
        sections' items carry.
        """
        if place not in self._memo:
            self._memo[place] = self._loading(place)
        return self._memo[place]  # type: ignore[return-value]

    def parts(self, area: AreaKey) -> tuple[Part, ...]:
        """What makes up the P(correct) of a system, section, discipline or TOTAL; () for others."""
        if area not in self._memo:
            self._memo[area] = self._parts(*area)
        return self._memo[area]  # type: ignore[return-value]

    def own_axes(self, area: AreaKey) -> frozenset[int]:
        """The axes that belong to the area alone: its sections, or its discipline."""
        dimension, name = area
        if dimension == "discipline" and name in self.disciplines:
            return frozenset([1 + len(self.sections) + self.disciplines.index(name)])
        if dimension == "system":
            return frozenset(1 + s for s in self.sections_in(name))
        return frozenset()

    def item_rates(self, area: AreaKey) -> tuple[float, ...]:
        """For each section, P(an item of that section belongs to the area)."""
        dimension, name = area
        if dimension == "discipline" and name in self.disciplines:
            d = self.disciplines.index(name)
            shares = zip(self.cell_share, self.section_share, strict=True)
            return tuple(min(1.0, row[d] / share) if share else 0.0 for row, share in shares)
        if dimension == "system":
            return tuple(float(system == name) for system in self.section_system)
        return tuple(float(dimension == "total" or section == name) for section in self.sections)

    def least(self, effect: Sequence[float]) -> float:
        """The least that an effect on the axes comes to in any part of any area."""
        parts = (part for s in range(len(self.sections)) for part in self._all_parts(s))
        return min(sum(effect[axis] * weight for axis, weight in loading) for loading in parts)

    def _all_parts(self, s: int) -> tuple[Loading, ...]:
        if ("parts", s) not in self._memo:
            carried = [d for d, share in enumerate(self.cell_share[s]) if share]
            self._memo["parts", s] = tuple(self._section_loading(s, own) for own in (None, *carried))
        return self._memo["parts", s]  # type: ignore[return-value]

    def _loading(self, place: Place) -> Loading | None:
        weights = self._section_weights(place)
        if not weights:
            return None
        known = [self.disciplines.index(name) for name in place.disciplines if name in self.disciplines]
        terms: dict[int, float] = {0: 1.0}
        for s, weight in weights:
            terms[1 + s] = terms.get(1 + s, 0.0) + weight
            mixed = [(d, 1 / len(known)) for d in known] if known else self._mix(s)
            self._add(terms, mixed, weight)
        return tuple(sorted(terms.items()))

    def _section_weights(self, place: Place) -> list[tuple[int, float]]:
        if place.section in self.sections:
            return [(self.sections.index(place.section), 1.0)]
        inside = self.sections_in(place.system) if place.system else ()
        whole = math.fsum(self.section_share[s] for s in inside)
        return [(s, self.section_share[s] / whole) for s in inside] if whole else []

    def _parts(self, dimension: str, name: str) -> tuple[Part, ...]:
        if dimension not in ("total", "system", "section", "discipline"):
            return ()
        rates = self.item_rates((dimension, name))
        if dimension == "discipline" and name not in self.disciplines:
            return ()
        weights = [share * rate for share, rate in zip(self.section_share, rates, strict=True)]
        whole = math.fsum(weights)
        own = self.disciplines.index(name) if dimension == "discipline" else None
        return tuple(
            (weight / whole, self._section_loading(s, own)) for s, weight in enumerate(weights) if weight
        )

    def _section_loading(self, s: int, own: int | None) -> Loading:
        """A mean item of a section; with `own`, of those that carry this discipline among others."""
        if ("section", s, own) not in self._memo:
            self._memo["section", s, own] = self._loading_of_section(s, own)
        return self._memo["section", s, own]  # type: ignore[return-value]

    def _loading_of_section(self, s: int, own: int | None) -> Loading:
        terms: dict[int, float] = {0: 1.0, 1 + s: 1.0}
        if own is None:
            self._add(terms, self._mix(s), 1.0)
        else:
            # An item carries several disciplines, whose effects are averaged: one is a part of it.
            part = min(1.0, self.section_share[s] / math.fsum(self.cell_share[s]))
            self._add(terms, [(own, part)], 1.0)
            self._add(terms, self._mix(s), 1.0 - part)
        return tuple(sorted(terms.items()))

    def _mix(self, s: int) -> list[tuple[int, float]]:
        if ("mix", s) not in self._memo:
            row, whole = self.cell_share[s], math.fsum(self.cell_share[s])
            self._memo["mix", s] = (
                [(d, share / whole) for d, share in enumerate(row) if share] if whole else []
            )
        return self._memo["mix", s]  # type: ignore[return-value]

    def _add(self, terms: dict[int, float], disciplines: list[tuple[int, float]], weight: float) -> None:
        first = 1 + len(self.sections)
        for d, share in disciplines:
            terms[first + d] = terms.get(first + d, 0.0) + weight * share


def exam_model(exam: Exam, on: date) -> ExamModel:
    """The model of the exam as it is asked on a day. Raking costs some milliseconds: build it once a run.

    Raises InputInvalid when the exam's shares cannot be raked.
    """
    cells = rake(exam, on)
    sections = tuple(section.id for section in exam.sections)
    shares = {section: exam.section_share(section, on) for section in sections}
    disciplines = tuple(sorted(exam.known_areas("discipline")))
    return ExamModel(
        sections=sections,
        section_system=tuple(section.system for section in exam.sections),
        section_share=tuple(shares.values()),
        disciplines=disciplines,
        cell_share=tuple(tuple(cells.get((s, d), 0.0) for d in disciplines) for s in sections),
        pass_line=(exam.pass_line.value, exam.pass_line.sd or 0.0),
        low_pass=(exam.low_pass.value, exam.low_pass.sd or 0.0),
        guess=exam.guess.value,
        slip=exam.slip.value,
        n_objectives=float(sum(each.count for each in exam.mapped)) or exam.n_objectives_exam.value,
        answer_seconds=exam.seconds.answer,
        miss_seconds=exam.seconds.after_miss,
        hit_seconds=exam.seconds.after_hit,
        cell_value=_cell_value(exam, cells, shares),
    )


def _cell_value(
    exam: Exam, cells: Mapping[Cell, float], section_share: Mapping[str, float]
) -> dict[Cell, float]:
    """By the map; nothing for an exam without one, or without disciplines."""
    if not exam.mapped or any(not discipline for _, discipline in cells):
        return {}
    carried: dict[str, float] = {}
    for (section, _), share in cells.items():
        carried[section] = carried.get(section, 0.0) + share
    shares = {
        (section, discipline): share / carried[section] * section_share[section]
        for (section, discipline), share in cells.items()
        if share
    }
    return values(exam.mapped, shares)
