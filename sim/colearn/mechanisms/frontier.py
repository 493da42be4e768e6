"""Frontier drift: the best possible skill moves on, so that a skill left alone is worth less each year.

See :func:`colearn.world.frontier.frontier_at` for the rule.
"""

from __future__ import annotations

from colearn.world.frontier import frontier_at
from colearn.world.world import World

__all__ = ["Frontier"]


class Frontier:
    """The best possible skill of each occupation."""

    name = "frontier"

    def __init__(self, world: World) -> None:
        """Nothing to prepare: the rule reads the scenario."""

    def step(self, world: World) -> None:
        """Move the frontier to this week."""
        world.frontier[:] = frontier_at(world.scenario, world.week - world.opening)
