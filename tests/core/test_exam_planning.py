"""What moving the date costs, by how far away it is."""

import pytest

from qbank.app.exams import load_exam


@pytest.mark.parametrize(
    ("days", "from_days"), [(100, 46), (46, 46), (45, 31), (31, 31), (30, 6), (6, 6), (5, 0), (0, 0)]
)
def test_each_day_falls_into_the_band_that_has_begun(days: int, from_days: int) -> None:
    """The bands' edges are those of the tables they come from."""
    booking = load_exam("usmle-step1").booking
    assert booking is not None
    band = booking.fee(days)
    assert band is not None
    assert band.from_days == from_days
    assert band.source.text


def test_an_exam_of_which_nothing_is_known_still_loads() -> None:
    """Step 2 CK has no such tables yet."""
    exam = load_exam("usmle-step2ck")
    assert exam.booking is None
    assert exam.low_pass_range is None
    assert exam.bring == ()
