"""Awareness campaign: word of spaces and of what one can apply for, and help with applying."""

from __future__ import annotations

from coworksim.model.policies.base import Programme, Target
from coworksim.model.state.world import World

__all__ = ["AwarenessCampaign"]


class AwarenessCampaign(Programme):
    """Adds to the chance to hear, and divides the hassle of applying, for ``region_cost`` a week.

    It counts for those who live in the region, for all spaces and for all policies that people apply for. The
    assistance of several campaigns multiplies.
    """

    kind = "awareness_campaign"

    def idle(self) -> bool:
        """Return whether nothing is added, and nobody assisted."""
        p = self.policy
        return p.hear_spaces == p.hear_schemes == 0.0 and p.assistance == 1.0

    def targets(self, world: World) -> list[Target]:
        """Return the regions that are meant."""
        return self.regions(world)

    def cost(self, world: World, target: Target) -> int:
        """Return the cost of a region."""
        return self.policy.region_cost

    def act(self, world: World, target: Target) -> None:
        """Add, and assist."""
        levers, r = world.levers, target.region
        levers.hear_spaces[r] += self.policy.hear_spaces
        levers.hear_schemes[r] += self.policy.hear_schemes
        levers.assistance[r] *= self.policy.assistance
