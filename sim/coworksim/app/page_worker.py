"""``python -m coworksim.app.page_worker``: simulates for the page, in two warm processes for all that it asks.

One line of JSON a message: questions come in on standard input, and where they stand goes out on standard output. It
ends when its input does. Files for the page are written into the folder that a message names.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from coworksim.runs.engines import WatchedPool

if TYPE_CHECKING:
    from coworksim.appraisal.pooled import Pooled


class Lasting(Executor):
    """A pool that outlives the batches which use it; call it as the engine of ``run_all``.

    A batch shuts its engine down at its end, and asks for a new one when it broke: the first is passed over here, the
    second makes the pool anew. ``load`` is what every process does first, so that nobody waits for it later.
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


#: Seconds after which a cancelled comparison gives up the worlds in hand; those of a larger town take far longer.
_PATIENCE: Final = 1.0


def steps(replicates: int) -> Iterator[int]:
    """Yield after how many replicates the answer is told: soon at first, then at each half as many more.

    >>> list(steps(50)), list(steps(1))
    ([2, 4, 8, 12, 18, 27, 40, 50], [1])
    """
    at = min(2, replicates)
    while at < replicates:
        yield at
        at = min(replicates, max(2 * at if at < 8 else at + at // 2, at + 1))
    yield replicates


class Worker:
    """Answers one question at a time."""

    def __init__(self, out: IO[str], workers: int) -> None:
        self._out, self._workers = out, workers
        self._telling = threading.Lock()
        self._asked: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stops: dict[str, threading.Event] = {}
        self._pool: Lasting | None = None
        self._now = ""  # the question that is being answered

    def tell(self, **message: Any) -> None:
        """Send a message to the page."""
        with self._telling:
            self._out.write(json.dumps(message) + "\n")
            self._out.flush()

    def listen(self, lines: IO[str]) -> None:
        """Take messages until there are no more: a stop and a single run at once, questions one after the other."""
        for line in lines:
            message = json.loads(line)
            if "stop" in message:
                self._stop(message["stop"])
            elif "watch" in message:
                self._watch(message)
            else:
                self._stop_of(message["job"])
                self._asked.put(message)
        for name in list(self._stops):
            self._stop(name)
        try:
            if self._pool is not None:
                self._pool.end()
        finally:
            os._exit(0)

    def _stop_of(self, job: str) -> threading.Event:
        return self._stops.setdefault(job, threading.Event())

    def _stop(self, job: str) -> None:
        self._stop_of(job).set()
        later = threading.Timer(_PATIENCE, self._give_up, (job,))
        later.daemon = True
        later.start()

    def _give_up(self, job: str) -> None:
        """End the processes of a question that is still being answered; what was finished is kept."""
        if job == self._now and self._pool is not None:
            self._pool.give_up()

    def begin(self) -> None:
        """Load the model into every process, so that the first answer does not wait for it."""
        self._pool = Lasting(self._workers, warm_model)
        loads = self._pool.warm()
        warm_charts()
        for load in loads:
            load.result()
        self.tell(ready=True)

    def work(self) -> None:
        """Answer questions until there are no more."""
        while (message := self._asked.get()) is not None:
            job = str(message["job"])
            try:
                end, error = self._answer(job, message)
            except Exception as trouble:  # told without a place of this machine
                from coworksim.runs.worker import described

                end, error = "failed", described(trouble).replace(str(message["folder"]), "...")
            self._now = ""
            self._stops.pop(job, None)
            self.tell(job=job, end=end, error=error)

    def _answer(self, job: str, message: Mapping[str, Any]) -> tuple[str, str]:
        from coworksim.app.answer import answer, write_files
        from coworksim.appraisal.comparison import growing
        from coworksim.appraisal.rival_run import with_rival
        from coworksim.model.policy import Policy
        from coworksim.model.scenario import Scenario

        self._now = job
        stop, folder, asked = self._stop_of(job), Path(message["folder"]), message["question"]
        scenario, total = Scenario.model_validate(asked["scenario"]), int(asked["replicates"])
        arms = {name: tuple(Policy.model_validate(one) for one in arm) for name, arm in asked["arms"].items()}
        drawer, count = _Drawer(self, job, folder, asked["changed"]), _Count(self, job, total)
        running: Any = {"workers": self._workers, "executor": self._pool, "progress": count, "stop": stop}
        found: Pooled | None = None
        for found in growing(scenario, arms, steps(total), seed=int(asked["seed"]), **running):
            drawer.show(found)
        whole = found is not None and found.replicates + len(found.failed) >= total
        if found is not None and whole:
            found = with_rival(found, **running | {"progress": None})
        self._now = ""  # nothing is in hand any more
        drawer.end()
        if found is None:
            return "cancelled", ""
        if found.rival is not None:
            self.tell(job=job, answer=answer(found.appraisal, asked["changed"]), charts="")
        write_files(found.appraisal, folder / "files", network=whole)
        return ("done" if whole else "cancelled"), ""

    def _watch(self, message: Mapping[str, Any]) -> None:
        from coworksim.app.answer import frames

        name = str(message["watch"])
        if self._pool is None:
            self.tell(watch=name, error="the model is still being loaded; try again in a few seconds")
            return
        future = self._pool.submit(frames, message["given"])

        def tell(_: object) -> None:
            error = BrokenExecutor() if future.cancelled() else future.exception()
            if error is None:
                self.tell(watch=name, frames=future.result())
            elif isinstance(error, BrokenExecutor):
                self.tell(watch=name, error="its process was ended; ask for it again")
            else:
                self.tell(watch=name, error=f"{type(error).__name__}: {error}")

        future.add_done_callback(tell)


class _Count:
    """Counts replicates over all batches of a comparison and tells the page."""

    def __init__(self, worker: Worker, job: str, total: int) -> None:
        self._worker, self._job, self._total = worker, job, total
        self._before = self._last = self._batch = 0
        self._begun = time.monotonic()

    def __call__(self, at: Any) -> None:
        if at.finished < self._last:
            self._before += self._batch
        self._last, self._batch = at.finished, at.total or 0
        done = self._before + at.finished
        seconds = time.monotonic() - self._begun
        left = seconds / done * (self._total - done) if done else None
        self._worker.tell(job=self._job, done=done, left=left)


class _Drawer:
    """Draws the newest answer while the next replicates run; those that came in between are passed over."""

    def __init__(self, worker: Worker, job: str, folder: Path, changed: dict[str, Any]) -> None:
        self._worker, self._job, self._folder, self._changed = worker, job, folder, changed
        self._newest: Pooled | None = None
        self._thread = ThreadPoolExecutor(1)

    def show(self, found: Pooled) -> None:
        """Take an answer."""
        self._newest = found
        self._thread.submit(self._draw, found)

    def end(self) -> None:
        """Wait until the last answer is drawn."""
        self._thread.shutdown()

    def _draw(self, found: Pooled) -> None:
        from coworksim.app.answer import answer, write_charts
        from coworksim.runs.worker import described

        if found is not self._newest:
            return
        name = f"charts-{found.replicates}"
        try:
            told = answer(found.appraisal, self._changed)
            self._worker.tell(job=self._job, answer=told, charts="")
            write_charts(found.appraisal, self._folder / name)
            self._worker.tell(job=self._job, answer=told, charts=name)
        except Exception as trouble:
            self._worker.tell(job=self._job, note=described(trouble))


def warm_model() -> None:
    """Load model and compiled rules into this process by a world of a few weeks."""
    from coworksim.appraisal.replicate import payload, work
    from coworksim.files.load import load_scenario

    scenario = load_scenario(
        "tiny", {"burn_in_weeks": 2, "weeks": 10}, policies=("subsidy-50", "training-vouchers"), quiet=True
    )
    work(payload(scenario, [scenario.policies], 1, 0))


def warm_charts() -> None:
    """Load what draws and counts."""
    for module in ("app.answer", "appraisal.comparison"):
        import_module(f"coworksim.{module}")
    from coworksim.report.charts.style import applied, headings, paper, save_chart

    with applied(), tempfile.TemporaryDirectory() as folder:
        figure = paper(4.0, 2.0)
        headings(figure, "ready", "ready", "ready")
        save_chart(figure, Path(folder, "ready.svg"), title="ready")


def main() -> None:
    """Work until standard input ends."""
    # Whatever else prints must not come between the messages.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(out, max(1, min(2, os.cpu_count() or 1)))
    threading.Thread(target=worker.listen, args=(sys.stdin,), daemon=True).start()
    worker.begin()
    worker.work()


if __name__ == "__main__":
    main()
