"""Whoever opens or closes: people consider what is open, and keep what they have heard."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coworksim.model.state import snapshot
from coworksim.model.state.people import SLOTS
from coworksim.model.state.prospects import FOUNDED
from coworksim.model.state.world import World
from coworksim.model.weeks import Engine
from tests.worlds import unequal

Pairs = set[tuple[int, int]]


def opened() -> World:
    """Return a world with seven spaces in its first region, of which some have heard of each."""
    return snapshot.fork(_made())


@cache
def _made() -> World:
    quiet = {"management.founders": 0.0, "management.exit": 0.0, "burn_in_weeks": 1}
    model = Engine(unequal(**quiet, **{"awareness.at_opening": 0.0}))
    model.live(model.world.opening + 1)
    world = model.world
    for f in range(4):
        world.open_space(world.free_row(0), world.prospects().of(0, FOUNDED + f), world.week)
    w = world.workers
    for c in range(SLOTS):
        heard = (w.candidate[:, c] >= 0) & (np.arange(len(w)) % 7 % (c + 2) == 0)
        w.aware |= (heard << c).astype(w.aware.dtype)
    return world


def pairs(world: World, *, known: bool) -> Pairs:
    """Return who considers which space, by row and ordinal; ``known``: only those who have heard of it."""
    w = world.workers
    return {
        (i, int(world.spaces.ordinal[s]))
        for i, row in enumerate(w.candidate.tolist())
        for c, s in enumerate(row)
        if s >= 0 and world.spaces.region[s] == 0 and (w.aware[i] >> c & 1 or not known)
    }


@pytest.mark.parametrize("row", range(7))
def test_a_space_that_closes_is_forgotten_and_no_other(row: int) -> None:
    world = opened()
    considered, heard, gone = pairs(world, known=False), pairs(world, known=True), int(world.spaces.ordinal[row])
    assert any(ordinal == gone for _, ordinal in heard)
    world.close_space(row)
    assert pairs(world, known=False) == {pair for pair in considered if pair[1] != gone}
    assert pairs(world, known=True) == {pair for pair in heard if pair[1] != gone}


@pytest.mark.parametrize("row", range(7))
def test_a_space_that_opens_is_considered_and_nobody_has_heard_of_it_yet(row: int) -> None:
    world = opened()
    world.close_space(row)
    world.week += 1
    considered, heard = pairs(world, known=False), pairs(world, known=True)
    new = FOUNDED + 128
    assert world.free_row(0) == row
    world.open_space(row, world.prospects().of(0, new), world.week)
    people = set(range(*world.regions.first_row[:2].tolist()))
    assert pairs(world, known=False) == considered | {(i, new) for i in people}
    assert pairs(world, known=True) == heard
