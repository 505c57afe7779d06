"""The full-screen face in a browser: a page with a terminal in it, and one socket to a process of ours.

The terminal is the browser client that textual-serve carries; the page around it is our own. One window at a time has
the face; a second one is told so and may take it over.
"""

import asyncio
import contextlib
import importlib.resources
import logging
import signal
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from aiohttp import WSMsgType, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from qbank.core.pictures import KEPT, MEDIA_TYPES
from qbank.errors import QbankError
from qbank.ui.web.address import Address, Place, listen, warning
from qbank.ui.web.child import ENDING_SECONDS, Child, Size
from qbank.ui.web.guard import SOCKET_PATH, Guard

IN_USE = 4001
TAKEN_OVER = 4002

GRACE_SECONDS = 2.0
HEARTBEAT_SECONDS = 15.0
GOODBYE_SECONDS = 2.0
MESSAGE_BYTES = 2**16

_FILES = {
    "/": ("qbank.ui.web", "page/index.html", "text/html"),
    "/icon.svg": ("qbank.ui.web", "page/icon.svg", "image/svg+xml"),
    "/page.css": ("qbank.ui.web", "page/page.css", "text/css"),
    "/page.js": ("qbank.ui.web", "page/page.js", "text/javascript"),
    "/xterm.css": ("textual_serve", "static/css/xterm.css", "text/css"),
    "/textual.js": ("textual_serve", "static/js/textual.js", "text/javascript"),
    "/mono.ttf": ("textual_serve", "static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "/mono-italic.ttf": ("textual_serve", "static/fonts/RobotoMono-Italic-VariableFont_wght.ttf", "font/ttf"),
}


def serve(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    address: Address,
    port: int,
    pictures: Path,
    say: Callable[[str], None],
    open_browser: bool = False,
) -> None:
    """Serve the command, and pictures from that folder, until Ctrl-C or a closed terminal. Raises CannotListen."""
    place = listen(address, port)
    if (note := warning(address)) is not None:
        say(note)
    asyncio.run(_serve(Server(command, environment, place, say, pictures), say, open_browser))


async def _serve(server: "Server", say: Callable[[str], None], open_browser: bool) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whoever started us with a signal ignored, as nohup does, meant it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with server:
        say("Open this link in a browser; it works once:")
        say(server.link)
        say("Ctrl-C here ends it. Every answer is saved as you give it.")
        if open_browser and not await asyncio.to_thread(webbrowser.open, server.link):
            say("No browser could be started from here. Open the link yourself.")
        await ended.wait()


class Server:
    """The page and its socket at one place; `async with` it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        place: Place,
        say: Callable[[str], None],
        pictures: Path,
    ) -> None:
        """`pictures` is the folder in which those of questions are kept."""
        self._command = tuple(command)
        self._environment = dict(environment)
        self._pictures = pictures
        self._place = place
        self._say = say
        self._guard = Guard(place, self._show_next_link)
        self._seat = asyncio.Lock()
        self._present: web.WebSocketResponse | None = None
        self.app = web.Application(middlewares=[self._guard.middleware()])
        self.app.on_response_prepare.append(self._guard.protect)
        self.app.on_shutdown.append(self._say_goodbye)
        for path, (package, name, kind) in _FILES.items():
            self.app.router.add_get(path, _file(package, name, kind), allow_head=False)
        self.app.router.add_get(SOCKET_PATH, self._socket, allow_head=False)
        self.app.router.add_get("/pictures/{name}", self._picture, allow_head=False)
        self._runner = web.AppRunner(
            self.app, access_log=None, logger=_log(), shutdown_timeout=ENDING_SECONDS + GOODBYE_SECONDS
        )

    @property
    def link(self) -> str:
        return self._guard.link

    @property
    def cookie(self) -> str:
        return self._guard.cookie

    async def __aenter__(self) -> "Server":
        await self._runner.setup()
        await web.SockSite(self._runner, self._place.listener).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def _show_next_link(self) -> None:
        # The terminal may have gone, which is no reason to turn the browser away.
        with contextlib.suppress(EOFError, OSError, QbankError):
            self._say("A browser has opened the link. For another one:")
            self._say(self.link)

    async def _say_goodbye(self, _: web.Application) -> None:
        if self._present is not None:
            await self._present.close(code=1001)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS,
            timeout=GOODBYE_SECONDS,
            max_msg_size=MESSAGE_BYTES,
            compress=False,
        )
        await socket.prepare(request)
        if not await self._take_seat(takes_over="take-over" in request.query):
            await socket.close(code=IN_USE)
            return socket
        self._present = socket
        try:
            await self._converse(socket, _asked_size(request))
        finally:
            self._present = None
            self._seat.release()
        return socket

    async def _picture(self, request: web.Request) -> web.Response:
        """A picture of a question, by the name of its content and nothing else; what it is was verified when it was kept."""
        kept = KEPT.fullmatch(request.path.removeprefix("/"))
        if kept is None:
            raise web.HTTPNotFound
        try:
            content = await asyncio.to_thread((self._pictures / kept["name"]).read_bytes)
        except OSError as error:
            raise web.HTTPNotFound from error
        return web.Response(body=content, content_type=MEDIA_TYPES[kept["kind"]])

    async def _take_seat(self, *, takes_over: bool) -> bool:
        """Whether the face is this window's now. One that is loaded again comes before its last process has quite ended."""
        if takes_over and self._present is not None:
            await self._present.close(code=TAKEN_OVER)
        for patience_s in (GRACE_SECONDS, ENDING_SECONDS):
            try:
                async with asyncio.timeout(patience_s):
                    return await self._seat.acquire()
            except TimeoutError:
                if self._present is not None and not self._present.closed:
                    return False
        return False

    async def _converse(self, socket: web.WebSocketResponse, size: Size) -> None:
        child = await Child.start(self._command, self._environment, size)
        both = {asyncio.create_task(_show(child, socket)), asyncio.create_task(_hear(socket, child))}
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.wait(both)
            await child.end()
            await socket.close()


async def _show(child: Child, socket: web.WebSocketResponse) -> None:
    # A browser that has gone is noticed by whoever listens to it.
    with contextlib.suppress(ConnectionError):
        async for drawn in child.drawn():
            if isinstance(drawn, bytes):
                await socket.send_bytes(drawn)
            else:
                await socket.send_json(["pictures", msgspec.to_builtins(drawn.pictures)])


async def _hear(socket: web.WebSocketResponse, child: Child) -> None:
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await _obey(message.data, socket, child)


async def _obey(text: str, socket: web.WebSocketResponse, child: Child) -> None:
    """What the page has to say; what is none of it is passed over."""
    try:
        match msgspec.json.decode(text):
            case ["stdin", str(typed)]:
                await child.type(typed)
            case ["resize", size]:
                await child.resize(msgspec.convert(size, Size).bounded())
            case ["ping", str(mark)]:
                await socket.send_json(["pong", mark])
            case ["focus" | "blur" as change]:
                await child.focus(gained=change == "focus")
    except (msgspec.DecodeError, UnicodeError, RecursionError, ConnectionError):
        return


def _asked_size(request: web.Request) -> Size:
    try:
        return msgspec.convert(dict(request.query), Size, strict=False).bounded()
    except msgspec.ValidationError:
        return Size()


def _file(package: str, name: str, kind: str) -> Handler:
    """Gives one file that was named here, whatever is asked for."""
    content = importlib.resources.files(package).joinpath(name).read_bytes()
    charset = "utf-8" if kind.startswith("text/") else None

    async def given(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset=charset)

    return given


def _log() -> logging.Logger:
    """Our own faults are logged; requests that are no HTTP are no fault of ours, and repeat what a stranger typed."""
    log = logging.getLogger("aiohttp.server")
    log.addFilter(_is_our_fault)
    return log


def _is_our_fault(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
