"""Readiness in lines: the makers' figure first, an index and never a chance, and what to do next."""

from datetime import date

from msgspec.structs import replace

from qbank.app.readiness import LowPass, PrintedForm, Ready
from qbank.core.insight.readiness import Index
from qbank.ui.readiness import ready_lines

INDEX = Index(63.4, 56.6, 70.2, 53.0, 73.8)
READY = Ready(
    exam="An exam",
    exam_day=date(2027, 3, 15),
    booked=True,
    days_left=70,
    withheld="",
    printed=None,
    answers=128,
    right=81,
    since=date(2026, 12, 1),
    until=date(2027, 1, 2),
    needed=0,
    forms=0,
    bank=INDEX,
    updated=None,
    with_more=None,
    low_pass=LowPass(62, 68, "second-hand", "on both sides of it"),
    reserve=40,
    block_size=20,
    reserve_joins=date(2027, 3, 1),
    next_step="qbank block",
    why="Practise now.",
)
FORM = PrintedForm("A self-assessment", "31", date(2026, 12, 28), 66.0, 0.71)


def text(ready: Ready) -> str:
    return "\n".join(ready_lines(ready))


def test_an_index_is_shown_with_both_intervals_and_its_answers() -> None:
    """Beside the low-pass range, and with the word that it is no chance of passing."""
    shown = text(READY)
    for part in ("128 fresh, timed answers count, 81 right", "63%", "57-70%", "53-74%", "62-68"):
        assert part in shown
    assert "no chance of passing" in shown
    assert "lies on both sides of it" in shown


def test_no_chance_is_ever_worked_out() -> None:
    """The word "chance" stands only where it is denied, unless a form printed one."""
    assert text(READY).count("chance") == 1
    assert "71%" not in text(READY)


def test_the_printed_chance_comes_first_with_its_date() -> None:
    """Then what became of it since."""
    shown = text(replace(READY, printed=FORM, updated=replace(INDEX, percent=64.0), forms=1))
    printed = shown.index("28 Dec 2026: printed a 71% chance of passing, 66 percent correct")
    assert printed < shown.index("128 answers, 1 self-assessment")
    assert shown.index("its makers' figure") < shown.index("64%")


def test_a_form_without_a_printed_chance_is_shown_without_one() -> None:
    """Its percentage alone."""
    shown = text(replace(READY, printed=replace(FORM, p_pass=None), updated=INDEX, forms=1))
    assert "A self-assessment, form 31, 28 Dec 2026: 66 percent correct." in shown
    assert "makers' figure" not in shown


def test_too_few_answers_are_counted_and_no_number_is_shown() -> None:
    """Not yet, how many more, and why."""
    few = replace(READY, answers=40, right=25, needed=80, bank=None, low_pass=None)
    shown = text(few)
    assert "Not yet from this bank: 80 more fresh questions. 40 fresh, timed answers count, 25 right" in shown
    assert "63%" not in shown
    assert "95 in 100" not in shown


def test_when_the_reserve_joins_the_drills_is_told_in_time() -> None:
    """And when it has."""
    assert "joins your drills on 01 Mar 2027" in text(READY)
    assert "40 of its questions are fresh yet" in text(replace(READY, days_left=14))
    assert "joins" not in text(replace(READY, booked=False, reserve_joins=None))


def test_in_the_last_days_only_the_reason_is_shown() -> None:
    """And what is good for these days."""
    hidden = replace(READY, withheld="No estimate is shown.", next_step="", why="One page: qbank lastdays")
    shown = ready_lines(hidden)
    assert shown[1:] == ["No estimate is shown.", "One page: qbank lastdays"]
