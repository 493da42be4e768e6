"""A mixed model: intercept and slopes that vary by region, and an intercept that varies by space within it.

``y = X b + Z_r u_r + v_s + e``, the components of u independent of each other, by restricted maximum likelihood. The
deviance is profiled over b and the variance of e, and minimised over the square roots of the ratios of the other
variances to it. Sums of products by space and region are made once; each value of the deviance then needs matrices of
three rows only (Woodbury's identity).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.observe.survey.design import Design

__all__ = ["Mixed", "deviance", "mixed_model"]

type Floats = NDArray[np.float64]
_START: Final = 0.3
_MOST_STEPS: Final = 60
_STEP: Final = 1e-5
_FLAT: Final = 1e-5


class Mixed(NamedTuple):
    """Estimates and errors by term; standard deviations of the components (region's, then the space's) and of e."""

    estimate: Floats
    error: Floats
    components: Floats
    residual_sd: float
    deviance: float


class _Sums(NamedTuple):
    """Sums of products of (X, y) by region, and of the sums of its spaces by the number of their respondents."""

    region: Floats  # (regions, k + 1, k + 1)
    space: Floats  # (sizes, regions*(k + 1)*(k + 1))
    size: Floats  # (sizes,)
    spaces: Floats  # (sizes,) how many spaces there are of each size
    sloped: int
    n: int


class _At(NamedTuple):
    deviance: float
    estimate: Floats
    inverse: Floats
    variance: float


def _sums(d: Design) -> _Sums:
    q = np.column_stack([d.x, d.y])
    by_space = np.add.reduceat(q, d.first_space)
    products = by_space[:, :, None] * by_space[:, None, :]
    size = np.diff(np.concatenate([d.first_space, [len(q)]]))
    sizes, spaces = np.unique(size, return_counts=True)
    of_size = [np.add.reduceat(products * (size == n)[:, None, None], d.region_of_space).ravel() for n in sizes]
    by_region = np.add.reduceat(q[:, :, None] * q[:, None, :], d.first_region)
    numbers = sizes.astype(np.float64), spaces.astype(np.float64)
    return _Sums(by_region, np.stack(of_size), *numbers, d.sloped, len(q))


def _at(sums: _Sums, theta: Floats) -> _At:
    """Return the profiled deviance (twice the negative restricted log likelihood, constants left aside) and the fit."""
    z, ratio = sums.sloped, theta[-1] * theta[-1]
    spread = 1.0 + sums.size * ratio
    by_region = sums.region - ((ratio / spread) @ sums.space).reshape(sums.region.shape)
    root = theta[:z]
    inner = np.eye(z) + root[:, None] * by_region[:, :z, :z] * root[None, :]
    side = root[None, :, None] * by_region[:, :z, :]
    total = (by_region - np.swapaxes(side, 1, 2) @ np.linalg.solve(inner, side)).sum(axis=0)
    logs = float(np.linalg.slogdet(inner)[1].sum()) + math.fsum(
        n * math.log(x) for n, x in zip(sums.spaces.tolist(), spread.tolist(), strict=True)
    )
    k = len(total) - 1
    inverse = np.linalg.inv(total[:k, :k])
    estimate = inverse @ total[:k, k]
    variance = max(float(total[k, k] - estimate @ total[:k, k]), 1e-300) / (sums.n - k)
    fixed = float(np.linalg.slogdet(total[:k, :k])[1])
    return _At(logs + fixed + (sums.n - k) * math.log(variance), estimate, inverse, variance)


def deviance(d: Design, theta: Floats) -> float:
    """Return the profiled deviance at ``theta``, the roots of the ratios of variances (region's, then the space's)."""
    return _at(_sums(d), theta).deviance


def mixed_model(d: Design) -> Mixed:
    """Fit the model to a design without columns that are sums of others."""
    sums = _sums(d)
    theta = _minimised(lambda values: _at(sums, values).deviance, np.full(d.sloped + 1, _START))
    found = _at(sums, theta)
    error = np.sqrt(found.variance * np.diag(found.inverse))
    sd = math.sqrt(found.variance)
    return Mixed(found.estimate, error, np.abs(theta) * sd, sd, found.deviance)


def _gradient(function: Callable[[Floats], float], at: Floats) -> Floats:
    found = np.zeros(len(at))
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = _STEP
        found[k] = (function(at + step) - function(at - step)) / (2.0 * _STEP)
    return found


def _minimised(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Return a minimum by the method of Broyden, Fletcher, Goldfarb and Shanno, steps halved until they lead down."""
    inverse, value, slope = np.eye(len(at)) * 0.01, function(at), _gradient(function, at)
    for _ in range(_MOST_STEPS):
        move = -(inverse @ slope)
        if float(move @ slope) >= 0.0:
            inverse, move = np.eye(len(at)) * 0.01, -0.01 * slope
        length = 1.0
        while (new := function(at + length * move)) > value + 1e-4 * length * float(move @ slope) and length > 1e-6:
            length /= 2.0
        step = length * move
        if new > value or float(np.abs(slope).max()) < _FLAT or float(np.abs(step).max()) < 1e-7:
            break
        at, value, before = at + step, new, slope
        slope = _gradient(function, at)
        bend = slope - before
        if (along := float(bend @ step)) > 1e-12:
            spread = np.eye(len(at)) - np.outer(step, bend) / along
            inverse = spread @ inverse @ spread.T + np.outer(step, step) / along
    return at
