"""The days from today to the exam: what each is for, and how long it takes with the explanations read.

A plan knows no arrears. It begins today from what is known today, so whatever was left out yesterday is simply not in
it, and no day is ever asked to hold more than the learner gave.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from qbank.core.care import CARE_DAYS, EVE_MINUTES, QUIET_MINUTES

FULL_BLOCK_DAYS = 28
"""From four weeks before the exam on, blocks are as long as its own, for the pace; before that they are half as long, so
that an answer and its explanation lie closer together. [judged]
"""

BLOCK_PART = 0.75
"""The part of a day that goes to blocks before what is left goes to reviews. [judged]"""

LEAST_REVIEW_MINUTES = 10
"""A review of less is not worth opening. [judged]"""

APART_DAYS = 7
"""Between two self-assessments: each costs an afternoon, and a week moves less than its error. [judged]"""

BASELINE_APART_DAYS = 10
"""Between a baseline and the next self-assessment: with one so near, a baseline would only cost its day. [judged]"""

BASELINE_DAYS = 28
"""A self-assessment older than this no longer says where one stands; nor is a baseline worth its day so near the exam.
[judged]
"""

ASSESSED_BEFORE = ((10, 1), (18, 3), (38, 3))
"""Days before the exam on which self-assessments say most, each with how far it may move: about ten days, two to three
weeks, five to six weeks. [judged]
"""

REHEARSED_BEFORE = (14, 7)
"""A rehearsal of the whole day comes so many days before it, and no nearer than the second. [judged]"""

REHEARSAL_GAP_DAYS = 2
"""Between a rehearsal and a self-assessment: two long days in a row measure tiredness. [judged]"""

_WEEKDAYS_OFF = (6, 2, 5, 3, 0, 4)
"""Which weekday goes first when there are fewer than seven: Sunday, then Wednesday, so that rest is spread."""

_WEEKDAYS_WITH_HOURS = (5, 6, 4, 3, 2, 1, 0)
"""Saturday first: which weekday is the likeliest to have the hours of a self-assessment. [judged]"""

Span = tuple[date, date]
"""First and last day, both included."""


class DayKind(StrEnum):
    STUDY = "study"
    OFF = "off"
    SELF_ASSESSMENT = "self-assessment"
    REHEARSAL = "rehearsal"
    CARE = "care"
    EXAM = "exam"


class PlanDay(msgspec.Struct, frozen=True):
    """One day: `blocks` of `questions` each, then a review; `minutes` in all count reading the explanations.

    `new` says whether objectives may be met for the first time. Self-assessments and rehearsals have no minutes of
    practice: they need hours of their own.
    """

    day: date
    kind: DayKind
    blocks: int = 0
    questions: int = 0
    review_minutes: int = 0
    minutes: int = 0
    new: bool = False


class Means(msgspec.Struct, frozen=True):
    """What the learner gives: minutes a day, days a week, and days that are off. `today` is what is left of today's."""

    minutes: int
    days_a_week: int = 6
    off: tuple[Span, ...] = ()
    today: int | None = None


class Frame(msgspec.Struct, frozen=True):
    """What the exam gives: questions of one of its blocks, and the seconds that one takes with its explanation."""

    items: int
    seconds: float


def plan_days(
    today: date,
    exam_day: date,
    means: Means,
    frame: Frame,
    *,
    assessed: Collection[date] = (),
    rehearsed: date | None = None,
) -> tuple[PlanDay, ...]:
    """Every day from today to the exam day, both included; () when it has passed.

    `assessed` are the days of self-assessments taken; `rehearsed` that of the latest rehearsal.
    """
    days = [today + timedelta(days) for days in range((exam_day - today).days + 1)]
    fixed = _appointments(days, means, assessed, rehearsed)
    return tuple(_planned(day, today, exam_day, means, frame, fixed) for day in days)


def is_off(day: date, means: Means) -> bool:
    """Whether the learner keeps the day free: a day off of the week, or one of their own."""
    return day.weekday() in _weekdays_off(means) or _own_day_off(day, means)


def _weekdays_off(means: Means) -> tuple[int, ...]:
    return _WEEKDAYS_OFF[: 7 - means.days_a_week]


def _own_day_off(day: date, means: Means) -> bool:
    return any(first <= day <= last for first, last in means.off)


def _planned(
    day: date, today: date, exam_day: date, means: Means, frame: Frame, fixed: dict[date, DayKind]
) -> PlanDay:
    left = (exam_day - day).days
    minutes = means.minutes if day != today or means.today is None else min(means.today, means.minutes)
    if left == 0:
        return PlanDay(day, DayKind.EXAM)
    if left <= CARE_DAYS:
        spent = means.minutes - minutes
        return (
            PlanDay(day, DayKind.OFF)
            if _own_day_off(day, means)
            else _careful(day, left, minutes, spent, frame)
        )
    if day in fixed:
        return PlanDay(day, fixed[day])
    return PlanDay(day, DayKind.OFF) if is_off(day, means) else _studied(day, left, minutes, frame)


def _careful(day: date, left: int, minutes: int, spent: int, frame: Frame) -> PlanDay:
    """The last three days, whatever the yield says; what was `spent` today counts towards their limits."""
    if left == CARE_DAYS:
        half = math.ceil(frame.items / 2)
        questions = min(half - min(half, _hold(spent, frame)), _hold(minutes, frame))
        blocks = min(1, questions)
        needed = math.ceil(questions * frame.seconds / 60)
        return PlanDay(day, DayKind.CARE, blocks, questions, minutes=needed, new=blocks > 0)
    most = min(minutes, max(0, (EVE_MINUTES if left == 1 else QUIET_MINUTES) - spent))
    return PlanDay(day, DayKind.CARE, review_minutes=most, minutes=most)


def _studied(day: date, left: int, minutes: int, frame: Frame) -> PlanDay:
    full = frame.items if left <= FULL_BLOCK_DAYS else math.ceil(frame.items / 2)
    questions = min(full, _hold(minutes, frame))
    if not questions:
        return PlanDay(day, DayKind.STUDY, review_minutes=minutes, minutes=minutes, new=minutes > 0)
    each = questions * frame.seconds / 60
    blocks = max(1, math.floor(BLOCK_PART * minutes / each))
    left_over = minutes - blocks * each
    review = 5 * math.floor(left_over / 5) if left_over >= LEAST_REVIEW_MINUTES else 0
    return PlanDay(
        day, DayKind.STUDY, blocks, questions, review, minutes=math.ceil(blocks * each) + review, new=True
    )


def _hold(minutes: int, frame: Frame) -> int:
    return math.floor(minutes * 60 / frame.seconds)


def _appointments(
    days: Sequence[date], means: Means, assessed: Collection[date], rehearsed: date | None
) -> dict[date, DayKind]:
    """Self-assessments and the rehearsal by day; what has no room is left out."""
    if not days:
        return {}
    exam_day = days[-1]
    open_days = {day for day in days if (exam_day - day).days > CARE_DAYS and not is_off(day, means)}
    taken = list(assessed)
    fixed: dict[date, DayKind] = {}
    for wanted, apart in _wanted_assessments(days[0], exam_day, means, assessed):
        day = _first(wanted, open_days, taken, apart)
        if day is not None:
            fixed[day] = DayKind.SELF_ASSESSMENT
            taken.append(day)
    if rehearsed is None or (days[0] - rehearsed).days > BASELINE_DAYS:
        before, nearest = REHEARSED_BEFORE
        wanted_days = (exam_day - timedelta(left) for left in range(before, nearest - 1, -1))
        day = _first(wanted_days, open_days, taken, REHEARSAL_GAP_DAYS)
        if day is not None:
            fixed[day] = DayKind.REHEARSAL
    return fixed


def _wanted_assessments(
    today: date, exam_day: date, means: Means, assessed: Collection[date]
) -> Iterator[tuple[Iterator[date], int]]:
    """For each self-assessment the days on which it would do, the best first, and how far from others it stays.

    The one nearest to the exam comes first, because it says most.
    """
    for before, moves in ASSESSED_BEFORE:
        target = exam_day - timedelta(before)
        around = (target + timedelta(days) for days in sorted(range(-moves, moves + 1), key=abs))
        yield around, APART_DAYS
    latest = max((day for day in assessed if day <= today), default=None)
    stale = latest is None or (today - latest).days > BASELINE_DAYS
    if stale and (exam_day - today).days > BASELINE_DAYS:
        # One weekday alone, so that it stays where it is when the plan is made anew tomorrow.
        has_hours = next(day for day in _WEEKDAYS_WITH_HOURS if day not in _weekdays_off(means))
        week = (today + timedelta(days) for days in range(7))
        yield (day for day in week if day.weekday() == has_hours), BASELINE_APART_DAYS


def _first(
    wanted: Iterator[date], open_days: Collection[date], others: Sequence[date], apart: int
) -> date | None:
    for day in wanted:
        if day in open_days and all(abs((day - other).days) >= apart for other in others):
            return day
    return None
