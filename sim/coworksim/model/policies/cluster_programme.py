"""Cluster programme: creative firms are settled in a region, which moves it as a whole while the programme lasts."""

from __future__ import annotations

from coworksim.model.policies.base import Programme, Target
from coworksim.model.state.world import World

__all__ = ["ClusterProgramme"]


class ClusterProgramme(Programme):
    """Multiplies density of firms, visitors of events and project demand, for ``region_cost`` a week, paid to firms.

    Density counts for contacts outside and for visitors; ``visitors`` comes on top. Demand is that of the regional
    pool of projects, not that of nomads.
    """

    kind = "cluster_programme"
    payee = "firms"

    def idle(self) -> bool:
        """Return whether all factors are 1."""
        return self.policy.density == self.policy.visitors == self.policy.demand == 1.0

    def targets(self, world: World) -> list[Target]:
        """Return the regions that are meant."""
        return self.regions(world)

    def cost(self, world: World, target: Target) -> int:
        """Return the cost of a region."""
        return self.policy.region_cost

    def act(self, world: World, target: Target) -> None:
        """Multiply."""
        levers, r = world.levers, target.region
        levers.density[r] *= self.policy.density
        levers.visitors[r] *= self.policy.visitors
        levers.demand[r] *= self.policy.demand
