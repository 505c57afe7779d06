"""Questions that a learner took out of their drills, and the way back. The notes are those of the log's own events."""

from datetime import date

import msgspec

from qbank.app.bank_files import listed, place_of
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core.event import Event, EventKind
from qbank.core.question import ServedItem
from qbank.errors import NotFound, UsageError


class Flagged(msgspec.Struct, frozen=True):
    """One flagged question. `day` is the study day of its latest flag, `file` its file's path, "" where it has none."""

    bank: str
    question: str
    note: str
    day: date
    file: str
    line: int


def flag_question(workspace: Workspace, item: ServedItem, note: str) -> None:
    """Take a question out of this learner's drills, with the reason."""
    data = {"bank": item.bank, "question": item.question, "note": note, "flagged": True}
    record(workspace, EventKind.QUESTION_FLAGGED, data)


def flagged(workspace: Workspace) -> list[Flagged]:
    """What this learner has flagged and not taken back, the first flagged first."""
    now: dict[tuple[str, str], Event] = {}
    with workspace.store.read() as tx:
        for event in tx.events(workspace.learner.id, kinds=[EventKind.QUESTION_FLAGGED]):
            key = event.data["bank"], event.data["question"]
            now.pop(key, None)
            if event.data["flagged"]:
                now[key] = event
        found = []
        for (bank, question), event in now.items():
            entry = listed(tx, bank, question)
            place = place_of(workspace, entry) if entry else None
            where = (str(place.path), place.line) if place else ("", 0)
            found.append(Flagged(bank, question, event.data["note"], event.study_day, *where))
    return found


def clear_flag(workspace: Workspace, name: str) -> Flagged:
    """Take one flag back, so that the question may come again; gives what was flagged.

    `name` is the question's id, `bank/id`, or the beginning of an id. Raises NotFound when no flagged question has it, and
    UsageError when several do.
    """
    known = flagged(workspace)
    meant = [one for one in known if name in (one.question, f"{one.bank}/{one.question}")]
    meant = meant or [one for one in known if name and one.question.startswith(name)]
    if not meant:
        raise NotFound("flagged question", name, "See them with: qbank bank flagged")
    if len(meant) > 1:
        names = ", ".join(f"{one.bank}/{one.question}" for one in meant[:5])
        raise UsageError(f"{name!r} can mean several: {names}. Give one of them.")
    one = meant[0]
    data = {"bank": one.bank, "question": one.question, "note": "", "flagged": False}
    record(workspace, EventKind.QUESTION_FLAGGED, data)
    return one
