"""The days of a plan in lines: the next week day by day, the rest week by week."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tabulate import tabulate

from qbank.core.care import CARE_DAYS
from qbank.core.exam import Exam
from qbank.core.plan import DayKind, PlanDay

NEAR_DAYS = 7
MOST_WEEKS = 16
"""Weeks that are listed one by one; a screen holds no more, and the later ones are alike."""


def near_lines(exam: Exam, days: Sequence[PlanDay]) -> list[str]:
    """The next days, each with what it is for."""
    left = len(days) - 1
    rows = [
        (f"{day.day:%a %d %b}", day_text(exam, day, left - number), _minutes(day))
        for number, day in enumerate(days[: NEAR_DAYS + 1 if left <= NEAR_DAYS else NEAR_DAYS])
    ]
    headers = ("Day", "What it is for", "Minutes")
    return tabulate(rows, headers=headers, tablefmt="simple", colalign=("left", "left", "right")).splitlines()


def week_lines(days: Sequence[PlanDay]) -> list[str]:
    """The weeks to the exam, from Monday to Sunday; [] when the next days are all there is."""
    weeks = list(_weeks(days))
    if len(days) <= NEAR_DAYS + 1:
        return []
    rows = [_week(week) for week in weeks[:MOST_WEEKS]]
    headers = ("Week of", "Days", "Blocks", "Review", "Minutes", "Beside")
    align = ("left", "right", "right", "right", "right", "left")
    lines = tabulate(
        rows, headers=headers, tablefmt="simple", colalign=align, disable_numparse=True
    ).splitlines()
    if more := len(weeks) - MOST_WEEKS:
        lines += [f"{more} more weeks like these follow."] if more > 0 else []
    return lines


def day_text(exam: Exam, day: PlanDay, left: int) -> str:
    """What a day is for, `left` days before the exam."""
    match day.kind:
        case DayKind.OFF:
            return "off"
        case DayKind.EXAM:
            return "the exam; there is nothing to do here"
        case DayKind.REHEARSAL:
            return "the whole day once: qbank exam"
        case DayKind.SELF_ASSESSMENT:
            return _form(exam)
        case DayKind.CARE if left < CARE_DAYS:
            return "before 18:00, nothing new" if left == 1 else "your own misses and formulas"
    if not day.minutes:
        return "done for today"
    blocks = f"{day.blocks} block{'' if day.blocks == 1 else 's'} of {day.questions}" if day.blocks else ""
    mixed = ", mixed, and no more" if day.kind is DayKind.CARE else ""
    review = f"review of {day.review_minutes} minutes" if day.review_minutes else ""
    return ", ".join(filter(None, (blocks + mixed, review)))


def _form(exam: Exam) -> str:
    form = exam.self_assessment
    return f"{form.name}, about {round(form.minutes / 60)} hours" if form else "a self-assessment"


def _minutes(day: PlanDay) -> str:
    return "-" if day.kind in (DayKind.SELF_ASSESSMENT, DayKind.REHEARSAL) else str(day.minutes)


def _weeks(days: Sequence[PlanDay]) -> Iterator[list[PlanDay]]:
    week: list[PlanDay] = []
    for day in days:
        if week and day.day.weekday() == 0:
            yield week
            week = []
        week.append(day)
    yield week


def _week(week: Sequence[PlanDay]) -> tuple[object, ...]:
    practised = [day for day in week if day.minutes]
    # The weekday would not fit beside the numbers; the week's Monday stands in front.
    beside = [f"{_BESIDE[day.kind]} {day.day.day}" for day in week if day.kind in _BESIDE]
    return (
        f"{week[0].day - timedelta(week[0].day.weekday()):%d %b}",
        len(practised),
        sum(day.blocks for day in week),
        sum(day.review_minutes for day in week),
        sum(day.minutes for day in week),
        ", ".join(beside),
    )


_BESIDE = {
    DayKind.SELF_ASSESSMENT: "assessment",
    DayKind.REHEARSAL: "rehearsal",
    DayKind.EXAM: "exam",
}
