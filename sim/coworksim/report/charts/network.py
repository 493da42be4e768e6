"""Chart: ties among the members of one space at the opening, at the horizon without, and with a policy.

People stand at the same place in all panels. Communities are found in each panel by itself (greedy modularity) and
matched from panel to panel by the people they share, so that a colour and a sign mean the same people throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from coworksim.report.charts.style import GREY, INK, LOOKS, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


type Ties = Sequence[Sequence[float]]
type Groups = list[frozenset[int]]

_ALONE: Final = "#ffffff"
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
        _panel(axes, people, ties, place, named)
        axes.set_title(f"{words}\n{len(ties)} ties", fontsize=9.5, loc="left")
        before = [named.get(at, frozenset()) for at in range(max(named, default=-1) + 1)]
    return figure


def _places(people: int, worlds: Mapping[str, Ties]) -> dict[int, Any]:
    """Return a place for each person that suits the ties of all panels together."""
    together = _graph(people, [tie for ties in worlds.values() for tie in ties])
    # Begun on a circle in the order of numbers, and so the same each time; the seed is never drawn from.
    found: dict[int, Any] = nx.spring_layout(
        together,
        pos=nx.circular_layout(together),
        iterations=_STEPS,
        k=1.6 / max(people, 1) ** 0.5,
        seed=0,
        weight=None,
    )
    return gathered(found)


def gathered(place: Mapping[int, Any]) -> dict[int, Any]:
    """Bring those who have hardly a tie, whom springs push far away, to a rim around the others.

    >>> near = {at: (0.1 * at, 0.0) for at in range(10)}
    >>> x, y = gathered({**near, 10: (100.0, 0.0)})[10]
    >>> round(float(x), 2), float(y)
    (1.15, 0.0)
    """
    import numpy as np

    points = np.array([place[person] for person in place])
    centre = np.median(points, axis=0)
    off = points - centre
    distance = np.hypot(*off.T)
    rim = _RIM * float(np.quantile(distance, _MOST))
    pulled = np.minimum(1.0, rim / np.maximum(distance, rim * 1e-9)) if rim > 0.0 else np.ones_like(distance)
    return dict(zip(place, centre + off * pulled[:, None], strict=True))


def _panel(
    axes: Axes,
    people: Sequence[Mapping[str, Any]],
    ties: Ties,
    place: Mapping[int, Any],
    named: Mapping[int, frozenset[int]],
) -> None:
    for one, other, strength in ties:
        ends = place[int(one)], place[int(other)]
        width = min(0.4 + 0.25 * float(strength), 2.2)
        axes.plot([end[0] for end in ends], [end[1] for end in ends], color=GREY, linewidth=width, alpha=0.45, zorder=1)
    own = {person: number for number, group in named.items() for person in group}
    for person, about in enumerate(people):
        number = own.get(person)
        looks = None if number is None else LOOKS[number % len(LOOKS)]
        axes.plot(
            *place[person],
            looks.marker if looks else "o",
            color=looks.colour if looks else _ALONE,
            markersize=6.5,
            markeredgecolor=INK,
            markeredgewidth=1.8 if about["supported"] else 0.5,
            zorder=2,
        )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.margins(0.06)
    for spine in axes.spines.values():
        spine.set_visible(False)
