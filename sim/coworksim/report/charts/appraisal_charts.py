"""The acceptability curve: how often each arm is the best of all draws, by what an sd-year is held to be worth.

Charts of an appraisal: what changes week by week, arms beside each other, and cost against effect.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coworksim.appraisal.measure_registry import COSTS, term
from coworksim.appraisal.ranking import CRITERIA
from coworksim.report.charts.style import GREY, INK, LOOKS, PALE, Look, applied, bare, framed, headings, key, save_chart
from coworksim.report.sentences.text import NO_FORECAST, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coworksim.appraisal.result import Appraisal


TITLE: Final = "Which arm is best, by what a skill is worth?"
_SKILLS: Final = {name: name.upper() for name, criterion in CRITERIA.items() if criterion.cost}


def acceptability(appraisal: Appraisal) -> Figure:
    """A skill to a panel, an arm to a line: share of draws in which it has the highest net benefit."""
    from matplotlib.lines import Line2D

    made = appraisal.drawing
    if made is None:
        raise ValueError("an appraisal without draws has no curve")
    ranking = appraisal.tables["ranking"]
    arms = list(dict.fromkeys(appraisal.tables["draws"]["arm"].astype(str)))
    figure, top = framed(4.2, len(arms))
    panels: Any = figure.subplots(1, len(_SKILLS), sharey=True, squeeze=False)
    figure.subplots_adjust(left=0.07, right=0.98, top=top - 0.01, bottom=0.14, wspace=0.1)
    for axes, (criterion, skill) in zip(panels[0], _SKILLS.items(), strict=True):
        table = ranking[ranking["criterion"] == criterion]
        for at, arm in enumerate(arms):
            rows, look = table[table["arm"] == arm], look_of(at)
            axes.plot(
                rows["sd_year_value_gbp"],
                rows["probability_best"],
                linestyle=look.dash,
                color=look.ink,
                marker=look.marker,
                markersize=4,
                linewidth=1.5,
            )
        axes.axvline(made["sd_year_value_gbp"], color=GREY, linewidth=0.8, linestyle=":")
        axes.set_xscale("symlog", linthresh=500, linscale=0.4)
        axes.set_xticks([0, 500, 2000, 10_000, 50_000, 200_000])
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.minorticks_off()
        axes.set_xlim(-100, 300_000)
        axes.set_ylim(-0.03, 1.03)
        axes.set_title(f"{skill}: share of draws in which the arm is best", fontsize=9.5, loc="left")
        axes.set_xlabel(f"what an sd-year of {skill} is held to be worth, GBP", fontsize=8.5)
        axes.tick_params(labelsize=8)
        bare(axes)
    key(figure, [_handle(Line2D, at, arm) for at, arm in enumerate(arms)])
    headings(
        figure,
        TITLE,
        f"{made['counted']} draws of {len(made['inputs'])} parameters and of the laws of learning. Net benefit: "
        "that worth times the sd-years\ngained by everybody, less net public cost. Dotted: the declared worth.",
        f"{appraisal.scenario.name}, seed {appraisal.seed}, {made['counted']} of {made['asked']} draws; a simulation, "
        "not a forecast",
    )
    return figure


def _handle(line: Any, at: int, arm: str) -> Any:
    look = look_of(at)
    return line([], [], color=look.ink, linestyle=look.dash, marker=look.marker, label=shortened(arm, 60))


#: What the fan shows, and the words for it.
_FANS: Final = {
    "members": "more members",
    "td": "more TD skill, points over everybody",
    "sc": "more SC skill, points over everybody",
}
_FOREST: Final = ("additional_member_months", "td_total_sd_years", "sc_total_sd_years", "social_value_gbp")
_FOREST_WORDS: Final = (
    "more membership\nmember-months",
    "more TD skill\nsd-years",
    "more SC skill\nsd-years",
    "social value\nGBP",
)
#: Skills whose worth is set against the cost: each family alone, and both.
_PLANES: Final = {
    ("td_total_sd_years",): "TD",
    ("sc_total_sd_years",): "SC",
    ("td_total_sd_years", "sc_total_sd_years"): "TD and SC",
}
MOST_ARMS: Final = 8
_TITLES: Final = {
    "difference": "What changes, week by week?",
    "forest": "What does each arm bring?",
    "cost-plane": "What does an effect cost?",
}
_STEPS: Final = 401


def _arms(appraisal: Appraisal) -> list[str]:
    return list(appraisal.arms)[:MOST_ARMS]


def look_of(at: int) -> Look:
    """Return how an arm is drawn: beyond the shared looks, a colour comes back with another dash and marker."""
    colours, lines = LOOKS[at % len(LOOKS)], LOOKS[(at + at // len(LOOKS)) % len(LOOKS)]
    return Look(colours.colour, colours.ink, lines.dash, lines.marker, lines.hatch)


def _source(appraisal: Appraisal) -> str:
    left = len(appraisal.arms) - len(_arms(appraisal))
    more = f"; {left} more arms are in the tables" if left else ""
    return (
        f"{appraisal.scenario.name}, seed {appraisal.seed}, {appraisal.replicates} replicates, each arm in the same "
        f"worlds{more}; {NO_FORECAST}"
    )


def fan(appraisal: Appraisal) -> Figure:
    """An arm to a column: difference from the same worlds without it by week, interval of the mean, replicates."""
    arms, table = _arms(appraisal), appraisal.weekly
    figure, top = framed(6.4, 0)
    panels: Any = figure.subplots(len(_FANS), len(arms), sharex=True, sharey="row", squeeze=False)
    figure.subplots_adjust(left=0.09, right=0.98, top=top - 0.01, bottom=0.1, hspace=0.28, wspace=0.14)
    for column, arm in enumerate(arms):
        for row, (measure, words) in enumerate(_FANS.items()):
            axes: Axes = panels[row][column]
            block = table[(table["arm"] == arm) & (table["measure"] == measure)]
            look = look_of(column)
            axes.fill_between(block["week"], block["q10"], block["q90"], color=PALE, linewidth=0)
            axes.fill_between(block["week"], block["low"], block["high"], color=look.colour, alpha=0.45, linewidth=0)
            axes.plot(block["week"], block["mean"], color=look.ink, linewidth=1.4)
            axes.axhline(0, color=GREY, linewidth=0.8)
            axes.margins(x=0)
            bare(axes)
            axes.tick_params(labelsize=8)
            if row == 0:
                axes.set_title(shortened(arm, max(96 // len(arms), 12)), fontsize=10, loc="left", color=look.ink)
            if column == 0:
                axes.set_ylabel(words.replace(", ", "\n"), fontsize=9)
            if row == len(_FANS) - 1:
                axes.set_xlabel("weeks since the opening", fontsize=8)
    headings(
        figure,
        _TITLES["difference"],
        "Each arm less the same worlds without it. Line and colour: mean of replicates and its 95 % interval (chance "
        "alone).\nGrey: where eight in ten replicates lie. TD: technical-digital, SC: "
        "social-cognitive.",
        _source(appraisal),
    )
    return figure


def forest(appraisal: Appraisal) -> Figure:
    """An arm to a line, an effect to a panel: mean and 95 % interval."""
    arms = _arms(appraisal)
    figure, top = framed(1.7 + 0.42 * len(arms), 0)
    panels: Any = figure.subplots(1, len(_FOREST), sharey=True, squeeze=False)
    bottom = 0.55 / figure.get_figheight()
    figure.subplots_adjust(left=0.2, right=0.97, top=top - 0.02, bottom=bottom, wspace=0.16)
    for axes, name, words in zip(panels[0], _FOREST, _FOREST_WORDS, strict=True):
        for place, arm in enumerate(arms):
            row, look = appraisal.number(arm, name), look_of(place)
            if math.isfinite(row["low"]):
                axes.plot([row["low"], row["high"]], [place, place], color=look.ink, linewidth=1.6)
            axes.plot([row["value"]], [place], look.marker, color=look.colour, markersize=6.5)
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_title(words, fontsize=9.5, loc="left", color=INK)
        axes.locator_params(axis="x", nbins=3)
        if name.endswith("_gbp"):
            axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.tick_params(axis="x", labelsize=8)
        bare(axes)
    panels[0][0].set_yticks(range(len(arms)), [shortened(arm, 24) for arm in arms])
    panels[0][0].set_ylim(len(arms) - 0.5, -0.5)
    headings(
        figure,
        _TITLES["forest"],
        "Less the same worlds without it, over everybody up to the horizon: mean and 95 % interval. It covers chance "
        "alone,\nshrinks with replicates and ranks no arm. 1 sd-year: a standard deviation at the opening, for a year. "
        "TD: technical-digital, SC: social-cognitive.",
        _source(appraisal),
    )
    return figure


def cost_plane(appraisal: Appraisal) -> Figure:
    """Skills apart: replicates as points of effect and cost; share of them worth it, by what an effect is worth."""
    from matplotlib.lines import Line2D

    arms = _arms(appraisal)
    figure, top = framed(9.9, len(arms))
    panels: Any = figure.subplots(len(_PLANES), 2, squeeze=False)
    figure.subplots_adjust(left=0.1, right=0.97, top=top - 0.01, bottom=0.07, hspace=0.42, wspace=0.24)
    for row, (effects, skill) in enumerate(_PLANES.items()):
        plane, curve = panels[row]
        most = _most_worth(appraisal, arms, effects)
        for place, arm in enumerate(arms):
            cost, *each = (np.array(x) for x in appraisal.paired(arm, COSTS[0], *effects))
            gained = np.sum(each, axis=0)
            look = look_of(place)
            plane.plot(gained, cost, look.marker, color=look.colour, alpha=0.35, markersize=4, markeredgewidth=0)
            plane.plot([gained.mean()], [cost.mean()], look.marker, color=look.ink, markersize=8)
            worth = np.linspace(0.0, most, _STEPS)
            shares = [float(np.mean(value * gained > cost)) for value in worth]
            curve.plot(worth, shares, linestyle=look.dash, color=look.ink, linewidth=1.6, drawstyle="steps-post")
        plane.axhline(0, color=GREY, linewidth=0.8)
        plane.axvline(0, color=GREY, linewidth=0.8)
        plane.set_title(f"{skill}: {term(COSTS[0]).meaning}, GBP", fontsize=9.5, loc="left")
        plane.set_xlabel(f"additional {skill} skill over everybody, sd-years", fontsize=8.5)
        curve.set_title(f"{skill}: share of replicates with a positive net benefit", fontsize=9.5, loc="left")
        curve.set_xlabel("what an sd-year is held to be worth, GBP", fontsize=8.5)
        curve.set_ylim(-0.03, 1.03)
        for axes in (plane, curve):
            axes.tick_params(labelsize=8)
            axes.locator_params(axis="x", nbins=6)
            bare(axes)
        plane.yaxis.set_major_formatter("{x:,.0f}")
        curve.xaxis.set_major_formatter("{x:,.0f}")
    key(figure, [_handle(Line2D, at, arm) for at, arm in enumerate(arms)])
    headings(
        figure,
        _TITLES["cost-plane"],
        "Pale: replicates, dark: their mean. The curves count replicates: they cover chance alone, "
        "in a world with these parameters and rules.\nTD: technical-digital, SC: social-cognitive skill.",
        _source(appraisal),
    )
    return figure


def _most_worth(appraisal: Appraisal, arms: list[str], effects: tuple[str, ...]) -> float:
    """Return how far the axis of worth goes: twice the dearest mean cost of an effect, of arms that have one."""
    ratios = []
    for arm in arms:
        cost, *each = (float(np.mean(x)) for x in appraisal.paired(arm, COSTS[0], *effects))
        gained = math.fsum(each)
        if gained > 0.0 and cost > 0.0:
            ratios.append(cost / gained)
    declared = appraisal.worth
    return max(declared, 2.0 * sorted(ratios)[len(ratios) // 2]) if ratios else max(declared, 1.0)


def write_appraisal_charts(appraisal: Appraisal, folder: Path, *, png: bool = False) -> None:
    """Write ``difference.svg``, ``forest.svg`` and ``cost-plane.svg`` (and PNG); of draws ``acceptability.svg`` too."""
    with applied():
        for (name, title), draw in zip(_TITLES.items(), (fan, forest, cost_plane), strict=True):
            save_chart(draw(appraisal), folder / f"{name}.svg", title=title, png=png)
        if appraisal.drawing is not None:
            save_chart(acceptability(appraisal), folder / "acceptability.svg", title=TITLE, png=png)
