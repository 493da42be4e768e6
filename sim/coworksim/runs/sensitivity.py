"""From a table of outcomes to indices: which inputs matter, how surely, and how much is chance.

The table has a row a run: ``point``, ``replicate``, and a column for each outcome. Runs that failed are missing; NaN
says that an outcome is undefined there. An outcome at a point is the mean over replicates, and counts only when it is
there for every replicate: else the point's block (Saltelli's rows of a base point, a trajectory, a curve) is left out,
and counted. A study goes on with twice the points until indices are sure enough, or more replicates until outcomes are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.runs.effects import factorial, one_at_a_time, replicates
from coworksim.runs.outcomes import RATIOS, Ratio, measured
from coworksim.runs.study import MOST_REPLICATES, MOST_RUNS, Plan
from coworksim.statistics.design import MOST_POINTS, Design, points
from coworksim.statistics.factors import DUMMY, METHODS
from coworksim.statistics.indices import MAIN, Index, indices
from coworksim.statistics.intervals import interval

#: Half-width under which the intervals of indices are narrow enough.
NARROW = 0.1
#: Points that are told by their number.
MOST_LISTED = 10

type _Values = NDArray[np.float64]


@dataclass(frozen=True)
class Analysis:
    """What a study found. Tables are tidy; all intervals are of 95 %.

    ``table``: for methods with indices ``outcome, input, measure, value, low, high, floor, above`` (above the noise
    floor: the lower end, or the value where there is no interval, is greater than the upper end for the dummy; None
    without a dummy, and for the signed ``mu``). For one-at-a-time, factorial and replicates see ``comparisons``, for
    combinations of policies ``combinations``.

    ``outcomes``: a row an outcome: ``points`` and ``blocks`` of the design, how many of them were ``used``,
    ``infeasible`` points, ``failed`` ones (a replicate is missing) and ``undefined`` ones (all are there, one is not
    finite, or of a ratio the effect is not clearly above zero; ``undefined_at`` names some), ``mean`` and ``sd`` over
    points, ``replicates``; ``chance`` is the share of the variance of point means that is chance (mean variance within
    a point, by the number of replicates), ``parameters`` the rest, ``chance_of_a_run`` the same for single runs; NaN
    with one replicate, where points are no sample, and where there is a note: why there are no indices.
    """

    method: str
    size: int
    table: pd.DataFrame
    outcomes: pd.DataFrame

    @property
    def main(self) -> str | None:
        """The index by which inputs are ranked."""
        return MAIN.get(self.method)


def analyse(
    design: Design,
    table: pd.DataFrame,
    outcomes: Sequence[str],
    *,
    each: int | None = None,
    tolerance: Mapping[str, float] | None = None,
) -> Analysis:
    """Analyse ``outcomes`` of the runs of a design; ``each`` is the number of replicates (None: as the table has).

    Raises ValueError where the table is not one of this design.
    """
    if missing := {"point", "replicate", *measured(outcomes)} - set(table.columns):
        raise ValueError(f"the table has no column {', '.join(sorted(missing))}")
    if len(table) and not 0 <= table["point"].min() <= table["point"].max() < len(design):
        raise ValueError(f"the table has points beyond the {len(design)} of the design")
    if table.duplicated(["point", "replicate"]).any():
        raise ValueError("the table has a run twice (of several arms, analyse one at a time)")
    if each is None:
        each = int(table["replicate"].nunique())
    found = [_outcome(design, table, name, each) for name in outcomes]
    summary = pd.DataFrame([row for row, _ in found])
    if design.method in MAIN:
        return Analysis(design.method, design.size, _tidy(found), summary)
    whole = [name for name in outcomes if np.isfinite(table[name]).any()]
    if design.method == "replicates":
        compared = replicates(table, whole, tolerance or {})
    else:
        compared = (one_at_a_time if design.method == "one_at_a_time" else factorial)(design, table, whole)
    return Analysis(design.method, design.size, compared, summary)


def point_means(design: Design, table: pd.DataFrame, outcome: str, each: int) -> tuple[_Values, _Values]:
    """Return, by point, the mean over replicates and the variance within; NaN where a replicate is missing.

    Infinite is as good as missing. With one replicate the variance is NaN.
    """
    finite = table[np.isfinite(table[outcome])]
    groups = finite.groupby("point")[outcome].agg(["count", "mean", "var"]).reindex(range(len(design)))
    whole = (groups["count"] == each).to_numpy()
    mean = np.where(whole, groups["mean"].to_numpy(np.float64), np.nan)
    return mean, np.where(whole, groups["var"].to_numpy(np.float64), np.nan)


def ratio_means(ratio: Ratio, table: pd.DataFrame, points: int, each: int) -> NDArray[np.float64]:
    """Return the ratio by point; NaN where a replicate is missing, or where the effect is not clearly above zero.

    A ratio is never that of a run, and never averaged over runs: it is the mean cost over the mean effect, of which the
    lower end of the 95 % interval over replicates must lie above zero.
    """
    found = np.full(points, math.nan)
    point: Any  # pandas knows no types of group keys
    for point, rows in table.groupby("point"):
        pair = rows[[ratio.above, ratio.below]].to_numpy(np.float64)
        if len(pair) != each or not np.isfinite(pair).all():
            continue
        effect, low, _ = interval([float(value) for value in pair[:, 1]])
        if low > 1e-9 * max(1.0, abs(effect)):
            found[int(point)] = pair[:, 0].mean() / effect
    return found


def _outcome(design: Design, table: pd.DataFrame, outcome: str, each: int) -> tuple[dict[str, object], list[Index]]:
    """Return the row of an outcome and its indices (none, and a note, where there can be none)."""
    if outcome in RATIOS:
        mean, within = ratio_means(RATIOS[outcome], table, len(design), each), np.full(len(design), np.nan)
    else:
        mean, within = point_means(design, table, outcome, each)
    bad = ~np.isfinite(mean) | ~design.feasible
    single = design.method in ("one_at_a_time", "factorial", "replicates")
    kept = ~bad if single else ~np.isin(design.block, np.unique(design.block[bad]))
    note, found = "", list[Index]()
    if design.method in MAIN:
        try:
            found = indices(design, mean, kept, design.seed)
        except ValueError as error:
            note = str(error)
    used = mean[kept]
    missing = (table.groupby("point").size().reindex(range(len(design)), fill_value=0) < each).to_numpy()
    undefined = ~np.isfinite(mean) & ~missing & design.feasible
    row: dict[str, object] = {
        "outcome": outcome,
        "points": len(design),
        "blocks": len(np.unique(design.block)),
        "points_used": int(kept.sum()),
        "blocks_used": len(np.unique(design.block[kept])),
        "infeasible": int(design.infeasible.sum()),
        "failed": int((missing & design.feasible).sum()),
        "undefined": int(undefined.sum()),
        "undefined_at": _listed(np.flatnonzero(undefined)),
        "replicates": each,
        "mean": float(used.mean()) if len(used) else math.nan,
        "sd": float(used.std(ddof=1)) if len(used) > 1 else math.nan,
        **_chance(used, within[kept], 1 if note or design.method not in MAIN else each),
        "note": note,
    }
    return row, found


def _listed(points: NDArray[np.int64]) -> str:
    """Name points, not too many.

    >>> _listed(np.array([3, 7]))
    '3, 7'
    """
    return ", ".join(map(str, points[:MOST_LISTED])) + (", ..." if len(points) > MOST_LISTED else "")


def _chance(means: _Values, within: _Values, each: int) -> dict[str, float]:
    """Return the shares of variance that are chance: of means over replicates, and of single runs."""
    total = float(means.var(ddof=1)) if len(means) > 1 else math.nan
    chance = float(within.mean()) if len(within) and each > 1 else math.nan
    if not total > 0 or math.isnan(chance):
        return dict.fromkeys(("chance", "parameters", "chance_of_a_run"), math.nan)
    share = min(1.0, chance / each / total)
    epistemic = max(0.0, total - chance / each)
    return {"chance": share, "parameters": 1 - share, "chance_of_a_run": chance / (chance + epistemic)}


def _tidy(found: Sequence[tuple[dict[str, object], list[Index]]]) -> pd.DataFrame:
    """Return one row an outcome, input and index, beside the noise floor of that index."""
    rows = []
    for row, listed in found:
        dummies = [index for index in listed if index.input == DUMMY and index.measure != "mu"]
        floors = {index.measure: _end(index.value, index.high) for index in dummies}
        for index in listed:
            floor = floors.get(index.measure, math.nan)
            above = None if math.isnan(floor) or index.input == DUMMY else bool(_end(index.value, index.low) > floor)
            rows.append({"outcome": row["outcome"], **index._asdict(), "floor": floor, "above": above})
    return pd.DataFrame(rows, columns=["outcome", *Index._fields, "floor", "above"])


def _end(value: float, end: float) -> float:
    return value if math.isnan(end) else end


def next_size(analysis: Analysis, narrow: float = NARROW, most: int = 4096) -> int | None:
    """Return twice the size, or None: half-widths of shares of variance are at most ``narrow``, or ``most`` is reached.

    Outcomes without indices do not count. Only a method whose points of one size are the first of the next gains by it.
    """
    if analysis.main is None:
        return None
    shares = analysis.table[analysis.table["measure"].isin(["S1", "ST"])]
    half = ((shares["high"] - shares["low"]) / 2).to_numpy(np.float64)
    wide = bool((half[np.isfinite(half)] > narrow).any())
    return 2 * analysis.size if wide and 2 * analysis.size <= most else None


#: Methods that double, with intervals of shares of variance.
SHARES: Final = tuple(name for name, index in MAIN.items() if index in ("S1", "ST") and METHODS[name].doubles)


def grown(plan: Plan, analyses: Mapping[str, Analysis], narrow: float | None = None) -> Plan | None:
    """Return the plan to go on with, or None: sure enough, nothing was asked for, or a limit is reached.

    With shares of variance the size doubles until each half-width is ``narrow`` (where the study has a tolerance,
    NARROW without being told). Of Morris the size doubles until mu* of each outcome with a tolerance is that sure. Of
    methods that do not double the replicates grow, at most to twice as many at a time; PAWN and delta stay.
    """
    study, method = plan.study, METHODS[plan.study.method]
    most = (method.size or (1, 1, 1))[2]
    size, replicates = plan.size, plan.replicates
    if method.name in SHARES:
        wanted = NARROW if narrow is None and study.tolerance else narrow
        sure = wanted is None or not any(next_size(analysis, wanted, most) for analysis in analyses.values())
        size = size if sure else 2 * size
    elif method.name == "morris":
        size = 2 * size if _wide(plan, analyses) else size
    elif not method.doubles:
        replicates = _replicates(plan, analyses)
    number = points(study.method, study.factors, size, groups=study.groups)
    fits = size <= most and replicates <= MOST_REPLICATES and number <= MOST_POINTS
    fits = fits and number * replicates * len(study.arms) <= MOST_RUNS
    same = (size, replicates) == (plan.size, plan.replicates)
    return replace(plan, size=size, replicates=replicates) if fits and not same else None


def _wide(plan: Plan, analyses: Mapping[str, Analysis]) -> list[float]:
    """Return by how much each half-width is too wide, where it is."""
    wanted = plan.study.tolerance.items()
    ratios = [widest(analysis, name) / width for analysis in analyses.values() for name, width in wanted]
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
