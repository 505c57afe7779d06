"""The last days before the exam are ruled by care and not by yield: on the eve the gain of cramming is at its highest.

Source: the plan's rules for the last three days. [judged]
"""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from qbank.app.workspace import Workspace
from qbank.core.care import CARE_DAYS as CARE_DAYS

LAST_HOUR = time(18)
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
    note = _NOTES[days_left(workspace)]
    late = workspace.now().astimezone(ZoneInfo(workspace.time_zone)).time() >= LAST_HOUR
    if days_left(workspace) == 1 and late:
        note = (
            "The exam is tomorrow and it is past 18:00. You have done what you could; leave it for tonight."
        )
    return note


def nothing_new(workspace: Workspace) -> bool:
    """Whether no objective should be met for the first time any more: on the eve and on the day itself."""
    return workspace.booked and timedelta(0) <= workspace.exam_day - workspace.today <= timedelta(days=1)
