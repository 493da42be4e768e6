"""Chart: in what share of draws each pattern shows, beside the placebo."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from colearn.report.pictures.canvas import look, paper, plain_axes
from colearn.report.style import GREY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pattern_shares"]

#: Rows above which they stand closer, so that the chart fits on a page.
_MANY: Final = 12

type Point = tuple[float, float, float]


def pattern_shares(rows: Sequence[tuple[str, Sequence[Point | None]]], series: Sequence[str]) -> Figure:
    """``rows``: pattern -> for each of ``series`` a share with its interval (None: not measured)."""
    figure = paper(9.6, 1.0 + (0.42 if len(rows) <= _MANY else 0.3) * len(rows))
    axes = figure.subplots()
    step = 0.7 / max(len(series), 1)
    for place, (_, points) in enumerate(rows):
        for at, point in enumerate(points):
            if point is None:
                continue
            value, low, high = (100.0 * x for x in point)
            own, height = look(at), place - 0.35 + step * (at + 0.5)
            if math.isfinite(low):
                axes.plot([low, high], [height, height], color=own.ink, linewidth=1.5)
            axes.plot([value], [height], own.marker, color=own.colour, markeredgecolor=own.ink, markersize=6)
    for at, name in enumerate(series):
        axes.plot([], [], look(at).marker, color=look(at).colour, markeredgecolor=look(at).ink, label=name)
    axes.axvline(50, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=9)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-2, 102)
    axes.xaxis.set_major_formatter("{x:.0f} %")
    axes.legend(frameon=False, fontsize=8.5, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(series))
    plain_axes(axes)
    return figure
