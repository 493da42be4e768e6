"""The true slopes: by hand where a law is linear, none where nothing is added, and the world as a run has it."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.survey.trial import TrueSlope, power_table, simulated, true_of
from coworksim.model.scenario import Scenario
from coworksim.runs.simulation import simulate
from coworksim.statistics.intervals import wilson
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
        "survey.trial_gatherings": 0.0,
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
        assert math.isnan(one(found, "gatherings", outcome)["slope"])  # nothing was added: nothing moved


def test_gatherings_teach_social_skills() -> None:
    found = slopes_of(surveyed())
    social = one(found, "gatherings", "sc_space")
    assert social["slope"] > 0.1
    assert social["points_per_unit"] > 0.0
    assert social["people"] == sum(
        one(found, "gatherings", "sc_space", "wide", group)["people"] for group in ("left-behind", "other")
    )
    assert 0.0 < social["error"] < social["slope"]


def test_where_nothing_is_added_nothing_moves() -> None:
    found = slopes_of(surveyed(**{"survey.trial_hours": 0.0, "survey.trial_gatherings": 0.0}))
    assert (found["moved"].abs() < 1e-12).all()
    assert found["slope"].isna().all()


def test_a_slope_has_every_label() -> None:
    assert list(TrueSlope.__slots__)[:4] == ["treatment", "outcome", "rule", "group"]


def slope(group: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "treatment": "machine_hours",
        "outcome": "td_space",
        "rule": "narrow",
        "group": group,
        "slope": value,
        **more,
    }


TERM = {"outcome": "td_space", "rule": "flag_narrow", "form": "direct", "term": "resource"}
SLOPES = pd.DataFrame(
    [
        slope("other", 0.2),
        slope("other", 0.4),
        slope("left-behind", 0.9),
        slope("left-behind", 0.7),
        slope("other", 5.0, rule="wide"),
        slope("other", 6.0, outcome="td_total"),
        slope("other", 7.0, treatment="gatherings"),
    ]
)


def test_a_true_slope_is_the_mean_of_other_regions_or_the_lead_of_those_left_behind() -> None:
    assert true_of(SLOPES, "td_space", "flag_narrow", "resource") == pytest.approx(0.3)
    assert true_of(SLOPES, "td_space", "narrow", "resource:left_behind") == pytest.approx(0.5)
    assert true_of(SLOPES, "td_space", "flag_wide", "resource") == 5.0
    assert math.isnan(true_of(SLOPES, "td_space", "flag_narrow", "independent"))  # no trial moves it
    assert math.isnan(true_of(SLOPES, "td_space", "flag_own", "resource"))
    assert math.isnan(true_of(SLOPES[:0], "td_space", "flag_narrow", "resource"))
    assert math.isnan(true_of(pd.DataFrame(), "td_space", "flag_narrow", "resource"))


def test_power_of_five_surveys() -> None:
    rows = [
        {**TERM, "estimate": estimate, "p": p, "p_permutation": exact}
        for estimate, p, exact in (
            (0.4, 0.049, 0.05),
            (0.6, 0.01, 0.051),
            (-0.5, 0.04, math.nan),
            (0.0, 0.05, 0.01),
            (0.25, 0.9, 1.0),
        )
    ]
    other = [{**row, "term": "social", "p": 1.0} for row in rows[::-1]]
    table = pd.DataFrame([*rows, *other])
    table["term"] = pd.Categorical(table["term"], categories=["nothing", "social", "resource"])
    found = power_table(table, SLOPES)
    assert found["term"].tolist() == ["resource", "social"]  # in the order in which they came
    one = found.iloc[0]
    assert (one["surveys"], one["mean"], one["positive_share"]) == (5, pytest.approx(0.15), pytest.approx(0.6))
    assert one["sd"] == pytest.approx(math.sqrt((0.25**2 + 0.45**2 + 0.65**2 + 0.15**2 + 0.1**2) / 4))
    assert one["power"] == pytest.approx(0.6)
    assert (one["power_low"], one["power_high"]) == (wilson(3, 5).low, wilson(3, 5).high)
    assert one["power_permutation"] == pytest.approx(0.5)
    assert (one["power_permutation_low"], one["power_permutation_high"]) == (wilson(2, 4).low, wilson(2, 4).high)
    assert one["type_m"] == pytest.approx(0.5 / 0.15)
    assert one["type_s"] == pytest.approx(1 / 3)
    assert one["true_slope"] == pytest.approx(0.3)
    none = found.iloc[1]
    assert none["power"] == 0.0
    assert math.isnan(none["type_m"])
    assert math.isnan(none["type_s"])


def test_a_single_survey_has_no_spread() -> None:
    row = {**TERM, "estimate": 0.4, "p": 0.01, "p_permutation": math.nan}
    one = power_table(pd.DataFrame([row]), SLOPES).iloc[0]
    assert math.isnan(one["sd"])
    assert math.isnan(one["power_permutation"])
    assert (one["type_m"], one["type_s"]) == (1.0, 0.0)


def test_what_is_found_is_too_large_by_the_mean_of_all_that_is_found() -> None:
    rows = [{**TERM, "estimate": value, "p": 0.01, "p_permutation": 0.01} for value in (1.0, 1.0, 4.0)]
    one = power_table(pd.DataFrame([*rows, {**rows[0], "estimate": 0.0, "p": 0.9}]), SLOPES).iloc[0]
    assert one["type_m"] == pytest.approx(2.0 / 1.5)
