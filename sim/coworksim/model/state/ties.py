"""Weighted ties between workers: pairs in the order of rows (and so of keys), strength and week of the last meeting.

A tie's strength fades lazily: ``f(t) = w * rho**(t - last)`` with ``rho = 1 - 1/tau``. Who counts as somebody's tie
for decisions is the *snapshot* (a compressed adjacency), rebuilt every four weeks, after faded ties were pruned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, Record, Rows, kernel, rule

if TYPE_CHECKING:
    import networkx as nx

#: An entry of the snapshot whose person has left since.
NOBODY = -1
#: The last week that ``last`` can hold; scenarios have a third of it.
MOST_WEEKS: Final = 2**15 - 1


@rule
def strength(weight: float, weeks: int, log_rho: float) -> float:
    """Return a tie's strength ``weeks`` after it stood at ``weight``: ``weight * exp(weeks * ln rho)``."""
    return weight * math.exp(weeks * log_rho)


@kernel
def strengths(weight: Floats, last: NDArray[np.int16], week: int, log_rho: float) -> Floats:
    """Return the strength of many ties in ``week``, each of which stood at ``weight`` in week ``last``."""
    faded = np.empty(len(weight))
    for a in range(len(weight)):
        faded[a] = strength(weight[a], week - last[a], log_rho)
    return faded


@rule
def find(ties: Ties, low: int, high: int) -> int:
    """Return the position of the tie between rows ``low`` < ``high``, or -1."""
    left, right = ties.source_start[low], ties.source_start[low + 1]
    while left < right:
        middle = (left + right) >> 1
        if ties.target[middle] < high:
            left = middle + 1
        else:
            right = middle
    return left if left < ties.source_start[low + 1] and ties.target[left] == high else -1


@rule
def tie_strength(ties: Ties, at: int, week: int, log_rho: float) -> float:
    """Return the strength in ``week`` of the tie at a position, 0 at -1."""
    return strength(ties.weight[at], week - ties.last[at], log_rho) if at >= 0 else 0.0


@kernel
def _insert(ties: Ties, source: Rows, target: Rows, weight: Floats, week: int) -> None:
    """Merge sorted new ties into the sorted ties in place, from the back; there must be room."""
    start = ties.source_start
    a, b = start[-1] - 1, len(source) - 1
    to = a + len(source)
    for i in range(len(start) - 2, -1, -1):
        if b < 0:
            break  # all that is left stands where it stood
        begin, start[i + 1] = start[i], to + 1
        while a >= begin or (b >= 0 and source[b] == i):
            if a >= begin and (b < 0 or source[b] != i or ties.target[a] > target[b]):
                _move(ties, a, to)
                a -= 1
            else:
                ties.target[to], ties.weight[to], ties.last[to] = target[b], weight[b], week
                b -= 1
            to -= 1


@rule
def _move(ties: Ties, a: int, to: int) -> None:
    """Write the tie at ``a`` to another position."""
    ties.target[to], ties.weight[to], ties.last[to] = ties.target[a], ties.weight[a], ties.last[a]


@kernel
def _drop(ties: Ties, leaving: Flags, week: int, log_rho: float, floor: float) -> None:
    """Drop every tie of those leaving, and those weaker than ``floor`` in ``week``; order is kept."""
    kept, begin, start = 0, 0, ties.source_start
    for i in range(len(start) - 1):
        end = start[i + 1]
        for a in range(begin, end):
            if leaving[i] or leaving[ties.target[a]]:
                continue
            if floor <= 0.0 or tie_strength(ties, a, week, log_rho) >= floor:
                if kept < a:
                    _move(ties, a, kept)
                kept += 1
        begin, start[i + 1] = end, kept


@kernel
def _strike(ties: Ties, leaving: Flags) -> None:
    """Strike those leaving from the snapshot."""
    indptr, indices = ties.indptr, ties.indices
    for i in range(len(indptr) - 1):
        if leaving[i]:
            for a in range(indptr[i], indptr[i + 1]):
                j = indices[a]
                indices[a] = NOBODY
                if j != NOBODY:
                    for b in range(indptr[j], indptr[j + 1]):
                        if indices[b] == i:
                            indices[b] = NOBODY


@kernel
def _snapshot(ties: Ties) -> None:
    """Fill the compressed adjacency: ``indices[indptr[i]:indptr[i + 1]]`` are the neighbours of row i, in order."""
    start, indptr, indices = ties.source_start, ties.indptr, ties.indices
    indptr[:] = 0
    for i in range(len(start) - 1):
        indptr[i + 1] += start[i + 1] - start[i]
        for a in range(start[i], start[i + 1]):
            indptr[ties.target[a] + 1] += 1
    for i in range(len(indptr) - 1):
        indptr[i + 1] += indptr[i]
    fill = indptr[:-1].copy()
    # A pass for partners in lower rows and one for those in higher rows keeps each list in order.
    for i in range(len(start) - 1):
        for a in range(start[i], start[i + 1]):
            indices[fill[ties.target[a]]] = i
            fill[ties.target[a]] += 1
    for i in range(len(start) - 1):
        for a in range(start[i], start[i + 1]):
            indices[fill[i]] = ties.target[a]
            fill[i] += 1


@dataclass(slots=True)
class Ties(Record):
    """The ties of a world, sorted by (source, target): a sparse graph with room for more; ``len(ties)`` are in use."""

    target: Rows  # higher row
    weight: Floats  # strength at the last meeting, in meetings
    last: NDArray[np.int16]  # week of the last meeting, at most MOST_WEEKS
    source_start: Integers  # (people + 1) where ties of a source begin
    indptr: Integers  # (people + 1) where the neighbours of a row begin in the snapshot
    indices: Rows  # the snapshot: neighbours, lower and higher
    epoch: int = 0  # changes whenever ties come or go

    @classmethod
    def none(cls, people: int) -> Ties:
        """Return a world without ties."""
        room = 64
        return cls(
            target=np.zeros(room, np.int32),
            weight=np.zeros(room),
            last=np.zeros(room, np.int16),
            source_start=np.zeros(people + 1, np.int64),
            indptr=np.zeros(people + 1, np.int64),
            indices=np.zeros(0, np.int32),
        )

    def __len__(self) -> int:
        return int(self.source_start[-1])

    @property
    def source(self) -> Rows:
        """The lower row of every tie; worked out, as it would be a fifth of the memory that ties take."""
        return self.sources(0, len(self))

    def sources(self, first: int, last: int) -> Rows:
        """Return the lower rows of the ties at positions ``first`` to before ``last``."""
        ends = np.clip(self.source_start, first, last)
        counts = ends[1:] - ends[:-1]
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def insert(self, source: Rows, target: Rows, weight: Floats, week: int) -> None:
        """Add ties that do not exist yet, given in order."""
        if len(source) == 0:
            return
        needed = len(self) + len(source)
        if needed > len(self.target):
            room = needed + needed // 4
            for name in ("target", "weight", "last"):
                old = getattr(self, name)
                new = np.zeros(room, old.dtype)
                new[: len(self)] = old[: len(self)]
                setattr(self, name, new)
        _insert(self, source, target, weight, week)
        self.epoch += 1

    def prune(self, week: int, log_rho: float, floor: float) -> None:
        """Drop ties that have faded under ``floor`` in ``week``."""
        _drop(self, np.zeros(len(self.source_start) - 1, np.bool_), week, log_rho, floor)
        self.epoch += 1

    def forget(self, leaving: Flags) -> None:
        """Drop every tie of those leaving, and strike them from the snapshot (their entries become NOBODY)."""
        _drop(self, leaving, 0, 0.0, 0.0)
        _strike(self, leaving)
        self.epoch += 1

    def refresh(self) -> None:
        """Rebuild the snapshot of who knows whom."""
        if len(self.indices) < 2 * len(self):
            self.indices = np.zeros(0, np.int32)  # what it held is rebuilt, so its memory may go first
            self.indices = np.zeros(2 * len(self) + len(self) // 2, np.int32)
        _snapshot(self)

    def to_networkx(self, keys: NDArray[np.uint32], week: int, log_rho: float) -> nx.Graph[int]:
        """Return the ties as a networkx graph of worker keys, the weight of an edge being its strength in ``week``."""
        import networkx as nx

        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(int(key) for key in keys)
        for a, source in enumerate(self.source):
            faded = strength(float(self.weight[a]), week - int(self.last[a]), log_rho)
            graph.add_edge(int(keys[source]), int(keys[self.target[a]]), weight=faded)
        return graph


CHAT, PROJECT, EVENT, OUTSIDE, FIRM = range(5)
#: The first so many kinds happen in a space.
INSIDE_KINDS = 3


class Meetings(NamedTuple):
    """Who met whom this week (``one`` is the lower row)."""

    one: Rows
    other: Rows
    kind: NDArray[np.int8]  # index into ENCOUNTER_KINDS
    space: Rows  # row of the space, -1 outside
    times: Integers  # encounters this week
    strength: Floats  # of the tie before these encounters
    place: Integers  # of that tie among the ties before these encounters, -1 for none

    @classmethod
    def none(cls) -> Meetings:
        """Return a week without encounters."""
        rows, numbers = np.zeros(0, np.int32), np.zeros(0, np.int64)
        return cls(rows, rows, np.zeros(0, np.int8), rows, numbers, np.zeros(0), numbers)
