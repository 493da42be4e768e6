"""Two warm processes for all comparisons of a page, and for the single run that is animated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

from colearn.experiments.pool import WatchedPool

__all__ = ["Lasting"]


class Lasting(Executor):
    """A pool that outlives the batches which use it; call it as the engine of ``run_all``.

    A batch shuts its engine down at its end, and asks for a new one when it broke: the first is passed over here, the
    second makes the pool anew.

    workers: processes.
    load: what every process does first, so that whoever asks next does not wait for it.
    """

    def __init__(self, workers: int, load: Callable[[], object]) -> None:
        self._workers, self._load = workers, load
        self._pool = WatchedPool(workers)
        self._broken = False
        self._making = threading.RLock()  # a batch and a single run may both find it broken

    def __call__(self) -> Lasting:
        """Return the engine, in working order."""
        with self._making:
            if self._broken:
                self._pool.wreck()
                self._pool, self._broken = WatchedPool(self._workers), False
                self.warm()
        return self

    def warm(self) -> list[Future[object]]:
        """Let every process load."""
        return [self.submit(self._load) for _ in range(self._workers)]

    def submit[**P, T](self, task: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> Future[T]:
        """Give a task to a process; where they have ended meanwhile, to one of new ones."""
        with self._making:
            try:
                future = self._pool.submit(task, *args, **named)
            except BrokenExecutor:
                self._broken = True
                future = self()._pool.submit(task, *args, **named)
        future.add_done_callback(self._look)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Keep the processes for the next batch."""

    def give_up(self) -> None:
        """End what the processes have in hand at once; the batch finds its engine broken, and new ones are made."""
        self._pool.end_all()

    def end(self) -> None:
        """End the processes at once."""
        with self._making:
            self._pool.end_all()
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _look(self, future: Future[Any]) -> None:
        if not future.cancelled() and isinstance(future.exception(), BrokenExecutor):
            self._broken = True
