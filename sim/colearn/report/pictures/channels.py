"""Chart: where skills came from, without a policy and with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from colearn.report.pictures.canvas import look, paper, plain_axes, zero
from colearn.report.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["channels"]

type Point = tuple[float, float, float]

_SIDES: Final = ("without", "with")


def channels(families: Mapping[str, Sequence[tuple[str, Point, Point]]]) -> Figure:
    """``families``: name -> (channel, points a person without, and with) for each channel."""
    figure = paper(9.6, 3.3)
    row: Any = figure.subplots(1, len(families), sharey=True, squeeze=False)[0]
    for axes, (family, rows) in zip(row, families.items(), strict=True):
        for place, (_, *sides) in enumerate(rows):
            for at, point in enumerate(sides):
                _bar(axes, place + 0.2 - 0.4 * (1 - at), at, point)
        zero(axes, across=False)
        axes.set_title(family, fontsize=9.5, loc="left")
        axes.set_xlabel("points a person since the opening", fontsize=8.5)
        axes.set_yticks(range(len(rows)), [name for name, *_ in rows], fontsize=8.5)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        plain_axes(axes)
    for at, side in enumerate(_SIDES):
        row[0].barh([0], [0], color=look(1 - at).colour, hatch=look(1 - at).hatch, edgecolor="white", label=side)
    row[0].legend(frameon=False, fontsize=8.5, loc="lower right")
    return figure


def _bar(axes: Axes, place: float, at: int, point: Point) -> None:
    value, low, high = point
    own = look(1 - at)
    axes.barh(place, value, 0.36, color=own.colour, hatch=own.hatch, edgecolor="white", linewidth=0)
    if math.isfinite(low):
        axes.plot([low, high], [place, place], color=INK, linewidth=1.2)
