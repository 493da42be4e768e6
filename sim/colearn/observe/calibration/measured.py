"""One measured figure, and its interval of 95 % for chance within one run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import stdev

from colearn.statistics.proportions import wilson
from colearn.statistics.student_t import Z95

__all__ = ["Interval", "Measured", "around", "batches", "measured_share", "unmeasured"]

type Interval = tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """A value (None: not measured, and ``note`` says why), its 95 % interval and the unit of analysis behind that."""

    value: float | None
    interval: Interval | None
    basis: str
    note: str = ""


def unmeasured(reason: str) -> Measured:
    """Return a figure that could not be measured."""
    return Measured(None, None, "", reason)


def measured_share(hits: int, number: int, basis: str, note: str = "") -> Measured:
    """Return a share of ``number``, at least one, with Wilson's interval."""
    found = wilson(hits, number)
    return Measured(found.share, (found.low, found.high), basis, note)


def around(value: float, units: Sequence[float]) -> Interval | None:
    """Return ``value`` +- 1.96 standard errors, as units of analysis spread; None of fewer than two units.

    What is measured here is never negative, so the lower end is not either.

    >>> [round(end, 3) for end in around(2.0, [1.0, 2.0, 3.0])]
    [0.868, 3.132]
    """
    count = len(units)
    if count < 2:
        return None
    half = Z95 * stdev(units) / math.sqrt(count)
    return max(0.0, value - half), value + half


def batches(weeks: int, length: int = 13) -> list[int]:
    """Return the number of the block of each week, whole blocks only: weeks before the first whole block are -1.

    >>> batches(5, 2)
    [-1, 0, 0, 1, 1]
    """
    rest = weeks % length
    return [-1] * rest + [at // length for at in range(weeks - rest)]
