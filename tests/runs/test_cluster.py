"""A study on a Dask cluster of two workers, one of which is killed in the middle."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Self

import psutil
import pytest

import coworksim
from coworksim import run_study
from coworksim.files.errors import RunnerError
from coworksim.runs.engines import Inline, engine
from coworksim.runs.run import Progress

pytest.importorskip("distributed", reason="the optional part cluster is not installed")
pytestmark = pytest.mark.slow

SOURCES = Path(coworksim.__file__).resolve().parents[1]
STUDY = """# Does a cluster give the same?
title: Cluster
scenario: tiny
set: {awareness.at_opening: 0.9}
vary: [space.price: 50..250, membership.churn]
method: morris
size: 16
replicates: 2
outcomes: [members_at_end, gain_sc_in_space]
"""


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, place: Path, sources: Path = SOURCES) -> None:
        self.place, self.environment = place, {**os.environ, "PYTHONPATH": str(sources)}
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", "here.json")
        self.workers = [self._worker() for _ in range(2)]

    def _worker(self) -> subprocess.Popen[bytes]:
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--scheduler-file", "here.json")
        return self._start("dask_worker", *options)

    def _start(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *options]
        process = subprocess.Popen(
            command, cwd=self.place, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    @property
    def address(self) -> str:
        """The address that the command line takes."""
        from distributed import Client

        with Client(scheduler_file=str(self.place / "here.json"), timeout=60) as client:
            client.wait_for_workers(len(self.workers), timeout=60)
            return str(client.scheduler.address).replace("tcp://", "dask://")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_also_when_a_worker_is_killed(tmp_path: Path) -> None:
    path, struck = tmp_path / "study.yaml", list[int]()
    path.write_text(STUDY, encoding="utf-8")
    with Cluster(tmp_path) as cluster:

        def kill(at: Progress) -> None:
            if at.done and not struck:
                assert at.done < 64
                struck.append(cluster.workers[0].pid)
                cluster.workers[0].kill()
                cluster.workers[0].wait()

        found = run_study(path, tmp_path / "runs", executor=engine(cluster.address), progress=kill)
    assert struck
    assert not psutil.pid_exists(struck[0])
    assert found.counts == {"done": found.runs["run_id"].nunique()}
    assert found.digest == run_study(path, tmp_path / "serial", executor=Inline).digest


def test_workers_of_other_code_are_refused(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "sim" / "coworksim" / "warm.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    with Cluster(tmp_path, tmp_path / "sim") as cluster, pytest.raises(RunnerError, match="has other code than this"):
        engine(cluster.address)()
