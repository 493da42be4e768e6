"""Charts of runs, by place: where members' skills came from, and how membership and skills grow week by week."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from coworksim.report.charts.places import Place, gains, living_as, places, run_line, span
from coworksim.report.charts.style import GREY, INK, LOOKS, PALE, bare, framed, headings, key, line_key, save_charts
from coworksim.report.sentences.policies_and_terms import CHANNELS
from coworksim.runs.simulation import Result

GAIN_TITLE: Final = "Where did the skills that members gained come from?"

_PANELS: Final = {
    "sc": "Social-cognitive skills\ncollaboration, client communication, pitching, problem-solving",
    "td": "Technical-digital skills\ndesign software, content production, coding, generative AI",
}
_BAND: Final = 0.78  # height of all bars of a row


def gain_by_channel(results: Sequence[Result]) -> Figure:
    """One row per source of skill, one bar per place, one panel per family of skills; a last row adds them up."""
    shown = places(results)
    height, more = 5.1 + 0.9 * max(0, len(shown) - 2), {"sharex": True, "sharey": True, "wspace": 0.12}
    figure, ((left, right),) = framed(height, len(shown), (1, 2), (0.265, 0.965, 0.07, 0.0), **more)
    for axes, family in ((left, "sc"), (right, "td")):
        _panel(axes, shown, family)
    left.set_yticks([*range(len(CHANNELS)), len(CHANNELS) + 0.35], [*CHANNELS.values(), "All together"])
    left.get_yticklabels()[-1].set_weight("bold")
    left.set_ylim(len(CHANNELS) + 0.95, -0.55)
    low, high = left.get_xlim()
    left.set_xlim(low - 0.1 * (high - low), high + 0.12 * (high - low))
    patches = []
    for place, own in zip(shown, LOOKS, strict=False):
        employed = len(living_as(place.members, "employed"))
        label = f"{place.label}: {len(place.members)} members at the end, {employed} of them employed"
        patches.append(Patch(facecolor=own.colour, hatch=own.hatch, edgecolor="white", linewidth=0, label=label))
    key(figure, patches)
    weeks = max(int(result.scenario.weeks) for result in results)
    text = (
        f"Skill points per member gained in the {span(weeks)} since the start (or since the person came), "
        "mean of the\nmembers at the end. 1 point = 1 % of the best possible skill when the simulation starts. "
        "Shaded: gained in the space itself."
    )
    return headings(figure, GAIN_TITLE, text, run_line(results))


def _panel(axes: Axes, shown: Sequence[Place], family: str) -> None:
    head, _, what = _PANELS[family].partition("\n")
    _head(axes, head, what, 8.0)
    axes.axhspan(-0.5, 1.5, color="#f3f0e8", zorder=0, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=3)
    axes.axhline(len(CHANNELS) - 0.33, color=PALE, linewidth=0.8)
    height = _BAND / len(shown)
    for index, place in enumerate(shown):
        by_channel = gains(place.members, family)
        values = [by_channel[channel] for channel in CHANNELS]
        rows = [*range(len(CHANNELS)), len(CHANNELS) + 0.35]
        offset = -_BAND / 2 + height * (index + 0.5)
        look = LOOKS[index]
        about: dict[str, Any] = {"hatch": look.hatch, "edgecolor": "white", "linewidth": 0, "zorder": 2}
        for row, value in zip(rows, [*values, sum(by_channel.values())], strict=True):
            axes.barh(row + offset, value, height * 0.9, color=look.colour, **about)
            _value(axes, row + offset, value)
    bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])


def _value(axes: Axes, row: float, value: float) -> None:
    """The number at the end of its bar; what rounds to zero is a dot."""
    text = f"{value:+.1f}".replace("-", "−") if abs(value) >= 0.05 else "0"
    off, side = (4, "left") if value >= 0 else (-4, "right")
    _note(axes, text, (value, row), (off, 0), size=8.5, color=INK, ha=side)


def _note(axes: Axes, text: str, at: tuple[float, float], off: tuple[float, float], **about: Any) -> None:
    axes.annotate(text, at, xytext=off, textcoords="offset points", va="center", **about)


GROWTH_TITLE: Final = "How many people join a coworking space, and what do people learn there?"

#: More openings and closings than this are not drawn for a place.
_MOST_MARKS: Final = 6


def members_and_skills(results: Sequence[Result]) -> Figure:
    """Three panels over the years since the start: member share, and skills of both families gained in the space."""
    shown = places(results)
    figure, ((members, social, digital),) = framed(4.2, len(shown), (1, 3), (0.055, 0.945, 0.15, 0.0), wspace=0.3)
    for axes in (members, social, digital):
        bare(axes)
        axes.set_xlabel("years since the start", color=GREY, size=9)
        axes.locator_params(axis="y", nbins=5)
        axes.grid(axis="y", color=PALE, linewidth=0.7)
    _head(members, "Members", "of 100 people who could use a space")
    shares = [100 * place.member_share() for place in shown]
    _lines(members, shown, shares, [f"{column.iloc[-1]:.0f}" for column in shares], max(map(max, shares)))
    changes = [place.changes() for place in shown]
    marks = [steps if len(steps) <= _MOST_MARKS else {} for steps in changes]
    for by_week, own, share in zip(marks, LOOKS, shares, strict=False):
        for week, step in by_week.items():
            sign, off = ("▲", 9) if step > 0 else ("▼", -9)
            _note(members, sign, (week / 52, float(share[week])), (0, off), size=9, color=own.ink, ha="center")
    gained = {family: [place.gained_in_space(family) for place in shown] for family in ("sc", "td")}
    top_point = max(float(column.max()) for columns in gained.values() for column in columns)
    for axes, family, title in ((social, "sc", "Social-cognitive skills"), (digital, "td", "Technical-digital skills")):
        _head(axes, title, "points gained in the space, per person")
        _lines(axes, shown, gained[family], [f"{column.iloc[-1]:.2f}" for column in gained[family]], top_point)
    ends = (f"{place.label}: {len(place.members)} members at the end; {place.desks_line()}" for place in shown)
    key(figure, [line_key(own, said, **own.line) for own, said in zip(LOOKS, ends, strict=False)])
    text = (
        "Everyone who lives there that week and could use a space is counted, member or not; 1 point = 1 % of\n"
        f"the best possible skill when the simulation starts. {_signs(marks)}"
    )
    return headings(figure, GROWTH_TITLE, text, run_line(results))


def _signs(marks: Sequence[dict[int, int]]) -> str:
    steps = [step for by_week in marks for step in by_week.values()]
    opens = "▲ another space opens. " if any(step > 0 for step in steps) else ""
    closes = "▼ a space closes, its members leave." if any(step < 0 for step in steps) else ""
    return f"{opens}{closes}".strip()


def _head(axes: Axes, title: str, unit: str, size: float = 8.5) -> None:
    axes.set_title(title, loc="left", size=11.5, weight="bold", pad=20)
    axes.text(0, 1.02, unit, transform=axes.transAxes, size=size, color=GREY, va="bottom")


def _lines(
    axes: Axes, shown: Sequence[Place], columns: Sequence[pd.Series[Any]], ends: Sequence[str], most: float
) -> None:
    """One line per place with its own dash and marker; what it comes to is written at its end."""
    axes.set_ylim(0, 1.12 * max(most, 0.01))
    spread = _spread([float(column.iloc[-1]) for column in columns], 0.06 * axes.get_ylim()[1])
    for column, look, text, height in zip(columns, LOOKS, ends, spread, strict=False):
        years = column.index.to_numpy() / 52
        axes.plot(years, column.to_numpy(), **look.line, markevery=max(1, len(years) // 6))
        about = {"size": 9.5, "color": look.ink, "weight": "bold", "annotation_clip": False}
        _note(axes, text, (years[-1], height), (7, 0), **about)
    axes.set_xlim(0, None)


def _spread(heights: Sequence[float], gap: float) -> list[float]:
    """Places for labels near ``heights``, neighbours at least ``gap`` apart, not shifted on the whole.

    >>> _spread([1.0, 1.1, 3.0], 0.4)
    [0.9, 1.3, 2.9]
    """
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    for lower, upper in pairwise(order):
        placed[upper] = max(placed[upper], placed[lower] + gap)
    shift = (sum(placed) - sum(heights)) / max(1, len(placed))
    return [round(height - shift, 9) for height in placed]


#: File name -> (what draws it, its title).
CHARTS: Final = {
    "members-and-skills": (members_and_skills, GROWTH_TITLE),
    "gain-by-channel": (gain_by_channel, GAIN_TITLE),
}


def write_charts(results: Sequence[Result], folder: Path, *, png: bool = False) -> None:
    """Draw every chart of ``results`` into ``folder`` as SVG (and PNG)."""
    save_charts(folder, {name: (partial(draw, results), title) for name, (draw, title) in CHARTS.items()}, png=png)
