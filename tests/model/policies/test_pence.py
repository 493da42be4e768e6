"""Pence paid are pence received: every kind of policy, in every world that tests use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from coworksim.appraisal.pairs import lived
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.model.state.world import World
from coworksim.runs.opening import burnt_in, forked
from tests.appraisal.worlds import EASY
from tests.worlds import KINDS, OTHERS, alone, busy, flagged, schemes, unequal, with_policies

WORLDS: dict[str, Callable[[], Scenario]] = {
    "busy": lambda: busy(**EASY),
    "unequal": lambda: unequal(**EASY),
    "flagged": lambda: flagged(**EASY),
    "schemes": lambda: schemes(**EASY),
    "alone": lambda: alone(**{**EASY, "weeks": 20, "burn_in_weeks": 4, "membership.appeal": 3.2}),
}


def policies(where: Scenario) -> list[Policy]:
    """Return a policy of each kind; one for regions left behind is for all where there are none."""
    found = list(with_policies([*KINDS.values(), *OTHERS.values()]).policies)
    if any(region.flag == "left-behind" for region in where.regions):
        return found
    return [p.model_copy(update={"eligible": p.eligible.model_copy(update={"regions": ()})}) for p in found]


def balances(world: World) -> Counter[str]:
    found: Counter[str] = Counter()
    for posting in world.ledger.postings:
        found[posting.payer] -= posting.pence
        found[posting.payee] += posting.pence
    return found


SLOW = ("unequal", "alone")  # a second or more each


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in WORLDS]
)
def test_pence_paid_are_pence_received(name: str) -> None:
    scenario, spent = WORLDS[name](), []
    model = burnt_in(scenario, 1, 0)
    for policy in policies(scenario):
        arm = forked(model, (policy,))
        record, world = lived(arm, scenario.weeks), arm.world
        paid = Counter[str]()
        for posting in world.ledger.postings:
            if posting.payer == "treasury":
                paid[posting.purpose] += posting.pence
        assert sum(paid.values()) == int(world.schemes.spent[0]) <= policy.budget, policy.name
        assert set(paid) <= {f"support:{policy.name}", f"policy:{policy.name}"}
        assert int(record.support.sum()) == paid[f"support:{policy.name}"], policy.name
        found = balances(world)
        assert sum(found.values()) == 0
        assert found == Counter(world.ledger.balances)
        accounts = [world.spaces.name(s, world.regions) for s in range(len(world.spaces))]
        assert np.array_equal([found[account] for account in accounts], world.spaces.cash), policy.name
        spent.append(sum(paid.values()))
    assert sum(pence > 0 for pence in spent) >= len(spent) - 1
