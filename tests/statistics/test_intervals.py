"""Student's t, Wilson's and Fieller's intervals: tables, textbooks, and brute force."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from coworksim.statistics.intervals import (
    Z95,
    Estimate,
    Share,
    counted,
    estimate,
    fieller,
    fieller_limits,
    gain_of_pairing,
    half_width,
    interval,
    paired_difference,
    runs_needed,
    share_ratio,
    t_quantile,
    two_sided,
    welch,
    wilson,
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


#: Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3.
NEWCOMBE = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}


def test_wilsons_interval_is_that_of_newcombes_table() -> None:
    found = {key: (round(wilson(*key).low, 4), round(wilson(*key).high, 4)) for key in NEWCOMBE}
    assert found == NEWCOMBE
    assert wilson(81, 263).half_width == pytest.approx((0.3662 - 0.2553) / 2, abs=1e-4)


def test_a_share_of_nothing_is_none() -> None:
    found = wilson(0, 0)
    assert (found.n, found.yes) == (0, 0)
    assert all(math.isnan(x) for x in found[2:])


@pytest.mark.parametrize(("share", "number"), [(0.0, 6), (0.5, 6), (1.0, 64), (0.3, 1000)])
def test_the_interval_holds_the_share_and_stays_within_0_and_1(share: float, number: int) -> None:
    few = wilson(share * number, number, t_quantile(number - 1))
    assert 0.0 <= few.low <= few.share <= few.high <= 1.0
    assert few.half_width > wilson(share * number, number).half_width > 0.0


def test_the_interval_is_where_the_score_test_does_not_reject() -> None:
    """At its ends the share lies one quantile of standard errors away, errors taken at the end (Wilson's idea)."""
    for end in wilson(7, 30, 2.045)[3:]:
        assert abs(7 / 30 - end) == pytest.approx(2.045 * math.sqrt(end * (1 - end) / 30))


def test_a_ratio_of_shares() -> None:
    found = share_ratio(wilson(30, 100), wilson(60, 100))
    assert found.ratio == pytest.approx(0.5)
    half = 1.959964 * math.sqrt(1 / 30 - 1 / 100 + 1 / 60 - 1 / 100)
    assert (found.low, found.high) == pytest.approx((0.5 * math.exp(-half), 0.5 * math.exp(half)))
    assert share_ratio(wilson(0, 10), wilson(5, 10)).ratio == 0.0
    assert math.isnan(share_ratio(wilson(0, 10), wilson(5, 10)).low)
    assert math.isnan(share_ratio(wilson(5, 10), wilson(0, 10)).ratio)
    assert math.isnan(share_ratio(Share(0, 0, math.nan, math.nan, math.nan), wilson(5, 10)).ratio)


def test_a_difference_of_pairs_by_hand() -> None:
    """Agresti and Min 2005: ``(b + c + 1) / n - ((b - c) / n)**2`` over n is the variance."""
    mean, half = paired_difference(9, 3, 40)
    assert mean == pytest.approx(0.15)
    assert half == pytest.approx(1.959964 * math.sqrt((13 / 40 - 0.15**2) / 40))
    assert paired_difference(3, 9, 40) == pytest.approx((-mean, half))
    assert paired_difference(0, 0, 40)[1] > 0.0
    assert all(math.isnan(x) for x in paired_difference(0, 0, 0))


COST = [10.0, 12.0, 9.0, 14.0, 11.0, 10.5]
GAIN = [2.0, 2.6, 1.7, 2.4, 2.2, 1.9]


def test_limits_by_hand() -> None:
    """``(10 - 2R)**2 = 4 - 2R*0.5 + R**2*1``: 3R**2 - 39R + 96 = 0, so R = (39 +- sqrt(369)) / 6."""
    low, high = fieller_limits(10.0, 2.0, 4.0, 0.5, 1.0)
    assert (low, high) == pytest.approx(((39 - math.sqrt(369)) / 6, (39 + math.sqrt(369)) / 6))


def test_a_covariance_narrows_where_both_signs_agree() -> None:
    """``(10 - 5R)**2 = 1 - 2R*s + R**2*.25``: parts that move together leave the ratio where it is."""
    widths = [high - low for low, high in (fieller_limits(10.0, 5.0, 1.0, sab, 0.25) for sab in (-0.4, 0.0, 0.4))]
    assert widths[0] > widths[1] > widths[2]


def test_a_ratio_below_nought_has_its_limits_in_order() -> None:
    low, high = fieller_limits(-10.0, 2.0, 4.0, -0.5, 1.0)
    assert (low, high) == pytest.approx(((-39 - math.sqrt(369)) / 6, (-39 + math.sqrt(369)) / 6))


def test_there_are_no_limits_where_the_divisor_may_be_nought() -> None:
    assert all(math.isnan(limit) for limit in fieller_limits(10.0, 2.0, 4.0, 0.5, 4.0))
    value, low, high = fieller([1.0, 2.0, 3.0], [-1.0, 0.5, 1.0])
    assert value == pytest.approx(12.0)
    assert math.isnan(low)
    assert math.isnan(high)
    assert math.isnan(fieller([1.0, 2.0], [-1.0, 1.0])[0])


def test_the_limits_of_fieller_solve_its_equation() -> None:
    """``(mean a - R * mean b)**2 = t**2 * (Saa - 2*R*Sab + R**2 * Sbb) / n``, with t of 5 degrees of freedom."""
    _, low, high = fieller(COST, GAIN)
    n, t = len(COST), 2.570582
    (saa, sab), (_, sbb) = np.cov(COST, GAIN)
    for r in (low, high):
        distance = (fmean(COST) - r * fmean(GAIN)) ** 2
        assert distance == pytest.approx(t * t * (saa - 2 * r * sab + r * r * sbb) / n, rel=1e-6)
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


def test_fieller_without_spread_below_is_students_interval() -> None:
    _, low, high = fieller(COST, [2.0] * len(COST))
    _, least, most = interval(COST)
    assert [low, high] == pytest.approx([least / 2, most / 2])


def test_a_mean_of_shares_has_no_limit_beyond_a_share() -> None:
    shares = [0.99, 1.0, 0.9]
    free = estimate(shares)
    assert free.high > 1.0
    assert counted(shares, 1.0) == replace(free, high=1.0)
    assert counted(shares) == free  # people may be more than one
    over = [0.99, 1.4, 0.9]  # no shares
    assert counted(over, 1.0) == estimate(over)
