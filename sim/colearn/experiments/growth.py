"""When a study goes on: twice the points until indices are sure enough, or more replicates until outcomes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from colearn.experiments.design import MOST_POINTS, points
from colearn.experiments.methods import METHODS
from colearn.experiments.plan import Plan
from colearn.experiments.reader import MOST_REPLICATES, MOST_RUNS
from colearn.experiments.sensitivity import NARROW, Analysis, next_size

__all__ = ["grown", "widest"]


def grown(plan: Plan, analyses: Mapping[str, Analysis], narrow: float | None = None) -> Plan | None:
    """Return the plan to go on with, or None: sure enough, nothing was asked for, or a limit is reached.

    Where the method doubles and there is a tolerance (or ``narrow``, the half-width of every share of variance), the
    size doubles. Elsewhere the tolerance of each outcome decides: more replicates, at most twice as many at a time.
    """
    study = plan.study
    method = METHODS[study.method]
    if method.doubles and method.size is not None:
        if narrow is None and not study.tolerance:
            return None
        wanted = NARROW if narrow is None else narrow
        sizes = [next_size(analysis, wanted, method.size[2]) for analysis in analyses.values()]
        larger = replace(plan, size=max((size for size in sizes if size is not None), default=plan.size))
    else:
        larger = replace(plan, replicates=min(_replicates(plan, analyses), MOST_REPLICATES))
    same = (larger.size, larger.replicates) == (plan.size, plan.replicates)
    return None if same or not _feasible(larger) else larger


def _feasible(plan: Plan) -> bool:
    study = plan.study
    number = points(study.method, study.factors, plan.size, groups=study.groups)
    return number <= MOST_POINTS and number * plan.replicates * len(study.arms) <= MOST_RUNS


def _replicates(plan: Plan, analyses: Mapping[str, Analysis]) -> int:
    """Return how many replicates come next; those there are when each half-width is met, or has no value."""
    most = plan.replicates
    for analysis in analyses.values():
        for name, wanted in plan.study.tolerance.items():
            wide = widest(analysis, name)
            if np.isfinite(wide) and wide > wanted:
                needed = int(np.ceil(plan.replicates * (wide / wanted) ** 2))
                most = max(most, min(2 * plan.replicates, max(needed, plan.replicates + 1)))
    return most


def widest(analysis: Analysis, outcome: str) -> float:
    """Return the greatest half-width among the means or differences of an outcome; NaN where there is none."""
    if not len(analysis.table):
        return float("nan")
    rows = analysis.table[analysis.table["outcome"] == outcome]
    half = rows["half_width"] if "half_width" in rows else (rows["high"] - rows["low"]) / 2
    return float(half.max()) if half.notna().any() else float("nan")
