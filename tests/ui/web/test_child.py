"""The served process from its own side: how it is begun and how it ends."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from qbank.ui.web.child import Child, Size, served_command

DRAWS_AND_ENDS = (
    r"import sys; sys.stdout.buffer.write(b'__GANGLION__\nD\0\0\0\2hiM\0\0\0\x0f{\"type\":\"exit\"}')"
)


def test_a_face_that_ends_just_then_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    """Ending what is ending by itself is the usual case, and nothing is complained of."""

    async def once() -> bytes:
        child = await Child.start((sys.executable, "-IS", "-c", DRAWS_AND_ENDS), dict(os.environ), Size())
        drawn = b"".join([piece async for piece in child.drawn() if isinstance(piece, bytes)])
        await child.end()
        return drawn

    async def often() -> list[bytes]:
        return [drawn for _ in range(10) for drawn in await asyncio.gather(*(once() for _ in range(4)))]

    assert set(asyncio.run(often())) == {b"hi"}
    assert caplog.messages == []


def test_the_command_is_fixed_and_takes_no_module_from_the_folder_that_one_is_in() -> None:
    """This Python, a verb and --tui; the rest is ours."""
    command = served_command("review")
    assert command[:2] == (sys.executable, "-P")
    assert command[-2:] == ("review", "--tui")


def test_a_face_without_its_server_ends_itself() -> None:
    """Its parent is another process than the one that it was begun by, so it has none."""
    begin = "import time; from qbank.ui.web.orphan import end_with; end_with(-1); time.sleep(60)"
    done = subprocess.run([sys.executable, "-c", begin], timeout=30, check=False)
    assert done.returncode == -signal.SIGTERM
