"""Environments come from indicators; the left-behind flag reaches no mechanism."""

from __future__ import annotations

import ast
import math
import statistics
from pathlib import Path

import numpy as np
import pytest

import coworksim
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, OUTSIDE_ACCESS
from coworksim.model.scenario import MOST_PEOPLE
from coworksim.model.state.spaces import Regions, environment_of

PACKAGE = Path(coworksim.__file__).parent


def test_fields_follow_the_declared_rule() -> None:
    scenario = load_scenario("uk-left-behind", overrides={"environment.reach_response": 0.5})
    region = scenario.regions[0]
    fields = environment_of(region, scenario)
    x, x0 = region.indicators, scenario.reference
    assert fields["firm_density"] == pytest.approx(x["creative_share"] / x0["creative_share"])
    assert fields["reach"] == pytest.approx(math.sqrt(x["people_within_30km"] / x0["people_within_30km"]))
    assert fields["demand"] == pytest.approx((x["jobs_per_head"] / x0["jobs_per_head"]) ** 0.4)
    assert fields["demand_trend"] == pytest.approx(0.675 * (x["jobs_trend"] - x0["jobs_trend"]) / 100.0)
    assert fields["catchment"] == pytest.approx(800.0 * x["users_per_space"] / x0["users_per_space"])
    assert fields.keys() == {*FIELDS, OUTSIDE_ACCESS}


def test_outside_access_follows_the_field_that_is_chosen_and_keeps_to_its_limits() -> None:
    for follows in ("public_provision", "work_training", "none"):
        scenario = load_scenario("uk-all", overrides={"environment.outside_access_follows": follows})
        for region in scenario.regions:
            fields = environment_of(region, scenario)
            assert fields[OUTSIDE_ACCESS] == pytest.approx(0.55 * fields.get(follows, 1.0))
    far = load_scenario("uk-all", overrides={"environment.outside_access": 0.98})
    assert max(environment_of(region, far)[OUTSIDE_ACCESS] for region in far.regions) == 0.98


def test_a_missing_figure_is_drawn_with_its_spread_through_the_response() -> None:
    """400 draws of one region: the mean of ln is 0 and its sd the gap within 4 standard errors (1 in 16,000)."""
    scenario = load_scenario("uk-all", region="TLL14")
    (region,) = scenario.regions
    gap = region.gaps["work_training"]
    drawn = []
    for draw in range(1, 401):
        one = scenario.model_copy(update={"values": {**scenario.values, "environment.draw": draw}})
        drawn.append(math.log(environment_of(region, one)["work_training"]))
    half = 0.5 * gap
    assert abs(statistics.fmean(drawn)) < 4 * half / 20
    assert abs(statistics.stdev(drawn) / half - 1.0) < 4 / math.sqrt(800)
    middle = scenario.model_copy(update={"values": {**scenario.values, "environment.draw": 0}})
    assert environment_of(region, middle)["work_training"] == 1.0
    known = {name for name, (indicator, _, _) in FIELDS.items() if indicator not in region.gaps}
    first, other = (
        environment_of(region, scenario.model_copy(update={"values": {**scenario.values, "environment.draw": draw}}))
        for draw in (1, 2)
    )
    assert known == {name for name in FIELDS if first[name] == other[name]}


def test_left_behind_and_other_differ_in_every_field_but_by_indicators_alone() -> None:
    one, other = (load_scenario(name) for name in ("uk-left-behind", "uk-core"))
    a, b = (environment_of(s.regions[0], s) for s in (one, other))
    alike = ("price_level", "work_training", "public_provision")  # medians at which what stands in may lie
    assert all(a[name] != b[name] for name in FIELDS if name not in alike)
    none = {"environment.differences": "none"}
    a, b = (
        environment_of(s.regions[0], s)
        for s in (load_scenario(n, overrides=none) for n in ("uk-left-behind", "uk-core"))
    )
    assert a == b
    assert a == {name: PARAMETERS[f"environment.{name}"].default for name in (*FIELDS, OUTSIDE_ACCESS)}


def test_the_mean_catchment_over_the_spaces_of_the_frame_is_the_base() -> None:
    """Of draws, the mean of a lognormal is taken; so it is the base on average, whoever is a user."""
    for users_by in ("creative_employees", "residents", "professionals", "businesses"):
        scenario = load_scenario("uk-all", {"environment.users_by": users_by})
        x0, total = scenario.reference["users_per_space"], 0.0
        for region in scenario.regions:
            mean = math.exp(region.gaps.get("users_per_space", 0.0) ** 2 / 2.0)
            total += region.spaces * 800.0 * region.indicators["users_per_space"] / x0 * mean
        assert total / 1534 == pytest.approx(800.0)


def test_people_of_a_measured_catchment_are_cut_where_there_are_no_more_keys() -> None:
    scenario = load_scenario("uk-all", overrides={"environment.catchment": 1600})
    people = dict(zip((r.code for r in scenario.regions), np.diff(Regions.of(scenario).first_row), strict=True))
    assert people["TLJ11"] == MOST_PEOPLE
    with pytest.raises(ValueError, match="65,536 is the most"):
        Regions.of(load_scenario("uk-all", {"environment.catchment": 1600, "environment.differences": "none"}))


def test_a_field_set_by_the_scenario_wins(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "# What if?\ntitle: t\nextends: tiny\nregions:\n"
        "  - like: TLC12\n    people: 20\n    environment: {outside_access: 0.9}\n"
    )
    regions = Regions.of(load_scenario(file))
    assert regions.outside_access.tolist() == [0.9]


#: Eligibility of policies may name a kind of region; nothing else may know it.
MAY_READ_THE_FLAG = {"schemes.py"}


@pytest.mark.parametrize("folder", ["world", "mechanisms", "quantities"])
def test_no_mechanism_reads_the_flag(folder: str) -> None:
    for path in (PACKAGE / folder).rglob("*.py"):
        if path.name in MAY_READ_THE_FLAG and folder == "mechanisms":
            continue
        names = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute | ast.Name)
        }
        assert not {name for name in names if name == "flag" or "left_behind" in name}, path
