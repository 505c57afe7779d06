"""Holds a conversation on the face that this terminal can show."""

import contextlib
import gc
import os
import signal
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

import click

from qbank.app.care import last_days_note
from qbank.app.workspace import Workspace
from qbank.errors import UsageError
from qbank.settings import served
from qbank.ui.console import Console
from qbank.ui.conversation import Act, Confirm, Conversation, Say

F = TypeVar("F", bound=Callable[..., Any])

SMALLEST = (40, 12)
"""Columns and rows below which a full screen cannot show a question and its options. [judged]"""


class Face:
    """The plain face or the full screen, and whether somebody is there to be asked."""

    def __init__(self, *, plain: bool, tui: bool, large: bool) -> None:
        """Raises UsageError when both faces are forced, or the full screen where there is none."""
        self.console = Console()
        self._large = large
        if plain and tui:
            raise UsageError("Choose one of --plain and --tui.")
        if tui and not (self.console.is_terminal or served()):
            raise UsageError("A full screen needs a terminal. Leave --tui out, and plain lines are used.")
        self.full_screen = tui or (not plain and _is_capable(self.console))

    @property
    def asks(self) -> bool:
        """Whether somebody is there to be asked; nobody is at the other end of a pipe."""
        return self.full_screen or self.console.is_terminal

    def hold(self, conversation: Conversation, colours: str = "auto") -> None:
        """Hold a conversation to its end. A closed terminal or a polite kill ends it as Ctrl-C does."""
        if self.full_screen:
            # Imported here: it costs a tenth of a second that pipes and screen readers need not pay.
            from qbank.ui.tui.app import show

            show(conversation, large=self._large, colours=colours, on_shown=_live_long)
            return
        from qbank.ui.talk import talk  # the full screen has no use for it

        _live_long()
        with _ending_politely():
            talk(conversation, self.console)


def _live_long() -> None:
    """From here on the process may live for hours: collect garbage again, but not what was loaded so far."""
    gc.freeze()
    gc.enable()


def face_options(command: F) -> F:
    """The options by which a command's face is chosen."""
    for option in (
        click.option("--large", is_flag=True, help="Few, wide-set lines, for a terminal with a large font."),
        click.option("--tui", is_flag=True, help="Open full screen, also where it was not chosen by itself."),
        click.option(
            "--plain", is_flag=True, help="Ask in plain lines, as in a pipe or for a screen reader."
        ),
    ):
        command = option(command)
    return command


def last_days(workspace: Workspace, face: Face) -> Generator[Act, Any, bool]:
    """In the last days before the exam say what is good for today, and ask whether to go on; True to go on."""
    note = last_days_note(workspace)
    if note is None:
        return True
    yield Say((note,))
    return not face.asks or (yield Confirm("Go on all the same?", default=False))


def _is_capable(console: Console) -> bool:
    """Whether the terminal moves its cursor and is large enough; a screen reader's user sets TERM=dumb or --plain."""
    if not console.is_terminal or os.environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return False
    try:
        columns, rows = os.get_terminal_size(1)
    except OSError:
        return False
    return columns >= SMALLEST[0] and rows >= SMALLEST[1]


@contextlib.contextmanager
def _ending_politely() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP as Ctrl-C. Whoever started us with a signal ignored, as nohup does, meant it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    changed = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in changed:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, before[number])
