"""Shares of runs that show a pattern, with their intervals; ratios of shares."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colearn.experiments.patterns.declaration import MEASURES, PATTERNS, key
from colearn.experiments.patterns.forms import DECLARED, SHUFFLED

__all__ = ["Ratio", "Share", "all_shown", "ratio", "share_rows", "shown", "wilson"]

_Z: Final = NormalDist().inv_cdf(0.975)


class Share(NamedTuple):
    """A share of n with its Wilson interval; ``half_width`` is half of that interval."""

    n: int
    yes: int
    share: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2


class Ratio(NamedTuple):
    """A ratio of two shares and its interval; NaN where the lower share, or one of the counts, is 0."""

    ratio: float
    low: float
    high: float


def wilson(count: int, n: int) -> Share:
    """Return the 95 % interval of a share (Wilson 1927).

    >>> [round(x, 3) for x in wilson(8, 10)[2:]]
    [0.8, 0.49, 0.943]
    """
    if n == 0:
        return Share(0, 0, math.nan, math.nan, math.nan)
    p, z2 = count / n, _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n)
    return Share(n, count, p, max(0.0, middle - half), min(1.0, middle + half))


def ratio(above: Share, below: Share) -> Ratio:
    """Return share over share with Katz's 95 % interval.

    The interval takes the two for independent; runs that share their draws are not, and it is then too wide.

    >>> [round(x, 2) for x in ratio(wilson(10, 40), wilson(20, 40))]
    [0.5, 0.27, 0.93]
    """
    if not below.yes or not above.n:
        return Ratio(math.nan, math.nan, math.nan)
    value = above.share / below.share
    if not above.yes:
        return Ratio(0.0, math.nan, math.nan)
    half = _Z * math.sqrt(1 / above.yes - 1 / above.n + 1 / below.yes - 1 / below.n)
    return Ratio(value, value * math.exp(-half), value * math.exp(half))


def shown(rows: pd.DataFrame, pattern: str, place: str, what: str = "value") -> NDArray[np.bool_]:
    """Return which rows show a pattern: the value has the sign. Where it is undefined it is not shown."""
    name = key(pattern, place, what)
    values = rows[name].to_numpy(np.float64) if name in rows else np.full(len(rows), math.nan)
    found: NDArray[np.bool_] = PATTERNS[pattern].sign * np.nan_to_num(values) > 0
    return found


def clearly(rows: pd.DataFrame, pattern: str, place: str) -> NDArray[np.bool_]:
    """Return which rows show it clear of 0 at the 5 % level."""
    name = key(pattern, place, "clear")
    clear = rows[name].to_numpy(np.float64) > 0 if name in rows else np.zeros(len(rows), np.bool_)
    return shown(rows, pattern, place) & clear


def all_shown(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows show E1 to E5 in the space and E6 together."""
    found = np.ones(len(rows), np.bool_)
    for pattern, place in MEASURES:
        if place == "space":
            found &= shown(rows, pattern, place)
    return found


def share_rows(arms: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, Any]]:
    """Go through pattern, place and form: how many runs show it, clearly, and as a ratio to the world as declared.

    ``arms`` has the runs by form, ``DECLARED`` among them; the shuffled flag is taken from its runs.
    """
    declared = arms[DECLARED.name]
    for pattern, place in MEASURES:
        base = _share(shown(declared, pattern, place))
        for arm, rows in arms.items():
            yield _row(pattern, place, arm, _share(shown(rows, pattern, place)), base) | {
                "clear_share": _share(clearly(rows, pattern, place)).share
            }
        if PATTERNS[pattern].versus == "regions":
            lots = _share(shown(declared, pattern, place, "shuffled"))
            yield _row(pattern, place, SHUFFLED, lots, base) | {"clear_share": math.nan}
    base = _share(all_shown(declared))
    for arm, rows in arms.items():
        found = _row("all", "space", arm, _share(all_shown(rows)), base)
        yield found | {"clear_share": math.nan}


def _share(which: NDArray[np.bool_]) -> Share:
    return wilson(int(which.sum()), len(which))


def _row(pattern: str, place: str, arm: str, found: Share, base: Share) -> dict[str, Any]:
    by = ratio(found, base)
    return {
        "pattern": pattern, "place": place, "form": arm, "n": found.n, "shown": found.yes, "share": found.share,
        "low": found.low, "high": found.high, "half_width": found.half_width, "ratio": by.ratio, "ratio_low": by.low,
        "ratio_high": by.high,
    }  # fmt: skip
