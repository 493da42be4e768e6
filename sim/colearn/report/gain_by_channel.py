"""Chart: where the skills that members gained since the opening came from, by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from colearn.report.places import Place, gains, living_as, places, run_line, span
from colearn.report.style import GREY, INK, LOOKS, PALE, bare, framed, headings, key

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    from colearn.observe.results import Result

__all__ = ["TITLE", "gain_by_channel"]

TITLE: Final = "Where did the skills that members gained come from?"

_ROWS: Final = {
    "space_social": "Meeting people in the space",
    "space_resource": "Equipment and training in the space",
    "own": "Their own work",
    "outside": "Contacts and learning elsewhere",
    "firm": "Colleagues at work",
    "employer": "Training by an employer",
    "decay": "Forgetting",
}
_PANELS: Final = {
    "sc": "Social-cognitive skills\ncollaboration, client communication, pitching, problem-solving",
    "td": "Technical-digital skills\ndesign software, content production, coding, generative AI",
}
_BAND: Final = 0.78  # height of all bars of a row


def gain_by_channel(results: Sequence[Result]) -> Figure:
    """One row per source of skill, one bar per place, one panel per family of skills; a last row adds them up."""
    shown = places(results)
    figure, top = framed(5.1 + 0.9 * max(0, len(shown) - 2), len(shown))
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    figure.subplots_adjust(left=0.265, right=0.965, top=top, bottom=0.07, wspace=0.12)
    for axes, family in ((left, "sc"), (right, "td")):
        _panel(axes, shown, family)
    left.set_yticks([*range(len(_ROWS)), len(_ROWS) + 0.35], [*_ROWS.values(), "All together"])
    left.get_yticklabels()[-1].set_weight("bold")
    left.set_ylim(len(_ROWS) + 0.95, -0.55)
    low, high = left.get_xlim()
    left.set_xlim(low - 0.1 * (high - low), high + 0.12 * (high - low))
    key(figure, _handles(shown))
    weeks = max(int(result.scenario.weeks) for result in results)
    headings(
        figure,
        TITLE,
        f"Skill points per member gained in the {span(weeks)} since the first space opened (or since the person came), "
        "mean of the\nmembers at the end. 1 point = 1 % of the best possible skill when the simulation starts. "
        "Shaded: gained in the space itself.",
        run_line(results),
    )
    return figure


def _panel(axes: Axes, shown: Sequence[Place], family: str) -> None:
    head, _, what = _PANELS[family].partition("\n")
    axes.set_title(head, loc="left", size=11.5, weight="bold", pad=20)
    axes.text(0, 1.02, what, transform=axes.transAxes, size=8, color=GREY, va="bottom")
    axes.axhspan(-0.5, 1.5, color="#f3f0e8", zorder=0, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=3)
    axes.axhline(len(_ROWS) - 0.33, color=PALE, linewidth=0.8)
    height = _BAND / len(shown)
    for index, place in enumerate(shown):
        by_channel = gains(place.members, family)
        values = [by_channel[channel] for channel in _ROWS]
        rows = [*range(len(_ROWS)), len(_ROWS) + 0.35]
        offset = -_BAND / 2 + height * (index + 0.5)
        look = LOOKS[index]
        for row, value in zip(rows, [*values, sum(by_channel.values())], strict=True):
            axes.barh(
                row + offset, value, height * 0.9, color=look.colour, hatch=look.hatch, edgecolor="white",
                linewidth=0, zorder=2,
            )  # fmt: skip
            _value(axes, row + offset, value)
    bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])


def _value(axes: Axes, row: float, value: float) -> None:
    """The number at the end of its bar; what rounds to zero is a dot."""
    text = f"{value:+.1f}".replace("-", "−") if abs(value) >= 0.05 else "0"
    axes.annotate(
        text, (value, row), xytext=(4 if value >= 0 else -4, 0), textcoords="offset points", size=8.5, color=INK,
        ha="left" if value >= 0 else "right", va="center",
    )  # fmt: skip


def _handles(shown: Sequence[Place]) -> list[Patch]:
    from matplotlib.patches import Patch

    return [
        Patch(
            facecolor=look.colour, hatch=look.hatch, edgecolor="white", linewidth=0,
            label=f"{place.label}: {len(place.members)} members at the end, "
            f"{len(living_as(place.members, 'employed'))} of them employed",
        )
        for place, look in zip(shown, LOOKS, strict=False)
    ]  # fmt: skip
