"""What so small a survey can find out: power, exaggeration and wrong signs over many surveys of the same design.

Power is the share of surveys in which a coefficient is significant at 5 %. Type M is how far the significant ones
exaggerate: their mean size over the size of the mean of all surveys; type S is the share of them that have the other
sign (Gelman and Carlin 2014). All are beside the true slope, which only a simulation knows.
"""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from coworksim.evidence.survey.trial import TREATMENTS
from coworksim.statistics.intervals import wilson

LEVEL: Final = 0.05


def true_of(slopes: pd.DataFrame, outcome: str, rule: str, term: str) -> float:
    """Return the true slope of a term, mean over replicates: of other regions, or left-behind less other.

    NaN for terms that no trial moves, and for a flag that is no rule of the trial.
    """
    moved = {regressor: name for name, (_, _, regressor, _) in TREATMENTS.items()}
    what, _, flagged = term.partition(":")
    rule = rule.removeprefix("flag_")
    if what not in moved or slopes.empty:
        return math.nan
    chosen = slopes[(slopes["treatment"] == moved[what]) & (slopes["outcome"] == outcome) & (slopes["rule"] == rule)]
    by_group = chosen.groupby("group", observed=True)["slope"].mean()
    other = float(by_group.get("other", math.nan))
    return float(by_group.get("left-behind", math.nan)) - other if flagged else other


def power_table(coefficients: pd.DataFrame, slopes: pd.DataFrame) -> pd.DataFrame:
    """Return one row an outcome, rule, form and term of what ``coefficients``, one row more a survey, come to."""
    rows = []
    for names, group in coefficients.groupby(["outcome", "rule", "form", "term"], observed=True, sort=False):
        outcome, rule, form, term = (str(name) for name in names)
        head: dict[str, Any] = {"outcome": outcome, "rule": rule, "form": form, "term": term}
        rows.append(head | _powers(group) | {"true_slope": true_of(slopes, outcome, rule, term)})
    return pd.DataFrame(rows)


def _powers(group: pd.DataFrame) -> dict[str, Any]:
    """Return what the coefficients of one term come to."""
    n, mean = len(group), float(group["estimate"].mean())
    significant = group[group["p"] < LEVEL]
    permuted = group["p_permutation"].dropna()
    found, exact = wilson(len(significant), n), wilson(int((permuted <= LEVEL).sum()), len(permuted))
    wrong = (significant["estimate"] * mean < 0.0).mean() if len(significant) else math.nan
    size = float(significant["estimate"].abs().mean()) if len(significant) else math.nan
    return {
        "surveys": n,
        "mean": mean,
        "sd": float(group["estimate"].std(ddof=1)) if n > 1 else math.nan,
        "positive_share": float((group["estimate"] > 0.0).mean()),
        "power": len(significant) / n,
        "power_low": found.low,
        "power_high": found.high,
        "power_permutation": float((permuted <= LEVEL).mean()) if len(permuted) else math.nan,
        "power_permutation_low": exact.low,
        "power_permutation_high": exact.high,
        "type_m": size / abs(mean) if mean else math.nan,
        "type_s": float(wrong),
    }
