"""``coworksim regions`` and ``--region``: the table of regions as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.files.load import load_scenario
from coworksim.files.uk_regions import NUMBERS, TEXT
from coworksim.model.parameters.environment import FIELDS


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


def test_a_field_that_stands_on_a_draw_is_told_with_its_regions() -> None:
    lines = CliRunner().invoke(commands, ["regions", "uk-all"]).output.splitlines()
    (line,) = (line for line in lines if line.startswith("work_training: "))
    regions = load_scenario("uk-all").regions
    without = [region.code for region in regions if "work_training" in region.gaps]
    assert f"drawn in {len(without)} of {len(regions)} regions" in line
    assert line.rpartition(": ")[2].split(", ") == without
    assert {row.split()[0] for row in lines if row.startswith("TL") and " ~1 " in row} >= {*without}
    none = CliRunner().invoke(commands, ["regions", "uk-all", "--set", "environment.differences=none"]).output
    assert "work_training: drawn" not in none


def test_tables_of_ones_own_from_check_to_run(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(
        f"{','.join((*TEXT, *NUMBERS))},desk_price_gbp\n"
        "A1,Arle,North,100000,50000,20000,70,11,0.2,0.2,0.004,0.02,,170\n"
        "B2,Bray,North,200000,80000,30000,90,11,0.2,0.9,0.01,0.03,0.3,\n"
        "C3,Cole,South,400000,300000,50000,140,2,1.5,0.8,0.05,0.06,0.4,188\n"
    )
    (tmp_path / "spaces.csv").write_text(
        "region,name,desks,price_gbp_month\nA1,Mill,6,90\nB2,,,\nC3,One,20,\nC3,Two,4,310\nC3,,,\n"
    )
    own = tmp_path / "own.yaml"
    own.write_text(
        "# What do three regions of our own show?\ntitle: own\nextends: tiny\n"
        "regions: {table: regions.csv, spaces: spaces.csv}\nparameters: {environment.catchment: 30}\n"
    )
    call = CliRunner().invoke
    assert call(commands, ["validate", str(own)]).stdout.startswith(f"{own}: good; own (3 regions")
    shown = call(commands, ["regions", str(own)])
    assert "price_level: taken at its middle in 1 of 3 regions" in shown.output
    assert "reach: taken at its middle in 3 of 3 regions" in shown.output
    assert call(commands, ["regions", str(own), "--region", "C3"]).stdout.startswith("Cole (C3), other\n3 spaces, ")
    assert (
        '{name: "Two", desks: 4 desks, price: 310.0 GBP/month}' in call(commands, ["scenario", "show", str(own)]).stdout
    )
    done = call(commands, ["run", str(own), "--weeks", "3", "--out", str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0, done.output
    assert [place["name"] for place in json.loads(done.stdout)["places"]] == ["Arle", "Bray", "Cole"]
    digest = load_scenario(own, {"weeks": 3}).digest
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenario"]["digest"] == digest
    (tmp_path / "spaces.csv").write_text("region\nD4\n")
    refused = call(commands, ["run", str(own), "--quiet"])
    assert (refused.exit_code, refused.output.partition(" ")[0]) == (2, f"{tmp_path}/spaces.csv:2:1:")
