"""Intervals of means over batches, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.evidence.calibration.figures import around, batches, measured_share


def test_batch_means() -> None:
    weeks = [0.0, 1.0, 1.0, 3.0, 3.0]  # the first week is in no block of two
    blocks = batches(5, 2)
    means = [float(np.mean([w for w, b in zip(weeks, blocks, strict=True) if b == k])) for k in (0, 1)]
    assert means == [1.0, 3.0]
    assert around(2.0, means) == pytest.approx((2 - 1.959964, 2 + 1.959964))  # sd sqrt(2) over sqrt(2)
    assert around(2.0, [2.0]) is None
    assert batches(52)[:13] == [0] * 13
    assert max(batches(52)) == 3


def test_a_measured_share_has_wilsons_interval() -> None:
    found = measured_share(8, 10, "10 members", "note")  # Newcombe 1998: .490 to .943
    assert (found.value, found.basis, found.note) == (0.8, "10 members", "note")
    assert found.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
