"""Fieller's interval of a ratio of two estimates (Fieller 1954, "Some problems in interval estimation")."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, variance

from coworksim.statistics.student_t import t_quantile


def fieller_limits(above: float, below: float, saa: float, sab: float, sbb: float) -> tuple[float, float]:
    """Return the limits of ``above / below``; NaN where ``below`` is not clearly off 0.

    ``saa``, ``sab`` and ``sbb`` are variances and covariance of the two estimates times ``t**2``. The limits are the
    roots R of ``(above - R*below)**2 = saa - 2*R*sab + R**2*sbb``, of which the set in between is finite only if
    ``below**2 > sbb``.

    >>> [round(limit, 4) for limit in fieller_limits(4.0, 2.0, 0.25, 0.0, 1.0)]
    [1.3024, 4.0309]
    """
    left = below * below - sbb
    if left <= 0.0:
        return math.nan, math.nan
    middle = above * below - sab
    root = math.sqrt(max(0.0, middle * middle - left * (above * above - saa)))
    return (middle - root) / left, (middle + root) / left


def fieller(above: Sequence[float], below: Sequence[float]) -> tuple[float, float, float]:
    """Return the ratio of means of pairs and its 95 % limits; NaN limits where the mean below is not clearly off 0.

    >>> [round(x, 4) for x in fieller([10.0, 12.0, 14.0], [2.0, 2.0, 2.0])]
    [6.0, 3.5159, 8.4841]
    """
    n, a, b = len(above), fmean(above), fmean(below)
    ratio = a / b if b else math.nan
    if n < 2:
        return ratio, math.nan, math.nan
    spread = math.pow(t_quantile(n - 1), 2) / n
    sab = spread * math.fsum((x - a) * (y - b) for x, y in zip(above, below, strict=True)) / (n - 1)
    return ratio, *fieller_limits(a, b, variance(above) * spread, sab, variance(below) * spread)
