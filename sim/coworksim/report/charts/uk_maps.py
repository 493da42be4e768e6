"""Figures of the 179 ITL-3 regions as a map of the UK: a hexagon for each, or boundaries with London enlarged beside.

Five shades from light to dark, a fifth of the regions in each, so that the picture is the same in grey. Left-behind
regions are outlined; those without a figure are hatched. Nothing is hidden: in the hexagons each region is as large as
any other, and the boundaries of London are drawn again, six times as large.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.path import Path as Outline

from coworksim.files.boundaries import outlines, tiles
from coworksim.files.errors import printable
from coworksim.report.charts.style import GREY, INK, headings

#: From light to dark; the darkest still shows an outline in black.
SHADES: Final = ("#f2f5f8", "#cddeeb", "#9fc0dc", "#6a9cc6", "#3d77a8")
_NONE: Final = "#ffffff"
_HATCH: Final = "/////"
_OUTLINE: Final = "#c03a00"
#: The corners of a hexagon that stands on a point, around its middle; tiles are one apart.
_CORNERS: Final = np.array([[np.sin(k * np.pi / 3), np.cos(k * np.pi / 3)] for k in range(7)]) / np.sqrt(3.0)
_ROW: Final = np.sqrt(3.0) / 2.0
#: London, metres: west, east, south, north.
_LONDON: Final = (500_000.0, 565_000.0, 153_000.0, 203_000.0)
FORMS: Final = ("tiles", "boundaries")


class Mapped(NamedTuple):
    """What a map shows: figures by code of the region, and what is to be said of them."""

    title: str
    unit: str
    source: str
    values: Mapping[str, float]
    left_behind: frozenset[str]
    notes: tuple[str, ...] = ()


def breaks(values: Sequence[float]) -> list[float]:
    """Return where shades change: quintiles, each once, so that equal figures have one shade.

    >>> breaks([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), breaks([1.0, 1.0, 1.0])
    ([2.8, 4.6, 6.4, 8.2], [])
    """
    cuts = np.quantile(values, [0.2, 0.4, 0.6, 0.8]).tolist() if values else []
    return sorted({float(f"{cut:.12g}") for cut in cuts if cut > min(values)})


def shade(value: float, cuts: Sequence[float]) -> str:
    """Return the colour of a figure; few shades are spread over the whole scale."""
    at = int(np.searchsorted(cuts, value, side="right"))
    return SHADES[round(at * (len(SHADES) - 1) / max(1, len(cuts)))]


def uk_map(shown: Mapped, form: str) -> Figure:
    """Return the map, as ``tiles`` or ``boundaries``, with its legend, source, and how many regions have no figure."""
    figure = Figure(figsize=(8.2, 9.6))
    axes = figure.add_axes((0.02, 0.05, 0.66, 0.85))
    shapes = _hexagons() if form == "tiles" else {code: _outline(code) for code in outlines()}
    _draw(axes, shown, shapes)
    if form == "tiles":
        for code, (x, row) in tiles().items():
            axes.text(x, -row * _ROW, code[2:], size=4.6, ha="center", va="center", color=INK)
    else:
        _add_london(figure, axes, shown, shapes)
    _add_key(figure, shown)
    subtitle = f"{shown.unit}; ITL-3 regions of the UK (2021)" if shown.unit else "ITL-3 regions of the UK (2021)"
    return headings(figure, shown.title, subtitle, "\n".join((shown.source, *_credit(form))))


def _credit(form: str) -> list[str]:
    if form == "tiles":
        return ["Hexagons: made for coworksim from the middles of the regions; names of codes in the table."]
    return [
        "Boundaries, simplified: Office for National Statistics licensed under the Open Government Licence v3.0.",
        "Contains OS data © Crown copyright and database right 2022.",
    ]


def _hexagons() -> dict[str, Outline]:
    return {code: Outline(_CORNERS + np.array([x, -row * _ROW])) for code, (x, row) in tiles().items()}


def _outline(code: str) -> Outline:
    """Return the outline of a region, islands and holes included."""
    rings = outlines()[code]
    codes = [[Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 2), Outline.CLOSEPOLY] for ring in rings]
    return Outline(np.concatenate(rings), np.concatenate(codes))


def _draw(axes: Axes, shown: Mapped, shapes: Mapping[str, Outline], width: float = 1.0) -> None:
    """Fill every region, hatch those without a figure, and outline left-behind ones above all others."""
    cuts = breaks(list(shown.values.values()))
    known = [code for code in shapes if code in shown.values]
    blank = [code for code in shapes if code not in shown.values]
    about: Any = {"edgecolors": "#8a94a3", "linewidths": 0.4 * width}
    axes.add_collection(
        PathCollection([shapes[c] for c in known], facecolors=[shade(shown.values[c], cuts) for c in known], **about)
    )
    if blank:
        about = {"edgecolors": "#8a94a3", "linewidths": 0.4 * width, "hatch": _HATCH}
        axes.add_collection(PathCollection([shapes[c] for c in blank], facecolors=_NONE, **about))
    marked = [shapes[code] for code in shapes if code in shown.left_behind]
    axes.add_collection(PathCollection(marked, facecolors="none", edgecolors=_OUTLINE, linewidths=1.5 * width))
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()


def _add_london(figure: Figure, axes: Axes, shown: Mapped, shapes: Mapping[str, Outline]) -> None:
    """Draw London again, enlarged, in the empty sea, and a frame around it in both places."""
    west, east, south, north = _LONDON
    inset = figure.add_axes((0.66, 0.36, 0.32, 0.2))
    _draw(inset, shown, shapes)
    inset.set_xlim(west, east)
    inset.set_ylim(south, north)
    inset.set_axis_on()
    inset.set(xticks=[], yticks=[])
    for spine in inset.spines.values():
        spine.set(visible=True, color=GREY, linewidth=0.8)
    inset.set_title("London, enlarged", loc="left", fontsize=8.5, color=INK)
    frame: Any = {"fill": False, "edgecolor": GREY, "linewidth": 0.8}
    axes.add_patch(Rectangle((west, south), east - west, north - south, **frame))


def _add_key(figure: Figure, shown: Mapped) -> None:
    """Say what shades, hatching and outlines mean, with the number of regions of each."""
    values = list(shown.values.values())
    cuts = breaks(values)
    edges = [min(values, default=0.0), *cuts, max(values, default=0.0)]
    handles: list[Patch] = []
    for low, high in pairwise(edges):
        last = high == edges[-1]
        count = sum(low <= value < high or (last and value == high) for value in values)
        about: Any = {"facecolor": shade(low, cuts), "edgecolor": "#8a94a3", "linewidth": 0.6}
        handles.append(Patch(label=f"{number(low)} to {number(high)}  ({count})", **about))
    blank = len(tiles()) - len(values)
    if blank:
        hatched: Any = {"facecolor": _NONE, "edgecolor": "#8a94a3", "linewidth": 0.6, "hatch": _HATCH}
        handles.append(Patch(label=f"no figure  ({blank})", **hatched))
    outlined: Any = {"facecolor": "none", "edgecolor": _OUTLINE, "linewidth": 1.8}
    handles.append(Patch(label=f"left-behind, outlined  ({len(shown.left_behind)})", **outlined))
    about = {"frameon": False, "loc": "upper left", "bbox_to_anchor": (0.62, 0.9), "fontsize": 8.5, "handlelength": 2.0}
    figure.legend(handles=handles, labelspacing=0.7, handleheight=1.3, **about)
    notes = "\n".join(printable(note) for note in shown.notes)
    figure.text(0.645, 0.645, notes, size=8, color=GREY, va="top", wrap=True)


def number(value: float) -> str:
    """Return a figure with three digits that count, and commas between thousands.

    >>> number(0.012345), number(1234567.0), number(-0.5), number(98.76)
    ('0.0123', '1,230,000', '-0.5', '98.8')
    """
    short = float(f"{value:.3g}")
    return f"{short:,.0f}" if abs(short) >= 1000 else f"{short:.12g}"
