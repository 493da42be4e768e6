"""Charts of patterns: shares beside the placebo, E3 by field, and E3 over two fields."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from coworksim.evidence.patterns.declaration import DECLARED, PATTERNS, PLACES, measure_of
from coworksim.evidence.patterns.pattern_tables import FIELDS_OF_SURFACE, STEPS
from coworksim.evidence.patterns.untuned import GROUPS
from coworksim.report.charts.style import GREY, INK, LOOKS, PALE, Look, applied, bare, headings, save_chart
from coworksim.report.sentences.text import ALL_PATTERNS, NO_FORECAST

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from coworksim.evidence.patterns.patterns import Patterns


_FORMS: Final = ((DECLARED.name, LOOKS[1], "full"), ("placebo", LOOKS[0], "none"))
_ROW: Final = 0.36
_MAPS: Final = (("E3a", "space"), ("E3b", "space"), ("E3a", "total"), ("E3b", "total"))


def shares_chart(found: Patterns) -> Figure:
    """Return a row a measure: the share of draws that show it with its interval, beside the placebo."""
    from matplotlib.figure import Figure

    part = "draws" if (found.shares["part"] == "draws").any() else "replicates"
    rows = found.shares[found.shares["part"] == part]
    labels = list(dict.fromkeys(zip(rows["pattern"], rows["place"], strict=True)))
    height = 2.2 + _ROW * len(labels)
    figure = Figure(figsize=(9.6, height))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.41, right=0.96, top=1 - 1.5 / height, bottom=0.7 / height)
    for number, (form, look, fill) in enumerate(_FORMS):
        own = rows[rows["form"] == form].set_index(["pattern", "place"])
        for y, label in enumerate(labels):
            row, at = own.loc[label], y + 0.13 * (2 * number - 1)
            axes.plot([row["low"], row["high"]], [at, at], color=look.colour, linewidth=1.6)
            face = look.colour if fill == "full" else "white"
            axes.plot(row["share"], at, look.marker, color=look.colour, markerfacecolor=face, markersize=6.5)
    axes.axvline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(labels)), [_label(*label) for label in labels], size=9)
    axes.set_ylim(len(labels) - 0.4, -0.7)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(f"share of {part} that show the pattern")
    bare(axes)
    figure.legend(
        handles=[_handle(axes, *form) for form in _FORMS],
        loc="upper left",
        bbox_to_anchor=(0.02, 1 - 1.0 / height),
        ncols=2,
        frameon=False,
        borderpad=0,
        borderaxespad=0,
    )
    n = int(rows.loc[rows["form"] == DECLARED.name, "n"].max())
    headings(
        figure,
        "How often does the model show the patterns of the survey?",
        f"Share of {n} {part} in which the value has the sign, with Wilson's 95 % interval.\n"
        "Placebo: all regions have one environment and keep their flag. Dotted: a coin.",
        f"{found.scenario.name}, ranges {found.ranges_hash[:12]}, chosen by people who knew the findings; a simulation",
    )
    return figure


def _handle(axes: Axes, form: str, look: Look, fill: str) -> Line2D:
    face = look.colour if fill == "full" else "white"
    (handle,) = axes.plot([], [], look.marker, color=look.colour, markerfacecolor=face, label=form)
    return handle


def _label(pattern: str, place: str) -> str:
    if pattern == "all":
        return ALL_PATTERNS
    return f"{PATTERNS[pattern].label}: {measure_of(pattern, place)}"


def shapley_bars(found: Patterns) -> Figure:
    """Return, by contrast, what each group of fields adds to it, with intervals over replicates."""
    from matplotlib.figure import Figure

    panels = [p for p in ("E3a", "E3b") if (found.shapley["pattern"] == p).any()]
    groups = [*GROUPS, "all"]
    height = 2.0 + 0.36 * len(groups)
    figure = Figure(figsize=(10.5, height))
    grid = figure.subplots(1, len(panels), squeeze=False)[0]
    figure.subplots_adjust(left=0.13, right=0.97, top=1 - 1.35 / height, bottom=0.75 / height, wspace=0.1)
    for number, (axes, pattern) in enumerate(zip(grid, panels, strict=True)):
        rows = found.shapley[(found.shapley["pattern"] == pattern) & (found.shapley["place"] == "space")]
        at = rows.set_index("group")
        for y, group in enumerate(groups):
            row, look = at.loc[group], LOOKS[1] if group != "all" else LOOKS[0]
            hatch = "" if group != "all" else "////"
            axes.barh(y, row["value"], 0.6, color=look.colour, hatch=hatch, edgecolor="white", linewidth=0)
            axes.plot([row["low"], row["high"]], [y, y], color=INK, linewidth=1.4)
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_yticks(range(len(groups)), [g if g != "all" else "together" for g in groups] if not number else [])
        axes.set_ylim(len(groups) - 0.4, -0.6)
        axes.set_title(f"{pattern}: {PATTERNS[pattern].label}", size=10, loc="left")
        axes.set_xlabel(PATTERNS[pattern].unit)
        axes.locator_params(axis="x", nbins=5)
        bare(axes)
    n = int(found.shapley["n"].max())
    headings(
        figure,
        "Which part of the environment makes the two regional contrasts?",
        f"Shapley values of the contrast in the space, left-behind less others; 95 % intervals over {n} replicates.\n"
        "E3a is shown to the right of 0, E3b to the left of it.",
        f"{found.scenario.name} at its own values; elasticities are guesses; {NO_FORECAST}",
    )
    return figure


def surface_maps(found: Patterns) -> Figure:
    """Return maps of the contrasts over two ratios of left-behind to other regions; a ring where the real ones lie."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.2, 10.4))
    grid = figure.subplots(2, 2)
    figure.subplots_adjust(left=0.09, right=0.98, top=0.84, bottom=0.09, wspace=0.22, hspace=0.36)
    for axes, (pattern, place) in zip(grid.ravel(), _MAPS, strict=True):
        rows = found.surface[(found.surface["pattern"] == pattern) & (found.surface["place"] == place)]
        _map(axes, rows, pattern)
        axes.set_title(f"{pattern} {PLACES[place]}: {PATTERNS[pattern].label}", size=10, loc="left")
        axes.plot(
            *(_at(found.real[field]) for field in FIELDS_OF_SURFACE[::-1]),
            "o",
            markersize=15,
            markerfacecolor="none",
            markeredgecolor=INK,
            markeredgewidth=2,
        )
    n = int(found.surface["n"].max())
    headings(
        figure,
        "How do the contrasts follow outside access and catchment?",
        "The contrast, left-behind less others, in 1/1000 points per hour (E3a) or per encounter (E3b), when regions "
        f"differ in these\ntwo fields alone; mean of up to {n} replicates. Blue: the sign of the survey. Orange: the "
        "other. Bold: the 95 % interval\nleaves out 0. Ring: ratios of the 28 to the 151 UK regions at the declared "
        "elasticities, which are guesses.\n"
        "In the middle regions are alike: its value is chance, which all cells share; compare cells.",
        f"{found.scenario.name}; {NO_FORECAST}",
    )
    return figure


def _at(ln_ratio: float) -> float:
    """Return where on the axis of a map a ratio lies.

    >>> round(_at(math.log(0.5)), 2), round(_at(0.0), 2)
    (0.0, 2.0)
    """
    return float(np.interp(ln_ratio, np.log(STEPS), range(len(STEPS))))


def _map(axes: Axes, rows: pd.DataFrame, pattern: str) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    one, other = FIELDS_OF_SURFACE
    cells = {(row[one], row[other]): row for row in rows.to_dict("records")}
    value = np.array([[float(cells[a, b]["value"]) for b in STEPS] for a in STEPS])
    sign = PATTERNS[pattern].sign
    most = float(np.nanmax(np.abs(value))) if np.isfinite(value).any() else 1.0
    colours = LinearSegmentedColormap.from_list("signs", [LOOKS[0].colour, "white", LOOKS[1].colour])
    axes.imshow(sign * value, cmap=colours, vmin=-1.6 * most, vmax=1.6 * most, origin="lower", aspect="auto")
    for (row, column), number in np.ndenumerate(value):
        cell = cells[STEPS[row], STEPS[column]]
        clear = cell["low"] > 0 or cell["high"] < 0
        text = "-" if math.isnan(number) else f"{1000 * number:+.2g}"
        axes.text(column, row, text, ha="center", va="center", size=9, weight="bold" if clear else "normal", color=INK)
    ticks = [f"{step:.2g}" for step in STEPS]
    axes.set_xticks(range(len(STEPS)), ticks)
    axes.set_yticks(range(len(STEPS)), ticks)
    axes.set_xlabel("catchment, left-behind / others")
    axes.set_ylabel("outside access, left-behind / others")
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_color(PALE)


def write_pattern_charts(found: Patterns, folder: Path, *, png: bool = False) -> None:
    """Write the charts for which there are numbers."""
    with applied():
        if len(found.shares):
            save_chart(shares_chart(found), folder / "patterns-shares.svg", title="Shares of patterns", png=png)
        if len(found.shapley):
            save_chart(shapley_bars(found), folder / "patterns-fields.svg", title="E3 by field", png=png)
        if len(found.surface):
            save_chart(surface_maps(found), folder / "patterns-surface.svg", title="E3 over two fields", png=png)
