"""``python -m benchmarks.threads [SCENARIO] [--weeks N] [--turns N]``: one thread against two and four, in turn.

Wall and processor time of the weeks, recorded as a run does; making the world and loading compiled code do not count.
The digest must be the same. What counts is the ratio within a turn, on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import time
from typing import NamedTuple

from coworksim.files.load import load_scenario
from coworksim.model.model import CoworkingModel
from coworksim.model.recorder import Recorder
from coworksim.model.scenario import Scenario
from coworksim.runs.simulation import Result

__all__ = ["Turn", "turn"]


class Turn(NamedTuple):
    """What one run took."""

    threads: int
    wall: float
    processor: float
    digest: str


def turn(scenario: Scenario, threads: int) -> Turn:
    """Live through a scenario on so many threads."""
    model, total = CoworkingModel(scenario, collect=False), scenario.burn_in_weeks + scenario.weeks
    recorder = Recorder(model.world, total)
    with model.side_by_side(threads):
        wall, processor = time.perf_counter(), time.process_time()
        for _ in range(total):
            model.step()
            recorder.record(model.world)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return Turn(threads, wall, processor, Result(scenario, scenario.seed, 0, wall, model, recorder, None).digest)


def main() -> None:
    """Measure, and print a line for each run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threads", description="One thread against several.")
    parser.add_argument("scenario", nargs="?", default="uk-74-regions")
    parser.add_argument("--weeks", type=int, help="weeks of burn-in, and after the opening; otherwise the scenario's")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument(
        "--threads", type=int, nargs="+", default=[1, 2], help="the first is what others are set beside"
    )
    options = parser.parse_args()
    weeks = {} if options.weeks is None else {"burn_in_weeks": options.weeks, "weeks": options.weeks}
    scenario = load_scenario(options.scenario, overrides=weeks)
    turn(scenario.model_copy(update={"burn_in_weeks": 6, "weeks": 9}), 1)  # compiled code is loaded
    for number in range(options.turns):
        runs = [turn(scenario, threads) for threads in options.threads]
        for run in runs:
            print(
                f"turn {number + 1}, {run.threads} threads: {run.wall:.2f} s ({run.wall / runs[0].wall:.2f}), "
                f"processor {run.processor:.2f} s ({run.processor / runs[0].processor:.2f}), digest {run.digest[:12]}"
            )
        if len({run.digest for run in runs}) > 1:
            raise SystemExit("the digests differ")


if __name__ == "__main__":
    main()
