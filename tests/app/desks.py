"""A page without the process that simulates, the page in a process of its own, and ways to ask them."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import psutil

from coworksim.app.job_queue import Desk
from coworksim.app.pages import cookie_name
from coworksim.app.server import build

__all__ = ["HOME", "KEY", "PORT", "Client", "QuietDesk", "Server", "client"]

KEY: Final = "the-key-of-this-start"
PORT: Final = 8765
HOME: Final = f"http://127.0.0.1:{PORT}"


class QuietDesk(Desk):
    """Keeps what would be sent to the process that simulates."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sent: list[dict[str, Any]] = []
        self.ready = True

    async def start(self) -> None:
        """There is nothing to start."""

    async def _send(self, **message: Any) -> None:
        self.sent.append(message)

    def hear(self, **message: Any) -> None:
        """Take a message as if the process had sent it."""
        self._take(message)


class Client:
    """A browser of few abilities: it sends what it is told, and keeps cookies."""

    def __init__(self, application: Any, headers: Mapping[str, str], cookies: Mapping[str, str]) -> None:
        self._application, self._headers, self._cookies = application, headers, httpx.Cookies(dict(cookies))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Send a form."""
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, and take the answer as it is, without following it elsewhere."""
        return asyncio.run(self._request(method, path, more))

    async def _request(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._application)
        async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=self._headers) as asking:
            asking.cookies = self._cookies
            done = await asking.request(method, path, **more)
            self._cookies = asking.cookies
        return done


def client(desk: Desk, folder: Path, *, key: str | None = KEY, headers: Mapping[str, str] | None = None) -> Client:
    """Return a browser; ``key`` None: it never opened the address of the terminal."""
    cookies = {} if key is None else {cookie_name(PORT): key}
    return Client(build(KEY, PORT, folder, desk), {"origin": HOME} if headers is None else headers, cookies)


@dataclass
class Server:
    """``coworksim app`` in a process of its own."""

    port: int = 0
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def start(self) -> None:
        command = [sys.executable, "-c", "from coworksim.cli import main; main()", "app", "--no-browser"]
        self.process = subprocess.Popen([*command, "--port", str(self.port)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[-1]
        self.port = urlsplit(self.address).port or 0

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[psutil.Process]:
        assert self.process is not None
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(how)
        self.process.wait(30)
        self.process.stdout.close()
