"""Power of a pilot by how many people are asked, an outcome to a panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.pilot import DESIGNS
from coworksim.appraisal.pilot_power import POWER
from coworksim.files.errors import printable
from coworksim.report.charts.style import GREY, INK, LOOKS, applied, bare, framed, headings, key, save_chart
from coworksim.report.sentences.text import NO_FORECAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coworksim.appraisal.pilot import Pilot


_WORDS: Final = {
    "member": ("membership of a space", "share of people"),
    "td": ("technical-digital (TD) skill", "points"),
    "sc": ("social-cognitive (SC) skill", "points"),
}
_TITLE: Final = "Would this pilot find the effect?"


def power_chart(found: Pilot) -> Figure:
    """An outcome to a panel: power by people asked, a line for each month; pale: false positives."""
    from matplotlib.lines import Line2D

    table, months = found.power, found.months
    figure, top = framed(4.6, len(months) + 1)
    panels: Any = figure.subplots(1, len(_WORDS), sharey=True, squeeze=False)
    figure.subplots_adjust(left=0.08, right=0.97, top=top - 0.01, bottom=0.16, wspace=0.12)
    for axes, (outcome, (words, unit)) in zip(panels[0], _WORDS.items(), strict=True):
        for place, month in enumerate(months):
            block = table[(table["outcome"] == outcome) & (table["month"] == month)]
            look = LOOKS[place % len(LOOKS)]
            axes.plot(
                block["people"], block["power"], color=look.ink, linestyle=look.dash, marker=look.marker, markersize=5
            )
            axes.plot(block["people"], block["false_positives"], color=GREY, linestyle=":", marker="x", markersize=4)
        _finish(axes, found.sizes, f"{words}\ntrue effect {_effects(table, outcome)} {unit}")
    panels[0][0].set_ylabel("share of surveys that find an effect", fontsize=9)
    looks = [LOOKS[place % len(LOOKS)] for place in range(len(months))]
    handles = [
        Line2D([], [], color=look.ink, linestyle=look.dash, marker=look.marker, label=f"survey in month {month}")
        for look, month in zip(looks, months, strict=True)
    ]
    handles.append(Line2D([], [], color=GREY, linestyle=":", marker="x", label="the same where nothing is offered"))
    key(figure, handles)
    headings(
        figure,
        _TITLE,
        f"{printable(found.design)}: {DESIGNS[found.design]}. Welch's test at 5 %.\n"
        "Grey lines: 80 %, the power one asks for, and 5 %, the false positives that are due.",
        f"{found.scenario.name}, seed {found.seed}, {found.replicates} replicates with {found.survey.draws} surveys "
        f"each; {NO_FORECAST}",
    )
    return figure


def _effects(table: Any, outcome: str) -> str:
    effects = table[table["outcome"] == outcome].groupby("month")["true_effect"].first().tolist()
    return ", ".join(f"{effect:.3f}" for effect in effects)


def _finish(axes: Axes, sizes: tuple[int, ...], title: str) -> None:
    for share in (POWER, 0.05):
        axes.axhline(share, color=GREY, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks(list(sizes), [f"{size:,}" for size in sizes], fontsize=8, rotation=45)
    axes.minorticks_off()
    axes.set_ylim(-0.03, 1.03)
    axes.set_title(title, fontsize=9.5, loc="left", color=INK)
    axes.set_xlabel("people asked", fontsize=8.5)
    axes.tick_params(labelsize=8)
    axes.yaxis.set_major_formatter("{x:.0%}")
    bare(axes)


def write_pilot_chart(found: Pilot, folder: Path, *, png: bool = False) -> None:
    """Write ``power.svg`` (and PNG)."""
    with applied():
        save_chart(power_chart(found), folder / "power.svg", title=_TITLE, png=png)
