"""What single runs may do to their workers without harm to others. Each test first shows that the fault struck."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from coworksim.files.errors import RunnerError
from coworksim.runs.run import Progress, Run
from tests.runs.test_runner import Kept
from tests.runs.work import having, run_all, runs, task, traces

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def _times(trace: Path, number: int) -> int:
    """How often a run was begun."""
    return sum(int(line[0]) == number for line in traces(trace))


def _all_but(kept: Kept, number: int, count: int) -> bool:
    """Whether every other run of a batch is done, and right."""
    return all(
        kept.outcomes[f"run-{x:06}"].values == {"square": x**2, "half": x / 2} for x in range(count) if x != number
    )


@pytest.mark.slow
def test_a_worker_killed_from_outside_costs_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coworksim.runs.runner._SHOW", 0.0)  # it is told of each run that ends
    kept, trace, struck = Kept(), tmp_path / "trace", list[int]()

    def kill(at: Progress) -> None:
        if at.done >= 5 and not struck:
            struck.append(int(traces(trace)[-1][1]))
            os.kill(struck[0], signal.SIGKILL)

    summary = run_all(runs(80, sleep=0.03, trace=str(trace)), task, store=kept, progress=kill)
    assert struck
    assert not psutil.pid_exists(struck[0])
    assert summary.restarts == 1
    assert (summary.done, summary.failed) == (80, 0)
    assert _all_but(kept, -1, 80)


@pytest.mark.slow
@pytest.mark.parametrize(("do", "how"), [("die", "SIGKILL"), ("exit", "exit code 3")])
def test_a_run_that_always_ends_its_process_fails_alone(do: str, how: str, tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    batch = having(runs(30, sleep=0.01, trace=str(trace)), 11, do=do)
    summary = run_all(batch, task, store=kept)
    assert _times(trace, 11) >= 2
    assert (summary.done, summary.failed) == (29, 1)
    assert kept.outcomes["run-000011"].error == f"WorkerEnded: its process ended ({how})"
    assert _all_but(kept, 11, 30)


@pytest.mark.slow
def test_two_runs_that_end_their_process_do_not_hide_behind_each_other() -> None:
    kept = Kept()
    summary = run_all(having(having(runs(12, sleep=0.01), 4, do="die"), 5, do="die"), task, store=kept)
    assert (summary.done, summary.failed) == (10, 2)
    assert {x for x in range(12) if kept.outcomes[f"run-{x:06}"].status == "failed"} == {4, 5}


@pytest.mark.slow
def test_a_run_that_ends_its_process_once_is_done_in_the_end(tmp_path: Path) -> None:
    kept, mark = Kept(), tmp_path / "mark"
    summary = run_all(having(runs(12, sleep=0.01), 4, do="die once", mark=str(mark)), task, store=kept)
    assert mark.exists()
    assert summary.restarts == 1
    assert (summary.done, summary.failed) == (12, 0)


@pytest.mark.slow
def test_a_run_that_raises_fails_with_kind_and_message(tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    summary = run_all(having(runs(30, trace=str(trace)), 11, do="raise"), task, store=kept)
    assert _times(trace, 11) == 2
    assert (summary.done, summary.failed, summary.restarts) == (29, 1, 0)
    assert kept.outcomes["run-000011"].error == "ValueError: no desks left"
    assert _all_but(kept, 11, 30)


@pytest.mark.slow
def test_a_run_that_hangs_is_ended_from_outside(tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    summary = run_all(having(runs(12, trace=str(trace)), 5, do="hang"), task, store=kept, deadline_seconds=0.3)
    assert _times(trace, 5) == 2  # it hung twice, and did not come to its end, for which it would be done
    assert (summary.done, summary.failed, summary.restarts) == (11, 1, 2)
    assert kept.outcomes["run-000005"].error == "DeadlineError: hung; ended from outside after 0.3 s"
    assert _all_but(kept, 5, 12)
    assert not any(psutil.pid_exists(int(pid)) for _, pid, _ in traces(trace))


@pytest.mark.slow
def test_a_run_that_asks_for_its_deadline_ends_in_good_order(tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    summary = run_all(having(runs(12, trace=str(trace)), 5, do="overrun"), task, store=kept, deadline_seconds=0.2)
    assert _times(trace, 5) == 2
    assert (summary.done, summary.failed, summary.restarts) == (11, 1, 0)
    assert kept.outcomes["run-000005"].error == "DeadlineError: not finished after 0.2 s"


@pytest.mark.slow
def test_a_run_that_eats_memory_is_ended(tmp_path: Path) -> None:
    kept, trace = Kept(), tmp_path / "trace"
    summary = run_all(having(runs(12, trace=str(trace)), 5, do="eat"), task, store=kept, memory_limit_mb=400)
    assert _times(trace, 5) == 2
    assert (summary.done, summary.failed, summary.restarts) == (11, 1, 2)
    assert kept.outcomes["run-000005"].error == "MemoryLimit: its worker held more than 400 MB"
    assert _all_but(kept, 5, 12)


@pytest.mark.slow
def test_jumps_of_the_clock_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, -(10**12), -(10**6)))
    monkeypatch.setattr(time, "time", lambda: float(next(now)))
    assert time.time() > time.time() + 5e5  # back by eleven days at each look
    kept = Kept()
    summary = run_all(runs(40, sleep=0.01), task, store=kept, deadline_seconds=5, memory_limit_mb=2000)
    assert (summary.done, summary.failed, summary.restarts) == (40, 0, 0)
    assert 0 < summary.seconds < 10**5  # a jump is of 10**6


@pytest.mark.slow
def test_an_engine_that_cannot_be_watched_is_made_anew_too() -> None:
    kept = Kept()
    batch = having(runs(12, sleep=0.01), 4, do="die")
    engine = partial(ProcessPoolExecutor, 2, mp_context=get_context("spawn"))
    summary = run_all(batch, task, store=kept, executor=engine, in_flight=2)
    assert (summary.done, summary.failed) == (11, 1)
    assert summary.restarts == 3
    assert kept.outcomes["run-000004"].error == "WorkerEnded: its process ended (the engine broke)"
    assert _all_but(kept, 4, 12)


@pytest.mark.slow
def test_a_second_ctrl_c_ends_even_what_hangs(tmp_path: Path) -> None:
    kept, trace, sent = Kept(), tmp_path / "trace", list[bool]()

    def interrupt(at: Progress) -> None:
        if at.done >= 5:
            sent.append(at.stopping)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_all(having(runs(12, trace=str(trace)), 0, do="hang"), task, store=kept, progress=interrupt)
    assert sent == [False, True]
    assert len(kept.outcomes) >= 5
    assert "run-000000" not in kept.outcomes, "somebody waited for what hangs"
    assert not any(psutil.pid_exists(int(pid)) for _, pid, _ in traces(trace))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _cannot_be_sent(run: Run) -> Run:
    return Run(run.run_id, run.number, {**run.payload, "sleep": lambda: None})


@pytest.mark.slow
def test_a_payload_that_cannot_be_sent_fails_and_the_rest_is_done() -> None:
    kept = Kept()
    batch = runs(8)
    summary: Progress = run_all([*batch[:3], _cannot_be_sent(batch[3]), *batch[4:]], task, store=kept)
    assert (summary.done, summary.failed) == (7, 1)
    assert "pickle" in kept.outcomes["run-000003"].error.lower()


@pytest.mark.slow
def test_workers_that_cannot_begin_end_the_batch_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coworksim.runs.engines.begin_worker", os._exit)
    with pytest.raises(RunnerError, match="workers ended 3 times before they began a run"):
        run_all(runs(3), task)
