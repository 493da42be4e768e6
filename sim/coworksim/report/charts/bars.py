"""Chart: where skills came from, without a policy and with it.

Chart: arms down, effects across; mean and 95 % interval.

Chart: each group's share of people beside its share of the money.

Chart: in what share of draws each pattern shows, beside the placebo.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coworksim.report.charts.style import GREY, INK, PALE, look, paper, plain_axes, zero
from coworksim.report.sentences.text import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


type Point = tuple[float, float, float]

#: Without is grey in each chart of both worlds, with it has the look of the first arm.
_SIDES: Final[dict[str, dict[str, Any]]] = {
    "without": {"color": PALE, "hatch": "////", "edgecolor": GREY, "linewidth": 0.8},
    "with": {"color": look(0).colour, "edgecolor": look(0).ink, "linewidth": 0.8},
}


def channels(families: Mapping[str, Sequence[tuple[str, Point, Point]]]) -> Figure:
    """``families``: name -> (channel, points a person without, and with) for each channel."""
    figure = paper(9.6, 3.3)
    row: Any = figure.subplots(1, len(families), sharey=True, squeeze=False)[0]
    for axes, (family, rows) in zip(row, families.items(), strict=True):
        for place, (_, *sides) in enumerate(rows):
            for at, (side, point) in enumerate(zip(_SIDES, sides, strict=True)):
                _bar(axes, place + 0.2 - 0.4 * (1 - at), _SIDES[side], point)
        zero(axes, across=False)
        axes.set_title(family, fontsize=9.5, loc="left")
        axes.set_xlabel("points a person since the opening", fontsize=8.5)
        axes.set_yticks(range(len(rows)), [name for name, *_ in rows], fontsize=8.5)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        plain_axes(axes)
    for side, own in _SIDES.items():
        row[0].barh([0], [0], label=side, **own)
    row[0].legend(frameon=False, fontsize=8.5, loc="lower right")
    return figure


def _bar(axes: Axes, place: float, own: Mapping[str, Any], point: Point) -> None:
    value, low, high = point
    axes.barh(place, value, 0.36, **own)
    if math.isfinite(low):
        axes.plot([low, high], [place, place], color=INK, linewidth=1.2)


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


#: Rows above which they stand closer, so that the chart fits on a page.
_MANY: Final = 12


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
