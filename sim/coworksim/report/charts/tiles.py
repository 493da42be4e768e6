"""Chart: regions as tiles, a row to each nation or English region. No outline of any region is drawn.

A tile says nothing of where in its row a region lies: tiles stand in the order of the codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coworksim.report.charts.style import GREY, INK, look, paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure


#: Nations and English regions from north to south, by the code of an ITL-1 region.
ROWS: Final = {
    "TLM": "Scotland",
    "TLN": "Northern Ireland",
    "TLC": "North East",
    "TLD": "North West",
    "TLE": "Yorkshire and the Humber",
    "TLL": "Wales",
    "TLF": "East Midlands",
    "TLG": "West Midlands",
    "TLH": "East of England",
    "TLI": "London",
    "TLJ": "South East",
    "TLK": "South West",
}
OTHER: Final = "Of no ITL code"


@dataclass(frozen=True, slots=True)
class Tile:
    """A region: its code (or none), its flag, and how many spaces it has."""

    code: str
    name: str
    left_behind: bool
    spaces: int


def tiles(regions: Sequence[Tile]) -> Figure:
    """A tile to a region: left-behind ones filled and hatched, with the number of spaces in each."""
    from matplotlib.patches import Rectangle

    rows = {name: [tile for tile in regions if tile.code[:3] == code] for code, name in ROWS.items()}
    rows[OTHER] = [tile for tile in regions if tile.code[:3] not in ROWS]
    shown = {name: sorted(own, key=lambda tile: (tile.code, tile.name)) for name, own in rows.items() if own}
    longest = max(len(own) for own in shown.values())
    figure = paper(9.6, 0.7 + 0.3 * len(shown))
    axes = figure.subplots()
    for place, own in enumerate(shown.values()):
        for at, tile in enumerate(own):
            looks = look(0)
            axes.add_patch(
                Rectangle(
                    (at + 0.05, place - 0.42),
                    0.9,
                    0.84,
                    facecolor=looks.colour if tile.left_behind else "white",
                    edgecolor=INK if tile.left_behind else GREY,
                    linewidth=0.9,
                )
            )
            weight = "bold" if tile.left_behind else "normal"
            axes.text(at + 0.5, place, f"{tile.spaces}", ha="center", va="center", fontsize=8, weight=weight)
    axes.set_yticks(range(len(shown)), list(shown), fontsize=8.5)
    axes.set_xticks([])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0, max(longest, 16))
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure
