"""Cluster programme: creative firms are settled in the microclusters of a region while the programme lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coworksim.model.policies.kinds import Lever, RegionalProgramme, Target

if TYPE_CHECKING:
    from coworksim.model.state.world import World


class ClusterProgramme(RegionalProgramme):
    """Multiplies density of firms, visitors of events and project demand, for ``region_cost`` a week, paid to firms.

    Density counts for contacts outside of those who work in a microcluster, and for visitors to events of spaces that
    lie in one; ``visitors`` comes on top. Demand is that of the regional pool of projects, not that of nomads.
    """

    kind = "cluster_programme"
    meaning = "creative firms are settled in microclusters: density and visitors there, project demand"
    place = 7
    one_of = ("density", "visitors", "demand")
    scales = ("budget", "region_cost", *one_of)
    effect_is_declared = True
    density = Lever("real", "ratio", (0, 20), 1.5, "factor on the density of creative firms")
    visitors = Lever("real", "ratio", (0, 20), 1.5, "factor on visitors of events")
    demand = Lever("real", "ratio", (0, 20), 1.1, "factor on project demand")
    payee = "firms"

    def idle(self) -> bool:
        """Return whether all factors are 1."""
        return bool(self.policy.density == self.policy.visitors == self.policy.demand == 1.0)

    def act(self, world: World, target: Target) -> None:
        """Multiply."""
        levers, r = world.levers, target.region
        levers.density[r] *= self.policy.density
        levers.visitors[r] *= self.policy.visitors
        levers.demand[r] *= self.policy.demand
