"""Kernels are compiled ahead: all that a run asks for, where every process finds it, and none of it twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WARM = "('programme-linked-membership', 'training-vouchers', 'college-places')"
#: Compares what a plain run asks for with what a compiled one compiles.
COMPARE = f"""
from coworksim.files.load import load_scenario
from coworksim.model.mechanisms.helpers import reference_region
from coworksim.model.state import courses, synthesis
from coworksim.runs.compilation import _kernels, asked_by
from coworksim.runs.simulation import simulate
scenario = load_scenario("tiny", policies={WARM}, quiet=True)
asked = {{(one.module, one.name, one.types) for one in asked_by(scenario)}}
assert not any(kernel.overloads for kernel in _kernels())
for known in (*vars(reference_region).values(), *vars(synthesis).values(), *vars(courses).values()):
    getattr(known, "cache_clear", lambda: None)()  # what the plain run worked out is asked for again
simulate(scenario)
made = {{(one.__module__, one.__name__, types) for one in _kernels() for types in one.overloads}}
print(len(asked) > 40, sorted(made - asked), sorted(asked - made))
"""
#: Compiles one rule in another process, and calls it in this one.
ELSEWHERE = """
from numba import float64
from coworksim.model.state.arithmetic import clip_share
from coworksim.runs import compilation
if __name__ == "__main__":
    compilation.asked_by = lambda _: [compilation.Asked(clip_share.__module__, "clip_share", (float64,) * 3)]
    print(compilation.compile_all(None), compilation.compile_all(None), clip_share(100.0, 400.0, 300.0))
    print(sum(clip_share.stats.cache_hits.values()), sum(clip_share.stats.cache_misses.values()))
"""
#: Calls a rule in compiled code alone, with whole numbers of three sizes and one that is written there.
SIZES = """
import numpy as np
from coworksim.model.kernels import PLACE, kernel
from coworksim.model.state.rng import worker_key
@kernel
def keys(one, other, third):
    return worker_key(one[0], other[0], third[0]) + worker_key(1, other[0], 1)
print(keys(np.ones(1, np.int8), np.ones(1, np.int32), np.ones(1, np.int64)), len(worker_key.overloads))
print(len(list(PLACE.folder.rglob("*worker_key*"))))
"""
#: Raises in a rule that a kernel calls, and calls a kernel of ours from a function that numba alone compiles.
OTHERS = """
import numba
from coworksim.model.kernels import kernel, rule
from coworksim.model.state.arithmetic import clip_share
@rule
def refuse(x):
    if x > 1.0:
        raise ValueError("too much")
    return clip_share(0.0, x, 1.0)
@kernel
def ours(x):
    return refuse(x)
@numba.njit
def theirs(x):
    return refuse(x) + ours(x)
for call in (ours, theirs, refuse):
    try:
        print(call(1.0))
        call(2.0)
    except ValueError as error:
        print(error)
"""


def said(code: str, folder: Path, *, cold: bool = True) -> list[str]:
    script = folder / "script.py"
    script.write_text(code)
    cache = {"COWORKSIM_CACHE": str(folder / "cache")} if cold else {}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        env=os.environ | cache,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_a_run_in_plain_python_asks_for_just_what_a_compiled_one_compiles(tmp_path: Path) -> None:
    assert said(COMPARE, tmp_path, cold=False) == ["True [] []"]


@pytest.mark.slow
def test_what_another_process_has_compiled_is_found_and_never_compiled_again(tmp_path: Path) -> None:
    assert said(ELSEWHERE, tmp_path) == ["1 0 0.5", "1 0"]


@pytest.mark.slow
def test_a_rule_that_only_kernels_call_is_compiled_once_for_all_sizes_of_numbers_and_not_for_python(
    tmp_path: Path,
) -> None:
    key = (1 << 22) + (1 << 6) + 1
    assert said(SIZES, tmp_path) == [f"{2 * key} 0", "1"]


@pytest.mark.slow
def test_what_a_rule_raises_arrives_whoever_calls_it(tmp_path: Path) -> None:
    assert said(OTHERS, tmp_path) == ["1.0", "too much", "2.0", "too much", "1.0", "too much"]
