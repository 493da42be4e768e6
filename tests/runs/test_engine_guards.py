"""Guards of the engine, without processes of their own: what is saved when, signals, locks, what is tried again."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from coworksim.files.errors import BusyError, StoreError
from coworksim.runs import parts, worker
from coworksim.runs.batch import Cell, run_in_folder
from coworksim.runs.coordination import SIGNALS, Lock
from coworksim.runs.engines import Inline
from coworksim.runs.run import Limits, Outcome, Run
from coworksim.runs.stored_runs import StoredRuns
from tests.runs.test_store import filled, open_store
from tests.runs.work import run_all, runs, task

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


class Sink:
    """Takes outcomes and notes what it is asked."""

    def __init__(self, ticked: Callable[[], None] = lambda: None) -> None:
        self.asked: list[str] = []
        self.tick = ticked

    def holds(self, run_id: str) -> bool:
        return False

    def add(self, run: Run, outcome: Outcome) -> None:
        self.asked.append(f"add {run.number}")

    def flush(self) -> None:
        self.asked.append("flush")


# --- what is saved when


def test_while_a_run_takes_long_the_store_is_asked_whether_it_is_time_to_save() -> None:
    """The run here ends when the store has been asked, or in vain after a while."""
    flights: list[tuple[Future[Any], tuple[Run, ...]]] = []
    how: list[str] = []

    def end(why: str) -> None:
        if flights and not how:
            how.append(why)
            future, chunk = flights[0]
            future.set_result([Outcome(run.run_id, "done", {"x": 1.0}) for run in chunk])

    class Slow(Executor):
        def submit[**P, T](self, task: Any, /, *args: Any, **named: Any) -> Future[Any]:
            flights.append((Future(), args[1]))
            return flights[0][0]

    timer = threading.Timer(10.0, end, ["in vain"])
    timer.start()
    run_all(runs(1), task, store=Sink(lambda: end("asked")), executor=Slow)
    timer.cancel()
    assert how == ["asked"]


def test_in_one_process_a_run_is_handed_over_before_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coworksim.runs.runner._CHUNK_SECONDS", 0.0)  # or short runs would go together
    sink = Sink()

    def measure(payload: Any) -> dict[str, float]:
        sink.asked.append(f"run {payload['x']}")
        return {"x": 1.0}

    measure.__qualname__ = "measure"
    run_all(runs(3), measure, store=sink, executor=Inline)
    assert sink.asked == ["run 0", "add 0", "run 1", "add 1", "run 2", "add 2", "flush"]


def test_what_waits_is_saved_when_a_second_signal_ends_a_batch_at_once() -> None:
    sink = Sink()

    def struck(payload: Any) -> dict[str, float]:
        raise KeyboardInterrupt

    struck.__qualname__ = "struck"
    with pytest.raises(KeyboardInterrupt):
        run_all(runs(1), struck, store=sink, executor=Inline)
    assert sink.asked[-1] == "flush"


@pytest.mark.parametrize(("patience", "done"), [(3600.0, 3), (-1.0, 1)])
def test_runs_that_go_together_are_all_done_unless_they_take_long(
    patience: float, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coworksim.runs.worker._CHUNK_SECONDS", patience)
    assert [one.status for one in worker.carry_out(task, runs(3), None)] == ["done"] * done


@pytest.mark.parametrize(("seconds", "there"), [(0.99, False), (1.0, True), (60.0, True)])
def test_a_first_run_of_a_second_or_more_is_saved_at_once(seconds: float, there: bool, tmp_path: Path) -> None:
    with open_store(tmp_path / "study", part_runs=200) as store:
        store.add(Run("one", 0, {}), Outcome("one", "done", {"x": 1.0}, seconds=seconds))
        assert any((tmp_path / "study" / "parts").iterdir()) is there


# --- signals


@posix
def test_ctrl_c_a_scheduler_and_a_terminal_that_closes_are_heard() -> None:
    assert set(SIGNALS) == {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@posix
def test_a_worker_leaves_to_the_coordinator_what_a_terminal_sends_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", left.__setitem__)
    monkeypatch.setattr(worker._Board, "file", None)
    worker.begin_worker(str(tmp_path))
    assert worker._Board.file is not None
    worker._Board.file.close()
    assert left == {signal.SIGINT: signal.SIG_IGN, signal.SIGHUP: signal.SIG_IGN}  # SIGTERM ends it: kill means one


# --- the folder


@pytest.mark.parametrize("layout", [1, 3])
def test_a_folder_of_an_older_or_a_newer_layout_is_refused_by_writers_and_readers(layout: int, tmp_path: Path) -> None:
    folder = filled(tmp_path / "study", runs(2)).folder
    path = folder / "manifest.json"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('"layout": 2', f'"layout": {layout}'), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    for opened in (open_store, StoredRuns):
        with pytest.raises(StoreError, match="in the layout of another version of coworksim; give another folder"):
            opened(folder)


def test_a_folder_is_locked_until_the_last_of_it_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, write, seen = tmp_path / "study", parts.write_part, list[str]()

    def watched(*given: Any) -> Any:
        with pytest.raises(BusyError):
            Lock(folder)
        seen.append("locked")
        return write(*given)

    monkeypatch.setattr("coworksim.runs.store.write_part", watched)
    with open_store(folder) as store:
        store.add(Run("one", 0, {}), Outcome("one", "done", {"x": 1.0}))
    assert seen == ["locked"]
    Lock(folder).release()


# --- what is tried again


def test_failed_runs_of_any_batch_in_a_folder_are_tried_again_when_asked(tmp_path: Path) -> None:
    tried: list[str] = []

    def measure(payload: Any) -> dict[str, float]:
        tried.append(payload["name"])
        if payload["name"] == "ill" and len(tried) < 4:
            raise ValueError("no desks left")
        return {"x": 1.0}

    measure.__qualname__ = "measure"
    cells = [Cell(Run(name, number, {"name": name})) for number, name in enumerate(("well", "ill"))]
    given: Any = {"study": "5" * 64, "code": "c" * 64, "about": {"purpose": "test"}}

    def status(*, retry: bool = False) -> list[str]:
        limits = Limits(executor=Inline, retry=retry)
        found, _ = run_in_folder(cells, measure, tmp_path / "runs", limits, **given)
        return list(found.runs["status"])

    assert status() == ["done", "failed"]
    assert tried == ["well", "ill", "ill"]  # a run has two tries
    assert status() == ["done", "failed"]
    assert len(tried) == 3
    assert status(retry=True) == ["done", "done"]
    assert tried == ["well", "ill", "ill", "ill"]
