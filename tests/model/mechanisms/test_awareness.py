"""Awareness: the chance by hand, and what counts as hearing of something."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim.model.mechanisms.awareness import Awareness, chance_to_hear
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.parameters.week import AwarenessParameters
from coworksim.model.state.build import new_world
from coworksim.model.state.policy_state import AWARDED, IN_USE
from coworksim.model.state.world import World
from tests.model.mechanisms.schemes import VOUCHER, with_policies
from tests.worlds import busy

SURE = {"awareness.unprompted": 0.0, "awareness.by_ties": 1.0, "awareness.at_opening": 0.0}


def test_chance_by_hand() -> None:
    p = AwarenessParameters(unprompted=0.003, by_ties=0.03, at_opening=0.0)
    assert chance_to_hear(0, 0.0, p) == 0.003
    assert chance_to_hear(2, 0.01, p) == pytest.approx(0.013 + 0.03 * (1 - math.exp(-1)))


def opened(**overrides: object) -> World:
    world = new_world(with_policies(busy(**{"graph.degree": 0, **overrides}), VOUCHER), 1)
    Policies(world)  # writes the terms of awards
    world.week = world.opening + 1
    return world


def know_everyone(world: World, row: int) -> None:
    others = np.array([j for j in range(int(world.regions.first_row[1])) if j != row], np.int32)
    low, high = np.minimum(others, row), np.maximum(others, row)
    order = np.lexsort((high, low))
    world.ties.insert(low[order], high[order], np.ones(len(order)), 0)
    world.ties.refresh()


def test_one_hears_of_a_space_from_members_and_of_nothing_from_nobody() -> None:
    world = opened(**SURE)
    know_everyone(world, 0)
    phase = Awareness(world)
    phase.step(world)
    assert not world.workers.aware.any()
    world.workers.member_of[1:30] = 0
    world.week += 1
    phase.step(world)  # chance 1 - exp(-29/2)
    assert world.workers.aware[0] == 1
    assert not world.workers.aware[1:].any()


@pytest.mark.parametrize("state", [AWARDED, IN_USE])
def test_one_hears_of_a_scheme_from_those_who_use_it_while_it_runs(state: int) -> None:
    world = opened(**SURE)
    know_everyone(world, 0)
    world.schemes.state[1:30, 0] = state
    phase = Awareness(world)
    world.week = world.opening + VOUCHER.end
    phase.step(world)
    assert not world.schemes.aware.any()
    world.week = world.opening + VOUCHER.end - 1
    phase.step(world)
    assert np.flatnonzero(world.schemes.aware[:, 0]).tolist() == [0]


def test_closed_spaces_are_unknown_and_nobody_forgets() -> None:
    world = opened(**{"awareness.unprompted": 0.2})
    phase = Awareness(world)
    for _ in range(30):
        before = world.workers.aware.copy()
        phase.step(world)
        assert ((before & ~world.workers.aware) == 0).all()
        world.week += 1
    assert not world.spaces.open[1]
    assert set(world.workers.aware.tolist()) <= {0, 1}
    assert (world.workers.aware == 1).mean() > 0.9


def test_an_opening_is_heard_of_once() -> None:
    world = new_world(busy(**{**SURE, "awareness.by_ties": 0.0, "awareness.at_opening": 0.5}), 1)
    phase = Awareness(world)
    world.week = world.opening
    phase.step(world)
    heard = world.workers.aware.copy()
    assert 0.25 < (heard == 1).mean() < 0.75
    world.week += 1
    phase.step(world)
    np.testing.assert_array_equal(world.workers.aware, heard)


def test_hearing_of_a_scheme_and_of_a_space_are_different_chances() -> None:
    world = opened(**{**SURE, "awareness.unprompted": 0.5, "awareness.by_ties": 0.0})
    Awareness(world).step(world)
    space, scheme = world.workers.aware == 1, world.schemes.aware[:, 0]
    assert 0.2 < (space != scheme).mean() < 0.8
