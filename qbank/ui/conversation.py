"""What is said, asked and practised, apart from the face that does it.

A conversation is a generator of acts: it yields one, and is sent what came of it. So a verb tells its story once, and the
plain face and the full screen each perform it in their own way.
"""

from collections.abc import Callable, Generator
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from qbank.app.practice import Practice
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.errors import BlockTaken, UsageError

if TYPE_CHECKING:
    from qbank.app.exam_day import ExamDay
    from qbank.app.looking_back import ClosedBlock
    from qbank.core.looking_back import LookFilter


class Say(msgspec.Struct, frozen=True):
    """Lines to read. Gives None."""

    lines: tuple[str, ...]


class Confirm(msgspec.Struct, frozen=True):
    """A question for yes or no. Gives a bool; `default` is what Enter means."""

    prompt: str
    default: bool


class Ask(msgspec.Struct, frozen=True):
    """A question for a line of text, asked again while `parse` raises UsageError. Gives what `parse` gives."""

    lines: tuple[str, ...]
    prompt: str
    parse: Callable[[str], Any]


class Wait(msgspec.Struct, frozen=True):
    """Something that takes a while, and what to call it meanwhile. Gives what `work` gives."""

    title: str
    work: Callable[[], Any]


class Run(msgspec.Struct, frozen=True):
    """A block to practise. Gives True when it was closed, False when it was left to be continued."""

    practice: Practice


class Look(msgspec.Struct, frozen=True):
    """A closed block to walk through, beginning with the questions of a kind. Gives None."""

    closed: "ClosedBlock"
    kind: "LookFilter"


class BreakEnd(StrEnum):
    """How a break ended: on to the next block, with the wish to end the day, or by leaving while its clock runs on."""

    GO = "go"
    END = "end"
    LEAVE = "leave"


class Tutorial(msgspec.Struct, frozen=True):
    """The tutorial of an exam day, over when the learner goes on or its time has run out. Gives False when they left."""

    day: "ExamDay"


class Break(msgspec.Struct, frozen=True):
    """A break of an exam day, with its clock. Gives a BreakEnd; GO when the day ended meanwhile."""

    day: "ExamDay"


class Report(msgspec.Struct, frozen=True):
    """Lines to read in peace, under a title where there is a screen. Gives None."""

    lines: tuple[str, ...]
    title: str = "Your exam day"


Act = Say | Confirm | Ask | Wait | Run | Look | Tutorial | Break | Report
Conversation = Generator[Act, Any, None]


def practised(workspace: Workspace, block_id: str, *, asks: bool) -> Generator[Act, Any, bool]:
    """Run a block until it is closed or left; True when it was closed.

    A block that another terminal holds is taken over only after asking; where nobody can be asked, BlockTaken is raised.
    """
    try:
        practice = Practice(workspace, block_id)
    except BlockTaken as error:
        if not asks:
            raise
        yield Say((str(error),))
        if not (yield Confirm("Take it over here?", default=False)):
            return False
        practice = Practice(workspace, block_id, take_over=True)
    closed: bool = yield Run(practice)
    return closed


def mind_asked(workspace: Workspace, block_id: str, *, asks: bool) -> Generator[Act, Any, None]:
    """The one key after a timed block, where somebody is there to press it."""
    if not asks:
        return
    # Imported here: it comes after everything that a question waits for.
    from qbank.app.mind import keep_mind, mind_to_ask

    if not mind_to_ask(workspace, block_id):
        return
    elsewhere = yield Ask((), "Was your mind elsewhere in this block? y/n, Enter skips: ", _yes_no_or_skip)
    if elsewhere is not None:
        keep_mind(workspace, block_id, elsewhere)


def _yes_no_or_skip(text: str) -> bool | None:
    answer = text.strip().lower()
    if not answer:
        return None
    if answer in ("y", "yes", "n", "no"):
        return answer.startswith("y")
    raise UsageError("Please answer y or n, or press Enter to skip.")


def fitted_tonight(workspace: Workspace) -> Generator[Act, Any, None]:
    """What comes after everything: memory fitted to the learner's answers, when that is due; a line when it changed it."""
    # Imported here: it comes last, and the first question waits for every import.
    from qbank.app.fitting import due_tonight, fit_tonight
    from qbank.ui.fitting import FITTING, tonight_line

    basis = due_tonight(workspace)
    if basis is None:
        return
    fitted = yield Wait(FITTING, partial(fit_tonight, workspace, basis))
    line = tonight_line(fitted) if fitted else None
    if line is not None:
        yield Say((line,))


def exam_day_first(workspace: Workspace, *, asks: bool) -> Generator[Act, Any, bool]:
    """What comes before anything else is practised: an exam day under way. True when there was one."""
    with workspace.store.read() as tx:
        if tx.last_event(workspace.learner.id, [EventKind.EXAM_DAY_BEGUN]) is None:
            return False
    # Imported here: a day is seldom sat, and every block asks.
    from qbank.app.exam_day import running_day
    from qbank.ui.sitting import sitting_on

    day = running_day(workspace)
    if day is None:
        return False
    yield from sitting_on(workspace, day, asks=asks)
    return True
