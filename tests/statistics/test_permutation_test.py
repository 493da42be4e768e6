"""The exact test: every permutation in turn by least squares in full, and ties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coworksim.statistics.cluster_robust import ClusteredDesign, least_squares
from coworksim.statistics.permutation_test import shares_beyond
from coworksim.statistics.resampling import orders_by_lot
from tests.statistics.test_mixed_model import design


def with_flag(d: ClusteredDesign, order: np.ndarray) -> ClusteredDesign:
    """Return the design with its flag dealt out in another order."""
    flag = d.flag[order]
    flagged = np.repeat(flag, 7).astype(float)
    x = d.x.copy()
    x[:, 2], x[:, 3] = flagged, flagged * x[:, 1]
    return replace(d, x=x, flag=flag)


def test_shares_are_those_of_every_permutation_by_itself() -> None:
    d, lots = design(3), 40

    def sizes(one: ClusteredDesign) -> np.ndarray:
        fitted = least_squares(one.x, one.y, one.first_cluster, corrected=False)
        return np.abs(fitted.estimate[2:4] / fitted.error[2:4])

    own = sizes(d)
    others = [sizes(with_flag(d, order)) for order in orders_by_lot(8, lots, 5)]
    wanted = (1.0 + (np.array(others) >= own * (1.0 - 1e-9)).sum(axis=0)) / (lots + 1.0)
    assert shares_beyond(d, lots, 5).tolist() == pytest.approx(wanted.tolist())
    assert 1.0 / (lots + 1.0) < wanted.max() < 1.0


def test_what_is_as_far_from_nought_counts_as_beyond() -> None:
    """Where all clusters are alike, every permutation has what the true flag has: none is less."""
    d = design()
    x = d.x.copy()
    x[:, 1], x[:, 4] = np.tile(d.x[:7, 1], 8), np.tile(d.x[:7, 4], 8)
    x[:, 3] = x[:, 2] * x[:, 1]
    alike = replace(d, x=x, y=np.zeros(len(d.y)))
    assert shares_beyond(alike, 19).tolist() == [1.0, 1.0]
