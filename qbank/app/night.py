"""What tonight is worth, before anybody sits down: the evening that `qbank review` would compose, and not put on record."""

from collections import Counter
from datetime import timedelta

import msgspec

from qbank.app import care
from qbank.app.composing import Request, evening_on
from qbank.app.deadlines import days_off
from qbank.app.exam_day import is_under_way
from qbank.app.standing import Standing, standing
from qbank.app.workspace import Workspace
from qbank.core.night import NIGHT_MINUTES, Evening
from qbank.core.response import Mode
from qbank.store.rows import BlockStatus, Purpose
from qbank.store.store import Transaction

WEEK_DAYS = 7


class Tonight(msgspec.Struct, frozen=True):
    """Minutes that are worth it tonight, 0 when it is better slept; exam points, in hundredths of the exam.

    `mostly` names the system of more than half of the `objectives`; "" when there is none.
    """

    minutes: int
    points: float
    objectives: int
    mostly: str


def worth_tonight(workspace: Workspace) -> Tonight:
    """How many minutes of a review are worth it tonight, at most NIGHT_MINUTES and a day's minutes."""
    with workspace.store.read() as tx:
        return tonight_of(workspace, tx, standing(workspace, tx))


def tonight_of(workspace: Workspace, tx: Transaction, now: Standing) -> Tonight:
    """The same from what was read already."""
    minutes = min(NIGHT_MINUTES, float(workspace.minutes_a_day))
    # The day's own seed, so that asking twice gives the same answer.
    seed = workspace.today.toordinal()
    _, night = evening_on(workspace, tx, now, Request(mode=Mode.REVIEW, minutes=minutes), seed)
    if not night.is_worth_it or not night.picks:
        return Tonight(0, 0.0, 0, "")
    return Tonight(night.whole_minutes, night.points, len(night.picks), _mostly(workspace, night))


class Reminder(msgspec.Struct, frozen=True):
    """What to be reminded of tonight; `quiet` says in a sentence why there is nothing to say, "" when there is."""

    tonight: Tonight | None
    quiet: str


def reminder_tonight(workspace: Workspace) -> Reminder:
    """What the evening's reminder is about. It is quiet in the last days, on a day off, and when all is done."""
    with workspace.store.read() as tx:
        quiet = _why_quiet(workspace, tx)
        tonight = None if quiet else tonight_of(workspace, tx, standing(workspace, tx))
    if tonight is not None and not tonight.minutes:
        quiet = "Nothing tonight is worth more than sleep."
    return Reminder(tonight, quiet)


def _why_quiet(workspace: Workspace, tx: Transaction) -> str:
    if not tx.bank_counts().questions:
        return "No questions are loaded yet."
    if care.in_last_days(workspace):
        # A reminder speaks of yield, which is at its highest when rest is worth more.
        return "Reminders are off in the last three days. What is good for them: qbank plan"
    if workspace.booked and care.days_left(workspace) < 0:
        return "Your exam day has passed. If you sit again, set the day: qbank set exam-date DATE"
    if is_under_way(workspace, tx):
        return "An exam day is under way."
    today = workspace.today
    for row in tx.blocks(workspace.learner.id):
        if row.study_day == today and row.purpose is Purpose.REVIEW and row.state is BlockStatus.CLOSED:
            return "Today's review is done."
    return "Today is a day off." if _is_day_off(workspace, tx) else ""


def _is_day_off(workspace: Workspace, tx: Transaction) -> bool:
    """Whether the learner keeps today free, or the days planned for a week lie in the last six and today has none."""
    if any(first <= workspace.today <= last for first, last in days_off(workspace.values)):
        return True
    planned = workspace.values.get("days")
    if planned is None or int(str(planned)) >= WEEK_DAYS:
        return False
    first = workspace.today - timedelta(days=WEEK_DAYS - 1)
    # A study day is at most a day behind the clock, whichever way one has travelled.
    since = workspace.now() - timedelta(days=WEEK_DAYS + 1)
    rows = tx.responses(workspace.learner.id, since=since)
    days = {row.response.study_day for row in rows if row.response.shown and row.response.study_day >= first}
    return workspace.today not in days and len(days) >= int(str(planned))


def _mostly(workspace: Workspace, night: Evening) -> str:
    system, count = Counter(pick.place.system for pick in night.picks).most_common(1)[0]
    if not system or 2 * count <= len(night.picks):
        return ""
    areas = workspace.exam.areas("system", workspace.exam_day)
    return next((area.name for area in areas if area.id == system), "")
