"""Intervals, each once: Student's t of means, Wilson's of shares, Katz's and Fieller's of ratios; and how many runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist, fmean, stdev, variance
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


#: Two-sided 95 % point of the normal distribution, which t comes to with many degrees of freedom.
Z95: Final = NormalDist().inv_cdf(0.975)
#: Runs above which no study should be asked for.
MOST_RUNS: Final = 10_000_000
#: A mean smaller than this share of its largest part is rounding.
_ROUNDING: Final = 1e-12


def t_quantile(freedom: float, p: float = 0.975) -> float:
    """Return the quantile ``p`` of Student's t for degrees of freedom, whole or not; NaN where they are not above 0."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, p)) if freedom > 0.0 else math.nan


def two_sided(t: float, freedom: float) -> float:
    """Return the chance of a t at least as far from 0; NaN where the degrees of freedom are not above 0."""
    from scipy.special import stdtr

    return 2.0 * float(stdtr(freedom, -abs(t))) if freedom > 0.0 else math.nan


def half_width(values: Sequence[float]) -> float:
    """Return the half-width of the 95 % interval of the mean; NaN of fewer than two values."""
    if len(values) < 2:
        return math.nan
    return t_quantile(len(values) - 1) * stdev(values) / math.sqrt(len(values))


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return mean and 95 % interval."""
    mean, half = (fmean(values), half_width(values)) if values else (math.nan, math.nan)
    return mean, mean - half, mean + half


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` values and its 95 % interval; NaN limits of one value."""

    value: float
    low: float
    high: float
    n: int

    @property
    def without_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0.0 or self.high < 0.0


def estimate(values: Sequence[float]) -> Estimate:
    """Return mean and interval; equal numbers have an interval of no width.

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


def counted(values: Sequence[float], most: float = math.inf) -> Estimate:
    """Return mean and interval of what cannot be below 0 (people, money paid), or above ``most``: nor are its limits.

    >>> counted([0.9, 1.0, 1.0], most=1.0).high, counted([-0.1, 0.2, 0.3], most=1.0).low < 0.0
    (1.0, True)
    """
    found = estimate(values)
    low = max(found.low, 0.0) if min(values, default=-1.0) >= 0.0 else found.low
    return replace(found, low=low, high=min(found.high, most) if max(values, default=most) <= most else found.high)


def runs_needed(sd: float, wanted: float) -> int:
    """Return the least number of runs whose mean has a 95 % half-width of at most ``wanted``, at this spread.

    >>> runs_needed(1.0, 0.5), runs_needed(0.0, 0.5)
    (18, 2)
    """
    if not (math.isfinite(sd) and wanted > 0):
        raise ValueError("a finite spread and a half-width above 0 are needed")

    def wide(runs: int) -> bool:
        return t_quantile(runs - 1) * sd > wanted * math.sqrt(runs)

    if wide(MOST_RUNS):
        return MOST_RUNS
    low, high = 1, 2  # enough at high, not at low
    while wide(high):
        low, high = high, min(2 * high, MOST_RUNS)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wide(middle) else (low, middle)
    return high


class Difference(NamedTuple):
    """A difference of two means, and whether it is found at 5 %."""

    estimate: float
    found: bool


def welch(one: NDArray[np.float64], other: NDArray[np.float64]) -> Difference | None:
    """Compare two means (Welch 1947; degrees of freedom rounded down).

    None where a group has fewer than two values. Where nothing varies, nothing is found.
    """
    n, m = len(one), len(other)
    if n < 2 or m < 2:
        return None
    a, b = float(one.var(ddof=1)) / n, float(other.var(ddof=1)) / m
    gap = float(one.mean() - other.mean())
    if a + b <= 0.0:
        return Difference(gap, found=False)
    freedom = (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1))
    return Difference(gap, abs(gap) > t_quantile(max(1, int(freedom))) * math.sqrt(a + b))


def gain_of_pairing(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the variance of a difference with independent seeds over that of the paired one; NaN where both are 0."""
    if len(one) < 2:
        return math.nan
    paired = variance([a - b for a, b in zip(one, other, strict=True)])
    independent = variance(one) + variance(other)
    return independent / paired if paired > 0.0 else math.nan if independent == 0.0 else math.inf


class Share(NamedTuple):
    """A share of n with its interval; NaN of nothing."""

    n: int
    yes: float
    share: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2


class ShareRatio(NamedTuple):
    """A ratio of two shares and its interval; NaN where the lower share, or one of the counts, is 0."""

    ratio: float
    low: float
    high: float


def wilson(yes: float, n: int, quantile: float = Z95) -> Share:
    """Return the 95 % interval of a share (Wilson 1927); ``quantile`` is Student's t where few are to count as few."""
    if n == 0:
        return Share(0, 0, math.nan, math.nan, math.nan)
    p, square = yes / n, quantile * quantile
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = quantile * math.sqrt(p * (1 - p) / n + square / (4.0 * n * n)) / (1 + square / n)
    return Share(n, yes, p, max(0.0, middle - half), min(1.0, middle + half))


def share_ratio(above: Share, below: Share) -> ShareRatio:
    """Return share over share with Katz's 95 % interval.

    The interval takes the two for independent; runs that share their draws are not, and it is then too wide.
    """
    value = above.share / below.share if below.yes and above.n else math.nan
    if not value > 0.0:
        return ShareRatio(value, math.nan, math.nan)
    half = Z95 * math.sqrt(1 / above.yes - 1 / above.n + 1 / below.yes - 1 / below.n)
    return ShareRatio(value, value * math.exp(-half), value * math.exp(half))


def paired_difference(up: int, down: int, n: int) -> tuple[float, float]:
    """Return the mean of n paired differences, ``up`` of them 1 and ``down`` -1, and the half-width of its interval.

    Half a pair is added to each kind of disagreement, so that no disagreement at all is not taken for certainty.
    """
    if n == 0:
        return math.nan, math.nan
    mean = (up - down) / n
    spread = (up + down + 1.0) / n - mean * mean
    return mean, Z95 * math.sqrt(max(spread, 0.0) / n)


def fieller_limits(above: float, below: float, saa: float, sab: float, sbb: float) -> tuple[float, float]:
    """Return the limits of ``above / below``; NaN where ``below`` is not clearly off 0.

    ``saa``, ``sab`` and ``sbb`` are variances and covariance of the two estimates times ``t**2``. The limits are the
    roots R of ``(above - R*below)**2 = saa - 2*R*sab + R**2*sbb``, of which the set in between is finite only if
    ``below**2 > sbb``.
    """
    left = below * below - sbb
    if left <= 0.0:
        return math.nan, math.nan
    middle = above * below - sab
    root = math.sqrt(max(0.0, middle * middle - left * (above * above - saa)))
    return (middle - root) / left, (middle + root) / left


def fieller(above: Sequence[float], below: Sequence[float]) -> tuple[float, float, float]:
    """Return the ratio of means of pairs and its 95 % limits (Fieller 1954, "Some problems in interval estimation").

    Limits are NaN where the mean below is not clearly off 0.
    """
    n, a, b = len(above), fmean(above), fmean(below)
    ratio = a / b if b else math.nan
    if n < 2:
        return ratio, math.nan, math.nan
    spread = math.pow(t_quantile(n - 1), 2) / n
    sab = spread * math.fsum((x - a) * (y - b) for x, y in zip(above, below, strict=True)) / (n - 1)
    return ratio, *fieller_limits(a, b, variance(above) * spread, sab, variance(below) * spread)
