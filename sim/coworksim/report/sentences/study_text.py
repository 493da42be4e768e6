"""An analysis in plain sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from coworksim.runs.outcomes import RATIOS
from coworksim.runs.sensitivity import Analysis
from coworksim.statistics.factors import DUMMY

#: Inputs that a sentence names.
MOST_NAMED: Final = 5
_ROUNDING: Final = 1e-9
_VERBS: Final = {
    "ST": ("explains", "of the variance of {}, interactions counted"),
    "S1": ("explains", "of the variance of {} by itself"),
    "mu_star": ("moves", "in {} on average over its range"),
    "median": ("has a PAWN index", "for {}"),
    "delta": ("has a delta index", "for {}"),
}


def sentences(analysis: Analysis) -> list[str]:
    """Say what an analysis found: for each outcome what was left out, what matters, and how much is chance."""
    found: list[str] = []
    for _, outcome in analysis.outcomes.iterrows():
        rows = (
            analysis.table[analysis.table["outcome"] == outcome["outcome"]] if len(analysis.table) else pd.DataFrame()
        )
        found += [*_left_out(outcome), *_told(analysis, outcome, rows), *_chance(outcome)]
    return found


def _left_out(outcome: pd.Series[Any]) -> Iterator[str]:
    """Say which points do not count, and that what follows holds for the others."""
    name, lost = outcome["outcome"], outcome["blocks"] - outcome["blocks_used"]
    counts = {"failed": "failed", "infeasible": "are infeasible", "undefined": "have it undefined"}
    told = [f"{outcome[key]} {what}" for key, what in counts.items() if outcome[key]]
    if told:
        blocks = f", with them {lost} of {outcome['blocks']} blocks" if outcome["blocks"] > 1 else ""
        yield (
            f"{name}: of {outcome['points']} points {', '.join(told)}; they are left out{blocks}, "
            "and what follows holds for the rest."
        )
    if outcome["undefined"] and name in RATIOS:
        ratio = RATIOS[name]
        yield (
            f"{name}: where it is undefined (points {outcome['undefined_at']}), {ratio.below} is not clearly above "
            f"zero; what such points come to is told by {ratio.instead}."
        )
    if outcome["note"]:
        yield f"{name}: no indices, because of this: {outcome['note']}."


def _told(analysis: Analysis, outcome: pd.Series[Any], rows: pd.DataFrame) -> Iterator[str]:
    if not len(rows):
        return
    if analysis.main is not None:
        yield _ranking(rows[rows["measure"] == analysis.main], str(outcome["outcome"]), analysis.main)
    elif analysis.method == "combinations":
        yield from _together(rows, str(outcome["outcome"]))
    elif analysis.method == "replicates":
        yield from (_needed(row) for _, row in rows.iterrows())
    else:
        yield from _largest(rows, str(outcome["outcome"]))


def _ranking(rows: pd.DataFrame, outcome: str, index: str) -> str:
    """Name the inputs above the noise floor, the greatest first; without a dummy, the greatest."""
    shares = index in ("ST", "S1")
    floor, no_interval = float(rows["floor"].iloc[0]), bool(rows["low"].isna().all())
    inputs = rows[rows["input"] != DUMMY].sort_values("value", ascending=False, kind="stable")
    rising = inputs if math.isnan(floor) else inputs[inputs["above"] == True]  # noqa: E712  # the column holds None too
    verb, what = _VERBS[index]
    told = [f"{row.input} {verb} {_with_interval(row, shares)}" for row in rising.head(MOST_NAMED).itertuples()]
    more = len(rising) - len(told)
    tail = f"; {more} more inputs follow" if more else ""
    if math.isnan(floor):
        return f"{', '.join(told)} {what.format(outcome)}{tail}; without a dummy there is no noise floor."
    level = _share(floor) if shares else f"{floor:.3g}"
    if not told:
        return f"{outcome}: no input rises above the noise floor ({level})."
    doubt = " (there are no intervals: what lies little above it may be noise)" if index == "ST" and no_interval else ""
    said = f"{', '.join(told)} {what.format(outcome)}{tail}"
    return f"{said}; no other input rises above the noise floor ({level}){doubt}."


def _with_interval(row: Any, shares: bool) -> str:
    def show(value: float) -> str:
        return _share(value) if shares else f"{value:.3g}"

    return show(row.value) + ("" if math.isnan(row.low) else f" ({show(row.low)} to {show(row.high)})")


def _share(value: float) -> str:
    """Write a share of one with two digits.

    >>> _share(0.416), _share(-0.02), _share(1.0)
    ('.42', '-.02', '1.00')
    """
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if abs(round(value, 2)) < 1 else text


def _chance(outcome: pd.Series[Any]) -> Iterator[str]:
    if math.isnan(outcome["chance"]):
        return
    runs = f"means of {outcome['replicates']} runs"
    yield (
        f"Chance makes {_share(outcome['chance'])} of the variance of {outcome['outcome']} between {runs}, and "
        f"{_share(outcome['chance_of_a_run'])} between single runs; the rest is due to what varies."
    )


def _needed(row: pd.Series[Any]) -> str:
    head = f"{row['outcome']}: {row['mean']:.4g} +- {row['half_width']:.2g} after {row['runs']} runs"
    if math.isnan(row["runs_needed"]):
        return f"{head}."
    return f"{head}; a half-width of {row['wanted']:g} needs {row['runs_needed']:.0f} runs."


def _together(rows: pd.DataFrame, outcome: str) -> Iterator[str]:
    """Name single effects, and interactions, whose interval leaves out 0."""
    clear = rows[(rows["low"] > _ROUNDING) | (rows["high"] < -_ROUNDING)]
    alone = clear[clear["level"] != "together"]
    told = [f"{row.input}, {row.level}: {_interval(row)}" for row in alone.itertuples()]
    yield f"{outcome}, on average over all else: {'; '.join(told) or 'no effect beyond chance'}."
    both = clear[clear["level"] == "together"]
    told = [f"{row.input}: {_interval(row)}" for row in both.itertuples()]
    what = "by how much the effect of one is greater with the other"
    yield f"{outcome}, {what}: {'; '.join(told) or 'no interaction beyond chance'}."


def _interval(row: Any) -> str:
    return f"{row.difference:+.3g} ({row.low:+.3g} to {row.high:+.3g})"


def _largest(rows: pd.DataFrame, outcome: str) -> Iterator[str]:
    """Name the greatest differences whose interval leaves out 0."""
    rounding = 1e-9 * rows["mean"].abs().clip(lower=1.0)
    clear = rows[(rows["low"] > rounding) | (rows["high"] < -rounding)]
    order = clear["difference"].abs().sort_values(ascending=False, kind="stable").index[:MOST_NAMED]
    told = [
        f"{row.input} at {row.level} changes it by {row.difference:+.3g} ({row.low:+.3g} to {row.high:+.3g})"
        for row in clear.loc[order].itertuples()
    ]
    yield f"{outcome}: {'; '.join(told) or 'no input changes it beyond chance'}."
