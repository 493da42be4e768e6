"""What sets regions apart is changed field by field, and nothing else."""

from __future__ import annotations

import math

import pytest

from coworksim.evidence.patterns.region_contrast import ALIKE, GROUPS, alike, apart, ratios_of
from coworksim.files.load import load_scenario
from coworksim.model.parameters.environment import FIELDS
from coworksim.model.state.spaces import environment_of

WORLD = load_scenario("patterns")
EVEN = load_scenario("patterns", dict(ALIKE))


def test_groups_hold_every_field_once() -> None:
    assert sorted(field for fields in GROUPS.values() for field in fields) == sorted(FIELDS)


def test_without_elasticities_and_noise_all_regions_are_alike() -> None:
    first, *others = [environment_of(region, EVEN) for region in EVEN.regions]
    assert all(other == pytest.approx(first) for other in others)
    assert {region.flag for region in EVEN.regions} == {"left-behind", "other"}


def test_regions_come_apart_by_the_ratio_asked_for_and_in_that_field_alone() -> None:
    found = ratios_of(apart(EVEN, {"outside_access": math.log(0.6), "demand_trend": -0.01}))
    assert found.pop("outside_access") == pytest.approx(math.log(0.6))
    assert found.pop("demand_trend") == pytest.approx(-0.01)
    assert {round(gap, 12) for gap in found.values()} == {0.0}


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
