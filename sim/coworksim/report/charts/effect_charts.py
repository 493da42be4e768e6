"""Charts of what arms change: by week, beside each other, to whom money goes, whence skills came; and of patterns."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coworksim.appraisal.estimates import Estimate
from coworksim.report.charts.style import GREY, INK, PALE, Look, bare, interval, look, named_rows, paper, zero
from coworksim.report.sentences.text import shortened

#: A value and the limits of its interval.
type Point = tuple[float, float, float]

_MOST_COLUMNS: Final = 3
#: Rows above which they stand closer, so that the chart fits on a page.
_MANY: Final = 12
#: Without is grey in each chart of both worlds, with it has the look of the first arm.
_SIDES: Final[dict[str, dict[str, Any]]] = {
    "without": {"color": PALE, "hatch": "////", "edgecolor": GREY, "linewidth": 0.8},
    "with": {"color": look(0).colour, "edgecolor": look(0).ink, "linewidth": 0.8},
}


def point(found: Estimate | None) -> Point | None:
    """Return what is drawn of an estimate; None where there is none."""
    return None if found is None else (found.value, found.low, found.high)


def difference(arms: Mapping[str, pd.DataFrame], words: str) -> Figure:
    """An arm to a panel; tables have ``week, mean, low, high, q10, q90``."""
    columns = min(len(arms), _MOST_COLUMNS)
    rows = math.ceil(len(arms) / columns)
    figure = paper(5.6, 2.1 * rows + 0.9)
    panels: Any = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for at, (arm, table) in enumerate(arms.items()):
        axes, own = panels[at // columns][at % columns], look(at)
        difference_panel(axes, table, own)
        axes.set_title(shortened(arm, 72 // columns), fontsize=9.5 if columns == 1 else 8.5, loc="left", color=own.ink)
    for spare in range(len(arms), rows * columns):
        panels[spare // columns][spare % columns].set_visible(False)
    figure.supylabel(words, fontsize=9)
    figure.supxlabel("weeks since the start", fontsize=9)
    return figure


def difference_panel(axes: Axes, table: pd.DataFrame, own: Look) -> None:
    """Draw the mean of the paired difference, its interval, and where eight in ten worlds lie."""
    axes.fill_between(table["week"], table["low"], table["high"], color=own.colour, alpha=0.35, linewidth=0)
    for edge in ("q10", "q90"):
        axes.plot(table["week"], table[edge], color=GREY, linewidth=0.8, linestyle=(0, (2, 2)))
    axes.plot(table["week"], table["mean"], color=own.ink, linewidth=1.6, linestyle=own.dash)
    zero(axes, across=True)
    axes.margins(x=0)
    bare(axes, 8.5)
    axes.yaxis.set_major_formatter("{x:,.10g}")


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
        axes.yaxis.set_major_formatter("{x:,.10g}")
        bare(axes, 8.5, words, "weeks since the start")
    row[0].legend(frameon=False, fontsize=8.5, handlelength=3.0, loc="best")
    return figure


def forest(arms: Sequence[str], effects: Mapping[str, Sequence[Point | None]]) -> Figure:
    """``effects``: words of an effect -> its value for each arm, or None where an arm has none."""
    figure = paper(5.6, max(1.15 + 0.42 * len(arms), 2.2))
    row: Any = figure.subplots(1, len(effects), sharey=True, squeeze=False)[0]
    forest_panels(row, effects)
    named_rows(row[0], [shortened(arm, 22) for arm in arms], 9)
    return figure


def forest_panels(row: Sequence[Axes], effects: Mapping[str, Sequence[Point | None]]) -> None:
    """Draw an effect to a panel, an arm to a line: mean and 95 % interval."""
    for axes, (words, points) in zip(row, effects.items(), strict=True):
        zero(axes, across=False)
        for place, found in enumerate(points):
            if found is None:
                continue
            value, low, high = found
            own = look(place)
            interval(axes, place, low, high, color=own.ink, linewidth=1.8, solid_capstyle="butt")
            interval(axes, place, low, high, linestyle="", marker="|", color=own.ink, markersize=7)
            axes.plot([value], [place], own.marker, color=own.colour, markeredgecolor=own.ink, markersize=7)
        axes.locator_params(axis="x", nbins=3)
        axes.xaxis.set_major_formatter("{x:,.10g}")
        axes.margins(x=0.12)
        bare(axes, 8, words, fontsize=9)


def channels(families: Mapping[str, Sequence[tuple[str, Point, Point]]]) -> Figure:
    """``families``: name -> (channel, points a person without, and with) for each channel."""
    figure = paper(9.6, 3.3)
    row: Any = figure.subplots(1, len(families), sharey=True, squeeze=False)[0]
    for axes, (family, rows) in zip(row, families.items(), strict=True):
        for place, (_, *sides) in enumerate(rows):
            for at, (side, (value, low, high)) in enumerate(zip(_SIDES, sides, strict=True)):
                height = place + 0.2 - 0.4 * (1 - at)
                axes.barh(height, value, 0.36, **_SIDES[side])
                interval(axes, height, low, high, color=INK, linewidth=1.2)
        zero(axes, across=False)
        named_rows(axes, [name for name, *_ in rows], 8.5, 0.55, 0.55)
        bare(axes, 8.5, family, "points a person since the start")
    for side, own in _SIDES.items():
        row[0].barh([0], [0], label=side, **own)
    row[0].legend(frameon=False, fontsize=8.5, loc="lower right")
    return figure


def groups(dimensions: Mapping[str, Sequence[tuple[str, float, Point | None]]]) -> Figure:
    """``dimensions``: name -> (group, its share of people, its share of the money with interval) for each group."""
    lines = sum(len(rows) for rows in dimensions.values()) + 1.3 * len(dimensions)
    figure = paper(9.6, 0.6 + 0.235 * lines)
    axes = figure.subplots()
    place, ticks, labels = 0.0, [], []
    dot: Any = {"color": look(0).colour, "markeredgecolor": INK, "markeredgewidth": 0.6, "markersize": 6.5}
    for dimension, rows in dimensions.items():
        axes.text(0.0, place, f"By {dimension}", fontsize=9, weight="bold", va="center")
        for group, people, money in rows:
            place += 1.0
            axes.axhline(place, color="#ececec", linewidth=0.8, zorder=0)
            axes.plot([people], [place], "s", color=GREY, markerfacecolor="none", markersize=7)
            if money is not None:
                value, low, high = money
                interval(axes, place, low, high, color=INK, linewidth=1.5)
                axes.plot([value], [place], "o", **dot)
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
    bare(axes, 8.5)
    return figure


#: A pattern, and for each form of the world a share with its interval (None: not measured).
type Shares = Sequence[tuple[str, Sequence[Point | None]]]


def pattern_shares(rows: Shares, forms: Sequence[str]) -> Figure:
    """A pattern to a line: the share of runs that show it in each form of the world."""
    figure = paper(9.6, 1.0 + (0.42 if len(rows) <= _MANY else 0.3) * len(rows))
    axes = figure.subplots()
    shares_panel(axes, rows, forms)
    axes.legend(frameon=False, fontsize=8.5, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(forms))
    return figure


def shares_panel(axes: Axes, rows: Shares, forms: Sequence[str]) -> None:
    """Draw shares with their intervals, a pattern to a line; dotted: half."""
    step = 0.7 / max(len(forms), 1)
    for place, (_, points) in enumerate(rows):
        for at, point in enumerate(points):
            if point is None:
                continue
            value, low, high = (100.0 * x for x in point)
            own, height = look(at), place - 0.35 + step * (at + 0.5)
            interval(axes, height, low, high, color=own.ink, linewidth=1.5)
            axes.plot([value], [height], own.marker, color=own.colour, markeredgecolor=own.ink, markersize=6)
    for at, name in enumerate(forms):
        axes.plot([], [], look(at).marker, color=look(at).colour, markeredgecolor=look(at).ink, label=name)
    axes.axvline(50, color=GREY, linewidth=0.8, linestyle=":")
    named_rows(axes, [name for name, _ in rows], 9)
    axes.set_xlim(-2, 102)
    axes.xaxis.set_major_formatter("{x:.0f} %")
    bare(axes, 8.5)
