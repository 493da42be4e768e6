"""Charts of cost and effect, and those in the folder of an appraisal: each is drawn here and in a report alike."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coworksim.appraisal.measure_registry import COSTS, term
from coworksim.appraisal.ranking import CRITERIA
from coworksim.appraisal.result import Appraisal
from coworksim.report.charts.effect_charts import difference_panel, forest_panels, point
from coworksim.report.charts.style import GREY, bare, framed, headings, key, line_key, look, paper, save_charts, zero
from coworksim.report.sentences.text import NO_FORECAST, shortened

#: What the fan shows, and the words for it.
_FANS: Final = {
    "members": "more members",
    "td": "more TD skill,\npoints over everybody",
    "sc": "more SC skill,\npoints over everybody",
}
_FOREST: Final = {
    "additional_member_months": "more membership\nmember-months",
    "td_total_sd_years": "more TD skill\nsd-years",
    "sc_total_sd_years": "more SC skill\nsd-years",
    "social_value_gbp": "social value\nGBP",
}
#: Skills whose worth is set against the cost: each family alone, and both.
_PLANES: Final = {
    "TD": ("td_total_sd_years",),
    "SC": ("sc_total_sd_years",),
    "TD and SC": ("td_total_sd_years", "sc_total_sd_years"),
}
_SKILLS: Final = {name: name.upper() for name, criterion in CRITERIA.items() if criterion.cost}
MOST_ARMS: Final = 8
_STEPS: Final = 301
_MOST_POINTS: Final = 200

#: By arm: costs and effects by world, or worths and shares.
type Pairs = Mapping[str, tuple[Sequence[float], Sequence[float]]]


def plane(arms: Pairs, words: str, declared: float, curves: Pairs | None = None) -> Figure:
    """Cost against effect, world by world, and beside it the share of worlds in which the effect is worth its cost.

    ``arms``: costs and effects; ``declared``: what one effect is held to be worth. With ``curves``, the share of draws
    in which each arm is best stands beside it instead.
    """
    figure = paper(9.6, 3.7)
    left, right = figure.subplots(1, 2)
    _plane_panel(left, arms, "Net public cost, GBP", words, declared)
    if curves:
        _best_panel(right, curves, list(arms), declared, "Share of draws in which it is the best")
    else:
        _worth_panel(right, arms, declared, "Share of worlds in which it pays")
    for axes in (left, right) if curves else (left,):
        axes.legend(frameon=False, fontsize=8, loc="best", handlelength=2.5)
    return figure


def _plane_panel(axes: Axes, arms: Pairs, title: str, words: str, declared: float) -> None:
    """Draw worlds pale, their mean dark, and the line on which an effect is just worth its cost: under it, it is."""
    for at, (arm, (cost, gained)) in enumerate(arms.items()):
        own = look(at)
        pale: dict[str, Any] = {"color": own.colour, "alpha": 0.35, "markersize": 4.5, "markeredgewidth": 0}
        axes.plot(gained[:_MOST_POINTS], cost[:_MOST_POINTS], own.marker, **pale)
        dark: dict[str, Any] = {"color": own.ink, "markersize": 9, "markeredgecolor": "white", "linestyle": own.dash}
        axes.plot([np.mean(gained)], [np.mean(cost)], own.marker, label=shortened(arm, 40), **dark)
    zero(axes, across=True)
    zero(axes, across=False)
    limits = axes.get_xlim(), axes.get_ylim()
    ends = np.array(limits[0])
    axes.plot(ends, declared * ends, color=GREY, linewidth=0.9, linestyle=":", label="worth its cost, as declared")
    axes.set(xlim=limits[0], ylim=limits[1])
    axes.yaxis.set_major_formatter("{x:,.10g}")
    axes.locator_params(axis="x", nbins=6)
    bare(axes, 8.5, title, words)


def _worth_panel(axes: Axes, arms: Pairs, declared: float, title: str) -> None:
    """Draw in which share of worlds each arm pays, up to twice the middle cost of an effect, of arms that have one."""
    means = [(float(np.mean(cost)), float(np.mean(gained))) for cost, gained in arms.values()]
    ratios = sorted(a / b for a, b in means if a > 0.0 and b > 0.0)
    worth = np.linspace(0.0, max(1.25 * declared, 2.0 * ratios[len(ratios) // 2] if ratios else 1.0), _STEPS)
    for at, (arm, (cost, gained)) in enumerate(arms.items()):
        own, shares = look(at), [np.mean(value * np.array(gained) > np.array(cost)) for value in worth]
        axes.plot(worth, shares, color=own.ink, linestyle=own.dash, linewidth=1.7, label=shortened(arm, 40))
    _declared(axes, declared, title)
    axes.xaxis.set_major_formatter("{x:,.10g}")
    axes.locator_params(axis="x", nbins=6)


def _best_panel(
    axes: Axes, curves: Pairs, arms: Sequence[str], declared: float, title: str, skill: str = "one sd-year"
) -> None:
    """Draw how often each arm is best; worth grows tenfold from mark to mark, so that all of it can be seen."""
    _declared(axes, declared, title, skill)
    for name, (worth, shares) in curves.items():
        own = look(arms.index(name)) if name in arms else None
        colour, dash, marker = (own.ink, own.dash, own.marker) if own else (GREY, (0, (1, 1)), "x")
        about: dict[str, Any] = {"color": colour, "linestyle": dash, "marker": marker, "markersize": 5}
        axes.plot(worth, shares, linewidth=1.5, label=shortened(name, 40), **about)
    axes.set_xscale("symlog", linthresh=500, linscale=0.4)
    axes.set_xticks([0, 500, 5_000, 50_000])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()


def _declared(axes: Axes, worth: float, title: str, what: str = "one sd-year") -> None:
    """Draw the declared worth of ``what`` across shares of 0 to 1."""
    axes.axvline(worth, color=GREY, linewidth=0.9, linestyle=":")
    about: dict[str, Any] = {"ha": "center", "va": "bottom", "annotation_clip": False}
    axes.annotate("as declared", (worth, 1.03), fontsize=8, color=GREY, **about)
    axes.set_ylim(-0.03, 1.03)
    bare(axes, 8.5, title, f"what {what} is held to be worth, GBP", pad=14)


def best_shares(appraisal: Appraisal, criterion: str) -> dict[str, tuple[list[float], list[float]]]:
    """Return, by arm, what an sd-year may be worth and in which share of draws the arm is then the best."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    ranking = appraisal.tables["ranking"].to_dict("records") if "ranking" in appraisal.tables else []
    for row in ranking:
        if row["criterion"] == criterion and not math.isnan(row["sd_year_value_gbp"]):
            worths, shares = found.setdefault(row["arm"], ([], []))
            worths.append(float(row["sd_year_value_gbp"]))
            shares.append(float(row["probability_best"]))
    return found


def _arms(appraisal: Appraisal) -> list[str]:
    return list(appraisal.arms)[:MOST_ARMS]


def _source(appraisal: Appraisal) -> str:
    left = len(appraisal.arms) - len(_arms(appraisal))
    more = f"; {left} more arms are in the tables" if left else ""
    return (
        f"{appraisal.scenario.name}, seed {appraisal.seed}, {appraisal.replicates} replicates, each arm in the same "
        f"worlds{more}; {NO_FORECAST}"
    )


def fan(appraisal: Appraisal) -> Figure:
    """An arm to a column: difference from the same worlds without it by week, interval of the mean, replicates."""
    arms = _arms(appraisal)
    margins, more = (0.09, 0.98, 0.1, 0.01), {"sharex": True, "sharey": "row", "hspace": 0.28, "wspace": 0.14}
    figure, panels = framed(6.4, 0, (len(_FANS), len(arms)), margins, **more)
    for column, arm in enumerate(arms):
        for axes, measure in zip(panels[:, column], _FANS, strict=True):
            difference_panel(axes, appraisal.by_week(arm, measure), look(column))
        title = shortened(arm, max(96 // len(arms), 12))
        panels[0, column].set_title(title, fontsize=10, loc="left", color=look(column).ink)
        panels[-1, column].set_xlabel("weeks since the start", fontsize=8)
    for axes, words in zip(panels[:, 0], _FANS.values(), strict=True):
        axes.set_ylabel(words, fontsize=9)
    text = (
        "Each arm less the same worlds without it. Line and colour: mean of replicates and its 95 % interval (chance "
        "alone).\nBetween the dotted lines: eight in ten replicates. TD: technical-digital, SC: social-cognitive."
    )
    return headings(figure, _TITLES["difference"], text, _source(appraisal))


def forest(appraisal: Appraisal) -> Figure:
    """An arm to a line, an effect to a panel: mean and 95 % interval."""
    arms = _arms(appraisal)
    height = 1.7 + 0.42 * len(arms)
    margins = (0.2, 0.97, 0.55 / (1.0 + height), 0.02)
    figure, (row,) = framed(height, 0, (1, len(_FOREST)), margins, sharey=True, wspace=0.16)
    effects = {words: [point(appraisal.estimate(arm, name)) for arm in arms] for name, words in _FOREST.items()}
    forest_panels(row, effects)
    row[0].set_yticks(range(len(arms)), [shortened(arm, 24) for arm in arms])
    row[0].set_ylim(len(arms) - 0.5, -0.5)
    text = (
        "Less the same worlds without it, over everybody up to the horizon: mean and 95 % interval. It covers chance "
        "alone,\nshrinks with replicates and ranks no arm. 1 sd-year: a standard deviation at the start, for a year. "
        "TD: technical-digital, SC: social-cognitive."
    )
    return headings(figure, _TITLES["forest"], text, _source(appraisal))


def cost_plane(appraisal: Appraisal) -> Figure:
    """Skills apart: replicates as points of effect and cost; share of them worth it, by what an effect is worth."""
    arms = _arms(appraisal)
    figure, panels = framed(9.9, len(arms), (len(_PLANES), 2), (0.1, 0.97, 0.07, 0.01), hspace=0.42, wspace=0.24)
    for (left, right), (skill, effects) in zip(panels, _PLANES.items(), strict=True):
        pairs = {}
        for arm in arms:
            cost, *each = appraisal.paired(arm, COSTS[0], *effects)
            pairs[arm] = (cost, [math.fsum(one) for one in zip(*each, strict=True)])
        title, words = f"{skill}: {term(COSTS[0]).meaning}, GBP", f"additional {skill} skill over everybody, sd-years"
        _plane_panel(left, pairs, title, words, appraisal.worth)
        _worth_panel(right, pairs, appraisal.worth, f"{skill}: share of replicates with a positive net benefit")
    key(figure, [line_key(look(at), shortened(arm, 60)) for at, arm in enumerate(arms)])
    text = (
        "Pale: replicates, dark: their mean; under the dotted line an effect is worth its cost. The curves count "
        "replicates: they cover\nchance alone, in a world with these parameters and rules. TD: technical-digital, SC: "
        "social-cognitive skill."
    )
    return headings(figure, _TITLES["cost-plane"], text, _source(appraisal))


def acceptability(appraisal: Appraisal) -> Figure:
    """A skill to a panel, an arm to a line: share of draws in which it has the highest net benefit."""
    made = appraisal.drawing
    if made is None:
        raise ValueError("an appraisal without draws has no curve")
    arms = list(dict.fromkeys(appraisal.tables["draws"]["arm"].astype(str)))
    margins = (0.07, 0.98, 0.14, 0.01)
    figure, (row,) = framed(4.2, len(arms), (1, len(_SKILLS)), margins, sharey=True, wspace=0.1)
    for axes, (criterion, skill) in zip(row, _SKILLS.items(), strict=True):
        curves, title = best_shares(appraisal, criterion), f"{skill}: share of draws in which the arm is best"
        _best_panel(axes, curves, arms, made["sd_year_value_gbp"], title, f"an sd-year of {skill}")
        axes.set_xticks([0, 500, 2000, 10_000, 50_000, 200_000])
        axes.set_xlim(-100, 300_000)
    key(figure, [line_key(look(at), shortened(arm, 60)) for at, arm in enumerate(arms)])
    text = (
        f"{made['counted']} draws of {len(made['inputs'])} parameters and of the laws of learning. Net benefit: "
        "that worth times the sd-years\ngained by everybody, less net public cost."
    )
    source = (
        f"{appraisal.scenario.name}, seed {appraisal.seed}, {made['counted']} of {made['asked']} draws; {NO_FORECAST}"
    )
    return headings(figure, _TITLES["acceptability"], text, source)


_TITLES: Final = {
    "difference": "What changes, week by week?",
    "forest": "What does each arm bring?",
    "cost-plane": "What does an effect cost?",
    "acceptability": "Which arm is best, by what a skill is worth?",
}


def write_appraisal_charts(appraisal: Appraisal, folder: Path, *, png: bool = False) -> None:
    """Write ``difference.svg``, ``forest.svg`` and ``cost-plane.svg`` (and PNG); of draws ``acceptability.svg`` too."""
    drawn = (fan, forest, cost_plane, *([] if appraisal.drawing is None else [acceptability]))
    charts = zip(_TITLES.items(), drawn, strict=False)
    save_charts(folder, {name: (partial(draw, appraisal), title) for (name, title), draw in charts}, png=png)
