"""Frontier drift: the world's frontier is that of the week."""

from __future__ import annotations

import numpy as np

from coworksim.model.mechanisms.frontier import Frontier
from coworksim.model.state.build import new_world
from coworksim.model.state.careers import frontier_rule
from tests.worlds import busy


def test_the_frontier_is_one_at_the_opening_and_rises() -> None:
    world = new_world(busy(), 1)
    phase = Frontier(world)
    seen = []
    for week in (world.opening - 1, world.opening, world.opening + 1):
        world.week = week
        phase.step(world)
        np.testing.assert_array_equal(world.frontier, frontier_rule(world.scenario)(week - world.opening))
        seen.append(world.frontier[:, 4:].copy())
    assert (seen[0] < 1.0).all()
    assert (seen[1] == 1.0).all()
    assert (seen[2] > 1.0).all()
    assert (world.frontier[:, :4] == 1.0).all()


def test_a_jump_lifts_generative_ai_from_its_week_on() -> None:
    quiet = {"frontier.drift": 0.0, "frontier.drift_creative": 0.0}
    jump = {"frontier.ai_week": 5, "frontier.ai_jump": 0.4}
    scenario = busy(**quiet, **jump)
    assert (frontier_rule(scenario)(4) == 1.0).all()
    np.testing.assert_allclose(frontier_rule(scenario)(5), [[1.0] * 4 + [1.0] * 3 + [1.4]] * 5, rtol=1e-12)
