"""Resource pool: equipment that is short, and places for those who waited longest."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.model.mechanisms.attendance import Attendance
from coworksim.model.mechanisms.resource_pool import ResourcePool, wanted_hours
from coworksim.model.state.build import new_world
from coworksim.model.state.people import HOT
from coworksim.model.state.rng import TRAINING, uniform, word
from coworksim.model.state.world import World
from tests.worlds import busy

MEMBERS = 10


def full(**overrides: object) -> World:
    """Return an open world in which the first ten people come to the first space every day."""
    world = new_world(busy(**{"training.value_spread": 0.1, **overrides}), 1)
    world.week = world.opening
    w = world.workers
    w.days[:] = 5
    w.member_of[:MEMBERS], w.plan[:MEMBERS] = 0, HOT
    world.spaces.desks[:] = MEMBERS
    Attendance(world).step(world)
    return world


def _wish(world: World, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[float]:
    keys = world.workers.key[rows]
    return [uniform(np.uint64(word(world.run, np.uint64(key), TRAINING, world.week, 0))) for key in keys]


def test_short_equipment_is_shared_in_proportion() -> None:
    world = full()
    w, phase = world.workers, ResourcePool(world)
    access = float(world.regions.outside_access[0])
    wanted = [wanted_hours(float(hours), access, 5, phase._p) for hours in w.learning_hours[:MEMBERS]]
    for capacity in (0.5 * sum(wanted), 2.0 * sum(wanted)):
        world.spaces.equipment_hours[0] = capacity
        phase.step(world)
        share = min(1.0, capacity / sum(wanted))
        assert w.inside_hours[:MEMBERS].tolist() == pytest.approx([share * hours for hours in wanted], rel=1e-8)
        assert world.spaces.hours_used[0] == pytest.approx(min(capacity, sum(wanted)), rel=1e-8)
        assert not w.inside_hours[MEMBERS:].any()


def test_who_leaves_has_no_hours_any_more() -> None:
    world = full()
    phase = ResourcePool(world)
    phase.step(world)
    assert (world.workers.inside_hours[:MEMBERS] > 0).all()
    world.workers.member_of[:] = -1
    world.week += 1
    Attendance(world).step(world)
    phase.step(world)
    assert not world.workers.inside_hours.any()
    assert not world.workers.training_hours.any()


def test_places_go_to_those_present_who_waited_longest() -> None:
    """Two places: whoever waited longest gets one, and waits from the start again."""
    world = full()
    w, spaces = world.workers, world.spaces
    spaces.training_places[0] = 2
    w.learning_hours[:] = 20.0
    w.waiting[:MEMBERS] = np.arange(MEMBERS)
    w.days_present[MEMBERS - 1] = 0
    ResourcePool(world).step(world)
    served = [MEMBERS - 3, MEMBERS - 2]
    assert np.flatnonzero(w.training_hours > 0).tolist() == served
    assert w.waiting[served].tolist() == [0, 0]
    assert w.waiting[: MEMBERS - 3].tolist() == list(range(1, MEMBERS - 2))
    assert w.waiting[MEMBERS - 1] == MEMBERS - 1
    assert (int(spaces.training_used[0]), int(spaces.training_turned_away[0])) == (2, MEMBERS - 3)


def test_the_lot_for_a_place_is_not_the_wish_for_it() -> None:
    """Where one in two wants a place, everybody wins about as often: a low word for the wish wins nothing."""
    world = full()
    w = world.workers
    w.learning_hours[:] = 20.0
    world.spaces.training_places[0] = 1
    phase, firsts, wishes = ResourcePool(world), 0, 0
    phase._p = phase._p._replace(interest=0.5)
    for week in range(60):
        world.week = world.opening + week
        w.waiting[:MEMBERS] = 0
        phase.step(world)
        won = np.flatnonzero(w.training_hours[:MEMBERS] > 0)
        wanted = np.flatnonzero((w.waiting[:MEMBERS] > 0) | (w.training_hours[:MEMBERS] > 0))
        if len(wanted) > 1:
            wishes += 1
            firsts += int(won[0] == wanted[np.argmin(_wish(world, wanted))])
    assert wishes > 30
    assert firsts < 0.6 * wishes
