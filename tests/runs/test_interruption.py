"""Signals that end a batch: what is in flight is finished and saved, whoever asks; the first part comes soon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coworksim.runs.batch import RunCache
from coworksim.runs.coordination import SIGNALS, exit_code, signals_set
from coworksim.runs.engines import Inline
from coworksim.runs.run import Outcome, Run
from coworksim.runs.stored_runs import StoredRuns
from tests.runs.coordinate import started
from tests.runs.test_coordinator_faults import COUNT, _saved, _wait_for
from tests.runs.test_store import open_store
from tests.runs.work import run_all, task, traces

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def _as_usual() -> Iterator[None]:
    """Let signals do what they usually do, in children too, also where nohup has one ignored."""
    before = {number: signal.signal(number, usual) for number, usual in SIGNALS.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_is_noted_and_the_second_ends_at_once(number: int) -> None:
    before, stop = signal.getsignal(number), threading.Event()
    with signals_set(stop):
        os.kill(os.getpid(), number)
        assert stop.is_set()
        with signals_set(threading.Event()), pytest.raises(KeyboardInterrupt):  # whoever came first keeps it
            os.kill(os.getpid(), number)
    assert exit_code() == 128 + number
    assert signal.getsignal(number) is before


def test_a_signal_that_is_to_be_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_set(threading.Event()):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "group"), [(signal.SIGTERM, False), (signal.SIGHUP, True), (signal.SIGTERM, True)])
def test_a_batch_that_is_told_to_end_saves_and_goes_on_later(number: int, group: bool, tmp_path: Path) -> None:
    """By ``kill``, by a terminal that closes (all processes), and by a scheduler (workers end then, and are not waited
    for)."""
    folder, trace = tmp_path / "study", tmp_path / "trace"
    with started(folder, trace, COUNT) as process:
        _wait_for(lambda: trace.exists() and len(traces(trace)) >= 15)
        (os.killpg if group else os.kill)(process.pid, number)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number, errors
    assert "Traceback" not in errors
    begun, saved = {f"run-{int(x):06}" for x, *_ in traces(trace)}, _saved(folder)
    lost = begun - saved
    assert len(lost) <= (100 if group and number == signal.SIGTERM else 0)  # two chunks of runs in hand
    assert 0 < len(saved) < COUNT
    assert out.splitlines()[-1] == f"ends with {len(saved)}"
    assert not (folder / "lock").exists()
    with started(folder, trace, COUNT) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(_saved(folder)) == COUNT
    assert len(traces(trace)) == COUNT + len(lost)  # nothing that was saved is run again


def _parts(folder: Path) -> int:
    return len(list((folder / "parts").glob("*.json")))


@pytest.mark.slow
@pytest.mark.parametrize("engine", [Inline, None], ids=["in this process", "workers"])
def test_the_first_part_is_there_before_a_second_run_ends(engine: type[Inline] | None, tmp_path: Path) -> None:
    """However long it takes: here until the part is there. How many seconds that are, the next test tells."""
    folder, trace = tmp_path / "study", tmp_path / "trace"
    long = {"x": 1, "place": str(folder / "parts"), "trace": str(trace)}
    batch = [Run("short", 0, {"x": 0, "sleep": 1.1}), Run("long", 1, long)]
    with open_store(folder, part_runs=200) as store:
        summary = run_all(batch, task, store=store, executor=engine, workers=1)
    assert (summary.done, summary.failed) == (2, 0)
    assert len(traces(trace)) == 1, "it waited in vain, and was tried again"
    assert _parts(folder) == 2


def test_many_short_runs_wait_for_three_seconds_and_later_parts_for_thirty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with open_store(tmp_path / "study", part_runs=200) as store:
        start = now[0]
        for at, (seconds, parts) in enumerate([(0.0, 0), (2.9, 0), (3.1, 1), (6.0, 1), (35.9, 1), (36.1, 2)]):
            now[0] = start + seconds
            store.add(Run(f"run-{at}", at, {}), Outcome(f"run-{at}", "done", {"x": 1.0}, seconds=0.5))
            assert _parts(tmp_path / "study") == parts, seconds
    assert StoredRuns(tmp_path / "study").runs().num_rows == 6


def test_what_is_noted_beside_a_search_is_there_soon_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with RunCache(tmp_path / "notes") as notes:
        notes.add(Run("one", 0, {}), Outcome("one", "done", {"x": 1.0}, seconds=0.5))
        assert _parts(tmp_path / "notes") == 0
        now[0] += 4.9
        notes.tick()  # as the engine does while the next run takes long
        assert _parts(tmp_path / "notes") == 1


COMMAND = """
import os, signal, sys
import coworksim.runs.outcomes as measures
from coworksim.cli import main
plain = measures.measure
def struck(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    return plain(*arguments)
measures.measure = struck
main()
"""


@pytest.mark.slow
def test_a_command_that_is_terminated_says_how_to_go_on_and_ends_with_143(tmp_path: Path) -> None:
    import coworksim

    environment = {**os.environ, "PYTHONPATH": str(Path(coworksim.__file__).parents[1])}
    arguments = ["sweep", "tiny", "--vary", "space.price", "--replicates", "2", "--workers", "1"]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 143, done.stderr
    assert "Stopped. 1 of 8 runs are done (7 missing); they are saved in results/sweep-tiny-" in done.stderr
    assert "Go on with: coworksim sweep tiny" in done.stderr
    assert "Traceback" not in done.stderr
