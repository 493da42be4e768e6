"""Connections to the page: half a request is not waited for, and many do not keep others out."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import uvicorn

from coworksim.app import connections
from coworksim.app.connections import Connection

pytestmark = pytest.mark.slow  # they wait for what does not come

HALF = (b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Read a request to its end; answer it, the path /slow after a while."""
    while scope["type"] == "http":
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if not message.get("more_body"):
            break
    if scope["path"] == "/slow":
        time.sleep(0.6)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of one answer, which waits for half a second and for four connections."""
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    monkeypatch.setattr(connections, "MOST", 4)
    made = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, http=Connection, ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [made]})
    thread.start()
    yield made.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)
    made.close()


def begun(port: int, sent: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=5)
    made.sendall(sent)
    return made


def ended(made: socket.socket) -> bool:
    try:
        return made.recv(1) == b""
    except ConnectionResetError:
        return True


def answer(port: int, path: str = "/") -> bytes:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    asked.request("GET", path)
    found = asked.getresponse().read()
    asked.close()
    return found


@pytest.mark.parametrize("sent", HALF)
def test_half_a_request_is_not_waited_for(port: int, sent: bytes) -> None:
    with begun(port, sent) as made:
        assert ended(made)


def test_a_request_that_comes_in_drops_is_not_waited_for(port: int) -> None:
    def drip() -> None:
        for _ in range(40):
            made.sendall(b"X: y\r\n")
            time.sleep(0.05)

    with begun(port, b"GET / HTTP/1.1\r\n") as made, pytest.raises((BrokenPipeError, ConnectionResetError)):
        drip()


def test_half_a_second_request_is_not_waited_for(port: int) -> None:
    with begun(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as made:
        found = b""
        while not found.endswith(b"ok"):
            found += made.recv(4096)
        made.sendall(b"GET /")
        before = time.monotonic()
        assert ended(made)
        assert time.monotonic() - before < 4  # uvicorn's own limit, of five seconds, ends with the first byte


def test_an_answer_may_take_longer_than_a_request(port: int) -> None:
    assert answer(port, "/slow") == b"ok"


def test_many_that_say_nothing_keep_nobody_out(port: int) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(begun(port, b"GET / HTTP/1.1\r\n")) for _ in range(60)]
        assert answer(port) == b"ok"
        assert all(map(ended, held))
