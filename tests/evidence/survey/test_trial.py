"""The true slopes: by hand where a law is linear, none where nothing is added, and the world as a run has it."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.survey.trial import TrueSlope, simulated
from coworksim.model.scenario import Scenario
from coworksim.runs.simulation import simulate
from tests.evidence.survey.worlds import surveyed


def slopes_of(scenario: Scenario) -> pd.DataFrame:
    return pd.DataFrame([asdict(slope) for slope in simulated(scenario, 1, 0)[1]])


def one(table: pd.DataFrame, treatment: str, outcome: str, rule: str = "all", group: str = "all") -> pd.Series:
    kept = table[(table["treatment"] == treatment) & (table["outcome"] == outcome)]
    return kept[(kept["rule"] == rule) & (kept["group"] == group)].iloc[0]


def test_the_world_beside_trials_is_that_of_a_run() -> None:
    scenario = surveyed()
    world, _ = simulated(scenario, 3, 1)
    plain = simulate(scenario, 3, 1).model.world
    assert np.array_equal(world.workers.skill, plain.workers.skill)
    assert np.array_equal(world.workers.key, plain.workers.key)
    assert len(world.ties) == len(plain.ties)
    assert simulated(scenario, 3, 1, trial=False)[1] == ()


def test_machine_hours_teach_what_their_law_says() -> None:
    """Without a gap to close (theta 0), frontier drift or peers, an hour brings ``100*k_td/2`` points: the law of phi.

    People learn so little that nobody comes near the frontier, where steps are cut.
    """
    plain = {
        "resource_learning.theta_td": 0.0,
        "resource_learning.td_rate": 0.0001,
        "resource_learning.own_td": 0.0,
        "social_learning.peer_gain_td": 0.0,
        "mechanisms.frontier": False,
        "survey.trial_introductions": 0.0,
    }
    scenario = surveyed(**plain)
    found = slopes_of(scenario)
    hours = one(found, "machine_hours", "td_space")
    assert hours["points_per_unit"] == pytest.approx(100 * float(scenario["resource_learning.td_rate"]) / 2, rel=1e-6)
    assert hours["moved"] > 0.05
    assert hours["slope"] > 0.0
    total = one(found, "machine_hours", "td_total")
    assert 0.0 < total["points_per_unit"] < hours["points_per_unit"]  # an hour inside is not spent outside
    for outcome in ("sc_space", "td_space"):
        assert math.isnan(one(found, "introductions", outcome)["slope"])  # nothing was added: nothing moved


def test_introductions_teach_social_skills() -> None:
    found = slopes_of(surveyed())
    social = one(found, "introductions", "sc_space")
    assert social["slope"] > 0.1
    assert social["points_per_unit"] > 0.0
    assert social["people"] == sum(
        one(found, "introductions", "sc_space", "wide", group)["people"] for group in ("left-behind", "other")
    )
    assert 0.0 < social["error"] < social["slope"]


def test_where_nothing_is_added_nothing_moves() -> None:
    found = slopes_of(surveyed(**{"survey.trial_hours": 0.0, "survey.trial_introductions": 0.0}))
    assert (found["moved"].abs() < 1e-12).all()
    assert found["slope"].isna().all()


def test_a_slope_has_every_label() -> None:
    assert list(TrueSlope.__slots__)[:4] == ["treatment", "outcome", "rule", "group"]
