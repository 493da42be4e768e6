"""The regional tables, the rule that calls a region left behind, and the standardisation."""

from __future__ import annotations

import csv
import math
import shutil
import statistics
from pathlib import Path

import pytest

from coworksim.files.built_in import data_folder
from coworksim.files.uk_regions import TableError, group_medians, read_regions, real_regions, reference
from coworksim.model.parameters.environment import INDICATORS

TABLES = data_folder() / "regions"


def test_there_are_179_regions_of_which_28_are_left_behind_and_64_by_the_wide_rule() -> None:
    regions = real_regions().values()
    narrow = {region.code for region in regions if region.left_behind()}
    wide = {region.code for region in regions if region.left_behind(wide=True)}
    assert (len(regions), len(narrow), len(wide)) == (179, 28, 64)
    assert narrow < wide


def test_the_rule_by_hand_on_the_table() -> None:
    with (TABLES / "uk_itl3.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    by_hand = {
        row["code"]
        for row in rows
        if row["years_gdp_below_uk"] == "11"
        and float(row["jobs_trend_pct"]) < 0.51
        and float(row["population_growth_pct"]) < 0.30
    }
    assert by_hand == {region.code for region in real_regions().values() if region.flag == "left-behind"}


def test_no_column_of_the_table_says_who_is_left_behind() -> None:
    assert "left" not in (TABLES / "uk_itl3.csv").read_text(encoding="utf-8").partition("\n")[0]


def test_medians_are_those_of_the_narrow_groups() -> None:
    for group, size in (("left-behind", 28), ("other", 151)):
        members = [r.indicators["creative_share"] for r in real_regions().values() if r.flag == group]
        assert len(members) == size
        assert group_medians(group)["creative_share"] == pytest.approx(statistics.median(members), rel=1e-11)


def test_indicators_standardised_by_the_reference_have_mean_0_and_sd_1() -> None:
    for name, (mean, sd) in reference().items():
        values = [region.indicators[name] for region in real_regions().values()]
        scaled = [math.log(value) if INDICATORS[name].scale == "ln" else value for value in values]
        z = [(value - mean) / sd for value in scaled]
        assert statistics.fmean(z) == pytest.approx(0, abs=1e-9)
        assert statistics.pstdev(z) == pytest.approx(1, abs=1e-9)


def test_figures_of_larger_regions_say_where_they_are_the_value_of_the_uk() -> None:
    with (TABLES / "uk_itl1.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["itl1"]: row for row in csv.DictReader(lines)}
    assert len(rows) == 12
    assert rows["Wales"]["desk_price_gbp"] == "220"
    assert rows["Wales"]["desk_price_source"] == "CoworkingCafe 2024-25"
    for row in rows.values():
        assert ("UK value" in row["desk_price_source"]) == (row["desk_price_gbp"] == "157")
        assert ("UK value" in row["digital_skills_source"]) == (row["digital_skills_pct"] == "79")


def test_only_home_working_may_be_empty() -> None:
    empty = [(r.code, name) for r in real_regions().values() for name, value in r.columns.items() if value is None]
    assert len(empty) == 7
    assert {name for _, name in empty} == {"home_working_share"}


FLAWS = {
    "empty cell": (",289607,", ",,", "uk_itl3.csv:2: population is ''; write a number"),
    "no number": (",289607,", ",many,", "uk_itl3.csv:2: population is 'many'; write a number"),
    "not finite": (",289607,", ",nan,", "uk_itl3.csv:2: population is 'nan'; write a number"),
    "missing cell": (",289607,", ",", "uk_itl3.csv:2: not as many cells as columns; write 13"),
    "twice": ("TLC12", "TLC11", "uk_itl3.csv: region TLC11 stands there twice; keep one row"),
    "unknown larger region": (",North East,", ",Wessex,", "lies in 'Wessex', which uk_itl1.csv does not list"),
    "other column": ("jobs_trend_pct", "jobs_trend", "uk_itl3.csv:1: columns "),
    "no name": (",South Teesside,", ", ,", "uk_itl3.csv:3: name is empty; write the text"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flawed_table_is_refused(tmp_path: Path, flaw: str) -> None:
    old, new, message = FLAWS[flaw]
    for name in ("uk_itl1.csv", "uk_itl3.csv"):
        shutil.copy(TABLES / name, tmp_path / name)
    table = tmp_path / "uk_itl3.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError) as refused:
        read_regions(tmp_path)
    assert message in str(refused.value)
