"""Student's t: tables, and the textbook's comparison of two means."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from coworksim.statistics.student_t import (
    Z95,
    Estimate,
    counted,
    estimate,
    gain_of_pairing,
    half_width,
    interval,
    runs_needed,
    t_quantile,
    two_sided,
    welch,
)

#: Two-sided 95 % points, from Fisher and Yates's table III.
TABLE = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 7: 2.365, 10: 2.228, 20: 2.086, 60: 2.000, 120: 1.980}
#: Two-sided points of 10 degrees of freedom by the chance beyond them, from the same table.
TEN = {0.5: 0.700, 0.2: 1.372, 0.1: 1.812, 0.05: 2.228, 0.02: 2.764, 0.01: 3.169, 0.001: 4.587}


def test_quantiles_are_those_of_the_table() -> None:
    assert {freedom: round(t_quantile(freedom), 3) for freedom in TABLE} == TABLE
    assert t_quantile(1e9) == pytest.approx(Z95, rel=1e-8)
    assert round(Z95, 4) == 1.9600


def test_other_quantiles_and_their_tails() -> None:
    for beyond, t in TEN.items():
        assert t_quantile(10, 1.0 - beyond / 2.0) == pytest.approx(t, abs=6e-4)
        assert two_sided(t, 10) == pytest.approx(beyond, rel=2e-3)
        assert two_sided(-t, 10) == two_sided(t, 10)


def test_degrees_of_freedom_need_not_be_whole() -> None:
    for freedom in (0.7, 1.0, 3.3, 8.5, 40.0, 1e4):
        assert t_quantile(freedom) == pytest.approx(scipy.stats.t.ppf(0.975, freedom), rel=1e-8)
        for t in (0.1, 1.0, 2.5, 20.0):
            assert two_sided(t, freedom) == pytest.approx(2 * scipy.stats.t.sf(t, freedom), rel=1e-8)
    assert all(math.isnan(x) for x in (t_quantile(0), t_quantile(math.nan), two_sided(1.0, 0), two_sided(math.nan, 5)))


def test_the_interval_of_a_mean_by_hand() -> None:
    """Mean 5, variance 10 of five numbers: 5 +- 2.776 * sqrt(10 / 5)."""
    mean, low, high = interval([1.0, 3.0, 5.0, 7.0, 9.0])
    assert (mean, low, high) == pytest.approx((5.0, 5 - 2.7764 * math.sqrt(2), 5 + 2.7764 * math.sqrt(2)), rel=1e-4)
    assert half_width([1.0, 3.0, 5.0, 7.0, 9.0]) == pytest.approx((high - low) / 2)
    assert math.isnan(half_width([1.0]))
    assert all(math.isnan(x) for x in interval([]))


def test_equal_numbers_have_no_width() -> None:
    found = estimate([0.1] * 7)
    assert (found.value, found.low, found.high, found.n) == (0.1, 0.1, 0.1, 7)
    assert found.without_zero
    assert estimate([-3.0, -3.1, -2.9]).without_zero
    assert not estimate([-3.0, 3.0]).without_zero


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


@given(st.floats(0, 1e3), st.floats(1e-2, 1e3))
def test_fewer_runs_than_needed_are_not_enough(sd: float, wanted: float) -> None:
    runs = runs_needed(sd, wanted)
    if runs < 10_000_000:
        assert t_quantile(runs - 1) * sd <= wanted * math.sqrt(runs)
    if runs > 2:
        assert t_quantile(runs - 2) * sd > wanted * math.sqrt(runs - 1)


def test_welch_by_hand() -> None:
    """Means 5 and 3, variances 1 and 4 of three and four: t = 2/sqrt(1/3 + 1) = 1.73, too little."""
    one, other = np.array([4.0, 5.0, 6.0]), np.array([0.5505102572, 3.0, 3.0, 5.4494897428])
    assert float(other.var(ddof=1)) == pytest.approx(4.0)
    found = welch(one, other)
    assert found is not None
    assert found.estimate == pytest.approx(2.0)
    assert not found.found
    assert welch(one, one[:1]) is None
    assert welch(np.ones(3), np.zeros(3)) == (1.0, False)  # nothing varies
    for sure in (welch(one, other - 10.0), welch(other - 10.0, one)):
        assert sure is not None
        assert sure.found


def test_welch_finds_from_the_quantile_of_its_degrees_of_freedom_on() -> None:
    """Variances 1 and 4 of three and four have ``(4/3)**2 / ((1/3)**2/2 + 1/3) = 4.57`` degrees of freedom: four."""
    one, other = np.array([4.0, 5.0, 6.0]), np.array([0.5505102572, 3.0, 3.0, 5.4494897428]) - 3.0
    needed = 2.7764 * math.sqrt(4 / 3)
    for gap, clear in ((needed - 1e-3, False), (needed + 1e-3, True)):
        found = welch(one - 5.0 + gap, other)
        assert found is not None
        assert found.found == clear


def test_pairing_gains_nothing_where_worlds_share_nothing() -> None:
    assert gain_of_pairing([1.0, 2.0, 3.0, 2.0], [2.0, 3.0, 2.0, 1.0]) == pytest.approx(1.0)
    assert gain_of_pairing([1.0, 2.0], [0.0, 1.0]) == math.inf


def test_the_gain_of_pairing_is_how_many_times_fewer_runs_are_needed() -> None:
    """Variances 4 and 1 of 0, 2, 4 and 0, 1, 2; the differences 0, 1, 2 have 1."""
    assert gain_of_pairing([0.0, 2.0, 4.0], [0.0, 1.0, 2.0]) == pytest.approx(5.0)
    assert math.isnan(gain_of_pairing([1.0], [1.0]))


def test_what_is_counted_has_no_limit_below_nought() -> None:
    assert (counted([0.0, 0.0, 3.0]).low, counted([0.0, 0.0, 3.0]).value) == (0.0, 1.0)
    assert counted([-1.0, 0.0, 3.0]).low < 0.0
    assert counted([5.0, 5.1, 4.9]).low == pytest.approx(5.0 - 4.3027 * 0.1 / math.sqrt(3), rel=1e-4)
