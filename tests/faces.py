"""The plain face driven line by line from the same thread as the full screen beside it, and a block for each of them."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

from msgspec.structs import replace
from worlds import PLACES, World, small_bank

from qbank.app.composing import Request, compose_block
from qbank.app.practice import Practice
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Option, Question, option_id
from qbank.core.response import Mode
from qbank.ui.console import ClockRanOut, Console
from qbank.ui.plain import PlainBlock

PATIENCE_S = 20.0

SIZE = 5
LONG = "A man of 40 comes in. He has been short of breath:\n\n- for days\n- at night\n\nWhich is it?"

WAIT = "(a second passes)"
END = "(Ctrl-D)"
CTRL_C = "(Ctrl-C)"


class PlainFace:
    """The plain face, which runs only from a line that was typed to the next prompt."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.trouble: BaseException | None = None
        self.running = True
        self._console = _Handed()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._settle()

    @property
    def said(self) -> str:
        """Everything that was shown."""
        return self._console.said

    def types(self, *lines: str) -> None:
        """Type the lines, as long as somebody reads them."""
        for line in lines:
            if self.running:
                self._console.lines.put(line)
                self._settle()

    def close(self) -> None:
        """Leave by the end of the input, until it has ended."""
        while self.running:
            self.types(END)
        self._thread.join(PATIENCE_S)

    def _settle(self) -> None:
        self.running = self._console.asking.get(timeout=PATIENCE_S)

    def _run(self) -> None:
        try:
            PlainBlock(self.practice, self._console).run()
        except BaseException as error:  # noqa: BLE001 told to the thread of the test
            self.trouble = error
        finally:
            self._console.asking.put(False)


def open_blocks(folder: Path, empty_sqlite: Path) -> dict[Mode, Path]:
    """A store with an open block of each mode: with a card, options as far as F, and sentences to highlight."""
    made = {}
    for mode in Mode:
        world = World(folder / mode.value, template=empty_sqlite)
        world.load_bank()
        with world.workspace.store.begin() as tx:
            tx.upsert_questions("starter", [], [*_own_questions()])
        world.settle()
        size = None if mode is Mode.REVIEW else SIZE
        minutes = 30.0 if mode is Mode.REVIEW else 7.5 if mode is Mode.TIMED else None
        compose_block(world.workspace, Request(mode=mode, size=size, minutes=minutes, seed=3))
        world.close()
        made[mode] = Path(world.workspace.settings.db)
    return made


def _own_questions() -> Iterator[Question]:
    for question in small_bank():
        if question.objective == "delta":
            yield replace(question, kind=Kind.RECALL, options=(RECALLED, NOT_RECALLED), remember="The back.")
        elif question.objective in ("beta", "zeta"):
            texts = [f"{question.id} {letter}" for letter in "abcdef"]
            options = tuple(Option(option_id(text), text, text.endswith("d")) for text in texts)
            yield replace(question, stem=LONG, options=options)
    assert len(PLACES) > SIZE


class _Handed(Console):
    """A terminal at which one line after another is handed in. `asking` gets True when a line is awaited."""

    width = 80
    is_terminal = True

    def __init__(self) -> None:
        super().__init__()
        self.said = ""
        self.lines: Queue[str] = Queue()
        self.asking: Queue[bool] = Queue()

    def _write(self, text: str) -> None:
        self.said += text

    def _read_line(self, on_wait: Callable[[], bool] | None) -> str:
        while True:
            self.asking.put(True)
            line = self.lines.get()
            if line == END:
                raise EOFError
            if line == CTRL_C:
                raise KeyboardInterrupt
            if line != WAIT:
                return line
            if on_wait is not None and on_wait():
                raise ClockRanOut
