"""The socket to the served face: one window at a time, nothing hostile gets through, and every end is a polite one."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from serving import Site, Window, served, wait_until
from terminals import PROGRAM, started_home

from qbank.settings import Settings
from qbank.ui.web import child
from qbank.ui.web.server import IN_USE, TAKEN_OVER

ENDED = 1000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("served")) as opened:
        yield opened


def test_keys_reach_the_face_and_its_picture_the_window(site: Site) -> None:
    """What is typed is answered on the screen."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        window.type("b")
        window.expect("Pressed b.")


def test_a_socket_without_an_origin_is_refused(site: Site) -> None:
    """The cookie alone is not enough: any program's socket would carry it."""
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        Window(site, headers=site.signed_in())


def test_a_socket_from_another_page_is_refused(site: Site) -> None:
    """A page elsewhere that opens a socket to this computer, with the learner's cookie, gets none."""
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        Window(site, headers={**site.signed_in(), "Origin": "http://evil.example"})


def test_a_socket_without_the_cookie_is_refused(site: Site) -> None:
    """Our own origin can be said by any program that is no browser."""
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        Window(site, headers={"Origin": site.origin})


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=100&height=30", "100x30"),
        ("width=-1&height=-1", "20x6"),
        ("width=1e9&height=1000000000", "400x200"),
        ("width=999999999999999999999&height=5", "400x6"),
        ("width=wide&height=high", "80x24"),
        ("width=NaN&height=", "80x24"),
        ("width=80;id&height=$(id)", "80x24"),
        ("command=/bin/sh&face=review&TEXTUAL_DRIVER=x&fontsize=1e9", "80x24"),
        ("", "80x24"),
    ],
)
def test_a_hostile_size_is_brought_into_bounds(site: Site, query: str, size: str) -> None:
    """The address of the socket says how large the window is, and nothing else."""
    with Window(site, query=query) as window:
        window.expect(f"Size {size}.")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        "null",
        '["stdin"]',
        '["stdin", 7]',
        '["stdin", "\\ud800"]',
        '["resize", {"width": "x"}]',
        '["resize", 3]',
        '["resize", {"width": 1e400}]',
        '["quit"]',
        '["meta", {"type": "quit"}]',
        '["open_url", {"url": "http://evil.example", "new_tab": true}]',
        "[" * 5000,
    ],
)
def test_a_message_that_means_nothing_is_passed_over(site: Site, message: str) -> None:
    """The face goes on as if it had not come."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        window.send_text(message)
        window.type("b")
        window.expect("Pressed b.")


def test_a_window_that_grows_has_bounds(site: Site) -> None:
    """A size that no computer could draw is not drawn."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        window.send(["resize", {"width": 100, "height": 40}])
        window.expect("Size 100x40.")
        window.send(["resize", {"width": 10**9, "height": -5}])
        window.expect("Size 400x6.")


def test_the_page_can_measure_its_line(site: Site) -> None:
    """A ping is answered with its own mark."""
    with Window(site) as window:
        window.send(["ping", "17"])
        window.expect("Size 80x24.")
        window.expect("Tick")
        assert window.messages == ['["pong", "17"]']


def test_a_message_too_long_ends_the_session(site: Site) -> None:
    """Nobody types a megabyte."""
    with Window(site) as window:
        window.type("x" * 2**20)
        assert window.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


def test_a_second_window_is_told_that_another_is_there(site: Site) -> None:
    """It gets nothing of the picture, and the first one goes on."""
    cookie = site.signed_in()
    with Window(site, headers={**cookie, "Origin": site.origin}) as first:
        first.expect("Size 80x24.")
        with Window(site, headers={**cookie, "Origin": site.origin}) as second:
            assert second.closed() == IN_USE
            assert second.text == ""
        first.type("b")
        first.expect("Pressed b.")


def test_a_second_window_may_take_over(site: Site) -> None:
    """The first is told, its process leaves before the other one begins."""
    with Window(site) as first:
        first.expect("Size 80x24.")
        process = site.process()
        with Window(site, query="width=90&height=24&take-over") as second:
            assert first.closed() == TAKEN_OVER
            second.expect("Size 90x24.")
            assert site.has_left(process)
            assert site.process() != process


def test_a_window_that_is_loaded_again_gets_in_at_once(site: Site) -> None:
    """Its last process may still be ending then."""
    for _ in range(3):
        with Window(site) as window:
            window.expect("Size 80x24.")


def test_a_window_that_is_closed_ends_the_face_politely(site: Site) -> None:
    """The face leaves, as with a terminal that is closed."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        process = site.process()
    wait_until(lambda: is_gone(process))
    assert site.has_left(process)


def test_a_line_that_is_cut_ends_the_face_politely(site: Site) -> None:
    """No goodbye comes from a browser whose network is lost."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        process = site.process()
        window.vanish()
        wait_until(lambda: is_gone(process))
    assert site.has_left(process)


def test_a_face_that_ends_closes_its_window(site: Site) -> None:
    """The page then says how to start again."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        window.type("q")
        assert window.closed() == ENDED


def test_nothing_drawn_can_open_an_address_or_hand_out_a_file(site: Site) -> None:
    """The face's wishes to do so stop here: the page is sent nothing about them."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        window.type("od")
        window.expect("Pressed d.")
        window.expect("Tick")
        assert window.messages == []


def test_the_face_knows_that_it_is_served_and_whose_record_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else of qbank's settings, no editor, and no secret."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        window.type("e")
        window.expect("Knows ")
        window.expect(" end.")
    environment = child.served_environment(
        Settings(Path("/data"), "/data/x.sqlite3", "ann", None),
        {
            "PATH": "/bin",
            "EDITOR": "vi",
            "QBANK_SERVED": "0",
            "QBANK_EXAM": "other",
            "TEXTUAL": "debug",
            "BROWSER": "b",
        },
    )
    assert environment == {
        "PATH": "/bin",
        "QBANK_HOME": "/data",
        "QBANK_DB": "/data/x.sqlite3",
        "QBANK_LEARNER": "ann",
        "QBANK_SERVED": "1",
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
    }


def test_no_key_starts_a_program_here_or_stops_the_face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the editor's, where it would be heeded in a terminal, nor Ctrl-Z, nor Ctrl-P, elsewhere a list of commands."""
    trace = tmp_path / "trace"
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("vi", "nano", "editor", "sensible-editor"):
        (programs / name).write_text(f"#!/bin/sh\necho ran >'{trace}'\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("EDITOR", str(programs / "vi"))
    home = started_home(tmp_path / "home")
    command = (*PROGRAM, "block", "--tui", "--size", "3", "--mode", "tutor", "--seed", "1")
    settings = Settings(home, str(home / "qbank.sqlite3"), None, None)
    with served(tmp_path, command=command, settings=settings) as site, Window(site) as window:
        window.expect("1 of 3")
        window.type("a\r")
        window.expect("what was the reason?")
        window.type("\r")
        window.expect("Your answer: A.")
        window.type("e\x1ae\x10")
        window.expect("That key does nothing here.")
        window.type("\r")
        window.expect("Enter see the key")
        assert not trace.exists()


def test_the_secrets_are_not_handed_down(site: Site) -> None:
    """Neither the process's environment nor its command line holds token or cookie."""
    with Window(site) as window:
        window.expect("Size 80x24.")
        for name in ("environ", "cmdline"):
            known = Path("/proc", str(site.process()), name)
            if not known.exists():
                pytest.skip("this system shows no process's environment")
            assert site.token.encode() not in known.read_bytes()
            assert site.signed_in()["Cookie"].partition("=")[2].encode() not in known.read_bytes()


def test_words_instead_of_a_picture_are_shown(tmp_path: Path) -> None:
    """A command that has nothing to draw says why, and what it says steers nothing."""
    with served(tmp_path, "refuses") as site, Window(site) as window:
        window.expect("Nothing fits. Begin with: qbank start <U+001B>]0;title<U+0007>\r\n")
        assert window.closed() == ENDED


def test_words_after_the_picture_are_shown(tmp_path: Path) -> None:
    """What is said once the face has gone, as a score, does not get lost, whatever letter it begins with."""
    with served(tmp_path, "speaks") as site, Window(site) as window:
        window.expect("Size 80x24.")
        window.type("q")
        window.expect("DONE: 2 of 3 right.")
        assert window.closed() == ENDED


def test_a_face_that_breaks_is_not_hidden(tmp_path: Path) -> None:
    """Its last words are in the window."""
    with served(tmp_path) as site, Window(site) as window:
        window.expect("Size 80x24.")
        window.type("x")
        window.expect("RuntimeError")
        assert window.closed() == ENDED


def test_a_face_that_does_not_go_is_made_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the window's place is free all the same."""
    monkeypatch.setattr(child, "ENDING_SECONDS", 0.3)
    with served(tmp_path, "stubborn") as site:
        with Window(site) as window:
            window.expect("Tick")
            process = site.process()
        with Window(site) as window:
            window.expect("Size 80x24.")
            assert is_gone(process)


def test_the_end_of_the_server_is_told_to_window_and_face(tmp_path: Path) -> None:
    """The page can say that the connection is gone, and the face leaves its block."""
    with contextlib.ExitStack() as window_open:
        with served(tmp_path) as site:
            window = window_open.enter_context(Window(site))
            window.expect("Size 80x24.")
        assert window.closed() == aiohttp.WSCloseCode.GOING_AWAY
    assert site.has_left(site.process())


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
