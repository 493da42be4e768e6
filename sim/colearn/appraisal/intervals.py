"""Uncertainty of an appraisal: Student's t over replicates, Fieller's interval of a ratio, the gain of pairing.

Intervals are of 95 % and cover chance alone: other people, other luck, in a world with these parameters. They say
nothing about parameters and rules that may be wrong, shrink with replicates, and rank nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, variance
from typing import Final

from colearn.experiments.student import interval, t_quantile

__all__ = ["COVERS", "Estimate", "Ratio", "counted", "estimate", "fieller", "gain_of_pairing", "ratio", "share"]

#: What the intervals cover, in words.
COVERS = (
    "95 % intervals (Student's t, and Fieller's for ratios) over replicates: they cover chance alone, in a world with "
    "these parameters and rules; they shrink with replicates and rank no policy"
)
#: A mean smaller than this share of its largest part is rounding.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` replicates and its interval; NaN limits of one replicate."""

    value: float
    low: float
    high: float
    n: int

    @property
    def without_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of means, or the reason why there is none."""

    value: float
    low: float
    high: float
    n: int
    undefined: str = ""


def estimate(values: Sequence[float]) -> Estimate:
    """Return mean and interval of a number over replicates; equal numbers have an interval of no width.

    >>> estimate([2.0, 2.0])
    Estimate(value=2.0, low=2.0, high=2.0, n=2)
    >>> estimate([0.1, 0.2, -0.3]).value  # what is left of a sum that cancels is no number to show
    0.0
    """
    if len(set(values)) == 1 and len(values) > 1:
        return Estimate(values[0], values[0], values[0], len(values))
    value, low, high = interval(list(values))
    if abs(value) < _ROUNDING * max((abs(one) for one in values), default=0.0):
        value = 0.0
    return Estimate(value, low, high, len(values))


def counted(values: Sequence[float]) -> Estimate:
    """Return mean and interval of what cannot be below 0 (people, money paid): nor is its lower limit.

    >>> counted([0.0, 0.0, 3.0]).low
    0.0
    """
    found = estimate(values)
    return replace(found, low=max(found.low, 0.0)) if min(values, default=-1.0) >= 0.0 else found


def fieller(above: Sequence[float], below: Sequence[float]) -> tuple[float, float, float]:
    """Return ratio of means and Fieller's 95 % limits; NaN limits where the mean below is not clearly off 0.

    The limits are the roots R of ``(mean a - R*mean b)**2 = t**2 * (Saa - 2*R*Sab + R**2*Sbb)/n``, of which the set in
    between is finite only if ``(mean b)**2 > t**2 * Sbb/n`` (Fieller 1954, "Some problems in interval estimation").
    """
    n, a, b = len(above), fmean(above), fmean(below)
    if n < 2:
        return (a / b if b else math.nan), math.nan, math.nan
    spread = math.pow(t_quantile(n - 1), 2) / n
    saa, sbb = variance(above) * spread, variance(below) * spread
    sab = spread * math.fsum((x - a) * (y - b) for x, y in zip(above, below, strict=True)) / (n - 1)
    left = b * b - sbb
    if left <= 0.0:
        return (a / b if b else math.nan), math.nan, math.nan
    middle = a * b - sab
    root = math.sqrt(max(0.0, middle * middle - left * (a * a - saa)))
    return a / b, (middle - root) / left, (middle + root) / left


def ratio(cost: Sequence[float], effect: Sequence[float], what: str) -> Ratio:
    """Return cost per effect, or in words why there is no such number."""
    n, found = len(effect), estimate(effect)
    if n < 2:
        return Ratio(math.nan, math.nan, math.nan, n, "one replicate has no interval: run more")
    if found.value == 0.0 and found.low == found.high:
        return Ratio(math.nan, math.nan, math.nan, n, f"there is no {what} at all")
    if not found.without_zero:
        reason = f"the interval of {what} includes 0 ({found.low:.4g} to {found.high:.4g}): see plane and net benefit"
        return Ratio(math.nan, math.nan, math.nan, n, reason)
    if found.value < 0.0:
        reason = f"there is less {what} with it ({found.value:.4g}), so that nothing is bought"
        return Ratio(math.nan, math.nan, math.nan, n, reason)
    return Ratio(*fieller(cost, effect), n)


def share(part: Sequence[float], whole: Sequence[float], what: str) -> Ratio:
    """Return the share of a part; where no part is below 0 or above its whole, nor are the limits.

    >>> share([9.0, 1.0, 2.0], [10.0, 10.0, 12.0], "support").high
    1.0
    """
    found = ratio(part, whole, what)
    if any(not 0.0 <= a <= b for a, b in zip(part, whole, strict=True)):
        return found
    return replace(found, low=_in_unit(found.low), high=_in_unit(found.high))


def _in_unit(limit: float) -> float:
    return limit if math.isnan(limit) else min(max(limit, 0.0), 1.0)


def gain_of_pairing(there: Sequence[float], here: Sequence[float]) -> float:
    """Return the variance of a difference with independent seeds over that of the paired one; NaN where both are 0.

    >>> round(gain_of_pairing([1.0, 2.0, 4.0], [0.0, 1.0, 3.1]), 6)
    1451.0
    """
    if len(there) < 2:
        return math.nan
    paired = variance([a - b for a, b in zip(there, here, strict=True)])
    independent = variance(there) + variance(here)
    return independent / paired if paired > 0.0 else math.nan if independent == 0.0 else math.inf
