"""A few runs on several processors, their outcomes in memory rather than in a store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from colearn.experiments.pool import Inline
from colearn.experiments.runner import run_all
from colearn.experiments.runs import Outcome, Progress, Run, Work

__all__ = ["Kept", "Show", "run_batch"]

type Show = Callable[[Progress], None] | None


class Kept:
    """Keeps outcomes in memory, by number of the run."""

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}

    def holds(self, run_id: str) -> bool:
        """Nothing is held from before."""
        return False

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome."""
        self.outcomes[run.number] = outcome

    def tick(self) -> None:
        """There is nothing to save."""

    def flush(self) -> None:
        """There is nothing to save."""

    @property
    def done(self) -> dict[int, Outcome]:
        """Outcomes of runs that succeeded, in the order of their numbers."""
        return {k: o for k, o in sorted(self.outcomes.items()) if o.status == "done"}

    @property
    def failed(self) -> dict[int, str]:
        """Why the others did not, in the same order."""
        return {k: o.error for k, o in sorted(self.outcomes.items()) if o.status != "done"}


def run_batch(
    runs: Iterable[Run],
    work: Work,
    kept: Kept,
    *,
    workers: int,
    progress: Show,
    total: int | None = None,
    executor: Callable[[], Executor] | None = None,
    stop: threading.Event | None = None,
) -> bool:
    """Do runs and keep their outcomes; one worker does the work in this process unless an engine is handed in.

    Return whether ``stop`` came before the last run; KeyboardInterrupt after Ctrl-C.
    """
    engine = executor or (Inline if workers == 1 else None)
    summary = run_all(
        runs, work, executor=engine, workers=workers, store=kept, progress=progress, total=total, stop=stop
    )
    if summary.stopped and not (stop and stop.is_set()):
        raise KeyboardInterrupt
    return summary.stopped
