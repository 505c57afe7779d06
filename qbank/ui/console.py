"""Lines in and lines out: a terminal, a pipe or a file, read in one place so that no typed-ahead answer is lost.

Reading waits in short steps, so that a block's clock is kept and can run out while a question waits for its answer.
"""

import contextlib
import errno
import io
import os
import select
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import TypeVar

import click

from qbank.core.text import visible
from qbank.errors import QbankError, UsageError

T = TypeVar("T")

WAIT_SECONDS = 1.0

_GONE = frozenset({errno.EIO, errno.ENXIO})


class ClockRanOut(Exception):
    """The waiting was ended by its clock, not by an answer."""


class OutputLost(QbankError):
    """What is shown cannot be written where it should go."""


class Console:
    """Speaks to the learner through standard input and output, one line at a time.

    A terminal that has been closed is the end of the input: EOFError, from reading and from writing.
    """

    def __init__(self) -> None:
        self._pending = b""
        self._ended = False
        self._prompt = ""
        try:
            self._descriptor: int | None = sys.stdin.fileno()
        except (io.UnsupportedOperation, AttributeError, ValueError):
            self._descriptor = None

    @property
    def width(self) -> int:
        """Columns to write in, at most 100: longer lines are hard to read."""
        return max(40, min(shutil.get_terminal_size((80, 24)).columns, 100))

    @property
    def is_terminal(self) -> bool:
        # A stream that was closed before the start is None.
        return all(getattr(stream, "isatty", bool)() for stream in (sys.stdin, sys.stdout))

    def say(self, text: str = "") -> None:
        """Write a line, with every hidden character made visible; on a terminal a sentence too long for it is wrapped.

        Raises EOFError when the terminal is gone, BrokenPipeError when a pipe's reader is, OutputLost for a full disk.
        """
        if self.is_terminal and len(text) > self.width:
            indent = " " * (len(text) - len(text.lstrip()))
            # Not at hyphens: file names and options have them, and are copied from the screen.
            text = textwrap.fill(
                text, self.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
        self._write(text + "\n")

    def say_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.say(line)

    def read(self, prompt: str, on_wait: Callable[[], bool] | None = None) -> str:
        """One line without its end, stripped.

        `on_wait` is called about once a second while nothing comes; when it gives True the waiting ends with ClockRanOut.
        Raises EOFError when the input has ended.
        """
        self._prompt = prompt
        try:
            # Inside, because a signal can come between the prompt and the waiting.
            self._write(prompt)
            line = self._read_line(on_wait)
        except (EOFError, KeyboardInterrupt, ClockRanOut, QbankError):
            # What is said next begins its own line, not at the end of the prompt.
            with contextlib.suppress(EOFError):
                self.say()
            raise
        if not self.is_terminal:
            self.say()
        return line.strip()

    def interject(self, text: str) -> None:
        """Say something while an answer is awaited, and ask again."""
        self.say()
        self.say(text)
        self._write(self._prompt)

    def ask(self, prompt: str, parse: Callable[[str], T], on_wait: Callable[[], bool] | None = None) -> T:
        """Ask until `parse` takes the answer; a UsageError from it is shown and the question asked again."""
        while True:
            try:
                return parse(self.read(prompt, on_wait))
            except UsageError as error:
                self.say(str(error))

    def confirm(self, prompt: str, default: bool, on_wait: Callable[[], bool] | None = None) -> bool:
        """Ask for yes or no; Enter takes the default."""

        def parse(answer: str) -> bool:
            if not answer:
                return default
            if answer.lower() in ("y", "yes", "n", "no"):
                return answer.lower().startswith("y")
            raise UsageError("Please answer y or n.")

        return self.ask(f"{prompt} [{'Y/n' if default else 'y/N'}] ", parse, on_wait)

    def _write(self, text: str) -> None:
        try:
            click.echo(visible(text), nl=False)
        except BrokenPipeError:
            raise
        except OSError as error:
            _drop_output()
            if error.errno in _GONE:
                raise EOFError from error
            raise OutputLost(
                f"The output cannot be written: {error.strerror}. Everything you answered is saved."
            ) from error

    def _read_line(self, on_wait: Callable[[], bool] | None) -> str:
        if self._descriptor is None:
            line: str = getattr(sys.stdin, "readline", str)()
            if not line:
                raise EOFError
            return line
        while b"\n" not in self._pending and not self._ended:
            ready, _, _ = select.select([self._descriptor], [], [], WAIT_SECONDS if on_wait else None)
            if not ready:
                if on_wait and on_wait():
                    raise ClockRanOut
                continue
            chunk = _chunk(self._descriptor)
            self._pending += chunk
            self._ended = not chunk
        if not self._pending:
            # At a terminal Ctrl-D ends one reading, not every later one.
            self._ended = False
            raise EOFError
        line_bytes, _, self._pending = self._pending.partition(b"\n")
        return line_bytes.decode(errors="replace")


def _chunk(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError as error:
        if error.errno in _GONE:
            return b""
        raise


def _drop_output() -> None:
    """Let the rest go nowhere, or Python would complain of it once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
