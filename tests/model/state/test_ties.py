"""Ties: the sorted arrays against a plain dictionary, the snapshot, who leaves, the networkx view."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.state.ties import NOBODY, Ties, find

PEOPLE = 12
LOG_RHO = math.log(1 - 1 / 26)
type Pair = tuple[int, int]
PAIRS = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)).filter(lambda p: p[0] < p[1])
WEEKS = st.lists(
    st.tuples(st.dictionaries(PAIRS, st.floats(0.1, 5), max_size=8), st.sets(st.integers(0, PEOPLE - 1), max_size=2)),
    max_size=12,
)


def add(ties: Ties, week: int, new: dict[Pair, float]) -> None:
    pairs = sorted(new)
    one, other = (np.array([p[side] for p in pairs], np.int32) for side in range(2))
    ties.insert(one, other, np.array([new[p] for p in pairs]), week)


def neighbours(ties: Ties) -> list[list[int]]:
    found = [ties.indices[ties.indptr[i] : ties.indptr[i + 1]].tolist() for i in range(PEOPLE)]
    return [[j for j in row if j != NOBODY] for row in found]


@pytest.mark.slow
@given(WEEKS, st.floats(0, 2))
def test_ties_agree_with_a_dictionary(weeks: list[tuple[dict[Pair, float], set[int]]], floor: float) -> None:
    ties = Ties.none(PEOPLE)
    plain: dict[Pair, tuple[float, int]] = {}
    snapshot: list[list[int]] = [[] for _ in range(PEOPLE)]
    for week, (met, gone) in enumerate(weeks):
        ties.forget(np.array([i in gone for i in range(PEOPLE)]))
        plain = {pair: tie for pair, tie in plain.items() if not gone & set(pair)}
        snapshot = [[] if i in gone else [j for j in row if j not in gone] for i, row in enumerate(snapshot)]
        new = {pair: weight for pair, weight in met.items() if pair not in plain}
        add(ties, week, new)
        plain.update({pair: (weight, week) for pair, weight in new.items()})
        if week % 4 == 3:
            ties.prune(week, LOG_RHO, floor)
            plain = {p: (w, last) for p, (w, last) in plain.items() if w * math.exp((week - last) * LOG_RHO) >= floor}
            ties.refresh()
            snapshot = [sorted(b if a == i else a for a, b in plain if i in (a, b)) for i in range(PEOPLE)]
        assert neighbours(ties) == snapshot
    pairs = list(zip(ties.source[: len(ties)].tolist(), ties.target[: len(ties)].tolist(), strict=True))
    assert pairs == sorted(plain)
    for (a, b), (weight, last) in plain.items():
        at = find(ties, a, b)
        assert (ties.weight[at], ties.last[at], ties.source[at], ties.target[at]) == (weight, last, a, b)
    absent = [(a, b) for a in range(PEOPLE) for b in range(a + 1, PEOPLE) if (a, b) not in plain]
    assert all(find(ties, a, b) == -1 for a, b in absent)


def test_networkx_view_carries_faded_strength() -> None:
    ties = Ties.none(3)
    add(ties, 10, {(0, 2): 2.0})
    graph = ties.to_networkx(np.array([100, 101, 102], np.uint32), 12, LOG_RHO)
    assert set(graph.nodes) == {100, 101, 102}
    assert math.isclose(graph.edges[100, 102]["weight"], 2.0 * (1 - 1 / 26) ** 2, rel_tol=1e-12)


def test_a_tie_at_the_floor_is_kept() -> None:
    ties = Ties.none(3)
    add(ties, 10, {(0, 1): 1.0, (0, 2): 0.999})
    ties.prune(10, LOG_RHO, 1.0)
    assert ties.target[: len(ties)].tolist() == [1]


def test_the_lower_rows_of_some_ties_are_those_of_all_ties_there() -> None:
    ties = Ties.none(PEOPLE)
    add(ties, 0, {(1, 3): 1.0, (1, 5): 1.0, (4, 6): 1.0, (7, 9): 1.0, (7, 11): 1.0})
    assert ties.source.tolist() == [1, 1, 4, 7, 7]
    assert all(
        ties.sources(first, last).tolist() == ties.source[first:last].tolist()
        for first in range(6)
        for last in range(first, 6)
    )


def test_what_is_inserted_stands_between_what_is_there() -> None:
    ties = Ties.none(PEOPLE)
    add(ties, 1, {(0, 2): 1.0, (3, 4): 2.0, (3, 8): 3.0, (9, 10): 4.0})
    add(ties, 2, {(0, 1): 5.0, (3, 6): 6.0, (5, 7): 7.0, (9, 11): 8.0})
    used = slice(0, len(ties))
    pairs = list(zip(ties.source.tolist(), ties.target[used].tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (3, 4), (3, 6), (3, 8), (5, 7), (9, 10), (9, 11)]
    assert ties.weight[used].tolist() == [5.0, 1.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0]
    assert ties.last[used].tolist() == [2, 1, 1, 2, 1, 2, 1, 2]
    ties.forget(np.arange(PEOPLE) == 3)
    assert list(zip(ties.source.tolist(), ties.target[: len(ties)].tolist(), strict=True)) == [
        (0, 1), (0, 2), (5, 7), (9, 10), (9, 11)
    ]  # fmt: skip  # pairs in a row
