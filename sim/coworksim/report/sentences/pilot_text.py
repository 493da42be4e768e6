"""What a pilot would find: a chart of power over the number of people asked, a table, and sentences."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.pilot import DESIGNS
from coworksim.appraisal.pilot_power import POWER
from coworksim.report.charts.style import GREY, INK, LOOKS, applied, bare, framed, headings, key, save_chart
from coworksim.report.sentences.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coworksim.appraisal.pilot import Pilot

__all__ = ["pilot_rows", "pilot_sentences", "power_chart", "write_pilot_chart"]

_WORDS: Final = {
    "member": ("membership of a space", "share of people"),
    "td": ("technical-digital (TD) skill", "points"),
    "sc": ("social-cognitive (SC) skill", "points"),
}
#: What belongs to the table.
_READ: Final = (
    "True effect: what those offered it have more of than the same people in the same world without the pilot.",
    "False positives: how often the same test finds an effect where there is none; 5 % are due.",
    "Bias: how far estimates are off the truth, the luck of the lot taken out. Spread: their standard deviation.",
    "±: half of a 95 % interval over replicates; it covers chance alone.",
)
#: People above whom no number is given.
_TOO_MANY: Final = 1_000_000
_TITLE: Final = "Would this pilot find the effect?"


def pilot_rows(found: Pilot) -> list[tuple[str, ...]]:
    """Return the table: outcome, month, people asked; power, false positives; estimate, truth and bias."""
    rows: list[tuple[str, ...]] = [
        ("outcome", "month", "people", "power", "false positives", "estimate", "spread", "true effect", "bias")
    ]
    for row in found.power.to_dict("records"):
        numbers = [_number(row[name]) for name in ("estimate", "estimate_sd")]
        numbers += [_interval(row, name) for name in ("true_effect", "bias")]
        shares = [_share(row[name], row[f"{name}_half_width"]) for name in ("power", "false_positives")]
        rows.append((str(row["outcome"]), str(row["month"]), str(row["people"]), *shares, *numbers))
    return rows


def _share(value: float, half: float) -> str:
    return f"{value:.0%}" + (f" ±{half:.0%}" if math.isfinite(half) and half > 0 else "")


def _interval(row: dict[Any, Any], name: str) -> str:
    half = row[f"{name}_half_width"]
    return _number(row[name]) + (f" ±{half:.3f}" if math.isfinite(half) else "")


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def pilot_sentences(found: Pilot) -> list[str]:
    """Return what the table means in words."""
    books, survey = found.books, found.survey
    offered, part = float(books["offered"].mean()), float(books["taking_part"].mean())
    redeemed, used = (float(books[name].sum()) for name in ("redeemed", "used_day_30"))
    total = float(books["offered"].sum())
    what = "people offered it" if found.design == "lottery" else "people in the first regions"
    start = " and at the start" if survey.at_start else ""
    lines = [
        f"{DESIGNS[found.design].capitalize()}. {found.replicates} replicates, {survey.draws} surveys of each.",
        f"On average {part:,.0f} people take part, {offered:,.0f} of them offered it, for "
        f"{float(books['public_paid_gbp'].mean()):,.0f} GBP up to the last survey.",
        f"Seen in the books: {redeemed / total:.0%} of {what} had a part paid, {used / total:.0%} were in a space in "
        "the week of day 30.",
        f"Assumed of the survey in each month{start}: {survey.response:.0%} answer; of the variance of answers on "
        f"skills {survey.reliability:.0%} is no noise (both are guesses; --response, --reliability).",
    ]
    regions = found.people["region"].nunique() if survey.by_region else 0
    lines += [_needed(row, regions, found.sizes[-1]) for row in found.needed.to_dict("records")]
    lines += _length(found)
    lines += [f"Left out: {text}." for text in found.failed]
    return [*lines, *_READ]


def _needed(row: dict[Any, Any], regions: int, most: int) -> str:
    """Say how many must be asked; ``regions`` are those of a phased roll-out, else 0."""
    words, unit = _WORDS[str(row["outcome"])]
    effect = f"{words[0].upper()}{words[1:]} after {row['month']} months (true effect {row['true_effect']:.3f} {unit})"
    if row["how"] == "not found":
        return f"{effect}: no size can be given; over these replicates the effect itself is not clearly off 0."
    if row["how"] == "simulated":
        return f"{effect}: {row['people']:,.0f} people asked find it with 80 % power."
    if row["people"] > _TOO_MANY:
        return (
            f"{effect}: more than {_TOO_MANY:,} people would have to be asked for 80 % power; no such pilot finds it."
        )
    where = f" in about {_rounded(regions * row['people'] / most)} regions like these" if regions else ""
    return (
        f"{effect}: about {_rounded(row['people'])} people{where} would have to be asked for 80 % power (extrapolated)."
    )


def _rounded(value: float) -> str:
    """Return a number in two digits, for more would be false precision.

    >>> _rounded(63488.0), _rounded(7.2)
    ('63,000', '7')
    """
    return f"{float(f'{value:.2g}'):,.0f}"


def _length(found: Pilot) -> list[str]:
    """Say how long a pilot must last where more than one length was tried."""
    if len(found.months) < 2:
        return []
    lines = []
    for outcome, (words, _) in _WORDS.items():
        mine = found.needed[(found.needed["outcome"] == outcome) & (found.needed["how"] == "simulated")]
        what = f"{words[0].upper()}{words[1:]}"
        if mine.empty:
            lines.append(f"{what}: none of {_list(found.months)} months is enough with {found.sizes[-1]:,} people.")
        else:
            lines.append(f"{what}: {int(mine['month'].min())} months are enough, of {_list(found.months)} tried.")
    return lines


def _list(months: tuple[int, ...]) -> str:
    return ", ".join(str(month) for month in months)


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
        "each; a simulation, not a forecast",
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
