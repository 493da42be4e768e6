"""Charts of patterns, of an ablation and of a contrast, and the folders in which they lie beside tables."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coworksim.evidence.patterns.declaration import ABLATIONS, DECLARED, MEASURES, PATTERNS, PLACES, measure_of
from coworksim.evidence.patterns.hypotheses import Contrast
from coworksim.evidence.patterns.pattern_runs import PatternResult
from coworksim.evidence.patterns.pattern_tables import FIELDS_OF_SURFACE, STEPS
from coworksim.evidence.patterns.patterns import Ablation, Patterns
from coworksim.evidence.patterns.untuned import GROUPS
from coworksim.files.checked_folder import marked
from coworksim.files.manifest import MANIFEST
from coworksim.files.provenance import environment
from coworksim.files.result_folder import published, write_json
from coworksim.files.table_files import write_tables
from coworksim.report.charts.effect_charts import shares_panel
from coworksim.report.charts.style import GREY, INK, LOOKS, PALE, bare, headings, named_rows, save_charts, sheet, tilted
from coworksim.report.sentences import pattern_text as told
from coworksim.report.sentences.pattern_drivers import PLACEBO
from coworksim.report.sentences.pattern_text import OFF, OFTEN
from coworksim.report.sentences.text import ALL_PATTERNS, NO_FORECAST, hundredths
from coworksim.statistics.intervals import Z95

_FORMS: Final = (DECLARED.name, "placebo")
_MAPS: Final = (("E3a", "space"), ("E3b", "space"), ("E3a", "total"), ("E3b", "total"))
_RING: Final[dict[str, Any]] = {"markersize": 9, "markerfacecolor": "none", "markeredgewidth": 1.6}


def shares_chart(found: Patterns) -> Figure:
    """Return a row a measure: the share of draws that show it with its interval, beside the placebo."""
    part = "draws" if (found.shares["part"] == "draws").any() else "replicates"
    rows = found.shares[found.shares["part"] == part]
    at = {(row["pattern"], row["place"], row["form"]): row for row in rows.to_dict("records")}
    measures = list(dict.fromkeys((pattern, place) for pattern, place, _ in at))
    height = 2.2 + 0.36 * len(measures)
    figure, axes = sheet(9.6, height, (0.41, 0.96, 1.5, 0.7))
    shares = [
        (_label(*measure), [(own["share"], own["low"], own["high"]) for own in (at[*measure, form] for form in _FORMS)])
        for measure in measures
    ]
    shares_panel(axes, shares, _FORMS)
    axes.set_xlabel(f"share of {part} that show the pattern")
    about: dict[str, Any] = {"ncols": 2, "frameon": False, "borderpad": 0, "borderaxespad": 0}
    figure.legend(loc="upper left", bbox_to_anchor=(0.02, 1 - 1.0 / height), **about)
    n = int(rows.loc[rows["form"] == DECLARED.name, "n"].max())
    text = (
        f"Share of {n} {part} in which the value has the sign, with Wilson's 95 % interval.\n{PLACEBO} Dotted: a coin."
    )
    source = (
        f"{found.scenario.name}, ranges {found.ranges_hash[:12]}, chosen by people who knew the findings; a simulation"
    )
    return headings(figure, "How often does the model show the patterns of the survey?", text, source)


def _label(pattern: str, place: str) -> str:
    return ALL_PATTERNS if pattern == "all" else f"{PATTERNS[pattern].label}: {measure_of(pattern, place)}"


def shapley_bars(found: Patterns) -> Figure:
    """Return, by contrast, what each group of fields adds to it, with intervals over replicates."""
    panels = [p for p in ("E3a", "E3b") if (found.shapley["pattern"] == p).any()]
    groups = [*GROUPS, "all"]
    height = 2.0 + 0.36 * len(groups)
    figure, grid = sheet(10.5, height, (0.13, 0.97, 1.35, 0.75), len(panels), wspace=0.1)
    for number, (axes, pattern) in enumerate(zip(grid.ravel(), panels, strict=True)):
        rows = found.shapley[(found.shapley["pattern"] == pattern) & (found.shapley["place"] == "space")]
        at = rows.set_index("group")
        for y, group in enumerate(groups):
            row, colour, hatch = at.loc[group], LOOKS[group != "all"].colour, "" if group != "all" else "////"
            axes.barh(y, row["value"], 0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
            axes.plot([row["low"], row["high"]], [y, y], color=INK, linewidth=1.4)
        axes.axvline(0, color=GREY, linewidth=0.8)
        named_rows(axes, [*GROUPS, "together"], 10, 0.6, 0.6)
        axes.tick_params(labelleft=not number)
        axes.set_title(f"{pattern}: {PATTERNS[pattern].label}", size=10, loc="left")
        axes.set_xlabel(PATTERNS[pattern].unit)
        axes.locator_params(axis="x", nbins=5)
        bare(axes)
    n = int(found.shapley["n"].max())
    text = (
        f"Shapley values of the contrast in the space, left-behind less others; 95 % intervals over {n} replicates.\n"
        "E3a is shown to the right of 0, E3b to the left of it."
    )
    source = f"{found.scenario.name} at its own values; how fields respond is a guess; {NO_FORECAST}"
    return headings(figure, "Which part of the environment makes the two regional contrasts?", text, source)


def surface_maps(found: Patterns) -> Figure:
    """Return maps of the contrasts over two ratios of left-behind to other regions; a ring where the real ones lie."""
    figure, grid = sheet(10.2, 10.4, (0.09, 0.98, 0.16 * 10.4, 0.09 * 10.4), 2, 2, wspace=0.22, hspace=0.36)
    for axes, (pattern, place) in zip(grid.ravel(), _MAPS, strict=True):
        rows = found.surface[(found.surface["pattern"] == pattern) & (found.surface["place"] == place)]
        _map(axes, rows, pattern)
        axes.set_title(f"{pattern} {PLACES[place]}: {PATTERNS[pattern].label}", size=10, loc="left")
        ring: Any = {"markersize": 15, "markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 2}
        axes.plot(*(_at(found.real[field]) for field in FIELDS_OF_SURFACE[::-1]), "o", **ring)
    n = int(found.surface["n"].max())
    text = (
        "The contrast, left-behind less others, in 1/1000 points per hour (E3a) or per encounter (E3b), when regions "
        f"differ in these\ntwo fields alone; mean of up to {n} replicates. Blue: the sign of the survey. Orange: the "
        "other. Bold: the 95 % interval\nleaves out 0. Ring: ratios of the 28 to the 151 UK regions, by figures and "
        "declared responses.\n"
        "In the middle regions are alike: its value is chance, which all cells share; compare cells."
    )
    source = f"{found.scenario.name}; {NO_FORECAST}"
    return headings(figure, "How do the contrasts follow public provision and catchment?", text, source)


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
    axes.set_ylabel("public provision, left-behind / others")
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_color(PALE)


def ablation_map(found: Ablation) -> Figure:
    """Return the heat map: share of runs that show the pattern; in each cell what is left of the mean value."""
    from matplotlib.colors import LinearSegmentedColormap

    cells = told.ablation_cells(found)
    share = np.array([[cells[p, q, off]["share"] for p, q in MEASURES] for off in OFF])
    height = 3.6 + 0.3 * len(OFF)
    figure, axes = sheet(13.2, height, (0.215, 0.985, 2.55, 0.55))
    colours = LinearSegmentedColormap.from_list("shares", ["white", LOOKS[1].colour])
    axes.imshow(np.nan_to_num(share), cmap=colours, vmin=0, vmax=1.25, aspect="auto")
    for (row, column), value in np.ndenumerate(share):
        cell = cells[(*MEASURES[column], OFF[row])]
        often = share[0, column] >= OFTEN
        text = hundredths(cell["share"]) if row == 0 else told.remains(cell) if often else ""
        ink = "white" if value > 0.75 else INK
        axes.text(column, row, text, ha="center", va="center", size=8, color=ink)
    axes.set_yticks(range(len(OFF)), ["nothing (share shown)", *ABLATIONS], size=9)
    axes.set_xticks(range(len(MEASURES)), [measure_of(*measure) for measure in MEASURES], size=9)
    tilted(axes)
    axes.axhline(0.5, color=INK, linewidth=1)
    bare(axes)
    n, half = int(found.table["n"].max()), hundredths(found.table["half_width"].max())
    text = (
        f"Rows: what is off. Colour: share of {n} runs that show the pattern, from none (white) to all (dark).\n"
        "Number: what is left of its mean value (1.00: as much as with nothing off; below 0: the sign has turned).\n"
        "A dash: nothing to measure (no users, encounters or hours). "
        f"No number: shown by fewer than {hundredths(OFTEN)} of runs with nothing off."
    )
    source = f"{found.scenario.name}; shares have half-widths of up to {half}; {NO_FORECAST}"
    return headings(figure, "Which mechanism carries which pattern?", text, source)


def contrast_chart(found: Contrast) -> Figure:
    """Return both shares of each pattern, and the area under the curve by questions asked."""
    height = 2.0 + 0.34 * len(found.table)
    margins = (0.275, 0.97, 1.15, 0.8)
    figure, panels = sheet(12.6, height, margins, 2, ratios=[1.25, 1.0], wspace=0.62)
    left, right = panels[0]
    for y, row in enumerate(found.table.to_dict("records")):
        colours = (LOOKS[0].colour, LOOKS[1].colour) if row["fits"] else (GREY, GREY)
        left.plot([row["share_a"], row["share_b"]], [y, y], color=PALE, linewidth=3, zorder=1)
        left.plot(row["share_a"], y, "o", color=colours[0], **_RING)
        left.plot(row["share_b"], y, "s", color=colours[1], markersize=5.5)
    rows = zip(found.table["pattern"], found.table["place"], strict=True)
    named_rows(left, [_label(*one) for one in rows], 8.5, 0.6, 0.6)
    left.set(xlim=(-0.03, 1.03), xlabel="share of draws that show it")
    for y, row in enumerate(found.questions.to_dict("records")):
        if not math.isnan(row["auc"]):
            half = Z95 * row["error"]
            right.plot([max(0.0, row["auc"] - half), min(1.0, row["auc"] + half)], [y, y], color=LOOKS[1].colour)
            right.plot(row["auc"], y, "s", color=LOOKS[1].colour)
    right.axvline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    named_rows(right, found.questions["questions"].tolist(), 8.5, 0.6, 0.6)
    right.set(xlim=(0.2, 1.02), xlabel="area under the curve (dotted: a coin)")
    bare(left)
    bare(right)
    n = int(found.table["n"].max())
    text = (
        f"Left: share of {n} draws that show each pattern under {found.one.name} (ring) and {found.other.name} "
        "(square); grey: no difference beyond\nchance. Right: how well a linear rule tells surveys of the two worlds "
        "apart (area under the curve, cross-validated, with 95 % intervals)."
    )
    source = f"{found.scenario.name}, ranges {found.ranges_hash[:12]}; {NO_FORECAST}"
    return headings(figure, f"{found.one.name} or {found.other.name}: what would tell?", text, source)


PAGE: Final = "findings.txt"

#: What a folder holds: tables, sentences, what JSON has, and by name what draws a chart, and its title.
type Content = tuple[dict[str, pd.DataFrame], list[str], dict[str, Any], Mapping[str, tuple[Callable[[], Figure], str]]]


def content(found: PatternResult) -> Content:
    """Return what the folder of a result holds; of patterns only tables and charts for which there are numbers."""
    if isinstance(found, Patterns):
        tables = {name: getattr(found, name) for name in told.TABLES if len(getattr(found, name))}
        charts = {
            "shares": ("patterns-shares", shares_chart, "Shares of patterns"),
            "shapley": ("patterns-fields", shapley_bars, "E3 by field"),
            "surface": ("patterns-surface", surface_maps, "E3 over two fields"),
        }
        drawn = {name: (partial(draw, found), title) for one, (name, draw, title) in charts.items() if one in tables}
        return tables, told.pattern_sentences(found), told.plain_tables(found), drawn
    if isinstance(found, Ablation):
        drawn = {"ablation": (partial(ablation_map, found), "Pattern by mechanism")}
        return {"ablation": found.table}, told.ablation_sentences(found), told.ablation_json(found), drawn
    if isinstance(found, Contrast):
        drawn = {"contrast": (partial(contrast_chart, found), "Two rival forms")}
        tables = {"patterns": found.table, "questions": found.questions}
        return tables, told.contrast_sentences(found), told.contrast_json(found), drawn
    raise TypeError(f"{type(found).__name__} is none of the results of patterns")


def _origin(found: PatternResult) -> dict[str, Any]:
    return {"altered": list(found.batch.altered), "environment": environment()}


def write_patterns(
    found: PatternResult, folder: Path, *, command: Sequence[str] = (), png: bool = False, force: bool = False
) -> Path:
    """Write tables, charts and findings into ``folder``, whole or not at all."""
    tables, sentences, plain, charts = content(found)
    with published(folder, force=force) as staging:
        rows = write_tables(tables, staging)
        (staging / PAGE).write_text(
            "\n".join([*marked(found.batch.altered), *sentences]) + "\n", encoding="utf-8", newline="\n"
        )
        about = {name: value for name, value in plain.items() if name not in (*told.TABLES, "table", "questions")}
        write_json(staging / MANIFEST, {"command": list(command), **about, "rows": rows, **_origin(found)})
        save_charts(staging, charts, png=png)
    return folder
