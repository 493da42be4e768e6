"""Skills programme: training places bought each week, in every open space or in a region outside spaces.

A place is paid whether or not somebody takes it: in a space to the space, outside to trainers. Who gets one is written
in :mod:`coworksim.model.mechanisms.resource_pool`. The curriculum says which technical-digital skills are taught.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from coworksim.model.policies.kinds import Lever, Programme, Target

if TYPE_CHECKING:
    from coworksim.model.state.world import World


class SkillsProgramme(Programme):
    """Buys ``places`` at ``place_price``, in spaces for those present on ``days``, or outside."""

    kind = "skills_programme"
    meaning = "training places are bought, in spaces or elsewhere"
    place = 9
    needs = ("places", "place_price")
    may = ("where", "days", "curriculum")
    scales = ("budget", "places")
    holds_training = True
    places = Lever("whole", "places/week", (0, 10**4), 4, "training places bought in a space, or in a region")
    place_price = Lever("money", "GBP/place", (0, 10**6), 40, "what a training place costs")
    days = Lever("whole", "days", (0, 5), 2, "days in a space this week on which a place depends")
    payee = "trainers"

    @classmethod
    def contradictions(cls, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """Refuse places outside that depend on days in a space."""
        if said.get("where") == "outside" and said.get("days"):
            yield "days", "days in a space as a condition of places outside", "write where: inside, or leave days out"

    @property
    def inside(self) -> bool:
        """Whether places are bought in spaces."""
        return bool(self.policy.where == "inside")

    def idle(self) -> bool:
        """Return whether there are no places."""
        return not self.policy.places

    def targets(self, world: World) -> list[Target]:
        """Return open spaces, or regions; and begin a week without places."""
        self._places = world.levers.hold_course(self.inside, self.policy.days, self.policy.curriculum)
        return super().targets(world) if self.inside else self.regions(world)

    def cost(self, world: World, target: Target) -> int:
        """Return what the places of one space, or region, cost."""
        return int(self.policy.places * self.policy.place_price)

    def account(self, world: World, target: Target) -> str:
        """Return the space, or trainers."""
        return world.spaces.name(target.space, world.regions) if self.inside else self.payee

    def act(self, world: World, target: Target) -> None:
        """Hold the places."""
        self._places[target.space if self.inside else target.region] = self.policy.places
        if self.inside:
            world.spaces.cash[target.space] += self.cost(world, target)
