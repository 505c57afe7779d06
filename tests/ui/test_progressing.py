"""Progress in lines: its tables fit, no drawing tells anything alone, and what follows is said once it is known."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from worlds import World

from qbank.app import preferences
from qbank.core.exam import Flag
from qbank.core.insight.progress import (
    AreaProgress,
    DayWork,
    DueDay,
    ForecastRow,
    Progress,
    SaidRow,
)
from qbank.core.mastery import Estimate
from qbank.core.proportion import wilson
from qbank.ui.progress_days import calendar_lines, due_lines, due_text, spent
from qbank.ui.progress_words import areas_texts, confidence_text, retention_text
from qbank.ui.progressing import Section, empty_lines, progress_lines
from qbank.ui.tables import Paper

PLAIN, DRAWN, NARROW = Paper(), Paper(blocks=True), Paper(40)
TODAY = date(2027, 1, 6)


def area(name: str, share: float, time_share: float, answers: int = 5000) -> AreaProgress:
    """One with numbers as wide as they get."""
    return AreaProgress(
        dimension="system",
        area=name,
        name=name.capitalize(),
        share=share,
        flag=Flag.LOWER,
        belief=Estimate(0.58, 0.51, 0.66),
        fresh=(answers, answers // 2),
        seen=(answers, answers),
        ms=answers * 140_000,
        time_share=time_share,
        weeks=(None, 0.0, 0.25, 0.5, 0.5, 0.75, 1.0, 1.0),
    )


def said(word: str, answers: int, right: int) -> SaidRow:
    return SaidRow(word, answers, right, *wilson(right, answers))


def foretold(answers: int, expected: float, right: int) -> ForecastRow:
    return ForecastRow(0.6, 0.7, answers, expected, right / answers, *wilson(right, answers))


FULL = Progress(
    exam_day=date(2027, 3, 15),
    today=TODAY,
    answered=20_000,
    right=15_000,
    ms=2_800_000_000,
    areas=(
        area("biostatistics-epidemiology", 0.7, 0.2),
        area("cardiovascular", 0.3, 0.8),
        replace(area("behavioral-sciences", 0.5, 0.5), dimension="discipline"),
    ),
    days=(DayWork(date(2026, 10, 6), 280, 140, 36_000_000), DayWork(date(2027, 1, 5), 40, 30, 3_600_000)),
    said=(said("sure", 100, 60), said("guessed", 100, 70)),
    forecasts=(foretold(200, 0.65, 132),),
    due=(DueDay(TODAY, 12.4), DueDay(TODAY + timedelta(1), 0.0), DueDay(TODAY + timedelta(2), 31.0)),
)


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> World:
    """Somebody who sits on 15 March 2027; it is 4 January."""
    made = World(tmp_path, template=empty_sqlite)
    made.settle()
    return made


@pytest.mark.parametrize("paper", [PLAIN, DRAWN, NARROW], ids=["plain", "drawn", "narrow"])
@pytest.mark.parametrize("sections", [(), tuple(Section)], ids=["overview", "sections"])
def test_every_line_fits_and_the_numbers_are_there(
    world: World, paper: Paper, sections: tuple[Section, ...]
) -> None:
    """At any width the same facts; without blocks every character can be typed."""
    lines = progress_lines(world.workspace, FULL, paper, sections)
    assert max(map(len, lines)) <= paper.width
    text = " ".join(" ".join(lines).split())
    for fact in (
        "Mon 15 Mar 2027, 70 days away",
        "20000 answers, 15000 right (75%)",
        "58% (51-66)",
        "60% (50-69)",
        "66% right (59-72) of 200, where 65% was expected",
        "Furthest below its share of the exam: Biostatistics-epidemiology, 20% of your time for 70%",
        "Next: qbank block --system biostatistics-epidemiology",
    ):
        assert fact in text
    assert text.isascii() is not paper.blocks
    assert "!" not in text.replace("A!", "")


def test_the_overview_is_about_two_screens(world: World) -> None:
    """Of 24 lines, with the eleven systems of the exam."""
    systems = tuple(area(f"system-{number}", 1 / 11, 1 / 11) for number in range(11))
    assert len(progress_lines(world.workspace, replace(FULL, areas=systems), PLAIN)) <= 52


def test_a_section_alone_is_that_section(world: World) -> None:
    """Days without areas, words without days."""
    days = "\n".join(progress_lines(world.workspace, FULL, PLAIN, [Section.CALENDAR]))
    assert "Mon" in days
    assert "Believed" not in days
    words = "\n".join(progress_lines(world.workspace, FULL, PLAIN, [Section.CONFIDENCE]))
    assert "You said" in words
    assert "Hours" not in words


def test_every_part_has_its_number_where_a_trend_is_drawn(world: World) -> None:
    """The eight weeks in percent, and a dash for the one without answers."""
    shown = "\n".join(progress_lines(world.workspace, FULL, DRAWN, [Section.AREAS]))
    assert "-   0   25  50  50  75  100 100" in shown
    assert "·▁▃▅▅▇██" in shown
    assert "-0255799" in "\n".join(progress_lines(world.workspace, FULL, PLAIN, [Section.AREAS]))
    assert "20%   70%  -50" in shown


def test_near_the_exam_what_is_good_for_today_stands_in_place_of_advice(world: World) -> None:
    """No block to give to an area two days before a booked exam."""
    preferences.change(world.workspace, "exam-date", (world.workspace.today + timedelta(2)).isoformat())
    shown = "\n".join(progress_lines(world.workspace, FULL, PLAIN, tuple(Section)))
    assert "Two days to go" in shown
    for advice in ("Furthest below", "Next:", "qbank review", "Before you leave"):
        assert advice not in shown


def test_weeks_begin_on_monday_and_say_their_year_where_it_changes() -> None:
    """A day without answers is a dash, a day to come is empty, and weeks left out are counted."""
    whole = calendar_lines(FULL, PLAIN)
    assert whole[2].split()[:3] == ["05", "Oct", "2026"]
    assert len(whole) == 2 + 14
    last = calendar_lines(FULL, PLAIN, weeks=4)
    assert last[2].split() == ["04", "Jan", "-", "40", "-", "40", "75%", "1.0", "########"]
    assert last[3] == "1 earlier day of work: qbank progress --calendar"


def test_a_day_that_holds_more_than_an_evening_is_not_told_in_hours() -> None:
    """What was due long ago is no debt, and its bar does not make the other days invisible."""
    behind = replace(FULL, due=(DueDay(TODAY, 9309.0), *FULL.due[1:]))
    assert "More reviews are due than one day should hold" in due_text(behind)
    assert "None of it is owed" in due_text(behind)
    lines = due_lines(behind, PLAIN)
    assert lines[2].endswith("# and on")
    assert lines[4].count("#") == lines[2].count("#")
    assert (
        "About 12 minutes of reviews are due today, and the 2 days after add about 16 minutes a day"
        in due_text(FULL)
    )
    assert due_lines(replace(FULL, due=()), PLAIN) == []
    assert "No review falls due" in due_text(replace(FULL, due=()))
    later = replace(FULL, due=FULL.due[1:])
    assert due_text(later).startswith("No review is due today, and tomorrow adds about 31 minutes.")


def test_times_are_said_in_the_unit_one_would_use() -> None:
    """Never none where there was some."""
    assert [spent(minutes) for minutes in (0.2, 1.4, 59.6, 120)] == [
        "1 minute",
        "1 minute",
        "60 minutes",
        "2.0 hours",
    ]


def test_what_cannot_be_told_yet_says_how_many_answers_are_missing() -> None:
    """For where time goes, for being sure, and for what is kept."""
    young = replace(FULL, areas=(area("a", 1, 1, answers=25),), said=(said("sure", 10, 2),), forecasts=())
    assert areas_texts(young) == ("Where your time goes can be told after 10 more answers.",)
    assert "can be told after 20 more answers that you mark as sure" in confidence_text(young)
    assert "can be told after 40 more answers to seen questions" in retention_text(young)


def test_confidence_is_judged_only_where_its_interval_allows() -> None:
    """Too high, well placed, and neither; and a guess that is worth more than it says."""
    assert "name the one finding" in confidence_text(replace(FULL, said=(said("sure", 100, 60),)))
    assert "you can trust it" in confidence_text(replace(FULL, said=(said("sure", 100, 95),)))
    assert "cannot be told yet" in confidence_text(replace(FULL, said=(said("sure", 100, 80),)))
    assert "you know more than you trust" in confidence_text(FULL)
    assert "guess" not in confidence_text(
        replace(FULL, said=(said("sure", 100, 60), said("guessed", 100, 30)))
    )


def test_retention_is_judged_only_where_its_interval_allows() -> None:
    """Less, more, and as was expected; each with what is worth more now."""
    less = retention_text(replace(FULL, forecasts=(foretold(200, 0.9, 132),)))
    assert "You keep less than was expected" in less
    assert "qbank review" in less
    assert "You keep more" in retention_text(replace(FULL, forecasts=(foretold(200, 0.4, 132),)))
    assert "The forecast holds" in retention_text(FULL)


def test_time_spread_like_the_exam_moves_nothing() -> None:
    """No command is proposed."""
    assert areas_texts(replace(FULL, areas=(area("a", 0.5, 0.5), area("b", 0.5, 0.5)))) == (
        "No system is far below its share of the exam in your time, so nothing needs to be moved.",
    )


def test_before_the_first_block_the_next_step_is_named() -> None:
    """And where the report's own word is."""
    text = " ".join(empty_lines("qbank start", PLAIN))
    assert "Next: qbank start" in text
    assert "qbank status" in text
