"""Run tests on a copy of the package, uncompiled, in a process that starts with the heavy libraries loaded."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, settings

__all__ = ["run_plainly"]

#: What every run of tests imports and no fault touches: loaded once, by the process that all others are forked from.
LOADED: Final = ["pytest", "numba", "numpy", "mesa", "networkx", "pandas", "hypothesis", "ruamel.yaml", "pydantic"]
OPTIONS: Final = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", "--doctest-modules")
#: A failing case is enough: it need not be made small.
PROFILE: Final = "--hypothesis-profile=faults"
#: numpy warns where whole numbers wrap, as those of draws do; pytest, that its plugins are loaded already.
QUIET: Final = ("-W", "ignore::RuntimeWarning", "-W", "ignore::pytest.PytestAssertRewriteWarning")


class _Forgetful(set[tuple[int, ...]]):
    """A register of draws that stays empty: tests draw again what the product has drawn, to see what it made of it."""

    def add(self, _: tuple[int, ...]) -> None:
        """Forget it."""


class FirstFailure:
    """A pytest plugin that keeps the name of the first test that fails."""

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


def _run(root: Path, tests: Sequence[str], answer: Connection) -> None:
    """Run in the forked process: everything of this project comes from the copy."""
    os.chdir(root)
    with (root / "output.txt").open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ["COWORKSIM_CACHE"] = str(root / "cache")
    for name in [name for name in sys.modules if name.split(".")[0] in ("tests", "coworksim")]:
        del sys.modules[name]
    sys.path[:] = [str(root / "sim"), str(root), *sys.path]
    settings.register_profile("faults", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
    from coworksim.model.state import rng

    rng._drawn = _Forgetful()
    first = FirstFailure()
    code = int(pytest.main([*OPTIONS, *QUIET, PROFILE, "-m", "not slow", *tests], plugins=[first]))
    import coworksim

    if not Path(coworksim.__file__).resolve().is_relative_to(root.resolve()):
        code, first.name = 99, f"the tests ran on {coworksim.__file__}"
    answer.send((1 if code == 2 and first.name else code, first.name))


def run_plainly(root: Path, tests: Sequence[str], timeout: float) -> tuple[int | None, str]:
    """Return the exit code of pytest (None when it did not end in time) and the first test that failed."""
    os.environ["NUMBA_DISABLE_JIT"] = "1"  # for the process that all others are forked from
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(root, tests, there), daemon=True)
    process.start()
    there.close()
    try:
        ended = here.poll(timeout)
        result: tuple[int, str] = here.recv() if ended else (0, "")
    except EOFError:
        return 99, ""
    finally:
        process.kill()
        process.join()
        here.close()
    return result if ended else (None, "")
