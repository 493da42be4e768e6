"""A process with the heavy libraries loaded that forks a child per run of tests: one line of JSON in, one out.

Runs in a copy of the tree, by the Python of that copy.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

#: What every run of tests imports and no fault touches.
_LOADED: Final = (
    "numba",
    "numpy",
    "mesa",
    "networkx",
    "pandas",
    "pandas.io.parquet",
    "pyarrow.parquet",
    "hypothesis",
    "pydantic",
    "ruamel.yaml",
    "matplotlib.pyplot",
    "scipy.stats",
    "click.testing",
    "jinja2",
    "starlette.testclient",
    "SALib",
    "statsmodels.api",
)
_OPTIONS: Final = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line", "--doctest-modules")
#: What counts as a file of tests: pytest would load a module of the package that is called after a test otherwise.
NAMES: Final = ("-o", "python_files=test_*.py")
_QUIET: Final = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


class FirstFailure:
    """A plugin that keeps the name of the first test that fails."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at one test."""
        if report.failed:
            self.name = self.name or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Look at one file: a fault may keep it from being imported."""
        if report.failed:
            self.name = self.name or report.nodeid


def _child(tests: list[str], answer: int) -> None:
    os.setsid()
    output = os.open("output.txt", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    first = FirstFailure()
    code = int(pytest.main([*_OPTIONS, *NAMES, *_QUIET, *tests], plugins=[first]))
    os.write(answer, json.dumps([code, first.name]).encode())
    sys.stdout.flush()
    os._exit(0)


def _run(tests: list[str], timeout: float) -> tuple[int | None, str]:
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        _child(tests, there)
    os.close(there)
    until = time.monotonic() + timeout
    while time.monotonic() < until and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.02)
    try:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        ended = False
    except (ProcessLookupError, ChildProcessError):
        ended = True
    text = b""
    os.set_blocking(here, False)
    with suppress(BlockingIOError):
        text = os.read(here, 100_000)
    os.close(here)
    if text:
        code, name = json.loads(text)
        return int(code), str(name)
    return (99, "") if ended else (None, "")


def main() -> None:
    """Serve until the input ends."""
    sys.path.insert(0, str(Path.cwd()))
    for name in _LOADED:
        import_module(name)
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(_run(job["tests"], job["timeout"])), flush=True)


if __name__ == "__main__":
    main()
