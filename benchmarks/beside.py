"""``python -m benchmarks.beside TREE``: this build and another, side by side: a second question, and saving a run.

Every figure is of a fresh process, the two builds in turn. Processor time counts a process and all that it starts. A
tree is a checkout; its ``.venv`` is used where it has one. Seeds differ from round to round, so that the first question
finds nothing that is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

__all__ = ["main", "measured", "page"]

ROOT = Path(__file__).parents[1]
#: Policies of the first question and of the second.
FIRST, SECOND = "subsidy-50", "community-manager"
WORKERS = 100_000

#: What a process does that is asked for one figure; both builds understand it.
_SAVE = """
import json, resource, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, {root!r})
from benchmarks.scale import scale_scenario
from coworksim.files.load import load_scenario
from coworksim.runs.simulation import simulate
with tempfile.TemporaryDirectory() as folder:
    simulate(load_scenario("tiny")).save(Path(folder, "small"))
    result = simulate(scale_scenario({workers}))
    begun = time.process_time()
    if {save}:
        result.save(Path(folder, "large"))
    seconds = time.process_time() - begun
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([seconds, unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]))
"""
_PAGE = """
import json, time
from coworksim.appraisal.comparison import growing
from coworksim.files.load import load_scenario
seconds = []
for name in ({first!r}, {first!r}, {second!r}):
    policies = load_scenario({scenario!r}, policies=(name,), quiet=True).policies
    world = load_scenario({scenario!r}, quiet=True)
    seed = {seed} if seconds else {seed} + 1  # the first time code is loaded
    begun = time.process_time()
    for _ in growing(world, {{"it": policies}}, (1, 4), seed=seed, workers=1):
        pass
    seconds.append(time.process_time() - begun)
print(json.dumps(seconds[1:]))
"""


def _python(tree: Path) -> str:
    own = tree / ".venv" / "bin" / "python"
    return str(own if own.exists() else sys.executable)


def measured(tree: Path, *arguments: str) -> tuple[float, str]:
    """Return the processor time of a process of a build, with all that it starts, and what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "sim")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [_python(tree), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tree, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def _compared(tree: Path, scenario: str, replicates: int, seed: int) -> dict[str, float]:
    """Ask two questions in one world by the command line, each in processes of its own."""
    found = {}
    for which, policy in (("first", FIRST), ("second", SECOND)):
        with tempfile.TemporaryDirectory() as folder:
            asked = ["compare", scenario, "--policy", policy, "--replicates", str(replicates), "--seed", str(seed)]
            out = ["--out", str(Path(folder, "out"))]
            found[f"compare {scenario}, {which} question, s"] = measured(tree, "-m", "coworksim", *asked, *out)[0]
    return found


def _paged(tree: Path, scenario: str, seed: int) -> dict[str, float]:
    """Ask two questions in one world of one process, as the page does."""
    code = _PAGE.format(first=FIRST, second=SECOND, scenario=scenario, seed=seed)
    seconds = json.loads(measured(tree, "-c", code)[1])
    return dict(zip((f"page {scenario}, {which} question, s" for which in ("first", "second")), seconds, strict=True))


def _saved(tree: Path) -> dict[str, float]:
    """Simulate and save a large run, and simulate it without saving."""
    code = [_SAVE.format(root=str(tree), workers=WORKERS, save=save) for save in (True, False)]
    (seconds, peak), (_, without) = (json.loads(measured(tree, "-c", one)[1]) for one in code)
    what = f"tables of {WORKERS:,} workers"
    return {f"saving {what}, s": seconds, f"peak with {what} / without": peak / without}


def page(rounds: Sequence[tuple[dict[str, float], dict[str, float]]]) -> str:
    """Return a Markdown table: medians of both builds, and the median of the ratios of rounds."""
    lines = ["| work | other build | this build | ratio (lowest to highest) |", "|---|--:|--:|--:|"]
    for name in rounds[0][0]:
        both = [(other[name], this[name]) for other, this in rounds]
        ratios = sorted(this / other for other, this in both)
        of_both = (median(side) for side in zip(*both, strict=True))
        span = f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        lines.append(f"| {name} | {' | '.join(f'{value:.2f}' for value in of_both)} | {span} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure what is asked for, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside", description="Two builds side by side.")
    parser.add_argument("tree", type=Path, help="a checkout of the other build")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--scenario", default="uk-left-behind", metavar="NAME")
    parser.add_argument("--replicates", type=int, default=20, metavar="N")
    parser.add_argument("--only", choices=("compare", "page", "save"), help="measure this alone")
    options = parser.parse_args()
    asks: dict[str, Callable[[Path, int], dict[str, float]]] = {
        "compare": lambda tree, seed: _compared(tree, options.scenario, options.replicates, seed),
        "page": lambda tree, seed: _paged(tree, options.scenario, seed),
        "save": lambda tree, _: _saved(tree),
    }
    chosen = [ask for name, ask in asks.items() if options.only in (None, name)]
    trees, start = (options.tree.resolve(), ROOT), time.time_ns() % 2**40
    for tree in trees:
        measured(tree, "-m", "coworksim", "warm")
    rounds = []
    for turn in range(options.rounds):
        found: list[dict[str, float]] = [{}, {}]
        for ask in chosen:
            for side, tree in enumerate(trees):
                found[side] |= ask(tree, start + 2 * turn)
        rounds.append((found[0], found[1]))
        print(page(rounds[-1:]), file=sys.stderr, flush=True)
    print(page(rounds))


if __name__ == "__main__":
    main()
