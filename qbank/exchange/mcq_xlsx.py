"""The rows of an Excel workbook (.xlsx, ECMA-376 part 1), read a part at a time and within limits.

Its cells come as they were last calculated; formulas are never. Readers that are made for trusted workbooks make room for
all that a cell's place promises, so that two cells of a hostile one can end the program.
"""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from qbank.errors import UsageError
from qbank.exchange.mcq_csv import HEADER_ROWS, Row
from qbank.exchange.mcq_fields import is_heading
from qbank.exchange.mcq_rows import FaultLog

UNPACKED_LIMIT = 64 * 1024 * 1024  # bytes of one part; 10,000 long questions have a third of it
CELL_LIMIT = 5_000_000  # of a sheet, those between two cells of a row too
HELD_LIMIT = 100_000  # elements of one row or one text
MEMBER_LIMIT = 10_000

_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory (APPNOTE 4.3.12)
_MEND = "Save it as CSV in UTF-8, or again as .xlsx."


class _RefusedError(Exception):
    """A part that is not read, with the reason."""


def is_workbook(content: bytes) -> bool:
    """Whether a file is a zip that names a workbook's parts; the names of a zip stand in it as they are."""
    return content.startswith(b"PK\x03\x04") and b"xl/workbook" in content


def sheet_rows(content: bytes, sheet: str, columns: Mapping[str, str], faults: FaultLog) -> Sequence[Row]:
    """The rows of the sheet of that name, or of the first that has a heading for questions, by their number there.

    What cannot be read goes to the faults. Raises UsageError for a sheet that is not there.
    """
    try:
        if content.count(_ENTRY) > MEMBER_LIMIT:
            raise _RefusedError(f"The workbook holds more than {MEMBER_LIMIT:,} files.")
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _chosen(_Workbook(package), sheet, columns)
    except _RefusedError as error:
        faults.add(1, str(error), _MEND)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        # LookupError is for a part that is not there and for an encoding that is none.
        faults.add(1, f"The workbook cannot be read ({error}).", _MEND)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        faults.add(1, f"The workbook is damaged or locked ({error}).", _MEND)
    return []


def _chosen(workbook: "_Workbook", sheet: str, columns: Mapping[str, str]) -> Sequence[Row]:
    if sheet and sheet not in workbook.sheets:
        raise UsageError(f"There is no sheet {sheet!r}. There are: {', '.join(workbook.sheets)}.")
    first: Sequence[Row] = []
    for name in [sheet] if sheet else workbook.sheets:
        rows = workbook.rows(name)
        if sheet or _has_heading(rows, columns):
            return rows
        first = first or rows
    return first


def _has_heading(rows: Sequence[Row], columns: Mapping[str, str]) -> bool:
    wanted = columns.get("stem")
    cells = [cell for _, row in rows[:HEADER_ROWS] for cell in row]
    return any(cell.strip() == wanted if wanted else is_heading(cell) for cell in cells)


class _Styles(NamedTuple):
    """Which styles of cells are dates, and the day that dates count from."""

    dates: frozenset[int]
    epoch: datetime.datetime


class _Workbook:
    """The sheets of a package by name, each with the name of its part."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.sheets: dict[str, str] = {}
        related = {
            one.get("Id", ""): one.get("Target", "")
            for one in self._each("xl/_rels/workbook.xml.rels", "Relationship")
        }
        first = "1899-12-30"  # 1900 was no leap year; Excel keeps the error of an older program
        for one in self._each("xl/workbook.xml", "sheet", "workbookPr"):
            if _local(one) == "sheet":
                target = related.get(
                    next((value for key, value in one.items() if key.endswith("}id")), ""), ""
                )
                path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
                self.sheets[one.get("name", "")] = path
            elif one.get("date1904") in ("1", "true"):
                first = "1904-01-01"
        self._styles = _Styles(self._dates(), datetime.datetime.fromisoformat(first))
        self._texts = [_said(one) for one in self._each("xl/sharedStrings.xml", "si", optional=True)]

    def rows(self, name: str) -> list[Row]:
        """The rows of a sheet that are not empty."""
        rows: list[Row] = []
        number = cells = 0
        for row in self._each(self.sheets[name], "row"):
            number = _whole(row.get("r"), number + 1)
            texts = self._cells(row)
            cells += len(texts)
            if cells > CELL_LIMIT:
                raise _RefusedError(f'The sheet "{name}" has room for more than {CELL_LIMIT:,} cells.')
            if any(text.strip() for text in texts):
                rows.append((number, texts))
        return rows

    def _cells(self, row: ElementTree.Element) -> list[str]:
        texts: list[str] = []
        for cell in row:
            if _local(cell) != "c":
                continue
            column = _column(cell.get("r", "")) or len(texts) + 1
            text = self._text(cell)
            if text:
                texts += [""] * (column - len(texts))
                texts[column - 1] = text
            elif column > len(texts):
                texts.append("")
        return texts

    def _text(self, cell: ElementTree.Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _said(cell)
        value = next((one.text or "" for one in cell if _local(one) == "v"), "")
        if kind == "s":
            at = _whole(value, len(self._texts))
            return self._texts[at] if at < len(self._texts) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n" or not value:
            return value
        return _number(value, _whole(cell.get("s"), 0) in self._styles.dates, self._styles.epoch)

    def _dates(self) -> frozenset[int]:
        """The places of those formats of cells that show a date."""
        named: dict[int, bool] = {}
        formats: list[bool] = []
        within = False
        for one in self._each("xl/styles.xml", "numFmt", "cellXfs", "xf", optional=True, starts=True):
            if _local(one) == "numFmt":
                named[_whole(one.get("numFmtId"), 0)] = _shows_date(one.get("formatCode", ""))
            elif _local(one) == "cellXfs":
                within = not within
            elif within:
                number = _whole(one.get("numFmtId"), 0)
                formats.append(named.get(number, number in _DATE_FORMATS))
        return frozenset(at for at, dated in enumerate(formats) if dated)

    def _each(
        self, part: str, *names: str, optional: bool = False, starts: bool = False
    ) -> Iterator[ElementTree.Element]:
        """The elements of these names in a part, each when it is complete; with `starts` cellXfs also when it begins."""
        if optional and part not in self._package.NameToInfo:
            return
        content = self._part(part)
        held = 0
        above: list[ElementTree.Element] = []
        for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
            if event == "start":
                held += 1
                if held > HELD_LIMIT:
                    raise _RefusedError(
                        f'"{part}" in the workbook has more than {HELD_LIMIT:,} elements in one piece.'
                    )
                above.append(element)
                if starts and _local(element) == "cellXfs":
                    yield element
                continue
            above.pop()
            if _local(element) in names:
                yield element
                held = len(above)
                if above:
                    above[-1].clear()

    def _part(self, name: str) -> bytes:
        info = self._package.getinfo(name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _RefusedError(f'"{name}" in the workbook is packed in an unknown way.')
        with self._package.open(info) as member:
            # No further than it says, for it may lie.
            content = member.read(min(info.file_size, UNPACKED_LIMIT) + 1)
        if len(content) > UNPACKED_LIMIT:
            raise _RefusedError(
                f'"{name}" in the workbook unpacks to more than {UNPACKED_LIMIT // 1024**2} MiB.'
            )
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
            raise _RefusedError(f'"{name}" in the workbook declares entities of its own, or is not UTF-8.')
        return content


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _said(element: ElementTree.Element) -> str:
    """The text of a cell or a shared string, in one run or several; how it is pronounced is left out."""
    pieces: list[str] = []
    for one in element:
        if _local(one) == "t":
            pieces.append(one.text or "")
        elif _local(one) in ("r", "is"):
            pieces.append(_said(one))
    return _CHARACTER.sub(lambda found: chr(int(found[1], 16)), "".join(pieces))


_CHARACTER = re.compile(
    r"_x([0-9A-F]{4})_"
)  # what XML has no character for, such as _x000D_ (ECMA-376 22.9.2.19)
_DATE_FORMATS = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
)  # ECMA-376 18.8.30
_NO_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def _shows_date(code: str) -> bool:
    return bool(re.search(r"[dmyhs]", _NO_DATE.sub("", code.casefold()).replace("general", "")))


def _number(value: str, dated: bool, epoch: datetime.datetime) -> str:
    """A number as a spreadsheet shows it, to fifteen digits; a date as ISO 8601 has it."""
    try:
        number = float(value)
    except ValueError:
        return value
    if dated and 0 <= number < 2_958_466:  # the last day is 9999-12-31
        moment = epoch + datetime.timedelta(seconds=round(number * 86_400))
        if number < 1:
            return moment.time().isoformat()
        return moment.isoformat(" ") if moment.time() != datetime.time() else moment.date().isoformat()
    return f"{number:.15g}"


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _column(place: str) -> int:
    """The number of the column in a place such as AB12, from 1; 0 for what is none. Excel's last is XFD."""
    letters = re.match(r"[A-Z]{1,3}(?=\d)", place)
    number = 0
    for letter in letters[0] if letters else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
