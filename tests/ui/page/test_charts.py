"""Charts: every mark lies inside, and its place tells the value."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.ui.page.charts import (
    Drawing,
    Pair,
    Point,
    Range,
    Trend,
    Week,
    bars,
    calendar,
    dots,
    pairs,
    ranges,
    trends,
)

parts = st.floats(0, 1)
maybe = st.none() | parts
monday = date(2026, 11, 2)
drawings = st.one_of(
    st.builds(
        lambda rows: ranges(rows),
        st.lists(
            st.builds(Range, st.just("A name"), st.just("a note"), maybe, maybe, maybe, maybe), max_size=5
        ),
    ),
    st.builds(dots, st.lists(st.builds(Point, st.just("1 Nov"), maybe, parts, parts), max_size=60)),
    st.builds(
        trends,
        st.lists(
            st.builds(Trend, st.just("A name"), st.just(""), st.lists(maybe, max_size=8).map(tuple)),
            max_size=5,
        ),
    ),
    st.builds(
        pairs, st.lists(st.builds(Pair, parts, parts, parts, parts), max_size=10), st.just("x"), st.just("y")
    ),
    st.builds(bars, st.lists(st.tuples(st.just("1 Nov"), st.floats(0, 1000)), max_size=14)),
    st.builds(
        lambda minutes: calendar(
            [Week(monday + timedelta(7 * at), tuple(week)) for at, week in enumerate(minutes)]
        ),
        st.lists(st.lists(st.none() | st.floats(0, 900), min_size=7, max_size=7), max_size=53),
    ),
)


@given(drawings)
def test_every_mark_lies_inside(drawing: Drawing) -> None:
    """From 0 to 100 % across and from 0 to the chart's height down, whatever the values are."""
    for mark in marks_of(drawing):
        size = {name: float(value.rstrip("%em")) for name, value in mark.attrib.items() if name != "class"}
        across = [size[name] for name in ("x", "x1", "x2", "cx") if name in size]
        down = [size[name] for name in ("y", "y1", "y2", "cy") if name in size]
        across += [size["x"] + size["width"]] if "width" in size else []
        down += [size["y"] + size["height"]] if "height" in size else []
        assert all(-0.02 <= place <= 100.02 for place in across), mark.attrib
        assert all(-0.02 <= place <= drawing.height + 0.02 for place in down), mark.attrib


def test_ranges_lie_on_their_scale() -> None:
    """Half of the scale is the middle; a scale that ends at 20 % puts 10 % there too."""
    (bar,) = classed(ranges([Range("Name", "", 0.5, 0.25, 0.75)]), "r")
    (dot,) = classed(ranges([Range("Name", "", 0.5, 0.25, 0.75)]), "p")
    (ring,) = classed(ranges([Range("Name", "", other=0.1)], top=0.2), "o")
    assert (bar["x"], bar["width"]) == ("26%", "48%")
    assert dot["cx"] == ring["cx"] == "50%"


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    """A name alone, without dot or bar."""
    drawing = ranges([Range("Name", "nothing believed yet")])
    assert not classed(drawing, "r")
    assert not classed(drawing, "p")
    assert "nothing believed yet" in drawing.marks


def test_a_line_breaks_where_a_week_is_missing() -> None:
    """Four values with a gap after the second: two lines, four dots."""
    drawing = trends([Trend("Name", "", (0.5, 0.6, None, 0.7, 0.8))])
    assert len(classed(drawing, "l")) == 2
    assert len(classed(drawing, "p")) == 4


def test_higher_is_more() -> None:
    """In dots and bars the larger value stands nearer to the top."""
    low, high = (
        float(dot["cy"].rstrip("em")) for dot in classed(dots([Point("", 0.2), Point("", 0.8)]), "p")
    )
    assert high < low
    small, large = (float(bar["height"].rstrip("em")) for bar in classed(bars([("a", 10), ("b", 20)]), "f"))
    assert large == pytest.approx(2 * small, abs=0.02)


def test_calendar_fills_a_box_by_its_part_of_the_longest_day() -> None:
    """Rest is an empty box, a day to come is none, and the longest day is full."""
    drawing = calendar([Week(monday, (60.0, 30.0, 0.0, None, None, None, None))])
    heights = [float(box["height"].rstrip("em")) for box in classed(drawing, "f")]
    assert len(classed(drawing, "e")) == 3
    assert heights == [1.3, 0.65]


def test_months_stand_over_their_first_week_without_touching() -> None:
    """A month of which only the last week is drawn gives way to the next."""
    weeks = [Week(date(2026, 10, 26) + timedelta(7 * at), (1.0,) * 7) for at in range(10)]
    assert re.findall(r">([A-Z][a-z]{2})<", calendar(weeks).marks) == [
        *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        *("Nov", "Dec"),
    ]
    year = [Week(date(2025, 11, 24) + timedelta(7 * at), (1.0,) * 7) for at in range(53)]
    months = re.findall(r">([A-Z][a-z]{2})<", calendar(year).marks)[7:]
    assert months == ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


def test_long_names_are_set_on_several_lines() -> None:
    """No word is lost, and no line is wider than a phone."""
    name = "Biostatistics, Epidemiology/Population Health, & Interpretation of the Medical Literature"
    lines = [mark.text or "" for mark in marks_of(ranges([Range(name, "")])) if mark.attrib["class"] == "b"]
    assert " ".join(lines) == name
    assert max(map(len, lines)) <= 42


def marks_of(drawing: Drawing) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(f"<svg>{drawing.marks}</svg>"))


def classed(drawing: Drawing, kind: str) -> list[dict[str, str]]:
    return [mark.attrib for mark in marks_of(drawing) if mark.attrib["class"] == kind]
