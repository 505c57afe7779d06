"""Laboratory values in lines: they fit, say what they are, and own up to what was not found."""

import pytest

from qbank.app.labs import load_labs
from qbank.ui.labs import group_lines, lab_lines

TABLE = load_labs()


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("si", [False, True])
def test_every_row_fits_the_screen(width: int, si: bool) -> None:
    """No line is wider than it may be, in any group and in either column."""
    for group in TABLE.groups:
        assert max(map(len, lab_lines(TABLE, group.id, width, si=si))) <= width


def test_a_row_is_shown_in_either_column() -> None:
    """The same look-up in US and in SI units; several ranges stand under their name."""
    assert lab_lines(TABLE, "glucose", 80)[:4] == [
        "Serum:",
        "  Glucose",
        "    fasting       70-100 mg/dL",
        "    random        under 140 mg/dL",
    ]
    assert "    fasting       3.9-5.6 mmol/L" in lab_lines(TABLE, "glucose", 80, si=True)
    assert "  Leukocytes    4,500-11,000/mm3" in lab_lines(TABLE, "wbc", 80)


def test_few_rows_come_with_their_source() -> None:
    """A narrow look-up says how far its numbers can be trusted; a long list stays a list."""
    assert any(line.startswith("Source (unverified): ") for line in lab_lines(TABLE, "tsh", 80))
    assert not any("Source" in line for line in lab_lines(TABLE, "urine", 80))


def test_nothing_found_says_how_to_look() -> None:
    """An unknown word is answered with examples."""
    text = " ".join(lab_lines(TABLE, "renin", 80))
    assert "no value named 'renin'" in text
    assert "v sodium" in text


def test_the_groups_say_whose_table_it_is() -> None:
    """Nobody is led to take it for the exam's own sheet."""
    text = " ".join(group_lines(TABLE, 80))
    assert "not the exam's own sheet" in text
    assert TABLE.version in text
    assert all(group.id in text for group in TABLE.groups)
