"""What tonight is worth, before anybody sits down: the evening that `qbank review` would compose, and not put on record."""

from collections import Counter

import msgspec

from qbank.app.composing import Request, evening_on
from qbank.app.standing import Standing, standing
from qbank.app.workspace import Workspace
from qbank.core.night import NIGHT_MINUTES, Evening
from qbank.core.response import Mode
from qbank.store.store import Transaction


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


def _mostly(workspace: Workspace, night: Evening) -> str:
    system, count = Counter(pick.place.system for pick in night.picks).most_common(1)[0]
    if not system or 2 * count <= len(night.picks):
        return ""
    areas = workspace.exam.areas("system", workspace.exam_day)
    return next((area.name for area in areas if area.id == system), "")
