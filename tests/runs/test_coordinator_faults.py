"""Coordinators that are killed, interrupted or two at a time. Each test first shows that the fault struck."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from coworksim.files.errors import StoreError
from coworksim.runs.coordination import LOCK, Lock
from coworksim.runs.engines import Inline
from coworksim.runs.run import Outcome
from coworksim.runs.store import RunStore
from coworksim.runs.stored_runs import StoredRuns
from tests.runs.coordinate import STUDY, started
from tests.runs.work import run_all, runs, task, traces

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

COUNT = 200


def _wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.02)


def _saved(folder: Path) -> set[str]:
    """The runs that count as done at this moment."""
    return set(StoredRuns(folder).runs()["run_id"].to_pylist()) if (folder / "manifest.json").exists() else set()


def _serial_digest(folder: Path) -> str:
    with RunStore(folder, study=STUDY, code="c", part_runs=7) as store:
        run_all(runs(COUNT, weeks=3), task, store=store, executor=Inline)
    return store.stored().digest()


@pytest.mark.slow
def test_a_coordinator_killed_three_times_loses_nothing_that_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, trace = tmp_path / "study", tmp_path / "trace"
    saved: set[str] = set()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    for goes in (1, 2, 3):
        with started(folder, trace, COUNT) as process:
            _wait_for(lambda: len(list(folder.glob("parts/*.json"))) >= 2 * goes)  # noqa: B023  # asked at once
            process.kill()
            process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert (folder / LOCK).exists()  # nobody tidied up
        now = _saved(folder)
        assert saved < now
        assert len(now) < COUNT
        saved = now
        workers = {int(pid) for _, pid, _ in traces(trace)}
        _wait_for(lambda: not any(psutil.pid_exists(pid) for pid in workers))  # noqa: B023  # asked at once
    assert not list((tmp_path / "temporary").iterdir())
    before = trace.read_text(encoding="utf-8").count("\n")
    with started(folder, trace, COUNT) as process:
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert out.splitlines() == [f"begins with {len(saved)}", f"ends with {COUNT - len(saved)}"]
    assert len(traces(trace)) - before == COUNT - len(saved)
    assert StoredRuns(folder).runs()["number"].to_pylist() == list(range(COUNT))
    assert StoredRuns(folder).digest() == _serial_digest(tmp_path / "serial")
    assert not list(folder.rglob("*.tmp"))
    assert not (folder / LOCK).exists()


@pytest.mark.slow
def test_ctrl_c_finishes_what_is_in_flight_saves_and_ends_with_130(tmp_path: Path) -> None:
    folder, trace = tmp_path / "study", tmp_path / "trace"
    with started(folder, trace, COUNT) as process:
        _wait_for(lambda: trace.exists() and len(traces(trace)) >= 15)
        os.killpg(process.pid, signal.SIGINT)  # all of them, as a terminal does
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].endswith(", stopping")
    begun = {f"run-{int(number):06}" for number, *_ in traces(trace)}
    assert 15 <= len(begun) < COUNT
    assert _saved(folder) == begun  # what was begun was finished and saved
    assert out.splitlines()[-1] == f"ends with {len(begun)}"
    assert not (folder / LOCK).exists()
    with started(folder, trace, COUNT) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(traces(trace)) == COUNT  # nothing twice


@pytest.mark.slow
def test_a_second_coordinator_is_refused_while_the_first_goes_on(tmp_path: Path) -> None:
    folder, trace = tmp_path / "study", tmp_path / "trace"
    many = 4 * COUNT  # so that the first is still at work when the second has started, on a busy machine too
    with started(folder, trace, many) as first:
        _wait_for(lambda: trace.exists() and len(traces(trace)) >= 5)
        with started(folder, tmp_path / "other", many) as second:
            _, errors = second.communicate(timeout=30)
        assert first.poll() is None  # they were there at the same time
        assert second.returncode == 2
        assert errors.splitlines() == [
            f"{folder} is in use by process {first.pid}, which runs the same study; wait for its end, or stop it"
        ]
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert len(_saved(folder)) == many
    assert not (tmp_path / "other").exists()


def _left_behind(folder: Path, **changed: object) -> None:
    """A lock as a process leaves it behind that ends without warning."""
    lock = Lock(folder)
    content = (folder / LOCK).read_text(encoding="utf-8")
    lock.release()
    (folder / LOCK).write_text(json.dumps({**json.loads(content), **changed}), encoding="utf-8")


def test_the_number_of_a_dead_process_may_have_gone_to_another(tmp_path: Path) -> None:
    _left_behind(tmp_path, began=psutil.Process().create_time() - psutil.boot_time() - 3600)
    Lock(tmp_path).release()
    _left_behind(tmp_path, pid=2**22 + 1)
    Lock(tmp_path).release()


def test_a_live_process_keeps_its_lock_where_the_system_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coworksim.runs.coordination._locked", lambda handle: True)
    _left_behind(tmp_path)
    with pytest.raises(StoreError, match=f"in use by process {os.getpid()}"):
        Lock(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the start of a process does not move with the clock")
def test_a_live_process_keeps_its_lock_when_the_clock_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil._pslinux as linux

    monkeypatch.setattr("coworksim.runs.coordination._locked", lambda handle: True)
    _left_behind(tmp_path)
    started = linux.boot_time()
    monkeypatch.setattr(linux, "boot_time", lambda: started + 3600)  # as the system tells it after the clock was set
    with pytest.raises(StoreError, match=f"in use by process {os.getpid()}"):
        Lock(tmp_path)


def test_a_lock_of_another_machine_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _left_behind(tmp_path, pid=2**22 + 1, machine="elsewhere")
    with pytest.raises(StoreError, match=r"in use by a process of another machine; .* or remove .*lock when you know"):
        Lock(tmp_path)
    assert socket.gethostname() not in (tmp_path / LOCK).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"pid": "x"}'])
def test_a_lock_that_was_never_finished_is_taken_over(content: str, tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text(content, encoding="utf-8")
    Lock(tmp_path).release()
    assert not (tmp_path / LOCK).exists()


def test_a_lock_is_held_before_it_says_by_whom(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    (tmp_path / LOCK).write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="is in use by another process"):
        Lock(tmp_path)
    lock.release()


def test_a_lock_that_somebody_replaced_is_not_removed(tmp_path: Path) -> None:
    first = Lock(tmp_path)
    (tmp_path / LOCK).unlink()
    second = Lock(tmp_path)
    first.release()
    assert (tmp_path / LOCK).exists()
    second.release()
    assert not (tmp_path / LOCK).exists()


def test_a_lock_is_held_within_one_process_too(tmp_path: Path) -> None:
    with RunStore(tmp_path / "a", study=STUDY) as store:
        store.add(runs(1)[0], Outcome("run-000000", "done", {"a": 1.0}))
        with pytest.raises(StoreError, match="is in use by process"):
            RunStore(tmp_path / "a", study=STUDY)
    RunStore(tmp_path / "a", study=STUDY).close()
