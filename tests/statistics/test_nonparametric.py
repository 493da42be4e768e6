"""Ranks and areas: by hand, and beside the usual library. Orders by lot, and the jackknife."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats

from coworksim.model.state.rng import PERMUTATION, run_key, word
from coworksim.statistics.lots import order_by_lot, orders_by_lot
from coworksim.statistics.nonparametric import auc_error, fisher_area, jackknife_error, rank_area, rank_correlation


def test_ties_have_the_mean_rank() -> None:
    assert rank_correlation(np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])) == pytest.approx(math.sqrt(0.75))
    assert math.isnan(rank_correlation(np.ones(3), np.arange(3.0)))


def test_the_rank_correlation_is_spearmans() -> None:
    random = np.random.default_rng(5)
    x = np.floor(random.uniform(0.0, 9.0, 50))
    y = np.floor(x + random.uniform(-4.0, 5.0, 50))
    assert rank_correlation(x, y) == pytest.approx(scipy.stats.spearmanr(x, y).statistic)
    assert rank_correlation(x, -y) == pytest.approx(-rank_correlation(x, y))


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    assert rank_area(np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0])) == pytest.approx((2 + 2 + 1.5) / 6)
    assert rank_area(np.array([3.0, 4.0]), np.array([1.0, 2.0, 3.0])) == pytest.approx(0.5 / 6)


def test_the_error_of_an_area_by_hand() -> None:
    """Hanley and McNeil 1982: .8 of 50 and 50; Q1 = .8/1.2, Q2 = 1.28/1.8."""
    variance = (0.16 + 49 * (0.8 / 1.2 - 0.64) + 49 * (1.28 / 1.8 - 0.64)) / 2500
    assert auc_error(0.8, 50, 50) == pytest.approx(math.sqrt(variance))
    assert math.isnan(auc_error(0.8, 0, 50))
    assert math.isnan(auc_error(math.nan, 50, 50))


def test_groups_that_do_not_differ_are_a_coin() -> None:
    """Ten comparisons of noise with noise; one has a standard error of .053."""
    random = np.random.default_rng(3)
    areas = [fisher_area(random.normal(size=(60, 6)), random.normal(size=(60, 6))) for _ in range(10)]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.06)


def test_groups_that_lie_apart_are_told_apart() -> None:
    random = np.random.default_rng(4)
    one, other = random.normal(size=(60, 3)), random.normal(size=(60, 3)) + np.array([0.0, 4.0, 0.0])
    assert fisher_area(one, other) > 0.95
    assert fisher_area(other, one) > 0.95  # the rule learns which side is which


def test_orders_are_permutations_and_differ() -> None:
    orders = [tuple(order_by_lot(6, 1, k).tolist()) for k in range(50)]
    assert all(sorted(order) == list(range(6)) for order in orders)
    assert len(set(orders)) > 40
    assert orders != [tuple(order_by_lot(6, 2, k).tolist()) for k in range(50)]


def test_an_order_is_that_of_the_keyed_numbers() -> None:
    run = run_key(3)
    lots = [int(word(run, np.uint64(k), PERMUTATION, 0, 7)) for k in range(9)]
    assert order_by_lot(9, 3, 7).tolist() == sorted(range(9), key=lots.__getitem__)
    assert orders_by_lot(9, 8, 3)[7].tolist() == order_by_lot(9, 3, 7).tolist()
    with pytest.raises(ValueError, match="read-only"):
        orders_by_lot(9, 8, 3)[0] = 0


def test_the_jackknife_of_a_mean_is_its_usual_error() -> None:
    values = np.array([1.0, 4.0, 2.0, 8.0, 5.0])
    without = (values.sum() - values) / 4
    assert jackknife_error(without) == pytest.approx(values.std(ddof=1) / math.sqrt(5))
