"""Every answer and every block on record, looked through and handed out one by one, so that none of it waits in memory."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from qbank.app.areas import check_area
from qbank.app.block_names import named_block
from qbank.app.files import write_parts
from qbank.app.workspace import Workspace
from qbank.store.answers import AnswerFilter, PastAnswer, PastBlock

Cells = Mapping[str, object]

ANSWER_COLUMNS = (
    "at", "day", "block", "number", "bank", "question", "objective", "system", "suggested", "disciplines", "mode", "outcome",
    "seconds", "confidence", "reason", "fresh", "assess", "marked", "time_ran_out", "taken_back",
)  # fmt: skip
BLOCK_COLUMNS = (
    "block", "day", "composed_at", "mode", "purpose", "closed", "interrupted", "asked", "right", "minutes",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula. Source: OWASP, CSV Injection."""


def past_answers(
    workspace: Workspace, wanted: AnswerFilter, *, limit: int | None = None, skip: int = 0
) -> Iterator[PastAnswer]:
    """The answers that meet the filter, the latest first; `wanted.block` may be the beginning of a block's id.

    Raises UsageError for an area that is none or a block's name that can mean several, NotFound for a block that is not
    there, before the first answer is given.
    """
    check_area(workspace.exam, "system", wanted.system)
    check_area(workspace.exam, "discipline", wanted.discipline)
    learner = workspace.learner.id
    if wanted.block:
        from msgspec.structs import replace

        with workspace.store.read() as tx:
            wanted = replace(wanted, block=named_block(tx, learner, wanted.block).id)
    return _answers(workspace, wanted, limit, skip)


def past_blocks(
    workspace: Workspace, wanted: AnswerFilter, *, limit: int | None = None, skip: int = 0
) -> Iterator[PastBlock]:
    """The learner's blocks from `wanted.since` to `wanted.until`, the latest first."""
    with workspace.store.read() as tx:
        yield from tx.past_blocks(
            workspace.learner.id, since=wanted.since, until=wanted.until, limit=limit, skip=skip
        )


def answer_cells(one: PastAnswer) -> Cells:
    """An answer by ANSWER_COLUMNS."""
    values = (
        one.at, one.study_day, one.block, one.position + 1, one.bank, one.question, one.objective, one.system,
        one.suggested, one.disciplines, one.mode, outcome(one), round(one.elapsed_ms / 1000, 1), one.confidence, one.reason,
        one.fresh, one.assess, one.marked, one.time_ran_out, one.retracted,
    )  # fmt: skip
    return dict(zip(ANSWER_COLUMNS, values, strict=True))


def block_cells(one: PastBlock) -> Cells:
    """A block by BLOCK_COLUMNS."""
    values = (
        one.id, one.study_day, one.composed_at, one.mode, one.purpose, one.closed, one.interrupted, one.asked, one.right,
        round(one.elapsed_ms / 60_000, 1),
    )  # fmt: skip
    return dict(zip(BLOCK_COLUMNS, values, strict=True))


def outcome(one: PastAnswer) -> str:
    """`right`, `missed`, or `blank` for a question that was seen and not answered."""
    return "blank" if one.blank else "right" if one.correct else "missed"


def write_csv(target: Path, columns: tuple[str, ...], rows: Iterable[Cells]) -> int:
    """Write a private CSV file (RFC 4180) with a heading; gives how many rows. Raises QbankError when it cannot be."""
    counted = _Counted(rows)
    write_parts(target, csv_lines(columns, counted))
    return counted.count


def csv_lines(columns: tuple[str, ...], rows: Iterable[Cells]) -> Iterator[bytes]:
    """The rows as lines of CSV, one at a time; values in one cell stand apart by spaces, true and false are 1 and 0."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(columns)
    yield _taken(line)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
        yield _taken(line)


def _answers(
    workspace: Workspace, wanted: AnswerFilter, limit: int | None, skip: int
) -> Iterator[PastAnswer]:
    with workspace.store.read() as tx:
        yield from tx.past_answers(workspace.learner.id, wanted, limit=limit, skip=skip)


class _Counted:
    """Counts what passes by."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Cells]:
        for row in self._rows:
            self.count += 1
            yield row


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, tuple):
        value = " ".join(value)
    # The quote mark is what spreadsheets themselves write before a text that looks like a formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()
