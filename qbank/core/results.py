"""Lists of single results from other banks: which rows are known, and what they come to, area by area.

A list says of each question whether it was right and where it belongs, and never what it asks. Only the first attempt at
a question counts, as everywhere. A list without right answers has no denominator: its rows are kept as misses, and say
nothing of what share was right until it is told how many questions they came from.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from qbank.core.exam_model import AreaKey

SELECTED_BELOW = 0.01
"""A list with so few right answers that blind guessing would do worse only so often has left right answers out. [judged]"""


class Result(msgspec.Struct, frozen=True, array_like=True):
    """One answer elsewhere. `question` is a hash of its id, `attempt` tells answers to the same question apart.

    Areas are "" where unknown; `seconds`, `on` and `others`, the percent of others who were right, are None where untold.
    """

    question: str
    attempt: str
    right: bool
    seconds: int | None = None
    system: str = ""
    section: str = ""
    discipline: str = ""
    on: date | None = None
    others: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.question, self.attempt


class Done(msgspec.Struct, frozen=True, array_like=True):
    """How many questions were done in an area, as the learner tells it; ("total", "") for all areas together."""

    dimension: str
    area: str
    count: int


class ResultList(msgspec.Struct, frozen=True):
    """What one import adds: rows that are new or changed, and how many questions the misses came from."""

    source: str
    misses_only: bool
    rows: tuple[Result, ...]
    totals: tuple[Done, ...] = ()


class Kept(NamedTuple):
    """A row as it stands; `complete` when a list had it that does not leave right answers out."""

    result: Result
    complete: bool
    day: date


class Cell(msgspec.Struct, frozen=True):
    """Answers in one place: `right` of `of`, and those of them that tell how many others were right, as (percent in tens,
    right, of).
    """

    system: str
    section: str
    discipline: str
    right: int
    of: int
    others: tuple[tuple[int, int, int], ...] = ()


class Known(msgspec.Struct):
    """All that is known of one source; `aside` is what a removal took out of account."""

    name: str
    rows: dict[tuple[str, str], Kept] = {}
    totals: dict[AreaKey, tuple[Cell, int]] = {}
    aside: tuple[dict[tuple[str, str], Kept], dict[AreaKey, tuple[Cell, int]]] | None = None


class Listed(msgspec.Struct, frozen=True):
    """What a source's lists come to. `cells` are evidence; `misses` are rows that are none: (system or "", how many).

    `repeats` are later attempts, which do not count. `seconds` is their sum over `timed` rows.
    """

    source: str
    name: str
    answers: int
    right: int
    repeats: int
    misses: tuple[tuple[str, int], ...]
    timed: int
    seconds: int
    first: date | None
    last: date | None
    cells: tuple[Cell, ...]


Sources = dict[str, Known]


def source_key(name: str) -> str:
    """One bank however it is spelled: letter case and spaces make no other."""
    return " ".join(name.casefold().split())


def leaves_out_right(right: int, of: int, guess: float) -> bool:
    """Whether a list of so many right answers cannot be all that was answered: none is, or fewer than guessing gives."""
    return right == 0 or _at_most(right, of, guess) < SELECTED_BELOW


def add_list(sources: Sources, listed: ResultList, day: date) -> None:
    """Take in a list that came on a study day.

    A full list makes rows of a list of misses full ones, and takes the place of the totals told for them.
    """
    known = sources.setdefault(source_key(listed.source), Known(listed.source))
    known.aside = None
    if not listed.misses_only:
        known.totals = {}
    for row in listed.rows:
        before = known.rows.get(row.key)
        complete = not listed.misses_only or (before is not None and before.complete)
        happened = row.on or (before.day if before else day)
        known.rows[row.key] = Kept(row, complete, happened)
    if listed.totals:
        known.totals = {
            (done.dimension, done.area): _of_misses(known, (done.dimension, done.area), done.count)
            for done in listed.totals
        }


def set_removed(sources: Sources, source: str, *, removed: bool) -> None:
    """Take all of a source out of account, or back into it unless a newer list has come since."""
    known = sources.get(source_key(source))
    if known is None:
        return
    if removed and known.rows:
        known.aside = (known.rows, known.totals)
        known.rows, known.totals = {}, {}
    elif not removed and known.aside is not None:
        known.rows, known.totals = known.aside
        known.aside = None


def changed(known: Known | None, rows: Iterable[Result], *, misses_only: bool) -> tuple[list[Result], int]:
    """The rows that a list adds or changes, and how many of them are new. What a row leaves untold stays as it was."""
    before: Mapping[tuple[str, str], Kept] = known.rows if known else {}
    found, new = [], 0
    for row in rows:
        kept = before.get(row.key)
        if kept is None:
            found.append(row)
            new += 1
            continue
        full = _filled(row, kept.result)
        if full != kept.result or (not misses_only and not kept.complete):
            found.append(full)
    return found, new


def misses_in(known: Known, area: AreaKey) -> int:
    """How many questions of an area are on record as missed and no more."""
    return sum(not kept.complete and _lies_in(kept.result, area) for kept in _first_attempts(known))


def summed(sources: Sources) -> tuple[Listed, ...]:
    """What counts of each source that has any row, in the order in which they first came."""
    return tuple(_listed(key, known) for key, known in sources.items() if known.rows)


def _listed(key: str, known: Known) -> Listed:
    first = _first_attempts(known)
    full = [kept for kept in first if kept.complete]
    uncounted: dict[str, int] = {}
    for kept in first:
        if not kept.complete:
            uncounted[kept.result.system] = uncounted.get(kept.result.system, 0) + 1
    for area, (_, misses) in known.totals.items():
        # With totals of disciplines or of the whole, systems share the counted misses no longer.
        if area[0] == "system":
            uncounted[area[1]] = uncounted.get(area[1], 0) - misses
    if any(dimension != "system" for dimension, _ in known.totals):
        told = sum(misses for _, misses in known.totals.values())
        uncounted = {"": max(0, sum(uncounted.values()) - told)}
    cells = (*_cells(full), *(cell for cell, _ in known.totals.values()))
    days = [kept.day for kept in known.rows.values()]
    times = [kept.result.seconds for kept in known.rows.values() if kept.result.seconds is not None]
    return Listed(
        source=key,
        name=known.name,
        answers=sum(cell.of for cell in cells),
        right=sum(cell.right for cell in cells),
        repeats=len(known.rows) - len(first),
        misses=tuple(sorted((area, count) for area, count in uncounted.items() if count > 0)),
        timed=len(times),
        seconds=sum(times),
        first=min(days, default=None),
        last=max(days, default=None),
        cells=cells,
    )


def _cells(kept: Iterable[Kept]) -> list[Cell]:
    """Complete rows by place, in an order that depends on the rows alone."""
    found: dict[tuple[str, str, str], list[Kept]] = {}
    for one in kept:
        row = one.result
        found.setdefault((row.system, row.section, row.discipline), []).append(one)
    return [_cell(place, ones) for place, ones in sorted(found.items())]


def _cell(place: tuple[str, str, str], ones: list[Kept]) -> Cell:
    told: dict[int, list[bool]] = {}
    for one in ones:
        if one.result.others is not None:
            told.setdefault(tenth(one.result.others), []).append(one.result.right)
    return Cell(
        *place,
        right=sum(one.result.right for one in ones),
        of=len(ones),
        others=tuple((tens, sum(rights), len(rights)) for tens, rights in sorted(told.items())),
    )


def tenth(percent: int) -> int:
    """A percent in tens, halves up."""
    return (percent + 5) // 10


def _of_misses(known: Known, area: AreaKey, done: int) -> tuple[Cell, int]:
    """The known misses of an area against how many were done, and how many misses those are."""
    ones = [kept for kept in _first_attempts(known) if not kept.complete and _lies_in(kept.result, area)]
    misses = min(len(ones), done)
    dimension, name = area
    cell = Cell(
        system=name if dimension == "system" else "",
        section="",
        discipline=name if dimension == "discipline" else "",
        right=done - misses,
        of=done,
    )
    return cell, misses


def _lies_in(row: Result, area: AreaKey) -> bool:
    dimension, name = area
    return dimension == "total" or name == (row.system if dimension == "system" else row.discipline)


def _first_attempts(known: Known) -> list[Kept]:
    """The earliest attempt at each question, in the order in which the questions first came."""
    first: dict[str, Kept] = {}
    for kept in known.rows.values():
        other = first.get(kept.result.question)
        if other is None or _when(kept) < _when(other):
            first[kept.result.question] = kept
    return list(first.values())


def _when(kept: Kept) -> tuple[date, int, str]:
    attempt = kept.result.attempt
    return kept.day, len(attempt), attempt


def _filled(row: Result, before: Result) -> Result:
    same_percent = (
        row.others is not None and before.others is not None and tenth(row.others) == tenth(before.others)
    )
    return Result(
        question=row.question,
        attempt=row.attempt,
        right=row.right,
        seconds=before.seconds if row.seconds is None else row.seconds,
        system=row.system or before.system,
        section=row.section or (before.section if row.system in ("", before.system) else ""),
        discipline=row.discipline or before.discipline,
        on=row.on or before.on,
        # Others go on answering; a percent that only drifts is no change.
        others=before.others if row.others is None or same_percent else row.others,
    )


def _at_most(right: int, of: int, rate: float) -> float:
    """P(at most so many of so many) at a rate strictly between 0 and 1."""
    ways = [math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in range(right + 1)]
    return math.fsum(
        math.exp(way + k * math.log(rate) + (of - k) * math.log1p(-rate)) for k, way in enumerate(ways)
    )
