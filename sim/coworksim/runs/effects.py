"""Plain comparisons of runs with common random numbers: one at a time, factorial, replicates, combinations of policies.

Differences are paired by replicate (the same seeds on both sides); intervals are Student's, of 95 %, over replicates,
each by itself: of twenty inputs that do nothing, one is expected to look as if it did.

In combinations a cell is a point with an arm. In each replicate in which all cells are there, the effect of a policy is
the mean of cells with it less that of cells without it, and that of an input the mean at the last of its levels less
that at the first. The interaction of two is how much the effect of one changes when the other goes from off (first) to
on (last).
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, stdev
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.runs.outcomes import WITHOUT
from coworksim.runs.study import Plan
from coworksim.statistics.design import Design
from coworksim.statistics.factors import Value
from coworksim.statistics.intervals import half_width, interval, runs_needed

#: Under which name the findings of combinations stand, in the place of that of an arm.
COMBINED: Final = "every combination"

type _Signs = NDArray[np.int64]


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


def _row(
    outcome: str, name: str, level: str, mean: float, effects: Sequence[float], **number: int
) -> dict[str, object]:
    """Return what a level of an input does, by the differences of single replicates."""
    change, low, high = interval(effects)
    told = {"outcome": outcome, "input": name, "level": level, "mean": mean}
    return {**told, "difference": change, "low": low, "high": high, **number}


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
            rows.append(_row(outcome, name, _shown(level), _mean(_finite(values[point])), pairs, pairs=len(pairs)))
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
                mean = float(there.mean().mean())
                rows.append(_row(outcome, factor.name, _shown(level), mean, effects, points=len(there)))
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
        needed = float(runs_needed(sd, wanted)) if known else math.nan
        told = {"outcome": outcome, "runs": len(values), "mean": _mean(values), "sd": sd}
        rows.append({**told, "half_width": half_width(values), "wanted": wanted, "runs_needed": needed})
    return pd.DataFrame(rows)


# --- combinations of policies


def combinations(plan: Plan, runs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return effects (``outcome, input, level, mean, difference, low, high, points``; mean of all), and outcomes."""
    signs, levels = _signs(plan)
    rows, counts = [], []
    for outcome in plan.study.outcomes:
        cells = _cells(plan, runs, outcome)
        whole = cells[:, np.isfinite(cells).all(axis=0)]
        mean = float(whole.mean()) if whole.size else math.nan
        for name, level, sign, scale in _contrasts(signs, levels):
            effects = [scale * float(one[sign > 0].mean() - one[sign < 0].mean()) for one in whole.T]  # by replicate
            rows.append(_row(outcome, name, level, mean, effects, points=int(np.count_nonzero(sign))))
        counts.append({"outcome": outcome, **_counts(plan, runs, outcome, whole)})
    return pd.DataFrame(rows), pd.DataFrame(counts)


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


def _counts(plan: Plan, runs: pd.DataFrame, outcome: str, whole: NDArray[np.float64]) -> dict[str, object]:
    """Return the row of an outcome in the table of outcomes; points are cells."""
    cells = len(plan.design) * len(plan.study.arms)
    own = runs[["point", "arm", "status", outcome]]
    undefined = own[(own["status"] == "done") & ~np.isfinite(own[outcome].to_numpy(np.float64))]
    lost = own[~own["status"].isin(["done", "infeasible"])]
    return {
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
        **dict.fromkeys(("chance", "parameters", "chance_of_a_run"), math.nan),
        "note": "",
    }
