"""Intervals of 95 % for chance within one run, and a value set against a range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

__all__ = ["Interval", "around", "batches", "ratio_interval", "wilson"]

type Interval = tuple[float, float]

#: Two-sided 95 % point of the normal distribution.
Z: Final = 1.96


def wilson(hits: int, number: int) -> Interval | None:
    """Return Wilson's interval of a proportion, None of nobody.

    >>> [round(end, 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if number == 0:
        return None
    share, square = hits / number, Z * Z
    middle = (share + square / (2 * number)) / (1 + square / number)
    half = Z / (1 + square / number) * math.sqrt(share * (1 - share) / number + square / (4 * number * number))
    return max(0.0, middle - half), min(1.0, middle + half)


def around(value: float, units: Sequence[float]) -> Interval | None:
    """Return ``value`` +- 1.96 standard errors, as units of analysis spread; None of fewer than two units.

    What is measured here is never negative, so the lower end is not either.

    >>> [round(end, 3) for end in around(2.0, [1.0, 2.0, 3.0])]
    [0.868, 3.132]
    """
    count = len(units)
    if count < 2:
        return None
    mean = sum(units) / count
    variance = sum((unit - mean) * (unit - mean) for unit in units) / (count - 1)
    half = Z * math.sqrt(variance / count)
    return max(0.0, value - half), value + half


def batches(weeks: int, length: int = 13) -> list[int]:
    """Return the number of the block of each week, whole blocks only: weeks before the first whole block are -1.

    >>> batches(5, 2)
    [-1, 0, 0, 1, 1]
    """
    rest = weeks % length
    return [-1] * rest + [at // length for at in range(weeks - rest)]


def ratio_interval(hits: int, number: int, others: int, of_others: int) -> Interval | None:
    """Return the interval of a ratio of two proportions (normal in the logarithm); None where one is nothing.

    >>> [round(end, 3) for end in ratio_interval(20, 100, 40, 100)]
    [0.316, 0.792]
    """
    if 0 in (hits, number, others, of_others):
        return None
    middle = math.log(hits / number) - math.log(others / of_others)
    half = Z * math.sqrt(1 / hits - 1 / number + 1 / others - 1 / of_others)
    return math.exp(middle - half), math.exp(middle + half)
