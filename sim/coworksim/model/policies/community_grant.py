"""Community grant: hours of a community manager in every open space of the regions that are meant, while it lasts.

An hour adds ``policies.events_per_hour`` events and ``policies.groups_per_hour`` gatherings to found a group to those
of the space. The treasury pays the community manager; what an event costs beside, the space pays as for any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coworksim.model.policies.kinds import Programme, Target, rounded

if TYPE_CHECKING:
    from coworksim.model.state.world import World


class CommunityGrant(Programme):
    """Buys ``hours`` a week in each space at ``hour_price``."""

    kind = "community_grant"
    meaning = "hours of community managers: events and groups"
    place = 6
    needs = ("hours", "hour_price")
    scales = ("budget", "hours")
    payee = "staff"

    def idle(self) -> bool:
        """Return whether there are no hours."""
        return not self.policy.hours

    def cost(self, world: World, target: Target) -> int:
        """Return what the hours in one space cost."""
        return rounded(self.policy.hours * self.policy.hour_price)

    def act(self, world: World, target: Target) -> None:
        """Let there be more events and groups."""
        hours, number = self.policy.hours, world.scenario
        world.levers.events[target.space] += hours * float(number["policies.events_per_hour"])
        world.levers.groups[target.space] += hours * float(number["policies.groups_per_hour"])
