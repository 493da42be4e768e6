"""``coworksim map``: what a user sees, the files that are written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.files.load import load_scenario
from coworksim.runs.simulation import simulate

call = CliRunner().invoke


def test_an_indicator_as_picture_and_table(tmp_path: Path) -> None:
    for name in ("a.svg", "b.png"):
        done = call(commands, ["map", "--indicator", "population", "--boundaries", "--to", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert "All 179 regions have a figure; 28 are left behind." in done.output
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")
    table = pd.read_csv(tmp_path / "a.csv")
    assert list(table.columns) == ["code", "region", "left_behind", "value", "unit", "source"]
    assert (len(table), table["value"].iloc[0]) == (179, table["value"].max())


def test_figures_are_printed_without_a_picture_and_as_json() -> None:
    shown = call(commands, ["map", "--field", "demand"])
    assert sum(line.startswith("TL") for line in shown.output.splitlines()) == 179
    found = json.loads(call(commands, ["map", "--field", "demand", "--json"]).output)
    assert len(found["regions"]) == 179
    assert found["unit"] == "relative to UK"


def test_a_run_that_was_saved(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(
        "# Two regions?\ntitle: two\nextends: tiny\nweeks: 4\nregions:\n"
        "  - {like: TLC12, people: 40}\n  - {like: TLC13, people: 30}\n",
        encoding="utf-8",
    )
    result = simulate(load_scenario(tmp_path / "two.yaml", quiet=True))
    result.save(tmp_path / "run")
    given = ["map", "--result", str(tmp_path / "run"), "--column"]
    found = json.loads(call(commands, [*given, "members", "--json"]).output)
    last = result.series[result.series["week"] == result.series["week"].max()]
    values = {row["code"]: row["value"] for row in found["regions"] if row["value"] is not None}
    assert len(last) > 2
    assert values == {code: float(last[last["region_code"] == code]["members"].sum()) for code in ("TLC12", "TLC13")}
    workers = result.workers[result.workers["region_code"] == "TLC12"]
    income = json.loads(call(commands, [*given, "income_gbp_week", "--json"]).output)["regions"]
    (mine,) = (row["value"] for row in income if row["code"] == "TLC12")
    assert mine == pytest.approx(workers["income_gbp_week"].mean(), rel=1e-6)
    assert "one simulated run, no forecast" in found["source"]
    refused = call(commands, [*given, "memmbers"])
    assert (refused.exit_code, "write members" in refused.output) == (2, True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "give one of --indicator, --field, --result"),
        (["--field", "demand", "--indicator", "population"], "give one of"),
        (["--result", "nowhere"], "--result and --column belong together"),
        (["--result", "nowhere", "--column", "members"], "there is no manifest.json in it"),
        (["--indicator", "populaton"], "there is no indicator 'populaton'; write population"),
        (["--field", "weather"], "there is no field 'weather'; write "),
        (["--field", "demand", "--to", "map.jpg"], "does not end in .svg or .png"),
    ],
)
def test_what_is_refused(given: list[str], words: str) -> None:
    done = call(commands, ["map", *given])
    assert done.exit_code == 2, done.output
    assert words in done.output


def test_a_file_that_is_there_stays_without_force(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine", encoding="utf-8")
    given = ["map", "--field", "demand", "--to", str(tmp_path / "a.svg")]
    assert call(commands, given).exit_code == 2
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "a.svg").exists()
    assert call(commands, [*given, "--force"]).exit_code == 0
