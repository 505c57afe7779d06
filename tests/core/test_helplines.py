"""Who answers and how many fail: data with a source each, and one sum."""

from datetime import date

import pytest

from qbank.app.debriefing import helplines
from qbank.core.helplines import Sittings, fails, parse_helplines
from qbank.core.sourced import Source
from qbank.errors import InputInvalid

SOURCE = Source("a table", "2026-09-29", "official")


def sittings(year: int, sat: int, passed: float, exam: str = "one") -> Sittings:
    return Sittings(exam, year, "all", sat, passed, SOURCE)


def test_fails_are_those_of_the_latest_year_over_all_groups() -> None:
    """9 % of 29,870 and 28 % of 25,660 are 9,873; to the hundred, as the shares are rounded."""
    known = [
        sittings(2025, 29_870, 0.91),
        sittings(2025, 25_660, 0.72),
        sittings(2024, 30_690, 0.88),
        sittings(2026, 1_000, 0.1, exam="another"),
    ]
    found = fails(known, "one")
    assert found is not None
    assert (found.year, found.failed, found.sat, found.source) == (2025, 9_900, 55_500, SOURCE)
    assert round(found.one_in) == 6


def test_nothing_is_said_where_nothing_is_known() -> None:
    """An exam without figures, and one that nobody failed."""
    assert fails([sittings(2025, 100, 0.5)], "two") is None
    assert fails([sittings(2025, 100, 1.0)], "one") is None


def test_every_line_has_a_source_and_the_day_it_was_checked() -> None:
    """The file that comes with qbank; 988 is its first line, and no line is there twice."""
    known = helplines()
    for line in known.lines:
        assert line.source.text
        assert date.fromisoformat(line.source.read) <= date(2100, 1, 1)
        assert any(letter.isdigit() for letter in line.reach)
    assert known.lines[0].country == "United States"
    assert "988" in known.lines[0].reach
    assert len({(line.country, line.reach) for line in known.lines}) == len(known.lines)
    assert known.elsewhere
    assert known.danger


def test_a_line_without_a_source_is_refused() -> None:
    """A number that nobody looked up must not be shown."""
    line = {"country": "X", "name": "Y", "reach": "call 1", "hours": "always"}
    with pytest.raises(InputInvalid):
        parse_helplines({"lines": [line], "elsewhere": "", "danger": ""})
