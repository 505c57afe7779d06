"""Where the page can be reached: this computer alone, unless an address of it is named."""

import contextlib
import socket

import pytest

from qbank.errors import UsageError
from qbank.ui.web.address import CannotListen, listen, parse_host, warning


@pytest.mark.parametrize("text", ["localhost", "LOCALHOST", "127.0.0.1", "::1", "127.8.0.1"])
def test_this_computer_alone_needs_no_warning(text: str) -> None:
    """A loopback address is nobody else's way in."""
    assert warning(parse_host(text)) is None


@pytest.mark.parametrize("text", ["192.168.1.20", "10.0.0.1", "2001:db8::1"])
def test_any_other_address_is_warned_of(text: str) -> None:
    """Who serves to others reads that they can answer, and that others can listen."""
    note = warning(parse_host(text))
    assert note is not None
    assert "can answer as you" in note
    assert "not encrypted" in note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0.0.0.0",
        "::",
        "*",
        "evil.example",
        "localhost.evil.example",
        "127.1",
        "224.0.0.1",
        "fe80::1%eth0",
        "1.2.3.4:80",
    ],
)
def test_what_is_no_single_address_is_refused(text: str) -> None:
    """Names and every-network addresses could not be checked against what a browser asks for."""
    with pytest.raises(UsageError, match="--host takes"):
        parse_host(text)


def test_names_are_what_a_browser_puts_into_its_requests() -> None:
    """With the port, in brackets for IPv6."""
    with contextlib.closing(listen(parse_host("localhost"), 0).listener) as listener:
        port = listener.getsockname()[1]
        assert listener.getsockname()[0] == "127.0.0.1"
    place = listen(parse_host("127.0.0.1"), port)
    place.listener.close()
    assert place.names == (f"127.0.0.1:{port}", f"localhost:{port}")
    assert place.url == f"http://127.0.0.1:{port}"


def test_ipv6_is_named_in_brackets() -> None:
    """As in every address with a port."""
    if not socket.has_ipv6:
        pytest.skip("this Python knows no IPv6")
    try:
        place = listen(parse_host("::1"), 0)
    except CannotListen as error:
        pytest.skip(f"no IPv6 here: {error}")
    place.listener.close()
    assert place.names[0].startswith("[::1]:")


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    """With what to do."""
    place = listen(parse_host("127.0.0.1"), 0)
    with contextlib.closing(place.listener) as listener:
        listener.listen()
        with pytest.raises(CannotListen, match="used by another program"):
            listen(parse_host("127.0.0.1"), listener.getsockname()[1])


def test_an_address_of_another_computer_is_told_in_a_sentence() -> None:
    """192.0.2.1 is kept for examples, so nobody has it."""
    with pytest.raises(CannotListen, match=r"has no address 192\.0\.2\.1"):
        listen(parse_host("192.0.2.1"), 0)
