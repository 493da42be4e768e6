"""A policy is one file: laid into the folder of policies, it is read, checked, said, scaled and paid."""

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
from tests.docs.test_contributing import apply, parts_of

PACKAGE = Path(coworksim.__file__).parent
PAGE = PACKAGE.parents[1] / "docs" / "contributing" / "policy.md"
SCENARIO = """# Does rent relief keep spaces open?
title: relief
extends: tiny
burn_in_weeks: 1
weeks: 2
policies:
  - {name: relief, kind: rent_relief, relief: 2.50 GBP/desk/week, budget: 100000}
"""
ASKS = """
import json, sys
from coworksim import load_scenario, simulate
from coworksim.appraisal.equal_cost import changes, resized
from coworksim.files.errors import InputError
from coworksim.files.scenario_schema import schema_text
from coworksim.files.scenario_writer import to_yaml
from coworksim.report.sentences.policies_and_terms import policy_sentence

scenario = load_scenario("relief.yaml")
(policy,) = scenario.policies
double = resized([policy], 2.0)
try:
    load_scenario("wrong.yaml")
except InputError as error:
    refused = str(error)
ledger = simulate(scenario).ledger
paid = ledger[ledger["purpose"] == "policy:relief"]
print(json.dumps({
    "said": policy_sentence(policy).plain(),
    "scaled": [change.key for change in changes([policy], double)],
    "refused": refused,
    "schema": "what a space gets for each desk" in schema_text(),
    "written": "relief: 2.50 GBP/desk/week" in to_yaml(scenario),
    "payees": sorted(set(paid["payee"])),
    "paid": float(paid["amount_gbp"].sum()),
}))
"""


@pytest.mark.slow
def test_a_policy_is_one_file(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "sim" / "coworksim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parents[1] / "scenarios", tmp_path / "scenarios")
    diff = parts_of(PAGE, "sim")
    assert diff.count("diff --git") == diff.count("--- /dev/null") == 1
    apply(diff, tmp_path)
    (tmp_path / "relief.yaml").write_text(SCENARIO)
    (tmp_path / "wrong.yaml").write_text(SCENARIO.replace("relief: 2.50 GBP/desk/week, ", ""))
    there = {"PYTHONPATH": str(tmp_path / "sim"), "COWORKSIM_CACHE": str(tmp_path), "COWORKSIM_CHECKED": "1"}
    asked = [sys.executable, "-c", ASKS]
    done = subprocess.run(asked, cwd=tmp_path, env=os.environ | there, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert "2.5 GBP/desk/week per desk" in found["said"]
    assert found["scaled"] == ["budget", "relief"]
    assert (
        "a rent_relief without relief; write relief: 5 GBP/desk/week (what a space gets for each desk)"
        in found["refused"]
    )
    assert found["schema"]
    assert found["written"]
    assert len(found["payees"]) == 2
    assert found["paid"] > 0
