"""Chart: how membership, and the skills gained in the space, grow week by week, by place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from colearn.report.places import Place, places, run_line
from colearn.report.style import GREY, LOOKS, PALE, Look, bare, framed, headings, key

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from colearn.observe.results import Result

__all__ = ["TITLE", "members_and_skills"]

TITLE: Final = "How many people join a coworking space, and what do people learn there?"

#: More openings and closings than this are not drawn for a place.
_MOST_MARKS: Final = 6


def members_and_skills(results: Sequence[Result]) -> Figure:
    """Three panels over the years since the opening: member share, and skills of both families gained in the space."""
    shown = places(results)
    figure, top = framed(4.2, len(shown))
    members, social, digital = figure.subplots(1, 3)
    figure.subplots_adjust(left=0.055, right=0.945, top=top, bottom=0.15, wspace=0.3)
    for axes in (members, social, digital):
        bare(axes)
        axes.set_xlabel("years since the first space opened", color=GREY, size=9)
        axes.locator_params(axis="y", nbins=5)
        axes.grid(axis="y", color=PALE, linewidth=0.7)
    _head(members, "Members", "of 100 people who could use a space")
    shares = [100 * place.member_share() for place in shown]
    _lines(members, shown, shares, [f"{column.iloc[-1]:.0f}" for column in shares], max(map(max, shares)))
    marks = _marks(shown)
    _draw_marks(members, marks, shares)
    gained = {family: [place.gained_in_space(family) for place in shown] for family in ("sc", "td")}
    top_point = max(float(column.max()) for columns in gained.values() for column in columns)
    for axes, family, title in ((social, "sc", "Social-cognitive skills"), (digital, "td", "Technical-digital skills")):
        _head(axes, title, "points gained in the space, per person")
        _lines(axes, shown, gained[family], [f"{column.iloc[-1]:.2f}" for column in gained[family]], top_point)
    key(figure, _handles(shown))
    headings(
        figure,
        TITLE,
        "Everyone who lives there that week and could use a space is counted, member or not; 1 point = 1 % of\n"
        f"the best possible skill when the simulation starts. {_signs(marks)}",
        run_line(results),
    )
    return figure


def _marks(shown: Sequence[Place]) -> list[dict[int, int]]:
    """By place, the weeks in which spaces open (above 0) or close (below 0); none where they are too many to draw."""
    changes = [place.changes() for place in shown]
    return [steps if len(steps) <= _MOST_MARKS else {} for steps in changes]


def _signs(marks: Sequence[dict[int, int]]) -> str:
    """What the triangles on the lines mean, where there are any."""
    steps = [step for by_week in marks for step in by_week.values()]
    opens = "▲ another space opens. " if any(step > 0 for step in steps) else ""
    closes = "▼ a space closes, its members leave." if any(step < 0 for step in steps) else ""
    return f"{opens}{closes}".strip()


def _draw_marks(axes: Axes, marks: Sequence[dict[int, int]], shares: Sequence[pd.Series[Any]]) -> None:
    """A triangle over or under the line of a place in the weeks in which spaces open or close."""
    for by_week, look, share in zip(marks, LOOKS, shares, strict=False):
        for week, step in by_week.items():
            axes.annotate(
                "▲" if step > 0 else "▼", (week / 52, float(share[week])), xytext=(0, 9 if step > 0 else -9),
                textcoords="offset points", size=9, color=look.ink, ha="center", va="center",
            )  # fmt: skip


def _head(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title, loc="left", size=11.5, weight="bold", pad=20)
    axes.text(0, 1.02, unit, transform=axes.transAxes, size=8.5, color=GREY, va="bottom")


def _lines(
    axes: Axes, shown: Sequence[Place], columns: Sequence[pd.Series[Any]], ends: Sequence[str], most: float
) -> None:
    """One line per place with its own dash and marker; what it comes to is written at its end."""
    axes.set_ylim(0, 1.12 * max(most, 0.01))
    spread = _spread([float(column.iloc[-1]) for column in columns], 0.06 * axes.get_ylim()[1])
    for column, look, text, height in zip(columns, LOOKS, ends, spread, strict=False):
        years = column.index.to_numpy() / 52
        _line(axes, years, column.to_numpy(), look)
        axes.annotate(
            text, (years[-1], height), xytext=(7, 0), textcoords="offset points", size=9.5, color=look.ink,
            weight="bold", va="center", annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(0, None)


def _line(axes: Axes, years: Any, values: Any, look: Look) -> None:
    axes.plot(
        years, values, color=look.colour, linestyle=look.dash, linewidth=1.8, marker=look.marker, markersize=4.5,
        markevery=max(1, len(years) // 6),
    )  # fmt: skip


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


def _handles(shown: Sequence[Place]) -> list[Line2D]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [], [], color=look.colour, linestyle=look.dash, marker=look.marker, linewidth=1.8, markersize=4.5,
            label=f"{place.label}: {len(place.members)} members at the end; {place.desks_line()}",
        )
        for place, look in zip(shown, LOOKS, strict=False)
    ]  # fmt: skip
