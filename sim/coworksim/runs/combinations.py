"""What policies do by themselves and together: effects of a full factorial of arms and inputs.

A cell is a point with an arm. In each replicate in which all cells are there, the effect of a policy is the mean of
cells with it less that of cells without it, and that of an input the mean at the last of its levels less that at the
first. The interaction of two is how much the effect of one changes when the other goes from off (first) to on (last).
Intervals are Student's, of 95 %, over replicates, which share their seeds over all cells.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.runs.paired_outcomes import WITHOUT
from coworksim.runs.sensitivity import Analysis
from coworksim.runs.study import Plan
from coworksim.statistics.factors import Value
from coworksim.statistics.student_t import interval

__all__ = ["COMBINED", "combinations"]

#: Under which name the findings stand, in the place of that of an arm.
COMBINED: Final = "every combination"

type _Signs = NDArray[np.int64]


def combinations(plan: Plan, runs: pd.DataFrame) -> Analysis:
    """Return the effects: ``outcome, input, level, mean, difference, low, high, points`` (mean over all cells)."""
    signs, levels = _signs(plan)
    rows, counts = [], []
    for outcome in plan.study.outcomes:
        cells = _cells(plan, runs, outcome)
        whole = cells[:, np.isfinite(cells).all(axis=0)]
        for name, level, sign, scale in _contrasts(signs, levels):
            effects = [_contrast(whole[:, k], sign, scale) for k in range(whole.shape[1])]
            change, low, high = interval(effects)
            rows.append(
                {
                    "outcome": outcome,
                    "input": name,
                    "level": level,
                    "mean": float(whole.mean()) if whole.size else math.nan,
                    "difference": change,
                    "low": low,
                    "high": high,
                    "points": int(np.count_nonzero(sign)),
                }
            )
        counts.append(_counts(plan, runs, outcome, whole))
    return Analysis("combinations", plan.size, pd.DataFrame(rows), pd.DataFrame(counts))


def _cells(plan: Plan, runs: pd.DataFrame, outcome: str) -> NDArray[np.float64]:
    """Return an outcome by cell (points, and arms within) and replicate; NaN where a run is not done."""
    arms = [arm.name for arm in plan.study.arms]
    cells = np.full((len(plan.design), len(arms), plan.replicates), math.nan)
    done = runs[runs["status"] == "done"]
    at = done["arm"].map({name: k for k, name in enumerate(arms)}).to_numpy()
    cells[done["point"].to_numpy(), at, done["replicate"].to_numpy()] = done[outcome].to_numpy(np.float64)
    if plan.study.paired:
        others = np.isfinite(cells[:, [k for k, name in enumerate(arms) if name != WITHOUT]]).all(axis=1)
        cells[:, arms.index(WITHOUT)] = np.where(others, 0.0, math.nan)  # a world less itself
    return cells.reshape(len(plan.design) * len(arms), plan.replicates)


def _signs(plan: Plan) -> tuple[dict[str, _Signs], dict[str, str]]:
    """Return by name where each policy and input stands in the cells (1, -1, 0 between), and the levels in words."""
    arms, points = plan.study.arms, [plan.design.overrides(k) for k in range(len(plan.design))]
    signs, levels = dict[str, _Signs](), dict[str, str]()
    for name in plan.study.combined:
        signs[name] = np.tile([1 if name in arm.parts else -1 for arm in arms], len(points))
        levels[name] = "on against off"
    for factor in plan.design.factors:
        values = [point[factor.name] for point in points]
        first, last = values[0], values[-1]
        if first != last:
            signs[factor.name] = np.repeat([(v == last) * 1 - (v == first) * 1 for v in values], len(arms))
            levels[factor.name] = f"{_shown(last)} against {_shown(first)}"
    return signs, levels


def _contrasts(signs: dict[str, _Signs], levels: dict[str, str]) -> Iterator[tuple[str, str, _Signs, float]]:
    """Go through single effects and interactions of two: name, level, signs of cells, scale."""
    for name, sign in signs.items():
        yield name, levels[name], sign, 1.0
    for one, other in itertools.combinations(signs, 2):
        yield f"{one} x {other}", "together", signs[one] * signs[other], 2.0


def _contrast(cells: NDArray[np.float64], sign: _Signs, scale: float) -> float:
    return scale * float(cells[sign > 0].mean() - cells[sign < 0].mean())


def _counts(plan: Plan, runs: pd.DataFrame, outcome: str, whole: NDArray[np.float64]) -> dict[str, object]:
    """Return the row of an outcome in the table of outcomes; points are cells."""
    cells = len(plan.design) * len(plan.study.arms)
    own = runs[["point", "arm", "status", outcome]]
    undefined = own[(own["status"] == "done") & ~np.isfinite(own[outcome].to_numpy(np.float64))]
    lost = own[~own["status"].isin(["done", "infeasible"])]
    missing = math.nan
    return {
        "outcome": outcome,
        "points": cells,
        "blocks": 1,
        "points_used": cells if whole.size else 0,
        "blocks_used": 1,
        "infeasible": 0,
        "failed": len(lost[["point", "arm"]].drop_duplicates()),
        "undefined": len(undefined[["point", "arm"]].drop_duplicates()),
        "replicates": whole.shape[1],
        "mean": float(whole.mean()) if whole.size else math.nan,
        "sd": float(whole.mean(axis=1).std(ddof=1)) if whole.size else math.nan,
        "chance": missing,
        "parameters": missing,
        "chance_of_a_run": missing,
        "note": "",
    }


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
