"""The full screen in a terminal of its own: its first question, a key's answer, and what a long sitting costs in memory."""

import contextlib
import fcntl
import math
import os
import pty
import random
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from measure import Ratio, medians, temporary

from qbank import settings
from qbank.app.bank_loading import load_banks
from qbank.app.banks import STARTER
from qbank.app.ids import uuid7
from qbank.app.payload import to_data
from qbank.app.preferences import change
from qbank.app.rebuild import rebuild
from qbank.app.reports import add, sample
from qbank.app.workspace import Workspace, open_workspace
from qbank.core import block
from qbank.core.event import Event, EventKind
from qbank.core.question import Objective, Option, Question, serve
from qbank.core.response import Mode
from qbank.store.rows import BankKind, BankRow

RUNS = 21
FRAME_BOUND, KEY_BOUND, GROWTH_BOUND_MB = 1.25, 2.0, 5.0
ANSWERS, A_BLOCK = 1_000, 40
FIRST_DAYS_AGO, LAST_DAYS_AGO = 200, 20
PRESSES, SHARE = 240, 0.95
GAP_S = (0.03, 0.09)
WORDS = 400
WARM, NAVIGATIONS = 100, 1_000
COLUMNS, ROWS = 80, 24
PATIENCE_S = 20

EMPTY = """
import sqlalchemy.engine, fsrs
from textual.app import App
from textual.widgets import Static

class Empty(App):
    BINDINGS = [("a", "turn", "Turn")]
    turned = False

    def compose(self):
        yield Static("Hello there")

    def action_turn(self):
        self.turned = not self.turned
        self.query_one(Static).update("Well then" if self.turned else "Hello there")

Empty().run()
"""


def measure() -> Iterator[Ratio | str]:
    """Each against an empty Textual app that imports the same libraries, in turns."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with temporary() as home:
        yield _first_frame(Path(home))
    with temporary() as home:
        _write_long_questions(home)
        with Screen([*_qbank(home), "block", "--size", str(A_BLOCK)]) as ours, Screen(_empty()) as theirs:
            ours.wait_for(b" A ")
            theirs.wait_for(b"Hello")
            yield _keys(ours, theirs)
            yield _memory(ours)


class Screen:
    """A program on a pseudo-terminal of the usual size."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color"}
        self._process = subprocess.Popen(
            arguments, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def press(self, keys: bytes, expected: bytes) -> float:
        """Milliseconds from a key until what it brings has been written."""
        while select.select([self._master], [], [], 0)[0]:
            os.read(self._master, 65536)
        began = time.perf_counter()
        os.write(self._master, keys)
        self.wait_for(expected)
        return (time.perf_counter() - began) * 1000

    def wait_for(self, expected: bytes) -> None:
        shown = b""
        while expected not in shown:
            came = b""
            # On Linux the terminal of a program that has ended is an error to read.
            with contextlib.suppress(OSError):
                if select.select([self._master], [], [], PATIENCE_S)[0]:
                    came = os.read(self._master, 65536)
            if not came:
                raise SystemExit(f"{expected!r} did not come; the last that came was {shown[-500:]!r}.")
            shown += came

    def memory_mb(self) -> float:
        """Memory in use, as the system's own `ps` counts it."""
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self._process.pid)], capture_output=True, text=True, check=True
        )
        return int(told.stdout) / 1024


def _first_frame(home: Path) -> Ratio:
    _answer(str(home))
    store = home / "qbank.sqlite3"
    fresh = store.read_bytes()

    def ours() -> float:
        store.write_bytes(fresh)
        for suffix in ("-wal", "-shm"):
            Path(f"{store}{suffix}").unlink(missing_ok=True)
        return _frame_ms([*_qbank(str(home)), "block"], b" A ")

    def theirs() -> float:
        return _frame_ms(_empty(), b"Hello")

    ours()
    theirs()
    times = medians(RUNS, ours, theirs)
    name = f"First question on the full screen after {ANSWERS} answers"
    return Ratio(name, times[0], "an empty Textual app", times[1], FRAME_BOUND)


def _frame_ms(arguments: Sequence[str], expected: bytes) -> float:
    began = time.perf_counter()
    with Screen(arguments) as screen:
        screen.wait_for(expected)
        return (time.perf_counter() - began) * 1000


def _keys(ours: Screen, theirs: Screen) -> Ratio:
    """Choosing an option, and what an empty app needs to change its one label; in turns.

    Both draw at most sixty times a second. Presses without a gap would fall into step with that, each program in its own
    way; a person's do not.
    """
    draw = random.Random(1)
    options, labels = (b"ab", (b"[A]", b"[B]")), (b"aa", (b"Well then", b"Hello there"))

    def pressed(screen: Screen, keys: tuple[bytes, tuple[bytes, bytes]], number: int) -> float:
        which = number % 2
        time.sleep(draw.uniform(*GAP_S))
        return screen.press(keys[0][which : which + 1], keys[1][which])

    times = [(pressed(ours, options, number), pressed(theirs, labels, number)) for number in range(PRESSES)]
    mine, empty = (sorted(taken)[math.ceil(len(times) * SHARE) - 1] for taken in zip(*times, strict=True))
    name = f"From a key to its option, {SHARE:.0%} of {PRESSES}"
    return Ratio(name, mine, "an empty Textual app's label", empty, KEY_BOUND)


def _memory(screen: Screen) -> str:
    """Growth over many questions shown, once every one has been shown before."""
    walk = _walk()
    _navigate(screen, walk, WARM)
    before = screen.memory_mb()
    _navigate(screen, walk, NAVIGATIONS)
    grown = screen.memory_mb() - before
    verdict = "within" if grown <= GROWTH_BOUND_MB else "OVER"
    return (
        f"{NAVIGATIONS} questions shown one after another: {grown:.1f} MB more than the {before:.0f} MB before; "
        f"{verdict} {GROWTH_BOUND_MB:g} MB"
    )


def _navigate(screen: Screen, walk: Iterator[tuple[bytes, int]], times: int) -> None:
    for _ in range(times):
        keys, position = next(walk)
        screen.press(keys, f"Question {position + 1} of".encode())


def _walk() -> Iterator[tuple[bytes, int]]:
    """Forward and back through the block, and now and then to any question."""
    draw = random.Random(1)
    position = 0
    while True:
        kind = draw.choice("nnpg")
        if kind == "n" and position < A_BLOCK - 1:
            position += 1
            yield b"n", position
        elif kind == "p" and position > 0:
            position -= 1
            yield b"p", position
        elif kind == "g":
            other = draw.randrange(A_BLOCK - 1)
            position = other + (other >= position)
            yield f"{position + 1}\r".encode(), position


def _qbank(home: str) -> list[str]:
    return [str(Path(sys.executable).with_name("qbank")), "--home", home]


def _empty() -> list[str]:
    return [sys.executable, "-c", EMPTY]


def _settled(home: str) -> Workspace:
    workspace = open_workspace(settings.load({"home": home}, {}))
    change(workspace, "time-zone", "UTC")
    change(workspace, "exam-date", (workspace.today + timedelta(days=56)).isoformat())
    return workspace


def _answer(home: str) -> None:
    """The starter bank with a record of blocks, all of them so long ago that every text may come again."""
    workspace = _settled(home)
    load_banks(workspace)
    add(workspace, sample(workspace))
    draw = random.Random(1)
    with workspace.store.begin() as tx:
        found = [tx.question(one.bank, one.id) for one in tx.list_questions(bank=STARTER)]
        questions = [question for question in found if question is not None]
        blocks = ANSWERS // A_BLOCK
        at = datetime.now(UTC) - timedelta(days=FIRST_DAYS_AGO)
        learner, device = workspace.learner.id, workspace.device.id
        for number in range(blocks):
            at += timedelta(days=FIRST_DAYS_AGO - LAST_DAYS_AGO) / blocks
            for kind, data in _block(number, draw.sample(questions, A_BLOCK), draw):
                at += timedelta(seconds=1)
                tx.append(
                    Event(uuid7(at, draw.getrandbits), learner, device, at, "UTC", at.date(), kind, data)
                )
        rebuild(tx, workspace.exam, learner)
    workspace.close()


def _block(
    number: int, questions: Sequence[Question], draw: random.Random
) -> Iterator[tuple[EventKind, dict[str, Any]]]:
    """A timed block's events, three answers of five right."""
    name = f"block-{number}"
    items = tuple(serve(question, place) for place, question in enumerate(questions))
    plan = block.BlockPlan(name, Mode.TIMED, items, 3_600_000)
    data = {"block": to_data(plan), "expected": [0.6] * len(items)}
    yield EventKind.BLOCK_COMPOSED, {"block": name, "purpose": "drill", "plan": data}
    steps: list[block.BlockEvent] = []
    for place, question in enumerate(questions):
        wrong = next(option for option in items[place].option_order if option != question.key.id)
        option = question.key.id if draw.random() < 0.6 else wrong
        steps.append(block.Show(at_ms=place * 60_000, position=place))
        steps.append(block.Answer(at_ms=place * 60_000 + 50_000, option=option))
    steps.append(block.Submit(at_ms=len(items) * 60_000))
    for step in steps:
        yield EventKind.BLOCK_STEP, {"block": name, "step": block.event_to_json(step)}


def _write_long_questions(home: str) -> None:
    """A bank of nothing but long vignettes with a table, of as many objectives as a block has questions."""
    workspace = _settled(home)
    sections = [(section.system, section.id) for section in workspace.exam.sections]
    facts = [
        Objective("bench", f"objective-{number}", f"Know fact {number}", *sections[number % len(sections)])
        for number in range(A_BLOCK * 2)
    ]
    with workspace.store.begin() as tx:
        tx.put_bank(BankRow("bench", "Bench", "", BankKind.BUNDLED, workspace.exam.id))
        tx.upsert_questions("bench", facts, [_long_question(number) for number in range(len(facts))])
    workspace.close()


def _long_question(number: int) -> Question:
    words = " ".join(
        f"finding{(number * 7 + word) % 997}{'.' if word % 14 == 13 else ''}" for word in range(WORDS)
    )
    rows = "\n".join(f"| Test {row} | {row * 13 % 97} mg/dL | {row}-{row * 20} |" for row in range(1, 7))
    stem = (
        f"{words}\n\n| Test | Result | Reference |\n|---|---|---|\n{rows}\n\nWhich of the following is right?"
    )
    options = tuple(Option(letter, f"Choice {letter} of {number}", letter == "b") for letter in "abcde")
    return Question("bench", f"question-{number}", f"objective-{number}", stem, options)
