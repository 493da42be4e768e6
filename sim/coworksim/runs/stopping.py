"""When a study goes on: twice the points until indices are sure enough, or more replicates until outcomes are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from coworksim.runs.sensitivity import NARROW, Analysis, next_size
from coworksim.runs.study import MOST_REPLICATES, Plan
from coworksim.runs.study_reader import MOST_RUNS
from coworksim.statistics.design import MOST_POINTS, points
from coworksim.statistics.factors import METHODS
from coworksim.statistics.indices import MAIN

__all__ = ["SHARES", "grown", "widest"]


#: Methods that double, with intervals of shares of variance.
SHARES: Final = tuple(name for name, index in MAIN.items() if index in ("S1", "ST") and METHODS[name].doubles)


def grown(plan: Plan, analyses: Mapping[str, Analysis], narrow: float | None = None) -> Plan | None:
    """Return the plan to go on with, or None: sure enough, nothing was asked for, or a limit is reached.

    With shares of variance the size doubles until each half-width is ``narrow`` (where the study has a tolerance,
    NARROW without being told). Of Morris the size doubles until mu* of each outcome with a tolerance is that sure. Of
    methods that do not double the replicates grow, at most to twice as many at a time; PAWN and delta stay.
    """
    method = METHODS[plan.study.method]
    if method.name in SHARES:
        larger = replace(plan, size=_size(plan, analyses, narrow))
    elif method.name == "morris":
        larger = replace(plan, size=2 * plan.size) if _wide(plan, analyses) else plan
    else:
        larger = plan if method.doubles else replace(plan, replicates=_replicates(plan, analyses))
    same = (larger.size, larger.replicates) == (plan.size, plan.replicates)
    return None if same or not _feasible(larger) else larger


def _size(plan: Plan, analyses: Mapping[str, Analysis], narrow: float | None) -> int:
    if narrow is None and not plan.study.tolerance:
        return plan.size
    wanted = NARROW if narrow is None else narrow
    sizes = [next_size(analysis, wanted, _most(plan)) for analysis in analyses.values()]
    return max((size for size in sizes if size is not None), default=plan.size)


def _most(plan: Plan) -> int:
    size = METHODS[plan.study.method].size
    return size[2] if size is not None else 1


def _feasible(plan: Plan) -> bool:
    study = plan.study
    number = points(study.method, study.factors, plan.size, groups=study.groups)
    fits = plan.size <= _most(plan) and plan.replicates <= MOST_REPLICATES
    return fits and number <= MOST_POINTS and number * plan.replicates * len(study.arms) <= MOST_RUNS


def _wide(plan: Plan, analyses: Mapping[str, Analysis]) -> list[float]:
    """Return by how much each half-width is too wide, where it is."""
    ratios = [
        widest(analysis, name) / wanted
        for analysis in analyses.values()
        for name, wanted in plan.study.tolerance.items()
    ]
    return [ratio for ratio in ratios if ratio > 1]


def _replicates(plan: Plan, analyses: Mapping[str, Analysis]) -> int:
    """Return how many replicates come next; those there are when each half-width is met, or has no value."""
    now = plan.replicates
    needed = max((math.ceil(now * ratio**2) for ratio in _wide(plan, analyses)), default=now)
    return min(needed, 2 * now)


def widest(analysis: Analysis, outcome: str) -> float:
    """Return the greatest half-width among the means or differences of an outcome; NaN where there is none."""
    if not len(analysis.table):
        return math.nan
    rows = analysis.table[analysis.table["outcome"] == outcome]
    half = rows["half_width"] if "half_width" in rows else (rows["high"] - rows["low"]) / 2
    return float(half.max()) if half.notna().any() else math.nan
