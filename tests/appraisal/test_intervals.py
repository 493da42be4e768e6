"""Formulas by hand and by brute force."""

from __future__ import annotations

import datetime
import math
from statistics import fmean

import numpy as np
import pytest

from colearn.appraisal.distribution import gini, weights
from colearn.appraisal.intervals import Estimate, counted, estimate, fieller, gain_of_pairing, ratio, share
from colearn.appraisal.money import discounted, financial_year, largest_support
from colearn.experiments.student import interval
from colearn.world.ledger import Posting
from tests.appraisal.worlds import easy

COST = [10.0, 12.0, 9.0, 14.0, 11.0, 10.5]
GAIN = [2.0, 2.6, 1.7, 2.4, 2.2, 1.9]


@pytest.mark.slow
def test_fieller_is_the_set_of_ratios_that_no_test_rejects() -> None:
    """Brute force: a ratio R is inside when the interval of ``a - R*b`` holds 0."""
    value, low, high = fieller(COST, GAIN)
    assert value == fmean(COST) / fmean(GAIN)

    def holds(r: float) -> bool:
        _, least, most = interval([a - r * b for a, b in zip(COST, GAIN, strict=True)])
        return least <= 0.0 <= most

    step = 1e-5
    assert holds(low + step)
    assert holds(high - step)
    assert not holds(low - step)
    assert not holds(high + step)
    inside = [r for r in np.arange(0.0, 20.0, 0.001) if holds(float(r))]
    assert min(inside) == pytest.approx(low, abs=0.001)
    assert max(inside) == pytest.approx(high, abs=0.001)


def test_the_limits_of_fieller_solve_its_equation() -> None:
    """``(mean a - R * mean b)**2 = t**2 * (Saa - 2*R*Sab + R**2 * Sbb) / n``, with t of 5 degrees of freedom."""
    _, low, high = fieller(COST, GAIN)
    n, t = len(COST), 2.570582
    (saa, sab), (_, sbb) = np.cov(COST, GAIN)
    for r in (low, high):
        distance = (fmean(COST) - r * fmean(GAIN)) ** 2
        assert distance == pytest.approx(t * t * (saa - 2 * r * sab + r * r * sbb) / n, rel=1e-3)
    assert low < fmean(COST) / fmean(GAIN) < high


def test_fieller_has_no_limits_where_the_mean_below_is_not_clearly_off_zero() -> None:
    value, low, high = fieller([1.0, 2.0, 3.0], [1.0, -1.0, 0.3])
    assert value == pytest.approx(20.0)
    assert math.isnan(low)
    assert math.isnan(high)
    assert math.isnan(fieller([1.0, 2.0], [1.0, -1.0])[0])
    assert fieller([3.0], [2.0])[0] == 1.5
    # t of 2 degrees of freedom is 4.3027: a mean below of 4.3 standard errors is too near to 0, one of 4.4 is not
    spread = math.sqrt(3.0)
    for errors, finite in ((4.3, False), (4.4, True)):
        below = [errors - spread, errors, errors + spread]
        assert math.isfinite(fieller([1.0, 2.0, 3.0], below)[1]) is finite


def test_the_interval_of_a_mean_is_that_of_a_table() -> None:
    """The quantiles of 95 % of Student's t: 12.706, 4.303, 2.776 and 2.262."""
    for n, t in ((2, 12.706), (3, 4.303), (5, 2.776), (10, 2.262)):
        values = [1.0 * k for k in range(n)]
        error = math.sqrt(sum((v - fmean(values)) ** 2 for v in values) / (n - 1) / n)
        found = estimate(values)
        assert found.value == fmean(values)
        assert found.high - found.value == pytest.approx(t * error, rel=2e-3)
        assert found.value - found.low == pytest.approx(t * error, rel=2e-3)


@pytest.mark.parametrize(
    ("low", "high", "apart"),
    [(0.1, 2.0, True), (-2.0, -0.1, True), (-0.1, 2.0, False), (0.0, 2.0, False), (-2.0, 0.0, False)],
)
def test_an_estimate_is_without_zero_by_its_interval(low: float, high: float, apart: bool) -> None:
    assert Estimate((low + high) / 2, low, high, 5).without_zero is apart


def test_what_is_counted_is_not_below_zero() -> None:
    assert counted([0.0, 0.0, 3.0]).low == 0.0
    assert counted([0.0, 0.0, 3.0]).high == estimate([0.0, 0.0, 3.0]).high > 0.0
    assert counted([-0.5, 0.0, 3.0]) == estimate([-0.5, 0.0, 3.0])
    assert estimate([0.0, 0.0, 3.0]).low < 0.0


def test_fieller_without_spread_below_is_students_interval() -> None:
    _, low, high = fieller(COST, [2.0] * len(COST))
    _, least, most = interval(COST)
    assert [low, high] == pytest.approx([least / 2, most / 2])


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


def test_pairing_gains_nothing_where_worlds_share_nothing() -> None:
    assert gain_of_pairing([1.0, 2.0, 3.0, 2.0], [2.0, 3.0, 2.0, 1.0]) == pytest.approx(1.0)
    assert gain_of_pairing([1.0, 2.0], [0.0, 1.0]) == math.inf


def test_equal_numbers_have_no_width() -> None:
    found = estimate([0.1] * 7)
    assert (found.value, found.low, found.high, found.n) == (0.1, 0.1, 0.1, 7)
    assert found.without_zero


def test_financial_years_begin_in_april() -> None:
    monday = datetime.date(2023, 3, 27)
    assert [financial_year(monday, week) for week in (0, 1, 52, 53)] == ["2022-23", "2023-24", "2023-24", "2024-25"]


def test_support_of_an_enterprise_is_over_three_years_in_a_row() -> None:
    scenario = easy()  # spaces open in November 2022

    def paid(week: int, space: str, pence: int) -> Posting:
        return Posting(week, "treasury", space, "support:x", pence)

    postings = [paid(0, "space:a/0", 100), paid(52, "space:a/0", 200), paid(104, "space:a/0", 400),
                paid(156, "space:a/0", 800), paid(0, "space:b/0", 1300), paid(0, "college", 9900)]  # fmt: skip
    assert largest_support(postings, scenario) == 14.0
    assert largest_support([], scenario) == 0.0
