"""Programmes, which reach spaces and regions, week by week, as far as the budget goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from coworksim.model.policies.kinds import PublicPolicy

if TYPE_CHECKING:
    from coworksim.model.state.world import World


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
        """Say whether a region is meant.

        Args:
            world: The state this week.
            region: Row of the region, from 0.

        Returns:
            True where the policy acts.
        """
        place = world.scenario.regions[region]
        return bool(self.policy.eligible.includes(place.name, place.flag))

    def idle(self) -> bool:
        """Say whether the programme would change nothing, and therefore buys nothing.

        Returns:
            True for one that does nothing.
        """
        raise NotImplementedError

    def targets(self, world: World) -> list[Target]:
        """List what may be reached this week: by default every open space of the regions that are meant.

        Args:
            world: The state this week.

        Returns:
            Spaces, or regions as a whole; the budget serves them in a keyed order.
        """
        spaces = world.spaces
        rows = [row for row, is_open in enumerate(spaces.open.tolist()) if is_open]
        found = [Target(int(spaces.region[s]), s, int(spaces.key[s])) for s in rows]
        return [target for target in found if self.includes(world, target.region)]

    def regions(self, world: World) -> list[Target]:
        """Return the regions that are meant, each as a whole."""
        count = len(world.regions.names)
        return [Target(r, -1, r << 22 | WHOLE_REGION) for r in range(count) if self.includes(world, r)]

    def cost(self, world: World, target: Target) -> int:
        """Say what the treasury pays for one target this week.

        Args:
            world: The state this week.
            target: A space or a region.

        Returns:
            Pence, from 0.
        """
        raise NotImplementedError

    def account(self, world: World, target: Target) -> str:
        """Say who receives what the treasury pays for one target.

        Args:
            world: The state this week.
            target: A space or a region.

        Returns:
            A payee of the ledger, such as ``staff`` or ``suppliers``.
        """
        return self.payee

    def act(self, world: World, target: Target) -> None:
        """Do for one target what has been paid for.

        Args:
            world: The state this week, which is changed.
            target: A space or a region.
        """
        raise NotImplementedError
