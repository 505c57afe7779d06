"""Laboratory values as lines: a look-up, and what can be looked up."""

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from qbank.core.lab import LabGroup, LabTable, LabValue, Range, find_labs
from qbank.ui.layout import hung

FEW = 3
"""So many rows are shown with where they come from; more would bury the numbers."""


def lab_lines(table: LabTable, words: str, width: int, *, si: bool = False) -> list[str]:
    """What the words name, by fluid, one range a line, in lines of at most `width` columns (40 or more)."""
    found = find_labs(table, words)
    if not found:
        return [*textwrap.wrap(f"There is no value named {words!r} in the table.", width), *_ways(width)]
    return [*_rows(found, width, si=si), *(_sources(found, width) if len(found) <= FEW else ())]


def group_lines(table: LabTable, width: int) -> list[str]:
    """The fluids with the word for each, and whose table it is."""
    lines = [f"  {group.id:<12} {group.name} ({len(group.values)})" for group in table.groups]
    return [*lines, *_ways(width), *textwrap.wrap(f"This is {table.name}; version {table.version}.", width)]


def range_text(each: Range) -> str:
    """A range in words and figures: 136-146, under 40, over 7."""
    if each.low is None:
        return f"under {_figure(each.high)}"
    if each.high is None:
        return f"over {_figure(each.low)}"
    return f"{_figure(each.low)}-{_figure(each.high)}"


def value_lines(value: LabValue, *, si: bool) -> Iterator[tuple[str, str]]:
    """A row as pairs of name and range with its unit; several ranges come indented under their name, which has none."""
    unit = value.unit_in(si=si)
    between = "" if not unit or unit.startswith(("/", "%")) else " "
    ranges = value.ranges_in(si=si)
    if len(ranges) == 1:
        name = ", ".join(filter(None, (value.name, ranges[0].who)))
        yield name, f"{range_text(ranges[0])}{between}{unit}"
        return
    yield value.name, ""
    for each in ranges:
        yield f"  {each.who}", f"{range_text(each)}{between}{unit}"


def _rows(found: Sequence[tuple[LabGroup, LabValue]], width: int, *, si: bool) -> Iterator[str]:
    cells = [(group.name, *cell) for group, value in found for cell in value_lines(value, si=si)]
    across = min(max(len(name) for _, name, text in cells if text), width // 2)
    shown = ""
    for group_name, name, text in cells:
        if group_name != shown:
            yield f"{group_name}:"
            shown = group_name
        if not text:
            yield f"  {name}"
            continue
        *above, last = textwrap.wrap(name, across, subsequent_indent="  ")
        yield from (f"  {line}" for line in above)
        yield from hung(f"  {last:<{across}}  ", text, width)


def _sources(found: Sequence[tuple[LabGroup, LabValue]], width: int) -> Iterator[str]:
    for source in dict.fromkeys(value.source for _, value in found):
        yield from textwrap.wrap(f"Source ({source.confidence}): {source.text}.", width)


def _ways(width: int) -> list[str]:
    return textwrap.wrap(
        "Look up a name, an abbreviation or a fluid, as in: v sodium, v hgb, v csf. v si glucose shows SI units.",
        width,
    )


def _figure(number: Decimal | None) -> str:
    assert number is not None, "a range has one end at least"
    return f"{number:,}"
