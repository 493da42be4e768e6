"""What somebody waits for, each beside something plain that is timed in turn with it: only ratios mean anything."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import httpx
import pyarrow as pa
import pyarrow.parquet as pq

from coworksim import load_scenario, simulate
from coworksim.appraisal.comparison import compare
from coworksim.appraisal.result import Appraisal
from coworksim.runs import parts
from coworksim.runs.run import Outcome, Run
from coworksim.runs.runner import run_all
from coworksim.runs.store import RunStore
from coworksim.runs.stored_runs import StoredRuns
from tests.app.desks import Server
from tests.appraisal.worlds import easy, scheme
from tests.runs.work import runs, task

__all__ = ["Wait", "waiting"]

WEEKS = 156
RUNS_IN_A_PART = 200


class Wait(NamedTuple):
    """Seconds that something takes and that what is beside it takes, and how often the one is the other."""

    what: str
    seconds: float
    beside: str
    ratio: float


class Kept:
    """Keeps outcomes in memory, with the time at which each came."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.times: list[float] = []

    def holds(self, run_id: str) -> bool:
        """Nothing is held from before."""
        return False

    def add(self, run: Run, outcome: Outcome) -> None:
        """Note when an outcome comes."""
        self.times.append(time.perf_counter())

    def tick(self) -> None:
        """Nothing is ever written."""

    def flush(self) -> None:
        """Nothing is ever written."""


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _beside(what: str, one: Callable[[], object], beside: str, other: Callable[[], object], times: int = 5) -> Wait:
    """Time two actions in turn, after each was done once; the ratio is the median of those of the pairs."""
    one()
    other()
    pairs = [(_seconds(one), _seconds(other)) for _ in range(times)]
    median = statistics.median(mine for mine, _ in pairs)
    return Wait(what, median, beside, statistics.median(mine / bare for mine, bare in pairs))


def _help() -> Wait:
    def python(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)

    listed = python("import sys; sys.argv[1:] = ['--help']; from coworksim.cli import main; main()")
    return _beside("coworksim --help", listed, "Python that imports click", python("import click"))


def _loading() -> Wait:
    tiny = load_scenario("tiny")
    return _beside(
        "loading a scenario with another seed",
        lambda: load_scenario("tiny", {"seed": 7}),
        "simulating it",
        lambda: simulate(tiny),
    )


def _store(folder: Path, runs_held: int) -> Wait:
    with RunStore(folder, study="5" * 64, code="c" * 64):
        pass
    values = pa.array([math.sin(k) for k in range(RUNS_IN_A_PART * WEEKS)])
    for number in range(runs_held // RUNS_IN_A_PART):
        held = [RUNS_IN_A_PART * number + run for run in range(RUNS_IN_A_PART) for _ in range(WEEKS)]
        ids, week = pa.array([f"{run:064}" for run in held]), pa.array(list(range(WEEKS)) * RUNS_IN_A_PART, pa.int64())
        columns = {f"v{k}": values for k in range(4)}
        table = pa.table({"run_id": ids, "number": pa.array(held, pa.int64()), "week": week, **columns})
        parts.write_part(folder, number, {"series": table})
    names = ["number", "week", "v1"]
    return _beside(
        f"one series of {runs_held:,} runs of {WEEKS} weeks",
        lambda: StoredRuns(folder).series(names[1:]),
        "the same columns read by pyarrow alone",
        lambda: pq.read_table(folder / "series", columns=names),
    )


def _runner(count: int) -> tuple[Wait, Wait]:
    def bare() -> None:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            list(pool.map(task, [run.payload for run in runs(count)]))

    idle = _beside(
        f"{count:,} runs that do nothing",
        lambda: run_all(runs(count), task, store=Kept()),
        "the same through a bare pool of two processes",
        bare,
        times=3,
    )
    kept = Kept()
    run_all(runs(60, sleep=0.05), task, store=kept)
    took = kept.times[-1] - kept.times[-41]
    return idle, Wait("40 runs of 50 ms each", took, "what two workers need that never wait", took / (40 * 0.05 / 2))


def _report(folder: Path, found: Appraisal) -> Wait:
    found.save(folder, command=["coworksim", "compare"], charts=False)
    return _beside(
        "the report of a comparison",
        lambda: Appraisal.load(folder).report(),
        "the comparison of three worlds",
        lambda: compare(easy(), {"half": [scheme()]}, replicates=3, workers=1),
    )


def _page(times: int = 30) -> Wait:
    """Answers of the page while a comparison runs, beside its answers at rest."""
    server = Server()
    server.start()
    try:
        with httpx.Client(base_url=server.home, headers={"origin": server.home}, timeout=60) as page:
            page.get(server.address)
            rest = [_seconds(lambda: page.get("/")) for _ in range(times)]
            assert page.post("/compare", data={"seed": "5", "replicates": "200"}).status_code == 303
            busy = [_seconds(lambda: page.get("/")) for _ in range(times)]
    finally:
        server.end()
    at_rest, at_work = statistics.median(rest), statistics.median(busy)
    return Wait("a page while a comparison runs", at_work, "the same page at rest", at_work / at_rest)


def waiting(quick: bool = False) -> list[Wait]:
    """Time all of it; ``quick`` does so with a tenth of the runs."""
    few = 10 if quick else 1
    with tempfile.TemporaryDirectory() as name:
        series = _store(Path(name) / "study", 20_000 // few)
        folder = Path(name) / "comparison"
        folder.mkdir()
        told = _report(folder, compare(easy(), {"half": [scheme()]}, replicates=3, workers=1))
    return [_help(), _loading(), series, *_runner(1200 // few), told, _page()]
