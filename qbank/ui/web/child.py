"""The served face as a process of its own: what it draws goes to the browser, what is typed there comes back to it.

It speaks the protocol of Textual's web driver. On its standard output, after a line that says so, come packets: a letter
(D for what a terminal would get, M for JSON about it, P for files), four bytes of length, and as many bytes. What it
is sent looks the same.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence

import msgspec

from qbank.core.text import visible
from qbank.settings import KEYS, Settings
from qbank.ui.beside import Pictures

ENDING_SECONDS = 5.0
SERVED = "QBANK_SERVED"

_BEGINS = b"__GANGLION__\n"
_LAST_WORDS_BYTES = 8192
_LINE_BYTES = 2**20
# Leaves the alternate screen, so that what was said instead of a picture or after it stands on an empty one.
_PLAIN_SCREEN = b"\x1b[?1049l\x1b[2J\x1b[H\x1b[?1000l\x1b[?1003l"
_EDITORS = frozenset({"EDITOR", "VISUAL", "PAGER", "BROWSER"})


class Size(msgspec.Struct, frozen=True):
    """A terminal's columns and rows, brought into bounds that can be drawn."""

    width: int = 80
    height: int = 24

    def bounded(self) -> "Size":
        return Size(max(20, min(self.width, 400)), max(6, min(self.height, 200)))


class Child:
    """One run of the served command."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._input = process.stdin
        self._output = process.stdout
        self._shown = Pictures(())
        self._complaints = asyncio.create_task(_last_words(process.stderr))

    @classmethod
    async def start(cls, command: Sequence[str], environment: Mapping[str, str], size: Size) -> "Child":
        """Run the command, without a shell, for a terminal of this size."""
        return cls(
            await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                limit=_LINE_BYTES,
                env={**environment, "COLUMNS": str(size.width), "ROWS": str(size.height)},
                # Ctrl-C in the terminal is for the server, which then ends this.
                start_new_session=True,
            )
        )

    async def drawn(self) -> AsyncIterator[bytes | Pictures]:
        """What a terminal would get, until the process has ended; words in place of a screen or after it come as lines.

        Between it, whenever they change, the pictures of the question that is on the screen.
        """
        words = b""
        while (line := await self._output.readline()) != _BEGINS:
            words += line
            if not line:
                break
        else:
            words = b""
            async for kind, payload in self._packets():
                if kind == b"D":
                    yield payload
                elif kind == b"M" and (shown := _pictures(payload)) is not None and shown != self._shown:
                    self._shown = shown
                    yield shown
                elif kind == b"":
                    words = payload
        words += await asyncio.shield(self._complaints)
        if words:
            text = visible(words[-_LAST_WORDS_BYTES:].decode(errors="replace"))
            yield _PLAIN_SCREEN + text.replace("\n", "\r\n").encode()

    async def type(self, text: str) -> None:
        await self._send(b"D", text.encode(errors="replace"))

    async def resize(self, size: Size) -> None:
        await self._tell({"type": "resize", "width": size.width, "height": size.height})

    async def focus(self, *, gained: bool) -> None:
        await self._tell({"type": "focus" if gained else "blur"})

    async def end(self) -> None:
        """End it as a closed terminal would, and wait; the face leaves its block then. Nobody may be reading `drawn`."""
        self._signal(signal.SIGTERM)
        # A process that cannot write does not end.
        rest = asyncio.gather(self._process.wait(), self._output.read(), self._complaints)
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                await asyncio.shield(rest)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await rest

    def _signal(self, number: signal.Signals) -> None:
        # Not through the process's own methods: they look whether it has ended, and take that news from asyncio.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def _packets(self) -> AsyncIterator[tuple[bytes, bytes]]:
        """Each packet's letter and content; at last, with no letter, what was written after the face had gone."""
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                kind = await self._output.readexactly(1)
                payload = await self._output.readexactly(
                    int.from_bytes(await self._output.readexactly(4), "big")
                )
                if kind == b"M" and json.loads(payload).get("type") == "exit":
                    break
                # Its other wishes, to open an address or to hand out a file, come to nothing: no route leads to them.
                yield kind, payload
        yield b"", await self._output.read()

    async def _tell(self, about: Mapping[str, object]) -> None:
        await self._send(b"M", json.dumps(about).encode())

    async def _send(self, kind: bytes, payload: bytes) -> None:
        # One that has just ended takes nothing more, and `drawn` says so.
        with contextlib.suppress(ConnectionError):
            self._input.write(kind + len(payload).to_bytes(4, "big") + payload)
            await self._input.drain()


def served_command(face: str) -> tuple[str, ...]:
    """The full-screen face of a verb, run by this Python; nothing of it comes from a browser."""
    begin = f"from qbank.ui.web.orphan import end_with; end_with({os.getpid()}); from qbank.cli.main import main; main()"
    # -P, or a file in the folder that somebody is in could take the place of a module.
    return (sys.executable, "-P", "-c", begin, face, "--tui")


def served_environment(settings: Settings, around: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of the face: whose record it is, that it is served, and no program of this computer to call."""
    kept = {
        name: value
        for name, value in around.items()
        if not name.startswith(("QBANK_", "TEXTUAL")) and name not in _EDITORS
    }
    chosen = {f"QBANK_{key.upper()}": getattr(settings, key) for key in ("home", *KEYS)}
    return {
        **kept,
        **{name: str(value) for name, value in chosen.items() if value is not None},
        SERVED: "1",
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
    }


def _pictures(about: bytes) -> Pictures | None:
    """The pictures that a message names; None for a message about something else."""
    try:
        return msgspec.json.decode(about, type=Pictures)
    except msgspec.DecodeError:
        return None


async def _last_words(complaints: asyncio.StreamReader) -> bytes:
    """What was written to standard error until its end, or as much of the end as fits a screen."""
    said = b""
    while chunk := await complaints.read(_LAST_WORDS_BYTES):
        said = (said + chunk)[-_LAST_WORDS_BYTES:]
    return said
