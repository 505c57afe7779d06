"""The lines of a record file, read and judged one by one before any of them is believed.

A record can come from anywhere and have been cut or changed on the way. Whatever could spoil a store is named here with
its line: a row of another shape, an event whose data its kind does not have, a row that refers to one that is missing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, get_type_hints

import msgspec

from qbank.app.event_checks import Key, check_name, check_plain, check_question
from qbank.app.event_shapes import check_event
from qbank.core.event import Event, EventKind
from qbank.core.exam import Exam
from qbank.core.insight.interview import Interview
from qbank.core.question import Kind, Objective, Question
from qbank.core.text import visible
from qbank.errors import Fault, InputInvalid
from qbank.store.portable import RECORD
from qbank.store.rows import BankKind

FORMAT = {"qbank-record": 1}
END = "end"
INTERVIEW = "interview"
"""The kind of line that holds what was said of the failed attempt; it is of no table, and only there when asked for."""
KINDS = (*RECORD, INTERVIEW)
MOST_FAULTS = 20
AGAIN = "Export the record again."
_TOO_DEEP = "It is nested more deeply than any row of a record"

# A bank could once be given no name at all.
_BankId = Annotated[str, msgspec.Meta(max_length=1_000)]
_Text = Annotated[str, msgspec.Meta(max_length=4_000_000)]


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    id: Key
    name: Key


class _Bank(msgspec.Struct, forbid_unknown_fields=True):
    id: _BankId
    name: str
    source: str
    kind: BankKind
    exam: str
    licence: str = ""
    off: bool = False


class _Objective(msgspec.Struct, forbid_unknown_fields=True):
    bank: _BankId
    id: Key
    system: str
    section: str
    disciplines: str
    task: str
    likelihood: str
    reserve: bool
    retired: bool
    payload: _Text


class _Question(msgspec.Struct, forbid_unknown_fields=True):
    bank: _BankId
    id: Key
    objective: Key
    version: Key
    kind: Kind
    path: str
    line: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    retired: bool


class _Version(msgspec.Struct, forbid_unknown_fields=True):
    bank: _BankId
    question: Key
    version: Key
    key: Key
    option_ids: list[str]
    payload: _Text


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    id: Key
    learner: Key
    device: Key
    at: datetime
    time_zone: str
    study_day: date
    kind: EventKind
    block: str | None
    data: dict[str, Any]


class _Interview(msgspec.Struct, forbid_unknown_fields=True):
    learner: Key
    account: Interview


class RecordFile(msgspec.Struct, frozen=True):
    """A record's rows by kind, and the line of each in the file."""

    name: str
    rows: Mapping[str, list[dict[str, Any]]]
    lines: Mapping[str, list[int]]

    def line_of_event(self, event: str) -> int:
        """The line of an event by its id; 1 for one that is not in the file."""
        for row, line in zip(self.rows["event"], self.lines["event"], strict=True):
            if row["id"] == event:
                return line
        return 1


class Known(msgspec.Struct, frozen=True):
    """What a store has already, as sets of keys, so that rows of a file may refer to it."""

    keys: Mapping[str, set[Any]] = msgspec.field(default_factory=lambda: {kind: set() for kind in RECORD})


def read_record(name: str, content: bytes, exam: Exam) -> RecordFile:
    """The rows in a file's bytes. Raises InputInvalid with the first MOST_FAULTS faults."""
    lines = content.split(b"\n")
    if not _is_record(lines[0]):
        raise _invalid(
            name,
            1,
            "This is not a record that this qbank can read.",
            "Give a file that `qbank export` wrote.",
        )
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    numbers: dict[str, list[int]] = {kind: [] for kind in KINDS}
    faults: list[Fault] = []
    body, end = _body(name, lines)
    for number, line in body:
        try:
            kind, row = _row(line, exam)
        except (ValueError, OverflowError) as error:
            faults.append(Fault(name, number, visible(f"{error}."), AGAIN))
            if len(faults) == MOST_FAULTS:
                break
        else:
            rows[kind].append(row)
            numbers[kind].append(number)
    if not faults and sum(map(len, rows.values())) < end:
        faults.append(Fault(name, len(lines), f"Lines are missing: {end} were written.", AGAIN))
    if faults:
        raise InputInvalid(faults)
    return RecordFile(name, rows, numbers)


def check_references(record: RecordFile, known: Known) -> None:
    """Raise InputInvalid for rows that refer to what neither the file nor the store has."""
    keys = {kind: known.keys[kind] | {_key(kind, row) for row in record.rows[kind]} for kind in RECORD}
    faults = [
        Fault(record.name, line, visible(f"The {kind} refers to a {target} that is missing: {key}."), AGAIN)
        for kind in KINDS
        for row, line in zip(record.rows[kind], record.lines[kind], strict=True)
        for target, key in _references(kind, row)
        if key not in keys[target]
    ]
    if faults:
        raise InputInvalid(faults[:MOST_FAULTS])


def end_line(rows: int) -> bytes:
    """The last line of a record, which shows that nothing was cut off."""
    return msgspec.json.encode({END: rows})


def _is_record(line: bytes) -> bool:
    try:
        return bool(msgspec.json.decode(line) == FORMAT)
    except (ValueError, RecursionError):
        return False


def _body(name: str, lines: Sequence[bytes]) -> tuple[list[tuple[int, bytes]], int]:
    """The numbered lines between the first and the last, and how many rows were written."""
    body = [(number, line) for number, line in enumerate(lines[1:], 2) if line.strip()]
    try:
        end = msgspec.json.decode(body.pop()[1], type=dict[str, int])[END] if body else None
    except (ValueError, KeyError, RecursionError):
        end = None
    if end is None:
        raise _invalid(name, len(lines), "The end of the record is missing: the file was cut.", AGAIN)
    return body, end


def _row(line: bytes, exam: Exam) -> tuple[str, dict[str, Any]]:
    try:
        return _checked(line, exam)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error


def _checked(line: bytes, exam: Exam) -> tuple[str, dict[str, Any]]:
    outer = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    if len(outer) != 1 or next(iter(outer)) not in _SHAPES:
        raise ValueError(f"Not a row of a record; known kinds are {', '.join(_SHAPES)}")
    (kind, raw), *_ = outer.items()
    found = msgspec.json.decode(raw, type=_SHAPES[kind])
    row = msgspec.structs.asdict(found)
    check_plain(row | {"account": msgspec.to_builtins(row["account"])} if kind == INTERVIEW else row)
    for name in _NAMES[kind]:
        check_name(row[name])
    check = _CHECKS.get(kind)
    if check is not None:
        check(row, exam)
    return kind, row


def _event(row: dict[str, Any], exam: Exam) -> None:
    at: datetime = row["at"]
    if at.tzinfo is None:
        raise ValueError("An event's time needs its zone")
    row["at"] = at.astimezone(UTC)
    block = row["data"].get("block")
    if row["block"] != (block if isinstance(block, str) else None):
        raise ValueError("The event is of another block than its data")
    check_event(Event(**{key: value for key, value in row.items() if key != "block"}), exam)


def _objective(row: dict[str, Any], exam: Exam) -> None:
    inside = msgspec.json.decode(row["payload"], type=Objective)
    check_plain(msgspec.to_builtins(inside))
    outside = Objective(
        row["bank"],
        row["id"],
        inside.text,
        row["system"],
        row["section"],
        inside.disciplines,
        row["task"],
        row["likelihood"],
        inside.sources,
        inside.review,
    )
    if inside != outside or row["disciplines"].split() != sorted(inside.disciplines):
        raise ValueError("The objective says different things of itself")


def _version(row: dict[str, Any], exam: Exam) -> None:
    question = msgspec.json.decode(row["payload"], type=Question)
    check_plain(msgspec.to_builtins(question))
    check_question(question)
    told = (row["bank"], row["question"], row["version"], row["key"], row["option_ids"])
    options = sorted(option.id for option in question.options)
    if told != (question.bank, question.id, question.version, question.key.id, options):
        raise ValueError("The question's text is not the one that this version had")


def _key(kind: str, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, or a tuple of texts
    names = [column.name for column in RECORD[kind].primary_key]
    return row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)


def _references(kind: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if kind == "event":
        yield from (("learner", row["learner"]), ("device", row["device"]))
    elif kind == INTERVIEW:
        yield "learner", row["learner"]
    elif kind == "objective":
        yield "bank", row["bank"]
    elif kind == "question":
        yield "objective", (row["bank"], row["objective"])
        yield "version", (row["bank"], row["id"], row["version"])
    elif kind == "version":
        yield "question", (row["bank"], row["question"])


def _invalid(name: str, line: int, message: str, mend: str) -> InputInvalid:
    return InputInvalid([Fault(name, line, message, mend)])


_SHAPES: Mapping[str, type[msgspec.Struct]] = {
    "learner": _Named,
    "device": _Named,
    "bank": _Bank,
    "objective": _Objective,
    "question": _Question,
    "version": _Version,
    "event": _Event,
    INTERVIEW: _Interview,
}
_NAMES: Mapping[str, tuple[str, ...]] = {
    kind: tuple(
        name for name, hint in get_type_hints(shape, include_extras=True).items() if hint in (Key, _BankId)
    )
    for kind, shape in _SHAPES.items()
}
_CHECKS: Mapping[str, Callable[[dict[str, Any], Exam], None]] = {
    "event": _event,
    "objective": _objective,
    "version": _version,
}
