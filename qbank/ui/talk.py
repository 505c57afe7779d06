"""The plain face of a conversation: lines out, a line in."""

from typing import Any

from qbank.ui.console import Console
from qbank.ui.conversation import (
    Act,
    Ask,
    Break,
    Confirm,
    Conversation,
    Look,
    Report,
    Run,
    Say,
    Tutorial,
    Wait,
)
from qbank.ui.plain import PlainBlock
from qbank.ui.plain_exam import PlainBreak, PlainTutorial


def talk(conversation: Conversation, console: Console) -> None:
    """Hold a conversation to its end. What its acts raise comes out here, and ends it."""
    try:
        act = next(conversation)
        while True:
            act = conversation.send(_perform(act, console))
    except StopIteration:
        return


def _perform(act: Act, console: Console) -> Any:  # noqa: ANN401 each act says what it gives
    match act:
        case Say() | Report():
            console.say_lines(act.lines)
            return None
        case Confirm():
            return console.confirm(act.prompt, act.default)
        case Ask():
            console.say_lines(act.lines)
            return console.ask(act.prompt, act.parse)
        case Wait():
            from qbank.ui.progress import waiting  # it comes after everything

            with waiting(act.title):
                return act.work()
        case Run():
            return PlainBlock(act.practice, console).run()
        case Look():
            from qbank.ui.look import PlainLook  # nothing of it is needed before a block is closed

            PlainLook(act.closed, console, act.kind).run()
            return None
        case Tutorial():
            return PlainTutorial(act.day, console).run()
        case Break():
            return PlainBreak(act.day, console).run()
