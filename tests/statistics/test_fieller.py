"""Fieller's interval: by hand, by brute force, and where it comes to Student's."""

from __future__ import annotations

import math
from statistics import fmean

import numpy as np
import pytest

from coworksim.statistics.fieller import fieller, fieller_limits
from coworksim.statistics.student_t import interval

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
