"""The usual engine: a pool of spawned processes, one thread each, that can be watched and ended.

Any other executor of ``concurrent.futures`` will do as well; it then has no hard deadline and no memory limit.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, Final

from colearn.experiments.worker import IDLE, begin_worker, board_of

__all__ = ["Busy", "Inline", "WatchedPool"]

#: Libraries that would otherwise start as many threads in each worker as there are processors.
_ONE_THREAD: Final = (
    "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
)  # fmt: skip


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let a process that starts inherit settings of one thread; Ctrl-C passes it by from its first moment."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Process(SpawnProcess):
    """A spawned process that starts with the settings of a worker."""

    def start(self) -> None:
        with _one_thread():
            super().start()


class _Context(SpawnContext):
    """Spawns workers and keeps them."""

    def __init__(self) -> None:
        self.processes: list[_Process] = []

    def Process(self, *args: Any, **named: Any) -> _Process:  # type: ignore[override]  # noqa: N802  # the pool asks the context for this name; there it is a class
        process = _Process(*args, **named)
        self.processes.append(process)
        return process


@dataclass(frozen=True, slots=True)
class Busy:
    """A worker with a run in hand: since when it was seen to have it, and the memory that it holds now."""

    pid: int
    number: int
    seconds: float
    memory_mb: float


def _cause(codes: list[int | None]) -> str:
    """What ended a worker, from the exit codes of all.

    >>> _cause([-15, -9, 0, None]), _cause([-15]), _cause([3, -15])
    ('SIGKILL', 'SIGTERM', 'exit code 3')
    """
    code = next((code for code in codes if code not in (None, 0, -signal.SIGTERM)), None) or -signal.SIGTERM
    if code > 0:
        return f"exit code {code}"
    return signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"


class WatchedPool(ProcessPoolExecutor):
    """A process pool whose workers say which run they have in hand."""

    def __init__(self, workers: int) -> None:
        self._context = _Context()
        self._boards = Path(tempfile.mkdtemp(prefix="colearn-workers-"))
        self._seen: dict[int, tuple[int, float]] = {}
        super().__init__(workers, mp_context=self._context, initializer=begin_worker, initargs=(str(self._boards),))

    def busy(self) -> list[Busy]:
        """The workers that have a run in hand."""
        import psutil

        found = []
        for pid in self._pids():
            begun, number = board_of(self._boards, pid)
            if self._seen.get(pid, (-1, 0.0))[0] != begun:
                self._seen[pid] = begun, time.monotonic()
            if number == IDLE:
                continue
            try:
                memory = psutil.Process(pid).memory_info().rss / 2**20
            except psutil.Error:
                memory = 0.0
            found.append(Busy(pid, number, time.monotonic() - self._seen[pid][1], memory))
        return found

    def wreck(self) -> tuple[set[int], str]:
        """Clear away a pool that broke: the numbers of the runs its workers had in hand, and what ended the first.

        A pool that broke ends its other workers by SIGTERM, so the first is one that ended otherwise.
        """
        waiting = time.monotonic() + 5
        while any(process.is_alive() for process in self._context.processes) and time.monotonic() < waiting:
            time.sleep(0.005)
        self.end_all()
        super().shutdown(wait=True, cancel_futures=True)
        in_hand = {number for pid in self._pids() if (number := board_of(self._boards, pid)[1]) != IDLE}
        shutil.rmtree(self._boards, ignore_errors=True)
        return in_hand, _cause([process.exitcode for process in self._context.processes])

    def end(self, pid: int) -> None:
        """End a worker at once, which breaks the pool."""
        for process in self._context.processes:
            if process.pid == pid and process.is_alive():
                process.kill()

    def end_all(self) -> None:
        """End all workers at once, hung or not."""
        for pid in self._pids():
            self.end(pid)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As in the base class; the boards vanish."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        shutil.rmtree(self._boards, ignore_errors=True)

    def _pids(self) -> list[int]:
        return [process.pid for process in self._context.processes if process.pid is not None]


class Inline(Executor):
    """Does each task at once in this process: for small batches, debuggers and tests."""

    def submit[**P, T](self, task: Any, /, *args: Any, **named: Any) -> Future[Any]:
        """Do the task and give its future."""
        future: Future[Any] = Future()
        try:
            future.set_result(task(*args, **named))
        except Exception as error:
            future.set_exception(error)
        return future
