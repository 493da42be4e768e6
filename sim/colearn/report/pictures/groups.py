"""Chart: each group's share of people beside its share of the money."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from colearn.report.pictures.canvas import look, paper, plain_axes
from colearn.report.style import GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["groups"]

type Point = tuple[float, float, float]


def groups(dimensions: Mapping[str, Sequence[tuple[str, float, Point | None]]]) -> Figure:
    """``dimensions``: name -> (group, its share of people, its share of the money with interval) for each group."""
    lines = sum(len(rows) for rows in dimensions.values()) + 1.3 * len(dimensions)
    figure = paper(9.6, 0.6 + 0.235 * lines)
    axes = figure.subplots()
    place, ticks, labels = 0.0, [], []
    for dimension, rows in dimensions.items():
        axes.text(0.0, place, f"By {dimension}", fontsize=9, weight="bold", va="center")
        for group, people, money in rows:
            place += 1.0
            _row(axes, place, people, money)
            ticks.append(place)
            labels.append(group.replace("_", " "))
        place += 1.3
    axes.set_yticks(ticks, labels, fontsize=8.5)
    axes.set_ylim(place - 0.6, -0.7)
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_formatter("{x:.0f} %")
    axes.plot([], [], "s", color=GREY, markerfacecolor="none", markersize=7, label="share of people")
    axes.plot([], [], "o", color=look(0).colour, markersize=7, label="share of support, with 95 % interval")
    axes.legend(frameon=False, fontsize=8.5, loc="lower right", ncols=2, bbox_to_anchor=(1.0, 1.0))
    plain_axes(axes)
    return figure


def _row(axes: Axes, place: float, people: float, money: Point | None) -> None:
    axes.axhline(place, color="#ececec", linewidth=0.8, zorder=0)
    axes.plot([people], [place], "s", color=GREY, markerfacecolor="none", markersize=7)
    if money is None:
        return
    value, low, high = money
    if math.isfinite(low):
        axes.plot([low, high], [place, place], color=INK, linewidth=1.5)
    axes.plot([value], [place], "o", color=look(0).colour, markeredgecolor=INK, markeredgewidth=0.6, markersize=6.5)
