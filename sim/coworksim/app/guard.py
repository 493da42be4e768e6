"""Templates of the page; whatever is put into them is escaped.

Who may ask this page for anything: this machine, under its own name, with the key of this start.

A page on this machine can be reached by every other page that its owner visits. So the name that is asked for must be
ours, a change must come from one of our own pages, everything but the style needs the key, no request may be large, and
no answer may load, run or be framed by anything else.
"""

from __future__ import annotations

import hmac
import sys
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.responses import HTMLResponse, Response

from coworksim.files.errors import printable

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


_FOLDER: Final = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **given: Any) -> str:
    """Fill in a template."""
    return _environment().get_template(name).render(**given)


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
#: Served to whoever asks from this machine: the style of the page that asks for the key.
_OPEN: Final = "/static/"
_DOOR: Final = "/start"
_USUAL: Final = 80  # the port that browsers leave out of an address


def cookie_name(port: int) -> str:
    """Return the name of the cookie; cookies know no ports, so the name tells pages of one machine apart."""
    return f"coworksim-{port}"


def refusal(status: int, title: str, text: str, **more: Any) -> Response:
    """Return a page that says why something is refused."""
    page = render("refused.html", title=title, text=text, door=more.get("door"))
    return HTMLResponse(page, status)


class _TooLargeError(Exception):
    """A request had more bytes than it said, or than any may have."""


class Guard:
    """Lets through what may come in, and dresses what goes out."""

    def __init__(self, app: ASGIApp, key: str, port: int) -> None:
        self._app, self._key, self._port = app, key, port
        suffix = "" if port == _USUAL else f":{port}"
        self._hosts = (f"127.0.0.1{suffix}", f"localhost{suffix}")
        self._origins = tuple(f"http://{host}" for host in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        send, begun = _dressed(send)
        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        try:
            await self._app(scope, _measured(receive), send)
        except _TooLargeError:
            await _too_large()(scope, receive, send)
        except HTTPException as error:
            await refusal(error.status_code, "Not here", "There is nothing here.")(scope, receive, send)
        except MultiPartException:
            await refusal(400, "Not understood", "This is no form of this page.")(scope, receive, send)
        except Exception as error:
            said = printable(f"{scope['method']} {scope['path']}: {type(error).__name__}: {error}")
            print(f"coworksim app: a fault in coworksim: {said[:500]}", file=sys.stderr)
            if begun:
                return
            text = "This is a fault in coworksim. What you were doing is still in the address: go back and try again."
            await refusal(500, "Something went wrong", text)(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        """Return why a request is refused, None when it may pass."""
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return refusal(403, "Wrong address", f"This page answers at http://{self._hosts[0]} only.")
        origin = headers.get("origin")
        reads = scope["method"] in ("GET", "HEAD")
        if (origin is not None and origin not in self._origins) or (origin is None and not reads):
            return refusal(403, "Not from here", "Only this page itself may ask for that.")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") and not reads:
            return refusal(403, "Not from here", "Only this page itself may ask for that.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return _too_large()
        path = scope["path"]
        if path.startswith(_OPEN) or path == _DOOR or self._has_key(headers):
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
    taken = [0]

    async def measured() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            taken[0] += len(message.get("body", b""))
            if taken[0] > MOST_BYTES:
                raise _TooLargeError
        return message

    return measured
