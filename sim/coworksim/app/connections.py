"""Connections to the page: each says what it wants in good time, and there are at most so many.

A program that sends half a request and then nothing would otherwise hold its connection for ever.
"""

import asyncio
import math
from typing import Any, Final, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds in which a request arrives whole; browsers on this machine need far less than one.
PATIENCE: Final = 10.0
#: Connections at a time. A browser opens six, and each tab that watches a comparison holds one.
MOST: Final = 64


class Connection(H11Protocol):
    """A connection as uvicorn has it, that is ended while it waits too long, or when others need its place."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Begin to wait for a request. Beyond the limit, the connection that has waited longest gives way."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST:
            cast(Connection, min(self.connections, key=_patience_left))._end()

    def data_received(self, data: bytes) -> None:
        """Take what came, and stop waiting once the request is whole."""
        if self._deadline is None and not self._answering():
            self._wait()
        super().data_received(data)
        if self._answering() and not self.cycle.more_body:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def _answering(self) -> bool:
        cycle: Any = self.cycle  # None before the first request
        return cycle is not None and not cycle.response_complete

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(PATIENCE, self._end)

    def _end(self) -> None:
        self._stop()
        self.connections.discard(self)
        self.transport.abort()

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _patience_left(connection: Any) -> float:
    deadline: asyncio.TimerHandle | None = connection._deadline
    return deadline.when() if deadline else math.inf
