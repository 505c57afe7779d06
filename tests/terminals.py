"""The command in a real terminal of its own: a pseudo-terminal whose bytes are kept as they came."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

PROGRAM = (sys.executable, "-c", "from qbank.cli.main import main; main()")
PATIENCE_S = 20.0


class Terminal:
    """One run of the command, with this terminal as its controlling one, as in a window of its own."""

    def __init__(
        self,
        home: Path,
        arguments: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._master, slave = pty.openpty()
        self.resize(columns, rows)
        self.output = b""
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**plain_environment(home), "TERM": "dumb", **(environment or {})},
            start_new_session=True,
            # The descriptor is 0 in the child by then.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close()

    @property
    def text(self) -> str:
        """Everything shown so far."""
        return self.output.decode(errors="replace").replace("\r\n", "\n")

    def expect(self, words: str, *, after: int = 0) -> int:
        """Wait until `words` are shown behind position `after` of the text; gives the position behind them."""
        deadline_s = time.monotonic() + PATIENCE_S
        while words not in self.text[after:]:
            assert time.monotonic() < deadline_s, f"{words!r} was not shown in:\n{self.text[after:]}"
            assert self._take(0.2) or self.process.poll() is None, f"ended before {words!r}:\n{self.text}"
        return self.text.index(words, after) + len(words)

    def stays_quiet(self, seconds: float) -> None:
        """Nothing more is shown for so long, and the command goes on waiting."""
        before = self.text
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self._take(left_s)
        assert self.text == before
        assert self.process.poll() is None

    def type(self, line: str) -> int:
        """Type a line and Enter; gives the position of the text from which its effect is shown."""
        before = len(self.text)
        os.write(self._master, line.encode() + b"\n")
        return before

    def press(self, key: bytes) -> None:
        """A single key without Enter: Ctrl-C is x03, Ctrl-D x04."""
        os.write(self._master, key)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self) -> None:
        """The window goes away."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def ended(self) -> int:
        """Wait for the command to end; gives its exit code, and keeps what it said last."""
        deadline_s = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline_s, f"still running:\n{self.text}"
            if self._master < 0 or not self._take(0.1):
                time.sleep(0.02)
        while self._master >= 0 and self._take(0):
            pass
        return self.process.returncode

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _take(self, wait_s: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], wait_s)
        if not ready:
            return False
        try:
            chunk = os.read(self._master, 65536)
        except OSError:
            return False
        self.output += chunk
        return bool(chunk)


def plain_environment(home: Path) -> dict[str, str]:
    """An environment in which nothing of the developer's own settings reaches in."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QBANK_", "LC_", "COLUMNS", "LINES"))
    }
    return {**kept, "QBANK_HOME": str(home), "LANG": "C.UTF-8"}


def started_home(home: Path) -> Path:
    """A home after an unattended first hour."""
    ran(home, "start", "--yes", "--report", "sample", "--no-block", "--time-zone", "UTC")
    return home


def ran(
    home: Path,
    *arguments: str,
    stdin: str = "",
    code: int = 0,
    **popen: Any,  # noqa: ANN401 whatever subprocess takes
) -> subprocess.CompletedProcess[str]:
    """The command fed from a pipe; fails unless it ends with `code`."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **{"env": plain_environment(home), **popen},
    )
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr)
    return done
