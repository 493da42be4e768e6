"""Ties: the sorted arrays against a plain dictionary, the snapshot, the networkx view."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from colearn.world.social_graph import Ties, find

PEOPLE = 12
LOG_RHO = math.log(1 - 1 / 26)
PAIRS = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)).filter(lambda p: p[0] < p[1])
WEEKS = st.lists(st.dictionaries(PAIRS, st.floats(0.1, 5), max_size=8), max_size=12)


def add(ties: Ties, week: int, new: dict[tuple[int, int], float]) -> None:
    pairs = sorted(new)
    key = np.array([a << 32 | b for a, b in pairs], np.uint64)
    one, other = (np.array([p[side] for p in pairs], np.int32) for side in range(2))
    ties.insert(key, one, other, np.array([new[p] for p in pairs]), week)


@given(WEEKS, st.floats(0, 2))
def test_ties_agree_with_a_dictionary(weeks: list[dict[tuple[int, int], float]], floor: float) -> None:
    ties, plain = Ties.none(PEOPLE), {}
    for week, met in enumerate(weeks):
        new = {pair: weight for pair, weight in met.items() if pair not in plain}
        add(ties, week, new)
        plain.update({pair: (weight, week) for pair, weight in new.items()})
        if week % 4 == 3:
            ties.prune(week, LOG_RHO, floor)
            plain = {p: (w, last) for p, (w, last) in plain.items() if w * math.exp((week - last) * LOG_RHO) >= floor}
            ties.refresh()
            neighbours = [sorted(b if a == i else a for a, b in plain if i in (a, b)) for i in range(PEOPLE)]
            found = [ties.neighbour[ties.start[i] : ties.start[i + 1]].tolist() for i in range(PEOPLE)]
            assert found == neighbours
    keys = ties.key[: ties.count].tolist()
    assert keys == sorted(a << 32 | b for a, b in plain)
    for (a, b), (weight, last) in plain.items():
        at = find(ties.key, ties.count, np.uint64(a << 32 | b))
        assert (ties.weight[at], ties.last[at], ties.one[at], ties.other[at]) == (weight, last, a, b)
    assert find(ties.key, ties.count, np.uint64(2**63)) == -1


def test_networkx_view_carries_faded_strength() -> None:
    ties = Ties.none(3)
    add(ties, 10, {(0, 2): 2.0})
    graph = ties.to_networkx(np.array([100, 101, 102], np.uint32), 12, LOG_RHO)
    assert set(graph.nodes) == {100, 101, 102}
    assert math.isclose(graph.edges[100, 102]["strength"], 2.0 * (1 - 1 / 26) ** 2, rel_tol=1e-12)
