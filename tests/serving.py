"""A real server on a port of its own, and what a browser or an attacker says to it, byte by byte where that matters."""

import asyncio
import contextlib
import gc
import http.client
import re
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from qbank.settings import Settings
from qbank.ui.web.address import listen, parse_host
from qbank.ui.web.child import served_environment
from qbank.ui.web.server import Server

PATIENCE_S = 20.0
APP = Path(__file__).with_name("served_app.py")

_CONTROL = re.compile(r"\x1b(\[[0-9;?<>=$]*[a-zA-Z]|\][^\x07]*\x07)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        """The header's only value; "" without it."""
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        assert len(found) <= 1, found
        return found[0] if found else ""

    @property
    def whole(self) -> str:
        return f"{self.headers}\n{self.body}"


class Door:
    """A server as those see it who know its name and its link."""

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self._token = token

    @property
    def token(self) -> str:
        return self._token

    @property
    def origin(self) -> str:
        return f"http://{self.name}"

    @property
    def port(self) -> int:
        return int(self.name.rpartition(":")[2])

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        host: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request with just these headers; `host` "" sends none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if host != "":
                connection.putheader("Host", host or self.name)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read().decode(errors="replace"))

    def raw(self, request: bytes) -> bytes:
        """Everything that comes back for these bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def signed_in(self) -> dict[str, str]:
        """The header that a browser sends once it has opened the link."""
        answer = self.ask(f"/?token={self.token}")
        return {"Cookie": answer.header("Set-Cookie").partition(";")[0]}


class Site(Door):
    """A server in this process, what it said in its terminal, and the file in which its programs write how they ended."""

    def __init__(self, server: Server, name: str, endings_file: Path, said: list[str]) -> None:
        super().__init__(name, "")
        self.server = server
        self.said = said
        self._endings_file = endings_file

    @property
    def token(self) -> str:
        """That of the present link."""
        return urlsplit(self.server.link).query.removeprefix("token=")

    def endings(self) -> list[str]:
        return (
            self._endings_file.read_text(encoding="utf-8").split("\n")[:-1]
            if self._endings_file.exists()
            else []
        )

    def process(self) -> int:
        """The process that was begun last."""
        began = [line for line in self.endings() if line.startswith("began ")]
        return int(began[-1].removeprefix("began "))

    def has_left(self, process: int) -> bool:
        """Whether this process came to its own end."""
        return f"left {process}" in self.endings()


class Window:
    """A browser window as the server sees it: a socket that is drawn to and typed into."""

    def __init__(
        self, site: Door, *, query: str = "width=80&height=24", headers: Mapping[str, str] | None = None
    ) -> None:
        self.text = ""
        self.messages: list[str] = []
        self._code: int | None = None
        self._loop = asyncio.new_event_loop()
        self._session = self._loop.run_until_complete(_session())
        given = {"Origin": site.origin, **site.signed_in()} if headers is None else headers
        try:
            self._socket = self._loop.run_until_complete(
                self._session.ws_connect(f"ws://{site.name}/ws?{query}", headers=given, autoclose=False)
            )
        except aiohttp.WSServerHandshakeError:
            self.leave()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def type(self, text: str) -> None:
        self.send(["stdin", text])

    def send(self, message: object) -> None:
        self._loop.run_until_complete(self._socket.send_json(message))

    def send_text(self, message: str) -> None:
        self._loop.run_until_complete(self._socket.send_str(message))

    def expect(self, words: str) -> None:
        """Wait until these words are drawn, behind whatever was waited for before."""
        deadline_s = time.monotonic() + PATIENCE_S
        while words not in self.text:
            assert time.monotonic() < deadline_s, f"{words!r} was not drawn in: {self._last}"
            assert self._take(), f"closed before {words!r}: {self._last}"
        self.text = self.text.partition(words)[2]

    @property
    def _last(self) -> str:
        return " ".join(self.text.split())[-500:]

    def closed(self) -> int | None:
        """Wait until the server closes it; gives the code."""
        while self._take():
            pass
        return self._code

    def vanish(self) -> None:
        """The line is cut without a word, as when a network is lost."""
        response = self._socket._response
        assert response.connection is not None
        assert response.connection.transport is not None
        response.connection.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))

    def leave(self) -> None:
        """The window is closed."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(self._session.close())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _receive(self) -> aiohttp.WSMessage:
        # The socket's own timeout begins anew with each heartbeat of the server.
        async with asyncio.timeout(PATIENCE_S):
            return await self._socket.receive()

    def _take(self) -> bool:
        message = self._loop.run_until_complete(self._receive())
        if message.type is aiohttp.WSMsgType.BINARY:
            self.text += _CONTROL.sub("", message.data.decode(errors="replace"))
        elif message.type is aiohttp.WSMsgType.TEXT:
            self.messages.append(message.data)
        else:
            self._code = message.data if message.type is aiohttp.WSMsgType.CLOSE else None
            return False
        return True


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


@contextlib.contextmanager
def served(
    folder: Path,
    way: str = "plain",
    *,
    command: Sequence[str] | None = None,
    settings: Settings | None = None,
) -> Iterator[Site]:
    """A server in a thread of its own, serving the small program or another command."""
    endings = folder / "endings"
    said: list[str] = []
    place = listen(parse_host("127.0.0.1"), 0)
    environment = served_environment(settings or Settings(folder / "home", "", "ann", None))
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        async with server:
            started.set()
            await stop.wait()
        # Connections that were closed are let go of in the loop's next round.
        await asyncio.sleep(0.01)

    pictures = (settings or Settings(folder / "home", "", None, None)).pictures
    command = command or (sys.executable, str(APP), str(endings), way)
    server = Server(command, environment, place, said.append, pictures)
    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert started.wait(PATIENCE_S)
        yield Site(server, place.names[0], endings, said)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_S)
        loop.close()
        # A browser may connect just while the server ends. Its connection would go with the process, which lives on here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline_s, "waited in vain"
        time.sleep(0.02)
