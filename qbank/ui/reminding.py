"""What a reminder says, and what is said of setting one."""

from qbank.app.night import Tonight
from qbank.app.reminding import Planned, Set, Way
from qbank.core.reminder import DAYS, Schedule
from qbank.ui.overview import tonight_words


def reminder_sentence(tonight: Tonight) -> str:
    """How many minutes are worth it, for what, and how to begin."""
    words = tonight_words(tonight, when="tonight")
    # Some desktops read what they show as markup, in which an ampersand begins something else.
    said = f"{words[0].upper()}{words[1:]}. qbank review --minutes {tonight.minutes}"
    return said.replace(" & ", " and ").replace("&", " and ").replace("<", "")


def planned_lines(plan: Planned) -> list[str]:
    """Exactly what will be written and run."""
    lines = [f"A reminder {when(plan.schedule)}, by {plan.way.value}."]
    for path, content in plan.files:
        lines += ["", f"This is written to {path}:", "", *_indented(content.decode())]
    if plan.line:
        lines += [
            "",
            "This line is put into your crontab; the rest of it stays as it is:",
            "",
            f"  {plan.line}",
        ]
    lines += ["", "Then this is run:", "", *(f"  {' '.join(command)}" for command in plan.commands), ""]
    return lines


def set_line(one: Set) -> str:
    """A reminder that is set."""
    at = when(one.schedule) if one.schedule else "at a time that was changed by hand"
    where = "" if one.way is Way.CRON else f" ({one.where})"
    return f"You are reminded {at}, by {one.way.value}{where}."


def when(schedule: Schedule) -> str:
    """The days and the time in words."""
    if len(schedule.days) == len(DAYS):
        return f"every day at {schedule.clock}"
    return f"at {schedule.clock} on {', '.join(schedule.day_names).title()}"


def _indented(text: str) -> list[str]:
    return [f"  {line}" if line else "" for line in text.splitlines()]
