"""Letters between regions arrive in one order, whoever sent first and however the regions are cut into parts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.state.exchange import Exchange, Letters, deliver

REGIONS = 5
PLACES = st.tuples(st.integers(0, REGIONS - 1), st.integers(0, 3), st.integers(0, 2**32 - 1))


def letters(*rows: tuple[int, int, int, int]) -> Letters:
    region, order, sender, number = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    words = np.array(order, np.uint64), np.array(sender, np.uint64)
    return Letters(np.array(region, np.int64), *words, np.array(number, np.int64))


def told(some: Letters) -> list[tuple[int, ...]]:
    return [tuple(int(part) for part in one) for one in zip(*some, strict=True)]


@given(st.lists(PLACES, unique=True), st.lists(st.integers(1, REGIONS - 1), unique=True), st.randoms())
def test_a_region_reads_its_letters_in_their_order_however_they_were_sent(
    places: list[tuple[int, int, int]], cuts: list[int], shuffled: st.DataObject
) -> None:
    sent = [(*place, number) for number, place in enumerate(places)]
    ends = [0, *sorted(cuts), REGIONS]
    parts = [(Exchange(), first, last) for first, last in pairwise(ends)]
    mixed = list(sent)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis draws a Random
    for number, one in enumerate(mixed):
        parts[number % len(parts)][0].send("visit", letters(one))
    deliver(parts)
    assert [one for part, _, _ in parts for one in told(part.read("visit"))] == sorted(sent)
    for part, first, last in parts:
        assert all(first <= one[0] < last for one in told(part.read("visit")))


def test_letters_are_read_for_one_week() -> None:
    one = Exchange()
    one.send("visit", letters((0, 1, 7, 3)))
    assert told(one.read("visit")) == []
    deliver([(one, 0, 1)])
    assert told(one.read("visit")) == [(0, 1, 7, 3)]
    deliver([(one, 0, 1)])
    assert told(one.read("visit")) == []


def test_two_letters_that_nothing_tells_apart_are_refused() -> None:
    one = Exchange()
    one.send("visit", letters((0, 1, 7, 3), (1, 1, 7, 3)))
    deliver([(one, 0, 2)])
    one.send("visit", letters((0, 1, 7, 3), (0, 1, 7, 4)))
    with pytest.raises(ValueError, match="two letters about visit to one region have the same order"):
        deliver([(one, 0, 2)])
