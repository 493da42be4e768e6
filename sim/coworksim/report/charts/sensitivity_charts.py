"""Charts of an analysis: the inputs of one outcome as bars beside the noise floor, and all outcomes as a heat map."""

import math
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coworksim.report.charts.style import GREY, INK, LOOKS, PALE, bare, headings, interval, save_charts, sheet, tilted
from coworksim.report.sentences.text import INDEX_WORDS, NO_FORECAST, SHARES, capital, shortened
from coworksim.runs.sensitivity import Analysis
from coworksim.statistics.factors import DUMMY

MOST_BARS: Final = 14
MOST_ROWS: Final = 40
_ROW: Final = 0.34  # inches
_HEAD: Final = 1.15  # inches over the panel, and under it
_FOOT: Final = 0.75
#: What the main index of each method is called.
_INDEX: Final = {
    "sobol": "Sobol' ST",
    "efast": "eFAST ST",
    "rbd_fast": "RBD-FAST S1",
    "morris": "Morris mu*",
    "pawn": "PAWN, median",
    "delta": "delta",
}


def index_bars(analysis: Analysis, outcome: str, unit: str = "") -> Figure:
    """One bar an input, the greatest first, with its 95 % interval; the noise floor as a line."""
    rows = _main(analysis, outcome)
    shown = rows[rows["input"] != DUMMY].sort_values("value", ascending=False, kind="stable").head(MOST_BARS)
    height = _HEAD + _FOOT + _ROW * max(len(shown), 1)
    figure, axes = sheet(8.6, height, (0.34, 0.95, _HEAD, _FOOT))
    for place, row in enumerate(shown.itertuples()):
        _bar(axes, place, row)
    floor = float(rows["floor"].iloc[0]) if len(rows) else math.nan
    if not math.isnan(floor):
        axes.axvline(floor, color=INK, linewidth=1, linestyle="--", zorder=4)
        beside: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "va": "bottom"}
        axes.annotate("noise floor", (floor, -0.62), size=8, color=INK, **beside)
    axes.set_yticks(range(len(shown)), [shortened(name, 34) for name in shown["input"]])
    axes.set_ylim(max(len(shown), 1) - 0.4, -0.7)
    axes.axvline(0, color=GREY, linewidth=0.8)
    bare(axes)
    left_out = len(rows[rows["input"] != DUMMY]) - len(shown)
    more = f" The {len(shown)} greatest of {len(shown) + left_out} inputs." if left_out else ""
    in_unit = f" [{unit}]" if unit and analysis.main not in (*SHARES, "median", "delta") else ""
    none = "No noise floor: the study has no dummy."
    pale = none if math.isnan(floor) else "Noise floor: chance alone. Pale: not larger, zero or not by its interval."
    text = f"{_index(analysis)}{in_unit}, with 95 % intervals where there are any.\n{pale}{more}"
    return headings(figure, f"What moves {outcome.replace('_', ' ')}?", text, _source(analysis, outcome))


def _bar(axes: Axes, place: int, row: Any) -> None:
    above = row.above is not False
    colour = LOOKS[1].colour if above else PALE
    axes.barh(place, row.value, 0.66, color=colour, hatch="" if above else "....", edgecolor="white", linewidth=0)
    interval(axes, place, row.low, row.high, color=INK, linewidth=1.4, zorder=3, solid_capstyle="butt")
    interval(axes, place, row.low, row.high, linestyle="", marker="|", color=INK, markersize=6, zorder=3)


def _main(analysis: Analysis, outcome: str | None = None) -> pd.DataFrame:
    table = analysis.table[analysis.table["measure"] == analysis.main]
    return table if outcome is None else table[table["outcome"] == outcome]


def _index(analysis: Analysis) -> str:
    return f"{capital(INDEX_WORDS[analysis.main or ''])} ({_INDEX[analysis.method]})"


def _source(analysis: Analysis, outcome: str | None = None) -> str:
    counts = analysis.outcomes
    used = counts if outcome is None else counts[counts["outcome"] == outcome]
    few, many, all_of = used["points_used"].min(), used["points_used"].max(), used["points"].max()
    points = f"{few} of {all_of} points used" if few == many else f"{few} to {many} of {all_of} points used"
    return f"{points}, means of {used['replicates'].max()} runs each; {NO_FORECAST}"


def heat_map(analysis: Analysis) -> Figure:
    """Inputs down, outcomes across: the main index; of Morris by the greatest of the outcome, as units differ.

    A cell with a dot is not larger than chance alone; inputs without any other cell come last, and are cut off first.
    """
    table = _main(analysis)
    table = table[table["input"] != DUMMY]
    value = table.pivot(index="input", columns="outcome", values="value")
    quiet = table.assign(silent=table["above"].map(lambda above: above is False))
    silent = quiet.pivot(index="input", columns="outcome", values="silent")
    if analysis.main == "mu_star":
        value = value / value.max()
    told = value.where(~silent.astype(bool), 0.0).max(axis="columns").fillna(0.0)
    order = told.sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    outcomes = [name for name in analysis.outcomes["outcome"] if name in value.columns]
    cells, silence = value.loc[order, outcomes].to_numpy(float), silent.loc[order, outcomes].to_numpy(bool)
    width, height = 4.2 + 0.62 * max(len(outcomes), 7), 2.6 + _FOOT + 0.26 * len(order)
    figure, axes = sheet(width, height, (2.9 / width, 1 - 1.0 / width, 2.6, 0.4))
    _cells(axes, cells, silence)
    axes.set_yticks(range(len(order)), [shortened(name, 34) for name in order], size=8.5)
    axes.set_xticks(range(len(outcomes)), [name.replace("_", " ") for name in outcomes], size=8.5)
    tilted(axes)
    bare(axes)
    scaled = "\nBy the greatest of each outcome, because units differ." if analysis.main == "mu_star" else ""
    left_out = len(value) - len(order)
    more = f" {left_out} more inputs are left out." if left_out else ""
    dots = "A dot: not larger than chance alone." if silence.any() else ""
    if analysis.main in SHARES and (cells[~silence] > 1.0).any():
        dots += " >1: no share can be so large; sampling error, take more points."
    text = f"{_index(analysis)}.{scaled}\n{dots}{more}"
    return headings(figure, "Which inputs move which outcomes?", text, _source(analysis))


def _cells(axes: Axes, cells: Any, quiet: Any) -> None:
    """Draw the cells and write each number on them; what is silent has a dot on white."""
    drawn = np.ma.masked_where(quiet | ~np.isfinite(cells), cells)
    axes.imshow(drawn, cmap="Blues", vmin=0, vmax=max(1.0, float(drawn.max() or 0)), aspect="auto")
    for (row, column), value in np.ndenumerate(cells):
        if quiet[row, column] or not np.isfinite(value):
            axes.text(column, row, "·", ha="center", va="center", color=GREY)
        else:
            ink = "white" if value > 0.6 else INK
            text = ">1" if value > 1.0 else f"{value:.2f}".removeprefix("0")
            axes.text(column, row, text, ha="center", va="center", color=ink, size=8)
    for side in axes.spines.values():
        side.set_visible(False)


def write_sensitivity_charts(
    analysis: Analysis, folder: Path, units: dict[str, str] | None = None, *, png: bool = False
) -> None:
    """Write ``sensitivity.svg`` (the heat map) and ``sensitivity-OUTCOME.svg`` for each outcome with indices."""
    if analysis.main is None or not len(analysis.table):
        return
    charts = {"sensitivity": (partial(heat_map, analysis), "Which inputs move which outcomes?")}
    for name in analysis.table["outcome"].unique():
        draw = partial(index_bars, analysis, name, (units or {}).get(name, ""))
        charts[f"sensitivity-{name.replace('_', '-')}"] = draw, f"What moves {name.replace('_', ' ')}?"
    save_charts(folder, charts, png=png)
