"""Student's t for any degrees of freedom, whole or not: tail probability and quantile."""

from __future__ import annotations

import math
from statistics import NormalDist

__all__ = ["quantile", "two_sided"]

_TINY = 1e-300


def _continued(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (Lentz's method; DLMF 8.17.22)."""
    c, d = 1.0, 1.0 / max(1.0 - (a + b) * x / (a + 1.0), _TINY)
    value = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 + term * d
            c = 1.0 + term / c
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1.0) < 1e-14:
            break
    return value


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _continued(a, b, x) / a
    return 1.0 - front * _continued(b, a, 1.0 - x) / b


def two_sided(t: float, freedom: float) -> float:
    """Return the chance of a t at least as far from 0.

    >>> round(two_sided(2.2281, 10), 5), round(two_sided(1.0, 1), 6)
    (0.05, 0.5)
    """
    if math.isnan(t) or not freedom > 0.0:
        return math.nan
    return _beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))


def quantile(freedom: float, p: float = 0.975) -> float:
    """Return the quantile of p > 1/2, by Newton's method from the left, where the tail is convex.

    >>> round(quantile(10), 4), round(quantile(4.5), 3), quantile(math.nan)
    (2.2281, 2.659, nan)
    """
    if not freedom > 0.0:
        return math.nan
    t = NormalDist().inv_cdf(p)
    scale = math.exp(math.lgamma((freedom + 1.0) / 2.0) - math.lgamma(freedom / 2.0)) / math.sqrt(freedom * math.pi)
    for _ in range(200):
        density = scale * math.exp(-(freedom + 1.0) / 2.0 * math.log1p(t * t / freedom))
        step = (two_sided(t, freedom) - 2.0 * (1.0 - p)) / (2.0 * density)
        t += step
        if abs(step) < 1e-10 * t:
            break
    return t
