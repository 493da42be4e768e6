"""Programmes, which reach spaces and regions, week by week, as far as the budget goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from coworksim.model.policies.kinds import PublicPolicy

if TYPE_CHECKING:
    from coworksim.model.state.world import World

__all__ = ["Programme", "Target"]

#: Ordinal that stands for a whole region in the keys of targets; no space has it.
WHOLE_REGION = (1 << 22) - 1


class Target(NamedTuple):
    """A space (its row), or a region as a whole (``space`` -1), that a programme may reach this week."""

    region: int
    space: int
    key: int


class Programme(PublicPolicy):
    """What reaches spaces and regions (see :mod:`coworksim.model.mechanisms.policies`)."""

    #: Who is paid, where it is not the space that is reached.
    payee: ClassVar[str] = "suppliers"

    def includes(self, world: World, region: int) -> bool:
        """Return whether a region is meant."""
        place = world.scenario.regions[region]
        return bool(self.policy.eligible.includes(place.name, place.flag))

    def idle(self) -> bool:
        """Return whether it would change nothing, and therefore buys nothing."""
        raise NotImplementedError

    def targets(self, world: World) -> list[Target]:
        """Return what may be reached this week: by default every open space of the regions that are meant."""
        spaces = world.spaces
        rows = [row for row, is_open in enumerate(spaces.open.tolist()) if is_open]
        found = [Target(int(spaces.region[s]), s, int(spaces.key[s])) for s in rows]
        return [target for target in found if self.includes(world, target.region)]

    def regions(self, world: World) -> list[Target]:
        """Return the regions that are meant, each as a whole."""
        count = len(world.regions.names)
        return [Target(r, -1, r << 22 | WHOLE_REGION) for r in range(count) if self.includes(world, r)]

    def cost(self, world: World, target: Target) -> int:
        """Return what the treasury pays for one target this week, pence."""
        raise NotImplementedError

    def account(self, world: World, target: Target) -> str:
        """Return who receives that."""
        return self.payee

    def act(self, world: World, target: Target) -> None:
        """Do for one target what has been paid for."""
        raise NotImplementedError
