"""Excel workbooks as small as they can be, written part by part, for tests that also damage them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

Cell = str | int | float
Sheets = Mapping[str, Sequence[Sequence[Cell]]]


def parts(sheets: Sheets) -> dict[str, str]:
    """Every part of a workbook with these sheets, by its name in the package."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{at}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    styles = f'<Relationship Id="rId{len(names) + 1}" Type="{_DOCUMENT}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}{styles}</Relationships>',
        # Style 1 is a date (number format 14).
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        **{f"xl/worksheets/sheet{at}.xml": sheet(rows) for at, rows in enumerate(sheets.values(), 1)},
    }


def sheet(rows: Sequence[Sequence[Cell]]) -> str:
    """A sheet; a cell that begins with < is its XML as it stands."""
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(number, at, cell) for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(number: int, at: int, cell: Cell) -> str:
    place = f"{chr(ord('A') + at)}{number}"
    if isinstance(cell, str) and cell.startswith("<c "):
        return cell.replace("<c ", f'<c r="{place}" ', 1)
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """The parts as a package."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in members.items():
            package.writestr(name, part)
    return content.getvalue()


def workbook(sheets: Sheets) -> bytes:
    return packed(parts(sheets))
