"""Statistics of ranks: Spearman's correlation, and the area under a curve with its error."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["auc_error", "rank_area", "rank_correlation"]

type Floats = NDArray[np.float64]


def _ranks(values: Floats) -> Floats:
    """Return ranks from 0, the mean rank for equal values."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: Floats = (last - (counts + 1) / 2.0)[inverse]
    return found


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rank correlation of finite numbers; NaN where one does not vary.

    >>> rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([0.1, 0.2, 0.3]))
    1.0
    """
    a, b = (ranks - ranks.mean() for ranks in (_ranks(one), _ranks(other)))
    scale = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0.0 else math.nan


def rank_area(low: Floats, high: Floats) -> float:
    """Return how often a score of ``high`` lies above one of ``low``, ties counted as halves.

    >>> rank_area(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.875
    """
    return float((high[:, None] > low[None, :]).mean() + 0.5 * (high[:, None] == low[None, :]).mean())


def auc_error(auc: float, ones: int, others: int) -> float:
    """Return the standard error of an area under the curve (Hanley and McNeil 1982).

    >>> round(auc_error(0.8, 50, 50), 3)
    0.045
    """
    if not (ones and others and math.isfinite(auc)):
        return math.nan
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (ones - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)
    return math.sqrt(max(0.0, variance) / (ones * others))
