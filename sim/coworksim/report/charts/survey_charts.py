"""Charts of surveys: coefficients beside the true slopes, and the power of a pilot by how many people are asked."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coworksim.appraisal.pilot import DESIGNS, Pilot
from coworksim.appraisal.pilot_power import POWER
from coworksim.evidence.survey.surveys import Survey, write_surveys
from coworksim.evidence.survey.trial import true_of
from coworksim.files.errors import printable
from coworksim.files.result_folder import published
from coworksim.report.charts.style import (
    GREY,
    INK,
    LOOKS,
    bare,
    framed,
    headings,
    key,
    line_key,
    look,
    save_charts,
)
from coworksim.report.sentences.survey_text import TERMS, rule_shown
from coworksim.report.sentences.text import NO_FORECAST

_TITLE: Final = "What goes with developed skill, among those who answered?"
_FAMILIES: Final = (("SC skill", "sc_space", "sc_total"), ("TD skill", "td_space", "td_total"))
_PLACES: Final = ("developed in the space", "developed anywhere")
_TRUE: Final = "true slope in the space, from randomised trials in copies of the same worlds"
_OFFSET: Final = 0.17


def coefficients(survey: Survey) -> Figure:
    """Draw the first survey: a term to a line, a family of skills to a panel."""
    rule = rule_shown(survey)
    known = set(survey.first("sc_space", rule)["term"].astype(str))
    terms = [term for term in TERMS if term in known and term != "intercept"]
    true, ring = len(survey.slopes) > 0, {"fillstyle": "none", "markersize": 8}
    height, lines, more = 0.9 + 0.42 * len(terms), 3 if true else 2, {"sharex": True, "sharey": True, "wspace": 0.08}
    margins = (0.24, 0.97, 0.75 / (1.0 + 0.23 * lines + height), 0.0)
    figure, (panels,) = framed(height, lines, (1, 2), margins, **more)
    for axes, (name, *outcomes) in zip(panels, _FAMILIES, strict=True):
        for at, outcome in enumerate(outcomes):
            own, table = LOOKS[at], survey.first(outcome, rule).set_index("term")
            for place, term in enumerate(terms):
                if term in table.index:
                    row, y = table.loc[term], place + (2 * at - 1) * _OFFSET
                    axes.plot([row["low"], row["high"]], [y, y], color=own.ink, linestyle=own.dash, linewidth=1.5)
                    axes.plot([row["estimate"]], [y], own.marker, color=own.colour, markersize=5.5)
        for place, term in enumerate(terms):
            value = true_of(survey.slopes, outcomes[0], rule, term)
            if math.isfinite(value):  # no trial moves the other terms
                axes.plot([value], [place], LOOKS[2].marker, color=LOOKS[2].ink, **ring)
        axes.axvline(0, color=GREY, linewidth=0.8)
        bare(axes, None, name, "standard deviations of the answers", fontsize=10, color=INK)
    panels[0].set_yticks(range(len(terms)), [TERMS[term] for term in terms])
    panels[0].set_ylim(len(terms) - 0.5, -0.5)
    handles = [line_key(LOOKS[at], words) for at, words in enumerate(_PLACES)]
    key(figure, [*handles, line_key(LOOKS[2], _TRUE, linestyle="", **ring)] if true else handles)
    first = survey.first("sc_space", rule).iloc[0]
    many = f", first of {survey.replicates} surveys" if survey.replicates > 1 else ""
    text = (
        f"Coefficients and 95 % intervals (CR2 over regions): {first['respondents']:.0f} members of "
        f"{first['spaces']:.0f} spaces in {first['regions']:.0f} regions,\n{first['left_behind_regions']:.0f} of "
        f"them left behind ({rule.removeprefix('flag_')} rule). Scales in standard deviations of the answers; "
        "these are associations, not effects."
    )
    source = f"{survey.scenario.name}, seed {survey.seed}{many}; a survey of simulated people"
    return headings(figure, _TITLE, text, source)


def write_survey(
    survey: Survey, folder: Path, *, command: Sequence[str] = (), png: bool = False, force: bool = False
) -> Path:
    """Write tables, scenario, manifest and ``coefficients.svg`` (and PNG) into ``folder``, whole or not at all."""
    with published(folder, force=force) as staging:
        write_surveys(survey, staging, command=command)
        save_charts(staging, {"coefficients": (lambda: coefficients(survey), _TITLE)}, png=png)
    return folder


_WORDS: Final = {
    "member": ("membership of a space", "share of people"),
    "td": ("technical-digital (TD) skill", "points"),
    "sc": ("social-cognitive (SC) skill", "points"),
}
_PILOT: Final = "Would this pilot find the effect?"
_FALSE: Final[dict[str, Any]] = {"color": GREY, "linestyle": ":", "marker": "x"}


def power_chart(found: Pilot) -> Figure:
    """An outcome to a panel: power by people asked, a line for each month; pale: false positives."""
    table, months = found.power, found.months
    margins = (0.08, 0.97, 0.16, 0.01)
    figure, (panels,) = framed(4.6, len(months) + 1, (1, len(_WORDS)), margins, sharey=True, wspace=0.12)
    for axes, (outcome, (words, unit)) in zip(panels, _WORDS.items(), strict=True):
        mine = table[table["outcome"] == outcome]
        for place, month in enumerate(months):
            block, own = mine[mine["month"] == month], look(place)
            about = {"color": own.ink, "linestyle": own.dash, "marker": own.marker}
            axes.plot(block["people"], block["power"], markersize=5, **about)
            axes.plot(block["people"], block["false_positives"], markersize=4, **_FALSE)
        effects = ", ".join(f"{effect:.3f}" for effect in mine.groupby("month")["true_effect"].first())
        _finish(axes, found.sizes, f"{words}\ntrue effect {effects} {unit}")
    panels[0].set_ylabel("share of surveys that find an effect", fontsize=9)
    handles = [line_key(look(place), f"survey in month {month}") for place, month in enumerate(months)]
    key(figure, [*handles, line_key(LOOKS[0], "the same where nothing is offered", **_FALSE)])
    text = (
        f"{printable(found.design)}: {DESIGNS[found.design]}. Welch's test at 5 %.\n"
        "Grey lines: 80 %, the power one asks for, and 5 %, the false positives that are due."
    )
    source = (
        f"{found.scenario.name}, seed {found.seed}, {found.replicates} replicates with {found.survey.draws} surveys "
        f"each; {NO_FORECAST}"
    )
    return headings(figure, _PILOT, text, source)


def _finish(axes: Axes, sizes: tuple[int, ...], title: str) -> None:
    for share in (POWER, 0.05):
        axes.axhline(share, color=GREY, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks(list(sizes), [f"{size:,}" for size in sizes], fontsize=8, rotation=45)
    axes.minorticks_off()
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter("{x:.0%}")
    bare(axes, 8, title, "people asked", color=INK)


def write_pilot_chart(found: Pilot, folder: Path, *, png: bool = False) -> None:
    """Write ``power.svg`` (and PNG)."""
    save_charts(folder, {"power": (lambda: power_chart(found), _PILOT)}, png=png)
