"""An exam day as a conversation: from its tutorial, or from wherever its clock stands, to its report."""

from collections.abc import Generator
from typing import Any

from qbank.app.exam_day import ExamDay
from qbank.app.workspace import Workspace
from qbank.core.exam_day import Phase
from qbank.ui.conversation import Act, Break, BreakEnd, Confirm, Report, Run, Say, Tutorial, practised
from qbank.ui.exam_words import block_line, standing_line
from qbank.ui.prompts import DAY_LEFT


def sitting(workspace: Workspace, day: ExamDay, *, asks: bool) -> Generator[Act, Any, None]:
    """Sit a day that has just begun, until it is over or left."""
    yield from _sat(workspace, day, asks=asks, rests=False)


def sitting_on(workspace: Workspace, day: ExamDay, *, asks: bool) -> Generator[Act, Any, None]:
    """Offer to go on with a day that is under way; one whose time is over is reported on."""
    yield Say((standing_line(day),))
    goes_on = day.phase is Phase.OVER or not asks or (yield Confirm("Go on with it?", default=True))
    if not goes_on and not (yield from _ended(day)):
        yield Say((DAY_LEFT,))
        return
    yield from _sat(workspace, day, asks=asks, rests=True)


def _sat(workspace: Workspace, day: ExamDay, *, asks: bool, rests: bool) -> Generator[Act, Any, None]:
    """`rests`: a break before the first block is one too, when the learner comes back to it."""
    while (phase := day.phase) is not Phase.OVER:
        if phase is Phase.TUTORIAL:
            goes_on = yield from _learnt(day)
        elif phase is Phase.BLOCK:
            goes_on = yield from _answered(workspace, day, asks=asks)
        elif rests or day.number > 1:
            goes_on = yield from _rested(day)
        else:
            goes_on = yield from _begun(day)
        if not goes_on:
            return
    # Its tables take a tenth of the time to a first question, and a day is seldom over when a command begins.
    from qbank.ui.exam_report import report_lines

    yield Report(report_lines(day.report()))
    day.end_day()


def _learnt(day: ExamDay) -> Generator[Act, Any, bool]:
    if not (yield Tutorial(day)):
        yield Say((DAY_LEFT,))
        return False
    day.end_tutorial()
    return True


def _answered(workspace: Workspace, day: ExamDay, *, asks: bool) -> Generator[Act, Any, bool]:
    """The block that is under way."""
    block_id = day.block_id
    if block_id is None:
        return True
    closed = yield from practised(workspace, block_id, asks=asks)
    day.block_closed()
    return closed


def _rested(day: ExamDay) -> Generator[Act, Any, bool]:
    ended = yield Break(day)
    if ended is BreakEnd.LEAVE:
        yield Say((DAY_LEFT,))
        return False
    if ended is BreakEnd.END:
        yield from _ended(day)
        return True
    return day.phase is not Phase.BREAK or (yield from _begun(day))


def _begun(day: ExamDay) -> Generator[Act, Any, bool]:
    """The next block, begun and practised."""
    yield Say((block_line(day),))
    closed: bool = yield Run(day.begin_block())
    day.block_closed()
    return closed


def _ended(day: ExamDay) -> Generator[Act, Any, bool]:
    """The day ended by the learner, who is asked twice; False when they think better of it."""
    if not (yield Confirm("End the day here? What you have not reached is not scored.", default=False)):
        return False
    if not (yield Confirm("It cannot be taken up again. End it?", default=False)):
        return False
    day.end_day()
    return True
