"""The last days before the exam are ruled by care and not by yield: on the eve the gain of cramming is at its highest.

Source: the plan's rules for the last three days. [judged]
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from qbank.app.workspace import Workspace
from qbank.core.care import CARE_DAYS as CARE_DAYS
from qbank.core.care import MISSES_DAYS
from qbank.core.memory import ROLLOVER_HOUR

LAST_HOUR = 18
_NOTES = (
    "Today is the exam. There is nothing to do here today.",
    "The exam is tomorrow: at most 45 minutes, nothing new, and nothing after 18:00. Rest is worth more now.",
    "Two days to go: your own misses and formulas are enough for today.",
    "Three days to go: at most one half-length mixed block today.",
)


def days_left(workspace: Workspace) -> int:
    """Study days from today to the exam day; negative when it has passed."""
    return (workspace.exam_day - workspace.today).days


def in_last_days(workspace: Workspace) -> bool:
    """Whether a booked exam is so near that no estimate of it helps."""
    return workspace.booked and 0 <= days_left(workspace) <= CARE_DAYS


def last_days_note(workspace: Workspace) -> str | None:
    """What is good for today in the last days, None before them."""
    if not in_last_days(workspace):
        return None
    if not is_over(workspace):
        return _NOTES[days_left(workspace)]
    if _hour(workspace) < ROLLOVER_HOUR:
        return "The exam is a few hours away. You have done what you could; sleep is worth more now."
    return "The exam is tomorrow and it is past 18:00. You have done what you could; leave it for tonight."


def is_over(workspace: Workspace) -> bool:
    """Whether the time to practise is over: from 18:00 on the day before a booked exam on, past midnight too."""
    on_the_eve = workspace.booked and days_left(workspace) == 1
    return on_the_eve and not ROLLOVER_HOUR <= _hour(workspace) < LAST_HOUR


def nothing_new(workspace: Workspace) -> bool:
    """Whether no objective should be met for the first time any more: from two days before a booked exam on."""
    return workspace.booked and timedelta(0) <= workspace.exam_day - workspace.today <= timedelta(MISSES_DAYS)


def _hour(workspace: Workspace) -> int:
    """By the clock on the learner's wall."""
    return workspace.now().astimezone(ZoneInfo(workspace.time_zone)).hour
