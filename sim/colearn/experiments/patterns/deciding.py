"""What decides a pattern over the draws: the distance of distributions (PAWN), and the direction by ranks.

PAWN (Pianosi and Wagener 2018) says how far the distribution of a contrast with an input held lies from that with all
free; the noise floor is what an input that nothing reads came to, at most, over permutations of the outputs. One such
input was permuted 49 times, so of 100 inputs without effect about two are expected above the floor by chance. The
direction is Spearman's rank correlation of the input with the value, signs turned so that above 0 means *more of the
pattern*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from colearn.experiments.design import Design
from colearn.experiments.factors import DUMMY
from colearn.experiments.indices import LEAST_BLOCKS, indices
from colearn.experiments.patterns.declaration import MEASURES, PATTERNS, key
from colearn.experiments.patterns.shares import shown
from colearn.statistics.proportions import wilson
from colearn.statistics.ranks import rank_correlation

__all__ = ["MOST_NAMED", "deciding_rows", "halves_rows"]

#: Inputs of a measure that a table keeps, the greatest first.
MOST_NAMED: Final = 8


def deciding_rows(design: Design, runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through pattern, place and the inputs with the greatest index: index, floor, whether above, direction, n."""
    for pattern, place in MEASURES:
        name = key(pattern, place, "value")
        if name not in runs:
            continue
        values = np.full(len(design), np.nan)
        values[runs["point"].to_numpy(np.int64)] = PATTERNS[pattern].sign * runs[name].to_numpy(np.float64)
        kept = np.isfinite(values)
        if kept.sum() < LEAST_BLOCKS["pawn"] or np.ptp(values[kept]) == 0.0:
            continue
        found = {one.input: one for one in indices(design, values, kept, design.seed)}
        floor = found.pop(DUMMY)
        at = {factor.name: k for k, factor in enumerate(design.factors)}
        greatest = sorted(found.values(), key=lambda one: -one.value)[:MOST_NAMED]
        for one in greatest:
            yield {
                "pattern": pattern, "place": place, "input": one.input, "pawn": one.value, "floor": floor.high,
                "above": one.value > floor.high, "inputs_above": sum(o.value > floor.high for o in found.values()),
                "inputs": len(found), "direction": rank_correlation(design.unit[kept, at[one.input]], values[kept]),
                "n": int(kept.sum()),
            }  # fmt: skip


def halves_rows(ratios: Mapping[int, Mapping[str, float]], runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through contrast, place and field: its share in draws in which left-behind regions have less, and more, of it.

    ``ratios`` are ln of left-behind over other by draw and field.
    """
    for pattern, place in MEASURES:
        if PATTERNS[pattern].versus != "regions":
            continue
        yes = shown(runs, pattern, place)
        for field in next(iter(ratios.values()), {}):
            less = np.array([ratios[int(point)][field] < 0.0 for point in runs["point"]], np.bool_)
            for side, which in (("less", less), ("more", ~less)):
                found = wilson(int(yes[which].sum()), int(which.sum()))
                yield {
                    "pattern": pattern, "place": place, "field": field, "left_behind_has": side, "n": found.n,
                    "shown": found.yes, "share": found.share, "low": found.low, "high": found.high,
                }  # fmt: skip
