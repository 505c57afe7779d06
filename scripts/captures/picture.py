"""A screen as a picture: text that every viewer draws alike, and nothing to fetch.

Textual exports a screen through Rich, whose template names web fonts and changes with its version. So only what is on the
screen is taken from it, and drawn here: the same screen gives the same bytes with any version of either.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from xml.etree import ElementTree

from qbank.ui.layout import columns

CELL, LINE, SIZE = 10, 20, 16
"""A column and a row in pixels, and the size of letters that fill them: most monospaced ones are 0.6 as wide as high."""

EDGE = 10
FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

_SVG = "{http://www.w3.org/2000/svg}"
_CELL_EXPORTED, _LINE_EXPORTED, _TEXT_EXPORTED, _BACK_EXPORTED = 12.2, 24.4, 20, 1.5
_RULE = re.compile(r"\.(\S+-r\d+) \{ (.*?) \}")
_NO_BREAK = "\xa0"
_UPRIGHT = "\N{BOX DRAWINGS LIGHT VERTICAL}"
_LOOKS = {
    "font-weight: bold": ' font-weight="bold"',
    "text-decoration: underline": ' text-decoration="underline"',
    "text-decoration: line-through": ' text-decoration="line-through"',
}


class _Run(NamedTuple):
    row: int
    column: int
    text: str
    look: str


class _Back(NamedTuple):
    row: int
    column: int
    columns: int
    colour: str


def picture(exported: str, width: int, height: int, says: str) -> str:
    """An exported screen of so many columns and rows, drawn anew; `says` tells in words what it shows."""
    root = ElementTree.fromstring(exported)
    backs = _joined(_backs(root))
    ground = _most_common(backs)
    wide, high = width * CELL + 2 * EDGE, height * LINE + 2 * EDGE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">',
        f"<title>{escape(says)}</title>",
        f'<rect width="{wide}" height="{high}" rx="8" fill="{ground}"/>',
        f'<g font-family="{FONTS}" font-size="{SIZE}">',
        *(_rect(back) for back in backs if back.colour != ground),
        *(_mark(run) for run in _runs(root)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rect(back: _Back) -> str:
    x, y = EDGE + back.column * CELL, EDGE + back.row * LINE
    return f'<rect x="{x}" y="{y}" width="{back.columns * CELL}" height="{LINE}" fill="{back.colour}"/>'


def _mark(run: _Run) -> str:
    """Rules that cross lines are drawn, for letters leave gaps between one line and the next."""
    if run.text != _UPRIGHT:
        return _text(run)
    x, y = EDGE + run.column * CELL + CELL // 2, EDGE + run.row * LINE
    return f'<rect x="{x}" y="{y}" width="1" height="{LINE}"{run.look}/>'


def _text(run: _Run) -> str:
    """`textLength` keeps the columns whatever the font; letters stand a quarter of a line above its foot.

    Where spaces follow each other they must not break, or viewers draw one for them all.
    """
    x, y = EDGE + run.column * CELL, EDGE + run.row * LINE + LINE * 3 // 4
    wide = columns(run.text) * CELL
    text = escape(run.text, quote=False).replace("  ", 2 * _NO_BREAK)
    return f'<text x="{x}" y="{y}" textLength="{wide}"{run.look}>{text}</text>'


def _runs(root: ElementTree.Element) -> Iterator[_Run]:
    """The text of each line in runs of one look, without the spaces around them."""
    looks = {name: _look(rule) for name, rule in _RULE.findall(root.findtext(f"{_SVG}style") or "")}
    for element in root.iter(f"{_SVG}text"):
        look = looks.get(element.get("class", ""))
        if look is None:
            continue
        text = (element.text or "").replace(_NO_BREAK, " ")
        row = round((float(element.get("y", "0")) - _TEXT_EXPORTED) / _LINE_EXPORTED)
        column = round(float(element.get("x", "0")) / _CELL_EXPORTED)
        before = len(text) - len(text.lstrip())
        yield _Run(row, column + before, text.strip(), look)


def _look(rule: str) -> str:
    parts = [part.strip() for part in rule.split(";") if part.strip()]
    colour = next(part.removeprefix("fill: ") for part in parts if part.startswith("fill: "))
    return f' fill="{colour}"' + "".join(_LOOKS[part] for part in parts if not part.startswith("fill: "))


def _backs(root: ElementTree.Element) -> Iterator[_Back]:
    for element in root.iter(f"{_SVG}rect"):
        if element.get("shape-rendering") == "crispEdges":
            yield _Back(
                round((float(element.get("y", "0")) - _BACK_EXPORTED) / _LINE_EXPORTED),
                round(float(element.get("x", "0")) / _CELL_EXPORTED),
                round(float(element.get("width", "0")) / _CELL_EXPORTED),
                element.get("fill", ""),
            )


def _joined(backs: Iterator[_Back]) -> list[_Back]:
    """Neighbours of one colour as one, so that the picture does not depend on how a line was cut."""
    found: list[_Back] = []
    for back in backs:
        last = found[-1] if found else None
        if (
            last
            and (last.row, last.colour) == (back.row, back.colour)
            and last.column + last.columns == back.column
        ):
            found[-1] = last._replace(columns=last.columns + back.columns)
        else:
            found.append(back)
    return found


def _most_common(backs: list[_Back]) -> str:
    cells: dict[str, int] = {}
    for back in backs:
        cells[back.colour] = cells.get(back.colour, 0) + back.columns
    return max(cells, key=lambda colour: cells[colour])
