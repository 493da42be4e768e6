"""Slopes within regions, and what regions say about their error.

With x and y about the means of their region, the slope of a set of regions is ``sum(x*y) / sum(x*x)`` over the people
in it. Regions are what people share and what the flag is assigned to. So the error of one slope is that of the
jackknife over regions (Student's t, one degree of freedom less than there are regions), and the error of a difference
between kinds of regions is its spread over permutations of the flag over regions: all of them up to ``EVERY``,
otherwise ``LOTS`` by lot.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.statistics.intervals import t_quantile
from coworksim.statistics.nonparametric import jackknife_error, order_by_lot

#: The most permutations that are all gone through, and the number drawn by lot where there are more.
EVERY: Final = 2000
LOTS: Final = 999
_ROUNDING: Final = 1e-9

type Numbers = NDArray[np.float64]
type Mask = NDArray[np.bool_]


class Found(NamedTuple):
    """A value, its error, and whether it is clear of 0 at the 5 % level (both sides)."""

    value: float
    error: float
    clear: bool


def region_sums(y: Numbers, x: Numbers, region: NDArray[np.int64], regions: int) -> Numbers:
    """Return, by region, the sums of x*y and of x*x about the region's means; shape (regions, 2).

    >>> region_sums(np.array([0.0, 2.0]), np.array([0.0, 1.0]), np.array([0, 0]), 2).tolist()
    [[1.0, 0.5], [0.0, 0.0]]
    """
    people = np.maximum(np.bincount(region, minlength=regions), 1)
    dx = x - (np.bincount(region, x, regions) / people)[region]
    dy = y - (np.bincount(region, y, regions) / people)[region]
    return np.stack([np.bincount(region, dx * dy, regions), np.bincount(region, dx * dx, regions)], axis=1)


def of_regions(sums: Numbers, less: Numbers | None = None) -> Found | None:
    """Return the slope over all regions, or its lead over that of ``less``; None where there is none to be had."""
    total, taken = sums.sum(axis=0), None if less is None else less.sum(axis=0)
    value = _slope(total) - (0.0 if taken is None else _slope(taken))
    if not math.isfinite(value):
        return None
    with_people = np.flatnonzero((sums[:, 1] > 0) | (less is not None and (less[:, 1] > 0)))
    without = [
        _slope(total - sums[g]) - (0.0 if less is None or taken is None else _slope(taken - less[g]))
        for g in with_people
    ]
    count = len(without)
    if count < 3 or not np.isfinite(without).all():
        return Found(value, math.nan, False)
    error = jackknife_error(np.array(without))
    # the error of slopes that are the same in every region is 0, but for rounding
    return Found(value, error, abs(value) > max(t_quantile(count - 1) * error, _ROUNDING * abs(value)))


def _slope(sums: Numbers) -> float:
    return float(sums[0] / sums[1]) if sums[1] > _ROUNDING else math.nan


def between_regions(sums: Numbers, behind: Mask, seed: int) -> tuple[Found, float] | None:
    """Return the slope of left-behind regions less that of the others, and the same under a flag dealt out by lot.

    Only regions with people in whom the cause differs count. None where one kind has none of them.
    """
    has = sums[:, 1] > _ROUNDING
    sums, behind = sums[has], behind[has]
    if not 0 < behind.sum() < len(behind):
        return None
    value = float(_differences(sums, behind[None, :])[0])
    found = _differences(sums, _assignments(len(behind), int(behind.sum()), seed))
    further = int((np.abs(found) >= abs(value) * (1 - _ROUNDING)).sum())
    exact = math.comb(len(behind), int(behind.sum())) <= EVERY
    p = further / len(found) if exact else (further + 1) / (len(found) + 1)
    shuffled = float(_differences(sums, behind[order_by_lot(len(behind), seed, LOTS)][None, :])[0])
    return Found(value, float(found.std()), p <= 0.05 + _ROUNDING and value != 0.0), shuffled


def _differences(sums: Numbers, behind: Mask) -> Numbers:
    """Return the contrast under each row of assignments."""
    weight = behind.astype(float)
    one = np.einsum("ar,rk->ak", weight, sums)
    other = sums.sum(axis=0) - one
    found: Numbers = one[:, 0] / one[:, 1] - other[:, 0] / other[:, 1]
    return found


def _assignments(regions: int, behind: int, seed: int) -> Mask:
    """Return flags by permutation and region: every way to flag so many regions, or some by lot."""
    if math.comb(regions, behind) <= EVERY:
        return _every(regions, behind)
    flags = np.arange(regions) < behind
    return np.array([flags[order_by_lot(regions, seed, k)] for k in range(LOTS)])


@lru_cache(maxsize=16)
def _every(regions: int, behind: int) -> Mask:
    found = np.zeros((math.comb(regions, behind), regions), np.bool_)
    for row, chosen in enumerate(itertools.combinations(range(regions), behind)):
        found[row, chosen] = True
    return found
