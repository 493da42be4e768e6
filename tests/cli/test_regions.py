"""``colearn regions`` and ``--region``: the table of regions as a user sees it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from colearn.cli import commands
from colearn.quantities.regions import FIELDS


def test_the_table_has_every_region_and_every_mapping() -> None:
    shown = CliRunner().invoke(commands, ["regions", "uk-74-regions"])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert sum(line.startswith("TL") for line in lines) == 74
    assert all(any(line.startswith(f"{field} [") for line in lines) for field in FIELDS)


def test_one_region_as_text_and_as_json() -> None:
    shown = CliRunner().invoke(commands, ["regions", "uk-all", "--region", "TLC12"])
    assert shown.output.startswith("South Teesside (TLC12), other")
    records = json.loads(CliRunner().invoke(commands, ["regions", "uk-all", "--region", "TLC12", "--json"]).output)
    assert {record["field"] for record in records} == set(FIELDS)


def test_an_unknown_region_ends_with_2_and_the_nearest_code() -> None:
    refused = CliRunner().invoke(commands, ["regions", "uk-all", "--region", "Darlingtn"])
    assert refused.exit_code == 2
    assert "TLC13 (Darlington)" in refused.output
