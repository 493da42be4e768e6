"""Edits of a copy of the package: what recompiles a kernel and refuses a folder of runs, and what does neither."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import coworksim

PACKAGE = Path(coworksim.__file__).parent

#: Does the runs of a study that its folder lacks; prints the versions, compiled functions found and missed, and counts.
STUDY = """
import gc, json, sys
from dataclasses import replace
from pathlib import Path
from numba.core.dispatcher import Dispatcher
from coworksim import load_study, run_study
from coworksim.files.errors import StoreError
from coworksim.runs.engines import Inline
from coworksim.model.kernels import fingerprint
from coworksim.files.provenance import code_version, model_version
told = {"fingerprint": fingerprint(), "model": model_version(), "code": code_version()}
study = replace(load_study("replicates"), scenario="tiny", settings={"weeks": 4}, replicates=2, tolerance={})
try:
    found = run_study(study, Path(sys.argv[1]), executor=Inline)
    told |= {"digest": found.digest, "done": found.counts["done"], "seconds": found.runs["seconds"].tolist()}
except StoreError as error:
    told["refused"] = str(error)
stats = [one.stats for one in gc.get_objects() if isinstance(one, Dispatcher)]
told |= {kind: sum(sum(getattr(one, f"cache_{kind}").values()) for one in stats) for kind in ("hits", "misses")}
print(json.dumps(told))
"""

#: A kernel of a mechanism that calls a rule in another file.
KERNEL = """
import json
from coworksim.model.kernels import fingerprint, kernel
from coworksim.model.mechanisms.trial import call
from coworksim.files.provenance import model_version
value = call(400.0)
print(json.dumps({"value": value, "fingerprint": fingerprint(), "model": model_version(),
                  "misses": sum(call.stats.cache_misses.values()), "hits": sum(call.stats.cache_hits.values())}))
"""
TRIAL = '''"""A kernel."""

from coworksim.model.kernels import kernel
from coworksim.model.state.arithmetic import clip_share


@kernel
def call(step):
    """Ask for what fits."""
    return clip_share(100.0, step, 300.0)
'''


class Copy:
    """A copy of package and scenarios, which can be edited and run."""

    def __init__(self, folder: Path, of: Path = PACKAGE.parents[1]) -> None:
        self.folder = folder
        for name in ("sim", "scenarios", "experiments"):
            shutil.copytree(of / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / "sim" / "coworksim" / file
        text = path.read_text()
        assert text.count(old) == 1, (file, old, text.count(old))
        path.write_text(text.replace(old, new))

    def run(self, code: str, *words: str, **environment: str) -> dict[str, Any]:
        settings = {**os.environ, "PYTHONPATH": str(self.folder / "sim"), **environment}
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env=settings,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy")


def speak_otherwise(copy: Copy) -> None:
    """Edit what is said, and nothing that is done: each in a file that compiles, declares, simulates or reports."""
    begins, head = "import math\n", '"""'
    copy.edit("model/state/arithmetic.py", begins, f"# more\n# lines\n\n{begins}")
    for file in (
        "model/mechanisms/membership.py",
        "model/state/rng.py",
        "model/model.py",
        "model/kernels.py",
        "model/recorder.py",
    ):
        path = copy.folder / "sim" / "coworksim" / file
        text = path.read_text()
        path.write_text(text.replace(head, f"{head}Said otherwise.\n\nAt some length.\n\n", 1))
    copy.edit("model/parameters/week.py", "part of habit that grows with tenure", "how much of habit grows with tenure")
    copy.edit("files/columns.py", "own workload; not asked", "own work; not asked")
    copy.edit("report/sentences/run_text.py", "\nWIDTH: ", "\nNEW = 1\nWIDTH: ")
    (copy.folder / "tests").mkdir()
    (copy.folder / "tests" / "test_nothing.py").write_text("def test_nothing(): ...\n")


@pytest.mark.slow
def test_what_is_said_neither_recompiles_nor_refuses_a_folder_and_what_is_done_does(copy: Copy) -> None:
    first = copy.run(STUDY, "runs")
    assert first["done"] == 2
    speak_otherwise(copy)
    again = copy.run(STUDY, "runs")
    assert (again["fingerprint"], again["model"]) == (first["fingerprint"], first["model"])
    assert again["code"] != first["code"]
    assert (again["digest"], again["seconds"], again["misses"]) == (first["digest"], first["seconds"], 0)  # none redone
    fresh = copy.run(STUDY, "fresh")
    assert (fresh["digest"], fresh["misses"]) == (first["digest"], 0)
    assert fresh["hits"] > 30
    copy.edit("runs/simulation.py", "def simulate(", "_NEW = 1\n\n\ndef simulate(")
    other = copy.run(STUDY, "runs")
    assert "holds runs of another model" in other["refused"]
    assert other["fingerprint"] == first["fingerprint"]


#: File, what stands there, what is written instead, and what the kernel then gives.
DONE = (
    ("model/state/arithmetic.py", "max(0.0, frontier - skill)", "max(0.0, frontier + skill)", 1.0),
    ("model/state/arithmetic.py", "max(0.0, frontier - skill)", "max(0.0, frontier - 2.0 * skill)", 0.25),
    ("model/mechanisms/trial.py", "100.0", "50.0", 0.625),
    (
        "model/parameters/week.py",
        'early_habit: float = real("share", 0.35',
        'early_habit: float = real("share", 0.4',
        0.5,
    ),
)


@pytest.mark.slow
def test_a_number_or_a_sign_of_a_mechanism_does_both(copy: Copy) -> None:
    (copy.folder / "sim" / "coworksim" / "model" / "mechanisms" / "trial.py").write_text(TRIAL)
    cache = str(copy.folder / "cache")
    before = copy.run(KERNEL, COWORKSIM_CACHE=cache)
    assert (before["value"], before["misses"], before["hits"]) == (0.5, 1, 0)
    speak_otherwise(copy)
    copy.edit("model/mechanisms/trial.py", '"""A kernel."""', '"""A kernel,\n\nand more.\n"""')
    copy.edit("model/mechanisms/trial.py", "Ask for what fits.", "Ask what fits.")
    assert copy.run(KERNEL, COWORKSIM_CACHE=cache) == before | {"misses": 0, "hits": 1}
    elsewhere = Copy(copy.folder / "elsewhere", copy.folder)
    assert elsewhere.run(KERNEL, COWORKSIM_CACHE=cache) == before | {"misses": 0, "hits": 1}
    for file, old, new, value in DONE:
        copy.edit(file, old, new)
        after = copy.run(KERNEL, COWORKSIM_CACHE=cache)
        assert (after["value"], after["misses"], after["hits"]) == (value, 1, 0), (file, new)
        assert after["fingerprint"] != before["fingerprint"], (file, new)
        assert after["model"] != before["model"], (file, new)
        copy.edit(file, new, old)


@pytest.mark.slow
def test_a_kernel_that_only_analyses_is_compiled_again_too_and_alone(copy: Copy) -> None:
    """It lies where no other kernel calls it, so that the folder of compiled code stays the same."""
    (copy.folder / "sim" / "coworksim" / "statistics" / "trial.py").write_text(TRIAL)
    code, cache = (
        KERNEL.replace("coworksim.model.mechanisms.trial", "coworksim.statistics.trial"),
        str(copy.folder / "cache"),
    )
    before = copy.run(code, COWORKSIM_CACHE=cache)
    copy.edit("statistics/trial.py", "100.0", "50.0")
    assert copy.run(code, COWORKSIM_CACHE=cache) == before | {"value": 0.625}
