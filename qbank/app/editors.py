"""The learner's own text editor: which one it is, and running it without a shell."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from qbank.errors import CannotEdit

WAIT_SECONDS = 1.0

_FALLBACKS = ("sensible-editor", "nano", "vi")
_TAKE_A_LINE = frozenset({"vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "hx"})
"""Editors that open a file at a line given as +N before it."""


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The words of $VISUAL or $EDITOR, else of an editor that is there. Raises CannotEdit."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""))
        except ValueError as error:
            raise CannotEdit(
                f"The variable {name} cannot be read: {error}. Set it to an editor's name."
            ) from error
        if words:
            return words
    found = next((name for name in _FALLBACKS if shutil.which(name, path=environment.get("PATH"))), None)
    if found is None:
        raise CannotEdit(
            "No editor was found. Set the variable EDITOR to the name of one, as in: EDITOR=nano"
        )
    return [found]


def run_editor(command: list[str], path: Path, line: int, on_wait: Callable[[], object] | None = None) -> int:
    """Run the editor on a file until it ends; gives its exit status. `on_wait` is called about once a second.

    Raises CannotEdit when it cannot be started.
    """
    at = [f"+{line}"] if line > 0 and Path(command[0]).name in _TAKE_A_LINE else []
    with _interrupts_left_to_it():
        try:
            process = subprocess.Popen([*command, *at, str(path)])
        except OSError as error:
            raise CannotEdit(
                f"The editor {command[0]!r} cannot be started: {error.strerror}. Set the variable EDITOR to another one."
            ) from error
        try:
            return _ended(process, on_wait)
        except BaseException:
            process.terminate()
            process.wait()
            raise


def _ended(process: "subprocess.Popen[bytes]", on_wait: Callable[[], object] | None) -> int:
    while True:
        try:
            return process.wait(timeout=WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            if on_wait:
                on_wait()


@contextlib.contextmanager
def _interrupts_left_to_it() -> Iterator[None]:
    """While the editor has the terminal, Ctrl-C is a key of the editor's.

    A handler that does nothing, and not SIG_IGN, which the editor would inherit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
