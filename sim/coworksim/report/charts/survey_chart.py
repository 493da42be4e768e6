"""Chart of a survey: coefficients with intervals, in the space and anywhere, and the true slopes beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.evidence.survey.surveys import write_surveys
from coworksim.evidence.survey.trial import true_of
from coworksim.files.result_folder import published
from coworksim.report.charts.style import GREY, INK, LOOKS, applied, bare, framed, headings, key, save_chart
from coworksim.report.sentences.survey_text import TERMS, rule_shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coworksim.evidence.survey.surveys import Survey


_TITLE: Final = "What goes with developed skill, among those who answered?"
_FAMILIES: Final = (("SC skill", "sc_space", "sc_total"), ("TD skill", "td_space", "td_total"))
_LEFT_OUT: Final = ("intercept",)
_OFFSET: Final = 0.17


def coefficients(survey: Survey) -> Figure:
    """Draw the first survey: a term to a line, a family of skills to a panel."""
    from matplotlib.lines import Line2D

    rule = rule_shown(survey)
    known = set(survey.first("sc_space", rule)["term"].astype(str))
    terms = [term for term in TERMS if term in known and term not in _LEFT_OUT]
    true = len(survey.slopes) > 0
    figure, top = framed(0.9 + 0.42 * len(terms), 3 if true else 2)
    panels: Any = figure.subplots(1, 2, sharex=True, sharey=True)
    figure.subplots_adjust(left=0.24, right=0.97, top=top, bottom=0.75 / figure.get_figheight(), wspace=0.08)
    for axes, (name, *outcomes) in zip(panels, _FAMILIES, strict=True):
        for at, outcome in enumerate(outcomes):
            _intervals(axes, survey.first(outcome, rule).set_index("term"), terms, at)
        for place, term in enumerate(terms):
            value = true_of(survey.slopes, outcomes[0], rule, term)
            if math.isfinite(value):  # no trial moves the other terms
                axes.plot([value], [place], LOOKS[2].marker, color=LOOKS[2].ink, markersize=8, fillstyle="none")
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_title(name, fontsize=10, loc="left", color=INK)
        axes.set_xlabel("standard deviations of the answers", fontsize=8.5)
        bare(axes)
    panels[0].set_yticks(range(len(terms)), [TERMS[term] for term in terms])
    panels[0].set_ylim(len(terms) - 0.5, -0.5)
    words = ("developed in the space", "developed anywhere")
    handles = [
        Line2D([], [], color=LOOKS[at].ink, linestyle=LOOKS[at].dash, marker=LOOKS[at].marker, label=text)
        for at, text in enumerate(words)
    ]
    if true:
        handles.append(
            Line2D(
                [],
                [],
                color=LOOKS[2].ink,
                linestyle="",
                marker=LOOKS[2].marker,
                fillstyle="none",
                markersize=8,
                label="true slope in the space, from randomised trials in copies of the same worlds",
            )
        )
    key(figure, handles)
    headings(figure, _TITLE, _subtitle(survey, rule), _source(survey))
    return figure


def _intervals(axes: Any, table: Any, terms: list[str], at: int) -> None:
    """Draw one outcome."""
    look = LOOKS[at]
    for place, term in enumerate(terms):
        if term in table.index:
            row, y = table.loc[term], place + (2 * at - 1) * _OFFSET
            axes.plot([row["low"], row["high"]], [y, y], color=look.ink, linestyle=look.dash, linewidth=1.5)
            axes.plot([row["estimate"]], [y], look.marker, color=look.colour, markersize=5.5)


def _subtitle(survey: Survey, rule: str) -> str:
    first = survey.first("sc_space", rule).iloc[0]
    return (
        f"Coefficients and 95 % intervals (CR2 over regions): {first['respondents']:.0f} members of "
        f"{first['spaces']:.0f} spaces in {first['regions']:.0f} regions,\n{first['left_behind_regions']:.0f} of "
        f"them left behind ({rule.removeprefix('flag_')} rule). Scales in standard deviations of the answers; "
        "these are associations, not effects."
    )


def _source(survey: Survey) -> str:
    many = f", first of {survey.replicates} surveys" if survey.replicates > 1 else ""
    return f"{survey.scenario.name}, seed {survey.seed}{many}; a survey of simulated people"


def write_survey(
    survey: Survey, folder: Path, *, command: Sequence[str] = (), png: bool = False, force: bool = False
) -> Path:
    """Write tables, scenario, manifest and ``coefficients.svg`` (and PNG) into ``folder``, whole or not at all."""
    with published(folder, force=force) as staging:
        write_surveys(survey, staging, command=command)
        with applied():
            save_chart(coefficients(survey), staging / "coefficients.svg", title=_TITLE, png=png)
    return folder
