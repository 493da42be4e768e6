"""The regional tables, the rule of being left behind, and what figures are compared with."""

from __future__ import annotations

import csv
import math
import re
import shutil
import statistics
from pathlib import Path

import pytest

from coworksim.files.built_in import data_folder
from coworksim.files.indicator_list import listed
from coworksim.files.indicators import RELATIVE
from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.shipped_tables import TableError
from coworksim.files.uk_regions import MAY_BE_EMPTY, NUMBERS, group_medians, read_regions, real_regions, reference
from coworksim.model.parameters.environment import FIELDS, INDICATORS, TREND

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


def test_the_mean_person_of_the_uk_has_fields_of_1_at_declared_responses() -> None:
    assert set(reference()) == set(INDICATORS)
    people = {code: region.columns["population"] or 0.0 for code, region in real_regions().items()}
    for field, (name, response, _) in FIELDS.items():
        x0 = reference()[name]
        if name in RELATIVE:
            assert x0 == 1.0
        elif name != "users_per_space":
            values = {code: region.indicators[name] for code, region in real_regions().items()}
            scaled = {code: x - x0 if field == TREND else (x / x0) ** response - 1.0 for code, x in values.items()}
            mean = math.fsum(people[code] * scaled[code] for code in people) / math.fsum(people.values())
            assert mean == pytest.approx(0.0, abs=1e-9), name
    assert reference()["household_income"] == pytest.approx(23157, rel=0.001)  # as is published for the UK


def test_figures_of_larger_regions_say_where_they_are_the_value_of_the_uk() -> None:
    with (TABLES / "uk_itl1.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["itl1"]: row for row in csv.DictReader(lines)}
    assert len(rows) == 12
    assert rows["Wales"]["desk_price_gbp"] == "220"
    assert rows["Wales"]["desk_price_source"] == "CoworkingCafe 2024-25"
    for row in rows.values():
        assert ("UK value" in row["desk_price_source"]) == (row["desk_price_gbp"] == "157")


def test_what_may_be_empty_is_said_in_the_list_of_columns() -> None:
    empty: dict[str, int] = {}
    for region in real_regions().values():
        for name in (name for name, value in region.columns.items() if value is None):
            empty[name] = empty.get(name, 0) + 1
    assert empty["home_working_share"] == 7
    for name, number in empty.items():
        assert not listed()[name].coverage.startswith("UK 179"), name
        if name != "desk_price_gbp":  # a price of the UK stands in by ITL-1 region
            there = sum(int(part) for part in re.findall(r"\b[0-9]{2,3}\b", listed()[name].coverage)[:1])
            assert there == 179 - number, name
    assert not {*empty} & ({*NUMBERS} - MAY_BE_EMPTY)


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
    for name in ("uk_itl1.csv", "uk_itl3.csv", "uk_itl3_access.csv"):
        shutil.copy(TABLES / name, tmp_path / name)
    table = tmp_path / "uk_itl3.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError) as refused:
        read_regions(tmp_path)
    assert message in str(refused.value)


def test_scenarios_of_the_frame() -> None:
    whole, part = load_scenario("uk-all"), load_scenario("uk-74-regions")
    assert sum(region.spaces for region in whole.regions) == 1534
    assert (sum(region.spaces for region in part.regions), len(part.regions)) == (161, 74)
    assert load_scenario("placebo").regions == part.regions


def test_one_region_keeps_its_spaces_or_gets_one() -> None:
    known = load_scenario("uk-all").regions[0]
    (alone,) = load_scenario("uk-all", region=known.code).regions
    assert alone == known
    (new,) = load_scenario("tiny", region="TLC12").regions
    assert (new.code, new.spaces) == ("TLC12", 1)


def test_an_unknown_region_or_frame_gets_a_sentence() -> None:
    with pytest.raises(ScenarioError, match="TLZ99"):
        load_scenario("uk-all", region="TLZ99")
