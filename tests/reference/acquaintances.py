"""Who knows whom at the start, in the plain twin: a Watts-Strogatz graph over the places of each region."""

from __future__ import annotations

from itertools import combinations, count
from random import Random
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from .model import PlainModel
    from .plain_draws import Source

__all__ = ["Asked", "acquaint", "rewired_share"]


class Asked(Random):
    """A standard generator that passes each question on to a source: stream "graph", one index per question."""

    def __init__(self, source: Source, key: int) -> None:
        super().__init__(0)
        self._source = source
        self._key = key
        self._index = count()

    def random(self) -> float:
        """A number in (0, 1)."""
        return self._source.uniform("graph", self._key, 0, next(self._index))

    def getrandbits(self, k: int, /) -> int:
        """A whole number of k bits."""
        return self._source.below("graph", self._key, 0, next(self._index), 2**k)


def rewired_share(neighbours: int, clustering: float) -> float:
    """The p at which C(p) = C(0) (1-p)^3 is the clustering wanted; 0 if even C(0) = 3(k-2)/(4(k-1)) is not above it.

    >>> rewired_share(4, 0.0625), rewired_share(6, 0.7)
    (0.5, 0)
    """
    ring = 3 * (neighbours - 2) / (4 * (neighbours - 1))
    return 1 - (clustering / ring) ** (1 / 3) if ring > clustering else 0


def acquaint(model: PlainModel) -> None:
    """Tie everybody to an even number of people, in each region apart; all to all where they are too few for that."""
    rules = model.rules
    neighbours = int(rules.graph_degree) // 2 * 2
    if not neighbours:
        return
    p = rewired_share(neighbours, rules.graph_clustering)
    for area in model.areas:
        keys = [worker.key for worker in area.workers]
        people = len(keys)
        if people > neighbours:
            asked = Asked(model.source, area.index << 22)
            pairs = nx.watts_strogatz_graph(people, neighbours, p, seed=asked).edges()
        else:
            pairs = combinations(range(people), 2)
        for one, other in pairs:
            model.graph.add_edge(keys[one], keys[other], w=rules.graph_strength, last=0)
