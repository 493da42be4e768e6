"""Resource grant: equipment hours, training places and desks for spaces that are there, or new spaces.

Every open space of the regions that are meant gets the grant once, if it has the cash for its share ``match`` of the
cost (the prices of ``management``); the treasury pays the rest. Or each region gets up to ``new_spaces``, one a week
and from the week after the start on, of a size as founders have them in mind: investors put up the share ``match`` of
the starting capital, the treasury the rest. What has been built stays when the grant is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from coworksim.model.policies.kinds import Lever, Programme, Target, rounded

if TYPE_CHECKING:
    from coworksim.model.state.world import World

_MATCH = "share of the cost that the space (of a new one, investors) pays"


class ResourceGrant(Programme):
    """Builds ``equipment``, ``training`` and ``desks`` in spaces, or ``new_spaces``."""

    kind = "resource_grant"
    meaning = "equipment, training places or desks for spaces, or new spaces"
    place = 5
    one_of = ("equipment", "training", "desks", "new_spaces")
    may = ("match",)
    scales = ("budget", *one_of)
    equipment = Lever("real", "h/week", (0, 10**4), 20, "equipment hours that a space gets")
    training = Lever("whole", "places/week", (0, 10**4), 2, "training places that a space gets")
    desks = Lever("whole", "desks", (0, 10**4), 10, "desks that a space gets")
    new_spaces = Lever("whole", "spaces/region", (0, 8), 1, "new spaces")
    match = Lever("real", "share", (0, 1), 0.5, _MATCH, "paid by others", percent=True)

    @classmethod
    def contradictions(cls, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """Refuse new spaces beside something for those that are there."""
        others = [key for key in ("equipment", "training", "desks") if said.get(key)]
        if said.get("new_spaces") and others:
            yield "new_spaces", f"new_spaces beside {' and '.join(others)}", "write two policies, one for each"

    def idle(self) -> bool:
        """Return whether nothing is built, or the treasury pays nothing of it."""
        p = self.policy
        return p.match >= 1.0 or not (p.equipment or p.training or p.desks or p.new_spaces)

    def targets(self, world: World) -> list[Target]:
        """Return spaces without the grant that can pay their share; or regions where a space can be opened."""
        granted, spaces = world.schemes.granted[self.number], world.spaces
        if self.policy.new_spaces:
            if world.week == world.start:
                return []
            whole = [one for one in self.regions(world) if self._spare(world, one.region) >= 0]
            return [one for one in whole if (granted[spaces.region == one.region] > 0).sum() < self.policy.new_spaces]
        open_spaces = super().targets(world)
        ready = [target for target in open_spaces if granted[target.space] != spaces.ordinal[target.space] + 1]
        return [one for one in ready if int(spaces.cash[one.space]) >= (share := self._share(world, one)) or share == 0]

    def _spare(self, world: World, region: int) -> int:
        """Return the first row of a region that is free and has had no grant of this policy; -1 for none."""
        spaces, ungranted = world.spaces, world.schemes.granted[self.number] == 0
        free = (spaces.region == region) & ~spaces.open & (spaces.kept <= world.week) & ungranted
        rows = free.nonzero()[0].tolist()
        return int(rows[0]) if rows else -1

    def _new(self, world: World, region: int) -> Any:
        """Return the space that would open in a region this week: a coworksim.model.state.prospects.Prospect."""
        rank = sorted(policy.name for policy in world.scenario.policies).index(self.policy.name)
        return world.prospects().by_policy(region, world.week, rank)

    def _total(self, world: World, target: Target) -> int:
        """Return the full cost, pence; each kind of resource is rounded by itself."""
        p, price = self.policy, world.scenario
        if p.new_spaces:
            return int(self._new(world, target.region).capital)
        bought = {"equipment": p.equipment, "training": p.training, "desk": p.desks}
        costs = (float(price[f"management.{name}_cost"]) * number for name, number in bought.items())
        return sum(rounded(cost * 100.0) for cost in costs)

    def _share(self, world: World, target: Target) -> int:
        """Return what the space, or investors, pay."""
        return rounded(self.policy.match * self._total(world, target))

    def cost(self, world: World, target: Target) -> int:
        """Return what the treasury pays."""
        return self._total(world, target) - self._share(world, target)

    def account(self, world: World, target: Target) -> str:
        """Return the space that gets the grant."""
        if target.space < 0:
            return world.account(target.region, self._new(world, target.region).ordinal)
        return world.spaces.name(target.space, world.regions)

    def act(self, world: World, target: Target) -> None:
        """Build, and pay for it."""
        spaces, p, share = world.spaces, self.policy, self._share(world, target)
        s = target.space if target.space >= 0 else self._spare(world, target.region)
        if p.new_spaces:
            account = world.open_space(s, self._new(world, target.region), world.week)
            world.ledger.post(world.week, "investors", account, "capital", share)
        else:
            spaces.equipment_hours[s] += p.equipment
            spaces.training_places[s] += p.training
            spaces.desks[s] += p.desks
            spaces.cash[s] -= share
            account = spaces.name(s, world.regions)
            world.ledger.post(world.week, account, "suppliers", "investment", self._total(world, target))
        world.schemes.granted[self.number, s] = spaces.ordinal[s] + 1
