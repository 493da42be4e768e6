"""Do many runs on several processors, whatever single runs do.

The engine is any executor of ``concurrent.futures``. Only a few chunks of runs are in flight at a time, so memory does
not grow with the number of runs. When a worker ends, its pool is made anew: the runs that were in hand then are
suspects and run again one at a time; the others that were in flight just run again. A run has two tries. One that
fails in both is a row that says why.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import Executor
from contextlib import contextmanager
from types import FrameType

from coworksim.files.errors import RunnerError
from coworksim.runs.coordinator import Coordinator, Limits
from coworksim.runs.engines import WatchedPool
from coworksim.runs.run import Progress, Run, Sink, Summary, Work

__all__ = ["ctrl_c_sets", "run_all"]


def run_all(
    runs: Iterable[Run],
    work: Work,
    *,
    executor: Callable[[], Executor] | None = None,
    workers: int = 2,
    window: int | None = None,
    deadline_seconds: float | None = None,
    memory_limit_mb: float | None = None,
    store: Sink | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    total: int | None = None,
) -> Summary:
    """Do every run that ``store`` does not hold yet, and put its outcome there.

    executor: makes the engine, again each time that it broke; by default a pool of ``workers`` spawned processes.
    window: chunks of runs in flight, by default twice ``workers``.
    deadline_seconds: time of one run; ``check_deadline`` ends it in good order, and a second and a tenth later its
        worker is ended.
    memory_limit_mb: memory of a worker with a run in hand; above it the worker is ended.
    progress: called about four times a second with where the batch stands.
    stop: when it is set (Ctrl-C does so too), what is in flight is finished and saved. A second Ctrl-C raises
        KeyboardInterrupt at once; what has been finished is saved.
    total: how many runs there are, where ``runs`` cannot say.

    Raises RunnerError when workers cannot work at all; StoreError when outcomes cannot be saved.
    """
    _check(work, workers, window, deadline_seconds, memory_limit_mb)
    if total is None and isinstance(runs, Sized):
        total = len(runs)
    limits = Limits(workers, window or 2 * workers, deadline_seconds, memory_limit_mb)
    make = executor if executor is not None else lambda: WatchedPool(workers)
    stop = stop or threading.Event()
    coordinator = Coordinator(iter(runs), work, make, limits, store, progress, stop, total)
    with ctrl_c_sets(stop):
        return coordinator.run()


def _check(
    work: Work, workers: int, window: int | None, deadline_seconds: float | None, memory_limit_mb: float | None
) -> None:
    name = getattr(work, "__qualname__", "")
    if "<" in name:
        raise RunnerError(f"workers cannot find {name}; the work must be a function that a module defines by name")
    given = {
        "workers": workers,
        "window": window,
        "deadline_seconds": deadline_seconds,
        "memory_limit_mb": memory_limit_mb,
    }
    for what, value in given.items():
        if value is not None and not value > 0:
            raise RunnerError(f"{what} is {value}; it must be above 0")


@contextmanager
def ctrl_c_sets(stop: threading.Event) -> Iterator[None]:
    """Have the first Ctrl-C set ``stop``; a second one raises KeyboardInterrupt.

    Only in the main thread and where nobody else has asked for the signal.
    """

    def note(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
