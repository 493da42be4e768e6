"""Chart: what an arm changes week by week, against the same worlds without it.

Chart: levels week by week, with an arm and without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coworksim.report.charts.style import GREY, look, paper, plain_axes, zero
from coworksim.report.sentences.text import shortened

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


_MOST_COLUMNS = 3


def difference(arms: Mapping[str, pd.DataFrame], words: str, *, width: float = 5.6) -> Figure:
    """An arm to a panel: mean of the paired difference, its interval, and where eight in ten worlds lie.

    Tables have ``week, mean, low, high, q10, q90``.
    """
    columns = min(len(arms), _MOST_COLUMNS)
    rows = math.ceil(len(arms) / columns)
    figure = paper(width, 2.1 * rows + 0.9)
    panels: Any = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for at, (arm, table) in enumerate(arms.items()):
        axes, own = panels[at // columns][at % columns], look(at)
        axes.fill_between(table["week"], table["low"], table["high"], color=own.colour, alpha=0.35, linewidth=0)
        for edge in ("q10", "q90"):
            axes.plot(table["week"], table[edge], color=GREY, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.plot(table["week"], table["mean"], color=own.ink, linewidth=1.6, linestyle=own.dash)
        zero(axes, across=True)
        axes.margins(x=0)
        plain_axes(axes)
        axes.set_title(shortened(arm, 72 // columns), fontsize=9.5 if columns == 1 else 8.5, loc="left", color=own.ink)
        axes.yaxis.set_major_formatter("{x:,.10g}")
    for spare in range(len(arms), rows * columns):
        panels[spare // columns][spare % columns].set_visible(False)
    figure.supylabel(words, fontsize=9)
    figure.supxlabel("weeks since the opening", fontsize=9)
    return figure


def levels(panels: Mapping[str, Mapping[str, pd.DataFrame]]) -> Figure:
    """A measure to a panel, in it the worlds: mean of the worlds, and where eight in ten lie."""
    figure = paper(9.6, 2.9)
    row: Any = figure.subplots(1, len(panels), sharex=True, squeeze=False)[0]
    for axes, (words, worlds) in zip(row, panels.items(), strict=True):
        for at, (name, table) in enumerate(worlds.items()):
            own = look(at - 1)  # the first world is the one without, and grey
            colour, ink, dash = (own.colour, own.ink, own.dash) if at else (GREY, GREY, "--")
            axes.fill_between(table["week"], table["q10"], table["q90"], color=colour, alpha=0.18, linewidth=0)
            label = shortened(name, 40)
            axes.plot(table["week"], table["mean"], color=ink, linewidth=1.6, linestyle=dash, label=label)
        axes.margins(x=0)
        axes.set_title(words, fontsize=9.5, loc="left")
        axes.set_xlabel("weeks since the opening", fontsize=8.5)
        axes.yaxis.set_major_formatter("{x:,.10g}")
        plain_axes(axes)
    row[0].legend(frameon=False, fontsize=8.5, handlelength=3.0, loc="best")
    return figure
