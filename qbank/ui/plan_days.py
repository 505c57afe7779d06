"""The days of a plan in lines: the next week day by day, the rest week by week."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from tabulate import tabulate

from qbank.core.care import CARE_DAYS
from qbank.core.exam import Exam
from qbank.core.plan import DayKind, PlanDay

NEAR_DAYS = 7

FIRST_WEEKS, LAST_WEEKS = 6, 8
"""Of a longer plan the weeks between are told in one line: they are alike, and the last ones hold the long days."""

_BESIDE_WIDTH = 34
"""What the numbers leave of 80 columns."""


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
    if len(days) <= NEAR_DAYS + 1:
        return []
    weeks = list(_weeks(days))
    rows = [_row(_monday(week), week, _beside(week)) for week in weeks]
    if len(between := weeks[FIRST_WEEKS:-LAST_WEEKS]) > 1:
        some = [day for week in between for day in week]
        rows[FIRST_WEEKS:-LAST_WEEKS] = [_row(f"{len(between)} weeks", some, "together")]
    headers = ("Week", "Days", "Blocks", "Review", "Min.", "Beside")
    align = ("left", "right", "right", "right", "right", "left")
    return tabulate(
        rows, headers=headers, tablefmt="simple", colalign=align, disable_numparse=True
    ).splitlines()


def today_line(exam: Exam, days: Sequence[PlanDay]) -> str:
    """What today is for, with the commands that begin it."""
    today, left = days[0], len(days) - 1
    commands = []
    if today.blocks:
        own = today.kind is DayKind.CARE or today.questions == exam.format_on(days[-1].day).items
        commands.append("qbank block" if own else f"qbank block --size {today.questions}")
    if today.kind is DayKind.CARE and left < CARE_DAYS and today.minutes:
        commands.append("qbank lastdays")
    if today.review_minutes:
        commands.append(f"qbank review --minutes {today.review_minutes}")
    what = f"Today: {day_text(exam, today, left)}."
    if today.kind in (DayKind.STUDY, DayKind.CARE) and not today.minutes:
        return "Nothing more is asked of today."
    return f"{what} Begin with: {', then '.join(commands)}" if commands else what


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
        case DayKind.CARE if left < CARE_DAYS and day.minutes:
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


def _row(label: str, days: Sequence[PlanDay], beside: str) -> tuple[object, ...]:
    return (
        label,
        sum(day.minutes > 0 for day in days),
        sum(day.blocks for day in days),
        sum(day.review_minutes for day in days),
        sum(day.minutes for day in days),
        beside,
    )


def _monday(week: Sequence[PlanDay]) -> str:
    return f"{week[0].day - timedelta(week[0].day.weekday()):%d %b}"


def _beside(week: Sequence[PlanDay]) -> str:
    """The days of a week that have no practice, by their day of the month: the week's Monday stands in front."""
    named = [f"{_BESIDE[day.kind]} {day.day.day}" for day in week if day.kind in _BESIDE]
    off = [day.day for day in week if day.kind is DayKind.OFF]
    if not off:
        return ", ".join(named)
    whole = ", ".join([*named, f"off {', '.join(_runs(off))}"])
    return whole if len(whole) <= _BESIDE_WIDTH else ", ".join([*named, f"{len(off)} off"])


def _runs(days: Sequence[date]) -> Iterator[str]:
    """Days in order, those that follow each other as one: "24-26", "29"."""
    first = last = days[0]
    for day in (*days[1:], None):
        if day is not None and day == last + timedelta(1):
            last = day
            continue
        yield f"{first.day}" if first == last else f"{first.day}-{last.day}"
        if day is not None:
            first = last = day


_BESIDE = {
    DayKind.SELF_ASSESSMENT: "assessment",
    DayKind.REHEARSAL: "rehearsal",
    DayKind.EXAM: "exam",
}
