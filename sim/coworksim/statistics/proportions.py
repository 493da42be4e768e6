"""Shares of n: Wilson's interval, ratios of two shares, differences of paired ones."""

from __future__ import annotations

import math
from typing import NamedTuple

from coworksim.statistics.student_t import Z95


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
    """Return the 95 % interval of a share (Wilson 1927); ``quantile`` is Student's t where few are to count as few.

    >>> [round(x, 3) for x in wilson(8, 10)[2:]]
    [0.8, 0.49, 0.943]
    """
    if n == 0:
        return Share(0, 0, math.nan, math.nan, math.nan)
    p, square = yes / n, quantile * quantile
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = quantile * math.sqrt(p * (1 - p) / n + square / (4.0 * n * n)) / (1 + square / n)
    return Share(n, yes, p, max(0.0, middle - half), min(1.0, middle + half))


def share_ratio(above: Share, below: Share) -> ShareRatio:
    """Return share over share with Katz's 95 % interval.

    The interval takes the two for independent; runs that share their draws are not, and it is then too wide.

    >>> [round(x, 2) for x in share_ratio(wilson(10, 40), wilson(20, 40))]
    [0.5, 0.27, 0.93]
    """
    if not below.yes or not above.n:
        return ShareRatio(math.nan, math.nan, math.nan)
    value = above.share / below.share
    if not above.yes:
        return ShareRatio(0.0, math.nan, math.nan)
    half = Z95 * math.sqrt(1 / above.yes - 1 / above.n + 1 / below.yes - 1 / below.n)
    return ShareRatio(value, value * math.exp(-half), value * math.exp(half))


def paired_difference(up: int, down: int, n: int) -> tuple[float, float]:
    """Return the mean of n paired differences, ``up`` of them 1 and ``down`` -1, and the half-width of its interval.

    Half a pair is added to each kind of disagreement, so that no disagreement at all is not taken for certainty.

    >>> [round(x, 3) for x in paired_difference(9, 3, 40)]
    [0.15, 0.17]
    """
    if n == 0:
        return math.nan, math.nan
    mean = (up - down) / n
    spread = (up + down + 1.0) / n - mean * mean
    return mean, Z95 * math.sqrt(max(spread, 0.0) / n)
