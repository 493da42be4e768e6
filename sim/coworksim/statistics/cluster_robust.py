"""Ordinary least squares with errors that are robust to clusters, corrected for few clusters.

CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018): the residuals of a cluster are multiplied by
``(I - H_gg)**(-1/2)``, and t has Satterthwaite's degrees of freedom under independent errors. With ``M = (X'X)**-1 =
L L'``, ``S_g = X_g L`` and ``G_g = S_g' S_g`` everything is in matrices of as many rows as there are terms:
``L' X_g' A_g e_g = (I - G_g)**(-1/2) S_g' e_g``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
#: Below this a direction of a cluster is taken to be fitted by that cluster alone.
_ALONE: Final = 1e-8


@dataclass(frozen=True)
class ClusteredDesign:
    """Columns of a regression whose rows lie in groups within clusters, sorted by cluster, then group.

    The first ``sloped`` columns of ``x`` (rows, terms), the intercept among them, are those whose slope may differ by
    cluster. ``flag`` marks clusters; the terms named in ``flagged`` are the sloped columns times the flag, in order.
    ``first_cluster`` and ``first_group`` are first rows; ``group_of_cluster`` is the first group of each cluster.
    """

    terms: tuple[str, ...]
    x: Floats
    y: Floats
    sloped: int
    flagged: tuple[str, ...]
    flag: NDArray[np.bool_]  # by cluster
    first_cluster: NDArray[np.int64]
    first_group: NDArray[np.int64]
    group_of_cluster: NDArray[np.int64]


class Fitted(NamedTuple):
    """Estimates, errors and degrees of freedom by term, and the residuals."""

    estimate: Floats
    error: Floats
    freedom: Floats
    residual: Floats


def kept_columns(x: Floats) -> NDArray[np.bool_]:
    """Mark the columns that are not a sum of multiples of those before (Gram and Schmidt)."""
    kept = np.zeros(x.shape[1], np.bool_)
    basis = np.zeros((len(x), 0))
    for k in range(x.shape[1]):
        rest = x[:, k] - basis @ (basis.T @ x[:, k])
        rest = rest - basis @ (basis.T @ rest)
        size, whole = float(np.linalg.norm(rest)), float(np.linalg.norm(x[:, k]))
        if whole > 0.0 and size > 1e-9 * whole:
            kept[k] = True
            basis = np.column_stack([basis, rest / size])
    return kept


def least_squares(x: Floats, y: Floats, first: NDArray[np.int64], *, corrected: bool = True) -> Fitted:
    """Fit ``y`` on ``x``, rows sorted by cluster, ``first`` the first row of each.

    ``corrected`` False gives the usual errors with the factor ``G/(G-1) * (n-1)/(n-k)`` and ``G - 1`` degrees of
    freedom.
    """
    n, k = x.shape
    lower = np.linalg.cholesky(np.linalg.inv(x.T @ x))
    s = x @ lower
    estimate = lower @ (s.T @ y)
    residual = y - x @ estimate
    moved = np.add.reduceat(s * residual[:, None], first)
    if not corrected:
        groups = len(first)
        error = np.sqrt(_squares(moved @ lower.T) * (groups / (groups - 1) * (n - 1) / (n - k)))
        return Fitted(estimate, error, np.full(k, groups - 1.0), residual)
    g = np.add.reduceat(s[:, :, None] * s[:, None, :], first)
    values, vectors = np.linalg.eigh(g)
    room = 1.0 - values
    factor = np.where(room > _ALONE, 1.0 / np.sqrt(np.maximum(room, _ALONE)), 0.0)
    adjust = (vectors * factor[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    error = np.sqrt(_squares((adjust @ moved[:, :, None])[:, :, 0] @ lower.T))
    return Fitted(estimate, error, _freedom(g, adjust, lower), residual)


def _squares(scores: Floats) -> Floats:
    found: Floats = (scores * scores).sum(axis=0)
    return found


def _freedom(g: Floats, adjust: Floats, lower: Floats) -> Floats:
    """Return ``trace(W)**2 / trace(W W)`` of each term; ``W_gh = d_g*(g = h) - s_g's_h`` is its working covariance."""
    ag = adjust @ g
    aga = ag @ adjust
    found = np.zeros(len(lower))
    for k, direction in enumerate(lower):
        s = ag @ direction
        d = (aga @ direction) @ direction
        squares = (s * s).sum(axis=1)
        cross = s.T @ s
        trace = d.sum() - squares.sum()
        size = (d * d).sum() - 2.0 * (d * squares).sum() + (cross * cross).sum()
        found[k] = trace * trace / size if size > 0.0 else np.nan
    return found
