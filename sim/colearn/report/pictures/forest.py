"""Chart: arms down, effects across; mean and 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from colearn.report.pictures.canvas import look, paper, plain_axes, zero
from colearn.report.text import shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["forest"]

type Points = Sequence[tuple[float, float, float] | None]


def forest(arms: Sequence[str], effects: Mapping[str, Points], *, width: float = 5.6) -> Figure:
    """``effects``: words of an effect -> for each arm (value, low, high), or None where it has none."""
    figure = paper(width, max(1.15 + 0.42 * len(arms), 2.2))
    row: Any = figure.subplots(1, len(effects), sharey=True, squeeze=False)[0]
    for axes, (words, points) in zip(row, effects.items(), strict=True):
        zero(axes, across=False)
        for place, point in enumerate(points):
            if point is None:
                continue
            value, low, high = point
            own = look(place)
            if math.isfinite(low):
                axes.plot([low, high], [place, place], color=own.ink, linewidth=1.8, solid_capstyle="butt")
                axes.plot([low, high], [place, place], "|", color=own.ink, markersize=7)
            axes.plot([value], [place], own.marker, color=own.colour, markeredgecolor=own.ink, markersize=7)
        axes.set_title(words, fontsize=9, loc="left")
        axes.locator_params(axis="x", nbins=3)
        axes.xaxis.set_major_formatter("{x:,.10g}")
        axes.margins(x=0.12)
        plain_axes(axes, 8)
    row[0].set_yticks(range(len(arms)), [shortened(arm, 22) for arm in arms], fontsize=9)
    row[0].set_ylim(len(arms) - 0.5, -0.5)
    return figure
