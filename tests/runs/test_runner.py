"""Batches of runs that behave: every run once, whatever the engine, with little overhead."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coworksim.files.errors import RunnerError
from coworksim.runs import runner
from coworksim.runs.engines import Inline, WatchedPool
from coworksim.runs.progress import reporter
from coworksim.runs.run import Outcome, Progress, Run
from coworksim.runs.worker import check_deadline, one_run
from tests.runs.work import having, run_all, runs, task, traces


class Kept:
    """Keeps outcomes in memory."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.saved = 0

    def holds(self, run_id: str) -> bool:
        return run_id in self.outcomes

    def add(self, run: Run, outcome: Outcome) -> None:
        assert run.run_id == outcome.run_id
        assert run.run_id not in self.outcomes
        self.outcomes[run.run_id] = outcome

    def tick(self) -> None:
        pass

    def flush(self) -> None:
        self.saved = len(self.outcomes)


ENGINES: dict[str, Callable[[], Executor] | None] = {
    "usual": None,
    "in this process": Inline,
    "threads": lambda: ThreadPoolExecutor(3),
}


@pytest.mark.slow
@pytest.mark.parametrize("engine", list(ENGINES))
def test_every_run_is_done_once_by_any_engine(engine: str, tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    batch = runs(40, weeks=2, trace=str(trace))
    summary = run_all(batch, task, executor=ENGINES[engine], store=kept)
    assert (summary.done, summary.failed, summary.invalid, summary.stopping, summary.total) == (40, 0, 0, False, 40)
    assert sorted(int(line[0]) for line in traces(trace)) == list(range(40))
    for run in batch:
        found = kept.outcomes[run.run_id]
        assert found.values == {"square": float(run.number) ** 2, "half": run.number / 2}
        assert found.series["skill"].to_pylist() == [run.number, run.number + 1 / 7]


def test_workers_have_one_thread_each_and_the_parent_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    with WatchedPool(1) as pool:
        assert [pool.submit(os.getenv, f"{name}_NUM_THREADS").result() for name in ("NUMBA", "OMP")] == ["1", "1"]
    assert (os.environ["OMP_NUM_THREADS"], os.environ.get("NUMBA_NUM_THREADS")) == ("7", None)


class Lossy(ThreadPoolExecutor):
    """Cannot bring back a chunk with run 30 in it, as an engine whose worker that run ends each time."""

    def submit(self, task: Any, /, *args: Any, **named: Any) -> Future[Any]:
        if any(run.number == 30 for run in args[1]):
            lost: Future[Any] = Future()
            lost.set_exception(OSError("a worker is lost"))
            return lost
        return super().submit(task, *args, **named)


def test_an_engine_that_loses_a_chunk_costs_no_neighbour() -> None:
    kept = Kept()
    summary = run_all(runs(60), task, store=kept, executor=lambda: Lossy(1))
    assert (summary.done, summary.failed) == (59, 1)
    assert kept.outcomes["run-000030"].error == "OSError: a worker is lost"


def test_runs_are_taken_as_they_are_needed() -> None:
    """Memory does not grow with the number of runs: the list of runs is never ahead by more than the window."""
    kept, ahead = Kept(), []

    def endless() -> Iterator[Run]:
        for run in runs(400):
            ahead.append(run.number - len(kept.outcomes))
            yield run

    assert run_all(endless(), task, store=kept, executor=lambda: ThreadPoolExecutor(2), in_flight=3).done == 400
    assert max(ahead) <= 3 * runner._CHUNK_MOST


@pytest.mark.slow
def test_what_is_held_or_occurs_twice_is_not_run_again(tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    batch = runs(10, trace=str(trace))
    kept.outcomes["run-000003"] = Outcome("run-000003", "done")
    twin = Run("run-000004", 10, batch[4].payload)
    summary = run_all([*batch[:5], twin, *batch[5:]], task, store=kept)
    assert (summary.done, summary.skipped, summary.total) == (9, 2, 11)
    assert sorted(int(line[0]) for line in traces(trace)) == [0, 1, 2, 4, 5, 6, 7, 8, 9]


@pytest.mark.slow
def test_all_workers_are_used(tmp_path: Path) -> None:
    run_all(runs(60, sleep=0.05, trace=str(tmp_path / "trace")), task, store=Kept(), workers=2)
    shares = Counter(line[1] for line in traces(tmp_path / "trace"))
    assert len(shares) == 2
    assert min(shares.values()) >= 10


@pytest.mark.slow
def test_a_chunk_that_takes_long_leaves_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Short runs are followed by long ones: these are not done in one go, for which a stop would have to wait."""
    kept, stop, trace = Kept(), threading.Event(), tmp_path / "trace"
    batch = [*runs(200), *(Run(f"long-{n}", 200 + n, {"x": n, "sleep": 0.4, "trace": str(trace)}) for n in range(50))]

    def show(at: Progress) -> None:
        if trace.exists():
            stop.set()

    summary = run_all(batch, task, store=kept, progress=show, stop=stop)
    assert summary.stopping
    assert len(traces(trace)) == summary.done - 200 <= 10


@pytest.mark.slow
def test_a_stop_finishes_what_is_in_flight() -> None:
    kept, stop = Kept(), threading.Event()

    def show(at: Progress) -> None:
        if at.finished:
            stop.set()

    summary = run_all(runs(500, sleep=0.05), task, store=kept, stop=stop, progress=show, in_flight=4)
    assert summary.stopping
    assert 0 < summary.done == len(kept.outcomes) == kept.saved < 60


@pytest.mark.slow
def test_progress_is_told_in_plain_lines_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    batch = having(runs(30, sleep=0.02), 7, do="nan", value=float("nan"))
    run_all(iter(batch), task, progress=reporter(out, every=0), total=30)
    lines = out.getvalue().splitlines()
    assert lines[-1].startswith("30 of 30 runs, ")
    assert lines[-1].endswith(" 2 workers, 1 invalid")
    assert any("left" in line for line in lines)
    assert "\x1b" not in out.getvalue()


def test_series_may_be_a_data_frame() -> None:
    def work(payload: object) -> tuple[dict[str, float], pd.DataFrame]:
        return {"a": 1}, pd.DataFrame({"week": [0, 1], "kind": pd.Categorical(["x", "y"])})

    found = one_run(work, Run("a", 0, {}), None)
    assert (found.status, found.values, found.series.num_rows) == ("done", {"a": 1.0}, 2)


@pytest.mark.slow
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_an_outcome_that_is_not_finite_makes_the_run_invalid(value: float) -> None:
    kept = Kept()
    summary = run_all(having(runs(4), 2, do="nan", value=value), task, store=kept)
    assert (summary.done, summary.invalid) == (3, 1)
    odd = kept.outcomes["run-000002"]
    assert (odd.status, odd.error, odd.series) == ("invalid", f"half is {value}", None)


@pytest.mark.parametrize("found", [7, {"a": "many"}, {"a": None}, ({"a": 1}, "series")])
def test_what_is_no_outcome_is_a_failure(found: object) -> None:
    outcome = one_run(lambda _: found, Run("a", 0, {}), None)  # type: ignore[arg-type,return-value]  # wrong on purpose
    assert outcome.status == "failed"
    assert "Error: " in outcome.error


def test_a_deadline_holds_inside_a_run_only() -> None:
    check_deadline()
    found = one_run(task, Run("a", 0, {"x": 1, "do": "overrun"}), 0.05)
    assert (found.status, found.error) == ("failed", "DeadlineError: not finished after 0.05 s")
    check_deadline()


def test_what_cannot_work_is_refused_in_a_sentence() -> None:
    with pytest.raises(RunnerError, match="must be a function that a module defines by name"):
        run_all(runs(1), lambda _: {"a": 1.0})
    with pytest.raises(RunnerError, match="workers is 0; it must be above 0"):
        run_all(runs(1), task, workers=0)
    with pytest.raises(RunnerError, match="deadline_seconds is nan; it must be above 0"):
        run_all(runs(1), task, deadline_seconds=float("nan"))
