"""The full screen: it holds a conversation, and shows the block in it."""

import signal
from typing import Any, ClassVar

import click
from textual.app import App
from textual.binding import Binding
from textual.theme import Theme
from textual.worker import Worker, WorkerState

from qbank import settings
from qbank.errors import QbankError
from qbank.ui.conversation import Act, Ask, Confirm, Conversation, Run, Say
from qbank.ui.tui.block_screen import BlockScreen

# Blue, orange, vermilion and bluish green stay apart to colour-blind eyes (Okabe & Ito 2008, Color Universal Design).
_DARK = Theme(
    "qbank-dark",
    primary="#56b4e9",
    success="#2fc99a",
    warning="#f0a830",
    error="#ff8552",
    foreground="#e4e4e4",
    background="#121416",
    surface="#1d2023",
    panel="#2c3136",
    dark=True,
    variables={"highlight": "#5c4a00", "on-highlight": "#fff3c4"},
)
_LIGHT = Theme(
    "qbank-light",
    primary="#005a96",
    success="#00694d",
    warning="#8f4a00",
    error="#a83200",
    foreground="#1a1a1a",
    background="#fbfaf7",
    surface="#ffffff",
    panel="#e3e1da",
    dark=False,
    variables={"highlight": "#ffe680", "on-highlight": "#1a1a1a"},
)
_TERMINAL = Theme(
    "qbank-terminal",
    primary="ansi_blue",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    ansi=True,
    variables={"highlight": "ansi_yellow", "on-highlight": "ansi_black", "text-muted": "ansi_default"},
)
_THEMES = (_DARK, _LIGHT, _TERMINAL)
_FEW_COLOURS = ("standard", "windows", None)


class QbankApp(App[BaseException | None]):
    """Performs the acts of a conversation one after another, and ends with it."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("ctrl+c,ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
        Binding("ctrl+t", "next_theme", show=False, priority=True),
    ]

    def __init__(self, conversation: Conversation, *, large: bool = False) -> None:
        super().__init__()
        self._conversation = conversation
        self._large = large
        self.said: list[str] = []
        for theme in _THEMES:
            self.register_theme(theme)
        few = self.console.color_system in _FEW_COLOURS
        self.theme = (_TERMINAL if few else _DARK).name

    def on_mount(self) -> None:
        self._heed_signals()
        self.run_worker(self._hold(), exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.exit(event.worker.error)

    def action_leave(self) -> None:
        """Ctrl-C: leave at once, with everything saved."""
        for screen in self.screen_stack:
            if isinstance(screen, BlockScreen):
                screen.leave()
                self.exit(KeyboardInterrupt())
                return
        self.exit(KeyboardInterrupt())

    def action_next_theme(self) -> None:
        names = [theme.name for theme in _THEMES]
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
                    act = self._conversation.send(came)
        except StopIteration:
            await self._close()
        except (QbankError, EOFError) as error:
            if settings.served() and isinstance(error, QbankError):
                self.said.append(str(error))
            await self._close()
            self.exit(error)

    async def _perform(self, act: Act) -> Any:  # noqa: ANN401 each act says what it gives
        from qbank.ui.tui import dialogs

        match act:
            case Say():
                self.said += act.lines
                return None
            case Confirm():
                answer = await self.push_screen_wait(dialogs.confirm_dialog(act, self._unsaid()))
                return bool(answer)
            case Ask():
                answer = await self.push_screen_wait(dialogs.AskDialog(act))
                if isinstance(answer, EOFError):
                    raise answer
                return answer
            case Run():
                opening = self._unsaid()
                outcome = await self.push_screen_wait(BlockScreen(act.practice, opening, large=self._large))
                if isinstance(outcome, QbankError):
                    raise outcome
                return outcome

    def _unsaid(self) -> tuple[str, ...]:
        said, self.said = tuple(self.said), []
        return said

    async def _close(self) -> None:
        """In a browser the last words are shown here, for there is no terminal behind to read them on."""
        if settings.served() and self.said:
            from qbank.ui.tui.dialogs import TextDialog

            await self.push_screen_wait(TextDialog(self._unsaid()))
        self.exit(None)

    def _heed_signals(self) -> None:
        """Treat a polite kill and a closed terminal as Ctrl-C. Whoever started us with a signal ignored meant it."""
        import asyncio

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self.action_leave)


def show(conversation: Conversation, *, large: bool) -> None:
    """Hold a conversation on the full screen; what it ends with is raised, and its last words stay on the terminal."""
    app = QbankApp(conversation, large=large)
    ended = app.run()
    for line in app.said:
        click.echo(line)
    if ended is not None:
        raise ended
