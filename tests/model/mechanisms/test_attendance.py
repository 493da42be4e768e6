"""Attendance: who comes, and who is sent home."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.model.mechanisms.attendance import Attendance, comes
from coworksim.model.state.build import new_world
from coworksim.model.state.people import DAY, DEDICATED, HOT
from coworksim.model.state.rng import ATTENDANCE, word
from coworksim.model.state.world import World
from tests.worlds import busy


def test_shares_of_days() -> None:
    assert [comes(days, HOT, 1.0, 0.5) for days in range(6)] == [False, False, False, True, True, True]
    assert [comes(days, DAY, 1.0, 0.19) for days in range(3)] == [False, True, True]
    assert not comes(5, DAY, 1.0, 0.21)


def test_the_season_moves_the_share_of_days() -> None:
    assert [comes(days, HOT, 0.5, 0.29) for days in range(6)] == [False, False, False, True, True, True]
    assert [comes(5, DAY, 0.5, u) for u in (0.09, 0.11)] == [True, False]
    assert comes(5, HOT, 1.2, 0.9999999)


def full(plans: list[int], desks: int) -> World:
    world = new_world(busy(), 1)
    world.week = world.opening
    w = world.workers
    w.days[:] = 5
    w.member_of[: len(plans)] = 0
    w.plan[: len(plans)] = plans
    world.spaces.desks[:] = desks
    Attendance(world).step(world)
    return world


def test_all_find_a_desk_when_there_are_enough() -> None:
    world = full([HOT] * 8, 8)
    assert (world.workers.days_present[:8] == 5).all()
    assert int(world.spaces.desk_days[0]) == 40
    assert int(world.spaces.turned_away[0]) == 0
    assert float(world.spaces.present[0]) == pytest.approx(0.25 * 8)
    assert world.spaces.member[world.spaces.member_start[0] : world.spaces.member_start[1]].tolist() == list(range(8))


def test_a_lot_decides_each_day_and_dedicated_desks_are_kept() -> None:
    world = full([HOT] * 6 + [DEDICATED] * 2, 5)
    w = world.workers
    assert (w.days_present[6:8] == 5).all()
    assert int(w.days_present[:6].sum()) == 15
    assert len({int(mask) for mask in w.day_mask[:6]}) > 1
    assert int(world.spaces.turned_away[0]) == 15
    assert int(world.spaces.desk_days[0]) == 25


def test_more_dedicated_desks_than_desks_draw_lots_among_themselves() -> None:
    world = full([HOT] * 3 + [DEDICATED] * 4, 2)
    assert (world.workers.days_present[:3] == 0).all()
    assert int(world.workers.days_present[3:7].sum()) == 10
    assert int(world.spaces.turned_away[0]) == 25


def test_the_lot_for_a_desk_is_not_the_word_of_coming() -> None:
    """Of those who come, who has the lowest word of coming is turned away as often as the others."""
    lowest, days = 0, 0
    for week in range(12):
        world = full([HOT] * 12, 12)
        world.week += week
        world.spaces.desks[:] = 3
        w = world.workers
        Attendance(world).step(world)
        for day in range(5):
            words = [int(word(world.run, np.uint64(key), ATTENDANCE, world.week, day)) for key in w.key[:12]]
            days += 1
            lowest += int(w.day_mask[int(np.argmin(words))] >> day & 1)
    assert lowest < 0.6 * days


def test_counters_of_the_week_start_anew() -> None:
    world = full([HOT] * 12, 8)
    world.week += 1
    world.workers.member_of[:] = -1
    Attendance(world).step(world)
    assert not world.workers.days_present.any()
    assert not world.workers.day_mask.any()
    assert int(world.spaces.turned_away[0]) == int(world.spaces.desk_days[0]) == 0
    np.testing.assert_array_equal(world.workers.days_total[:12] > 0, True)
