"""What is said, asked and practised, apart from the face that does it.

A conversation is a generator of acts: it yields one, and is sent what came of it. So a verb tells its story once, and the
plain face and the full screen each perform it in their own way.
"""

from collections.abc import Callable, Generator
from typing import Any

import msgspec

from qbank.app.practice import Practice
from qbank.app.workspace import Workspace
from qbank.errors import BlockTaken


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


class Run(msgspec.Struct, frozen=True):
    """A block to practise. Gives True when it was closed, False when it was left to be continued."""

    practice: Practice


Act = Say | Confirm | Ask | Run
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
