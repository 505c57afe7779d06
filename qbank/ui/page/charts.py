"""Charts as SVG that read the same on a phone, on a desk and on paper.

Places across are in percent and places down in em: a chart fills the width that is there, and its text keeps the size that
the reader has chosen. Colours are the page's, by class; nothing is told by colour alone.
"""

import itertools
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from qbank.ui.page.markup import escaped, number

LEFT, RIGHT = 12.0, 98.0
"""Percent of the width between which a chart with labels at its left is drawn."""

EDGE = 2.0
"""Percent left free at both sides of a chart without labels at its left, so that no dot is cut."""

LINE = 1.35
"""Em from one line of text to the next."""

LABEL_WIDTH = 42
"""Characters of a label that fit beside each other on a phone 360 pixels wide. [measured in Chromium, with DejaVu Sans]"""

WEEK_EM = 2.0
"""A week's width in the calendar where there is room."""

LEAST_WEEKS = 10
"""So many weeks' width the calendar takes at least, that its labels fit."""

_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Drawing(msgspec.Struct, frozen=True):
    """The inside of an SVG: `height` and, where it should not fill the width, `most_width` in em."""

    marks: str
    height: float
    most_width: float | None = None


class Range(msgspec.Struct, frozen=True):
    """A row: `at` is drawn as a dot, `low` to `high` as a bar, `other` as a ring, all from 0 to 1; None for nothing."""

    label: str
    note: str
    at: float | None = None
    low: float | None = None
    high: float | None = None
    other: float | None = None


class Point(msgspec.Struct, frozen=True):
    """A dot with its interval, from 0 to 1; `label` stands under the first and the last of a chart."""

    label: str
    at: float | None
    low: float = 0.0
    high: float = 1.0


class Trend(msgspec.Struct, frozen=True):
    """A row with one value a week from 0 to 1, the oldest first; None where there is none."""

    label: str
    note: str
    values: tuple[float | None, ...]


class Week(msgspec.Struct, frozen=True):
    """Minutes on each day of a week from Monday on; None for a day that is not told."""

    monday: date
    minutes: tuple[float | None, ...]


class Pair(msgspec.Struct, frozen=True):
    """A dot `x` across and `y` up, with the interval of `y`; all from 0 to 1."""

    x: float
    y: float
    low: float
    high: float


def ranges(rows: Sequence[Range], top: float = 1.0) -> Drawing:
    """Rows of a label, a note and a scale from 0 to `top` with what is on it."""
    return _ranges(rows, top, tuple(f"{part * top:.0%}" for part in _QUARTERS))


def ranges_about_nothing(rows: Sequence[Range], most: float) -> Drawing:
    """The same on a scale from -`most` to `most`, in points."""

    def place(value: float | None) -> float | None:
        return None if value is None else (min(max(value, -most), most) + most) / (2 * most)

    moved = [
        Range(row.label, row.note, place(row.at), place(row.low), place(row.high), place(row.other))
        for row in rows
    ]
    labels = tuple(f"{100 * most * (2 * part - 1):+.0f}" for part in _QUARTERS)
    return _ranges(moved, 1.0, tuple("0" if float(label) == 0 else label for label in labels))


def _ranges(rows: Sequence[Range], top: float, labels: Sequence[str]) -> Drawing:
    marks, down = [], 0.0
    for row in rows:
        lines, down = _label(row.label, row.note, down)
        marks += lines
        marks += _scale(down + 0.75)
        marks += _on_scale(row, down + 0.75, top)
        down += 2.0
    marks += [
        _text(_across(part), down + 0.6, label, "m " + _anchor(part))
        for part, label in zip(_QUARTERS, labels, strict=True)
    ]
    return Drawing("".join(marks), down + 1.0)


def dots(points: Sequence[Point]) -> Drawing:
    """Dots with intervals over time from 0 % to 100 %, those beside each other joined by a line."""
    height = 13.0
    marks = [mark for part in _QUARTERS for mark in _level(part, height, f"{part:.0%}")]
    places = [_place(number, len(points)) for number in range(len(points))]
    for x, point in zip(places, points, strict=True):
        if point.at is not None:
            marks.append(_line(x, _up(point.low, height), x, _up(point.high, height), "w"))
    marks += _joined(
        (x, None if point.at is None else _up(point.at, height))
        for x, point in zip(places, points, strict=True)
    )
    return Drawing("".join([*marks, *_ends([point.label for point in points], places, height)]), height + 1.6)


def trends(rows: Sequence[Trend]) -> Drawing:
    """Rows of a label, a note and a small line of values over time."""
    marks, down = [], 0.0
    for row in rows:
        lines, down = _label(row.label, row.note, down)
        marks += lines
        reach = 2.4
        marks += [_line(EDGE, down + y, 100 - EDGE, down + y, "g") for y in (0.3, 0.3 + reach)]
        marks += _joined(
            (
                _across(index / max(1, len(row.values) - 1)),
                None if value is None else down + 0.3 + (1 - value) * reach,
            )
            for index, value in enumerate(row.values)
        )
        down += reach + 1.0
    return Drawing("".join(marks), down)


def calendar(weeks: Sequence[Week]) -> Drawing:
    """A column a week, a box a day, filled from below by its part of the longest day's minutes."""
    longest = max((minutes or 0.0 for week in weeks for minutes in week.minutes), default=0.0)
    columns = max(LEAST_WEEKS, len(weeks))
    step = (RIGHT - LEFT) / columns
    row, box, top = 1.5, 1.3, 1.5
    marks = [
        _text(0, top + day * row + 1.0, name, "m")
        for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    ]
    marks += [
        _text(LEFT + column * step, 1.0, f"{weeks[column].monday:%b}", "m")
        for column in _month_columns(weeks, columns)
    ]
    for column, week in enumerate(weeks):
        x = LEFT + column * step
        for day, minutes in enumerate(week.minutes):
            if minutes is None:
                continue
            y = top + day * row
            marks.append(_box(x, y, step * 0.86, box, "e"))
            if minutes and longest:
                full = max(0.15, box * minutes / longest)
                marks.append(_box(x, y + box - full, step * 0.86, full, "f"))
    return Drawing("".join(marks), top + 7 * row, most_width=columns * WEEK_EM / (RIGHT - LEFT) * 100)


def pairs(points: Sequence[Pair], across: str, up: str) -> Drawing:
    """Dots with intervals in a square from 0 to 1 with its diagonal; `across` and `up` name the sides."""
    height, top = 17.0, 1.5
    marks = [_text(0, 1.0, up, "m")]
    for part in _QUARTERS:
        marks += _level(part, height, f"{part:.0%}", top)
        marks.append(_text(_inside(part), height + 1.3, f"{part:.0%}", "m " + _anchor(part)))
    marks.append(_line(_inside(0), height, _inside(1), top + 0.3, "d"))
    marks.append(_text(_inside(1), height + 2.7, across, "m z"))
    for point in points:
        x = _inside(point.x)
        marks.append(_line(x, _up(point.low, height, top), x, _up(point.high, height, top), "w"))
        marks.append(_dot(x, _up(point.y, height, top)))
    return Drawing("".join(marks), height + 3.2, most_width=34.0)


def bars(values: Sequence[tuple[str, float]]) -> Drawing:
    """A bar for each value with the value over it; the names of the first and the last stand under them."""
    height, top = 9.0, 1.4
    most = max((value for _, value in values), default=0.0)
    step = 100 / max(1, len(values))
    marks = []
    for index, (_, value) in enumerate(values):
        full = (height - top) * value / most if most else 0.0
        marks.append(_box(index * step + step * 0.12, height - full, step * 0.76, full, "f"))
        marks.append(_text((index + 0.5) * step, height - full - 0.3, f"{value:.0f}", "c"))
    marks.append(_line(0, height, 100, height, "a"))
    if values:
        marks.append(_text(0, height + 1.2, values[0][0], "m"))
    if len(values) > 1:
        marks.append(_text(100, height + 1.2, values[-1][0], "m z"))
    return Drawing("".join(marks), height + 1.6)


def _label(label: str, note: str, down: float) -> tuple[list[str], float]:
    """The lines of a row's label and note from a place on, and where they end."""
    lines = [(text, "b") for text in textwrap.wrap(label, LABEL_WIDTH)]
    lines += [(text, "m") for text in textwrap.wrap(note, LABEL_WIDTH + 4)]
    texts = [_text(0, down + number * LINE + 1.1, text, kind) for number, (text, kind) in enumerate(lines)]
    return texts, down + len(lines) * LINE + 0.15


def _scale(y: float) -> list[str]:
    ticks = [_line(_across(part), y - 0.35, _across(part), y + 0.35, "g") for part in _QUARTERS]
    return [_line(EDGE, y, 100 - EDGE, y, "g"), *ticks]


def _on_scale(row: Range, y: float, top: float) -> list[str]:
    marks = []
    if row.low is not None and row.high is not None:
        low, high = _across(row.low / top), _across(row.high / top)
        marks.append(_box(low, y - 0.3, high - low, 0.6, "r"))
    if row.at is not None and row.other is not None:
        marks.append(_line(_across(row.at / top), y, _across(row.other / top), y, "w"))
    if row.other is not None:
        marks.append(
            f'<circle class="o" cx="{number(_across(row.other / top))}%" cy="{number(y)}em" r=".38em"/>'
        )
    if row.at is not None:
        marks.append(_dot(_across(row.at / top), y))
    return marks


def _joined(places: Iterable[tuple[float, float | None]]) -> list[str]:
    """A dot at each place that has a height, and lines between those beside each other."""
    lines, marks = [], []
    before: tuple[float, float] | None = None
    for x, y in places:
        if y is None:
            before = None
            continue
        if before is not None:
            lines.append(_line(*before, x, y, "l"))
        marks.append(_dot(x, y, small=True))
        before = x, y
    return lines + marks


def _level(part: float, height: float, label: str, top: float = 0.6) -> list[str]:
    y = _up(part, height, top)
    return [_line(LEFT, y, RIGHT, y, "g"), _text(LEFT - 1.5, y + 0.35, label, "m z")]


def _ends(labels: Sequence[str], places: Sequence[float], height: float) -> list[str]:
    if not labels:
        return []
    if len(labels) == 1:
        return [_text(places[0], height + 1.2, labels[0], "m c")]
    return [
        _text(LEFT, height + 1.2, labels[0], "m"),
        _text(RIGHT, height + 1.2, labels[-1], "m z"),
    ]


def _month_columns(weeks: Sequence[Week], columns: int) -> list[int]:
    """The columns that a month's name stands over: where it begins, if the next one leaves it room."""
    begins = [
        column
        for column, week in enumerate(weeks)
        if column == 0 or week.monday.month != weeks[column - 1].monday.month
    ]
    room = max(2.0, columns / 13.5)
    return [
        column
        for column, following in itertools.pairwise([*begins, len(weeks) + columns])
        if following - column >= room
    ]


def _up(part: float, height: float, top: float = 0.6) -> float:
    """Em from above of a part of a chart that stands on `height`."""
    return height - part * (height - top - 0.3)


def _across(part: float) -> float:
    """Percent from the left of a part of a chart without labels at its left."""
    return EDGE + part * (100 - 2 * EDGE)


def _inside(part: float) -> float:
    """Percent from the left of a part of a chart with labels at its left, clear of both edges."""
    return LEFT + 2 + part * (RIGHT - LEFT - 4)


def _place(index: int, of: int) -> float:
    return _inside(index / (of - 1) if of > 1 else 0.5)


def _anchor(part: float) -> str:
    """The class that keeps a label under a part of the width from being cut."""
    return "" if part == 0 else "z" if part == 1 else "c"


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind.strip()}" x="{number(x)}%" y="{number(y)}em">{escaped(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{number(x1)}%" y1="{number(y1)}em" x2="{number(x2)}%" y2="{number(y2)}em"/>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{number(x)}%" y="{number(y)}em" width="{number(width)}%" '
        f'height="{number(height)}em"/>'
    )


def _dot(x: float, y: float, *, small: bool = False) -> str:
    return f'<circle class="p" cx="{number(x)}%" cy="{number(y)}em" r="{".25" if small else ".38"}em"/>'
