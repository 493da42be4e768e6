"""Chart: levels week by week, with an arm and without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from colearn.report.pictures.canvas import look, paper, plain_axes
from colearn.report.style import GREY
from colearn.report.text import shortened

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["levels"]


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
