"""Reading and writing lines through real descriptors."""

import os
import pty
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qbank.errors import UsageError
from qbank.ui.console import WAIT_SECONDS, ClockRanOut, Console


@contextmanager
def standard_input(descriptor: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """A console that reads from there."""
    with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as file:
        monkeypatch.setattr("sys.stdin", file)
        yield Console()


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Console, int]]:
    """A console and the end of the pipe that feeds it."""
    reading, writing = os.pipe()
    with standard_input(reading, monkeypatch) as console:
        yield console, writing
    os.close(reading)


def test_lines_that_came_together_are_read_one_by_one(piped: tuple[Console, int]) -> None:
    """Typed ahead is not lost, and a last line without its end counts."""
    console, writing = piped
    os.write(writing, b"A\n B? \n\nlast")
    os.close(writing)
    assert [console.read("> ") for _ in range(4)] == ["A", "B?", "", "last"]
    with pytest.raises(EOFError):
        console.read("> ")


def test_a_line_in_pieces_is_one_line(piped: tuple[Console, int]) -> None:
    """A line is read to its end, and bytes that are no text do not stop it."""
    console, writing = piped
    os.write(writing, b"t na\xc3")
    waits = iter(range(100))

    def feed() -> bool:
        if next(waits) == 0:
            os.write(writing, b"\xafve \xff\n")
        return False

    assert console.read("> ", feed) == "t naïve �"
    os.close(writing)


def test_waiting_ends_with_its_clock(piped: tuple[Console, int]) -> None:
    """When the clock says so the waiting ends without a line, within a step."""
    console, writing = piped
    began_s = time.monotonic()
    with pytest.raises(ClockRanOut):
        console.read("> ", lambda: True)
    assert time.monotonic() - began_s < 2 * WAIT_SECONDS + 1
    os.close(writing)


def test_a_wrong_answer_is_asked_again(
    piped: tuple[Console, int], capsys: pytest.CaptureFixture[str]
) -> None:
    """What a parser refuses is said, and the question comes again; a yes or no is taken in any case."""
    console, writing = piped
    os.write(writing, b"x\n7\nperhaps\nYES\n\n")
    os.close(writing)

    def digit(text: str) -> int:
        if not text.isdigit():
            raise UsageError("Digits only.")
        return int(text)

    assert console.ask("number: ", digit) == 7
    assert console.confirm("Really?", default=False) is True
    assert console.confirm("Really?", default=False) is False
    shown = capsys.readouterr().out
    assert "Digits only.\nnumber: " in shown
    assert "Please answer y or n." in shown


def test_what_a_terminal_would_obey_is_shown_instead(
    piped: tuple[Console, int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines and prompts alike leave with their hidden characters visible."""
    console, writing = piped
    os.write(writing, b"\n")
    console.say("a\x1b]52;c;x\x07b\u202ec")
    console.read("\x9b2J> ")
    os.close(writing)
    assert capsys.readouterr().out == "a<U+001B>]52;c;x<U+0007>b<U+202E>c\n<U+009B>2J> \n"


def test_a_closed_terminal_is_the_end_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading from and writing to a terminal whose other end is gone both end with EOFError."""
    master, slave = pty.openpty()
    os.close(master)
    with standard_input(slave, monkeypatch) as console:
        with pytest.raises(EOFError):
            console._read_line(None)
        with os.fdopen(os.dup(slave), "w") as gone:
            monkeypatch.setattr("sys.stdout", gone)
            with pytest.raises(EOFError):
                console.say("anybody there?")
            monkeypatch.undo()
    os.close(slave)


def test_streams_closed_before_the_start_are_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without standard input there is nothing to read, and that is all."""
    monkeypatch.setattr("sys.stdin", None)
    console = Console()
    assert not console.is_terminal
    with pytest.raises(EOFError):
        console.read("> ")


def test_a_long_sentence_is_not_broken_at_a_hyphen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file's name can be copied from the screen in one piece."""
    monkeypatch.setattr(Console, "is_terminal", True)
    monkeypatch.setattr(Console, "width", 40)
    Console().say("Your words are kept in the file conotruncal-septum.md for now.")
    assert capsys.readouterr().out == "Your words are kept in the file\nconotruncal-septum.md for now.\n"
