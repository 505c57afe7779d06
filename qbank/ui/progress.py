"""A bar for what takes long, on standard error and only where somebody is looking."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator

PATIENCE_S = 1.0
"""What is over by then is shown no bar."""

_WIDTH = 24


@contextlib.contextmanager
def counting(title: str, total: int = 0) -> Iterator[Callable[[int], None] | None]:
    """A function to call with how many more are done; None where nobody is looking. The line goes away at the end.

    Without a `total` there is a count in place of a bar.
    """
    if not sys.stderr.isatty():
        yield None
        return
    began, done, shown = time.monotonic(), 0, False

    def show() -> None:
        nonlocal shown
        shown = True
        sys.stderr.write(f"\r{title}: {_so_far(done, total)}")
        sys.stderr.flush()

    def on_progress(more: int) -> None:
        nonlocal done
        done += more
        if time.monotonic() - began >= PATIENCE_S:
            show()

    # What tells nothing for long is seen to be under way all the same.
    first = threading.Timer(PATIENCE_S, show)
    first.daemon = True
    first.start()
    try:
        yield on_progress
    finally:
        first.cancel()
        first.join()
        if shown:
            sys.stderr.write("\r\x1b[K")


def _so_far(done: int, total: int) -> str:
    if not total:
        return str(done)
    part = min(1.0, done / total)
    full = int(part * _WIDTH)
    return f"[{'#' * full}{'-' * (_WIDTH - full)}] {part:.0%}"


@contextlib.contextmanager
def waiting(title: str) -> Iterator[None]:
    """Say what is going on for as long as it does, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    sys.stderr.write(f"{title}...")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
