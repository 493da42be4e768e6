"""Shares of runs that show a pattern, with their intervals; ratios of shares.

Tidy tables of what was found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.patterns.declaration import MEASURES, PATTERNS, key
from coworksim.evidence.patterns.variants import DECLARED, SHUFFLED
from coworksim.statistics.intervals import Share, share_ratio, wilson


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
    by = share_ratio(found, base)
    return {
        "pattern": pattern,
        "place": place,
        "form": arm,
        "n": found.n,
        "shown": found.yes,
        "share": found.share,
        "low": found.low,
        "high": found.high,
        "half_width": found.half_width,
        "ratio": by.ratio,
        "ratio_low": by.low,
        "ratio_high": by.high,
    }


def tidy(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a table whose text columns are categories, in the order in which words first stand there.

    >>> tidy([{"form": "b", "n": 2}, {"form": "a", "n": 3}])["form"].cat.categories.tolist()
    ['b', 'a']
    """
    table = pd.DataFrame([dict(row) for row in rows])
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            words = list(dict.fromkeys(table[name]))
            table[name] = pd.Categorical(table[name], categories=words)
    return table
