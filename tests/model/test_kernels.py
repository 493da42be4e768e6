"""Compiled code: never stale, never clever, and equal to the same bodies in plain Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import coworksim

PACKAGE = Path(coworksim.__file__).parent


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_an_edited_callee_in_another_file_is_compiled_again(tmp_path: Path) -> None:
    """The trap: numba's own cache keeps the old result of a caller in ``mechanisms`` of a callee in ``state``."""
    shutil.copytree(PACKAGE, tmp_path / "src" / "coworksim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parents[1] / "scenarios", tmp_path / "scenarios")
    (tmp_path / "src" / "coworksim" / "model" / "mechanisms" / "trial.py").write_text(
        "from coworksim.model.kernels import kernel\n"
        "from coworksim.model.state.arithmetic import clip_share\n"
        "@kernel\n"
        "def call(step):\n"
        "    return clip_share(100.0, step, 300.0)\n"
    )
    code = "from coworksim.model.mechanisms.trial import call; print(call(400.0))"
    settings = {"PYTHONPATH": str(tmp_path / "src"), "COWORKSIM_CACHE": str(tmp_path / "cache")}
    assert run(code, **settings) == "0.5"
    callee = tmp_path / "src" / "coworksim" / "model" / "state" / "arithmetic.py"
    callee.write_text(callee.read_text().replace("max(0.0, frontier - skill)", "max(0.0, frontier - 2.0 * skill)"))
    assert run(code, **settings) == "0.25"
    assert len(list((tmp_path / "cache" / "coworksim" / "kernels").iterdir())) == 2


DIGEST = """
from tests.worlds import busy
import pytest
from coworksim import simulate
print(simulate(busy(weeks=8)).digest)
"""


@pytest.mark.slow
def test_checked_mode_draws_nothing_twice_and_changes_nothing() -> None:
    """The same bodies in plain Python give the same bits, and no address is drawn twice in a whole run."""
    root = str(Path(__file__).parents[2])
    assert run(DIGEST, COWORKSIM_CHECKED="1", PYTHONPATH=root) == run(DIGEST, PYTHONPATH=root)


@pytest.mark.slow
def test_in_checked_mode_the_reference_region_is_drawn_aside_as_often_as_tastes_differ() -> None:
    """Its run is that of seed 0: neither other tastes nor a scenario with that seed draw anything twice."""
    code = """
from tests.worlds import busy
from coworksim import simulate
print([simulate(busy(weeks=2, burn_in_weeks=1, seed=0, **{"membership.churn": churn})).seed for churn in (.05, .06)])
"""
    root = str(Path(__file__).parents[2])
    assert run(code, COWORKSIM_CHECKED="1", PYTHONPATH=root) == "[0, 0]"


@pytest.mark.slow
def test_in_checked_mode_who_decides_can_be_asked_twice() -> None:
    """A trace asks before membership does."""
    code = """
from tests.worlds import busy
from coworksim.runs.trace import trace
print(len(list(trace(busy(), 64, 0, 8))))
"""
    root = str(Path(__file__).parents[2])
    assert run(code, COWORKSIM_CHECKED="1", PYTHONPATH=root) == "9"


@pytest.mark.slow
def test_checked_mode_catches_a_planted_second_draw() -> None:
    code = """
import numpy as np
from coworksim.model.state import rng
run = rng.run_key(1)
rng.word(run, np.uint64(5), rng.MEMBERSHIP, 3, 0)
rng.word(run, np.uint64(5), rng.MEMBERSHIP, 3, 1)
try:
    rng.word(run, np.uint64(5), rng.MEMBERSHIP, 3, 0)
except RuntimeError as error:
    print(error)
"""
    assert run(code, COWORKSIM_CHECKED="1") == "second draw with one key: entity 5, stream 4, week 3, index 0"
