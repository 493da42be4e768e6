"""The regional tables, the rule of being left behind, the standardisation, and the synthetic frame of spaces."""

from __future__ import annotations

import csv
import math
import shutil
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.files.built_in import data_folder
from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.uk_regions import (
    TableError,
    _shared_out,
    allocated,
    group_medians,
    read_regions,
    real_regions,
    reference,
    sampled,
)
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.scenario import MOST_SPACES

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


DEFAULT = (1534, 0.28, 0.0, 1.0, 0.5)


def test_the_frame_has_its_spaces_and_london_its_share() -> None:
    counts = allocated(*DEFAULT)
    assert sum(counts.values()) == 1534
    london = sum(count for code, count in counts.items() if real_regions()[code].itl1 == "London")
    assert london == 430
    assert max(counts.values()) <= MOST_SPACES


def test_exponents_of_zero_share_out_evenly() -> None:
    counts = allocated(179, 0.0, 0.0, 0.0, 0.0)
    outside = [count for code, count in counts.items() if real_regions()[code].itl1 != "London"]
    assert max(outside) - min(outside) <= 1


def test_a_higher_exponent_of_jobs_moves_spaces_to_where_the_jobs_are() -> None:
    low, high = allocated(1534, 0.28, 0.0, 0.5, 0.5), allocated(1534, 0.28, 0.0, 1.5, 0.5)
    many = max(
        (code for code in real_regions() if real_regions()[code].itl1 != "London"),
        key=lambda code: real_regions()[code].columns["jobs"] or 0.0,
    )
    assert high[many] > low[many]


@given(st.integers(0, 600), st.lists(st.floats(0.01, 1e6), min_size=10, max_size=20))
def test_sharing_out_loses_nothing_and_overfills_nobody(number: int, weights: list[float]) -> None:
    counts = _shared_out(number, {str(at): weight for at, weight in enumerate(weights)})
    assert sum(counts.values()) == number
    assert all(0 <= count <= MOST_SPACES for count in counts.values())


def test_the_sample_lies_in_the_frame_and_depends_on_the_draw() -> None:
    frame = tuple(allocated(*DEFAULT).items())
    one, other = sampled(frame, 161, 74, 1), sampled(frame, 161, 74, 2)
    for sample in (one, other):
        assert (sum(sample.values()), len(sample)) == (161, 74)
        assert all(count <= dict(frame)[code] for code, count in sample.items())
    assert one != other


@pytest.mark.slow
def test_each_space_is_as_likely_to_come_first() -> None:
    # 400 draws of one space: the chance of London is .28; 4 standard errors are .09, error rate about 1 in 16,000.
    frame = tuple(allocated(*DEFAULT).items())
    firsts = [next(iter(sampled(frame, 1, 1, draw))) for draw in range(400)]
    share = sum(real_regions()[code].itl1 == "London" for code in firsts) / len(firsts)
    assert abs(share - 430 / 1534) < 0.09


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
    with pytest.raises(ValueError, match="room for"):
        _shared_out(2 * MOST_SPACES + 1, {"a": 1.0, "b": 3.0})
