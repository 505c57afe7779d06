"""Self-assessments in a row: their errors, the low-pass range, and when they stand still."""

from datetime import date, timedelta

import pytest

from qbank.core.report import ReportKind, ScoreReport
from qbank.core.self_assessments import against, plateau, taken, told_apart

MONDAY = date(2027, 1, 4)


def form(percent: float | None, day: int = 0, **changed: object) -> ScoreReport:
    """A self-assessment so many days after that Monday."""
    fields: dict[str, object] = {"equated_percent_correct": percent, **changed}
    return ScoreReport(ReportKind.SELF_ASSESSMENT, "usmle-step1", "cbssa", MONDAY + timedelta(day), **fields)  # type: ignore[arg-type]


def test_they_come_by_day_with_the_printed_range_or_four_points() -> None:
    """What a report prints goes before what is usual; a sample and one without a total tell nothing."""
    reports = [form(61, 9, likely_low=58, likely_high=66), form(57), form(None, 3), form(70, 5, sample=True)]
    first, last = taken(reports)
    assert (first.percent, first.low, first.high) == (57, 53, 61)
    assert (last.percent, last.low, last.high) == (61, 58, 66)


def test_a_repeated_or_untimed_form_has_twice_the_error() -> None:
    """It is less reliable, and says so in its range."""
    (one,) = taken([form(60, repeated=True)])
    (other,) = taken([form(60, timed=False)])
    assert one.sd == other.sd == 8
    assert (one.low, one.high) == (52, 68)


@pytest.mark.parametrize(
    ("percent", "where"),
    [(50, "below it"), (60, "partly below it"), (66, "in it or just above"), (73, "above it")],
)
def test_where_a_range_lies_against_the_low_pass_range(percent: float, where: str) -> None:
    """As NBME tells four cases apart, and no word more."""
    (one,) = taken([form(percent)])
    assert against(one, 62, 68) == where


@pytest.mark.parametrize(("rise", "stands"), [(-3, True), (0, True), (5, True), (6, False), (12, False)])
def test_two_forms_stand_still_while_their_errors_could_be_all(rise: float, stands: bool) -> None:
    """The errors of two forms have an sd of 4 each, 5.7 together."""
    assert plateau(taken([form(55), form(55 + rise, 14)])) is stands


def test_only_the_last_two_count_and_one_is_no_plateau() -> None:
    """A rise long ago excuses nothing, and a single form has nothing to stand still against."""
    assert not plateau(taken([form(55)]))
    assert plateau(taken([form(40), form(56, 10), form(57, 30)]))
    assert not plateau(taken([form(50), form(50, 10), form(60, 30)]))


def test_less_reliable_forms_need_a_larger_rise() -> None:
    """An untimed form after a timed one: 9 points may be nothing."""
    first, last = taken([form(55), form(63, 14, timed=False)])
    assert told_apart(first, last) == pytest.approx(80**0.5)
    assert plateau((first, last))
