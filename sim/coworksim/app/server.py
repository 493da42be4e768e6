"""Starts the page: a socket on this machine only, a key of its own, and the process that simulates."""

from __future__ import annotations

import secrets
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.routing import Router

from coworksim.app.guard import Guard
from coworksim.app.job_queue import Desk
from coworksim.app.page_scenarios import Worlds
from coworksim.app.pages import Pages
from coworksim.files.provenance import code_version, own_version

if TYPE_CHECKING:
    from starlette.types import ASGIApp


LOOPBACK: Final = "127.0.0.1"


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

    return Guard(Router(pages.routes(), lifespan=lifespan, default=pages.nothing), key, port)


def listening(port: int) -> socket.socket:
    """Return a socket that listens on this machine; port 0 stands for any that is free. Raises OSError."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen(64)
    except OSError:
        made.close()
        raise
    return made


def serve(made: socket.socket, say: Callable[[str], None], *, browser: bool) -> None:
    """Serve the page until Ctrl-C; ``say`` gets the address that opens it."""
    import uvicorn

    port, key = made.getsockname()[1], secrets.token_urlsafe(24)
    address = f"http://{LOOPBACK}:{port}/start?key={key}"
    with tempfile.TemporaryDirectory(prefix="coworksim-app-") as folder:
        application = build(key, port, Path(folder))
        config = uvicorn.Config(
            application,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        say(address)
        if browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # Ctrl-C, told again after everything has been put in order
            uvicorn.Server(config).run(sockets=[made])
