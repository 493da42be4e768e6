"""A coordinator in a process of its own, so that a test can end it: folder, trace, number of runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import coworksim
from coworksim.files.errors import StoreError
from coworksim.runs.coordination import exit_code
from coworksim.runs.progress import reporter
from coworksim.runs.store import RunStore
from tests.runs.work import run_all, runs, task

STUDY = "5" * 64
SOURCES = Path(coworksim.__file__).resolve().parents[1]
ROOT = Path(__file__).resolve().parents[2]


def main(folder: str, trace: str, count: str) -> int:
    batch = runs(int(count), sleep=0.02, weeks=3, trace=trace)
    try:
        with RunStore(Path(folder), study=STUDY, code="c", part_runs=10, total=len(batch)) as store:
            print(f"begins with {sum(store.holds(run.run_id) for run in batch)}", flush=True)
            summary = run_all(batch, task, store=store, progress=reporter(every=0))
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"ends with {summary.done}", flush=True)
    return exit_code() if summary.stopping else 0


def started(folder: Path, trace: Path, count: int) -> subprocess.Popen[str]:
    """Start a coordinator in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.runs.coordinate", str(folder), str(trace), str(count)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), str(ROOT)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
