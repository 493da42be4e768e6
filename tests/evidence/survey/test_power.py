"""Power, exaggeration and true slopes of five surveys, by hand."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from coworksim.evidence.survey.power import power_table, true_of
from coworksim.statistics.intervals import wilson


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
        slope("other", 7.0, treatment="introductions"),
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
