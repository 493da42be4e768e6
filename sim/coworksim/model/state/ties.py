"""Weighted ties between workers: pairs in the order of rows (and so of keys), strength and week of the last meeting.

A tie's strength fades lazily: ``f(t) = w * rho**(t - last)`` with ``rho = 1 - 1/tau``. Who counts as somebody's tie
for decisions is the *snapshot* (a compressed adjacency), rebuilt every four weeks, after faded ties were pruned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule

__all__ = ["NOBODY", "Ties", "find", "strength", "strengths"]

#: An entry of the snapshot whose person has left since.
NOBODY = -1

type Rows = NDArray[np.int32]
type Starts = NDArray[np.int64]


@rule
def strength(weight: float, weeks: int, log_rho: float) -> float:
    """Return a tie's strength ``weeks`` after it stood at ``weight``: ``weight * exp(weeks * ln rho)``."""
    return weight * math.exp(weeks * log_rho)


@kernel
def strengths(weight: NDArray[np.float64], last: Rows, week: int, log_rho: float) -> NDArray[np.float64]:
    """Return the strength of many ties in ``week``, each of which stood at ``weight`` in week ``last``."""
    faded = np.empty(len(weight))
    for a in range(len(weight)):
        faded[a] = strength(weight[a], week - last[a], log_rho)
    return faded


@rule
def find(first: Starts, other: Rows, low: int, high: int) -> int:
    """Return the position of the tie between rows ``low`` < ``high``, or -1."""
    left, right = first[low], first[low + 1]
    while left < right:
        middle = (left + right) >> 1
        if other[middle] < high:
            left = middle + 1
        else:
            right = middle
    return left if left < first[low + 1] and other[left] == high else -1


@kernel
def _insert(
    one: Rows,
    other: Rows,
    weight: NDArray[np.float64],
    last: Rows,
    count: int,
    new_one: Rows,
    new_other: Rows,
    new_weight: NDArray[np.float64],
    week: int,
    first: Starts,
) -> None:
    """Merge sorted new ties into the sorted ties in place, from the back; there must be room. ``first`` follows."""
    earlier = 0
    for i in range(len(first) - 1):
        while earlier < len(new_one) and new_one[earlier] == i:
            earlier += 1
        first[i + 1] += earlier
    a, b, to = count - 1, len(new_one) - 1, count + len(new_one) - 1
    while b >= 0:
        if a >= 0 and (one[a] > new_one[b] or (one[a] == new_one[b] and other[a] > new_other[b])):
            one[to], other[to], weight[to], last[to] = one[a], other[a], weight[a], last[a]
            a -= 1
        else:
            one[to], other[to], weight[to], last[to] = new_one[b], new_other[b], new_weight[b], week
            b -= 1
        to -= 1


@kernel
def _prune(
    one: Rows,
    other: Rows,
    weight: NDArray[np.float64],
    last: Rows,
    count: int,
    week: int,
    log_rho: float,
    floor: float,
    first: Starts,
) -> int:
    """Drop ties weaker than ``floor`` in ``week``; return how many are left (order kept). ``first`` follows."""
    kept, row = 0, 0
    for a in range(count):
        while row <= one[a]:
            first[row] = kept
            row += 1
        if strength(weight[a], week - last[a], log_rho) >= floor:
            one[kept], other[kept], weight[kept], last[kept] = one[a], other[a], weight[a], last[a]
            kept += 1
    first[row:] = kept
    return kept


@kernel
def _forget(
    leaving: NDArray[np.bool_],
    one: Rows,
    other: Rows,
    weight: NDArray[np.float64],
    last: Rows,
    count: int,
    first: Starts,
) -> int:
    """Drop every tie of those leaving; return how many are left (order kept). ``first`` follows."""
    kept, row = 0, 0
    for a in range(count):
        while row <= one[a]:
            first[row] = kept
            row += 1
        if not (leaving[one[a]] or leaving[other[a]]):
            if kept < a:
                one[kept], other[kept], weight[kept], last[kept] = one[a], other[a], weight[a], last[a]
            kept += 1
    first[row:] = kept
    return kept


@kernel
def _strike(leaving: NDArray[np.bool_], start: Starts, neighbour: Rows) -> None:
    """Strike those leaving from the snapshot."""
    for i in range(len(start) - 1):
        if leaving[i]:
            for a in range(start[i], start[i + 1]):
                j = neighbour[a]
                neighbour[a] = NOBODY
                if j != NOBODY:
                    for b in range(start[j], start[j + 1]):
                        if neighbour[b] == i:
                            neighbour[b] = NOBODY


@kernel
def _snapshot(one: Rows, other: Rows, count: int, start: Starts, neighbour: Rows) -> None:
    """Fill the compressed adjacency: ``neighbour[start[i]:start[i + 1]]`` are the neighbours of row i, in order."""
    start[:] = 0
    for a in range(count):
        start[one[a] + 1] += 1
        start[other[a] + 1] += 1
    for i in range(len(start) - 1):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    # A pass for partners in lower rows and one for those in higher rows keeps each list in order.
    for a in range(count):
        neighbour[fill[other[a]]] = one[a]
        fill[other[a]] += 1
    for a in range(count):
        neighbour[fill[one[a]]] = other[a]
        fill[one[a]] += 1


@dataclass(slots=True)
class Ties:
    """The ties of a world, sorted by (lower row, higher row); ``count`` of the entries are in use."""

    count: int
    one: Rows  # lower row
    other: Rows  # higher row
    weight: NDArray[np.float64]  # strength at the last meeting, in meetings
    last: Rows  # week of the last meeting
    first: Starts  # (people + 1) where ties of a lower row begin
    start: Starts  # (people + 1) where the neighbours of a row begin in the snapshot
    neighbour: Rows  # the snapshot
    epoch: int = 0  # changes whenever ties come or go

    @classmethod
    def none(cls, people: int) -> Ties:
        """Return a world without ties."""
        room = 64
        return cls(
            count=0,
            one=np.zeros(room, np.int32),
            other=np.zeros(room, np.int32),
            weight=np.zeros(room),
            last=np.zeros(room, np.int32),
            first=np.zeros(people + 1, np.int64),
            start=np.zeros(people + 1, np.int64),
            neighbour=np.zeros(0, np.int32),
        )

    def insert(self, one: Rows, other: Rows, weight: NDArray[np.float64], week: int) -> None:
        """Add ties that do not exist yet, given in order."""
        if len(one) == 0:
            return
        needed = self.count + len(one)
        if needed > len(self.one):
            # Room that was never written to takes no memory, but a copy does: doubling makes few of them.
            room = max(needed, 2 * len(self.one))
            for name in ("one", "other", "weight", "last"):
                old = getattr(self, name)
                new = np.zeros(room, old.dtype)
                new[: self.count] = old[: self.count]
                setattr(self, name, new)
        _insert(self.one, self.other, self.weight, self.last, self.count, one, other, weight, week, self.first)
        self._keep(needed)

    def prune(self, week: int, log_rho: float, floor: float) -> None:
        """Drop ties that have faded under ``floor`` in ``week``."""
        self._keep(_prune(self.one, self.other, self.weight, self.last, self.count, week, log_rho, floor, self.first))

    def forget(self, leaving: NDArray[np.bool_]) -> None:
        """Drop every tie of those leaving, and strike them from the snapshot (their entries become NOBODY)."""
        self._keep(_forget(leaving, self.one, self.other, self.weight, self.last, self.count, self.first))
        _strike(leaving, self.start, self.neighbour)

    def _keep(self, count: int) -> None:
        self.count = count
        self.epoch += 1

    def refresh(self) -> None:
        """Rebuild the snapshot of who knows whom."""
        if len(self.neighbour) < 2 * self.count:
            self.neighbour = np.zeros(0, np.int32)  # what it held is rebuilt, so its memory may go first
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
