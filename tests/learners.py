"""Someone at a prompt in small: a console that types what a test says, and a clock that goes on when told."""

from collections.abc import Callable

from qbank.app.composing import Request, compose_block
from qbank.app.practice import Practice
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.response import Mode
from qbank.store.rows import BlockStatus, ResponseRow
from qbank.ui.console import WAIT_SECONDS, ClockRanOut, Console
from qbank.ui.plain import PlainBlock

Step = tuple[Callable[..., block.BlockEvent], dict[str, object]]

SLEEP = "(a second passes)"
CTRL_C = "(Ctrl-C)"


class Clock:
    """A monotonic clock that goes on when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Typed(Console):
    """A learner at a terminal: types the lines, waits where told, and then goes away."""

    width = 80
    is_terminal = True

    def __init__(self, clock: Clock, lines: list[str], *, terminal: bool = True) -> None:
        super().__init__()
        self.is_terminal = terminal
        self.said = ""
        self._clock = clock
        self._lines = list(lines)

    def _write(self, text: str) -> None:
        self.said += text

    def _read_line(self, on_wait: Callable[[], bool] | None) -> str:
        while self._lines and self._lines[0] == SLEEP:
            self._lines.pop(0)
            self._clock.seconds += WAIT_SECONDS
            if on_wait and on_wait():
                raise ClockRanOut
        if not self._lines:
            raise EOFError
        line = self._lines.pop(0)
        if line == CTRL_C:
            raise KeyboardInterrupt
        self.said += f"{line}\n"
        return line


class Learner:
    """Someone with one block of three questions, over as many processes as they need."""

    def __init__(self, workspace: Workspace, clock: Clock, mode: Mode, size: int = 3) -> None:
        self._workspace = workspace
        self._clock = clock
        minutes = 30.0 if mode is Mode.REVIEW else None
        size_asked = None if mode is Mode.REVIEW else size
        request = Request(mode=mode, size=size_asked, minutes=minutes, seed=5, insisted=True)
        self.block = compose_block(workspace, request).block_id
        self.practice: Practice

    def types(self, *lines: str, terminal: bool = True) -> str:
        """Start or go on, type the lines, then Ctrl-D; gives everything that was shown."""
        self.practice = Practice(self._workspace, self.block)
        console = Typed(self._clock, list(lines), terminal=terminal)
        PlainBlock(self.practice, console).run()
        return console.said

    def vanishes_after(self, *events: Step) -> None:
        """A process that takes these steps and is killed."""
        practice = Practice(self._workspace, self.block)
        for event, fields in events:
            practice.do(event, **fields)
        with self._workspace.store.begin() as tx:
            tx.take_lease(
                self.block, "gone", self._workspace.now().replace(year=2020), practice.state.elapsed_ms
            )

    def option(self, position: int, *, right: bool) -> str:
        """An option of the question there, by id."""
        practice = Practice(self._workspace, self.block)
        key = practice.question(position).key.id
        practice._release()
        return key if right else next(o for o in practice.item(position).option_order if o != key)

    def letter(self, position: int, *, right: bool) -> str:
        """The same by its letter."""
        option = self.option(position, right=right)
        practice = Practice(self._workspace, self.block)
        practice._release()
        return "ABCDEFGHIJ"[practice.item(position).option_order.index(option)]

    def stem(self, position: int) -> str:
        """The text of the question there."""
        practice = Practice(self._workspace, self.block)
        practice._release()
        return practice.question(position).stem

    def rows(self) -> list[ResponseRow]:
        """The responses on record, by position."""
        with self._workspace.store.read() as tx:
            return sorted(tx.responses_of_block(self.block), key=lambda row: row.response.position)

    @property
    def closed(self) -> bool:
        with self._workspace.store.read() as tx:
            row = tx.block(self.block)
        assert row is not None
        return row.state is BlockStatus.CLOSED
