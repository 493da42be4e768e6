"""Formulas by hand and by brute force."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest

from coworksim.appraisal.estimates import ratio, share
from coworksim.appraisal.money import discounted, financial_year, gini, largest_support, weights
from coworksim.model.state.world import Posting
from coworksim.statistics.intervals import fieller
from tests.appraisal.worlds import easy


def test_limits_of_a_share_stay_where_a_share_can_be() -> None:
    part, whole = [9.0, 1.0, 2.0], [10.0, 10.0, 12.0]
    value, low, high = fieller(part, whole)
    assert low < 0.0
    assert high > 1.0
    assert (share(part, whole, "support").low, share(part, whole, "support").high) == (0.0, 1.0)
    assert share(part, whole, "support").value == value
    beyond = [12.0, 1.0, 2.0]  # a part that can be above its whole is no share of that kind
    assert share(beyond, whole, "support") == ratio(beyond, whole, "support")
    below = [-1.0, 1.0, 2.0]
    assert share(below, whole, "support") == ratio(below, whole, "support")
    assert share(part, whole, "support").low == 0.0


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        ([1.0, -1.0, 0.5, -0.4], "includes 0"),
        ([0.0, 0.0, 0.0, 0.0], "no gain at all"),
        ([-1.0, -1.1, -0.9, -1.0], "less gain"),
        ([1.0], "one replicate"),
    ],
)
def test_where_a_ratio_means_nothing_there_is_none(effect: list[float], reason: str) -> None:
    found = ratio([5.0] * len(effect), effect, "gain")
    assert math.isnan(found.value)
    assert reason in found.undefined


def test_present_value_by_hand() -> None:
    flows = [(0, 10_000), (26, 5_000), (156, -2_000)]
    by_hand = 100 + 50 / math.sqrt(1.035) - 20 / 1.035**3
    assert discounted(flows, 0.035) == pytest.approx(by_hand, rel=1e-12)


def test_welfare_weights_by_hand() -> None:
    assert weights(np.array([200.0, 400.0, 800.0]), 400.0, 1.3).tolist() == pytest.approx([2**1.3, 1.0, 0.5**1.3])


def test_gini_by_the_definition() -> None:
    values = np.array([3.0, 1.0, 7.0, 2.5])
    by_pairs = np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
    assert gini(values) == pytest.approx(by_pairs)


def test_financial_years_begin_in_april() -> None:
    monday = datetime.date(2023, 3, 27)
    assert [financial_year(monday, week) for week in (0, 1, 52, 53)] == ["2022-23", "2023-24", "2023-24", "2024-25"]


def test_support_of_an_enterprise_is_over_three_years_in_a_row() -> None:
    scenario = easy()  # spaces open in November 2022

    def paid(week: int, space: str, pence: int) -> Posting:
        return Posting(week, "treasury", space, "support:x", pence)

    postings = [
        paid(0, "space:a/0", 100),
        paid(52, "space:a/0", 200),
        paid(104, "space:a/0", 400),
        paid(156, "space:a/0", 800),
        paid(0, "space:b/0", 1300),
        paid(0, "college", 9900),
    ]
    assert largest_support(postings, scenario) == 14.0
    assert largest_support([], scenario) == 0.0
