"""The plan in lines: what stands in it when there is something to decide on, and that its tables fit."""

from datetime import timedelta
from pathlib import Path

import pytest
from learners import Clock, Typed
from worlds import World

from qbank.app import preferences, reports
from qbank.app.last_page import last_page
from qbank.app.planning import plan
from qbank.app.what_if import parse_what_if
from qbank.core.mastery import Estimate
from qbank.core.plan import DayKind, PlanDay
from qbank.core.report import ReportKind, ScoreReport
from qbank.ui.last_page import last_page_lines
from qbank.ui.plan import plan_lines, planning, points, what_if_lines
from qbank.ui.plan_days import FIRST_WEEKS, LAST_WEEKS, today_line, week_lines
from qbank.ui.talk import talk


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> World:
    """A learner who sits in six weeks."""
    made = World(tmp_path, template=empty_sqlite)
    made.load_bank()
    made.settle()
    day = made.workspace.today + timedelta(days=42)
    preferences.change(made.workspace, "exam-date", day.isoformat())
    return made


def text(world: World, *what_ifs: str) -> str:
    """The plan on one line."""
    tried = [parse_what_if(one, world.workspace.today) for one in what_ifs]
    return " ".join(" ".join(plan_lines(world.workspace, plan(world.workspace, tried))).split())


def sit(world: World, percent: float, days_ago: int) -> None:
    """A self-assessment on record."""
    day = world.workspace.today - timedelta(days_ago)
    form = ScoreReport(
        ReportKind.SELF_ASSESSMENT, "usmle-step1", "cbssa", day, form="31", equated_percent_correct=percent
    )
    reports.add(world.workspace, form)


def test_two_forms_stand_against_the_low_pass_range_and_a_standstill_is_named(world: World) -> None:
    """With their ranges and no verdict; a standstill asks for another method, not for more hours."""
    assert "No self-assessment is on record" in text(world)
    sit(world, 57, 30)
    sit(world, 60, 5)
    shown = text(world)
    assert "about 62-68 percent correct" in shown
    assert "form 31: 57 (53-61), below it." in shown
    assert "form 31: 60 (56-64), partly below it." in shown
    assert "change the method, and take a day off" in shown
    assert "There is no verdict here. Take this page to your advisor" in shown


def test_another_fail_costs_an_attempt(world: World) -> None:
    """With the number that is left, where it is known."""
    assert "Another fail costs an attempt." in text(world)
    preferences.change(world.workspace, "attempts-left", "1")
    assert "You have 1 attempt left, as you told" in text(world)


def test_what_ifs_are_set_in_as_many_tables_as_the_width_needs(world: World) -> None:
    """Each table has the plan as it is first and keeps within the width; none is left out."""
    tried = [
        parse_what_if(one, world.workspace.today)
        for one in ("minutes=90", "days=4", "off=2027-01-20..2027-01-25", "minutes=30,days=7")
    ]
    courses = plan(world.workspace, tried).courses
    lines = what_if_lines(courses, 80)
    assert max(map(len, lines)) <= 80
    heads = [line for line in lines if line.startswith("What if")]
    assert len(heads) == 2
    assert all("as it is" in head for head in heads)
    narrow = what_if_lines(courses, 40)
    assert len([line for line in narrow if line.startswith("What if")]) == 4


def test_terms_of_moving_stand_once(world: World) -> None:
    """Also when a date is tried in the weeks of the decision."""
    shown = text(world, "date=2027-03-01")
    assert shown.count("Moved today") == 1
    assert shown.count("Move the date to") == 3


def test_a_difference_is_in_points_with_its_interval() -> None:
    """A tenth of a point where it is small, whole ones where it is not."""
    assert points(Estimate(0.0126, 0.009, 0.0171)) == "+1.3 (0.9 to 1.7)"
    assert points(Estimate(-0.0126, -0.02, 0.001)) == "-1.3 (-2.0 to 0.1)"
    assert points(Estimate(0.129, 0.061, 0.197)) == "+12.9 (6 to 20)"


def test_limits_are_asked_for_in_plain_words_and_not_again(world: World) -> None:
    """Enter leaves one out; what was told is said back."""
    console = Typed(Clock(), ["2027-03-31", "", "", "2"])
    talk(planning(world.workspace, (), asks=True), console)
    assert "The end of your eligibility period: Wednesday, 2027-03-31." in console.said
    assert "2 attempts left, the next one included." in console.said
    again = Typed(Clock(), [])
    talk(planning(world.workspace, (), asks=True), again)
    assert "eligibility period (like" not in again.said


def test_nobody_is_asked_for_limits_of_a_day_that_is_not_booked(world: World) -> None:
    """There is nothing yet that it could run into."""
    preferences.change(world.workspace, "exam-date", "none")
    console = Typed(Clock(), [])
    talk(planning(world.workspace, (), asks=True), console)
    assert "(like" not in console.said
    assert preferences.limits_to_ask(world.workspace)


def test_extra_time_has_a_schedule_of_its_own(world: World) -> None:
    """The page gives no clock times to whoever was granted another day."""
    preferences.change(world.workspace, "extra-time", "1.5")
    page = " ".join(last_page_lines(last_page(world.workspace)))
    assert "which your permit names" in page
    assert "into the day" not in page


def test_a_long_plan_keeps_the_weeks_before_the_exam(world: World) -> None:
    """Forty weeks fit a screen: what lies between is told together, and every day is counted once."""
    day = world.workspace.today + timedelta(weeks=40)
    preferences.change(world.workspace, "exam-date", day.isoformat())
    made = plan(world.workspace)
    rows = week_lines(made.days)[2:]
    assert len(rows) == FIRST_WEEKS + 1 + LAST_WEEKS
    assert "weeks" in rows[FIRST_WEEKS]
    assert "rehearsal" in " ".join(rows[-LAST_WEEKS:])
    assert "exam" in rows[-1]
    end = week_lines(made.days)[0].index("Beside")
    minutes = sum(int(row[:end].split()[-1]) for row in rows)
    assert minutes == sum(one.minutes for one in made.days)


def test_days_off_stand_in_their_week(world: World) -> None:
    """Those of every week and the learner's own, those that follow each other as one."""
    monday = world.workspace.today + timedelta(14 - world.workspace.today.weekday())
    spans = f"{monday + timedelta(1)}..{monday + timedelta(2)}"
    preferences.change(world.workspace, "off", spans)
    days = (f"{(monday + timedelta(at)).day}" for at in (1, 2, 6))
    assert "off {}-{}, {}".format(*days) in "\n".join(week_lines(plan(world.workspace).days))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (42, "Begin with: qbank block --size 10, then qbank review --minutes"),
        (3, "Today: 1 block of 10, mixed, and no more. Begin with: qbank block"),
        (
            2,
            "Today: your own misses and formulas. Begin with: qbank lastdays, then qbank review --minutes 60",
        ),
    ],
)
def test_a_plan_ends_with_what_to_begin_today(world: World, days: int, said: str) -> None:
    """Whoever reads only the last line can begin."""
    day = world.workspace.today + timedelta(days)
    preferences.change(world.workspace, "exam-date", day.isoformat())
    assert said in plan_lines(world.workspace, plan(world.workspace))[-1]


def test_what_was_practised_is_enough_and_a_day_off_has_no_command(world: World) -> None:
    """A day that is done says so, a day off is named, and an empty bank points to the first hour."""
    preferences.change(world.workspace, "off", world.workspace.today.isoformat())
    assert plan_lines(world.workspace, plan(world.workspace))[-1] == "Today: off."
    done = PlanDay(world.workspace.today, DayKind.STUDY)
    assert today_line(world.workspace.exam, [done, done]) == "Nothing more is asked of today."


def test_without_questions_the_plan_says_how_to_load_them(empty_sqlite: Path, tmp_path: Path) -> None:
    """Its days stand, and no table of nothing."""
    bare = World(tmp_path / "bare", template=empty_sqlite)
    bare.settle()
    lines = plan_lines(bare.workspace, plan(bare.workspace))
    assert lines[-1].endswith("qbank start")
    assert not any(line.startswith("gastrointestinal") for line in lines)
    bare.close()


def test_the_exam_day_asks_nothing_of_anyone(world: World) -> None:
    """Two lines: the day, and that there is nothing to do here."""
    preferences.change(world.workspace, "exam-date", world.workspace.today.isoformat())
    lines = plan_lines(world.workspace, plan(world.workspace))
    assert len(lines) == 2
    assert lines[0].endswith("today.")
    assert lines[1] == "Today is the exam. There is nothing to do here today."


def test_a_what_if_in_the_last_days_says_why_it_has_no_outlook(world: World) -> None:
    """A date can be tried until the end, and what it would buy is not told."""
    preferences.change(world.workspace, "exam-date", (world.workspace.today + timedelta(2)).isoformat())
    later = (world.workspace.today + timedelta(30)).isoformat()
    assert "not told in the last three days" in text(world, f"date={later}")
    assert "not told" not in text(world)


def test_before_anything_was_missed_the_page_says_what_will_stand_there(world: World) -> None:
    """The learner's own sentences are what the page is for."""
    assert "what you miss here will stand in this place" in " ".join(
        last_page_lines(last_page(world.workspace))
    )
