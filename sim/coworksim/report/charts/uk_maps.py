"""Figures of the 179 ITL-3 regions as a map of the UK: a hexagon for each, or boundaries with London enlarged beside.

Five shades from light to dark, a fifth of the regions in each, so that the picture is the same in grey. Left-behind
regions are outlined; those without a figure are hatched. Nothing is hidden: in the hexagons each region is as large as
any other, and the boundaries of London are drawn again, six times as large.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from textwrap import wrap
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from coworksim.files.boundaries import outlines, tiles
from coworksim.files.errors import printable
from coworksim.report.charts.style import GREY, INK

#: From light to dark; the darkest still shows an outline in black.
SHADES: Final = ("#f2f5f8", "#cfe0ed", "#a6c5df", "#78a7cd", "#4a86b8")
_NONE: Final = "#ffffff"
#: Without a figure; with one that stands on none of the region itself.
_HATCH, _DOTS = "/////", "..."
_OUTLINE: Final = "#9a2a00"
#: Thin lines between regions, and those of hatched ones.
_EDGE, _FAINT = "#5d6778", "#98a2b0"
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
    drawn: frozenset[str] = frozenset()  # regions whose figure stands on none of the region itself


def breaks(values: Sequence[float]) -> list[float]:
    """Return where shades change: between few values each, else at quintiles; equal figures have one shade.

    >>> breaks([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), breaks([1.0, 1.0, 1.0]), breaks([3, 1, 1, 1])
    ([3, 5, 7, 9], [], [3])
    """
    different = sorted(set(values))
    if len(different) <= len(SHADES):
        return different[1:]
    cuts = np.quantile(values, [0.2, 0.4, 0.6, 0.8], method="higher").tolist()
    return sorted({cut for cut in cuts if cut > different[0]})


def shade(value: float, cuts: Sequence[float]) -> str:
    """Return the colour of a figure; few shades are spread over the whole scale."""
    at = int(np.searchsorted(cuts, value, side="right"))
    return SHADES[round(at * (len(SHADES) - 1) / max(1, len(cuts)))]


def uk_map(shown: Mapped, form: str) -> Figure:
    """Return the map, as ``tiles`` or ``boundaries``, with its legend, source, and how many regions have no figure."""
    figure = Figure(figsize=(8.2, 8.2 if form == "tiles" else 9.0))
    axes = figure.add_axes((0.02, 0.09, 0.66, 0.8))
    shapes = _hexagons() if form == "tiles" else {code: _outline(code) for code in outlines()}
    _draw(axes, shown, shapes)
    if form == "tiles":
        cuts = breaks(list(shown.values.values()))
        for code, (x, row) in tiles().items():
            ground = shade(shown.values[code], cuts) if code in shown.values else _NONE
            around = [withStroke(linewidth=2.0, foreground=ground)]
            about: Any = {"ha": "center", "va": "center", "color": INK, "path_effects": around}
            axes.text(x, -row * _ROW, code[2:], size=5, **about)
    else:
        _add_london(figure, axes, shown, shapes)
    _add_key(figure, shown)
    _add_words(figure, shown, form)
    return figure


def _add_words(figure: Figure, shown: Mapped, form: str) -> None:
    """Write title, unit and sources, each in as many lines as it needs."""
    height = figure.get_figheight()
    title = wrap(printable(shown.title), 68)
    unit = printable("; ".join(filter(None, (shown.unit, "ITL-3 regions of the UK (2021)"))))
    figure.text(0.02, 1 - 0.12 / height, "\n".join(title), size=13, weight="bold", va="top")
    figure.text(0.02, 1 - (0.2 + 0.23 * len(title)) / height, unit, size=9.5, va="top", color=INK)
    source = [line for text in (shown.source, *_credit(form)) for line in wrap(printable(text), 120)]
    figure.text(0.02, 0.08 / height, "\n".join(source), size=7.5, va="bottom", color=GREY, linespacing=1.3)


def _credit(form: str) -> list[str]:
    public = "Figures of public bodies: Open Government Licence v3.0."
    if form == "tiles":
        return [public, "Hexagons: made for coworksim from the middles of the regions; names of codes in the table."]
    return [
        public,
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


def _draw(axes: Axes, shown: Mapped, shapes: Mapping[str, Outline]) -> None:
    """Fill every region, hatch those without a figure, and outline left-behind ones above all others."""
    cuts = breaks(list(shown.values.values()))
    known = [code for code in shapes if code in shown.values and code not in shown.drawn]
    drawn = [code for code in shapes if code in shown.values and code in shown.drawn]
    blank = [code for code in shapes if code not in shown.values]
    about: Any = {"edgecolors": _EDGE, "linewidths": 0.35}
    for codes, hatch in ((known, None), (drawn, _DOTS)):
        colours = [shade(shown.values[code], cuts) for code in codes]
        axes.add_collection(PathCollection([shapes[c] for c in codes], facecolors=colours, hatch=hatch, **about))
    if blank:
        about = {"edgecolors": _FAINT, "linewidths": 0.35, "hatch": _HATCH}
        axes.add_collection(PathCollection([shapes[c] for c in blank], facecolors=_NONE, **about))
    marked = [shapes[code] for code in shapes if code in shown.left_behind]
    for colour, thick in ((_NONE, 3.0), (_OUTLINE, 1.6)):
        axes.add_collection(PathCollection(marked, facecolors="none", edgecolors=colour, linewidths=thick))
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()


def _add_london(figure: Figure, axes: Axes, shown: Mapped, shapes: Mapping[str, Outline]) -> None:
    """Draw London again, enlarged, in the empty sea, and a frame around it in both places."""
    west, east, south, north = _LONDON
    inset = figure.add_axes((0.66, 0.3, 0.32, 0.24))
    _draw(inset, shown, {code: shape for code, shape in shapes.items() if _touches(shape, _LONDON)})
    inset.set_xlim(west, east)
    inset.set_ylim(south, north)
    inset.set_axis_on()
    inset.set(xticks=[], yticks=[])
    for spine in inset.spines.values():
        spine.set(visible=True, color=GREY, linewidth=0.8)
    inset.set_title("London, enlarged", loc="left", fontsize=8.5, color=INK)
    frame: Any = {"fill": False, "edgecolor": GREY, "linewidth": 0.8}
    axes.add_patch(Rectangle((west, south), east - west, north - south, **frame))


def _touches(shape: Outline, box: tuple[float, float, float, float]) -> bool:
    """Whether the box around a shape meets another."""
    (west, south), (east, north) = shape.get_extents().get_points().tolist()
    return bool(west < box[1] and east > box[0] and south < box[3] and north > box[2])


class Entry(NamedTuple):
    """A line of the legend: the colour inside and that of the rim, how it is hatched, and what it stands for."""

    inside: str
    rim: str
    hatch: str
    words: str


def legend_of(shown: Mapped) -> list[Entry]:
    """Say what shades, hatching and outlines mean, with the number of regions of each."""
    values = list(shown.values.values())
    cuts, found = breaks(values), []
    for low, high in pairwise([min(values), *cuts, math.inf] if values else []):
        inside = [value for value in values if low <= value < high]
        few = f"{number(min(inside))} to {number(max(inside))}" if min(inside) < max(inside) else number(low)
        found.append(Entry(shade(low, cuts), _EDGE, "", f"{few}  ({len(inside)})"))
    if blank := len(tiles()) - len(values):
        found.append(Entry(_NONE, _FAINT, _HATCH, f"no figure  ({blank})"))
    if shown.drawn:
        found.append(Entry(_NONE, _EDGE, _DOTS, f"not of the region itself  ({len(shown.drawn)})"))
    return [*found, Entry(_NONE, _OUTLINE, "", f"left-behind, outlined  ({len(shown.left_behind)})")]


def _add_key(figure: Figure, shown: Mapped) -> None:
    """Draw the legend, and write what else is to be known."""
    handles = []
    for one in legend_of(shown):
        width = 1.8 if one.rim == _OUTLINE else 0.5
        about: Any = {"facecolor": one.inside, "edgecolor": one.rim, "linewidth": width}
        handles.append(Patch(label=one.words, hatch=one.hatch, **about))
    about = {"frameon": False, "loc": "upper left", "bbox_to_anchor": (0.62, 0.9), "fontsize": 8.5, "handlelength": 2.0}
    figure.legend(handles=handles, labelspacing=0.7, handleheight=1.3, **about)
    notes = "\n".join(line for note in shown.notes for line in wrap(printable(note), 44))
    figure.text(0.645, 0.62, notes, size=8, color=GREY, va="top")


def number(value: float) -> str:
    """Return a figure with three digits that count, and commas between thousands.

    >>> number(0.012345), number(1234567.0), number(-0.5), number(98.76)
    ('0.0123', '1,230,000', '-0.5', '98.8')
    """
    short = float(f"{value:.3g}")
    return f"{short:,.0f}" if abs(short) >= 1000 else f"{short:.12g}"
