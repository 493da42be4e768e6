"""Do many runs on several processors, whatever single runs do.

The engine is any executor of ``concurrent.futures``. Only a few chunks of runs are in flight at a time, so memory does
not grow with the number of runs. When a worker ends, its pool is made anew: the runs that were in hand then are
suspects and run again one at a time; the others that were in flight just run again. A run has two tries. One that
fails in both is a row that says why.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Final

from coworksim.files.errors import RunnerError
from coworksim.runs.coordination import GUARD, UNGUARDED, signals_set
from coworksim.runs.engines import Inline, WatchedPool
from coworksim.runs.run import Limits, Measure, Outcome, Progress, Run, Sink, Status
from coworksim.runs.worker import carry_out, described

_TRIES: Final = 2
_TICK: Final = 0.1  # seconds between looks at the workers
_SHOW: Final = 0.25  # seconds between reports
_CHUNK_SECONDS: Final = 0.1  # runs that are shorter than this go together
_CHUNK_MOST: Final = 50
_BARREN: Final = 3  # pools that may break one after the other without a run to blame


def run_all(
    runs: Iterable[Run],
    measure: Measure,
    limits: Limits | None = None,
    *,
    store: Sink | None = None,
    total: int | None = None,
    seen: Callable[[Run, Outcome], None] | None = None,
) -> Progress:
    """Do every run that ``store`` does not hold yet, and put its outcome there.

    ``total`` is how many runs there are, where ``runs`` cannot say; ``seen`` is shown what comes of each. Returns where
    the batch stands at its end: ``stopping`` after a stop, or Ctrl-C, with what was in flight finished and saved. A
    second Ctrl-C raises KeyboardInterrupt at once; what has been finished is saved. Raises RunnerError when workers
    cannot work at all; StoreError when outcomes cannot be saved.
    """
    limits = limits or Limits()
    _check(measure, limits)
    if total is None and isinstance(runs, Sized):
        total = len(runs)
    stop = limits.stop or threading.Event()
    coordinator = _Coordinator(iter(runs), measure, limits, store, stop, total, seen)
    with signals_set(stop):
        return coordinator.run()


def _check(measure: Measure, limits: Limits) -> None:
    name = getattr(measure, "__qualname__", "")
    if "<" in name:
        raise RunnerError(f"workers cannot find {name}; the work must be a function that a module defines by name")
    for what in ("workers", "in_flight", "deadline_seconds", "memory_limit_mb"):
        value = getattr(limits, what)
        if value is not None and not value > 0:
            raise RunnerError(f"{what} is {value}; it must be above 0")


def _is_broken(future: Future[list[Outcome]]) -> bool:
    """Whether a finished task was lost with its engine."""
    return future.cancelled() or isinstance(future.exception(), BrokenExecutor)


class _Coordinator:
    """One batch, from its first run to its last: sends runs to workers, takes what comes back, ends what hangs."""

    def __init__(
        self,
        runs: Iterator[Run],
        measure: Measure,
        limits: Limits,
        store: Sink | None,
        stop: threading.Event,
        total: int | None,
        seen: Callable[[Run, Outcome], None] | None,
    ) -> None:
        self._fresh, self._measure, self._limits = runs, measure, limits
        self._store, self._stop, self._total, self._seen = store, stop, total, seen
        self._engine = self._made()
        # in this process a run is over when it has been sent: it is saved before the next one begins
        self._window = limits.in_flight or (1 if isinstance(self._engine, Inline) else 2 * limits.workers)
        self._flights: dict[Future[list[Outcome]], tuple[Run, ...]] = {}
        self._again: deque[Run] = deque()  # to be run again like any other
        self._suspects: deque[Run] = deque()  # to be run again alone
        self._alone = False  # whether what is in flight is a suspect
        self._tries: Counter[int] = Counter()  # tries that failed, of runs that are not at their end
        self._blamed: dict[int, str] = {}  # why the worker of this run was ended by us
        self._open: set[str] = set()  # runs that were begun and are not at their end
        self._barren = 0
        self._mean = 0.0  # seconds of a run, lately
        self._count: Counter[Status] = Counter()
        self._first: float | None = None  # when the first run ended
        self._skipped = self._restarts = 0
        self._begun = self._looked = self._shown = time.monotonic()

    def _made(self) -> Executor:
        make = self._limits.executor
        return WatchedPool(self._limits.workers) if make is None else make()

    def run(self) -> Progress:
        """Do all runs."""
        try:
            self._go()
        except BaseException:
            if isinstance(self._engine, WatchedPool):
                self._engine.end_all()
            self._engine.shutdown(wait=isinstance(self._engine, WatchedPool), cancel_futures=True)
            raise
        else:
            self._engine.shutdown()
        finally:
            if self._store is not None:
                self._store.flush()
        self._show(last=True)
        return self._standing()

    def _go(self) -> None:
        while True:
            self._launch()
            if not self._flights:
                return
            finished, _ = wait(self._flights, timeout=_TICK, return_when=FIRST_COMPLETED)
            if any(_is_broken(future) for future in finished):
                self._rebuild()
            else:
                for future in finished:
                    self._land(future)
            self._watch()
            if self._store is not None:
                self._store.tick()
            self._show()

    # -- to the workers

    def _launch(self) -> None:
        """Put chunks in flight as long as there is room."""
        while not self._stop.is_set() and not self._alone and len(self._flights) < self._window:
            if self._suspects:
                if self._flights:
                    return
                self._alone = True
                chunk: tuple[Run, ...] = (self._suspects.popleft(),)
            else:
                chunk = self._chunk()
            if not chunk:
                return
            try:
                future = self._engine.submit(carry_out, self._measure, chunk, self._limits.deadline_seconds)
            except BrokenExecutor:
                (self._suspects if self._alone else self._again).extendleft(reversed(chunk))
                self._alone = False
                self._rebuild()
            else:
                self._flights[future] = chunk

    def _chunk(self) -> tuple[Run, ...]:
        """The next runs: one, or several when they are short."""
        most = min(int(_CHUNK_SECONDS / self._mean), _CHUNK_MOST) if self._mean > 0 else 1
        chunk: list[Run] = []
        while len(chunk) < max(most, 1):
            run = self._again.popleft() if self._again else self._next_fresh()
            if run is None:
                break
            chunk.append(run)
        return tuple(chunk)

    def _next_fresh(self) -> Run | None:
        """The next run that is neither in the store nor begun."""
        for run in self._fresh:
            if run.run_id in self._open or (self._store is not None and self._store.holds(run.run_id)):
                self._skipped += 1
                continue
            self._open.add(run.run_id)
            return run
        return None

    # -- from the workers

    def _land(self, future: Future[list[Outcome]]) -> None:
        """Take what came of a chunk."""
        chunk = self._flights.pop(future)
        self._alone = False
        error = future.exception(timeout=0)
        if error is not None and len(chunk) > 1:  # the fault of one of them, and nobody knows of which
            self._suspects.extend(chunk)
            return
        if error is not None:  # the engine could not send the run or its outcome
            outcomes = [Outcome(run.run_id, "failed", error=described(error)) for run in chunk]
        else:
            outcomes = future.result()
        for run, outcome in zip(chunk, outcomes, strict=False):
            self._take(run, outcome)
        self._again.extendleft(reversed(chunk[len(outcomes) :]))  # the chunk took longer than it should

    def _take(self, run: Run, outcome: Outcome, *, alone: bool = False) -> None:
        """Keep an outcome, or try again."""
        self._barren = 0
        if outcome.seconds > 0:
            self._mean += (outcome.seconds - self._mean) * (0.1 if self._mean else 1.0)
        if outcome.status == "failed":
            self._tries[run.number] += 1
            if self._tries[run.number] < _TRIES:
                (self._suspects if alone else self._again).append(run)
                return
        self._tries.pop(run.number, None)
        self._count[outcome.status] += 1
        self._first = self._first or time.monotonic()
        if self._store is not None:
            self._store.add(run, outcome)
        if self._seen is not None:
            self._seen(run, outcome)
        self._open.discard(run.run_id)

    def _rebuild(self) -> None:
        """The engine broke: find out whose fault it was, put the rest back, and make another."""
        wait(self._flights, timeout=10)
        alone, lost = self._alone, list[Run]()
        for future in list(self._flights):
            if future.done() and not _is_broken(future):
                self._land(future)  # finished just before
            else:
                lost += self._flights.pop(future)
        self._alone = False
        if isinstance(self._engine, WatchedPool):
            in_hand, cause = self._engine.wreck()
        else:
            in_hand, cause = {run.number for run in lost}, "the engine broke"
            self._engine.shutdown(wait=False, cancel_futures=True)
        if cause == f"exit code {UNGUARDED}":
            raise RunnerError(GUARD)
        self._barren += 1
        for run in sorted(lost, key=lambda run: run.number):
            self._judge(run, alone, run.number in in_hand, cause)
        self._blamed.clear()
        if self._barren >= _BARREN:
            raise RunnerError(
                f"workers ended {_BARREN} times before they began a run ({cause}); "
                "see what they wrote, and whether memory and processes suffice"
            )
        self._restarts += 1
        self._engine = self._made()

    def _judge(self, run: Run, alone: bool, in_hand: bool, cause: str) -> None:
        """Decide about a run that was in flight when the engine broke."""
        if run.number in self._blamed:
            self._take(run, Outcome(run.run_id, "failed", error=self._blamed[run.number]))
        elif in_hand and alone:
            ended = Outcome(run.run_id, "failed", error=f"WorkerEnded: its process ended ({cause})")
            self._take(run, ended, alone=True)
        elif in_hand and not self._blamed:
            self._barren = 0
            self._suspects.append(run)
        else:
            self._again.append(run)

    # -- over the workers

    def _watch(self) -> None:
        """End workers whose run has taken too long or too much memory."""
        soft, most = self._limits.deadline_seconds, self._limits.memory_limit_mb
        hard = None if soft is None else 1.1 * soft + 1.0  # a run that can ends itself before
        if not isinstance(self._engine, WatchedPool) or (hard is None and most is None):
            return
        if time.monotonic() - self._looked < _TICK:
            return
        self._looked = time.monotonic()
        for busy in self._engine.busy():
            if hard is not None and busy.seconds > hard:
                why = f"DeadlineError: hung; ended from outside after {soft:g} s"
            elif most is not None and busy.memory_mb > most:
                why = f"MemoryLimit: its worker held more than {most:g} MB"
            else:
                continue
            self._blamed[busy.number] = why
            self._engine.end(busy.pid)

    def _show(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if self._limits.progress is None or (now - self._shown < _SHOW and not last):
            return
        self._shown = now
        self._limits.progress(self._standing())

    def _standing(self) -> Progress:
        now = time.monotonic()
        span = now - (self._first or now)
        return Progress(
            done=self._count["done"],
            failed=self._count["failed"],
            invalid=self._count["invalid"],
            skipped=self._skipped,
            total=self._total,
            seconds=now - self._begun,
            rate=(self._count.total() - 1) / span if span > 0 else 0.0,
            workers=self._limits.workers,
            restarts=self._restarts,
            stopping=self._stop.is_set(),
        )
