"""Intervals: published values, and numbers small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest

from colearn.observe.calibration.intervals import around, batches, ratio_interval, wilson


def test_wilson() -> None:
    low, high = wilson(8, 10) or (0.0, 0.0)  # Newcombe 1998: .490 to .943
    assert (low, high) == pytest.approx((0.4901, 0.9433), abs=1e-4)
    assert wilson(0, 0) is None
    low, high = wilson(0, 20) or (1.0, 0.0)
    assert low == pytest.approx(0.0, abs=1e-12)
    assert high == pytest.approx(0.1611, abs=1e-4)


def test_batch_means() -> None:
    weeks = [0.0, 1.0, 1.0, 3.0, 3.0]  # the first week is in no block of two
    blocks = batches(5, 2)
    means = [float(np.mean([w for w, b in zip(weeks, blocks, strict=True) if b == k])) for k in (0, 1)]
    assert means == [1.0, 3.0]
    assert around(2.0, means) == pytest.approx((2 - 1.96, 2 + 1.96))  # sd sqrt(2) over sqrt(2)
    assert around(2.0, [2.0]) is None
    assert batches(52)[:13] == [0] * 13
    assert max(batches(52)) == 3


def test_interval_of_a_ratio_holds_the_ratio() -> None:
    low, high = ratio_interval(20, 100, 40, 100) or (0.0, 0.0)
    assert low * high == pytest.approx(0.25)
    assert ratio_interval(0, 100, 40, 100) is None
