"""Engines: a pool of spawned processes, one thread each, that can be watched and ended; this process; a Dask cluster.

Any other executor of ``concurrent.futures`` will do as well; it then has no hard deadline and no memory limit.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, Final

from coworksim.files.built_in import install_line
from coworksim.files.errors import RefusedError, RunnerError
from coworksim.files.provenance import code_version
from coworksim.runs.coordination import end_if_a_worker_reads_the_script
from coworksim.runs.worker import IDLE, LEFT_ALONE, begin_worker, board_of

#: Libraries that would otherwise start as many threads in each worker as there are processors.
_ONE_THREAD: Final = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_SCHEME: Final = "dask"
_PATIENCE: Final = 30  # seconds until a scheduler must have answered


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let a process that starts inherit settings of one thread; Ctrl-C and a closing terminal pass it by."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, LEFT_ALONE) if hasattr(signal, "pthread_sigmask") else None
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
        end_if_a_worker_reads_the_script()
        self._context = _Context()
        self._boards = Path(tempfile.mkdtemp(prefix="coworksim-workers-"))
        self._seen: dict[int, tuple[int, float]] = {}
        with _one_thread():  # this starts the tracker of semaphores, which a closing terminal must not end either
            super().__init__(workers, self._context, initializer=begin_worker, initargs=(str(self._boards),))

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


def engine(address: str) -> Callable[[], Executor]:
    """Return what makes the engine at an address. Raises RefusedError for one that nobody could reach.

    >>> engine("ray://head:10001")
    Traceback (most recent call last):
    coworksim.files.errors.RefusedError: the engine 'ray://head:10001' is not known; write dask://host:port
    """
    scheme, sign, place = address.partition("://")
    if scheme != _SCHEME or not sign or not place.rpartition(":")[2].isdecimal():
        raise RefusedError(f"the engine {address!r} is not known; write {_SCHEME}://host:port")
    try:
        import distributed  # noqa: F401  # only to find out whether it is there
    except ImportError:
        raise RefusedError(f"{address} needs the optional part cluster: {install_line('cluster')}") from None
    return lambda: DaskEngine(f"tcp://{place}")


class DaskEngine(Executor):
    """A Dask cluster as an executor. Dask itself runs what a lost worker had in hand again, on another one."""

    def __init__(self, address: str) -> None:
        from distributed import Client

        try:
            self._client = Client(address, timeout=_PATIENCE)
        except (OSError, TimeoutError) as error:
            raise RunnerError(f"no Dask scheduler answers at {address}; start one, or give another address") from error
        self._executor = self._client.get_executor(pure=False)  # or a run that failed would not be tried again
        try:
            found = self._client.run(code_version, on_error="return")
            # runs of other code would go under the name of this one
            if other := [place for place, code in found.items() if code != code_version()]:
                raise RunnerError(f"the worker at {other[0]} has other code than this process; install the same on all")
        except BaseException:
            self._client.close()
            raise

    def submit(self, task: Any, /, *args: Any, **named: Any) -> Future[Any]:
        """Send a task to the cluster."""
        future: Future[Any] = self._executor.submit(task, *args, **named)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; it goes on for others."""
        self._executor.shutdown(wait=wait)
        self._client.close()
