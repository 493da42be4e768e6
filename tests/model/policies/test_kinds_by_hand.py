"""What each kind of policy does, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim import CoworkingModel
from coworksim.model.mechanisms.helpers.fees import bring
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.resource_learning import ResourceLearning
from coworksim.model.mechanisms.resource_pool import ResourcePool
from coworksim.model.mechanisms.schemes import Schemes
from coworksim.model.policies.community_grant import CommunityGrant
from coworksim.model.policies.kinds import Target
from coworksim.model.policies.resource_grant import ResourceGrant
from coworksim.model.state.build import new_world
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE
from coworksim.model.state.synthesis import training_of
from coworksim.model.state.world import World
from tests.worlds import with_policies


def opened(policy: str, **settings: object) -> tuple[World, Policies]:
    """Return a world in the week of the opening, and its policies."""
    world = new_world(with_policies([policy], **settings), 1)
    world.week = world.opening
    return world, Policies(world)


def purse(world: World) -> dict[str, int]:
    return {payee: pence for payee, pence in world.ledger.balances.items() if payee != "treasury"}


def test_a_resource_grant_builds_once_and_the_space_pays_its_share() -> None:
    world, phase = opened(
        "{name: r, kind: resource_grant, equipment: 5, training: 2, desks: 3, match: 0.25, budget: 9000}"
    )
    spaces = world.spaces
    before = spaces.equipment_hours.copy(), spaces.training_places.copy(), spaces.desks.copy()
    full = 5 * 400_00 + 2 * 1500_00 + 3 * 600_00
    spaces.cash[0] = full // 4 - 1
    phase.step(world)
    assert not world.schemes.granted.any()  # a penny short
    spaces.cash[0] += 1
    phase.step(world)
    phase.step(world)
    first = np.arange(len(spaces)) == 0
    np.testing.assert_array_equal(spaces.equipment_hours, before[0] + 5 * first)
    np.testing.assert_array_equal(spaces.training_places, before[1] + 2 * first)
    np.testing.assert_array_equal(spaces.desks, before[2] + 3 * first)
    assert int(spaces.cash[0]) == 0
    assert int(world.schemes.spent[0]) == full * 3 // 4
    assert purse(world)["suppliers"] == full


def test_new_spaces_open_after_the_first_week_one_a_region() -> None:
    policy = "{name: n, kind: resource_grant, new_spaces: 1, match: 0.5, budget: 100000}"
    world, phase = opened(policy, **{"space.desks": 50})
    phase.step(world)
    assert world.spaces.open.sum() == 2
    world.week += 1
    phase.step(world)  # half of 50 desks at 2,200 GBP is public money: the budget is for one
    assert world.spaces.open.sum() == 3
    new = int(np.flatnonzero(world.schemes.granted[0])[0])
    assert (int(world.spaces.opened[new]), int(world.spaces.cash[new])) == (world.week, 110_000_00)
    assert -world.ledger.balances["treasury"] == 55_000_00 == -world.ledger.balances["investors"]
    world.schemes.budget[0] = 10**10
    for _ in range(3):
        phase.step(world)
    assert world.spaces.open.sum() == 4


def test_a_community_grant_adds_events_and_groups_while_it_lasts() -> None:
    world, phase = opened("{name: c, kind: community_grant, hours: 10, hour_price: 19.99, end: 5, budget: 1000}")
    phase.step(world)
    assert world.levers.events[world.spaces.open].tolist() == [0.5, 0.5]
    assert not world.levers.events[~world.spaces.open].any()
    assert world.levers.groups[world.spaces.open].tolist() == pytest.approx([0.2, 0.2])
    assert purse(world) == {"staff": 2 * 199_90}
    world.week += 5
    phase.step(world)
    assert not world.levers.events.any()
    assert not world.levers.groups.any()


def test_a_cluster_and_a_campaign_move_the_regions_that_are_meant() -> None:
    policy = "{name: f, kind: cluster_programme, region_cost: 700, density: 2, visitors: 3, demand: 1.5, budget: 9000,"
    world, phase = opened(policy + " eligible: {regions: [left-behind]}}")
    phase.step(world)
    moved = [getattr(world.levers, name).tolist() for name in ("density", "visitors", "demand")]
    assert moved == [[2.0, 1.0], [3.0, 1.0], [1.5, 1.0]]
    assert purse(world) == {"firms": 700_00}
    world, phase = opened(
        "{name: w, kind: awareness_campaign, region_cost: 50, hear_spaces: .1, assistance: 4, budget: 99}"
    )
    phase.step(world)
    assert sorted(world.levers.hear_spaces.tolist()) == [0.0, 0.1]  # 99 GBP are enough for one of two regions
    assert sorted(world.levers.assistance.tolist()) == [1.0, 4.0]


@pytest.mark.parametrize(
    "policy",
    [
        # in the order of the week: schemes first, so who applies at a look has done so in its second week
        "{name: v, kind: voucher, amount: 60, months: 3, budget: 200000, lag: 0}",
        "{name: t, kind: training_voucher, hours: 2, hour_price: 6.92, months: 3, budget: 200000, lag: 0}",
    ],
    ids=["help with fees", "no help with fees"],
)
def test_assistance_divides_the_hassle(policy: str) -> None:
    """Either is worth 180 GBP to who comes in any case, and is applied for against a hassle of 360 over 2.01."""
    always = {
        "membership.appeal": 50.0,
        "membership.review_weeks": 1,
        "schemes.hassle": 360.0,
        "training.value_spread": 0.1,
    }
    world, _ = opened(policy, **always, **{"schemes.early_hassle": 0.0, "population.sponsored_share": 0.0})
    world.schemes.aware[:] = True
    world.workers.aware[:] = 1
    world.workers.learning_hours[:] = 3.0
    world.schemes.hassle[:] = 1.0
    schemes, membership = Schemes(world), Membership(world)
    for assistance, helped in ((1.0, set[int]()), (1.99, set[int]()), (2.01, {0})):
        world.levers.assistance[0] = assistance
        for _ in range(2):
            schemes.step(world)
            membership.step(world)
            world.week += 1
        assert set(world.workers.region[(world.schemes.state >= AWARDED)[:, 0]].tolist()) == helped


def members(world: World) -> None:
    """Let everybody of the first region be present in its space, with nothing learnt there yet."""
    w = world.workers
    here = w.region == 0
    w.member_of[here], w.plan[here], w.days_present[here] = 0, 1, 3
    world.spaces.member[: here.sum()] = np.flatnonzero(here)
    world.spaces.member_start[:] = np.where(np.arange(len(world.spaces.member_start)) > 0, here.sum(), 0)


def test_places_bought_in_a_space_go_to_those_present_and_teach_the_curriculum() -> None:
    policy = "{name: s, kind: skills_programme, places: 4, place_price: 40, days: 3, budget: 900,"
    settings = {"training.value_spread": 0.1, "space.training_places": 0.0}
    world, phase = opened(policy + " curriculum: [generative_ai]}", **settings)
    members(world)
    world.workers.learning_hours[:] = 3.0
    world.workers.days_present[:10] = 2
    phase.step(world)
    assert world.spaces.cash[:1].tolist() == [160_00]
    ResourcePool(world).step(world)
    served = np.flatnonzero(world.workers.course[:, 0].any(axis=1))
    assert len(served) == 4
    assert served.min() >= 10
    assert not world.workers.course[:, :, :3].any()
    assert int(world.spaces.training_used[0]) == 4
    skill = world.workers.skill.copy()
    ResourceLearning(world).step(world)
    gain = (world.workers.skill - skill)[:, 4:]
    others = np.setdiff1d(np.flatnonzero(world.workers.region == 0), served)
    assert gain[served, 3].min() > gain[others, 3].max()


def test_places_bought_in_a_space_go_to_those_who_waited_longest() -> None:
    policy = "{name: s, kind: skills_programme, places: 4, place_price: 40, days: 2, budget: 900}"
    world, phase = opened(policy, **{"training.value_spread": 0.1, "space.training_places": 0.0})
    members(world)
    here = np.flatnonzero(world.workers.region == 0)
    world.workers.waiting[here[:3]] = 2
    world.workers.waiting[here[3]] = 1
    phase.step(world)
    ResourcePool(world).step(world)
    np.testing.assert_array_equal(np.flatnonzero(world.workers.course[:, 0].any(axis=1)), here[:4])
    assert not world.workers.waiting[here[:4]].any()
    assert (world.workers.waiting[here[4:]] == 1).all()


def test_places_outside_go_to_people_of_each_region() -> None:
    policy = "{name: o, kind: skills_programme, places: 3, place_price: 35.5, where: outside, budget: 2500}"
    world, phase = opened(policy, **{"training.value_spread": 0.1})
    phase.step(world)
    ResourcePool(world).step(world)
    served = world.workers.course[:, 1].any(axis=1)
    assert np.bincount(world.workers.region[served]).tolist() == [3, 3]
    assert purse(world) == {"trainers": 2 * 3 * 35_50}


def awarded(policy: str, worth: float = 10.0) -> World:
    """Return a world in which the first person has an award, and an hour of a course is worth so many GBP."""
    world, _ = opened(policy)
    courses = training_of(world.scenario)._replace(value=worth, value_spread=0.1)
    world.schemes.state[0, 0] = AWARDED
    world.schemes.award_week[0, 0] = world.week
    world.schemes.cost[0, 0] = 10**6
    bring(world, courses, np.zeros(len(world.schemes), np.int64))
    return world


def test_a_training_voucher_buys_hours_that_take_what_is_left_of_the_budget() -> None:
    world = awarded("{name: t, kind: training_voucher, hours: 2, hour_price: 11.11, months: 3, budget: 9000, lag: 0}")
    assert purse(world) == {"trainers": 22_22} == {"trainers": int(world.schemes.used[0, 0])}
    assert world.schemes.state[0, 0] == IN_USE
    assert world.workers.taught[0].mean() == pytest.approx(2.0)
    world.workers.learning_hours[0] = 1.5
    skill = world.workers.skill[0].copy()
    before = float(world.workers.outside_hours_total[0])
    ResourceLearning(world).step(world)
    assert float(world.workers.outside_hours_total[0]) - before == pytest.approx(1.5)
    assert (world.workers.skill[0] > skill).all()


def test_equipment_on_loan_sets_a_floor_under_access() -> None:
    world = awarded("{name: e, kind: equipment_loan, access: 0.95, loan_price: 60, months: 3, budget: 9000, lag: 0}")
    assert purse(world) == {"suppliers": 13_85}
    assert world.workers.loan_access[:2].tolist() == [0.95, 0.0]
    members(world)
    world.spaces.equipment_hours[:] = 1e6
    world.workers.learning_hours[:2] = 3.0
    ResourcePool(world).step(world)
    lent, own = world.workers.inside_hours[:2].tolist()
    assert lent == pytest.approx(3.0 * 0.5 / (0.5 + 0.95) * 3 / 5)
    assert lent < own


def test_by_means_the_least_income_comes_first() -> None:
    policy = "{name: v, kind: voucher, amount: 60, months: 3, budget: 200000, number: 5, award: means, window: 1}"
    world, _ = opened(policy)
    world.schemes.state[:], world.schemes.cost[:] = APPLIED, 180_00
    world.week += 1
    Schemes(world).step(world)
    poorest = np.argsort(world.workers.income)[:5]
    assert sorted(np.flatnonzero(world.schemes.state[:, 0] == AWARDED).tolist()) == sorted(poorest.tolist())


class Breakfasts(CommunityGrant):
    """A policy of one's own: mornings at which groups are founded, and no events."""

    def act(self, world: World, target: Target) -> None:
        world.levers.groups[target.space] += self.policy.hours


def test_a_policy_of_ones_own_takes_the_place_of_one_of_the_scenario() -> None:
    scenario = with_policies(["{name: c, kind: community_grant, hours: 10, hour_price: 19.99, budget: 5000}"])
    model = CoworkingModel(scenario)
    model.enact("c", Breakfasts)
    model.run_for(20)
    assert world_sum(model) == (0.0, 20.0)
    with pytest.raises(LookupError, match="no policy of this scenario is called 'd'; it has c"):
        model.enact("d", ResourceGrant)


def world_sum(model: CoworkingModel) -> tuple[float, float]:
    levers = model.world.levers
    return float(levers.events.sum()), float(levers.groups.sum())
