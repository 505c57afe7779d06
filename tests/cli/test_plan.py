"""`qbank plan` and `qbank lastdays` as they are met: in a pipe, and in a terminal where they ask once."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import Qbank
from terminals import Terminal, ran, started_home

from qbank.core.memory import study_day
from qbank.ui.last_page import LINES


def in_days(days: int) -> str:
    """So many study days from today, which after midnight is still yesterday."""
    return (study_day(datetime.now(UTC), "UTC") + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of somebody who sits in six weeks."""
    home = started_home(tmp_path_factory.mktemp("template") / "home")
    with Terminal(home, ["set", "exam-date", in_days(45)]) as terminal:
        assert terminal.ended() == 0
    return home


@pytest.fixture
def booked(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(template, tmp_path / "booked"))


def tables(text: str) -> list[str]:
    """The lines of every table: those around a rule of dashes, up to the next empty line."""
    lines, found = text.splitlines(), []
    for number, line in enumerate(lines):
        if line.startswith("---"):
            end = next((at for at in range(number, len(lines)) if not lines[at]), len(lines))
            found += lines[number - 1 : end]
    return found


def test_a_plan_in_a_pipe_asks_nothing_and_says_how_to_tell(started: Qbank) -> None:
    """Every day and week, what it buys, what is not known; and its tables fit 80 columns."""
    started("set", "exam-date", in_days(45))
    done = started(
        "plan", "--what-if", "minutes=90", "--what-if", f"date={in_days(66)}", "--what-if", "days=4"
    )
    assert done.code == 0, done.err
    for words in (
        "from today on",
        "Week  ",
        "It buys",
        "not a chance of passing",
        "This bank can drill",
        "Take this page to your advisor",
        "One commercial guide advises two months; no official minimum was found.",
        "Not known yet: eligibility-end, reschedule-by, school-deadline, attempts-left.",
        "21 days later?",
    ):
        assert words in done.out
    assert tables(done.out)
    assert max(map(len, tables(done.out))) <= 80
    assert "\x1b" not in done.out


def test_what_cannot_be_tried_ends_with_the_usage_code(started: Qbank) -> None:
    """And with its mend on standard error."""
    done = started("plan", "--what-if", "speed=9")
    assert done.code == 2
    assert "minutes=90" in done.err


def test_a_terminal_is_asked_once_for_the_limits(booked: Path) -> None:
    """Enter skips, a wrong date is asked again, and the next plan asks nothing."""
    with Terminal(booked, ["plan"]) as terminal:
        at = terminal.expect("eligibility period (like 2027-03-31): ")
        terminal.type("spring")
        at = terminal.expect("is not a date", after=at)
        terminal.expect("eligibility period (like 2027-03-31): ", after=at)
        terminal.type(in_days(80))
        terminal.expect("no fee (like 2027-01-05): ", after=at)
        terminal.type("")
        terminal.expect("school wants it sat (like 2027-04-15): ", after=at)
        terminal.type("")
        terminal.expect("included (like 3): ", after=at)
        terminal.type("2")
        assert terminal.ended() == 0
        assert "You have 2 attempts left" in " ".join(terminal.text.split())
        assert "It lies within your eligibility period" in " ".join(terminal.text.split())
    with Terminal(booked, ["plan"]) as again:
        assert again.ended() == 0
        assert "(like " not in again.text
        assert "Not known yet: reschedule-by, school-deadline" in " ".join(again.text.split())


def test_the_page_fits_a_sheet_of_paper(started: Qbank) -> None:
    """Eighty columns and one page, in the last days and before them, when it says what it is for."""
    started("block", "--size", "20", stdin="A\n" * 20)
    early = started("lastdays")
    assert "until then: qbank plan" in " ".join(early.out.split())
    started("set", "exam-date", in_days(2))
    page = started("lastdays")
    assert page.code == 0, page.err
    for text in (early.out, page.out):
        assert max(map(len, text.splitlines())) <= 80
        assert len(text.splitlines()) <= LINES
    assert "Two days to go" in page.out
    for title in ("To remember", "Formulas:", "Breaks: 55 minutes in all:", "What to bring:"):
        assert title in page.out


def test_a_review_on_the_eve_asks_first_whether_to(booked: Path) -> None:
    """Before how long: Enter leaves it."""
    ran(booked, "set", "exam-date", in_days(1))
    with Terminal(booked, ["review", "--plain"]) as terminal:
        terminal.expect("Go on all the same? [y/N] ")
        terminal.type("")
        assert terminal.ended() == 0
        assert "The exam is" in terminal.text
        assert "How long tonight?" not in terminal.text


def test_on_the_exam_day_there_is_nothing_to_do_here(started: Qbank) -> None:
    """Both say so, and the page keeps what to bring."""
    started("set", "exam-date", in_days(0))
    assert "There is nothing to do here today." in started("lastdays").out
    assert "What to bring:" in started("lastdays").out
    assert "Formulas" not in started("lastdays").out
    plan = started("plan").out
    assert "There is nothing to do here today." in plan
    assert not tables(plan)


def test_status_points_at_the_plan(started: Qbank) -> None:
    """And in the last days at the page."""
    assert "qbank plan" in started("status").out
    started("set", "exam-date", in_days(2))
    assert "qbank lastdays" in started("status").out
