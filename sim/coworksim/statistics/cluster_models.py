"""Linear models of rows in groups within clusters: least squares, a mixed model, and an exact test by permutation.

Least squares have errors that are robust to clusters, corrected for few of them: CR2 (Bell and McCaffrey 2002;
Pustejovsky and Tipton 2018). The residuals of a cluster are multiplied by ``(I - H_gg)**(-1/2)``, and t has
Satterthwaite's degrees of freedom under independent errors. With ``M = (X'X)**-1 = L L'``, ``S_g = X_g L`` and
``G_g = S_g' S_g`` everything is in matrices of as many rows as there are terms:
``L' X_g' A_g e_g = (I - G_g)**(-1/2) S_g' e_g``.

The mixed model is ``y = X b + Z_c u_c + v_g + e`` by restricted maximum likelihood: intercept and slopes vary by
cluster, their components independent of each other, and an intercept by group. The deviance is profiled over b and the
variance of e, and minimised over the square roots of the ratios of the other variances to it. Sums of products by group
and cluster are made once; each value of the deviance then needs matrices of three rows only (Woodbury's identity).

The test permutes a flag over clusters. If the flag means nothing, every way of giving as many flags to these clusters
is as likely as the true one. The share of permutations whose t is at least as far from 0, the true one counted, then is
a p-value whatever the errors are like. What is compared is the coefficient over its error (robust to clusters) and not
the coefficient: where flagged clusters have fewer rows, their coefficients spread more than those of flags dealt to any
clusters, and would be called far from 0 too often (Janssen 1997, on studentised permutation tests).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.statistics.lots import orders_by_lot

type Floats = NDArray[np.float64]
#: Below this a direction of a cluster is taken to be fitted by that cluster alone.
_ALONE: Final = 1e-8
#: The search of the least deviance: where it begins, how many steps, how small a step and a slope may be.
_START: Final = 0.3
_MOST_STEPS: Final = 60
_STEP: Final = 1e-5
_FLAT: Final = 1e-5
#: No variance is smaller than this.
_LEAST: Final = 1e-300


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


class Mixed(NamedTuple):
    """Estimates and errors by term; standard deviations of the components (cluster's, then the group's) and of e."""

    estimate: Floats
    error: Floats
    components: Floats
    residual_sd: float
    deviance: float


class _Sums(NamedTuple):
    """Sums of products of (X, y) by cluster, and of the sums of its groups by the number of their rows."""

    cluster: Floats  # (clusters, k + 1, k + 1)
    group: Floats  # (sizes, clusters*(k + 1)*(k + 1))
    size: Floats  # (sizes,)
    groups: Floats  # (sizes,) how many groups there are of each size
    sloped: int
    n: int


class _At(NamedTuple):
    """Deviance, estimate, inverse and variance at each of several points."""

    deviance: Floats
    estimate: Floats
    inverse: Floats
    variance: Floats


def _sums(d: ClusteredDesign) -> _Sums:
    q = np.column_stack([d.x, d.y])
    by_group = np.add.reduceat(q, d.first_group)
    products = by_group[:, :, None] * by_group[:, None, :]
    size = np.diff(np.concatenate([d.first_group, [len(q)]]))
    sizes, groups = np.unique(size, return_counts=True)
    of_size = [np.add.reduceat(products * (size == n)[:, None, None], d.group_of_cluster).ravel() for n in sizes]
    by_cluster = np.add.reduceat(q[:, :, None] * q[:, None, :], d.first_cluster)
    numbers = sizes.astype(np.float64), groups.astype(np.float64)
    return _Sums(by_cluster, np.stack(of_size), *numbers, d.sloped, len(q))


def _at(sums: _Sums, theta: Floats) -> _At:
    """Return the profiled deviance (twice the negative restricted log likelihood, constants left aside) and the fit.

    ``theta`` has one row a point: all points cost hardly more than one.
    """
    z, ratio = sums.sloped, theta[:, -1] ** 2
    spread = 1.0 + ratio[:, None] * sums.size
    less = (ratio[:, None] / spread) @ sums.group
    by_cluster = sums.cluster - less.reshape(len(theta), *sums.cluster.shape)
    root = theta[:, None, :z]
    inner = np.eye(z) + root[..., :, None] * by_cluster[..., :z, :z] * root[..., None, :]
    side = root[..., :, None] * by_cluster[..., :z, :]
    total = (by_cluster - np.swapaxes(side, -1, -2) @ np.linalg.solve(inner, side)).sum(axis=1)
    logs = np.linalg.slogdet(inner)[1].sum(axis=1) + np.log(spread) @ sums.groups
    k = total.shape[-1] - 1
    inverse = np.linalg.inv(total[:, :k, :k])
    right = total[:, :k, k]
    estimate = (inverse @ right[..., None])[..., 0]
    left = np.maximum(total[:, k, k] - (estimate * right).sum(axis=1), 1e-300)
    variance = left / (sums.n - k)
    fixed = np.linalg.slogdet(total[:, :k, :k])[1]
    return _At(logs + fixed + (sums.n - k) * np.log(variance), estimate, inverse, variance)


def deviance(d: ClusteredDesign, theta: Floats) -> float:
    """Return the profiled deviance at ``theta``, the roots of the ratios of variances (cluster's, then the group's)."""
    return float(_at(_sums(d), theta[None, :]).deviance[0])


def mixed_model(d: ClusteredDesign) -> Mixed:
    """Fit the model to a design without columns that are sums of others."""
    sums = _sums(d)
    theta = _minimised(lambda points: _at(sums, points).deviance, np.full(d.sloped + 1, _START))
    found = _at(sums, theta[None, :])
    error = np.sqrt(found.variance[0] * np.diag(found.inverse[0]))
    sd = math.sqrt(found.variance[0])
    return Mixed(found.estimate[0], error, np.abs(theta) * sd, sd, float(found.deviance[0]))


type _Function = Callable[[Floats], Floats]  # of points, one a row


def _value_and_gradient(function: _Function, at: Floats) -> tuple[float, Floats]:
    """Return both from one call: the point itself, and a step up and one down along each axis."""
    steps = _STEP * np.eye(len(at))
    found = function(np.concatenate([at[None, :], at + steps, at - steps]))
    up, down = found[1 : len(at) + 1], found[len(at) + 1 :]
    return float(found[0]), (up - down) / (2.0 * _STEP)


def _minimised(function: _Function, at: Floats) -> Floats:
    """Return a minimum by the method of Broyden, Fletcher, Goldfarb and Shanno, steps halved until they lead down."""
    inverse, (value, slope) = np.eye(len(at)) * 0.01, _value_and_gradient(function, at)
    for _ in range(_MOST_STEPS):
        step = -(inverse @ slope)
        if float(step @ slope) >= 0.0:
            inverse, step = np.eye(len(at)) * 0.01, -0.01 * slope
        part, falls = 1.0, 1e-4 * float(step @ slope)
        while (new := float(function((at + step)[None, :])[0])) > value + part * falls and part > 1e-6:
            part, step = part / 2.0, step / 2.0
        if new > value or float(np.abs(slope).max()) < _FLAT or float(np.abs(step).max()) < 1e-7:
            break
        at, before = at + step, slope
        value, slope = _value_and_gradient(function, at)
        bend = slope - before
        if (along := float(bend @ step)) > 1e-12:
            spread = np.eye(len(at)) - np.outer(step, bend) / along
            inverse = spread @ inverse @ spread.T + np.outer(step, step) / along
    return at


def shares_beyond(d: ClusteredDesign, permutations: int, seed: int = 1) -> Floats:
    """Return the p-values of the flag and of its products with what has a slope of its own, in this order.

    Columns without the flag are taken out of the others once for each permutation, through sums of products by cluster,
    so that a permutation costs matrices of a few rows.
    """
    z = d.sloped
    plain = [k for k, term in enumerate(d.terms) if term not in d.flagged]
    q = np.column_stack([d.x[:, :z], d.x[:, plain], d.y])
    sums = np.add.reduceat(q[:, :, None] * q[:, None, :], d.first_cluster)
    base = d.x[:, plain]
    inverse, target = np.linalg.inv(base.T @ base), base.T @ d.y
    orders = orders_by_lot(len(d.flag), permutations, seed)
    flags = np.concatenate([d.flag[None, :], d.flag[orders]]).astype(np.float64)
    found = (flags @ sums[:, :z].reshape(len(d.flag), -1)).reshape(len(flags), z, -1)
    own, cross, right = found[:, :, :z], found[:, :, z:-1], found[:, :, -1]
    taken = cross @ inverse
    # few clusters with few rows may not tell slopes apart: the shortest of the solutions then
    solved = np.linalg.pinv(own - taken @ np.swapaxes(cross, 1, 2), rcond=1e-9, hermitian=True)
    slopes = (solved @ (right - taken @ target)[:, :, None])[:, :, 0]
    others = (target - (np.swapaxes(cross, 1, 2) @ slopes[:, :, None])[:, :, 0]) @ inverse
    error = np.sqrt(np.maximum(_variances(sums, z, flags, slopes, others, taken, solved), _LEAST))
    sizes = np.abs(slopes) / error
    beyond: Floats = (sizes[1:] >= sizes[0] * (1.0 - 1e-9)).sum(axis=0)
    return (beyond + 1.0) / (permutations + 1.0)


def _variances(
    sums: Floats, z: int, flags: Floats, slopes: Floats, others: Floats, taken: Floats, solved: Floats
) -> Floats:
    """Return the variance of each flagged coefficient in each permutation, robust to clusters (no correction)."""
    flagged, rest = slice(0, z), slice(z, -1)

    def left(rows: slice) -> Floats:
        """Return sums of products of columns with residuals, by permutation and cluster."""
        by_flag = _times(sums[:, rows, flagged], slopes)
        fitted: Floats = _times(sums[:, rows, rest], others) + flags[:, :, None] * by_flag
        return sums[None, :, rows, -1] - fitted

    scores = (flags[:, :, None] * left(flagged) - left(rest) @ np.swapaxes(taken, 1, 2)) @ solved
    found: Floats = (scores * scores).sum(axis=1)
    return found


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """Return every matrix times every vector: by vector, then by matrix."""
    groups, rows, columns = matrices.shape
    return (vectors @ matrices.transpose(2, 0, 1).reshape(columns, -1)).reshape(len(vectors), groups, rows)
