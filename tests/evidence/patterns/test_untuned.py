"""Draws: signs of the environment are even, ranges are as declared, and their hash is theirs."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from coworksim.evidence.patterns.untuned import RATIO, SPANS, design, points, ranges, ranges_hash
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS

SCENARIO = load_scenario("patterns")


def test_left_behind_fields_lie_above_and_below_equally_often() -> None:
    drawn = list(points(design(ranges(SCENARIO), 64, 1, SCENARIO), 64))
    for field in FIELDS:
        ratios = [point.ratios[field] for point in drawn]
        assert sum(ratio < 0 for ratio in ratios) == 32
        assert max(map(abs, ratios)) <= SPANS[field]
    assert {f.name: (f.low, f.high) for f in ranges(SCENARIO)}[f"{RATIO}outside_access"] == pytest.approx(
        (-math.log(0.75 / 0.35) / 2, math.log(0.75 / 0.35) / 2)
    )


def test_no_field_follows_an_indicator_in_a_draw() -> None:
    (point,) = points(design(ranges(SCENARIO), 64, 1, SCENARIO), 1)
    assert all(point.overrides[f"environment.{field}_elasticity"] == 0.0 for field in FIELDS)
    assert point.overrides["environment.noise"] > 0.0


def test_few_draws_are_the_first_of_many() -> None:
    few, many = (list(points(design(ranges(SCENARIO), n, 1, SCENARIO), 20)) for n in (20, 200))
    assert few == many
    assert len({point.seed for point in few}) == 20


def test_ranges_follow_the_declaration_the_size_of_worlds_and_what_is_settled() -> None:
    at = {factor.name: factor for factor in ranges(SCENARIO, ["space.price", "environment.noise"])}
    low, high = PARAMETERS["membership.habit"].sampled or (0, 0)
    assert (at["membership.habit"].low, at["membership.habit"].high) == (low, high)
    assert (at["environment.catchment"].low, at["environment.catchment"].high) == pytest.approx((120, 480))
    assert at["space.desks"].high == round(120 * 20 / 64)
    assert not {"space.price", "environment.noise", "frontier.ai_jump", "schemes.hassle"} & set(at)


def test_the_hash_is_that_of_the_ranges() -> None:
    factors = ranges(SCENARIO)
    assert ranges_hash(factors) == ranges_hash(ranges(load_scenario("patterns", {"seed": 7})))
    wider = tuple(replace(f, high=f.high * 2) if f.name == "membership.habit" else f for f in factors)
    assert ranges_hash(wider) != ranges_hash(factors)
