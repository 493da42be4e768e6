"""What each phase of the week costs."""

from __future__ import annotations

import time

from benchmarks.worlds import bench_scenario
from coworksim.model.model import CoworkingModel
from coworksim.model.recorder import Recorder

__all__ = ["by_mechanism"]


def by_mechanism(workers: int, settle: int = 52, weeks: int = 20) -> dict[str, float]:
    """Return microseconds per worker-week of every phase, of the recorder, and of all together."""
    model = CoworkingModel(bench_scenario(workers))
    model.run_for(settle)
    world, recorder = model.world, Recorder(model.world, weeks)
    Recorder(world, 1).record(world)  # compiled code is loaded before the clock starts
    spent = dict.fromkeys([*(phase.name for phase in model.phases), "end of the week", "recorder"], 0.0)
    for _ in range(weeks):
        world.begin_week()
        for phase in model.phases:
            begun = time.process_time()
            phase.step(world)
            spent[phase.name] += time.process_time() - begun
        begun = time.process_time()
        world.end_week()
        spent["end of the week"] += time.process_time() - begun
        begun = time.process_time()
        recorder.record(world)
        spent["recorder"] += time.process_time() - begun
    spent["all"] = sum(spent.values())
    return {name: 1e6 * seconds / (workers * weeks) for name, seconds in spent.items()}
