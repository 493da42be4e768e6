"""Orders by lot, and the jackknife."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim.model.state.rng import PERMUTATION, run_key, word
from coworksim.statistics.resampling import jackknife_error, order_by_lot, orders_by_lot


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
