"""Skills programme: training places bought each week, in every open space or in a region outside spaces.

A place is paid whether or not somebody takes it: in a space to the space, outside to trainers. Who gets one is written
in :mod:`coworksim.model.mechanisms.resource_pool`. The curriculum says which technical-digital skills are taught.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.model.policies.base import Programme, Target, spread_of
from coworksim.model.policy import Policy
from coworksim.model.state.policy_state import Course
from coworksim.model.state.world import World

__all__ = ["SkillsProgramme"]


class SkillsProgramme(Programme):
    """Buys ``places`` at ``place_price``, in spaces for those present on ``days``, or outside."""

    kind = "skills_programme"
    payee = "trainers"

    def __init__(self, policy: Policy, number: int) -> None:
        """Take up the curriculum."""
        super().__init__(policy, number)
        self.inside = policy.where == "inside"
        self._spread = spread_of(policy.curriculum)
        self._places: NDArray[np.int64] = np.zeros(0, np.int64)

    def idle(self) -> bool:
        """Return whether there are no places."""
        return self.policy.places == 0

    def targets(self, world: World) -> list[Target]:
        """Return open spaces, or regions; and begin a week without places."""
        self._places = np.zeros(len(world.spaces) if self.inside else len(world.regions.names), np.int64)
        world.levers.courses.append(Course(self.inside, self._places, self.policy.days, self._spread))
        return super().targets(world) if self.inside else self.regions(world)

    def cost(self, world: World, target: Target) -> int:
        """Return what the places of one space, or region, cost."""
        return self.policy.places * self.policy.place_price

    def account(self, world: World, target: Target) -> str:
        """Return the space, or trainers."""
        return world.spaces.name(target.space, world.regions) if self.inside else self.payee

    def act(self, world: World, target: Target) -> None:
        """Hold the places."""
        self._places[target.space if self.inside else target.region] = self.policy.places
        if self.inside:
            world.spaces.cash[target.space] += self.cost(world, target)
