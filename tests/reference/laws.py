"""Formulas of the plain twin that more than one rule uses."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, log, pow, sqrt
from typing import Final

__all__ = [
    "fixed",
    "law",
    "logistic",
    "pence",
    "proximity_mean",
    "rounded",
    "tables_for",
    "tandem",
    "unfixed",
    "weekly",
]

_FIXED: Final = 4294967296.0

type Law = Callable[[float, float], float]
type Pair = Callable[[float, float, float, float], float]


def rounded(x: float) -> int:
    """The nearest whole number, halves up."""
    return floor(x + 0.5)


def pence(gbp: float) -> int:
    """Pounds to whole pence, rounded half up.

    >>> pence(1.005), pence(0.125)
    (100, 13)
    """
    return floor(gbp * 100 + 0.5)


def weekly(pence_month: int) -> int:
    """Pence a month as pence a week: 12/52 of it, rounded half up."""
    return (pence_month * 12 + 26) // 52


def fixed(x: float) -> int:
    """x in units of 2^-32, so that sums do not depend on their order."""
    return floor(x * _FIXED + 0.5)


def unfixed(total: int) -> float:
    """Back from units of 2^-32."""
    return total / _FIXED


def logistic(x: float) -> float:
    """s(x) = 1/(1 + exp(-x)), however far from 0.

    >>> logistic(0.0), logistic(-1000.0), logistic(1000.0)
    (0.5, 0.0, 1.0)
    """
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def law(theta: float) -> Law:
    """phi(s, F) = F * 0.5^(1-theta) * ((F-s)/F)^theta, how much a unit of input moves a skill at level s.

    >>> law(0.0)(0.9, 1.0), law(1.0)(0.75, 1.0)
    (0.5, 0.25)
    """
    scale = exp((1 - theta) * log(0.5))
    if theta == 0:
        return lambda s, frontier: scale * frontier
    if theta == 1:
        return lambda s, frontier: frontier - s if s < frontier else 0.0

    def power(s: float, frontier: float) -> float:
        gap = (frontier - s) / frontier
        return frontier * scale * pow(gap, theta) if gap > 0 else 0.0

    return power


def tandem(rho: float) -> Pair:
    """The constant-elasticity mean of two skills x, y with weights v, w: ((v*x^rho + w*y^rho)/(v+w))^(1/rho).

    rho = 1 is the ordinary mean; rho = 0 the geometric one. Where rho <= 0, a skill that is absent leaves nothing.

    >>> tandem(1.0)(0.2, 0.6, 1.0, 1.0), tandem(0.0)(0.0, 0.6, 1.0, 1.0)
    (0.4, 0.0)
    """
    if rho == 1:
        return lambda x, y, v, w: (v * x + w * y) / (v + w)
    if rho == 0:

        def geometric(x: float, y: float, v: float, w: float) -> float:
            if x <= 0 or y <= 0:
                return 0.0
            return exp((v * log(x) + w * log(y)) / (v + w))

        return geometric
    inverse = 1 / rho

    def elastic(x: float, y: float, v: float, w: float) -> float:
        if rho < 0 and (x <= 0 or y <= 0):
            return 0.0
        mean = v * pow(x, rho) if x > 0 else 0.0
        if y > 0:
            mean += w * pow(y, rho)
        return pow(mean / (v + w), inverse) if mean > 0 else 0.0

    return elastic


def proximity_mean(side: float, distance: float) -> float:
    """Mean of exp(-d/distance) over pairs of points in a square of that side: midpoint rule, 64 x 64.

    The differences a, b of two even coordinates of the unit square have the density 4 (1-a) (1-b).
    """
    n = 64
    total = 0.0
    for i in range(n):
        a = (i + 0.5) / n
        for j in range(n):
            b = (j + 0.5) / n
            total += 4 * (1 - a) * (1 - b) * exp(-side * sqrt(a * a + b * b) / distance)
    return total / (n * n)


def tables_for(desks: int) -> int:
    """Number of tables: the largest power of two up to max(1, desks/4)."""
    return 1 << floor(max(1.0, desks / 4)).bit_length() - 1
