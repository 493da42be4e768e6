"""``python -m benchmarks.compiling OTHER``: compiling and starting here beside another build, in turn.

``OTHER`` is a work tree of this project with a ``.venv`` of its own. Wall time depends on what else the machine does;
processor time, of all processes together, less so.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
WARM = "from coworksim.cli import commands; commands.main(['warm'])"
FIRST_WEEK = "from coworksim import load_scenario, simulate; simulate(load_scenario('tiny', {'weeks': 2}, quiet=True))"


class Took(NamedTuple):
    """Seconds."""

    wall: float
    processor: float


def took(tree: Path, code: str, cache: str) -> Took:
    """Run code by the Python of a tree, with a folder for compiled code."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command, environment = [str(tree / ".venv" / "bin" / "python"), "-c", code], os.environ | {"COWORKSIM_CACHE": cache}
    subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - begun, used)


def main(other: Path, times: int = 5) -> None:
    """Compile once in each tree, then start each some times, in turn."""
    trees = (other, ROOT)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        caches = (one, two)
        rows = {"compiling from nothing": [[took(*pair)] for pair in zip(trees, (WARM, WARM), caches, strict=True)]}
        for name, code in (("the same from a kept cache", WARM), ("start to the first simulated weeks", FIRST_WEEK)):
            pairs = [[took(tree, code, cache) for tree, cache in zip(trees, caches, strict=True)] for _ in range(times)]
            rows[name] = [list(seen) for seen in zip(*pairs, strict=True)]
    print("| what | before, s (wall; processor) | now, s | ratio (wall; processor) |\n|---|--:|--:|--:|")
    for name, seen in rows.items():
        (w0, p0), (w1, p1) = ((statistics.median(one) for one in zip(*build, strict=True)) for build in seen)
        print(f"| {name} | {w0:.2f}; {p0:.2f} | {w1:.2f}; {p1:.2f} | {w1 / w0:.2f}; {p1 / p0:.2f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
