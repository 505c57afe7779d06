"""Who may speak to the page: one middleware that every request passes, whatever it asks for.

A request must name us as its host (another name that was made to point here is an attack: DNS rebinding), must come from
our own page or from none, and must carry the cookie that only the link gives. A link works once: it is shown in a
terminal, handed to a browser on a command line that other users can list, and kept in histories; after its first use none
of these copies is worth anything. The one who was first holds the cookie, and a new link is shown for the next browser.
"""

import hmac
import secrets
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from qbank.ui.web.address import Place

SECRET_BYTES = 32
TOKEN = "token"
SOCKET_PATH = "/ws"
REFUSAL = "Open the newest link that qbank shows in its terminal; each link works once.\n"
NOTHING = "There is nothing here.\n"


class Guard:
    """Knows the present link and the cookie; `on_used` is called when a link was used up and `link` is a new one."""

    def __init__(self, place: Place, on_used: Callable[[], None] = lambda: None) -> None:
        self._place = place
        self._on_used = on_used
        self._token = secrets.token_urlsafe(SECRET_BYTES)
        self._secret = secrets.token_urlsafe(SECRET_BYTES)
        # Browsers share cookies between ports; two served blocks must not push each other out.
        self.cookie = f"qbank-{place.listener.getsockname()[1]}"

    @property
    def link(self) -> str:
        return f"{self._place.url}/?{TOKEN}={self._token}"

    def middleware(self) -> Middleware:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._is_ours(request):
                return web.Response(status=403, text=REFUSAL)
            if request.method == "GET" and request.path == "/" and TOKEN in request.query:
                return self._welcome(request)
            if not self._is_known(request):
                return web.Response(status=403, text=REFUSAL)
            try:
                return await handler(request)
            except web.HTTPException as error:
                return web.Response(status=error.status, text=NOTHING)

        return guarded

    async def protect(self, request: web.Request, response: web.StreamResponse) -> None:
        """Adds to every response what keeps the browser from doing more with it than we mean."""
        response.headers.update(_HEADERS)

    def _is_ours(self, request: web.Request) -> bool:
        hosts = request.headers.getall("Host", [])
        if len(hosts) != 1 or hosts[0] not in self._place.names:
            return False
        origins = request.headers.getall("Origin", [])
        if not origins:
            return request.path != SOCKET_PATH
        return origins == [f"http://{hosts[0]}"]

    def _welcome(self, request: web.Request) -> web.Response:
        """A link becomes a cookie; one that was used up still leads the browser home that used it."""
        response = web.Response(status=303, headers={"Location": "/"})
        if _equal(request.query[TOKEN], self._token):
            self._token = secrets.token_urlsafe(SECRET_BYTES)
            response.set_cookie(self.cookie, self._secret, path="/", httponly=True, samesite="Strict")
            self._on_used()
        elif not self._is_known(request):
            return web.Response(status=403, text=REFUSAL)
        return response

    def _is_known(self, request: web.Request) -> bool:
        return _equal(request.cookies.get(self.cookie, ""), self._secret)


def _equal(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), secret.encode())


_HEADERS = {
    # The terminal in the page puts its own <style> elements into it, without a nonce.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # The terminal in the page would let what is drawn read and write the clipboard (OSC 52).
    "Permissions-Policy": "clipboard-read=(), clipboard-write=(), camera=(), microphone=(), geolocation=()",
    "Server": "qbank",
}
