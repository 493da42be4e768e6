"""A mixed model: intercept and slopes that vary by cluster, and an intercept that varies by group within it.

``y = X b + Z_c u_c + v_g + e``, the components of u independent of each other, by restricted maximum likelihood. The
deviance is profiled over b and the variance of e, and minimised over the square roots of the ratios of the other
variances to it. Sums of products by group and cluster are made once; each value of the deviance then needs matrices of
three rows only (Woodbury's identity).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.statistics.cluster_robust import ClusteredDesign

type Floats = NDArray[np.float64]
_START: Final = 0.3
_MOST_STEPS: Final = 60
_STEP: Final = 1e-5
_FLAT: Final = 1e-5


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
