"""A learner at the full screen in small: presses keys, clicks, lets time pass, and reads what is shown."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, TypeVar

from textual import _wait, events
from textual.pilot import Pilot
from textual.theme import Theme
from worlds import World

from qbank.app.payload import to_data
from qbank.app.practice import Practice
from qbank.app.record import record
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.question import Question, serve
from qbank.core.response import Mode
from qbank.ui import show
from qbank.ui.conversation import Act, Conversation, Run
from qbank.ui.layout import columns
from qbank.ui.tui.app import QbankApp
from qbank.ui.tui.sheet import Sheet

T = TypeVar("T")
LIMIT_MS = 90_000
PATIENCE_S = 20.0

# Textual looks every 20 ms whether the application has come to rest, several times for each key.
_wait.SLEEP_GRANULARITY = 0.005


class Seen:
    """The running application, from the chair of whoever sits before it."""

    def __init__(self, app: QbankApp, runner: asyncio.Runner, pilot: Pilot[Any], world: World) -> None:
        self.app = app
        self._runner = runner
        self._pilot = pilot
        self._world = world

    def press(self, *keys: str) -> "Seen":
        """Press keys by Textual's names for them."""
        for key in keys:
            self._run(self._pilot.press(key))
        return self

    def begins(self, key: str, done: Callable[[], bool]) -> None:
        """Press a key that begins something, and wait for it to be done.

        A pilot that presses it would wait for every part of a screen that comes and goes by itself meanwhile.
        """
        self.app.screen.post_message(events.Key(key, key))
        self._runner.run(_until(done))

    def types(self, text: str) -> "Seen":
        """Type a text into a line, and Enter."""
        named = {" ": "space"}
        return self.press(*(named.get(letter, letter) for letter in text), "enter")

    def click(self, kind: str, value: str, *, button: int = 1) -> None:
        """Click on the first place that stands for this."""
        sheet = self._sheet
        for row, line in enumerate(sheet._lines):
            at = 0
            for piece in line:
                if piece.means == (kind, value):
                    self._run(self._clicked(sheet, at + 1, row, button))
                    return
                at += columns(piece.text)
        raise AssertionError(f"nothing on the screen stands for {kind} {value}")

    def wheels(self, *, down: bool) -> None:
        """The mouse wheel is turned by one notch over the middle of the screen."""
        kind = events.MouseScrollDown if down else events.MouseScrollUp
        self._run(self._pilot._post_mouse_events([kind], self._sheet))

    def passes(self, seconds: float) -> None:
        """So much time passes, and the clock on the screen ticks."""
        self._world.pass_time(seconds=seconds)
        self._run(self._ticks())

    def resized(self, width: int, height: int) -> None:
        self._run(self._pilot.resize_terminal(width, height))

    @property
    def text(self) -> str:
        """What the screen on top says."""
        return self._sheet.text

    @property
    def words(self) -> str:
        """The same on one line, to find sentences that were wrapped."""
        return " ".join(self.text.split())

    @property
    def terminal(self) -> str:
        """Everything that the terminal shows, dialogs over what is under them; what is underlined stands in » and «."""
        lines = []
        for strip in self.app.screen._compositor.render_strips():
            said = [f"»{each.text}«" if each.style and each.style.underline else each.text for each in strip]
            lines.append(f"{''.join(said).rstrip()}\n")
        return "".join(lines)

    @property
    def kind(self) -> str:
        """What kind of screen is on top."""
        return type(self.app.screen).__name__

    @property
    def ended(self) -> bool:
        return self.app._exit

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Do something inside the application's own loop."""
        return self._runner.run(coroutine)

    @property
    def _sheet(self) -> Sheet:
        return self.app.screen.query(Sheet).first()

    def _run(self, coroutine: Coroutine[Any, Any, object]) -> None:
        self._runner.run(coroutine)
        self._runner.run(self._pilot.pause())

    async def _clicked(self, sheet: Sheet, x: int, y: int, button: int) -> None:
        await self._pilot.click(sheet, offset=(x, y), button=button)

    async def _ticks(self) -> None:
        screen: Any = self.app.screen_stack[1]
        tick = getattr(screen, "_tick", None) or screen.pass_time
        tick()
        await self._pilot.pause()


@contextlib.contextmanager
def held(
    world: World,
    conversation: Conversation,
    *,
    size: tuple[int, int] = (80, 24),
    large: bool = False,
    theme: Theme | None = None,
) -> Iterator[Seen]:
    """A conversation on a full screen of this size. What it ended with is in `app.return_value`."""
    with asyncio.Runner() as runner:
        app = runner.run(_made(conversation, large, theme))
        running = app.run_test(size=size)
        pilot = runner.run(running.__aenter__())
        try:
            seen = Seen(app, runner, pilot, world)
            runner.run(pilot.pause())
            yield seen
        finally:
            runner.run(running.__aexit__(None, None, None))


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not done():
            await asyncio.sleep(_wait.SLEEP_GRANULARITY)


async def _made(conversation: Conversation, large: bool, theme: Theme | None) -> QbankApp:
    return QbankApp(conversation, large=large, theme=theme)


def running(practice: Practice) -> Conversation:
    """A conversation that is one block."""
    yield Run(practice)


def acts(*acts: Act, came: list[object] | None = None) -> Conversation:
    """A conversation of these acts; what came of them is put into `came`."""
    for act in acts:
        answer = yield act
        if came is not None:
            came.append(answer)


def begun(
    world: World, questions: Sequence[Question], mode: Mode, *, limit_ms: int | None = None
) -> Practice:
    """A block of these questions in this order, with the options in the order in which they were written."""
    with world.workspace.store.begin() as tx:
        tx.upsert_questions("starter", (), questions)
    block_id = f"block-{world.events()}"
    limit_ms = limit_ms or len(questions) * LIMIT_MS if mode is Mode.TIMED else None
    items = tuple(serve(question, world.events()) for question in questions)
    plan = block.BlockPlan(block_id, mode, items, limit_ms)
    composed = {"block": to_data(plan), "expected": [0.5] * len(items)}
    purpose = "review" if mode is Mode.REVIEW else "drill"
    data = {"block": block_id, "purpose": purpose, "plan": composed}
    record(world.workspace, EventKind.BLOCK_COMPOSED, data)
    return Practice(world.workspace, block_id)


def steps(world: World, practice: Practice) -> list[str]:
    """The kinds of the steps on record, in order."""
    with world.workspace.store.read() as tx:
        return [event.data["step"]["kind"] for event in tx.block_steps(practice.plan.id)]


def choice(practice: Practice, position: int = 0) -> str:
    """The letter that was chosen there, "" for none."""
    return show.letter_of(practice.item(position), practice.state.items[position].choice)
