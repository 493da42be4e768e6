"""Statistics that assume no distribution: ranks, how well a rule ranks groups, orders by lot, the jackknife."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

FOLDS: Final = 5
#: How far the covariance of Fisher's rule is drawn towards independence.
_SHRINKAGE: Final = 0.3

type Floats = NDArray[np.float64]


def _ranks(values: Floats) -> Floats:
    """Return ranks from 0, the mean rank for equal values."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: Floats = (last - (counts + 1) / 2.0)[inverse]
    return found


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rank correlation of finite numbers; NaN where one does not vary."""
    a, b = (ranks - ranks.mean() for ranks in (_ranks(one), _ranks(other)))
    scale = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0.0 else math.nan


def rank_area(low: Floats, high: Floats) -> float:
    """Return how often a score of ``high`` lies above one of ``low``, ties counted as halves."""
    return float((high[:, None] > low[None, :]).mean() + 0.5 * (high[:, None] == low[None, :]).mean())


def auc_error(auc: float, ones: int, others: int) -> float:
    """Return the standard error of an area under the curve (Hanley and McNeil 1982)."""
    if not (ones and others and math.isfinite(auc)):
        return math.nan
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (ones - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)
    return math.sqrt(max(0.0, variance) / (ones * others))


def fisher_area(one: Floats, other: Floats) -> float:
    """Return the area under the curve of Fisher's linear rule, made on four fifths of the rows and judged on the fifth.

    Rows are cases, columns statistics; row k of the one and of the other are a pair, on one side of every fold.
    """
    n = len(one)
    folds = np.arange(n) % FOLDS
    areas = []
    for fold in range(FOLDS):
        out = folds == fold
        weights = _rule(one[~out], other[~out])
        areas.append(rank_area((other[out] * weights).sum(axis=1), (one[out] * weights).sum(axis=1)))
    return float(np.average(areas, weights=[int((folds == fold).sum()) for fold in range(FOLDS)]))


def _rule(one: Floats, other: Floats) -> Floats:
    """Return the weights of the statistics in the score by which ``one`` is told from ``other``."""
    spread = np.concatenate([one - one.mean(axis=0), other - other.mean(axis=0)])
    sd = spread.std(axis=0)
    sd[sd == 0.0] = 1.0
    z = spread / sd
    pooled = np.einsum("ni,nj->ij", z, z) / len(z)
    drawn = (1.0 - _SHRINKAGE) * pooled + _SHRINKAGE * np.eye(len(sd))
    weights: Floats = np.linalg.solve(drawn, (one.mean(axis=0) - other.mean(axis=0)) / sd) / sd
    return weights


def jackknife_error(without: NDArray[np.float64]) -> float:
    """Return the standard error of a statistic from its values with one unit left out in turn (Tukey 1958)."""
    return math.sqrt((len(without) - 1) * float(np.var(without)))
