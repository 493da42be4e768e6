"""Newer figures of regions: what they replace, what follows, and what is refused."""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.scenario_writer import to_yaml
from coworksim.files.uk_regions import real_regions, reference
from coworksim.model.scenario import Scenario

from .files import HEAD, load
from .own_tables import TABLE

NEWER = "code,year,household_income_gbp,fe_learners_per_100k_england\nTLC11,2025,20000,\nTLC12,2023-2025,19000,9000\n"
ALONE = "regions: {editions: newer.csv}\n"


def renewed(folder: Path, newer: str = NEWER, text: str = ALONE) -> Scenario:
    (folder / "newer.csv").write_text(newer, encoding="utf-8")
    (folder / "regions.csv").write_text(TABLE, encoding="utf-8")
    return load(folder, HEAD + text)


def test_newer_figures_take_the_place_of_built_in_ones_and_means_follow(tmp_path: Path) -> None:
    made = renewed(tmp_path)
    assert len(made.regions) == 179
    at = {region.code: region for region in made.regions}
    assert at["TLC11"].indicators["household_income"] == 20000.0
    assert dict(at["TLC11"].editions) == {"household_income": "2025"}
    assert dict(at["TLC12"].editions) == {"household_income": "2023-2025", "public_provision": "2023-2025"}
    assert not at["TLC13"].editions
    incomes = [region.indicators["household_income"] for region in made.regions]
    people = [region.columns["population"] or 0.0 for region in real_regions().values()]
    mean_income = statistics.fmean(incomes, weights=people)
    assert made.reference["household_income"] == pytest.approx(mean_income, rel=1e-11)
    assert made.reference["household_income"] != reference()["household_income"]
    learners = [p.columns["fe_learners_per_100k_england"] for c, p in real_regions().items() if c != "TLC12"]
    mean = math.exp(statistics.fmean(math.log(x) for x in [9000.0, *(value for value in learners if value)]))
    assert at["TLC12"].indicators["public_provision"] == pytest.approx(9000.0 / mean)
    same = set(made.reference) - {"household_income"}
    assert all(made.reference[name] == reference()[name] for name in same)
    assert all(at[code].indicators["jobs_trend"] == p.indicators["jobs_trend"] for code, p in real_regions().items())


def test_a_figure_that_is_brought_is_no_longer_drawn(tmp_path: Path) -> None:
    made = renewed(tmp_path, "code,year,desk_price_gbp\nTLC11,2025,99\n")
    (tees,) = (region for region in made.regions if region.code == "TLC11")
    assert ("desk_price" in real_regions()["TLC11"].gaps, "desk_price" in tees.gaps) == (True, False)
    assert tees.indicators["desk_price"] == 99.0


def test_newer_figures_of_a_table_of_ones_own_leave_the_reference(tmp_path: Path) -> None:
    newer = "code,year,jobs,household_income_gbp\nA1,2024,60000,\nA1,2025,,21000\n"
    made = renewed(tmp_path, newer, "regions: {table: regions.csv, editions: newer.csv}\n")
    arle = made.regions[0]
    assert (arle.indicators["jobs_per_head"], arle.indicators["household_income"]) == (0.6, 21000.0)
    assert dict(arle.editions) == {"jobs_per_head": "2024", "household_income": "2025"}
    assert dict(made.reference) == dict(reference())


def test_editions_are_said_and_kept_with_the_scenario_and_change_no_digest_by_themselves(tmp_path: Path) -> None:
    made = renewed(tmp_path)
    again = load(tmp_path, HEAD + to_yaml(made).partition("\n")[2].partition("\n")[2], "again.yaml")
    assert again.regions == made.regions
    bare = made.model_copy(update={"regions": tuple(r.model_copy(update={"editions": {}}) for r in made.regions)})
    assert bare.digest == made.digest
    shown = CliRunner().invoke(commands, ["regions", str(tmp_path / "case.yaml")])
    assert "household_income: of 2025, 2023-2025 in 2 of 179 regions" in shown.output


REFUSED = {
    "code,year,jobs\nTLC99,2025,5\n": "newer.csv:2:1: no region has the code 'TLC99'",
    "code,year,jobs\nTLC43,2025,5\n": "they are those of ITL 2021; ITL 2025 and other years have other codes",
    "code,year,jobs\nE06000001,2025,5\n": "write TLC11 (Hartlepool and Stockton-on-Tees), where the authority",
    "code,year,jobs\nTLC11,last,5\n": "newer.csv:2:7: year is 'last'; write a year such as 2025",
    "code,year,jobs\nTLC11,2025,-5\n": "newer.csv:2:12: jobs is -5, but its logarithm is taken",
    "code,year,jobs\nTLC11,2024,5\nTLC11,2025,6\n": "newer.csv:3:12: a second jobs of TLC11; keep one",
    "code,jobs\nTLC11,5\n": "the table lacks year",
}


def test_what_is_refused(tmp_path: Path) -> None:
    for newer, told in REFUSED.items():
        with pytest.raises(ScenarioError) as found:
            renewed(tmp_path, newer)
        assert told in str(found.value), newer


def test_a_scenario_of_the_uk_reads_as_before_without_editions() -> None:
    assert not any(region.editions for region in load_scenario("uk-all").regions)
