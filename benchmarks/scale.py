"""``python -m benchmarks.scale [--sizes N ...] [--to FILE]``: time and memory as the number of workers grows.

Every size is measured in a fresh process, so that its peak of memory is its own, and with kernels already loaded.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import coworksim
from coworksim.files.load import load_scenario
from coworksim.model.model import CoworkingModel
from coworksim.model.recorder import Recorder
from coworksim.model.scenario import Scenario

__all__ = ["Cost", "fresh", "measure", "page", "scale_scenario", "table"]

ROOT = Path(__file__).parents[1]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
REFERENCE = 10_000
BURN_IN_WEEKS, OPEN_WEEKS = 26, 52
#: Workers and spaces of a full region.
PEOPLE, SPACES = 62_500, 64


class Cost(NamedTuple):
    """What one size took."""

    workers: int
    seconds: float  # making the world and all its weeks
    peak_bytes: int  # of resident memory
    member_share: float  # in the last week
    ties: float  # per worker, in the last week

    @property
    def us(self) -> float:
        """Microseconds per worker-week."""
        return 1e6 * self.seconds / (self.workers * (BURN_IN_WEEKS + OPEN_WEEKS))


def scale_scenario(workers: int) -> Scenario:
    """Return a scenario of equal regions of at most PEOPLE workers, with as many spaces a worker in every size."""
    count = math.ceil(workers / PEOPLE)
    sizes = [workers * (k + 1) // count - workers * k // count for k in range(count)]
    regions = "\n".join(
        f"  - {{name: R{number}, like: other, people: {size}, spaces: {max(1, round(size * SPACES / PEOPLE))}}}"
        for number, size in enumerate(sizes)
    )
    text = f"burn_in_weeks: {BURN_IN_WEEKS}\nmarket: new\nweeks: {OPEN_WEEKS}\nregions:\n{regions}\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scale.yaml"
        file.write_text(f"# How do time and memory grow with workers?\ntitle: scale\nextends: uk-core\n{text}")
        return load_scenario(file)


def run(scenario: Scenario) -> CoworkingModel:
    """Live through every week of a scenario, recording as a run does."""
    model = CoworkingModel(scenario)
    weeks = scenario.burn_in_weeks + scenario.weeks
    recorder = Recorder(model.world, weeks)
    with model.side_by_side(1):
        for _ in range(weeks):
            model.step()
            recorder.record(model.world)
    return model


def measure(workers: int) -> Cost:
    """Measure one size in this process; its peak of memory is that of the whole process."""
    run(load_scenario("tiny"))  # compiled code is loaded before the clock starts
    begun = time.perf_counter()
    world = run(scale_scenario(workers)).world
    seconds = time.perf_counter() - begun
    unit = 1 if sys.platform == "darwin" else 1024
    peak = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    members = int((world.workers.member_of >= 0).sum())
    return Cost(workers, seconds, peak, members / workers, 2 * len(world.ties) / workers)


def fresh(workers: int) -> Cost:
    """Measure one size in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "--here", str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return Cost(*json.loads(done.stdout))


def table(rows: list[Cost]) -> str:
    """Return the sizes as a Markdown table; memory a worker is counted above the smallest world."""
    least = min(rows)
    at = {row.workers: row.us for row in rows}
    head = (
        "| workers | seconds | us per worker-week | against 10,000 | peak memory, MB | bytes a worker "
        "| member share | ties a worker |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    lines = ""
    for row in rows:
        ratio = f"{row.us / at[REFERENCE]:.2f}" if REFERENCE in at else ""
        more = row.workers - least.workers
        each = f"{(row.peak_bytes - least.peak_bytes) / more:,.0f}" if more else ""
        lines += (
            f"| {row.workers:,} | {row.seconds:.2f} | {row.us:.3f} | {ratio} | {row.peak_bytes / 1e6:,.0f} | {each} "
            f"| {row.member_share:.3f} | {row.ties:.1f} |\n"
        )
    return head + lines


def page(rows: list[Cost]) -> str:
    """Return the whole page."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        "# Scale\n\n"
        f"coworksim {coworksim.__version__}, Python {platform.python_version()}, {platform.machine()}, one thread, "
        f"a machine with {memory:.0f} GB.\n\n"
        f"Each size is one run in a fresh process: {BURN_IN_WEEKS} weeks of burn-in and {OPEN_WEEKS} weeks with open "
        f"spaces, weekly series recorded, one seed. Equal regions of at most {PEOPLE:,} workers, {SPACES} spaces to "
        f"{PEOPLE:,} (at least one each), otherwise as in `uk-core`. Seconds count making the world and every week, "
        "not starting Python and loading compiled code. Peak memory is that of the process; bytes a worker are what a "
        "size takes above the smallest in the table, by worker above it. The share of members and the ties a worker "
        "are those of the last week, to compare how busy the worlds are.\n\n"
        f"{table(rows)}"
    )


def main() -> None:
    """Measure the sizes asked for and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description="Time and memory by workers.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of workers")
    parser.add_argument("--to", type=Path, default=ROOT / "results" / "scale.md", metavar="FILE", help="the page")
    parser.add_argument("--here", type=int, metavar="N", help="measure one size in this process and print it")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.here)))
        return
    subprocess.run(
        [sys.executable, "-m", "coworksim", "warm"], check=True, capture_output=True
    )  # compiling takes memory
    rows = [fresh(workers) for workers in sorted(options.sizes)]
    options.to.write_text(page(rows))
    print(page(rows))
    print(f"Written to {options.to}.")


if __name__ == "__main__":
    main()
