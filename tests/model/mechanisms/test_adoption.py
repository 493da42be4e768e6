"""Adoption of new tools: the chance by hand, and that all look at the same moment."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.model.mechanisms.adoption import Adoption, chance_of_adoption
from coworksim.model.parameters.week import AdoptionParameters
from coworksim.model.scenario import read
from coworksim.model.state.build import new_world
from coworksim.model.state.world import World
from tests.worlds import busy

P = read(busy(), AdoptionParameters)._replace(innovation=0.001, imitation=0.01, creative_factor=1.6)


def test_chance_by_hand() -> None:
    assert chance_of_adoption(0.0, False, P) == pytest.approx(0.001)
    assert chance_of_adoption(0.5, False, P) == pytest.approx(0.006)
    assert chance_of_adoption(0.5, True, P) == pytest.approx(0.0096)


def world(**overrides: object) -> World:
    made = new_world(busy(**{"graph.degree": 0, **overrides}), 1)
    made.workers.tools[:] = False
    made.workers.tools[0] = True
    return made


def know(world: World, pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs, np.int32).T
    world.ties.insert(one.copy(), other.copy(), np.ones(len(pairs)), 0)
    world.ties.refresh()


def test_tools_pass_one_tie_a_week() -> None:
    """With certainty of imitation and no innovation, a chain is converted one by one, and others never."""
    here = world(**{"adoption.innovation": 0.0, "adoption.imitation": 1.0, "adoption.creative_factor": 2.0})
    here.workers.occupation[:] = 0  # with half of the ties users, the chance is 2 * 1/2
    know(here, [(0, 1), (1, 2), (2, 3)])
    phase = Adoption(here)
    for week in range(1, 4):
        phase.step(here)
        assert np.flatnonzero(here.workers.tools).tolist() == list(range(week + 1))
        here.week += 1


def test_the_share_of_ties_counts() -> None:
    """Half of everybody's ties use the tools, so half of them follow."""
    here = world(**{"adoption.innovation": 0.0, "adoption.imitation": 1.0, "adoption.creative_factor": 1.0})
    know(here, [(i, j) for i in (0, 1) for j in range(2, len(here.workers))])
    Adoption(here).step(here)
    assert here.workers.tools[2:].mean() == pytest.approx(0.5, abs=0.2)


def test_those_who_left_are_not_counted() -> None:
    here = world(**{"adoption.innovation": 0.0, "adoption.imitation": 1.0, "adoption.creative_factor": 1.0})
    know(here, [(0, 1), (1, 2)])
    here.ties.forget(np.arange(len(here.workers)) == 2)
    Adoption(here).step(here)
    assert np.flatnonzero(here.workers.tools).tolist() == [0, 1]


def test_users_stay_users_and_more_come() -> None:
    here = world(**{"adoption.innovation": 0.05})
    phase = Adoption(here)
    for _ in range(20):
        before = here.workers.tools.copy()
        phase.step(here)
        assert here.workers.tools[before].all()
        here.week += 1
    assert 20 <= here.workers.tools.sum() <= len(here.workers)
