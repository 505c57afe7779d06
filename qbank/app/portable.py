"""The whole record as one JSONL file: every event and every question version, out and merged back in. Pictures lie in a
folder beside the file.

What was said of the failed attempt is no part of the record and travels only when it is asked for, as a line of its own; a
qbank that does not know that line refuses the file.

An export of an imported export is the same file to the bit. The file's first line names the format and its last one tells
how many rows there are; each other line is one row under the name of its kind, in an order that depends on nothing but the
rows.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from qbank.app.debriefing import interview, interview_path, write_interview
from qbank.app.files import read_bytes, write_whole
from qbank.app.pictures import take_in
from qbank.app.rebuild import rebuild
from qbank.app.record_file import (
    AGAIN,
    FORMAT,
    INTERVIEW,
    Known,
    RecordFile,
    check_references,
    end_line,
    read_record,
)
from qbank.app.safekeeping import backup
from qbank.app.workspace import Workspace
from qbank.errors import Fault, InputInvalid, RecordBroken
from qbank.store.portable import RECORD
from qbank.store.store import Transaction

RECORD_LIMIT = (
    4 * 1024**3
)  # bytes; a record grows with its learner, some 500 an answer, and nobody could split it


class Merged(msgspec.Struct, frozen=True):
    """What an import added; all 0 when everything was here already. `left` counts debriefs that did not replace one here."""

    events: int
    questions: int
    backup: Path | None
    debriefs: int = 0
    left: int = 0


class Exported(msgspec.Struct, frozen=True):
    """How many events were written, and whether the learner's debrief went with them."""

    events: int
    debrief: bool


def export_record(workspace: Workspace, target: Path, *, with_debrief: bool = False) -> Exported:
    """Write everything to a private file, of the debriefs the acting learner's own and only on demand.

    Raises QbankError when it cannot be written, or when the debrief cannot be read.
    """
    with workspace.store.read() as tx:
        said = _interview_line(workspace, tx) if with_debrief else None
        content = b"".join(line + b"\n" for line in _lines(tx, said))
        count = tx.event_count()
    write_whole(target, content)
    return Exported(count, said is not None)


def import_record(
    workspace: Workspace, source: Path, on_progress: Callable[[int], None] | None = None
) -> Merged:
    """Merge a file that export wrote, after a backup, and replay the log. Importing it again changes nothing.

    Raises NotFound, and InputInvalid with file, line and mend; then nothing was changed.
    """
    record = read_record(source.name, read_bytes(source, RECORD_LIMIT), workspace.exam)
    with workspace.store.read() as tx:
        check_references(record, Known({kind: tx.record_keys(kind) for kind in RECORD}))
    copy = backup(workspace, reason="before-import")
    take_in(workspace.settings, source.parent)
    try:
        with workspace.store.begin() as tx:
            added = _merge(tx, workspace, record, on_progress)
    except RecordBroken as error:
        line = record.line_of_event(error.event)
        message = f"Merged into your record, this event does not fit. {error.reason}"
        raise InputInvalid([Fault(record.name, line, message, AGAIN)]) from error
    except ValueError as error:
        raise InputInvalid([Fault(record.name, 1, f"{error}.", AGAIN)]) from error
    taken = _take_interviews(workspace, record)
    return Merged(added["event"], added["version"], copy, taken, len(record.rows[INTERVIEW]) - taken)


def _merge(
    tx: Transaction,
    workspace: Workspace,
    record: RecordFile,
    on_progress: Callable[[int], None] | None,
) -> dict[str, int]:
    added = {kind: tx.merge_rows(kind, record.rows[kind]) for kind in RECORD}
    if any(added.values()):
        tx.recount_banks()
        for learner in tx.learners():
            rebuild(tx, workspace.exam, learner.id, on_progress)
    return added


def _take_interviews(workspace: Workspace, record: RecordFile) -> int:
    """Keep what the file says of learners who have said nothing here; gives how many. What is here stays, as with rows."""
    taken = 0
    for row in record.rows[INTERVIEW]:
        if not interview_path(workspace, row["learner"]).exists():
            write_interview(workspace, row["learner"], row["account"])
            taken += 1
    return taken


def _interview_line(workspace: Workspace, tx: Transaction) -> bytes | None:
    account = interview(workspace)
    if account is None or workspace.learner not in tx.learners():
        return None
    line = {INTERVIEW: {"learner": workspace.learner.id, "account": account}}
    return msgspec.json.encode(line, order="deterministic")


def _lines(tx: Transaction, said: bytes | None) -> Iterator[bytes]:
    yield msgspec.json.encode(FORMAT)
    count = 0
    for kind in RECORD:
        for row in tx.record_rows(kind):
            count += 1
            yield msgspec.json.encode({kind: row}, order="deterministic")
    if said is not None:
        count += 1
        yield said
    yield end_line(count)
