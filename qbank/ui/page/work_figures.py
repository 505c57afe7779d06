"""Figures of the work so far and of what falls due: days, weeks, what was said, what was foretold."""

from collections.abc import Sequence
from datetime import date, timedelta

from qbank.core.insight.progress import DayWork, DueDay, ForecastRow, SaidRow
from qbank.core.proportion import wilson
from qbank.ui.page.charts import Pair, Point, Range, Week, bars, calendar, dots, pairs, ranges
from qbank.ui.page.figure import Figure
from qbank.ui.page.markup import spent

DRAWN_DAYS = 364
"""So many days up to today are drawn; what is older is in the totals."""

_INTERVAL = "nineteen times in twenty"


def drawn_days(days: Sequence[DayWork], today: date) -> list[DayWork]:
    """The days with answers that the calendar and the weeks show."""
    return [one for one in days if one.answers and 0 <= (today - one.day).days < DRAWN_DAYS]


def calendar_figure(days: Sequence[DayWork], today: date) -> Figure:
    """Minutes on each day from the week of the first one drawn to today; `days` are some of drawn_days."""
    done = {one.day: one for one in days}
    first = min(done)
    mondays = [first - timedelta(first.weekday())]
    while mondays[-1] + timedelta(7) <= today:
        mondays.append(mondays[-1] + timedelta(7))
    weeks = [
        Week(monday, tuple(_minutes(done, monday, day, today) for day in range(7))) for monday in mondays
    ]
    longest = max(days, key=_ms)
    return Figure(
        key="calendar",
        title="Your work, day by day",
        says=f"You answered questions on {_count(len(days), 'day')} since {_day(first)}, "
        f"{spent(sum(map(_ms, days)))} in all; the longest was {_day(longest.day)} with "
        f"{spent(longest.ms)}.",
        reads=f"A box is a day, a column a week; a full box is your longest day, {spent(longest.ms)}. "
        "Empty boxes are fine: days off are part of a plan, and work elsewhere is not in it.",
        drawing=calendar(weeks),
        columns=("Week of", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Minutes", "Answers", "Right"),
        rows=[_week_row(done, week) for week in weeks],
    )


def weeks_figure(days: Sequence[DayWork], today: date) -> Figure:
    """The part right in each seven days up to today, with its interval; `days` are some of drawn_days."""
    count = (today - min(one.day for one in days)).days // 7 + 1
    sums = [(0, 0)] * count
    for one in days:
        at = count - 1 - (today - one.day).days // 7
        sums[at] = sums[at][0] + one.answers, sums[at][1] + one.right
    points, rows = [], []
    for index, (answers, right) in enumerate(sums):
        begins = today - timedelta(7 * (count - index) - 1)
        interval = wilson(right, answers)
        points.append(Point(f"{begins:%d %b %Y}", right / answers if answers else None, *interval))
        part = (
            f"{right / answers:.0%} ({interval.low * 100:.0f}-{interval.high * 100:.0f})" if answers else "-"
        )
        rows.append((f"{begins:%d %b %Y}", str(answers), str(right), part))
    worked = [row for row in rows if row[3] != "-"]
    return Figure(
        key="weeks",
        title="Answers right, week by week",
        says=f"In the seven days from {worked[0][0]} you got {worked[0][3]} right"
        + (f"; in those from {worked[-1][0]}, {worked[-1][3]}." if len(worked) > 1 else "."),
        reads=f"Dot: the part right of all answers in seven days, fresh and seen. Line through it: where the true part "
        f"lies {_INTERVAL}. New and hard questions are chosen on purpose, so a level line can be progress.",
        drawing=dots(points),
        columns=("Seven days from", "Answers", "Right", "Part right (95 %)"),
        rows=rows,
    )


def said_figure(said: Sequence[SaidRow]) -> Figure:
    """The part right by what the learner said of their answers."""
    rows = [
        Range(f"You said: {row.said}", f"{row.right} of {row.answers} right", _of(row), row.low, row.high)
        for row in said
    ]
    return Figure(
        key="said",
        title="How sure you were, and how often you were right",
        says="Right, by what you said: "
        + "; ".join(f"{row.said}, {row.right} of {row.answers} ({_of(row):.0%})" for row in said)
        + ".",
        reads=f"Dot: the part right. Bar: where the true part lies {_INTERVAL}.",
        drawing=ranges(rows),
        columns=("You said", "Answers", "Right", "Part right (95 %)"),
        rows=[
            (
                row.said,
                str(row.answers),
                str(row.right),
                f"{_of(row):.0%} ({row.low * 100:.0f}-{row.high * 100:.0f})",
            )
            for row in said
        ],
    )


def recall_figure(forecasts: Sequence[ForecastRow]) -> Figure:
    """What was foretold of questions seen before, and what came true."""
    answers = sum(row.answers for row in forecasts)
    expected = sum(row.expected * row.answers for row in forecasts) / answers
    observed = sum(row.observed * row.answers for row in forecasts) / answers
    return Figure(
        key="recall",
        title="What was expected of your memory, and what came true",
        says=f"On {_count(answers, 'answer')} to questions that you had seen, {expected:.0%} right was expected and "
        f"{observed:.0%} came true.",
        reads=f"On the dashed line what was expected comes true; above it you do better. Line through a dot: where the "
        f"true part lies {_INTERVAL}.",
        drawing=pairs(
            [Pair(row.expected, row.observed, row.interval_low, row.interval_high) for row in forecasts],
            "expected right",
            "came true",
        ),
        columns=("Expected from", "Answers", "Expected", "Came true (95 %)"),
        rows=[
            (
                f"{row.low:.0%} to {row.high:.0%}",
                str(row.answers),
                f"{row.expected:.0%}",
                f"{row.observed:.0%} ({row.interval_low * 100:.0f}-{row.interval_high * 100:.0f})",
            )
            for row in forecasts
        ],
    )


def due_figure(due: Sequence[DueDay]) -> Figure:
    """Minutes of review that fall due on each day ahead."""
    whole = sum(one.minutes for one in due)
    return Figure(
        key="due",
        title="Minutes of review ahead",
        says=f"From {_day(due[0].day)} to {_day(due[-1].day)} about {whole:.0f} minutes of review fall due, "
        f"{due[0].minutes:.0f} of them on the first day.",
        reads="A bar is a day with its minutes. The first one has what is due already. Nothing of it is owed: a review "
        "takes what is worth most, for as long as you give it.",
        drawing=bars([(f"{one.day:%a %d %b}", one.minutes) for one in due]),
        columns=("Day", "Minutes"),
        rows=[(_day(one.day), f"{one.minutes:.0f}") for one in due],
    )


def _minutes(done: dict[date, DayWork], monday: date, day: int, today: date) -> float | None:
    at = monday + timedelta(day)
    if at > today:
        return None
    return done[at].ms / 60_000 if at in done else 0.0


def _week_row(done: dict[date, DayWork], week: Week) -> tuple[str, ...]:
    worked = [done[at] for at in (week.monday + timedelta(day) for day in range(7)) if at in done]
    return (
        f"{week.monday:%d %b %Y}",
        *("" if minutes is None else f"{minutes:.0f}" if minutes else "-" for minutes in week.minutes),
        f"{sum(map(_ms, worked)) / 60_000:.0f}",
        str(sum(one.answers for one in worked)),
        str(sum(one.right for one in worked)),
    )


def _of(row: SaidRow) -> float:
    return row.right / row.answers if row.answers else 0.0


def _ms(one: DayWork) -> int:
    return one.ms


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
