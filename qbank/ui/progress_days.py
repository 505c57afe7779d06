"""The days of work behind, a week a line, and the minutes of reviews ahead."""

from datetime import date, timedelta

from qbank.core.insight.progress import Progress
from qbank.ui.bars import bar
from qbank.ui.tables import Paper, table, wrapped

MANY_MINUTES = 120.0
"""More than this due on one day is not told in hours: nobody is to do it in an evening. [judged]"""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK_BAR = 8
_DAY_BAR = 40


def calendar_lines(made: Progress, paper: Paper, weeks: int | None = None) -> list[str]:
    """Answers of each day from the first week with work on, at most so many weeks back."""
    monday = made.today - timedelta(days=made.today.weekday())
    earliest = date.min if weeks is None else monday - timedelta(weeks=weeks - 1)
    worked = {of.day: of for of in made.days if earliest <= of.day <= made.today}
    first = min(worked, default=monday)
    begin = first - timedelta(days=first.weekday())
    starts = [begin + timedelta(weeks=number) for number in range((monday - begin).days // 7 + 1)]
    of_week = {
        start: [worked[day] for at in range(7) if (day := start + timedelta(days=at)) in worked]
        for start in starts
    }
    most = max(sum(of.ms for of in done) for done in of_week.values())
    rows = []
    for start, done in of_week.items():
        answers, right, ms = (
            sum(of.answers for of in done),
            sum(of.right for of in done),
            sum(of.ms for of in done),
        )
        days = [start + timedelta(days=at) for at in range(7)]
        counts = [
            str(worked[day].answers) if day in worked else "-" if day <= made.today else "" for day in days
        ]
        rows.append(
            (
                f"{start:%d %b %Y}" if begin.year < monday.year else f"{start:%d %b}",
                *counts,
                str(answers),
                f"{right / answers:.0%}" if answers else "-",
                f"{ms / 3_600_000:.1f}",
                bar(ms / most if most else 0.0, _WEEK_BAR, blocks=paper.blocks),
            )
        )
    lines = table(("Week of", *_DAYS, "Answers", "Right", "Hours", ""), rows, "l" + "r" * 10 + "l", paper)
    earlier = len(made.days) - len(worked)
    if earlier:
        lines += wrapped(
            [f"{earlier} earlier day{'' if earlier == 1 else 's'} of work: qbank progress --calendar"], paper
        )
    return lines


def due_lines(made: Progress, paper: Paper) -> list[str]:
    """A line a day, none where nothing falls due. The bars are measured by the days after today; today's may run over."""
    if not any(of.minutes for of in made.due):
        return []
    most = max(of.minutes for of in made.due[1:] or made.due) or made.due[0].minutes
    rows = [
        (
            f"{of.day:%a %d %b}",
            f"{of.minutes:.0f}",
            bar(of.minutes / most, _DAY_BAR, blocks=paper.blocks) + (" and on" if of.minutes > most else ""),
        )
        for of in made.due
    ]
    return table(("Day", "Minutes", ""), rows, "lrl", paper)


def due_text(made: Progress) -> str:
    """How much it is and what to make of it."""
    minutes = [of.minutes for of in made.due]
    if not any(minutes):
        return "No review falls due in the days ahead. New questions are worth more now: qbank block"
    today, *ahead = minutes
    text = "No review is due today"
    if today > MANY_MINUTES:
        text = "More reviews are due than one day should hold"
    elif today:
        text = f"About {spent(today)} of reviews are due today"
    if len(ahead) == 1:
        text += f", and tomorrow adds about {spent(ahead[0])}" if ahead[0] else ", and none tomorrow"
    elif ahead:
        each = sum(ahead) / len(ahead)
        more = f"add about {spent(each)} a day" if each else "add none"
        text += f", and the {len(ahead)} days after {more}"
    return f"{text}. None of it is owed: qbank review asks what is worth most first and leaves out the rest."


def spent(minutes: float) -> str:
    """A time in minutes, in hours from two hours on."""
    if minutes >= 120:
        return f"{minutes / 60:.1f} hours"
    whole = max(1, round(minutes))
    return f"{whole} minute{'' if whole == 1 else 's'}"
