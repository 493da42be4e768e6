"""Schemes: who may apply and does, and that promises never exceed the budget."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim.model.mechanisms import Phase
from coworksim.model.mechanisms.helpers import eligibility as module
from coworksim.model.mechanisms.helpers.applications import hassle_of
from coworksim.model.mechanisms.helpers.fees import cost_of_award, support, usable, weekly_fee
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.schemes import Schemes
from coworksim.model.parameters.week import SchemesParameters
from coworksim.model.policy import Eligibility, Policy
from coworksim.model.scenario import read
from coworksim.model.state.build import new_world
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, NONE, OVER
from coworksim.model.state.world import World
from tests.model.mechanisms.schemes import LOTTERY, VOUCHER, with_policies
from tests.worlds import busy


def opened(*policies: Policy, **overrides: object) -> World:
    world = new_world(with_policies(busy(**overrides), *policies), 1)
    world.week = world.opening
    Policies(world)  # writes the terms of awards
    world.schemes.aware[:] = True
    return world


def applied(world: World, cost: int = 1000_00, rows: slice = slice(None)) -> World:
    """Let people have applied."""
    world.schemes.state[rows, 0], world.schemes.cost[rows, 0] = APPLIED, cost
    return world


def test_hassle_by_hand() -> None:
    p = read(busy(), SchemesParameters)._replace(hassle=300.0, early_hassle=0.5)
    assert hassle_of(1.5, 10.0, 0.4, p) == pytest.approx(300.0 * (1 + 0.5 * 0.6 * math.exp(-2.0)) * 1.5)


COURSES = Policy(name="c", kind="training_voucher", hours=2, hour_price=1200, months=3, start=0, end=50, budget=10**8)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Eligibility(career_below=10.0), lambda w: w.career_start + 12 / 52 < 10.0),
        (Eligibility(career_from=10.0), lambda w: w.career_start + 12 / 52 >= 10.0),
        (Eligibility(income_below=500.0), lambda w: w.income < 500.0),
        (Eligibility(statuses=("freelancer", "owner")), lambda w: w.status <= 1),
        (Eligibility(occupations=("designer",)), lambda w: w.occupation == 0),
        (Eligibility(regions=("left-behind",)), lambda w: w.region == 0),
        (Eligibility(non_members=True), lambda w: w.member_of < 0),
        (Eligibility(non_members=True, away_months=6), lambda w: (w.member_of < 0) & (w.last_member < 12 - 26)),
    ],
)
def test_each_condition_rules_out_the_others(who: Eligibility, expected: object) -> None:
    certain = {"schemes.hassle": 0.0, "training.value_spread": 0.1, "membership.review_weeks": 1}
    world = opened(COURSES.model_copy(update={"eligible": who}), **certain, **{"membership.appeal": -50.0})
    world.workers.member_of[::2] = 0
    world.workers.last_member[:20], world.workers.last_member[20:30] = 12 - 26, 12 - 27
    assert callable(expected)
    meant = expected(world.workers)
    Membership(world).step(world)
    np.testing.assert_array_equal(world.schemes.state[:, 0] == APPLIED, meant)


def test_budget_and_number_are_kept_and_first_come_applicants_wait() -> None:
    short = applied(opened(VOUCHER.model_copy(update={"budget": 4_000_00 + 1})))
    Schemes(short).step(short)
    assert (short.schemes.state == AWARDED).sum() == 4
    assert np.flatnonzero(short.schemes.state[:, 0] == AWARDED).tolist() != [0, 1, 2, 3]
    assert (short.schemes.state == APPLIED).sum() == len(short.workers) - 4
    few = applied(opened(VOUCHER.model_copy(update={"number": 3})))
    Schemes(few).step(few)
    assert (few.schemes.state == AWARDED).sum() == 3


def test_a_place_that_nobody_used_goes_to_another() -> None:
    world = applied(opened(VOUCHER.model_copy(update={"number": 3, "budget": 3_000_00})))
    phase = Schemes(world)
    phase.step(world)
    world.week += 2 + 8
    phase.step(world)
    first = set(np.flatnonzero(world.schemes.state[:, 0] == AWARDED).tolist())
    world.week += 1
    phase.step(world)
    second = set(np.flatnonzero(world.schemes.state[:, 0] == AWARDED).tolist())
    assert len(first) == len(second) == 3
    assert not first & second
    assert (int(world.schemes.awarded[0]), int(world.schemes.lapsed[0])) == (6, 3)
    assert int(world.schemes.committed[0]) == 3_000_00


def test_years_of_career_count_from_one_bound_up_to_the_other() -> None:
    world = opened(VOUCHER.model_copy(update={"eligible": Eligibility(career_from=2.0, career_below=5.0)}))
    conditions = module.conditions_of(world)[0]
    got = [module.eligible(0, 0, 0, years, 0.0, 1, conditions) for years in (1.9, 2.0, 4.9, 5.0)]
    assert got == [False, True, True, False]


def test_the_nearest_space_sets_what_a_lottery_promises() -> None:
    world = opened(VOUCHER.model_copy(update={"amount": 1_000_00}))
    world.open_space(1, world.prospects().of(0, 5000), world.week)
    world.spaces.price[:2] = 100_00, 200_00
    far = [[math.dist(home, world.spaces.home[s]) for s in (0, 1)] for home in world.workers.home[:30]]
    near = np.argmin(far, 1)
    assert set(near.tolist()) == {0, 1}
    fee = [weekly_fee(100_00), weekly_fee(200_00)]
    for i in range(30):
        assert cost_of_award(i, 0, world.workers, world.spaces, world.schemes) == fee[near[i]] * 26
    world.spaces.open[:] = False
    assert cost_of_award(0, 0, world.workers, world.spaces, world.schemes) == 0


def test_a_lottery_draws_once_at_the_end_of_its_window_and_its_losers_are_out() -> None:
    world = applied(opened(LOTTERY))
    phase = Schemes(world)
    for week in range(LOTTERY.window):
        phase.step(world)
        assert (world.schemes.state == APPLIED).all(), week
        world.week += 1
    phase.step(world)
    assert (world.schemes.state == AWARDED).sum() == 5
    assert (world.schemes.state == OVER).sum() == len(world.workers) - 5


@pytest.mark.parametrize(("state", "pays"), [(NONE, 0), (APPLIED, 0), (AWARDED, 4), (IN_USE, 4), (OVER, 0)])
def test_an_award_pays_from_its_lag_on_for_its_term(state: int, pays: int) -> None:
    assert [week for week in range(30) if usable(state, 10, 2, 4, week)] == [12, 13, 14, 15][:pays]


def test_every_scheme_draws_lots_of_its_own() -> None:
    world = opened(LOTTERY, LOTTERY.model_copy(update={"name": "another"}))
    world.schemes.state[:] = APPLIED
    world.week = world.opening + LOTTERY.window
    Schemes(world).step(world)
    first, second = (set(np.flatnonzero(world.schemes.state[:, k] == AWARDED).tolist()) for k in range(2))
    assert len(first) == len(second) == 5
    assert first != second


def test_what_is_not_begun_in_time_or_lies_unused_flows_back() -> None:
    world = applied(opened(VOUCHER.model_copy(update={"end": 1})))
    phase, s = Schemes(world), world.schemes
    phase.step(world)
    promised, begin = int(s.committed[0]), world.opening + 2
    for row, last in ((0, begin + 8), (1, begin)):
        s.state[row, 0], s.used[row, 0], s.last_used[row, 0] = IN_USE, 1_00, last
    world.week = begin + 8
    phase.step(world)
    assert int(s.committed[0]) == promised
    world.week += 1
    phase.step(world)
    assert s.state[:3, 0].tolist() == [IN_USE, OVER, NONE]
    assert (s.state[2:, 0] == NONE).all()
    assert int(s.committed[0]) == 1000_00 + 1_00
    s.last_used[0, 0] = begin + 25
    world.week = begin + 26
    phase.step(world)
    assert int(s.committed[0]) == 2_00
    assert s.state[0, 0] == OVER


def test_promises_cover_what_is_spent_in_a_run() -> None:
    """Over a year of two schemes with members who come and go, spent <= committed <= budget, and nothing is lost."""
    world = opened(
        VOUCHER.model_copy(update={"budget": 20_000_00}),
        LOTTERY,
        **{"schemes.hassle": 20.0, "membership.appeal": 5.0, "membership.review_weeks": 2},
    )
    world.workers.aware[:] = 1
    phases: tuple[Phase, ...] = (Schemes(world), Membership(world))
    s = world.schemes
    for _ in range(52):
        for phase in phases:
            phase.step(world)
        assert (s.spent <= s.committed).all()
        assert (s.committed <= s.budget).all()
        assert (s.used <= s.cost).all()
        np.testing.assert_array_equal(s.used.sum(0), s.spent)
        live = (s.state == AWARDED) | (s.state == IN_USE)
        np.testing.assert_array_equal(s.committed, s.spent + ((s.cost - s.used) * live).sum(0))
        world.week += 1
    paid = sum(p.pence for p in world.ledger.postings if p.payer == "treasury")
    assert paid == int(s.spent.sum()) == int(world.workers.supported.sum()) > 0


def test_support_never_exceeds_what_is_unpaid() -> None:
    assert support(3623, 3623, 1.0, 9999, 10**9) == 3623
    assert support(500, 3623, 0.5, 1846, 10**9) == 500
    assert support(3623, 3623, 0.5, 1846, 10**9) == 1812
    assert support(3623, 3623, 0.5, 0, 10**9) == 0
