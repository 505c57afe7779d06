"""The full screen: it holds a conversation, and shows the block in it."""

import os
import select
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import click
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import Worker, WorkerState

from qbank import settings
from qbank.core.block import ClosedBy
from qbank.errors import QbankError
from qbank.ui import prompts
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
from qbank.ui.tui.block_screen import BlockScreen
from qbank.ui.tui.palette import DARK, LIGHT, TERMINAL, THEMES
from qbank.ui.tui.stack import finish

if TYPE_CHECKING:
    from qbank.app.looking_back import ClosedBlock
    from qbank.core.looking_back import LookFilter

_SETTLED_S = 1.0
"""After so long a first screen has been drawn."""

_PATIENCE_S = 3.0
"""So long a screen may take to end when its terminal is gone."""

_FEW_COLOURS = ("standard", "windows", None)


class QbankApp(App[BaseException | None]):
    """Performs the acts of a conversation one after another, and ends with it."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("ctrl+c,ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
        Binding("ctrl+t", "next_theme", show=False, priority=True),
    ]

    def __init__(
        self,
        conversation: Conversation,
        *,
        large: bool = False,
        theme: Theme | None = None,
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        """`theme` is the colours that the learner chose, where the terminal has them.

        `on_shown` is called once, after the first act was put on the screen.
        """
        colourless = "NO_COLOR" in os.environ
        super().__init__(ansi_color=True if colourless else None)
        # Nothing here pops up by itself, and each screen would mount what shows it.
        self._disable_tooltips = self._disable_notifications = True
        self._on_shown = on_shown
        self._conversation = conversation
        self._large = large
        self.said: list[str] = []
        self._left = False
        for known in THEMES.values():
            self.register_theme(known)
        few = colourless or self.console.color_system in _FEW_COLOURS
        self.theme = (TERMINAL if few else theme or _theme_of_terminal()).name

    def on_mount(self) -> None:
        self._heed_signals()
        if not self.is_headless and not self.is_web:
            self.set_interval(1.0, self._watch_terminal)
        self.run_worker(self._hold(), exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.exit(event.worker.error)

    def action_leave(self) -> None:
        """Ctrl-C: leave at once, with everything saved."""
        self._left = True
        if left := getattr(self.screen, "LEFT", ""):
            self.said.append(left)
        for screen in self.screen_stack:
            if isinstance(screen, BlockScreen):
                screen.leave()
                break
        self.exit(KeyboardInterrupt())

    def action_next_theme(self) -> None:
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    async def _hold(self) -> None:
        """From act to act; what an act raises is raised in the conversation, which knows what it means."""
        try:
            act = next(self._conversation)
            while True:
                try:
                    came = await self._perform(act)
                except QbankError as error:
                    act = self._conversation.throw(error)
                else:
                    if self._left:
                        return
                    act = self._conversation.send(came)
        except StopIteration:
            await self._close(None)
        except (QbankError, EOFError) as error:
            if settings.served() and isinstance(error, QbankError):
                self.said.append(str(error))
            await self._close(error)

    async def _perform(self, act: Act) -> Any:  # noqa: ANN401 each act says what it gives
        match act:
            case Say():
                self.said += act.lines
                return None
            case Confirm() | Ask():
                return await self._ask(act)
            case Wait():
                return await self._wait(act)
            case Run():
                return await self._run_block(act)
            case Look():
                await self._look(act.closed, act.kind)
                return None
            case Tutorial() | Break() | Report():
                return await self.push_screen_wait(self._exam_screen(act))

    async def _ask(self, act: Confirm | Ask) -> Any:  # noqa: ANN401 each act says what it gives
        # Imported here: a new block begins without a dialog.
        from qbank.ui.tui import dialogs

        if isinstance(act, Confirm):
            sure = await self.push_screen_wait(dialogs.confirm_dialog(act, self._unsaid()))
            return bool(sure)
        answer = await self.push_screen_wait(dialogs.AskDialog(act))
        if isinstance(answer, EOFError):
            raise answer
        return answer

    async def _wait(self, act: Wait) -> Any:  # noqa: ANN401 each act says what it gives
        """The work, once the screen shows why nothing moves."""
        # Imported here: it comes after everything.
        import asyncio

        from qbank.ui.tui.dialogs import WaitDialog

        dialog = WaitDialog(act.title)
        await self.push_screen(dialog)
        drawn = asyncio.Event()
        dialog.call_after_refresh(drawn.set)
        await drawn.wait()
        try:
            return act.work()
        finally:
            finish(dialog)

    async def _run_block(self, act: Run) -> bool:
        """The block, and once it is closed what became of it."""
        opening = self._unsaid()
        if self._on_shown is not None:
            self.set_timer(_SETTLED_S, self._on_shown)
            self._on_shown = None
        outcome = await self.push_screen_wait(BlockScreen(act.practice, opening, large=self._large))
        if isinstance(outcome, QbankError):
            raise outcome
        practice = act.practice
        if not outcome:
            self.said.append(prompts.left_line(practice))
        elif practice.state.closed_by is ClosedBy.TIME:
            self.said.append(prompts.TIME_UP)
        if practice.sat is not None:
            # Right and wrong are told when the day is over.
            return outcome
        if outcome and practice.look_back().totals.asked:
            from qbank.ui.looking_back import result_lines

            opening = self._unsaid()
            self.said += result_lines(practice.look_back(), kept=practice.kept)
            if not practice.kept:
                return outcome
            await self._look(practice.again(), opening=opening, asks_first=True)
        return outcome

    def _exam_screen(self, act: Tutorial | Break | Report) -> Screen[Any]:
        # Imported here: a day is seldom sat.
        from qbank.ui.tui.exam_screens import BreakScreen, ReportScreen, TutorialScreen

        match act:
            case Tutorial():
                return TutorialScreen(act.day, self._unsaid())
            case Break():
                return BreakScreen(act.day, self._unsaid())
            case Report():
                return ReportScreen((*self._unsaid(), *act.lines), act.title)

    async def _look(
        self,
        closed: "ClosedBlock",
        kind: "LookFilter | None" = None,
        *,
        opening: tuple[str, ...] = (),
        asks_first: bool = False,
    ) -> None:
        # Imported here: nothing of it is needed before a block is closed.
        from qbank.core.looking_back import LookFilter
        from qbank.ui.tui.look_screen import LookScreen

        screen = LookScreen(closed, kind or LookFilter.ALL, opening, asks_first=asks_first, large=self._large)
        trouble = await self.push_screen_wait(screen)
        if trouble is not None:
            raise trouble

    def _unsaid(self) -> tuple[str, ...]:
        said, self.said = tuple(self.said), []
        return said

    async def _close(self, ended: BaseException | None) -> None:
        """In a browser the last words are shown here, for there is no terminal behind to read them on."""
        if settings.served() and self.said:
            from qbank.ui.tui.dialogs import TextDialog

            await self.push_screen_wait(TextDialog(self._unsaid()))
        self.exit(ended)

    def _watch_terminal(self) -> None:
        """Leave when the terminal is gone though no hang-up signal said so: nothing can be shown any more."""
        if _terminal_is_gone():
            # Textual may wait for ever to write to a terminal that is not there; by then everything is on disk.
            last_resort = threading.Timer(_PATIENCE_S, os._exit, [128 + signal.SIGINT])
            last_resort.daemon = True
            last_resort.start()
            self.action_leave()

    def _heed_signals(self) -> None:
        """Treat a polite kill and a closed terminal as Ctrl-C. Whoever started us with a signal ignored meant it."""
        import asyncio

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self.action_leave)


def show(conversation: Conversation, *, large: bool, colours: str, on_shown: Callable[[], None]) -> None:
    """Hold a conversation on the full screen; what it ends with is raised, and its last words stay on the terminal.

    `colours` names a theme; any other word leaves the choice to what the terminal tells of itself.
    """
    theme = THEMES.get(f"qbank-{colours}")
    app = QbankApp(conversation, large=large, theme=theme, on_shown=on_shown)
    ended = app.run()
    for line in app.said:
        click.echo(line)
    if app.return_code:
        raise SystemExit(app.return_code)
    if ended is not None:
        raise ended


def _terminal_is_gone() -> bool:
    """Whether the other side of standard input has hung up."""
    watch = select.poll()
    watch.register(0, 0)
    return any(
        happened & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, happened in watch.poll(0)
    )


def _theme_of_terminal() -> Theme:
    """Light where the terminal says that its background is (COLORFGBG, as rxvt, Konsole and others set it)."""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK
