"""Decay: what a week takes off, from whom, and when ties are dropped."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.model.mechanisms.decay import Decay
from coworksim.model.state.build import new_world
from coworksim.model.state.people import DECAY
from coworksim.model.state.world import SNAPSHOT_WEEKS
from tests.worlds import busy


def test_every_skill_loses_its_share_and_the_books_say_so() -> None:
    world = new_world(busy(**{"decay.skill": 0.26}), 1)
    before = world.workers.skill.copy()
    Decay(world).step(world)
    np.testing.assert_allclose(world.workers.skill, before * (1 - 0.26 / 52), rtol=1e-12)
    lost = world.workers.skill - before
    np.testing.assert_allclose(world.workers.gain[:, 0, DECAY], lost[:, :4].mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(world.workers.gain[:, 1, DECAY], lost[:, 4:].mean(axis=1), rtol=1e-12)


@pytest.mark.parametrize(("weight", "kept"), [(1.02, True), (0.98, False)])
def test_ties_are_dropped_by_their_strength_at_the_end_of_each_fourth_week(weight: float, kept: bool) -> None:
    """A tie last renewed in week 0 has faded for four weeks when week 3 ends."""
    world = new_world(busy(**{"graph.degree": 0, "decay.tie_weeks": 2.0, "decay.tie_floor": 1.0}), 1)
    world.ties.insert(np.array([0], np.int32), np.array([1], np.int32), np.array([weight * 2.0**4]), 0)
    phase = Decay(world)
    for week in range(SNAPSHOT_WEEKS - 1):
        world.week = week
        phase.step(world)
        assert len(world.ties) == 1
    world.week = SNAPSHOT_WEEKS - 1
    phase.step(world)
    assert len(world.ties) == int(kept)


def test_no_tie_is_dropped_between() -> None:
    world = new_world(busy(**{"graph.degree": 0, "decay.tie_weeks": 2.0, "decay.tie_floor": 1.0}), 1)
    world.ties.insert(np.array([0], np.int32), np.array([1], np.int32), np.array([0.5]), 0)
    phase = Decay(world)
    world.week = SNAPSHOT_WEEKS
    phase.step(world)
    assert len(world.ties) == 1
