"""The records of a table in text: cells parted by commas, semicolons, tabs or bars, with or without headings."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from qbank.exchange.mcq_blackboard import DELIMITER, blackboard_records, is_blackboard
from qbank.exchange.mcq_blocks import block_records, blocks_delimiter
from qbank.exchange.mcq_fields import is_heading, role
from qbank.exchange.mcq_rows import FaultLog, Record, Records, bounded_lines, limited

Row = tuple[int, Sequence[str]]
"""A row with the line on which it begins."""

DELIMITERS = ",\t;|"
HEADER_ROWS = 20  # a template may say before its headings how it is to be filled in

_SEPARATOR = re.compile(rb"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own line before a table
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_MISSING_WORD = re.compile(r"\{\s*[=~][^{}]*[~}]", re.DOTALL)


def csv_records(content: bytes, columns: Mapping[str, str], shape: str | None, faults: FaultLog) -> Records:
    """The records of a table in UTF-8. Without headings it is MMLU's: question, options, letter of the key."""
    marked = _SEPARATOR.match(content)
    marks = marked[1].decode("latin-1") if marked else DELIMITERS
    start = marked.end() if marked else 0
    if is_blackboard(content, start) and not columns and shape != "mmlu":
        return Records(lambda log: blackboard_records(_rows(content, start, DELIMITER, log)))
    known = {mark: _headings(_head(content, start, mark, faults.name), columns) for mark in marks}
    best = max(marks, key=lambda mark: known[mark])
    if known[best] and shape != "mmlu":
        return table_records(lambda log: _rows(content, start, best, log), columns, faults)
    if mark := blocks_delimiter(content[start : start + 64 * 1024].decode("utf-8", "ignore")):
        return Records(lambda log: block_records(_rows(content, start, mark, log)), shape="table")
    for mark in marks if shape in (None, "mmlu") else "":
        first = next(iter(_head(content, start, mark, faults.name)), None)
        if first and _ends_in_letter(first[1]):
            return _without_headings(content, start, mark)
    _refuse(content, start, faults)
    return Records(lambda _: iter(()))


def names_columns(content: bytes) -> bool:
    """Whether a file begins with a row of headings, one for questions and two more among them."""
    file = io.BytesIO(content[: 64 * 1024])
    line = file.readline().removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore").rstrip("\r\n")
    rows = [line.replace('"', "").split(mark) for mark in DELIMITERS]
    return any(any(map(is_heading, row)) and sum(bool(role(cell)) for cell in row) > 2 for row in rows)


def table_records(
    rows: Callable[[FaultLog], Iterable[Row]], columns: Mapping[str, str], faults: FaultLog
) -> Records:
    """The records of rows, from the row with the headings on."""
    begin = _heading_at(list(islice(rows(FaultLog(faults.name)), HEADER_ROWS)), columns)
    if begin is None:
        _no_heading(1, faults)
        return Records(lambda _: iter(()))
    return Records(lambda log: _with_header(islice(rows(log), begin, None), log), headed=True)


def _without_headings(content: bytes, start: int, mark: str) -> Records:
    return Records(lambda log: _mmlu(_rows(content, start, mark, log)), shape="mmlu")


def _head(content: bytes, start: int, mark: str, name: str) -> list[Row]:
    """The first rows of a file as far as they can be read with a delimiter."""
    return list(islice(_parsed(content, start, mark, FaultLog(name)), HEADER_ROWS))


def _heading_at(rows: Sequence[Row], columns: Mapping[str, str]) -> int | None:
    """Which row has the headings: the first, or a later one where a question's heading does not stand alone."""
    wanted = columns.get("stem")
    for at, (_, row) in enumerate(rows):
        if wanted is not None:
            if any(cell.strip() == wanted for cell in row):
                return at
        elif any(map(is_heading, row)) and (at == 0 or sum(bool(role(cell)) for cell in row) > 2):
            return at
    return None


def _headings(rows: Sequence[Row], columns: Mapping[str, str]) -> int:
    """How many headings there are that say something, which is most with the right delimiter."""
    at = _heading_at(rows, columns)
    return (
        0 if at is None else sum(bool(role(cell)) or cell.strip() in columns.values() for cell in rows[at][1])
    )


def _refuse(content: bytes, start: int, faults: FaultLog) -> None:
    line, row = next(iter(_head(content, start, ",", faults.name)), (1, ("",)))
    if not row or not "".join(row).strip():
        return
    if _MISSING_WORD.search(content[:10_000].decode("utf-8", "ignore")):
        message = "This looks like Moodle's missing word format, which has no options of its own."
        mend = "Import it into Moodle and export it from there as Moodle XML or GIFT."
        faults.add(line, message, mend)
    else:
        _no_heading(line, faults)


def _no_heading(line: int, faults: FaultLog) -> None:
    mend = (
        "Begin the file with a row of headings such as question,A,B,C,D,answer, or say which column is which: "
        "--column stem=HEADING."
    )
    faults.add(line, "No column here is known to hold the questions.", mend)


def _rows(content: bytes, start: int, delimiter: str, faults: FaultLog) -> Iterator[Row]:
    """The rows that are not empty; from what is no CSV on there are none."""
    return limited(_parsed(content, start, delimiter, faults), faults)


def _parsed(content: bytes, start: int, delimiter: str, faults: FaultLog) -> Iterator[Row]:
    file = io.BytesIO(content)
    file.seek(start)
    lines = (line.decode() for line in bounded_lines(file, faults))
    first = content.count(b"\n", 0, start) + 1
    for line, row in strict_rows(_universal(lines), delimiter, first, faults):
        yield line, [cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in row]


def strict_rows(
    lines: Iterable[str], delimiter: str, first: int, faults: FaultLog
) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it begins on, the lines counted from `first`; up to a faulty one."""
    # Strict: without it a stray quotation mark silently runs rows into each other.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + first
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


def _universal(lines: Iterable[str]) -> Iterator[str]:
    """Lines that end in any way, old Macintosh's with a single CR among them."""
    for line in lines:
        if "\r" in line.rstrip("\r\n"):
            yield from _CR.findall(line)
        else:
            yield line


_CR = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def _with_header(rows: Iterable[Row], faults: FaultLog) -> Iterator[Record]:
    header: list[str] = []
    for at, (line, row) in enumerate(rows):
        if not at:
            header = [cell.strip() for cell in row]
            for heading, count in Counter(header).items():
                if heading and count > 1:
                    faults.add(line, f'The heading "{heading[:80]}" is there twice.', "Rename one of them.")
            continue
        if at == 1 and sum(bool(_HOW_TO_FILL.search(cell)) for cell in row) > 1:
            continue
        if any(cell.strip() for cell in row[len(header) :]):
            message = f"The row has {len(row)} cells, the header {len(header)}."
            faults.add(line, message, 'Put cells that hold commas in "...".')
        yield Record(line, dict(zip(header, row, strict=False)))


# The row under the headings of Quizizz's template says what goes below.
_HOW_TO_FILL = re.compile(r"\((?:required|optional|default)\b", re.IGNORECASE)


def _ends_in_letter(row: Sequence[str]) -> bool:
    last = row[-1].strip().upper()
    return len(row) >= 4 and len(last) == 1 and "A" <= last < chr(ord("A") + len(row) - 2)


def _mmlu(rows: Iterable[Row]) -> Iterator[Record]:
    for line, row in rows:
        options = {chr(ord("A") + at): text for at, text in enumerate(row[1:-1])}
        yield Record(line, {"question": row[0], **options, "answer": row[-1]})
