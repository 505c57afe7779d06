"""The rows of an Excel workbook (.xlsx, ECMA-376), read by calamine within limits of size.

Its cells come as they were last calculated; formulas are never. The package is unpacked here, within limits, and handed on
without compression, so that what the reader sees is no more than was counted.
"""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from qbank.errors import UsageError
from qbank.exchange.mcq_csv import HEADER_ROWS, Row
from qbank.exchange.mcq_fields import is_heading
from qbank.exchange.mcq_rows import FaultLog

UNPACKED_LIMIT = (
    96 * 1024 * 1024
)  # bytes of all the parts that are read; up to four times that is held for a moment
MEMBER_LIMIT = 10_000
CELL_LIMIT = 5_000_000  # of a sheet, empty ones too: calamine makes room for a whole rectangle

_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory (APPNOTE 4.3.12)
_WANTED = re.compile(r"(\[Content_Types\]\.xml|_rels/|xl/).*(xml|rels)|\[Content_Types\]\.xml", re.IGNORECASE)
_UNWANTED = re.compile(
    r"xl/(media|drawings|charts|embeddings|theme|printersettings|externallinks)/", re.IGNORECASE
)
_PLACE = re.compile(rb"""[\s<]r\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_MEND = "Save it as CSV in UTF-8, or again as .xlsx."


def is_workbook(content: bytes) -> bool:
    """Whether a file is a zip that names a workbook's parts; the names of a zip stand in it as they are."""
    return content.startswith(b"PK\x03\x04") and b"xl/workbook" in content


def sheet_rows(content: bytes, sheet: str, columns: Mapping[str, str], faults: FaultLog) -> Sequence[Row]:
    """The rows of the sheet of that name, or of the first that has a heading for questions, by their number there.

    What cannot be read goes to the faults. Raises UsageError for a sheet that is not there.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    package = _bounded(content, faults)
    if not package:
        return []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(package))
        names = workbook.sheet_names
        if sheet and sheet not in names:
            raise UsageError(f"There is no sheet {sheet!r}. There are: {', '.join(names)}.")
        first: Sequence[Row] = []
        for name in [sheet] if sheet else names:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = [
                (number, [_text(cell) for cell in row])
                for number, row in enumerate(cells, 1)
                if any(cell != "" for cell in row)
            ]
            if sheet or _has_heading(rows, columns):
                return rows
            first = first or rows
        return first
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        faults.add(1, f"The workbook cannot be read ({error}).", _MEND)
        return []


def _has_heading(rows: Sequence[Row], columns: Mapping[str, str]) -> bool:
    wanted = columns.get("stem")
    return any(
        cell.strip() == wanted if wanted else is_heading(cell)
        for _, row in rows[:HEADER_ROWS]
        for cell in row
    )


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO 8601 has them."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _bounded(content: bytes, faults: FaultLog) -> bytes:
    """The parts that hold cells, packed without compression; b"" with a fault where they are damaged or too large."""
    if content.count(_ENTRY) > MEMBER_LIMIT:
        faults.add(1, f"The workbook holds more than {MEMBER_LIMIT:,} files.", _MEND)
        return b""
    packed = io.BytesIO()
    left = UNPACKED_LIMIT
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as source,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target,
        ):
            for info in source.infolist():
                if not _WANTED.fullmatch(info.filename) or _UNWANTED.match(info.filename):
                    continue
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    faults.add(1, f'"{info.filename}" in the workbook is packed in an unknown way.', _MEND)
                    return b""
                if info.file_size > left:
                    faults.add(1, _problem(info.filename, b"", -1), _MEND)
                    return b""
                with source.open(info) as member:
                    # No further than it says, for it may lie.
                    part = member.read(info.file_size + 1)
                left -= len(part)
                if problem := _problem(info.filename, part, left):
                    faults.add(1, problem, _MEND)
                    return b""
                target.writestr(info.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        faults.add(1, f"The workbook is damaged or locked ({error}).", _MEND)
        return b""
    return packed.getvalue()


def _problem(name: str, part: bytes, left: int) -> str:
    if left < 0:
        return f"The workbook unpacks to more than {UNPACKED_LIMIT // 1024**2} MiB."
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        return f'"{name}" in the workbook declares entities of its own, which are not read.'
    if "worksheets/" in name:
        rows = columns = 1
        for letters, digits in _PLACE.findall(part):
            rows, columns = max(rows, int(digits[:9])), max(columns, _column(letters))
        if rows * columns > CELL_LIMIT:
            return f'"{name}" in the workbook has room for more than {CELL_LIMIT:,} cells.'
    return ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number
