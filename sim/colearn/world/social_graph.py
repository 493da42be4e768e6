"""Weighted ties between workers: sorted pair keys, strength at the last meeting, and week of that meeting.

A tie's strength fades lazily: ``f(t) = w * rho**(t - last)`` with ``rho = 1 - 1/tau``. Who counts as somebody's tie
for decisions is the *snapshot* (a compressed adjacency), rebuilt every four weeks, after faded ties were pruned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule

__all__ = ["Ties", "find", "strength"]


@rule
def strength(weight: float, weeks: int, log_rho: float) -> float:
    """Return a tie's strength ``weeks`` after it stood at ``weight``: ``weight * exp(weeks * ln rho)``."""
    return weight * math.exp(weeks * log_rho)


@kernel
def find(keys: NDArray[np.uint64], count: int, key: np.uint64) -> int:
    """Return the position of ``key`` among the first ``count`` sorted keys, or -1."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < count and keys[low] == key else -1


@kernel
def _insert(
    key: NDArray[np.uint64],
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    count: int,
    new_key: NDArray[np.uint64],
    new_one: NDArray[np.int32],
    new_other: NDArray[np.int32],
    new_weight: NDArray[np.float64],
    week: int,
) -> None:
    """Merge sorted new ties into the sorted ties in place, from the back; there must be room."""
    a, b, to = count - 1, len(new_key) - 1, count + len(new_key) - 1
    while b >= 0:
        if a >= 0 and key[a] > new_key[b]:
            key[to], one[to], other[to], weight[to], last[to] = key[a], one[a], other[a], weight[a], last[a]
            a -= 1
        else:
            key[to], one[to], other[to], weight[to], last[to] = (
                new_key[b],
                new_one[b],
                new_other[b],
                new_weight[b],
                week,
            )
            b -= 1
        to -= 1


@kernel
def _prune(
    key: NDArray[np.uint64],
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    count: int,
    week: int,
    log_rho: float,
    floor: float,
) -> int:
    """Drop ties weaker than ``floor`` in ``week``; return how many are left (order kept)."""
    kept = 0
    for a in range(count):
        if strength(weight[a], week - last[a], log_rho) >= floor:
            key[kept], one[kept], other[kept], weight[kept], last[kept] = key[a], one[a], other[a], weight[a], last[a]
            kept += 1
    return kept


@kernel
def _snapshot(
    one: NDArray[np.int32], other: NDArray[np.int32], count: int, start: NDArray[np.int64], neighbour: NDArray[np.int32]
) -> None:
    """Fill the compressed adjacency: ``neighbour[start[i]:start[i + 1]]`` are the neighbours of row i, in key order."""
    start[:] = 0
    for a in range(count):
        start[one[a] + 1] += 1
        start[other[a] + 1] += 1
    for i in range(len(start) - 1):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    # A pass for partners with a lower key and one for those with a higher key keeps each list in key order.
    for a in range(count):
        neighbour[fill[other[a]]] = one[a]
        fill[other[a]] += 1
    for a in range(count):
        neighbour[fill[one[a]]] = other[a]
        fill[one[a]] += 1


@dataclass(slots=True)
class Ties:
    """The ties of a world (``one`` is the row of the lower key, ``other`` that of the higher)."""

    count: int
    key: NDArray[np.uint64]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    weight: NDArray[np.float64]
    last: NDArray[np.int32]
    start: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    epoch: int = 0

    @classmethod
    def none(cls, people: int) -> Ties:
        """Return a world without ties."""
        room = 64
        return cls(
            count=0,
            key=np.zeros(room, np.uint64),
            one=np.zeros(room, np.int32),
            other=np.zeros(room, np.int32),
            weight=np.zeros(room),
            last=np.zeros(room, np.int32),
            start=np.zeros(people + 1, np.int64),
            neighbour=np.zeros(0, np.int32),
        )

    def insert(
        self,
        key: NDArray[np.uint64],
        one: NDArray[np.int32],
        other: NDArray[np.int32],
        weight: NDArray[np.float64],
        week: int,
    ) -> None:
        """Add ties that do not exist yet, given in key order."""
        if len(key) == 0:
            return
        needed = self.count + len(key)
        if needed > len(self.key):
            room = max(needed, 2 * len(self.key))
            for name in ("key", "one", "other", "weight", "last"):
                old = getattr(self, name)
                new = np.zeros(room, old.dtype)
                new[: self.count] = old[: self.count]
                setattr(self, name, new)
        _insert(self.key, self.one, self.other, self.weight, self.last, self.count, key, one, other, weight, week)
        self.count = needed
        self.epoch += 1

    def prune(self, week: int, log_rho: float, floor: float) -> None:
        """Drop ties that have faded under ``floor`` in ``week``."""
        self.count = _prune(self.key, self.one, self.other, self.weight, self.last, self.count, week, log_rho, floor)
        self.epoch += 1

    def refresh(self) -> None:
        """Rebuild the snapshot of who knows whom."""
        if len(self.neighbour) < 2 * self.count:
            self.neighbour = np.zeros(4 * self.count, np.int32)
        _snapshot(self.one, self.other, self.count, self.start, self.neighbour)

    def to_networkx(self, keys: NDArray[np.uint32], week: int, log_rho: float) -> nx.Graph[int]:
        """Return the ties as a networkx graph of worker keys, with the strength of ``week`` on each edge."""
        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(int(key) for key in keys)
        for a in range(self.count):
            faded = strength(float(self.weight[a]), week - int(self.last[a]), log_rho)
            graph.add_edge(int(keys[self.one[a]]), int(keys[self.other[a]]), strength=faded)
        return graph
