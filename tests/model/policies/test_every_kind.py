"""Laws of every kind of policy: idle ones change nothing, pence balance, budgets hold, the order does not matter."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from coworksim import Result, Scenario, load_scenario, simulate
from coworksim.model.policies import KINDS as DECLARED
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import APPLIED
from tests.worlds import KINDS, OTHERS, with_policies

ALL = {**KINDS, **OTHERS}
ZERO = {
    "voucher": "{name: v, kind: voucher, amount: 0, months: 3, budget: 2000}",
    "membership_subsidy": "{name: m, kind: membership_subsidy, share: 0, months: 4, budget: 3000}",
    "training_voucher": "{name: t, kind: training_voucher, hours: 0, hour_price: 11, months: 3, budget: 9000}",
    "equipment_loan": "{name: e, kind: equipment_loan, access: 0, loan_price: 61.5, months: 4, budget: 5000}",
    "resource_grant": "{name: r, kind: resource_grant, equipment: 0, desks: 0, budget: 8000}",
    "community_grant": "{name: c, kind: community_grant, hours: 0, hour_price: 19.99, budget: 4000}",
    "cluster_programme": "{name: f, kind: cluster_programme, region_cost: 700, density: 1, budget: 20000}",
    "awareness_campaign": "{name: w, kind: awareness_campaign, region_cost: 55, assistance: 1, budget: 1500}",
    "skills_programme": "{name: s, kind: skills_programme, places: 0, place_price: 40, budget: 3000}",
}


def changed(policy: str, entry: str, value: str) -> str:
    """Return a policy with another value of an entry, or one more entry."""
    head, _, rest = policy.removeprefix("{").removesuffix("}").partition(f"{entry}:")
    left = [part.strip().strip(",").strip() for part in (head, rest.partition(",")[2])]
    return f"{{{', '.join([*(part for part in left if part), f'{entry}: {value}'])}}}"


@cache
def baseline(**overrides: object) -> str:
    return simulate(with_policies([], **overrides)).digest


@cache
def ran(*kinds: str) -> Result:
    return simulate(with_policies([ALL[kind] for kind in kinds]))


def test_the_trials_cover_every_kind() -> None:
    assert KINDS.keys() == ZERO.keys() == DECLARED.keys()


def not_idle(policies: Mapping[str, str], **overrides: object) -> list[str]:
    """Return the kinds whose policy changes anything."""
    none = baseline(**overrides)
    return [kind for kind, said in policies.items() if simulate(with_policies([said], **overrides)).digest != none]


def test_a_policy_of_zero_rate_changes_nothing() -> None:
    assert not_idle(ZERO) == []


def test_a_policy_that_starts_after_the_horizon_changes_nothing() -> None:
    late = {kind: changed(changed(said, "end", "600"), "start", "500") for kind, said in ALL.items()}
    assert not_idle(late) == []


def test_a_policy_without_budget_changes_nothing_where_waiting_is_not_felt() -> None:
    """Awards are waited for, in vain: who waits looks at membership as often as others here."""
    short = {kind: changed(said, "budget", "0.01") for kind, said in ALL.items()}
    assert not_idle(short, **{"schemes.intent_weeks": 3}) == []


def test_a_policy_without_budget_is_waited_for_and_nothing_is_paid() -> None:
    """The limit of the law: people who wait for an award look less often, and nobody else does."""
    short = {kind: changed(said, "budget", "0.01") for kind, said in ALL.items()}
    assert not_idle(short) == ["voucher", "membership_subsidy", "training_voucher", "equipment_loan"]
    world = simulate(with_policies([short["membership_subsidy"]])).model.world
    assert (int(world.schemes.spent[0]), int(world.schemes.awarded[0])) == (0, 0)
    assert (world.schemes.state == APPLIED).any()


def elsewhere(policies: list[str]) -> Scenario:
    """Return the busy world in a region that is not left behind."""
    text = with_policies(policies)
    here = tuple(region for region in text.regions if region.flag == "other")
    return text.model_copy(update={"regions": here})


def test_a_policy_for_no_region_changes_nothing() -> None:
    nobody = {
        kind: said.partition(", eligible:")[0].removesuffix("}") + ", eligible: {regions: [left-behind]}}"
        for kind, said in ALL.items()
    }
    plain = simulate(elsewhere([])).digest
    assert [kind for kind, said in nobody.items() if simulate(elsewhere([said])).digest != plain] == []


def test_each_kind_does_something_and_its_pence_balance(subtests: pytest.Subtests) -> None:
    for kind in ALL:
        result = ran(kind)
        world, (policy,) = result.model.world, result.scenario.policies
        spent = int(world.schemes.spent[0])
        treasury = [posting for posting in world.ledger.postings if posting.payer == "treasury"]
        with subtests.test(kind):
            assert result.digest != baseline()
            assert {posting.purpose for posting in treasury} <= {f"support:{policy.name}", f"policy:{policy.name}"}
            assert 0 < spent == sum(posting.pence for posting in treasury) == -world.ledger.balances["treasury"]
            assert spent <= policy.budget
            assert sum(world.ledger.balances.values()) == 0


def test_a_budget_holds_to_the_penny() -> None:
    """What was spent in full is bought in full once more; a penny less, and something is left out."""
    beyond = []
    for kind, said in ALL.items():
        full = int(ran(kind).model.world.schemes.spent[0])
        short = with_policies([said])
        cut = short.policies[0].model_copy(update={"budget": full - 1})
        spent = int(simulate(short.model_copy(update={"policies": (cut,)})).model.world.schemes.spent[0])
        if not 0 < spent <= full - 1:
            beyond.append(f"{kind}: {spent} of {full - 1} pence")
    assert beyond == []


def test_the_order_of_policies_that_commute_is_irrelevant() -> None:
    """All kinds but one of the two that pay fees: which of these pays first does matter."""
    listed = [policy for name, policy in ALL.items() if name != "voucher"]
    cluster = changed(KINDS["cluster_programme"], "region_cost", "1.23")
    listed += [changed(changed(cluster, "density", f"1.{k}7"), "name", f"f{k}") for k in range(1, 4)]
    one, other = (simulate(with_policies(policies)) for policies in (listed, listed[::-1]))
    np.testing.assert_array_equal(one.model.world.levers.density, other.model.world.levers.density)
    assert float(one.model.world.levers.density[0]) > 2.5
    for column in dataclasses.fields(Population):
        a, b = (getattr(result.model.world.workers, column.name) for result in (one, other))
        np.testing.assert_array_equal(a, b, column.name)
    assert sorted(one.model.world.ledger.postings) == sorted(other.model.world.ledger.postings)


@pytest.mark.slow
def test_ready_made_policies_run_in_the_busy_world() -> None:
    from coworksim.files.built_in import built_in_policies
    from tests.worlds import BUSY

    settings = {**BUSY, "weeks": 16, "schemes.hassle": 1.0, "awareness.unprompted": 0.5}
    plain = simulate(load_scenario("tiny", settings)).digest
    for one in built_in_policies():
        scenario = load_scenario("tiny", settings, policies=[one.name])
        assert (simulate(scenario).digest == plain) == (one.name == "do-nothing"), one.name
