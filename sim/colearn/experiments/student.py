"""Student's t: intervals of a mean of few runs, and how many runs a half-width needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, stdev

__all__ = ["half_width", "interval", "runs_needed", "t_quantile"]

#: Runs above which no study should be asked for.
MOST_RUNS = 10_000_000


def t_quantile(freedom: int, p: float = 0.975) -> float:
    """Return the quantile ``p`` of Student's t: exact for 1 and 2 degrees of freedom, else a series of four terms.

    Cornish and Fisher's expansion in 1/freedom (Abramowitz and Stegun 26.7.5): within 0.2 % for p = 0.975.

    >>> [round(t_quantile(k), 2) for k in (1, 2, 3, 4, 30)]
    [12.71, 4.3, 3.18, 2.78, 2.04]
    """
    if freedom < 1:
        raise ValueError("Student's t needs at least one degree of freedom")
    if freedom == 1:
        return math.tan(math.pi * (p - 0.5))
    if freedom == 2:
        return (2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p)))
    z = NormalDist().inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / math.pow(freedom, k + 1) for k, term in enumerate(terms))


def half_width(values: Sequence[float]) -> float:
    """Return the half-width of the 95 % interval of the mean; NaN of fewer than two values."""
    if len(values) < 2:
        return math.nan
    return t_quantile(len(values) - 1) * stdev(values) / math.sqrt(len(values))


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return mean and 95 % interval.

    >>> [round(x, 2) for x in interval([1.0, 2.0, 3.0])]
    [2.0, -0.48, 4.48]
    """
    mean, half = (fmean(values), half_width(values)) if values else (math.nan, math.nan)
    return mean, mean - half, mean + half


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
