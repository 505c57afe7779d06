"""The plan of a learner in time: from today on, what it may ask, and what it lays before them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from worlds import World

from qbank.app import preferences, reports
from qbank.app.deadlines import limits
from qbank.app.plan_shapes import Plan
from qbank.app.planning import DECISION_DAYS, plan
from qbank.app.what_if import parse_what_if
from qbank.core import block
from qbank.core.care import EVE_MINUTES
from qbank.core.plan import DayKind
from qbank.core.report import ReportKind, ScoreReport
from qbank.core.response import MissReason
from qbank.errors import NothingToDo, UsageError


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> World:
    """A learner with the small bank who sits in ten weeks."""
    made = World(tmp_path, template=empty_sqlite)
    made.load_bank()
    made.settle()
    return made


def book(world: World, days: int) -> date:
    """Set the exam day to so many days from today."""
    day = world.workspace.today + timedelta(days)
    preferences.change(world.workspace, "exam-date", day.isoformat())
    return day


def sit(world: World, percent: float, days_ago: int) -> None:
    """A self-assessment on record."""
    reports.add(
        world.workspace,
        ScoreReport(
            ReportKind.SELF_ASSESSMENT,
            "usmle-step1",
            "cbssa",
            world.workspace.today - timedelta(days_ago),
            form=str(30 + days_ago),
            equated_percent_correct=percent,
        ),
    )


def answer(world: World, question: str, reason: MissReason | None = None) -> None:
    """Miss a question after a minute, with its reason."""
    practice = world.single("starter", question)
    world.choose(practice, right=False)
    if reason is not None:
        practice.do(block.Reason, reason=reason)
    practice.do(block.Reveal)
    practice.do(block.Submit)


def planned(world: World, *what_ifs: str) -> Plan:
    return plan(world.workspace, [parse_what_if(text, world.workspace.today) for text in what_ifs])


def test_a_missed_week_leaves_no_trace(world: World) -> None:
    """A plan made a week later asks for the same a day, and names no day before today."""
    preferences.change(world.workspace, "minutes", "60")
    before = planned(world)
    world.pass_time(days=7)
    after = planned(world)
    assert after.days[0].day == world.workspace.today
    assert max(day.minutes for day in after.days) <= 60
    assert [day.minutes for day in after.days[-20:]] == [day.minutes for day in before.days[-20:]]


def test_what_was_answered_today_is_taken_off_today(world: World) -> None:
    """Its time with the explanations read counts, and tomorrow has all its minutes again."""
    whole = planned(world).days[0].minutes
    for name in ("beta", "delta", "zeta", "theta", "iota"):
        answer(world, f"{name}-1")
    days = planned(world).days
    assert days[0].minutes <= 60 - 5 * 3
    assert days[0].minutes < whole
    assert days[1].minutes >= whole


def test_what_ifs_stand_beside_the_plan_as_it_is(world: World) -> None:
    """Each changes what it names and nothing else; only another date is held against the limits."""
    later = world.workspace.exam_day + timedelta(21)
    made = planned(world, "minutes=120", f"date={later}", "days=4,minutes=30", "off=2027-02-01..2027-02-14")
    first, minutes, moved, fewer, off = made.courses
    assert (first.label, minutes.minutes_a_day, minutes.exam_day) == ("as it is", 120, first.exam_day)
    assert minutes.minutes > 1.8 * first.minutes
    assert (moved.exam_day, moved.days_left) == (later, first.days_left + 21)
    assert (fewer.days_a_week, fewer.minutes_a_day) == (4, 30)
    assert off.study_days == first.study_days - 12 + 1
    (move,) = made.moves
    assert (move.exam_day, move.days, move.asked) == (later, 21, True)
    assert move.gain is not None
    assert move.gain_a_week is not None
    assert move.gain_a_week.mean == pytest.approx(move.gain.mean / 3)


def test_a_sooner_date_has_no_price_by_the_week(world: World) -> None:
    """It can be tried, and costs something."""
    (move,) = planned(world, f"date={world.workspace.exam_day - timedelta(14)}").moves
    assert move.gain is not None
    assert move.gain.mean < 0
    assert move.gain_a_week is None


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("minutes", "minutes=90"),
        ("speed=2", "minutes=90"),
        ("minutes=nine", "5 to 720"),
        ("days=8", "1 to 7"),
        ("date=soon", "2027-01-18"),
        ("date=none", "date=2027-02-15"),
        ("date=2020-01-01", "has passed"),
        ("minutes=90,minutes=30", "twice"),
        ("off=2027-02-14..2027-02-01", "earlier day first"),
    ],
)
def test_what_cannot_be_tried_says_what_can(world: World, text: str, mend: str) -> None:
    """A bad key or value is a usage error with its mend."""
    with pytest.raises(UsageError, match=mend.replace(".", r"\.")):
        parse_what_if(text, world.workspace.today)


def test_the_decision_comes_in_weeks_five_to_seven_of_a_booked_exam(world: World) -> None:
    """Not before, not after, and not while the day is only assumed."""
    nearest, furthest = DECISION_DAYS
    for days, shown in ((furthest + 1, False), (furthest, True), (nearest, True), (nearest - 1, False)):
        book(world, days)
        made = planned(world)
        assert (made.decision is not None) is shown
        assert len(made.moves) == (2 if shown else 0)
    book(world, 40)
    preferences.change(world.workspace, "exam-date", "none")
    assert planned(world).decision is None


def test_the_decision_lays_out_delays_and_what_they_run_into(world: World) -> None:
    """Each with its gain, and with the eligibility period and the school's deadline where they were told."""
    day = book(world, 42)
    preferences.change(world.workspace, "eligibility-end", (day + timedelta(20)).isoformat())
    preferences.change(world.workspace, "school-deadline", (day + timedelta(5)).isoformat())
    preferences.change(world.workspace, "reschedule-by", (world.workspace.today + timedelta(3)).isoformat())
    made = planned(world)
    assert made.decision is not None
    assert made.decision.low_pass == (62.0, 68.0)
    soon, late = made.moves
    assert (soon.days, late.days) == (14, 28)
    assert not soon.asked
    assert "within your eligibility period" in soon.against[0]
    assert "after your eligibility period" in late.against[0]
    assert all("after your school's deadline" in " ".join(move.against) for move in made.moves)
    assert made.terms == (f"Moving it costs no fee until {world.workspace.today + timedelta(3)}.",)


def test_moving_names_its_fee_with_the_source(world: World) -> None:
    """Without a date of one's own the bands of the exam's file speak, and a passed free day costs."""
    book(world, 42)
    (fee, period) = planned(world).terms
    assert "42 days before" in fee
    assert "2020" in fee
    assert "second-hand" in fee
    assert "three months" in period
    preferences.change(world.workspace, "reschedule-by", world.workspace.today.isoformat())
    world.pass_time(days=1)
    assert "has passed: it costs a fee" in planned(world).terms[0]


def test_an_exam_day_after_a_limit_is_said_at_once(world: World) -> None:
    """The booked day itself may lie where it cannot."""
    day = book(world, 30)
    preferences.change(world.workspace, "eligibility-end", (day - timedelta(1)).isoformat())
    assert "after your eligibility period" in planned(world).notes[0]


def test_attempts_left_come_from_the_learner_or_else_from_reports(world: World) -> None:
    """Nobody is told a number that nothing speaks for."""
    assert planned(world).attempts_left is None
    fail = ScoreReport(
        ReportKind.SCORE_REPORT, "usmle-step1", "step1_2026_nutrition", date(2026, 10, 1), outcome="fail", attempt=2
    )  # fmt: skip
    reports.add(world.workspace, fail)
    assert planned(world).attempts_left == 2
    preferences.change(world.workspace, "attempts-left", "1")
    assert planned(world).attempts_left == 1


def test_a_plateau_brings_the_reasons_for_misses(world: World) -> None:
    """Two forms that cannot be told apart, and what was said most often of a miss."""
    sit(world, 58, 20)
    assert planned(world).plateau is None
    answer(world, "beta-1", MissReason.MISREAD)
    sit(world, 60, 5)
    found = planned(world).plateau
    assert found is not None
    assert found.rise == pytest.approx(2)
    assert found.reasons == (MissReason.MISREAD,)
    sit(world, 75, 0)
    assert planned(world).plateau is None


def test_the_last_days_show_no_estimate(world: World) -> None:
    """From three days before on there is care and no outlook; on the day nothing, and after it no plan."""
    book(world, 3)
    made = planned(world, "minutes=90")
    assert all(course.outlook is None for course in made.courses)
    assert made.care is not None
    assert [day.kind for day in made.days] == [DayKind.CARE] * 3 + [DayKind.EXAM]
    world.pass_time(days=3)
    assert [day.kind for day in planned(world).days] == [DayKind.EXAM]
    world.pass_time(days=1)
    with pytest.raises(NothingToDo, match="exam-date"):
        planned(world)


def test_a_standstill_is_no_matter_for_the_last_days(world: World) -> None:
    """Nobody is told to change the method when nothing can be changed any more."""
    sit(world, 60, 9)
    sit(world, 61, 1)
    book(world, 4)
    assert planned(world).plateau is not None
    book(world, 3)
    assert planned(world).plateau is None


def test_nothing_is_asked_for_on_the_eve_after_six(world: World) -> None:
    """Nor after midnight, which still is the eve; at noon there were 45 minutes."""
    preferences.change(world.workspace, "time-zone", "UTC")
    now = world.workspace.now()
    world.pass_time(hours=(12 - now.hour) % 24)
    book(world, 1)
    assert planned(world).days[0].minutes == EVE_MINUTES
    world.pass_time(hours=7)
    assert planned(world).days[0].minutes == 0
    world.pass_time(hours=7)
    assert planned(world).days[0].minutes == 0
    assert "a few hours away" in str(planned(world).care)


def test_the_day_itself_has_no_terms_of_moving(world: World) -> None:
    """Before it they are told, down to one day."""
    book(world, 1)
    assert planned(world).terms[0].startswith("Moved today, 1 day before:")
    book(world, 0)
    assert planned(world).terms == ()


def test_own_days_off_are_kept_and_survive_a_replay(world: World) -> None:
    """They are settings like any other, and are taken back by none."""
    preferences.change(world.workspace, "off", "2027-01-12..2027-01-14, 2027-01-20")
    off = {day.day for day in planned(world).days if day.kind is DayKind.OFF}
    assert {date(2027, 1, 12), date(2027, 1, 13), date(2027, 1, 14), date(2027, 1, 20)} <= off
    assert world.digest() == world.replayed_digest()
    preferences.change(world.workspace, "off", "none")
    assert date(2027, 1, 12) not in {day.day for day in planned(world).days if day.kind is DayKind.OFF}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("eligibility-end", "spring"),
        ("school-deadline", "2026-01-01"),
        ("reschedule-by", "2040-01-01"),
        ("attempts-left", "many"),
        ("attempts-left", "44"),
        ("off", "2027-02-14..2027-02-01"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(world: World, key: str, text: str) -> None:
    """With a sentence that says how to write it; nothing is kept."""
    with pytest.raises(UsageError):
        preferences.change(world.workspace, key, text)
    assert world.workspace.values.get(key) is None


def test_limits_are_asked_once(world: World) -> None:
    """All that were not told, until they were asked for; what was skipped is not asked again."""
    preferences.change(world.workspace, "eligibility-end", "2027-03-31")
    wanted = preferences.limits_to_ask(world.workspace)
    assert [limit.key for limit in wanted] == ["reschedule-by", "school-deadline", "attempts-left"]
    preferences.note_limits_asked(world.workspace)
    assert preferences.limits_to_ask(world.workspace) == ()
    assert limits(world.workspace.values).eligible_until == date(2027, 3, 31)
