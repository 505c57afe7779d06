"""Lists of results from other banks: read, mapped to areas, compared with what is known, kept, listed and removed."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from qbank.app.files import read_bytes
from qbank.app.payload import to_data
from qbank.app.record import record
from qbank.app.results_fold import KINDS, folded, results
from qbank.app.subjects import WHOLE, Area, Subjects
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.core.exam_model import TOTAL, AreaKey
from qbank.core.results import (
    Done,
    Result,
    ResultList,
    Sources,
    add_list,
    changed,
    leaves_out_right,
    misses_in,
    source_key,
)
from qbank.core.text import hidden_characters
from qbank.errors import NotFound, NothingToDo, UsageError
from qbank.exchange.results_table import Row, Table, read_results

NAME_LIMIT = 100
MOST_DONE = 100_000
ATTEMPT_LIMIT = 40
HASH_DIGITS = 16  # 64 bits: of a million questions two are alike once in 37 million banks


class Wanted(msgspec.Struct, frozen=True):
    """How a file is to be read. `columns` are headings by role, `areas` texts like "Cardio=cardiovascular", `totals` like
    "cardiovascular=120"; `misses_only` and `day_first` are None where the file itself decides.
    """

    source: str
    columns: Mapping[str, str] = {}
    areas: tuple[str, ...] = ()
    map_file: Path | None = None
    totals: tuple[str, ...] = ()
    misses_only: bool | None = None
    day_first: bool | None = None


class AreaCount(msgspec.Struct, frozen=True):
    """Answered rows of a file in one area, "" for the exam as a whole."""

    dimension: str
    area: str
    right: int
    of: int


class Imported(msgspec.Struct, frozen=True):
    """What a file holds and what of it was new.

    `unmapped` are names without an area and how many rows they kept out; `unplaced` is how many rows in all have no area.
    `doubtful` is whether right answers are missing by the looks of it, so that `misses_only` was supposed.
    """

    source: str
    rows: int
    right: int
    wrong: int
    unanswered: int
    repeats: int
    areas: tuple[AreaCount, ...]
    unmapped: tuple[tuple[str, int], ...]
    unplaced: int
    without_areas: bool
    without_ids: bool
    misses_only: bool
    doubtful: bool
    totals: int
    new: int
    changed: int
    by_hand: int
    notes: tuple[str, ...]


def import_results(workspace: Workspace, path: Path, wanted: Wanted, *, dry_run: bool = False) -> Imported:
    """Take in a table of another bank's results; what is known already is not taken in twice.

    With `dry_run` nothing is recorded. Raises NotFound, UsageError, and InputInvalid with every fault; then nothing was
    recorded.
    """
    _check_name(wanted.source)
    subjects = Subjects(workspace.exam, wanted.areas, wanted.map_file)
    table = read_results(
        path.name, read_bytes(path), wanted.columns, workspace.today, day_first=wanted.day_first
    )
    rows, unmapped, unplaced = _placed(table, subjects, wanted.source)
    answered = [row for row in table.rows if row.right is not None]
    right = sum(bool(row.right) for row in answered)
    supposed = leaves_out_right(right, len(answered), workspace.exam.guess.value)
    misses_only = supposed if wanted.misses_only is None else wanted.misses_only
    totals = _totals(wanted.totals, subjects, misses_only=misses_only)
    sources, by_hand = _known(workspace, wanted.source)
    known = sources.get(source_key(wanted.source))
    if misses_only:
        rows = [row for row in rows if not row.right]
    fresh, new = changed(known, rows, misses_only=misses_only)
    listed = ResultList(known.name if known else wanted.source, misses_only, tuple(fresh), totals)
    _check_totals(sources, listed, workspace.today)
    if (fresh or totals) and not dry_run:
        record(workspace, EventKind.RESULTS, to_data(listed))
    return Imported(
        source=listed.source,
        rows=len(table.rows),
        right=right,
        wrong=len(answered) - right,
        unanswered=len(table.rows) - len(answered),
        repeats=len(rows) - len({row.question for row in rows}),
        areas=_counts(rows),
        unmapped=tuple(unmapped.most_common()),
        unplaced=unplaced,
        without_areas=not _names_areas(table),
        without_ids="id" not in table.columns,
        misses_only=misses_only,
        doubtful=wanted.misses_only is None and supposed,
        totals=len(totals),
        new=new,
        changed=len(fresh) - new,
        by_hand=by_hand,
        notes=table.notes,
    )


def remove(workspace: Workspace, source: str) -> str:
    """Leave a source's lists out of account; `restore` takes that back. Gives its name. Raises NotFound."""
    found = {one.source: one.name for one in results(workspace)}
    if source_key(source) not in found:
        raise NotFound("list of results", source, "See them with: qbank outside list")
    record(workspace, EventKind.RESULTS_REMOVED, {"source": found[source_key(source)], "removed": True})
    return found[source_key(source)]


def restore(workspace: Workspace, source: str) -> str:
    """Take a removed source back into account. Gives its name. Raises NothingToDo when none of that name was removed."""
    sources, _ = _known(workspace, source)
    known = sources.get(source_key(source))
    if known is None or known.aside is None:
        raise NothingToDo(f"No list of {source!r} was removed, so there is none to bring back.")
    record(workspace, EventKind.RESULTS_REMOVED, {"source": known.name, "removed": False})
    return known.name


def _known(workspace: Workspace, source: str) -> tuple[Sources, int]:
    """(all that is known of every source, how many answers of this one were entered by hand as totals)."""
    with workspace.store.read() as tx:
        sources = folded(tx.events(workspace.learner.id, kinds=KINDS))
        by_hand = sum(
            event.data["of"]
            for event in tx.events(workspace.learner.id, kinds=[EventKind.OUTSIDE])
            if source_key(event.data["source"]) == source_key(source)
        )
    return sources, by_hand


def _check_name(source: str) -> None:
    if not source.strip() or len(source) > NAME_LIMIT or hidden_characters(source) or "\n" in source:
        raise UsageError(
            f"Give the other bank a name of at most {NAME_LIMIT} characters, like --source uworld."
        )


def _placed(table: Table, subjects: Subjects, source: str) -> tuple[list[Result], Counter[str], int]:
    """The answered rows that have an area, the names that are none, and how many rows those kept out."""
    rows: list[Result] = []
    unmapped: Counter[str] = Counter()
    times: Counter[tuple[str, str]] = Counter()
    names_areas, unplaced = _names_areas(table), 0
    for row in table.rows:
        question, attempt = _identity(row, source_key(source), times)
        if row.right is None:
            continue
        area, strangers = _area(row, subjects) if names_areas else (Area(), [])
        unmapped.update(strangers)
        if area is None:
            unplaced += 1
            continue
        place = (area.system, area.section, area.discipline)
        rows.append(Result(question, attempt, row.right, row.seconds, *place, row.on, row.others))
    return rows, unmapped, unplaced


def _identity(row: Row, source: str, times: Counter[tuple[str, str]]) -> tuple[str, str]:
    """What tells a row from others, in every list that has it: a hash of its question's id, and which attempt it is.

    Rows without ids are told apart by all that they say, and by how many before them say the same.
    """
    told = row.id or msgspec.json.encode((row.on, row.attempt, row.areas, row.seconds, row.right)).decode()
    attempt = row.attempt[:ATTEMPT_LIMIT] or (row.on.isoformat() if row.on else "")
    times[told, attempt] += 1
    again = f"#{times[told, attempt]}" if times[told, attempt] > 1 else ""
    if not row.id:
        told, attempt, again = f"{told}{again}", "", ""
    return hashlib.sha256(f"{source}\n{told}".encode()).hexdigest()[:HASH_DIGITS], f"{attempt}{again}"


def _area(row: Row, subjects: Subjects) -> tuple[Area | None, list[str]]:
    """Where a row lies by all its columns, and the names in it that no area is known for.

    Topics are many and fine: they are asked only where system and subject say nothing.
    """
    found: Area | None = None
    strangers = []
    for role, name in row.areas:
        if not name or (role == "topic" and found is not None):
            continue
        area = subjects.find(name)
        if area is None:
            strangers.append(name)
        elif found is None:
            found = area
        else:
            found = Area(
                found.system or area.system,
                found.section or (area.section if found.system in ("", area.system) else ""),
                found.discipline or area.discipline,
            )
    return found, strangers if found or strangers else [""]


def _names_areas(table: Table) -> bool:
    return any(name in table.columns for name in ("system", "subject", "topic"))


def _counts(rows: Sequence[Result]) -> tuple[AreaCount, ...]:
    """By system where one is known, else by discipline."""
    right: Counter[AreaKey] = Counter()
    of: Counter[AreaKey] = Counter()
    for row in rows:
        key = (
            ("system", row.system)
            if row.system
            else ("discipline", row.discipline)
            if row.discipline
            else TOTAL
        )
        of[key] += 1
        right[key] += row.right
    return tuple(AreaCount(*key, right[key], count) for key, count in sorted(of.items(), key=_order))


def _order(counted: tuple[AreaKey, int]) -> tuple[bool, AreaKey]:
    """Systems before what has none."""
    return counted[0][0] != "system", counted[0]


def _totals(texts: Sequence[str], subjects: Subjects, *, misses_only: bool) -> tuple[Done, ...]:
    """How many questions the misses came from. Raises UsageError."""
    if texts and not misses_only:
        raise UsageError("--totals belongs to a list of misses. This one has right answers; leave it out.")
    found: dict[AreaKey, Done] = {}
    for text in texts:
        name, equals, count = text.rpartition("=")
        if not equals or not count.strip().isdecimal() or not 1 <= int(count) <= MOST_DONE:
            raise UsageError(f"{text!r} is not AREA=NUMBER, like cardiovascular=120.")
        area = Area() if name.strip() == WHOLE else subjects.find(name)
        if area is None or area.section or (area.system and area.discipline):
            raise UsageError(
                f"{name.strip()!r} is no system and no discipline. Give one, or {WHOLE} for all of it."
            )
        key = (
            ("system", area.system)
            if area.system
            else ("discipline", area.discipline)
            if area.discipline
            else TOTAL
        )
        found[key] = Done(*key, int(count))
    if len({dimension for dimension, _ in found}) > 1:
        raise UsageError(
            "Give totals of systems, of disciplines, or of the exam as a whole, not of several kinds."
        )
    return tuple(found.values())


def _check_totals(sources: Sources, listed: ResultList, today: date) -> None:
    """Raises UsageError for fewer questions done than missed. `sources` are not used after that."""
    add_list(sources, listed, today)
    known = sources[source_key(listed.source)]
    for done in listed.totals:
        misses = misses_in(known, (done.dimension, done.area))
        if misses > done.count:
            where = done.area or "the exam as a whole"
            raise UsageError(
                f"{done.count} questions of {where} cannot be, for {misses} of them were missed."
            )
