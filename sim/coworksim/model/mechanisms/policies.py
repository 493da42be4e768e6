"""The week of public policies: what programmes buy for spaces and regions.

From its start to its end, a programme goes each week through what it may reach, in the order of a lot (then key), and
buys what the rest of its budget still covers, ``spent + cost <= budget``; nothing is bought by halves. Programmes
follow each other by name, so that their order in a scenario changes nothing. A programme that would change nothing
buys nothing.
"""

from collections import defaultdict

import numpy as np

from coworksim.model.policies import KINDS, Award, PublicPolicy
from coworksim.model.policies.kinds import Programme, Target
from coworksim.model.state.careers import spread_of
from coworksim.model.state.policy_state import NO_LIMIT
from coworksim.model.state.rng import POLICY, word
from coworksim.model.state.world import World


class Policies:
    """What policies set and buy this week."""

    name = "policies"
    scope = "world"

    def __init__(self, world: World) -> None:
        """Take up the policies of a scenario, and write the terms of what people can apply for."""
        self.policies = [KINDS[p.kind](p, k) for k, p in enumerate(world.scenario.policies)]
        self._enter(world)

    def enact(self, world: World, name: str, kind: type[PublicPolicy]) -> None:
        """Let ``kind`` stand in the place of the policy of that name."""
        for k, policy in enumerate(self.policies):
            if policy.policy.name == name:
                self.policies[k] = kind(policy.policy, k)
                self._enter(world)
                return
        known = ", ".join(policy.policy.name for policy in self.policies) or "none"
        raise LookupError(f"no policy of this scenario is called {name!r}; it has {known}")

    def _enter(self, world: World) -> None:
        """Write what awards bring where mechanisms read it."""
        for policy in self.policies:
            if isinstance(policy, Award):
                schemes, k, terms = world.schemes, policy.number, policy.terms()
                schemes.applied_for[k] = True
                schemes.share[k], schemes.flat[k] = terms.share, terms.flat
                schemes.amount[k] = NO_LIMIT if terms.amount is None else terms.amount
                schemes.hours[k], schemes.access[k] = terms.hours, terms.access
                schemes.spread[k] = spread_of(policy.policy.curriculum)

    def step(self, world: World) -> None:
        """Buy what programmes buy this week."""
        world.levers.reset()
        if not world.open:
            return
        since = world.week - world.start
        for policy in sorted(self.policies, key=lambda policy: policy.policy.name):
            if isinstance(policy, Programme) and policy.policy.start <= since < policy.policy.end and not policy.idle():
                self._buy(world, policy)

    def _buy(self, world: World, programme: Programme) -> None:
        """Go through what a programme may reach, in the order of the lot, while its budget lasts."""
        schemes, k = world.schemes, programme.number
        code, paid = int(schemes.code[k]), defaultdict[str, int](int)

        def lot(target: Target) -> tuple[int, int]:
            return int(word(world.run, np.uint64(target.key), POLICY, world.week, code)), target.key

        for target in sorted(programme.targets(world), key=lot):
            cost = programme.cost(world, target)
            if int(schemes.spent[k]) + cost <= int(schemes.budget[k]):
                schemes.spent[k] += cost
                schemes.committed[k] += cost
                paid[programme.account(world, target)] += cost
                programme.act(world, target)
        for payee, amount in paid.items():
            world.ledger.post(world.week, "treasury", payee, f"policy:{programme.policy.name}", amount)
