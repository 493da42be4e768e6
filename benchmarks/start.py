"""How long it takes from nothing to the first simulated week, with kernels already compiled."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

__all__ = ["start_up"]

CODE = "from coworksim import CoworkingModel, load_scenario; CoworkingModel(load_scenario('tiny')).run_for(14)"


def start_up(times: int = 5) -> float:
    """Return the median seconds of fresh processes; one more runs first, so that every kernel is in the cache."""
    seconds = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", CODE], check=True)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds[1:])
