"""Applying with intent: worth by hand, known answers at the limits, and waiting."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.mechanisms.helpers import applications
from coworksim.model.mechanisms.helpers.offers import log_sum, shared_wish
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.schemes import Schemes
from coworksim.model.policy import Eligibility, Policy
from coworksim.model.state.build import new_world
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, NONE
from coworksim.model.state.world import World
from tests.model.mechanisms.schemes import LOTTERY, with_policies
from tests.worlds import busy

HALF = Policy(
    name="half", kind="membership_subsidy", share=0.5, months=6, start=0, end=60, budget=10**9, lag=0, redeem=8
)
EAGER = {"schemes.hassle": 0.0, "membership.appeal": 4.0, "management.rent": 0.0}


def opened(*policies: Policy, **overrides: Any) -> World:
    world = new_world(with_policies(busy(**{**EAGER, **overrides}), *policies), 1)
    world.week = world.opening
    Policies(world)
    world.schemes.aware[:] = True
    world.workers.aware[:] = 1
    return world


def lived(world: World, weeks: int) -> list[np.ndarray[Any, Any]]:
    """Live some weeks of awards and membership; return the states of the first scheme after each."""
    schemes, membership = Schemes(world), Membership(world)
    states = []
    for _ in range(weeks):
        schemes.step(world)
        membership.step(world)
        states.append(world.schemes.state[:, 0].copy())
        world.week += 1
    return states


def applied(world: World, weeks: int = 12) -> int:
    """Return how many have applied by then."""
    return int((np.array(lived(world, weeks)) != NONE).any(axis=0).sum())


def test_without_hassle_and_lag_every_award_is_used() -> None:
    world = opened(HALF)
    lived(world, 60)
    s = world.schemes
    assert int(s.awarded[0]) > 20
    assert int(s.lapsed[0]) == 0
    assert (s.used[s.state[:, 0] > AWARDED, 0] > 0).all()


@pytest.mark.parametrize(
    ("change", "overrides"),
    [
        ({"share": 0.0}, {}),
        ({}, {"schemes.hassle": 1e6}),
        ({"lag": 520}, {}),
        ({"eligible": Eligibility(income_below=0.0)}, {}),
        ({}, {"membership.appeal": -50.0}),
    ],
    ids=["nothing on offer", "endless hassle", "no wish lives so long", "nobody may", "nobody wants to come"],
)
def test_nobody_applies(change: dict[str, Any], overrides: dict[str, Any]) -> None:
    hassle = {"schemes.hassle": 1.0} if change.get("lag") else {}
    assert applied(opened(HALF.model_copy(update=change), **{**hassle, **overrides})) == 0


def test_everybody_who_would_come_anyway_applies() -> None:
    world = opened(HALF, **{"membership.appeal": 50.0, "membership.review_weeks": 1})
    assert applied(world, 2) == len(world.workers)


def test_where_money_counts_for_all_those_apply_who_would_come_at_the_lower_price() -> None:
    """With an endless utility of money, to apply is to join at half the price and not at the whole."""
    price = {"membership.elasticity": -3.0, "membership.taste_sd": 0.8, "membership.review_weeks": 2}
    world = opened(HALF, **price)
    lived(world, 40)
    s = world.schemes
    assert int(s.awarded[0]) > 10
    assert int(s.lapsed[0]) == 0


@pytest.mark.parametrize("wish", ["realised", "expected"])
def test_those_who_wait_for_an_award_for_non_members_stay_outside_until_it_begins(wish: str) -> None:
    new = HALF.model_copy(update={"lag": 6, "share": 1.0, "eligible": Eligibility(non_members=True)})
    world = opened(new, **{"schemes.wish": wish, "membership.review_weeks": 3})
    schemes, membership = Schemes(world), Membership(world)
    waited = used = 0
    for _ in range(30):
        schemes.step(world)
        membership.step(world)
        state, begins = world.schemes.state[:, 0], world.schemes.award_week[:, 0] + 6
        waits = (state == APPLIED) | ((state == AWARDED) & (world.week < begins))
        assert (world.workers.member_of[waits] == -1).all()
        waited += int(waits.sum())
        used += int((state == IN_USE).sum())
        world.week += 1
    assert waited > 20
    assert used > 20


def test_a_short_budget_keeps_people_waiting_and_applications_are_withdrawn_or_renewed() -> None:
    often = {"schemes.intent_weeks": 2, "membership.appeal": 5.0, "membership.review_weeks": 3}
    short = {"budget": 0, "eligible": Eligibility(non_members=True)}
    states = np.array(lived(opened(HALF.model_copy(update=short), **often), 40))
    assert set(states.ravel().tolist()) == {NONE, APPLIED}
    withdrawn = (states[:-1] == APPLIED) & (states[1:] == NONE)
    renewed = (states[:-1] == APPLIED) & (states[1:] == APPLIED)
    assert withdrawn.sum() > 10
    assert renewed.sum() > 10


@pytest.mark.parametrize("non_members", [True, False])
def test_nobody_waits_any_longer_once_the_last_awards_are_made(non_members: bool) -> None:
    """Whoever applied in the last week may be served in the next; the others are free to come as they are."""
    short = {"start": 0, "end": 6, "number": 3, "eligible": Eligibility(non_members=non_members)}
    world = opened(HALF.model_copy(update=short), **{"membership.appeal": 7.0, "membership.review_weeks": 2})
    states = np.array(lived(world, 9))
    assert (states[5] == APPLIED).sum() > 10
    assert (states[6:] != APPLIED).all()
    left_out = (states[5] == APPLIED) & (states[6] == NONE)
    lived(world, 12)
    assert (world.workers.member_of[left_out] >= 0).mean() > 0.5


def test_an_award_is_made_to_who_applied_in_the_last_week() -> None:
    world = opened(HALF.model_copy(update={"start": 3, "end": 4}), **{"membership.appeal": 7.0})
    states = np.array(lived(world, 6))
    assert (states[:3] == NONE).all()
    assert (states[3] == APPLIED).sum() > 2
    assert ((states[4] == AWARDED) | (states[4] == IN_USE)).sum() == (states[3] == APPLIED).sum()


def test_an_award_that_is_given_up_is_free_for_others() -> None:
    new = HALF.model_copy(update={"lag": 12, "eligible": Eligibility(non_members=True), "number": 5})
    world = opened(new, **{"schemes.intent_weeks": 2, "membership.review_weeks": 2, "membership.appeal": 7.0})
    schemes, membership, s = Schemes(world), Membership(world), world.schemes
    for _ in range(40):
        schemes.step(world)
        membership.step(world)
        live = (s.state[:, 0] == AWARDED) | (s.state[:, 0] == IN_USE)
        promised = int(((s.cost - s.used)[:, 0] * live).sum())
        assert int(s.committed[0]) == int(s.spent[0]) + promised
        assert live.sum() <= 5
        world.week += 1
    assert int(s.lapsed[0]) > 0
    assert int(s.awarded[0]) > 5


def after_thirty_weeks(*, told: bool) -> World:
    """A world in which thirty people have heard of no space, and nobody of the scheme but through spaces."""
    world = opened(HALF.model_copy(update={"through_spaces": told}))
    world.schemes.aware[:] = False
    world.workers.aware[:30] = 0
    lived(world, 30)
    return world


def test_spaces_tell_those_who_look_at_them() -> None:
    told, untold = (after_thirty_weeks(told=way) for way in (True, False))
    assert not untold.schemes.aware.any()
    assert told.schemes.aware[30:].mean() > 0.9
    assert not told.schemes.aware[:30].any()


def test_a_lottery_takes_applications_in_its_window_alone() -> None:
    world = opened(LOTTERY, **{"membership.review_weeks": 2})
    states = np.array(lived(world, 12))
    assert (states[: LOTTERY.window] == APPLIED).sum(axis=1).tolist() == sorted(
        (states[: LOTTERY.window] == APPLIED).sum(axis=1).tolist()
    )
    assert (states[LOTTERY.window - 1] == APPLIED).sum() > 10
    assert (states[LOTTERY.window :] != APPLIED).all()


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=4), st.floats(0, 3), st.floats(0.001, 1), st.integers(0, 10**6))
def test_the_surplus_lies_between_nothing_and_the_support(
    values: list[float], gain: float, pound: float, seed: int
) -> None:
    g = np.random.default_rng(seed).gumbel(size=len(values) + 1)
    without = max(g[0], *(np.array(values) + g[1:]))
    supported = max(g[0], *(np.array(values) + gain + g[1:]))
    assert -1e-9 <= applications.surplus(without, supported, pound) <= gain / pound + 1e-9


def test_the_mean_surplus_over_wishes_is_the_difference_of_log_sums() -> None:
    """Realised and expected are one rule: 200,000 wishes, seed 5; four standard errors."""
    values, gain, mu = np.array([-1.0, 0.4, math.nan]), 0.7, 0.4
    chance = np.random.default_rng(5)
    g, turn, wait = (
        chance.gumbel(size=(200_000, 3)),
        math.pi * chance.uniform(size=200_000),
        chance.exponential(size=200_000),
    )
    both = mu * np.array([shared_wish(one, other, mu) for one, other in zip(turn, wait, strict=True)])
    g[:, 1:] = both[:, None] + mu * g[:, 1:]
    best = [
        np.maximum(g[:, 0], np.maximum(values[0] + more + g[:, 1], values[1] + more + g[:, 2])) for more in (0, gain)
    ]
    found = best[1] - best[0]
    expected = log_sum(values + gain, mu) - log_sum(values, mu)
    assert found.mean() == pytest.approx(expected, abs=4 * found.std() / math.sqrt(len(found)))


def test_each_wish_of_a_nest_is_a_gumbel_number_and_two_are_as_close_as_declared() -> None:
    """100,000 wishes, seed 6: mean, spread and correlation ``1 - mu**2`` of two plans; four standard errors or more."""
    chance, mu = np.random.default_rng(6), 0.6
    turn, wait = math.pi * chance.uniform(size=100_000), chance.exponential(size=100_000)
    both = mu * np.array([shared_wish(one, other, mu) for one, other in zip(turn, wait, strict=True)])
    wishes = both[:, None] + mu * chance.gumbel(size=(100_000, 2))
    assert wishes.mean(0) == pytest.approx([np.euler_gamma] * 2, abs=4 * 1.2825 / math.sqrt(1e5))
    assert wishes.var(0) == pytest.approx([math.pi**2 / 6] * 2, rel=0.03)
    assert np.asarray(np.corrcoef(wishes.T))[0, 1] == pytest.approx(1 - mu**2, abs=0.015)


def test_weeks_of_use_by_hand() -> None:
    assert applications.weeks_of_use(-50.0, 26, 1.0) == pytest.approx(1.0)
    assert applications.weeks_of_use(50.0, 26, 8.0) == pytest.approx(26.0)
    risk = 1 / 8 / (1 + math.e)
    assert applications.weeks_of_use(1.0, 26, 8.0) == pytest.approx(sum((1 - risk) ** t for t in range(26)))
