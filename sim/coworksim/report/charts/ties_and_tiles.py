"""Charts of ties among the members of one space, and of regions as tiles.

People stand at the same place in all panels. Communities are found in each panel by itself (greedy modularity) and
matched from panel to panel by the people they share, so that a colour and a sign mean the same people throughout.

Tiles draw no outline of any region: a row to each nation or English region, in it tiles in the order of the codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coworksim.report.charts.style import GREY, INK, LOOKS, look, named_rows, paper

type Ties = Sequence[Sequence[float]]
type Groups = list[frozenset[int]]

_STEPS: Final = 120
#: So many of the people set how wide a picture is, and the others come no further than a rim around them.
_MOST, _RIM = 0.9, 1.3


def _graph(people: int, ties: Ties) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_weighted_edges_from((int(one), int(other), float(strength)) for one, other, strength in ties)
    return graph


def communities(people: int, ties: Ties) -> Groups:
    """Return communities of two or more people, the largest first."""
    graph = _graph(people, ties)
    if not graph.number_of_edges():
        return []
    found = nx.community.greedy_modularity_communities(graph, weight="weight")
    several = [frozenset(group) for group in found if len(group) > 1]
    return sorted(several, key=lambda group: (-len(group), min(group)))


def matched(before: Groups, after: Groups) -> dict[int, int]:
    """Return for each of ``after`` the community of ``before`` with which it shares most people; each is given once.

    What has no counterpart gets a number of its own.

    >>> matched([frozenset({1, 2, 3}), frozenset({4, 5})], [frozenset({4, 5, 6}), frozenset({7, 8})])
    {0: 1, 1: 2}
    """
    shared = sorted(
        ((len(old & new), -i, -j) for i, old in enumerate(before) for j, new in enumerate(after) if old & new),
        reverse=True,
    )
    found: dict[int, int] = {}
    for _, i, j in shared:
        if -j not in found and -i not in found.values():
            found[-j] = -i
    spare = max([len(before) - 1, *found.values()]) + 1
    for j in range(len(after)):
        if j not in found:
            found[j], spare = spare, spare + 1
    return dict(sorted(found.items()))


def network(people: Sequence[Mapping[str, Any]], worlds: Mapping[str, Ties]) -> Figure:
    """``worlds``: words -> ties as (number, number, strength); ``people``: whether each is ``supported``."""
    figure = paper(9.6, 3.5)
    row: Any = figure.subplots(1, len(worlds), squeeze=False)[0]
    place = _places(len(people), worlds)
    before: Groups = []
    for axes, (words, ties) in zip(row, worlds.items(), strict=True):
        found = communities(len(people), ties)
        numbers = matched(before, found)
        named = {numbers[at]: group for at, group in enumerate(found)}
        for one, other, strength in ties:
            (x, y), (to_x, to_y) = place[int(one)], place[int(other)]
            width = min(0.4 + 0.25 * float(strength), 2.2)
            axes.plot([x, to_x], [y, to_y], color=GREY, linewidth=width, alpha=0.45, zorder=1)
        own = {person: LOOKS[number % len(LOOKS)] for number, group in named.items() for person in group}
        for person, about in enumerate(people):
            marker, colour = (own[person].marker, own[person].colour) if person in own else ("o", "#ffffff")
            rim = 1.8 if about["supported"] else 0.5
            shown: Any = {"color": colour, "markeredgecolor": INK, "markeredgewidth": rim, "zorder": 2}
            axes.plot(*place[person], marker, markersize=6.5, **shown)
        axes.margins(0.06)
        _bare(axes)
        axes.set_yticks([])
        axes.set_title(f"{words}\n{len(ties)} ties", fontsize=9.5, loc="left")
        before = [named.get(at, frozenset()) for at in range(max(named, default=-1) + 1)]
    return figure


def _places(people: int, worlds: Mapping[str, Ties]) -> dict[int, Any]:
    together = _graph(people, [tie for ties in worlds.values() for tie in ties])
    # Begun on a circle in the order of numbers, and so the same each time; the seed is never drawn from.
    start, apart = nx.circular_layout(together), 1.6 / max(people, 1) ** 0.5
    return gathered(nx.spring_layout(together, pos=start, iterations=_STEPS, k=apart, seed=0, weight=None))


def gathered(place: Mapping[int, Any]) -> dict[int, Any]:
    """Bring those who have hardly a tie, whom springs push far away, to a rim around the others.

    >>> near = {at: (0.1 * at, 0.0) for at in range(10)}
    >>> x, y = gathered({**near, 10: (100.0, 0.0)})[10]
    >>> round(float(x), 2), float(y)
    (1.15, 0.0)
    """
    points = np.array([place[person] for person in place])
    centre = np.median(points, axis=0)
    off = points - centre
    distance = np.hypot(*off.T)
    rim = _RIM * float(np.quantile(distance, _MOST))
    pulled = np.minimum(1.0, rim / np.maximum(distance, rim * 1e-9)) if rim > 0.0 else np.ones_like(distance)
    return dict(zip(place, centre + off * pulled[:, None], strict=True))


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


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
            fill, edge, weight = (look(0).colour, INK, "bold") if tile.left_behind else ("white", GREY, "normal")
            about: dict[str, Any] = {"facecolor": fill, "edgecolor": edge, "linewidth": 0.9}
            axes.add_patch(Rectangle((at + 0.05, place - 0.42), 0.9, 0.84, **about))
            axes.text(at + 0.5, place, f"{tile.spaces}", ha="center", va="center", fontsize=8, weight=weight)
    named_rows(axes, list(shown), 8.5)
    axes.set_xlim(0, max(longest, 16))
    axes.tick_params(length=0)
    _bare(axes)
    return figure
