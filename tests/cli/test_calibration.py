"""``coworksim calibration``: a row for every target, and bad input refused."""

from __future__ import annotations

import json
import re

from click.testing import CliRunner, Result

from coworksim.cli import commands
from coworksim.evidence.calibration.fit import MOVED, TARGETS

#: Calibration targets of the evidence, as they are called in the table.
WANTED = (
    "price",
    "members per space",
    "attendance",
    "churn",
    "contacts",
    "events",
    "independents",
    "training gap",
    "profitable spaces",
    "loss-making spaces",
    "freelancers under 25,000",
    "occupancy",
)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["calibration", *arguments])


def test_every_target_has_a_row_with_a_verdict() -> None:
    done = call("tiny")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    assert tuple(target.name for target in TARGETS) == WANTED
    lines = done.stdout.splitlines()
    for target in TARGETS:
        row = next(line for line in lines if line.startswith(f"{target.name} "))
        assert re.search(rf"\s{target.role}\s.*\s(within|missed|not measured)\b", row), row
        if " missed " in row:
            assert any(line.startswith(f"  {target.name}: ") for line in lines)
    assert "chance within one run" in " ".join(lines)
    assert "Bottom third of incomes" in done.stdout
    assert all(moved.name in done.stdout for moved in MOVED)


def test_settings_and_seed_reach_the_run() -> None:
    done = call("tiny", "--seed", "3", "--set", "weeks=4", "--set", "space.price=120")
    assert done.exit_code == 0, done.output
    assert "the last 4 weeks, seed 3" in done.stdout
    assert call("tiny", "--seed", "3", "--set", "seed=4").exit_code == 2
    assert call("tiny", "--set", "space.prise=1").exit_code == 2
    assert call("no-such-scenario").exit_code == 2


def test_json_has_every_target() -> None:
    done = call("tiny", "--set", "weeks=4", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert tuple(row["name"] for row in told["targets"]) == WANTED
    assert told["weeks"] == 4
