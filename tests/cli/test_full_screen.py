"""The full screen in a real terminal: when it opens, what ends it, and how it leaves the terminal and the block."""

import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from terminals import PATIENCE_S, Terminal, ran, started_home

from qbank.app.composing import open_block_id
from qbank.app.payload import plan_from_data
from qbank.app.practice import BEAT_SECONDS
from qbank.app.project import replayed
from qbank.app.workspace import open_workspace
from qbank.core.block import BlockState
from qbank.settings import load

COLOURFUL = {"TERM": "xterm-256color"}
ENTER, ESCAPE, CTRL_C, CTRL_Z = b"\r", b"\x1b", b"\x03", b"\x1a"
OPENED, CLOSED, CURSOR_SHOWN = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?25h"
TUTOR = ["block", "--mode", "tutor", "--size", "3", "--seed", "3"]
TIMED = ["block", "--size", "3", "--seed", "3"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first hour, to copy."""
    return started_home(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A started home of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "home"))


def on_record(home: Path) -> BlockState:
    """The open block as the log has it."""
    workspace = open_workspace(load({"home": str(home)}, {}))
    block_id = open_block_id(workspace)
    assert block_id is not None
    with workspace.store.read() as tx:
        row = tx.block(block_id)
        assert row is not None
        state = replayed(plan_from_data(row.plan), tx.block_steps(block_id)).state
    workspace.close()
    return state


def waits_until(home: Path, holds: str) -> None:
    """Wait until the log says of the first question what `holds` names, and fail if it never does."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not getattr(on_record(home).items[0], holds):
        assert time.monotonic() < deadline_s, f"{holds} never came on record"
        time.sleep(0.05)


def full_screen(home: Path, arguments: list[str]) -> Terminal:
    return Terminal(home, arguments, environment=COLOURFUL)


def is_restored(terminal: Terminal) -> bool:
    """Whether the terminal has its own screen and its cursor again."""
    return (
        terminal.output.rindex(CLOSED) > terminal.output.rindex(OPENED)
        and CURSOR_SHOWN in terminal.output[terminal.output.rindex(OPENED) :]
    )


def clock_s(text: str) -> int:
    """The seconds on the last clock that the text shows."""
    minutes, seconds = re.findall(r"Block (\d+):(\d\d)", text)[-1]
    return int(minutes) * 60 + int(seconds)


def test_q_leaves_a_tutor_block_and_gives_the_terminal_back(home: Path) -> None:
    """The last words stay on the terminal, which has its own screen and its cursor again."""
    with full_screen(home, TUTOR) as terminal:
        terminal.expect("Question 1 of 3")
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert is_restored(terminal)
        assert "Saved. `qbank block` goes on from here." in terminal.text.rpartition("\x1b")[2]
    assert on_record(home).interrupted


def test_a_killed_block_is_offered_with_everything_that_was_done(home: Path) -> None:
    """After kill -9 answer, strike-out, highlight and note are there, and the clock has lost a few seconds at most."""
    with full_screen(home, TIMED) as terminal:
        terminal.expect("Question 1 of 3")
        began_s = time.monotonic()
        for keys in (b"a", b"-", b"c", b"y", b" ", b"y", b"tlook up", ENTER):
            terminal.press(keys)
        waits_until(home, "note")
        terminal.kill()
        lasted_s = time.monotonic() - began_s
    state = on_record(home)
    assert lasted_s - BEAT_SECONDS - 1 <= state.elapsed_ms / 1000 <= lasted_s + 1
    with full_screen(home, ["block"]) as terminal:
        terminal.expect("Go on with it?")
        terminal.press(ENTER)
        terminal.expect("Question 2 of 3")
        went_on = len(terminal.text)
        terminal.press(b"p")
        for shown in ("[A] ", "-C- ", "Your answer: A. Your note: look up"):
            terminal.expect(shown, after=went_on)
        terminal.press(CTRL_C)
        assert terminal.ended() == 130
    after = on_record(home)
    assert after.interrupted
    assert after.items[0].struck == state.items[0].struck
    assert len(after.items[0].struck) == len(after.items[0].highlights) == 1
    assert after.items[0].note == "look up"


def test_a_terminal_that_vanishes_without_a_word_ends_the_block(home: Path) -> None:
    """Where the hang-up is ignored, as under nohup, the block is left all the same, with its answer, and nothing spins."""
    deaf = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]
    terminal = Terminal(home, TIMED, environment=COLOURFUL, through=deaf)
    terminal.expect(" A  ")
    terminal.press(b"b")
    waits_until(home, "choice")
    terminal.close()
    terminal.process.wait(PATIENCE_S)
    assert on_record(home).interrupted


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_polite_end_leaves_like_ctrl_c(home: Path, number: signal.Signals) -> None:
    """Hang-up and termination save, give the terminal back and end with 130."""
    with full_screen(home, TIMED) as terminal:
        terminal.expect("Question 1 of 3")
        terminal.press(b"b")
        terminal.expect("Your answer: B.")
        terminal.process.send_signal(number)
        assert terminal.ended() == 130
        assert is_restored(terminal)
        assert "Stopped. Everything you answered is saved." in terminal.text
        assert "Traceback" not in terminal.text
    assert on_record(home).interrupted
    assert on_record(home).items[0].choice is not None


def test_ctrl_c_over_a_dialog_leaves_too(home: Path) -> None:
    """Whatever is asked just now, Ctrl-C saves and ends with 130."""
    with full_screen(home, TIMED) as terminal:
        terminal.expect("Question 1 of 3")
        terminal.press(b"s")
        terminal.expect("Submit the block?")
        terminal.press(CTRL_C)
        assert terminal.ended() == 130
        assert is_restored(terminal)
    assert on_record(home).interrupted


def test_a_window_that_is_closed_loses_nothing(home: Path) -> None:
    """With the terminal gone the block is left as by Ctrl-C."""
    with full_screen(home, TIMED) as terminal:
        terminal.expect("Question 1 of 3")
        terminal.press(b"b")
        terminal.expect("Your answer: B.")
        terminal.close()
        assert terminal.ended() == 130
    assert on_record(home).interrupted
    assert on_record(home).items[0].choice is not None


def test_ctrl_z_stops_the_screen_and_not_the_clock(home: Path) -> None:
    """The shell has its terminal back meanwhile; afterwards everything is drawn anew, and the time that passed is gone."""
    shell = ("bash", "-c", 'set -m; "$@"; echo; echo in the shell; sleep 2; fg >/dev/null', "shell")
    with Terminal(home, TIMED, environment=COLOURFUL, through=shell) as terminal:
        terminal.expect("Question 1 of 3")
        before_s = clock_s(terminal.text)
        terminal.press(CTRL_Z)
        stopped = terminal.expect("in the shell")
        assert terminal.output.rindex(CLOSED) > terminal.output.rindex(OPENED)
        terminal.expect("Question 1 of 3", after=stopped)
        terminal.expect("Enter next", after=stopped)
        # The clock on the screen moves with its next second.
        ticked = terminal.expect("Block ", after=terminal.text.index("Enter next", stopped))
        terminal.expect(":", after=ticked)
        assert before_s - clock_s(terminal.text[stopped:]) >= 2
        terminal.press(CTRL_C)
        terminal.ended()
    assert not on_record(home).items[0].choice


@pytest.mark.parametrize(
    ("arguments", "environment", "columns", "rows"),
    [
        ([], {"TERM": "dumb"}, 80, 24),
        ([], {"TERM": ""}, 80, 24),
        (["--plain"], COLOURFUL, 80, 24),
        ([], COLOURFUL, 39, 24),
        ([], COLOURFUL, 80, 11),
    ],
    ids=["dumb", "unnamed", "--plain", "narrow", "low"],
)
def test_where_there_is_no_room_or_wish_lines_are_used(
    home: Path, arguments: list[str], environment: dict[str, str], columns: int, rows: int
) -> None:
    """A dumb terminal, one too small, and whoever says --plain get lines, without one escape sequence."""
    with Terminal(
        home, [*TIMED, *arguments], columns=columns, rows=rows, environment=environment
    ) as terminal:
        terminal.expect("(? for help): ")
        assert b"\x1b" not in terminal.output


def test_tui_opens_where_it_was_not_chosen_by_itself(home: Path) -> None:
    """Whoever says --tui gets the full screen on a terminal that calls itself dumb."""
    with Terminal(home, [*TUTOR, "--tui"], environment={"TERM": "dumb"}) as terminal:
        terminal.expect("Question 1 of 3")
        assert OPENED in terminal.output
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_a_pipe_gets_lines_and_no_full_screen(home: Path) -> None:
    """A pipe is answered in lines; a full screen asked for there is refused in a sentence."""
    refused = ran(home, *TUTOR, "--tui", code=2)
    assert "A full screen needs a terminal." in refused.stderr
    refused = ran(home, *TUTOR, "--tui", "--plain", code=2)
    assert "Choose one of --plain and --tui." in refused.stderr
    assert "\x1b" not in ran(home, *TUTOR, stdin="A\nA\nA\n").stdout


def test_what_a_conversation_ends_with_is_the_exit_code(home: Path) -> None:
    """Nothing to do is said on the terminal, as without a full screen, and never a traceback."""
    with full_screen(home, ["block", "--marked"]) as terminal:
        assert terminal.ended() == 1
        assert "qbank: No question fits these filters." in terminal.text
        assert "Traceback" not in terminal.text
