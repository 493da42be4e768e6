"""The acceptability curve: how often each arm is the best of all draws, by what an sd-year is held to be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from colearn.appraisal.ranking import CRITERIA
from colearn.report.appraisal import look_of
from colearn.report.style import GREY, bare, framed, headings, key
from colearn.report.text import shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from colearn.appraisal.results import Appraisal

__all__ = ["TITLE", "acceptability"]

TITLE: Final = "Which arm is best, by what a skill is worth?"
_SKILLS: Final = {name: name.upper() for name, criterion in CRITERIA.items() if criterion.cost}


def acceptability(appraisal: Appraisal) -> Figure:
    """A skill to a panel, an arm to a line: share of draws in which it has the highest net benefit."""
    from matplotlib.lines import Line2D

    found = appraisal.uncertainty
    if found is None:
        raise ValueError("an appraisal without draws has no curve")
    figure, top = framed(4.2, len(found.arms))
    panels: Any = figure.subplots(1, len(_SKILLS), sharey=True, squeeze=False)
    figure.subplots_adjust(left=0.07, right=0.98, top=top - 0.01, bottom=0.14, wspace=0.1)
    for axes, (criterion, skill) in zip(panels[0], _SKILLS.items(), strict=True):
        table = found.ranking[found.ranking["criterion"] == criterion]
        for at, arm in enumerate(found.arms):
            rows, look = table[table["arm"] == arm], look_of(at)
            axes.plot(
                rows["sd_year_value_gbp"], rows["probability_best"], linestyle=look.dash, color=look.ink,
                marker=look.marker, markersize=4, linewidth=1.5,
            )  # fmt: skip
        axes.axvline(found.worth, color=GREY, linewidth=0.8, linestyle=":")
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
    key(figure, [_handle(Line2D, at, arm) for at, arm in enumerate(found.arms)])
    headings(
        figure, TITLE,
        f"{found.counted} draws of {len(found.sample.factors)} parameters and of the laws of learning. Net benefit: "
        "that worth times the sd-years\ngained by everybody, less net public cost. Dotted: the declared worth.",
        f"{appraisal.scenario.name}, seed {appraisal.seed}, {found.counted} of {found.asked} draws; a simulation, "
        "not a forecast",
    )  # fmt: skip
    return figure


def _handle(line: Any, at: int, arm: str) -> Any:
    look = look_of(at)
    return line([], [], color=look.ink, linestyle=look.dash, marker=look.marker, label=shortened(arm, 60))
