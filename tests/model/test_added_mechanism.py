"""A mechanism is its record and its file: two files, one command, and one red test until it has a twin."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_contributing import apply, parts_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "contributing" / "mechanism.md"
TWIN = "tests/reference/test_plain_model.py::test_the_twin_has_every_phase_of_the_week"
TESTS = (
    "tests/reference",
    "tests/docking/test_docking.py::test_docking_of_schemes",
    "tests/faults/test_catalogue.py",
    "tests/files/test_digest.py",
    "tests/files/test_load.py",
    "tests/files/test_policy_reader.py",
    "tests/files/test_scenario_refusals.py",
    "tests/files/test_scenario_schema.py",
    "tests/report/test_odd.py",
    "tests/runs/test_study_schema.py",
    "tests/test_lint.py::test_no_file_name_stands_twice",
    "tests/cli/test_commands.py",
    "tests/model/test_model.py::test_the_week_and_the_declared_mechanisms_agree",
)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the copy in ``folder``, with nothing compiled."""
    there = {"PYTHONPATH": f"{folder / 'sim'}:{folder}", "COWORKSIM_CACHE": str(folder), "COWORKSIM_CHECKED": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=os.environ | there, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_two_files_add_a_mechanism_and_only_the_test_of_its_twin_is_red(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "results", "build")
    shutil.copytree(ROOT, copy, ignore=left_out)
    diff = parts_of(PAGE, "sim")
    assert diff.count("diff --git") == 2
    apply(diff, copy)
    made = run(copy, "-m", "tools.regenerate")
    assert made.returncode == 0, made.stderr
    assert "docs/ODD.md is new." in made.stdout
    done = run(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not slow", *TESTS)
    red = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    assert red == [TWIN], done.stdout
    assert "write a method of that name in tests/reference/model.py" in done.stdout

    asks = (
        "from coworksim import load_scenario, simulate\n"
        "few = {'burn_in_weeks': 1, 'weeks': 4, 'membership.appeal': 4}\n"
        "off, on = (simulate(load_scenario('tiny', few | {'mechanisms.lunch': switch})) for switch in (False, True))\n"
        "print(off.digest == simulate(load_scenario('tiny', few)).digest, off.digest == on.digest)"
    )
    assert run(copy, "-c", asks).stdout.splitlines() == ["True False"]
    apply(parts_of(PAGE, "tests"), copy)
    assert run(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", TWIN).returncode == 0
