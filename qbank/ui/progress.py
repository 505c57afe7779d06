"""A bar for what takes long, on standard error and only where somebody is looking."""

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def counting(title: str) -> Iterator[Callable[[int], None] | None]:
    """A function to call with how many more are done; None where nobody is looking. The line goes away at the end."""
    if not sys.stderr.isatty():
        yield None
        return
    done = 0

    def on_progress(more: int) -> None:
        nonlocal done
        done += more
        sys.stderr.write(f"\r{title}: {done}")
        sys.stderr.flush()

    try:
        yield on_progress
    finally:
        if done:
            sys.stderr.write("\r\x1b[K")


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
