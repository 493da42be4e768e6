"""Starts the page: a socket on this machine only, a key of its own, and the process that simulates.

Who may ask the page for anything: this machine, under its own name, with the key of this start. A page on this machine
can be reached by every other page that its owner visits. So the name that is asked for must be ours, a change must come
from one of our own pages, everything but the style needs the key, no request may be large, and no answer may load, run
or be framed by anything else.
"""

import hmac
import secrets
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coworksim.app.connections import Connection
from coworksim.app.job_queue import Desk
from coworksim.app.page_scenarios import Worlds
from coworksim.app.pages import Pages, cookie_name
from coworksim.app.rendering import gone, refusal
from coworksim.files.errors import printable
from coworksim.files.provenance import code_version, own_version

LOOPBACK: Final = "127.0.0.1"
#: Bytes of a request: the largest scenario file, and its wrapping.
MOST_BYTES: Final = 2_200_000
HEADERS: Final = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class _TooLargeError(Exception):
    """A request had more bytes than it said, or than any may have."""


class Guard:
    """Lets through what may come in, and dresses what goes out."""

    def __init__(self, app: ASGIApp, key: str, port: int) -> None:
        self._app, self._key, self._port = app, key, port
        suffix = "" if port == 80 else f":{port}"  # the port that browsers leave out of an address
        self._hosts = (f"{LOOPBACK}{suffix}", f"localhost{suffix}")
        self._origins = tuple(f"http://{host}" for host in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return
        send, begun = _dressed(send)
        refused = self._refused(scope)
        if refused is None:
            try:
                with suppress(ClientDisconnect):  # nobody is there to be told
                    await self._app(scope, _measured(receive), send)
            except _TooLargeError:
                refused = _too_large()
            except HTTPException as error:
                status = error.status_code
                refused = gone() if status == 404 else refusal(status, "Not here", "There is nothing here.")
            except MultiPartException:
                refused = refusal(400, "Not understood", "This page has no such form.")
            except Exception as error:
                said = printable(f"{scope['method']} {scope['path']}: {type(error).__name__}: {error}")
                print(f"coworksim app: a fault in coworksim: {said[:500]}", file=sys.stderr)
                if not begun:
                    text = "This is a fault in coworksim. What you were doing is still in the address"
                    refused = refusal(500, "Something went wrong", f"{text}: go back and try again.")
        if refused is not None:
            await refused(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return refusal(403, "Wrong address", f"This page answers at http://{self._hosts[0]} only.")
        origin, reads = headers.get("origin"), scope["method"] in ("GET", "HEAD")
        known = origin in (*self._origins, *([None] if reads else []))
        foreign = headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") and not reads
        if foreign or not known:
            return refusal(403, "Not from here", "Only this page itself may ask for that.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return _too_large()
        path = scope["path"]
        # Whoever asks from this machine gets the style of the page that asks for the key.
        if path.startswith("/static/") or path == "/start" or self._has_key(headers):
            return None
        asked = path + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
        text = "This page opens with the address that the terminal showed when coworksim app was started."
        return refusal(403, "Locked", text, door=asked if reads else "/")

    def _has_key(self, headers: Headers) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(cookie_name(self._port))
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._key.encode())


def _too_large() -> Response:
    return refusal(413, "Too large", f"A file may have up to {MOST_BYTES // 1_000_000} MB.")


def _dressed(send: Send) -> tuple[Send, list[bool]]:
    """Return ``send`` with our headers on every answer, and a list that is not empty once an answer has begun."""
    begun: list[bool] = []

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(True)
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return dressed, begun


def _measured(receive: Receive) -> Receive:
    """Return ``receive`` that refuses more bytes than any request may have."""
    taken = 0

    async def measured() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise _TooLargeError
        return message

    return measured


def version() -> str:
    """Return the version that stands in every address: of the package and of its code."""
    return f"{own_version()}-{code_version()[:8]}"


def build(key: str, port: int, folder: Path, desk: Desk | None = None) -> ASGIApp:
    """Return the page as an application; files of comparisons go into ``folder``."""
    found = desk or Desk(folder)
    (folder / "scenarios").mkdir(exist_ok=True)
    pages = Pages(key, port, version(), found, Worlds(folder / "scenarios"))

    @asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        await found.start()
        yield
        await found.close()

    return Guard(Router(pages.routes(), lifespan=lifespan, default=gone()), key, port)


def listening(port: int) -> socket.socket:
    """Return a socket that listens on this machine; port 0 stands for any that is free. Raises OSError."""
    return socket.create_server((LOOPBACK, port), backlog=64)


def serve(made: socket.socket, say: Callable[[str], None], *, browser: bool) -> None:
    """Serve the page until Ctrl-C; ``say`` gets the address that opens it."""
    import uvicorn

    port, key = made.getsockname()[1], secrets.token_urlsafe(24)
    address = f"http://{LOOPBACK}:{port}/start?key={key}"
    with tempfile.TemporaryDirectory(prefix="coworksim-app-") as folder:
        application = build(key, port, Path(folder))
        silent: Any = {"log_level": "critical", "access_log": False, "server_header": False, "date_header": False}
        config = uvicorn.Config(application, http=Connection, ws="none", timeout_graceful_shutdown=1, **silent)
        say(address)
        if browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # Ctrl-C, told again after everything has been put in order
            uvicorn.Server(config).run(sockets=[made])
