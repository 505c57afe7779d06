"""The records of a CSV or JSON file, each with the line on which it begins."""

import csv
import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from qbank.core.text import visible
from qbank.errors import Fault, InputInvalid
from qbank.exchange.mcq_fields import is_heading

T = TypeVar("T")

SIZE_LIMIT = 256 * 1024 * 1024  # bytes; the largest public set has half of that
ROW_LIMIT = 200_000  # the largest public set has 182,822
FAULT_LIMIT = 1000  # a file of the wrong kind would have one on every line


@dataclass(frozen=True, slots=True)
class Record:
    """One question as the file has it: heading or key -> value."""

    line: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class FaultLog:
    """The faults of the file `name`; at FAULT_LIMIT it raises them."""

    name: str
    items: list[Fault] = field(default_factory=list)

    def add(self, line: int, message: str, mend: str) -> None:
        self.items.append(Fault(visible(self.name), line, visible(message), visible(mend)))
        if len(self.items) == FAULT_LIMIT:
            self.items.append(Fault(visible(self.name), line, "There are more faults.", "Mend these first."))
            self.raise_any()

    def add_unknown(self, line: int, message: str, word: str, words: Iterable[str]) -> None:
        """A fault whose mend is the nearest of the known words, or the list of them."""
        known = {known.casefold(): known for known in sorted(words)}
        close = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.5)
        mend = f'Did you mean "{known[close[0]]}"?' if close else f"There are: {', '.join(known.values())}."
        self.add(line, message, mend)

    def raise_any(self) -> None:
        """Raise InputInvalid with every fault, if there is one."""
        if self.items:
            raise InputInvalid(self.items)


def read_records(
    content: bytes, columns: Mapping[str, str], shape: str | None, faults: FaultLog
) -> list[Record]:
    """The records of a file; a CSV whose first row has no heading for questions is MMLU's."""
    text = _text(content, faults)
    if _ARRAY.match(text):
        return list(_limited(_array(text, faults), faults))
    if _OBJECT.match(text):
        return list(_limited(json_lines(text, faults), faults))
    return _table(text, columns, shape, faults)


def _limited(rows: Iterator[T], faults: FaultLog) -> Iterator[T]:
    """The rows of a file. Raises InputInvalid when there are more than ROW_LIMIT."""
    for number, row in enumerate(rows):
        if number > ROW_LIMIT:  # one of them may be a header
            faults.add(1, f"The file holds more than {ROW_LIMIT:,} questions.", "Split it.")
            faults.raise_any()
        yield row


_ARRAY = re.compile(r"\s*\[\s*[{\]]")
_ARRAY_END = re.compile(r"\s*\]\s*$")
_OBJECT = re.compile(r'\s*\{\s*["}]')
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_GAP = re.compile(r"[\s,]*")


def _text(content: bytes, faults: FaultLog) -> str:
    mend = "Save it as a UTF-8 CSV or JSON file."
    if len(content) > SIZE_LIMIT:
        faults.add(1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Split it.")
    elif content.startswith((b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        faults.add(1, "The file is not UTF-8 text.", mend)
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            faults.add(line, "The text is not UTF-8 from here on.", mend)
    faults.raise_any()
    return ""


def json_lines(text: str, faults: FaultLog, begin: int = 1) -> Iterator[Record]:
    """The records of lines that hold one JSON object each; `begin` is the number of the first."""
    for number, line in enumerate(text.split("\n"), begin):
        if line.strip():
            try:
                yield from _record(number, json.loads(line), faults)
            except (ValueError, RecursionError):  # JSONDecodeError, and a number of more than 4,300 digits
                mend = "Write one JSON object on each line, or all of them in one [list]."
                faults.add(number, "This line is not JSON.", mend)


def _array(text: str, faults: FaultLog) -> Iterator[Record]:
    decoder = json.JSONDecoder()
    at, line = text.index("[") + 1, 1 + text.count("\n", 0, text.index("["))
    while not _ARRAY_END.match(text, at):
        gap = _GAP.match(text, at)
        begin = gap.end() if gap else at
        line += text.count("\n", at, begin)
        try:
            value, at = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError):
            faults.add(
                line, "The list is not JSON from here on.", "Mend it or write one object on each line."
            )
            return
        yield from _record(line, value, faults)
        line += text.count("\n", begin, at)


def _record(line: int, value: object, faults: FaultLog) -> Iterator[Record]:
    if isinstance(value, dict):
        yield Record(line, value)
    else:
        faults.add(
            line, "This is not a question.", 'Write each as an object: {"question": ..., "answer": ...}.'
        )


def _table(text: str, columns: Mapping[str, str], shape: str | None, faults: FaultLog) -> list[Record]:
    delimiter = next((mark for mark in ",\t;" if _has_header(text, mark, columns)), None)
    rows = list(_limited(_rows(text, delimiter or ",", faults), faults))
    if not rows:
        return []
    if delimiter and shape != "mmlu":
        return _with_header(rows, faults)
    if shape in (None, "mmlu") and _ends_in_letter(rows[0][1]):
        return [record for line, row in rows for record in _mmlu(line, row, faults)]
    mend = (
        "Begin the file with a row of headings such as question,A,B,C,D,answer, or say which column is which."
    )
    faults.add(rows[0][0], "No column here is known to hold the questions.", mend)
    return []


def _has_header(text: str, delimiter: str, columns: Mapping[str, str]) -> bool:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    try:
        row = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error:
        return False
    wanted = columns.get("stem")
    return any(cell.strip() == wanted if wanted else is_heading(cell) for cell in row)


def _rows(text: str, delimiter: str, faults: FaultLog) -> Iterator[tuple[int, list[str]]]:
    # Strict: without it a stray quotation mark silently runs questions into each other.
    lines = (match[0] for match in _LINE.finditer(text))  # io.StringIO would take four bytes a character
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            mend = (
                'Put cells with commas, quotation marks or line ends in "...", and double the marks inside.'
            )
            faults.add(line, f"The row that begins here is not CSV ({error}).", mend)
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield line, row


def _with_header(rows: list[tuple[int, list[str]]], faults: FaultLog) -> list[Record]:
    header = [cell.strip() for cell in rows[0][1]]
    for heading, count in Counter(header).items():
        if heading and count > 1:
            faults.add(rows[0][0], f'The heading "{heading[:80]}" is there twice.', "Rename one of them.")
    records = []
    for line, row in rows[1:]:
        if any(cell.strip() for cell in row[len(header) :]):
            message = f"The row has {len(row)} cells, the header {len(header)}."
            faults.add(line, message, 'Put cells that hold commas in "...".')
        records.append(Record(line, dict(zip(header, row, strict=False))))
    return records


def _ends_in_letter(row: list[str]) -> bool:
    last = row[-1].strip().upper()
    return len(row) >= 4 and len(last) == 1 and "A" <= last < chr(ord("A") + len(row) - 2)


def _mmlu(line: int, row: list[str], faults: FaultLog) -> Iterator[Record]:
    if _ends_in_letter(row):
        options = {chr(ord("A") + at): text for at, text in enumerate(row[1:-1])}
        yield Record(line, {"question": row[0], **options, "answer": row[-1]})
    else:
        faults.add(line, "The row does not end in the letter of its key.", "Write question, options, letter.")
