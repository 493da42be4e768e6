"""Shares: Newcombe's examples of Wilson's interval, ratios, and differences of pairs."""

from __future__ import annotations

import math

import pytest

from coworksim.statistics.proportions import Share, paired_difference, share_ratio, wilson
from coworksim.statistics.student_t import t_quantile

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
