"""Chart: where skills came from, without a policy and with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from colearn.report.pictures.canvas import look, paper, plain_axes, zero
from colearn.report.style import GREY, INK, PALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["channels"]

type Point = tuple[float, float, float]

#: Without is grey in each chart of both worlds, with it has the look of the first arm.
_SIDES: Final[dict[str, dict[str, Any]]] = {
    "without": {"color": PALE, "hatch": "////", "edgecolor": GREY, "linewidth": 0.8},
    "with": {"color": look(0).colour, "edgecolor": look(0).ink, "linewidth": 0.8},
}


def channels(families: Mapping[str, Sequence[tuple[str, Point, Point]]]) -> Figure:
    """``families``: name -> (channel, points a person without, and with) for each channel."""
    figure = paper(9.6, 3.3)
    row: Any = figure.subplots(1, len(families), sharey=True, squeeze=False)[0]
    for axes, (family, rows) in zip(row, families.items(), strict=True):
        for place, (_, *sides) in enumerate(rows):
            for at, (side, point) in enumerate(zip(_SIDES, sides, strict=True)):
                _bar(axes, place + 0.2 - 0.4 * (1 - at), _SIDES[side], point)
        zero(axes, across=False)
        axes.set_title(family, fontsize=9.5, loc="left")
        axes.set_xlabel("points a person since the opening", fontsize=8.5)
        axes.set_yticks(range(len(rows)), [name for name, *_ in rows], fontsize=8.5)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        plain_axes(axes)
    for side, own in _SIDES.items():
        row[0].barh([0], [0], label=side, **own)
    row[0].legend(frameon=False, fontsize=8.5, loc="lower right")
    return figure


def _bar(axes: Axes, place: float, own: Mapping[str, Any], point: Point) -> None:
    value, low, high = point
    axes.barh(place, value, 0.36, **own)
    if math.isfinite(low):
        axes.plot([low, high], [place, place], color=INK, linewidth=1.2)
