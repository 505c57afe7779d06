"""Where the page may be reached: on this computer alone, unless somebody names another address of it."""

import errno
import ipaddress
import socket

import msgspec

from qbank.errors import QbankError, UsageError

HTTP_PORT = 80

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class CannotListen(QbankError):
    """An address or a port that this computer does not give away."""


class Place(msgspec.Struct, frozen=True):
    """A socket that listens, and the names under which a browser may ask for it, as they stand in `Host`."""

    listener: socket.socket
    names: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"http://{self.names[0]}"


def parse_host(text: str) -> Address:
    """The address in `--host`. Raises UsageError for a name, and for what stands for every network at once.

    A browser repeats the address in each request, and that is checked against what was given here: an address that
    means all of them could not be checked.
    """
    if text.lower() == "localhost":
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise UsageError(
            f"--host takes an IP address of this computer or localhost, not {text!r}."
        ) from error
    if address.is_unspecified or address.is_multicast or getattr(address, "scope_id", None):
        raise UsageError(
            f"--host takes one address of this computer, such as 192.168.1.20. {text} is none that a browser can ask for."
        )
    return address


def warning(address: Address) -> str | None:
    """What somebody should know who serves beyond this computer."""
    if address.is_loopback:
        return None
    return (
        f"Everybody who can reach {address} and gets hold of the link can answer as you, and what you type and see is not "
        "encrypted on the way. Do this only in a network that you trust."
    )


def listen(address: Address, port: int) -> Place:
    """Bind the address; port 0 takes any that is free. Raises CannotListen."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
    except OSError as error:
        listener.close()
        raise CannotListen(_why_not(error, address, port)) from error
    return Place(listener, _names(address, listener.getsockname()[1]))


def _why_not(error: OSError, address: Address, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is used by another program. Choose another one, or leave --port out."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This computer has no address {address}. Give one of its own with --host, or leave it out."
    if error.errno == errno.EACCES:
        return f"You may not use port {port}. Choose one above 1023, or leave --port out."
    return f"{address} port {port} cannot be used: {error.strerror}. Choose others with --host and --port."


def _names(address: Address, port: int) -> tuple[str, ...]:
    hosts = [f"[{address}]" if address.version == 6 else str(address)]
    if address.is_loopback:
        hosts.append("localhost")
    # Browsers leave the usual port out.
    return tuple(host if port == HTTP_PORT else f"{host}:{port}" for host in hosts)
