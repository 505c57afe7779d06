"""`qbank ready` as it is typed: from an empty store to a first block, and with a self-assessment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from support import Qbank


def test_an_empty_store_is_told_kindly(qbank: Qbank) -> None:
    """Without a question or an answer it says what to begin with."""
    ran = qbank("ready")
    assert ran.code == 0
    assert "Next: qbank start" in ran.out


def test_answers_that_measure_are_counted(started: Qbank) -> None:
    """A block drawn like the exam counts, a drill does not."""
    before = started("ready").out
    assert "120 fresh questions" in before
    started("block", "--size", "3", stdin="A\nB\nC\n")
    assert started("ready").out == before
    started("block", "--assess", "--size", "2", stdin="A\nB\n")
    assert "118 more fresh questions. 2 fresh, timed answers count" in started("ready").out


def test_a_self_assessment_comes_first(started: Qbank, tmp_path: Path) -> None:
    """Its printed chance with its date, then the interval that it carries."""
    day = (datetime.now(UTC) - timedelta(days=5)).date()
    file = tmp_path / "form.toml"
    file.write_text(
        f'kind = "self-assessment"\nera = "cbssa"\nsat_on = {day}\nform = "31"\n'
        "equated_percent_correct = 61\nprinted_p_pass = 0.42\n"
    )
    added = started("report", "add", "--file", str(file), "--yes")
    assert added.code == 0, added.err
    shown = started("ready").out
    assert f"{day:%d %b %Y}: printed a 42% chance of passing, 61 percent correct" in shown
    assert shown.index("42%") < shown.index("1 self-assessment")


def test_near_the_exam_it_shows_nothing(started: Qbank) -> None:
    """And says why."""
    started("set", "exam-date", (datetime.now(UTC) + timedelta(days=2)).date().isoformat())
    assert "No estimate is shown in these days" in started("ready").out
