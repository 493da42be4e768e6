"""Signals that ask a process to end: the first is noted, so that work ends in good order; a second one ends it at once.

Ctrl-C is one of them; others come from ``kill`` and from schedulers (SIGTERM), and from a terminal or a connection that
closes (SIGHUP). A command that one of them ended has the exit code 128 and its number: 130 after Ctrl-C.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

#: The signals by number, each with what the system does about it where nobody has asked for it.
SIGNALS: Final[dict[int, Any]] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    **({signal.SIGHUP: signal.SIG_DFL} if hasattr(signal, "SIGHUP") else {}),
}
_came: list[int] = []


def exit_code() -> int:
    """Return the exit code after an interruption: 128 and the number of the signal that came last, else 130."""
    return 128 + (_came[-1] if _came else signal.SIGINT)


@contextmanager
def signals_set(stop: threading.Event) -> Iterator[None]:
    """Have the first signal set ``stop``, and a second one raise KeyboardInterrupt.

    Only in the main thread, and no signal that somebody else has asked for or told the system to ignore (nohup).
    """

    def note(number: int, frame: FrameType | None) -> None:
        _came.append(number)
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    ours = threading.current_thread() is threading.main_thread()
    noted = [number for number, usual in SIGNALS.items() if ours and signal.getsignal(number) is usual]
    if noted:
        _came.clear()
    for number in noted:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number in noted:
            signal.signal(number, SIGNALS[number])
