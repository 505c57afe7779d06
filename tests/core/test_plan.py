"""The days of a plan: what no plan may ever ask, whatever was given and whatever was left out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qbank.core.care import CARE_DAYS, EVE_MINUTES, QUIET_MINUTES
from qbank.core.plan import (
    APART_DAYS,
    FULL_BLOCK_DAYS,
    DayKind,
    Frame,
    Means,
    PlanDay,
    is_off,
    plan_days,
)

MONDAY = date(2027, 1, 4)
FRAME = Frame(20, 160.0)
STUDIES = Means(60)

spans = st.tuples(st.integers(0, 120), st.integers(0, 9)).map(
    lambda at: (MONDAY + timedelta(at[0]), MONDAY + timedelta(at[0] + at[1]))
)
means = st.builds(
    Means,
    minutes=st.integers(5, 720),
    days_a_week=st.integers(1, 7),
    off=st.lists(spans, max_size=3).map(tuple),
    today=st.none() | st.integers(0, 720),
)
horizons = st.integers(0, 150)
frames = st.builds(Frame, st.integers(5, 50), st.floats(40, 400))
past = st.lists(st.integers(-60, 0).map(lambda days: MONDAY + timedelta(days)), max_size=4)


def days_of(horizon: int, given_means: Means = STUDIES, frame: Frame = FRAME) -> tuple[PlanDay, ...]:
    """A plan from that Monday on."""
    return plan_days(MONDAY, MONDAY + timedelta(horizon), given_means, frame)


@given(horizons, means, frames, past)
def test_no_day_asks_for_more_than_was_given(
    horizon: int, given_means: Means, frame: Frame, taken: list[date]
) -> None:
    """Not in minutes, not in days a week, and not today when some of it is spent already."""
    days = plan_days(MONDAY, MONDAY + timedelta(horizon), given_means, frame, assessed=taken)
    for day in days:
        assert day.minutes <= given_means.minutes
        needed = day.blocks * day.questions * frame.seconds / 60 + day.review_minutes
        assert needed <= day.minutes + 1e-9
        if day.kind is DayKind.STUDY:
            assert not is_off(day.day, given_means)
    if given_means.today is not None:
        assert days[0].minutes <= given_means.today


@given(horizons.filter(lambda days: days > 0), means, frames, st.integers(1, 30))
def test_a_plan_made_later_asks_for_no_more_a_day(
    horizon: int, given_means: Means, frame: Frame, later: int
) -> None:
    """Whoever missed days gets the very minutes for each day that is left, and no day makes up for them."""
    exam_day, later = MONDAY + timedelta(horizon), min(later, horizon)
    before = {day.day: day for day in plan_days(MONDAY, exam_day, given_means, frame)}
    fresh = Means(given_means.minutes, given_means.days_a_week, given_means.off)
    after = plan_days(MONDAY + timedelta(later), exam_day, fresh, frame)
    assert after[0].day == MONDAY + timedelta(later)
    for day in after:
        assert day.minutes <= given_means.minutes
        if day.kind is before[day.day].kind:
            assert day == before[day.day]


@given(horizons, means, frames)
def test_the_last_three_days_are_ruled_by_care(horizon: int, given_means: Means, frame: Frame) -> None:
    """At most one half-length block, then own misses, then 45 minutes; nothing new on the last two, no long day."""
    days = days_of(horizon, given_means, frame)
    assert days[-1] == PlanDay(MONDAY + timedelta(horizon), DayKind.EXAM)
    for left, day in enumerate(reversed(days[-1 - CARE_DAYS :])):
        assert day.kind in (DayKind.CARE, DayKind.OFF, DayKind.EXAM)
        if left == CARE_DAYS:
            assert day.blocks <= 1
            assert day.questions <= (frame.items + 1) // 2
            assert day.review_minutes == 0
        else:
            assert not day.new
            assert not day.blocks
            assert day.minutes <= (EVE_MINUTES if left == 1 else QUIET_MINUTES)


@given(horizons, means, past)
def test_self_assessments_stay_apart_and_off_the_last_days(
    horizon: int, given_means: Means, taken: list[date]
) -> None:
    """Never two within a week, those taken counted; never in the last three days or on a day off."""
    days = plan_days(MONDAY, MONDAY + timedelta(horizon), given_means, FRAME, assessed=taken)
    planned = [day.day for day in days if day.kind is DayKind.SELF_ASSESSMENT]
    for day in planned:
        assert (days[-1].day - day).days > CARE_DAYS
        assert not is_off(day, given_means)
        others = [other for other in (*planned, *taken) if other != day]
        assert all(abs((day - other).days) >= APART_DAYS for other in others)
        assert day not in taken
    assert sum(day.kind is DayKind.REHEARSAL for day in days) <= 1


def test_eight_weeks_have_the_long_days_where_they_say_most() -> None:
    """A baseline on the first Saturday, then about 38, 18 and 10 days before, and the whole day two weeks before."""
    days = days_of(56)
    long: dict[DayKind, list[int]] = {kind: [] for kind in DayKind}
    for left, day in enumerate(reversed(days)):
        long[day.kind].append(left)
    assert long[DayKind.SELF_ASSESSMENT] == [10, 18, 38, 51]
    assert long[DayKind.REHEARSAL] == [14]


def test_a_recent_self_assessment_is_baseline_enough() -> None:
    """Whoever took one two weeks ago is not sent to another in the first week."""
    taken = [MONDAY - timedelta(14)]
    days = plan_days(MONDAY, MONDAY + timedelta(70), STUDIES, FRAME, assessed=taken)
    assert all(day.kind is not DayKind.SELF_ASSESSMENT for day in days[:14])


def test_a_rehearsal_is_not_asked_for_twice() -> None:
    """After one sat last week there is none in the plan."""
    rehearsed = MONDAY - timedelta(5)
    days = plan_days(MONDAY, MONDAY + timedelta(20), STUDIES, FRAME, rehearsed=rehearsed)
    assert all(day.kind is not DayKind.REHEARSAL for day in days)


def test_blocks_grow_to_the_exams_own() -> None:
    """Half as long until four weeks before the exam, then whole."""
    days = days_of(56, Means(120))
    for left, day in enumerate(reversed(days)):
        if day.kind is DayKind.STUDY:
            assert day.questions == (20 if left <= FULL_BLOCK_DAYS else 10)


def test_a_week_has_the_days_off_that_were_asked_for() -> None:
    """Six days a week leave Sunday free, seven none; own days off are free whatever the weekday."""
    assert [is_off(MONDAY + timedelta(day), Means(60, 6)) for day in range(7)] == [False] * 6 + [True]
    assert not any(is_off(MONDAY + timedelta(day), Means(60, 7)) for day in range(7))
    own = Means(60, 7, off=((MONDAY, MONDAY + timedelta(1)),))
    assert [is_off(MONDAY + timedelta(day), own) for day in range(3)] == [True, True, False]


def test_what_was_done_today_is_not_asked_again() -> None:
    """With the half-length block of the third day before done, nothing is left of it; nor of the eve after 45 minutes."""
    assert days_of(3, Means(60, today=30))[0].minutes == 0
    assert days_of(1, Means(60, today=10))[0].minutes == 0
    assert days_of(1, Means(60, today=40))[0].minutes == 25


def test_a_day_too_short_for_a_block_is_all_review() -> None:
    """Where not even one question fits, the minutes are a review's."""
    short = days_of(40, Means(5), Frame(20, 400.0))[0]
    assert (short.blocks, short.review_minutes, short.minutes) == (0, 5, 5)


def test_a_passed_exam_has_no_days() -> None:
    """Nothing is planned behind today."""
    assert plan_days(MONDAY, MONDAY - timedelta(1), STUDIES, FRAME) == ()


def test_a_baseline_stays_on_its_day_until_it_comes() -> None:
    """A plan made anew each day foretells the same one, so nobody is sent to five hours they had not heard of."""
    exam_day = MONDAY + timedelta(70)
    for means_given, weekday in ((STUDIES, 5), (Means(60, 2), 4), (Means(60, off=((MONDAY, MONDAY),)), 5)):
        first = next(
            day.day
            for day in plan_days(MONDAY, exam_day, means_given, FRAME)
            if day.kind is DayKind.SELF_ASSESSMENT
        )
        assert first.weekday() == weekday
        for later in range((first - MONDAY).days + 1):
            days = plan_days(MONDAY + timedelta(later), exam_day, means_given, FRAME)
            assert next(day.day for day in days if day.kind is DayKind.SELF_ASSESSMENT) == first


def test_a_baseline_that_crowds_the_next_one_is_left_out() -> None:
    """Seven weeks before, on a Wednesday, the next Saturday is too near to the one at five to six weeks."""
    wednesday = MONDAY + timedelta(2)
    days = plan_days(wednesday, wednesday + timedelta(49), STUDIES, FRAME)
    assert all(day.kind is not DayKind.SELF_ASSESSMENT for day in days[:8])
