"""Frontier drift: the best possible skill moves on, so that a skill left alone is worth less each year.

SC skills stay at ``F = 1``. Of TD skills ``F = exp(w*ln(1 + g/52))`` in week ``w`` since the start, with a yearly
``g`` of its own in creative occupations; a jump in generative AI multiplies that skill by ``1 + jump``, the other TD
skills by ``1 + spill*jump``. See :func:`coworksim.model.state.careers.frontier_rule`.
"""

from coworksim.model.state.careers import frontier_rule
from coworksim.model.state.world import World


class Frontier:
    """The best possible skill of each occupation."""

    name = "frontier"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._at = frontier_rule(world.scenario)

    def step(self, world: World) -> None:
        """Move the frontier to this week."""
        world.frontier[:] = self._at(world.week - world.start)
