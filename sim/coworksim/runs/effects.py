"""Plain comparisons of runs with common random numbers: one at a time, factorial, replicates.

Differences are paired by replicate (the same seeds on both sides); intervals are Student's, of 95 %, over replicates,
each by itself: of twenty inputs that do nothing, one is expected to look as if it did.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.statistics.design import Design
from coworksim.statistics.factors import Value
from coworksim.statistics.student_t import half_width, interval, runs_needed

__all__ = ["factorial", "one_at_a_time", "replicates"]


def _wide(table: pd.DataFrame, outcome: str, number: int) -> pd.DataFrame:
    """Return an outcome with a row a point and a column a replicate; NaN where a run is missing or not finite."""
    wide = table.pivot(index="point", columns="replicate", values=outcome).reindex(range(number))
    values = wide.to_numpy(np.float64)
    return pd.DataFrame(np.where(np.isfinite(values), values, np.nan), wide.index, wide.columns)


def _finite(values: NDArray[np.float64]) -> list[float]:
    return [float(value) for value in values[np.isfinite(values)]]


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else math.nan


def _shown(level: Value) -> str:
    return f"{level:.6g}" if isinstance(level, float) else str(level)


def one_at_a_time(design: Design, table: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return what each level of each input does: ``outcome, input, level, mean, difference, low, high, pairs``.

    ``difference`` is from the scenario itself, over the ``pairs`` replicates in which both runs are there.
    """
    rows = []
    for outcome in outcomes:
        values = _wide(table, outcome, len(design)).to_numpy(np.float64)
        for point in range(1, len(design)):
            ((name, level),) = design.overrides(point).items()
            pairs = _finite(values[point] - values[0])
            change, low, high = interval(pairs)
            rows.append(
                {
                    "outcome": outcome,
                    "input": name,
                    "level": _shown(level),
                    "mean": _mean(_finite(values[point])),
                    "difference": change,
                    "low": low,
                    "high": high,
                    "pairs": len(pairs),
                }
            )
    return pd.DataFrame(rows)


def factorial(design: Design, table: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the main effect of each level: ``outcome, input, level, mean, difference, low, high, points``.

    ``difference`` is the mean over points with that level less the mean over all points, in each replicate in which
    all feasible points are there.
    """
    rows = []
    values = [design.overrides(point) for point in range(len(design))]
    for outcome in outcomes:
        wide = _wide(table, outcome, len(design))[design.feasible].dropna(axis="columns")
        everywhere = wide.mean()
        for factor in design.factors:
            for level in dict.fromkeys(value[factor.name] for value in values):
                there = wide[[values[point][factor.name] == level for point in wide.index]]
                effects = _finite((there.mean() - everywhere).to_numpy(np.float64))
                change, low, high = interval(effects)
                rows.append(
                    {
                        "outcome": outcome,
                        "input": factor.name,
                        "level": _shown(level),
                        "mean": there.mean().mean(),
                        "difference": change,
                        "low": low,
                        "high": high,
                        "points": len(there),
                    }
                )
    return pd.DataFrame(rows)


def replicates(table: pd.DataFrame, outcomes: Sequence[str], tolerance: Mapping[str, float]) -> pd.DataFrame:
    """Return how well the mean of each outcome is known, and how many runs a half-width needs.

    Columns: ``outcome, runs, mean, sd, half_width, wanted, runs_needed``; the last two are NaN where no half-width is
    wanted.
    """
    rows = []
    for outcome in outcomes:
        values = table.loc[np.isfinite(table[outcome]), outcome].tolist()
        sd = stdev(values) if len(values) > 1 else math.nan
        wanted = tolerance.get(outcome, math.nan)
        known = math.isfinite(sd) and math.isfinite(wanted)
        rows.append(
            {
                "outcome": outcome,
                "runs": len(values),
                "mean": _mean(values),
                "sd": sd,
                "half_width": half_width(values),
                "wanted": wanted,
                "runs_needed": float(runs_needed(sd, wanted)) if known else math.nan,
            }
        )
    return pd.DataFrame(rows)
