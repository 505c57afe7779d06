"""A full screen that was killed, left or taken over, in a block and on an exam day: how it is taken up again."""

import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from terminals import PATIENCE_S, Terminal, ran, started_home

from qbank.app.exam_day import running_day
from qbank.app.payload import plan_from_data
from qbank.app.practice import BEAT_SECONDS
from qbank.app.project import replayed
from qbank.app.workspace import Workspace, open_workspace
from qbank.core.block import BlockState
from qbank.core.exam_day import Phase
from qbank.settings import load

FULL = "\x1b[?1049h"
RESTORED = "\x1b[?1049l"
CURSOR_SHOWN = "\x1b[?25h"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first hour, to copy."""
    return started_home(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A started home of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "home"))


def window(home: Path, *arguments: str) -> Terminal:
    """A terminal that moves its cursor and has colours."""
    return Terminal(home, arguments, environment={"TERM": "xterm-256color"})


def opened(home: Path) -> Workspace:
    return open_workspace(load({"home": str(home)}, {}))


def latest(home: Path) -> BlockState:
    """The latest block as its log has it."""
    workspace = opened(home)
    with workspace.store.read() as tx:
        row = tx.blocks(workspace.learner.id)[0]
        state = replayed(plan_from_data(row.plan), tx.block_steps(row.id)).state
    workspace.close()
    return state


def until(home: Path, holds: Callable[[BlockState], bool]) -> BlockState:
    """The latest block, as soon as this holds of it."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds(state := latest(home)):
        assert time.monotonic() < deadline_s, state
        time.sleep(0.05)
    return state


def clock_s(name: str, text: str, *, last: bool = False) -> int:
    """The seconds on a clock of the bar."""
    shown = re.findall(rf"{name} (?:(\d+):)?(\d+):(\d\d)", text)
    hours, minutes, seconds = shown[-1 if last else 0]
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def assert_restored(terminal: Terminal) -> str:
    """The terminal is as it was: the other screen is away and the cursor shown. Gives what was said behind that."""
    assert terminal.text.count(FULL) == terminal.text.count(RESTORED) > 0
    assert terminal.text.rindex(RESTORED) > terminal.text.rindex(FULL)
    assert terminal.text.rindex(CURSOR_SHOWN) > terminal.text.rindex("\x1b[?25l")
    assert "Traceback" not in terminal.text
    return terminal.text[terminal.text.rindex(RESTORED) :]


def test_a_killed_block_goes_on_with_everything(home: Path) -> None:
    """kill -9: answer, strike-out, highlight, mark and note are there again, and the clock to the last beat."""
    began_s = time.monotonic()
    with window(home, "block", "--size", "5", "--seed", "3") as terminal:
        terminal.expect("Question 1 of 5")
        shown_s = time.monotonic()
        terminal.press(b"-by ymtlook this up\r")
        until(home, lambda state: state.items[0].note == "look this up")
        terminal.press(b"a\r")
        terminal.expect("Question 2 of 5")
        time.sleep(BEAT_SECONDS + 2.5)
        terminal.kill()
        killed_s = time.monotonic()
    before = latest(home).items[0]
    assert before.choice is not None
    assert (len(before.struck), len(before.highlights), before.marked) == (1, 1, True)
    with window(home, "block") as terminal:
        terminal.expect("A block is still open, with every answer you gave")
        asked = terminal.expect("Go on with it?")
        terminal.press(b"\r")
        terminal.expect("Question 2 of 5", after=asked)
        shown = len(terminal.text)
        terminal.press(b"1\r")
        shown = terminal.expect("Question 1 of 5", after=shown)
        terminal.expect("Your note: look this up", after=shown)
        assert "Marked" in terminal.text[shown:]
        state = until(home, lambda state: state.position == 0)
        left_s = clock_s("Block", terminal.text[asked:])
        terminal.press(b"\x03")
        assert terminal.ended() == 130
    assert state.items[0] == before
    assert state.interrupted
    limit_ms = state.plan.limit_ms
    assert limit_ms is not None
    # A beat comes with the screen's next second, and a clock shows whole ones.
    kept_s = killed_s - shown_s - BEAT_SECONDS - 1
    assert kept_s <= limit_ms / 1000 - left_s <= killed_s - began_s + 1
    assert "it equals what was stored" in ran(home, "doctor", "--rebuild").stdout


def test_a_killed_block_that_is_closed_scores_what_was_answered(home: Path) -> None:
    """Whoever does not go on is asked whether to close it, and a new block follows."""
    with window(home, "block", "--size", "3", "--seed", "3") as terminal:
        terminal.expect("Question 1 of 3")
        terminal.press(b"a\r")
        terminal.expect("Question 2 of 3")
        terminal.kill()
    with window(home, "block", "--size", "2") as terminal:
        terminal.expect("Go on with it?")
        terminal.press(b"n")
        terminal.expect("Close it as it stands")
        terminal.press(b"y")
        terminal.expect("Question 1 of 2")
        terminal.press(b"\x03")
        assert terminal.ended() == 130


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_polite_end_over_a_note_leaves_with_130(home: Path, number: signal.Signals) -> None:
    """Hang-up, termination and Ctrl-C mark the block interrupted and give the terminal back also out of a line of text."""
    with window(home, "block", "--size", "3") as terminal:
        terminal.expect("Question 1 of 3")
        terminal.press(b"a\r")
        terminal.expect("Question 2 of 3")
        terminal.press(b"t")
        terminal.expect("A note to this question")
        if number is signal.SIGINT:
            terminal.press(b"\x03")
        else:
            terminal.process.send_signal(number)
        assert terminal.ended() == 130
        assert "Stopped. Everything you answered is saved." in assert_restored(terminal)
    state = latest(home)
    assert state.interrupted
    assert state.items[0].choice is not None


def test_the_last_words_stay_on_the_terminal(home: Path) -> None:
    """After the screen is away the result can still be read."""
    with window(home, "block", "--size", "5") as terminal:
        terminal.expect("Question 1 of 5")
        terminal.press(b"a\r")
        terminal.expect("Question 2 of 5")
        terminal.press(b"b\r")
        terminal.expect("Question 3 of 5")
        terminal.press(b"s")
        terminal.expect("Not answered: 3, 4, 5.")
        terminal.press(b"y")
        terminal.expect("of 3; about")
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert re.search(r"\d of 3; about", assert_restored(terminal))
    assert latest(home).phase.value == "closed"


def test_second_terminal_takes_over_after_asking(home: Path) -> None:
    """The second goes on behind the first one's answers; the first gives its terminal back and says why, unasked."""
    with window(home, "block", "--size", "4") as first:
        first.expect("Question 1 of 4")
        first.press(b"a\r")
        first.expect("Question 2 of 4")
        with window(home, "block") as second:
            second.expect("Go on with it?")
            second.press(b"y")
            second.expect("open in another terminal")
            asked = second.expect("Take it over here?")
            second.press(b"y")
            second.expect("Question 2 of 4", after=asked)
            assert first.ended() == 1
            assert (
                "qbank: Another terminal has taken this block over. Everything you answered here is saved.\n"
                in assert_restored(first)
            )
            second.press(b"b\r")
            second.expect("Question 3 of 4")
            second.press(b"\x03")
            assert second.ended() == 130
    assert sum(item.choice is not None for item in latest(home).items) == 2


def test_take_over_can_be_declined(home: Path) -> None:
    """Enter means no: the second ends, and the first is undisturbed."""
    with window(home, "block", "--size", "4") as first:
        first.expect("Question 1 of 4")
        with window(home, "block") as second:
            second.expect("Go on with it?")
            second.press(b"y")
            second.expect("Take it over here?")
            second.press(b"\r")
            assert second.ended() == 0
            assert_restored(second)
        first.press(b"a\r")
        first.expect("Question 2 of 4")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["block", "--missed"], 1, "qbank: "),
        (["block", "--system", "nowhere"], 2, "nowhere"),
        (["exam", "--format", "9x9"], 4, "Known: 7x60, 14x30."),
    ],
)
def test_an_error_ends_with_its_code_and_its_sentence(
    home: Path, arguments: list[str], code: int, said: str
) -> None:
    """Where there is nothing to do the screen goes away, and the sentence stays."""
    with window(home, *arguments) as terminal:
        assert terminal.ended() == code
        assert said in assert_restored(terminal)


def test_an_exam_day_killed_in_a_block_goes_on_with_everything_but_the_time(home: Path) -> None:
    """kill -9 in a block: what was done is there again, and the wall clock has run on for block and day."""
    with begun_exam_day(home) as terminal:
        terminal.press(b"-by ymtlook this up\r")
        until(home, lambda state: state.items[0].note == "look this up")
        terminal.press(b"a\r")
        terminal.expect("Question 2 of 20")
        block_s, day_s = (clock_s(name, terminal.text, last=True) for name in ("Block", "Day"))
        terminal.kill()
    before = latest(home).items[0]
    time.sleep(3)
    with window(home, "exam") as terminal:
        terminal.expect("An exam day is under way: block 1 of 2")
        asked = terminal.expect("Go on with it?")
        terminal.press(b"\r")
        terminal.expect("Question 2 of 20", after=asked)
        assert clock_s("Block", terminal.text[asked:]) <= block_s - 3
        assert clock_s("Day", terminal.text[asked:]) <= day_s - 3
        terminal.press(b"\x03")
        assert terminal.ended() == 130
        assert_restored(terminal)
    after = latest(home)
    assert after.items[0] == before
    assert (len(before.struck), len(before.highlights), before.marked) == (1, 1, True)
    assert after.interrupted
    assert "it equals what was stored" in ran(home, "doctor", "--rebuild").stdout


def test_an_exam_day_killed_in_a_break_goes_on_there(home: Path) -> None:
    """kill -9 in a break: the break's clock has run on, the next block begins, and q leaves the day to its clock."""
    with begun_exam_day(home) as terminal:
        terminal.press(b"a\r")
        terminal.expect("Question 2 of 20")
        terminal.press(b"s")
        terminal.expect("Submit the block?")
        terminal.press(b"y")
        terminal.expect("Enter begins block 2")
        break_s = clock_s("Break", terminal.text, last=True)
        terminal.kill()
    time.sleep(3)
    with window(home, "exam") as terminal:
        terminal.expect("An exam day is under way: a break before block 2 of 2")
        asked = terminal.expect("Go on with it?")
        terminal.press(b"y")
        terminal.expect("Enter begins block 2", after=asked)
        assert clock_s("Break", terminal.text[asked:]) <= break_s - 3
        terminal.press(b"\r")
        terminal.expect("Question 1 of 20", after=asked)
        terminal.press(b"q")
        terminal.expect("the clocks of your exam day run on")
        terminal.press(b"y")
        assert terminal.ended() == 0
        assert_restored(terminal)
    workspace = opened(home)
    day = running_day(workspace)
    assert day is not None
    assert (day.phase, day.number) == (Phase.BLOCK, 2)
    workspace.close()


def begun_exam_day(home: Path) -> Terminal:
    """A day of two blocks in its first question."""
    terminal = window(home, "exam", "--blocks", "2", "--seed", "3")
    terminal.expect("Begin the day now?")
    terminal.press(b"y")
    terminal.expect("Enter begins the first block")
    terminal.press(b"\r")
    terminal.expect("Question 1 of 20")
    return terminal
