"""`qbank serve` in a terminal: its link, what it refuses, and how it ends."""

import os
import re
import shutil
import signal
import socket
from pathlib import Path

import pytest
from serving import Door, Window, wait_until
from support import Qbank
from terminals import Terminal, ran, started_home


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a first hour, to copy."""
    return started_home(tmp_path_factory.mktemp("begun") / "home")


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "home"))


def door(terminal: Terminal) -> Door:
    """The server whose link this terminal shows."""
    after = terminal.expect("it works once:\n")
    terminal.expect("Every answer is saved", after=after)
    found = re.search(r"http://(127\.0\.0\.1:\d+)/\?token=([\w-]{43})\s", terminal.text[after:])
    assert found is not None, terminal.text
    return Door(found[1], found[2])


def test_a_block_is_served_and_ends_with_ctrl_c(home: Path) -> None:
    """The link works; Ctrl-C ends server and face, the block waits with what was answered, and another start goes on."""
    with Terminal(home, ["serve"]) as terminal:
        served = door(terminal)
        with Window(served) as window:
            window.expect("1 of 20")
            window.type("a\r")
            window.expect("2 of 20")
            terminal.press(b"\x03")
            assert window.closed() == 1001
        assert terminal.ended() == 0
        assert "Ended. Everything you answered is saved." in terminal.text
    assert "A block is still open, so it comes first" in ran(home, "block", stdin="q\n").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_polite_kill_and_a_closed_terminal_end_it_as_well(home: Path, number: signal.Signals) -> None:
    """No face stays behind without its server."""
    with Terminal(home, ["serve"]) as terminal:
        served = door(terminal)
        with Window(served) as window:
            window.expect("1 of 20")
            (child,) = children(terminal.process.pid)
            terminal.process.send_signal(number)
            window.closed()
        assert terminal.ended() == 0
    assert not Path("/proc", str(child)).exists()


def test_a_killed_server_leaves_no_face_behind(home: Path) -> None:
    """A face that can no longer draw ends, and its block can be gone on with."""
    with Terminal(home, ["serve"]) as terminal:
        served = door(terminal)
        with Window(served) as window:
            window.expect("1 of 20")
            (child,) = children(terminal.process.pid)
            terminal.kill()
        wait_until(lambda: not is_running(child))
    assert "A block is still open, so it comes first" in ran(home, "block", stdin="q\n").stdout


def test_the_token_is_shown_nowhere_but_in_the_link(home: Path) -> None:
    """Not on a command line, in an environment, or in the data folder; after its use the terminal shows another link."""
    with Terminal(home, ["serve"]) as terminal:
        served = door(terminal)
        token = served.token
        with Window(served) as window:
            window.expect("1 of 20")
            terminal.expect("For another one:\n")
            processes = [terminal.process.pid, *children(terminal.process.pid)]
            for known in (
                Path("/proc", str(one), name) for one in processes for name in ("cmdline", "environ")
            ):
                assert token.encode() not in known.read_bytes()
        terminal.press(b"\x03")
        terminal.ended()
        assert terminal.text.count(token) == 1
    for path in home.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes()


def test_a_review_asks_its_questions_in_the_browser(home: Path) -> None:
    """Whatever a face asks before its block, it asks where the learner is."""
    with Terminal(home, ["serve", "review"]) as terminal, Window(door(terminal)) as window:
        window.expect("ten minutes, tired")


def test_a_port_can_be_chosen(home: Path) -> None:
    """And one that is taken is told."""
    with Terminal(home, ["serve"]) as terminal:
        port = str(door(terminal).port)
        refused = ran(home, "serve", "--port", port, code=1)
        assert refused.stderr == (
            f"qbank: Port {port} is used by another program. Choose another one, or leave --port out.\n"
        )
        terminal.press(b"\x03")
        terminal.ended()
    with Terminal(home, ["serve", "--port", port]) as terminal:
        assert door(terminal).name == f"127.0.0.1:{port}"


def test_without_a_first_hour_there_is_nothing_to_serve(qbank: Qbank, home: Path) -> None:
    """It says where to begin."""
    shutil.rmtree(home)
    shown = qbank("serve")
    assert shown.code == 4
    assert shown.err.endswith("Begin with: qbank start\n")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "evil.example", "192.168.1.20:80"])
def test_only_one_address_of_this_computer_is_served(qbank: Qbank, address: str) -> None:
    """Nothing that stands for every network, and no name."""
    shown = qbank("serve", "--host", address)
    assert shown.code == 2
    assert "--host takes" in shown.err


def test_an_address_of_another_computer_is_not_served(qbank: Qbank) -> None:
    """192.0.2.1 is kept for examples, so nobody has it."""
    shown = qbank("serve", "--host", "192.0.2.1")
    assert (shown.code, shown.err) == (
        1,
        "qbank: This computer has no address 192.0.2.1. Give one of its own with --host, or leave it out.\n",
    )


def test_serving_others_is_warned_of(home: Path) -> None:
    """Before the link is shown; and without --host this computer's other addresses are closed."""
    address = own_address()
    with Terminal(home, ["serve", "--host", address]) as terminal:
        terminal.expect(f"http://{address}:", after=terminal.expect("that you trust."))
        terminal.press(b"\x03")
        assert terminal.ended() == 0
    with Terminal(home, ["serve"]) as terminal:
        port = door(terminal).port
        assert "network" not in terminal.text
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, port), timeout=5)


@pytest.mark.parametrize("face", ["status", "block --plain", "../block", "-c", "bash"])
def test_only_the_faces_are_served(qbank: Qbank, face: str) -> None:
    """No other word becomes a command."""
    assert qbank("serve", face).code == 2


def children(process: int) -> list[int]:
    listed = Path("/proc", str(process), "task", str(process), "children")
    if not listed.exists():
        pytest.skip("this system does not list a process's children")
    return [int(child) for child in listed.read_text().split()]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path("/proc", str(process), "status").read_text()


def own_address() -> str:
    """An address of this computer that others see; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("nothing but this computer can be reached from here")
        return str(probe.getsockname()[0])
