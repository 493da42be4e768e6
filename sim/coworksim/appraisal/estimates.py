"""Numbers of an appraisal with their intervals, ratios of them, and what the intervals cover.

Intervals are of 95 % and cover chance alone: other people, other luck, in a world with these parameters. They say
nothing about parameters and rules that may be wrong, shrink with replicates, and rank nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coworksim.statistics.intervals import estimate, fieller

#: What the intervals cover, in words.
COVERS = (
    "95 % intervals (Student's t, and Fieller's for ratios) over replicates: they cover chance alone, in a world with "
    "these parameters and rules; they shrink with replicates and rank no policy"
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over worlds, or draws, with its 95 % interval; limits that are NaN belong to a single one."""

    value: float
    low: float
    high: float
    unit: str
    n: int
    each: str = "world"  # what the interval is over

    @property
    def sign(self) -> int:
        """1 or -1 where the interval lies on one side of 0; else 0."""
        return 1 if self.low > 0.0 else -1 if self.high < 0.0 else 0

    @property
    def exact(self) -> bool:
        """Whether all worlds have the same number."""
        return self.low == self.high == self.value

    @property
    def nothing(self) -> bool:
        """Whether it is 0 in every world."""
        return self.exact and self.value == 0.0

    @property
    def negative(self) -> Estimate:
        """The same with the other sign."""
        return replace(self, value=0.0 - self.value, low=0.0 - self.high, high=0.0 - self.low)


@dataclass(frozen=True, slots=True)
class Finding:
    """A number of an arm: an estimate, or the reason why there is none."""

    term: str
    estimate: Estimate | None
    reason: str
    meaning: str

    @property
    def turned(self) -> Finding:
        """The same with the other sign."""
        return replace(self, estimate=self.estimate.negative if self.estimate else None)


def paired(values: Mapping[str, Sequence[float]], replicates: int, *names: str) -> list[list[float]]:
    """Return numbers in the replicates that have all of them; a name without any number stands for 0."""
    columns = [values.get(name, [0.0] * replicates) for name in names]
    rows = [row for row in zip(*columns, strict=True) if not any(math.isnan(value) for value in row)]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of means, or the reason why there is none."""

    value: float
    low: float
    high: float
    n: int
    undefined: str = ""


def no_ratio(n: int, reason: str) -> Ratio:
    """Say why there is no ratio."""
    return Ratio(math.nan, math.nan, math.nan, n, reason)


def ratio(cost: Sequence[float], effect: Sequence[float], what: str) -> Ratio:
    """Return cost per effect, or in words why there is no such number."""
    n, found, reason = len(effect), estimate(effect), ""
    if n < 2:
        reason = "one replicate has no interval: run more"
    elif found.value == 0.0 and found.low == found.high:
        reason = f"there is no {what} at all"
    elif not found.without_zero:
        reason = f"the interval of {what} includes 0 ({found.low:.4g} to {found.high:.4g}): see plane and net benefit"
    elif found.value < 0.0:
        reason = f"there is less {what} with it ({found.value:.4g}), so that nothing is bought"
    return no_ratio(n, reason) if reason else Ratio(*fieller(cost, effect), n)


def share(part: Sequence[float], whole: Sequence[float], what: str) -> Ratio:
    """Return the share of a part; where no part is below 0 or above its whole, nor are the limits.

    >>> share([9.0, 1.0, 2.0], [10.0, 10.0, 12.0], "support").high
    1.0
    """
    found = ratio(part, whole, what)
    if any(not 0.0 <= a <= b for a, b in zip(part, whole, strict=True)):
        return found
    low, high = (limit if math.isnan(limit) else min(max(limit, 0.0), 1.0) for limit in (found.low, found.high))
    return replace(found, low=low, high=high)


def of_row(row: Any) -> Estimate:
    """Return the mean and the interval of a row by week."""
    return Estimate(float(row["mean"]), float(row["low"]), float(row["high"]), str(row["unit"]), int(row["n"]))


def finding_of(row: Mapping[Any, Any]) -> Finding:
    """Return a row of the numbers of an appraisal as it is told."""
    value, low, high = (float(row[key]) for key in ("value", "low", "high"))
    unit = str(row["unit"])
    if unit == "share" and row["part"] == "afterwards":
        unit = "difference of shares"  # of occupancy: with less without
    if unit == "coefficient":  # of Gini, in percent as statistical offices give it
        unit = "difference of shares" if str(row["term"]).endswith("_change") else "share"
    estimate = None if math.isnan(value) else Estimate(value, low, high, unit, int(row["n"]))
    return Finding(str(row["term"]), estimate, str(row["reason"] or ""), str(row["meaning"]))
