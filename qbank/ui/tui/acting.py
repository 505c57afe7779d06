"""What a key does at once on a block's screen; what has to be asked first stands in `asking`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from qbank.core import block
from qbank.core.response import Confidence
from qbank.errors import UsageError
from qbank.ui import course, prompts
from qbank.ui.sentences import sentences
from qbank.ui.tui.keys import Stage

if TYPE_CHECKING:
    from qbank.ui.tui.block_screen import BlockScreen

_NEXT_CONFIDENCE = {
    None: Confidence.UNSURE,
    Confidence.UNSURE: Confidence.GUESSED,
    Confidence.GUESSED: Confidence.SURE,
    Confidence.SURE: Confidence.UNSURE,
}
_SAYS_CONFIDENCE = {
    Confidence.UNSURE: "Not sure. u again: a guess.",
    Confidence.GUESSED: "A guess. u again: sure after all.",
    Confidence.SURE: "Sure.",
}


def _go_on(screen: "BlockScreen") -> None:
    """Enter: on from what is answered, and nowhere from what is not."""
    state = screen.practice.state
    if screen.stage is Stage.SHOWN:
        _next_open(screen)
    elif screen.stage is Stage.FRONT:
        screen.turned = True
    elif state.items[screen.position].choice is None:
        screen.notice = prompts.CHOOSE_FIRST
    elif screen.stage is Stage.UNTIMED:
        screen.settle()
    else:
        position = course.next_unanswered(state, screen.position)
        if position is None:
            screen.ask("submit")
        else:
            screen.show(position)


def _next_open(screen: "BlockScreen") -> None:
    position = course.next_open(screen.practice.state, screen.position)
    if position is None:
        screen.step(block.Submit)
    else:
        screen.show(position)


def _blank(screen: "BlockScreen") -> None:
    if screen.practice.timed:
        _next(screen)
    else:
        screen.settle()


def _unsure(screen: "BlockScreen") -> None:
    level = _NEXT_CONFIDENCE[screen.practice.state.items[screen.position].confidence]
    screen.step(block.Confident, level=level)
    screen.notice = _SAYS_CONFIDENCE[level]


def _strike(screen: "BlockScreen") -> None:
    screen.pending = "strike"


def _mark(screen: "BlockScreen") -> None:
    screen.step(block.Mark)


def _highlight(screen: "BlockScreen") -> None:
    if not sentences(screen.question.stem):
        raise UsageError("This question has no sentence to highlight.")
    screen.pointed = 0


def _clock(screen: "BlockScreen") -> None:
    screen.clock_hidden = not screen.clock_hidden


def _next(screen: "BlockScreen") -> None:
    if screen.position == len(screen.practice.plan.items) - 1:
        screen.notice = "This is the last question. s submits the block."
    else:
        screen.show(screen.position + 1)


def _previous(screen: "BlockScreen") -> None:
    if screen.position == 0:
        screen.notice = "This is the first question."
    else:
        screen.show(screen.position - 1)


ACTING: Mapping[str, Callable[["BlockScreen"], None]] = {
    "go_on": _go_on,
    "blank": _blank,
    "unsure": _unsure,
    "strike": _strike,
    "mark": _mark,
    "highlight": _highlight,
    "clock": _clock,
    "next": _next,
    "previous": _previous,
}
