"""Turnover: who leaves and who changes status, by hand and by law."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.model.mechanisms.helpers.eligibility import career
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.schemes import Schemes
from coworksim.model.mechanisms.turnover import Turnover, generation, leaves
from coworksim.model.state.build import new_world
from coworksim.model.state.people import EMPLOYEE, FREELANCER, NOMAD, REMOTE
from coworksim.model.state.policy_state import APPLIED
from coworksim.model.state.rng import worker_key
from coworksim.model.state.world import World
from tests.model.mechanisms.schemes import VOUCHER, with_policies
from tests.worlds import busy, town

QUIET = {"turnover.exit": 0.0, "turnover.to_employee": 0.0, "turnover.to_freelancer": 0.0}


def started(**overrides: object) -> World:
    world = new_world(busy(**{"graph.degree": 0, **QUIET, **overrides}), 1)
    world.week = 1
    return world


def test_chances_by_hand() -> None:
    p = Turnover(started(**{"turnover.exit": 0.52, "turnover.nomad_stay": 10.0}))._p
    assert career(3.0, 10, 62) == 4.0
    assert leaves(40.0, 40.0, FREELANCER, 0.999, p)
    assert [leaves(1.0, 40.0, FREELANCER, u, p) for u in (0.0099, 0.0101)] == [True, False]
    assert [leaves(1.0, 40.0, NOMAD, u, p) for u in (0.1099, 0.1101)] == [True, False]
    assert generation(worker_key(3, 77, 5)) == 5


def test_nobody_moves_in_week_0_or_without_reason() -> None:
    world = started()
    w = world.workers
    w.career_start[:] = 0.0
    w.status[w.status == NOMAD] = FREELANCER
    keys, status = w.key.copy(), w.status.copy()
    phase = Turnover(world)
    for week in range(20):
        world.week = week
        phase.step(world)
        assert len(phase.replaced) == 0
    np.testing.assert_array_equal(w.key, keys)
    np.testing.assert_array_equal(w.status, status)
    w.career_start[:] = w.career_end
    world.week = 0
    phase.step(world)
    np.testing.assert_array_equal(w.key, keys)


def test_the_end_of_a_career_brings_a_newcomer_without_ties() -> None:
    world = started()
    w = world.workers
    w.status[:] = FREELANCER
    w.career_start[:] = 0.0
    w.career_start[4] = w.career_end[4]
    world.ties.insert(np.array([3, 4], np.int32), np.array([4, 9], np.int32), np.ones(2), 0)
    world.ties.refresh()
    old = int(w.key[4])
    phase = Turnover(world)
    phase.step(world)
    assert phase.replaced.tolist() == [4]
    assert int(w.key[4]) == old + 1
    assert (int(w.entered[4]), float(w.career_start[4])) == (1, 0.0)
    assert len(world.ties) == 0
    assert not (world.ties.indices[: world.ties.indptr[-1]] >= 0).any()
    world.week = 2
    phase.step(world)
    assert len(phase.replaced) == 0


def test_nomads_are_followed_by_nomads() -> None:
    world = started(**{"turnover.nomad_stay": 1.0})
    w = world.workers
    w.status[:] = np.where(np.arange(len(w)) % 2 == 0, NOMAD, FREELANCER)
    w.career_start[:] = w.career_end
    Turnover(world).step(world)
    assert (w.entered == 1).all()
    np.testing.assert_array_equal(w.status == NOMAD, np.arange(len(w)) % 2 == 0)


def test_the_last_generation_of_a_place_stays() -> None:
    world = started()
    w = world.workers
    w.key[0], w.key[1] = worker_key(0, 0, 63), worker_key(0, 1, 62)
    w.career_start[:] = w.career_end
    phase = Turnover(world)
    phase.step(world)
    assert phase.replaced.tolist() == list(range(1, len(w)))


def test_newcomers_use_tools_as_often_as_those_they_find() -> None:
    world = new_world(town(4000, **QUIET), 1)
    world.week = 1
    w = world.workers
    w.tools[:] = np.arange(len(w)) % 4 == 0
    w.career_start[:] = w.career_end
    Turnover(world).step(world)
    assert w.tools.mean() == pytest.approx(0.25, abs=0.03)


def test_changes_of_status_follow_their_rates_and_terms() -> None:
    world = new_world(
        town(
            4000, **{**QUIET, "turnover.to_employee": 1.0, "turnover.to_freelancer": 0.5, "turnover.nomad_stay": 5200.0}
        ),
        1,
    )
    w = world.workers
    w.career_start[:] = 0.0
    world.week = 1
    before = w.status.copy()
    Turnover(world).step(world)
    free, employed = before == FREELANCER, before >= EMPLOYEE
    hired, freed = free & (w.status >= EMPLOYEE), employed & (w.status == FREELANCER)
    assert hired.sum() / free.sum() == pytest.approx(1 / 52, rel=0.5)
    assert freed.sum() / employed.sum() == pytest.approx(0.5 / 52, rel=0.6)
    assert (w.sponsor[freed] == 0).all()
    rest = ~hired & ~freed & (before != NOMAD)
    np.testing.assert_array_equal(w.status[rest], before[rest])
    assert 0 < (w.status[hired] == REMOTE).sum() < hired.sum()


def test_what_was_promised_to_those_who_leave_flows_back() -> None:
    world = new_world(with_policies(busy(**QUIET), VOUCHER), 1)
    Policies(world)  # writes the terms of awards
    world.schemes.state[:], world.schemes.cost[:] = APPLIED, 480_00
    world.week = world.opening
    Schemes(world).step(world)
    promised, cost = int(world.schemes.committed[0]), int(world.schemes.cost[4, 0])
    world.schemes.used[4, 0] = 7
    w = world.workers
    w.status[:] = FREELANCER
    w.career_start[:] = 0.0
    w.career_start[4] = w.career_end[4]
    world.week += 1
    Turnover(world).step(world)
    assert int(world.schemes.committed[0]) == promised - (cost - 7)
    assert (int(world.schemes.state[4, 0]), int(world.schemes.cost[4, 0])) == (0, 0)
