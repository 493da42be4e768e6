"""Draws: signs of the environment are even, ranges are as declared, and their hash is theirs."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from coworksim.evidence.patterns.untuned import (
    ALIKE,
    GROUPS,
    RATIO,
    SPANS,
    alike,
    apart,
    design,
    points,
    ranges,
    ranges_hash,
    ratios_of,
    without_gaps,
)
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, OUTSIDE_ACCESS
from coworksim.model.scenario import Region, Scenario
from coworksim.model.state.spaces import environment_of

SCENARIO = load_scenario("patterns")


def test_left_behind_fields_lie_above_and_below_equally_often() -> None:
    drawn = list(points(design(ranges(SCENARIO), 64, 1, SCENARIO), 64))
    assert [field for field in FIELDS if not SPANS[field]] == ["demand_trend"]  # nothing speaks for one trend or other
    for field in FIELDS:
        ratios = [point.ratios[field] for point in drawn]
        assert sum(ratio < 0 for ratio in ratios) == (32 if SPANS[field] > 0 else 0)
        assert max(map(abs, ratios)) <= SPANS[field]
    assert {f.name: (f.low, f.high) for f in ranges(SCENARIO)}[f"{RATIO}public_provision"] == pytest.approx(
        (-math.log(2.0) / 2, math.log(2.0) / 2)
    )


def test_no_field_follows_an_indicator_in_a_draw() -> None:
    (point,) = points(design(ranges(SCENARIO), 64, 1, SCENARIO), 1)
    assert point.overrides["environment.differences"] == "none"
    assert not any(name.endswith("_response") for name in point.overrides)
    assert point.overrides["environment.outside_access_follows"] in ("public_provision", "work_training", "none")


def test_a_draw_sets_parameters_and_apart_from_them_ratios_of_fields() -> None:
    (point,) = points(design(ranges(SCENARIO), 64, 1, SCENARIO), 1)
    assert set(point.overrides) <= set(PARAMETERS)
    assert set(point.ratios) == set(FIELDS)


def test_few_draws_are_the_first_of_many() -> None:
    few, many = (list(points(design(ranges(SCENARIO), n, 1, SCENARIO), 20)) for n in (20, 200))
    assert few == many
    assert len({point.seed for point in few}) == 20


def test_ranges_follow_the_declaration_the_size_of_worlds_and_what_is_settled() -> None:
    at = {factor.name: factor for factor in ranges(SCENARIO, ["space.price", "environment.reach"])}
    low, high = PARAMETERS["membership.churn"].sampled or (0, 0)
    assert (at["membership.churn"].low, at["membership.churn"].high) == (low, high)
    assert at["environment.catchment"].ends == pytest.approx((120, 480))
    assert at["space.desks"].ends[1] == round(120 * 24 / 52)
    assert not {"space.price", "environment.reach", "frontier.ai_jump", "schemes.hassle"} & set(at)


def test_the_hash_is_that_of_the_ranges() -> None:
    factors = ranges(SCENARIO)
    assert ranges_hash(factors) == ranges_hash(ranges(load_scenario("patterns", {"seed": 7})))
    wider = tuple(replace(f, high=f.high * 2) if f.name == "membership.churn" else f for f in factors)
    assert ranges_hash(wider) != ranges_hash(factors)


WORLD = load_scenario("patterns")
EVEN = load_scenario("patterns", dict(ALIKE))


def test_groups_hold_every_field_once() -> None:
    assert sorted(field for fields in GROUPS.values() for field in fields) == sorted(FIELDS)


def test_without_differences_all_regions_are_alike() -> None:
    first, *others = [environment_of(region, EVEN) for region in EVEN.regions]
    assert all(other == pytest.approx(first) for other in others)
    assert {region.flag for region in EVEN.regions} == {"left-behind", "other"}


def test_regions_come_apart_by_the_ratio_asked_for_and_in_that_field_alone() -> None:
    found = ratios_of(apart(EVEN, {OUTSIDE_ACCESS: math.log(0.6), "demand_trend": -0.01}))
    assert found.pop("outside_access") == pytest.approx(math.log(0.6))
    assert found.pop("demand_trend") == pytest.approx(-0.01)
    assert {round(gap, 12) for gap in found.values()} == {0.0}


def test_outside_access_goes_with_the_field_that_it_follows_unless_it_is_moved_itself() -> None:
    found = ratios_of(apart(EVEN, {"public_provision": 0.2}))
    assert (found["public_provision"], found[OUTSIDE_ACCESS]) == pytest.approx((0.2, 0.2))
    both = ratios_of(apart(EVEN, {"public_provision": 0.2, OUTSIDE_ACCESS: -0.1}))
    assert (both["public_provision"], both[OUTSIDE_ACCESS]) == pytest.approx((0.2, -0.1))
    work = ratios_of(apart(EVEN, {"work_training": 0.2}))
    assert (work["work_training"], work[OUTSIDE_ACCESS]) == pytest.approx((0.2, 0.0))
    again = ratios_of(apart(apart(EVEN, {OUTSIDE_ACCESS: -0.1}), {"public_provision": 0.2}))
    assert (again["public_provision"], again[OUTSIDE_ACCESS]) == pytest.approx((0.2, -0.1))


def test_real_ratios_are_those_of_figures_without_what_is_drawn() -> None:
    world = load_scenario("uk-all")
    one, other = (ratios_of(without_gaps(draw)) for draw in (world, load_scenario("uk-all", {"environment.draw": 7})))
    assert one == other
    assert ratios_of(world)["catchment"] != one["catchment"]


@pytest.mark.parametrize("ratio", [math.log(2.0), -0.3])
def test_a_ratio_of_catchment_leaves_as_many_potential_users(ratio: float) -> None:
    """They used to follow the kind of region that has most spaces: by up to two fifths in uk-74-thinned."""
    behind = [replace_spaces(region, 5 if region.flag == "left-behind" else 1) for region in EVEN.regions]
    uneven = EVEN.model_copy(update={"regions": tuple(behind)})
    moved = apart(uneven, {"catchment": ratio, "outside_access": 0.1})
    assert ratios_of(moved)["catchment"] == pytest.approx(ratio)
    assert ratios_of(moved)["outside_access"] == pytest.approx(0.1)
    assert users(moved) == pytest.approx(users(uneven))


def replace_spaces(region: Region, number: int) -> Region:
    return region.model_copy(update={"spaces": number})


def users(scenario: Scenario) -> float:
    return sum(region.spaces * environment_of(region, scenario)["catchment"] for region in scenario.regions)


def test_fields_that_are_made_alike_lose_their_gap_and_others_keep_it() -> None:
    before, after = ratios_of(WORLD), ratios_of(alike(WORLD, ["catchment", "demand_trend"]))
    assert abs(before["catchment"]) > 0.05
    for field in FIELDS:
        gone = field in ("catchment", "demand_trend")
        assert after[field] == pytest.approx(0.0 if gone else before[field], abs=1e-9)
    others = [region for region in WORLD.regions if region.flag == "other"]
    moved = {region.name: region for region in alike(WORLD, ["catchment"]).regions}
    for region in others:
        assert environment_of(moved[region.name], WORLD) == pytest.approx(environment_of(region, WORLD))
