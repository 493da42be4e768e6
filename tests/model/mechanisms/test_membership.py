"""Membership: value and price by hand, the choice, and who pays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.mechanisms.helpers import fees, offers
from coworksim.model.mechanisms.helpers.offers import REFERENCE_FEE, Offer
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.state import rng
from coworksim.model.state.build import new_world
from coworksim.model.state.people import DAY, DEDICATED, EMPLOYEE, HOT
from coworksim.model.state.policy_state import AWARDED, IN_USE
from coworksim.model.state.world import World
from tests.model.mechanisms.schemes import VOUCHER, with_policies
from tests.offers import offer
from tests.worlds import busy

P = Membership(new_world(busy(), 1)).parameters
POUND = P.price_weight / REFERENCE_FEE
OFFER = offer(price=36.23, pound=POUND)


def value(taste: float = 0.0, on_site: bool = False, **changes: Any) -> float:
    return offers.membership_value(OFFER._replace(**changes), taste, on_site, P)


def test_value_by_hand() -> None:
    got = value(0.25, ties=3, expected_gain=0.4, member=True, tenure=26, crowd=0.5, km=10.0)
    habit = P.habit * (1 - 0.35 * math.exp(-2))
    expected = P.constant + P.appeal + 0.2 * 0.4 + 0.15 * math.log(4) + habit - POUND * 36.23 - 0.5 * 0.5 - 0.6 + 0.25
    assert got == pytest.approx(expected, rel=1e-12)
    assert value() - value(plan=DAY) == pytest.approx(1.5)
    assert value() - value(plan=DEDICATED) == pytest.approx(0.6)
    assert value() - value(on_site=True) == pytest.approx(1.5)


@given(st.floats(0, 200), st.floats(0, 200), st.floats(1, 2000))
def test_a_higher_price_never_pulls_anyone_in(one: float, other: float, income: float) -> None:
    cheap, dear = min(one, other), max(one, other)
    for form in (0, 1):
        p = P._replace(money=form)
        a, b = (offers.membership_value(OFFER._replace(price=x, income=income), 0.0, False, p) for x in (cheap, dear))
        assert a >= b


def test_a_pound_weighs_less_the_more_there_is_of_them() -> None:
    assert offers.utility_of_a_pound(500.0, P) == pytest.approx(POUND)
    assert offers.utility_of_a_pound(2000.0, P) == pytest.approx(POUND * 0.25**0.4)
    assert offers.utility_of_a_pound(20.0, P) == offers.utility_of_a_pound(100.0, P)
    by_logarithm = P._replace(money=1)
    assert offers.utility_of_a_pound(2000.0, by_logarithm) == pytest.approx(POUND * 0.25)
    burden = offers.burden(100.0, 500.0, POUND, by_logarithm)
    assert burden == pytest.approx(-POUND * 500 * math.log(0.8))
    assert offers.burden(1e6, 500.0, POUND, by_logarithm) == pytest.approx(-POUND * 500 * math.log(0.1))


def test_crowding_starts_at_nine_tenths() -> None:
    assert offers.crowding(9.0, 10) == 0.0
    assert offers.crowding(10.0, 10) == pytest.approx(1.0)


def test_fees_of_plans_by_hand() -> None:
    assert fees.plan_fee(DEDICATED, 157_07, 0.139, 1.36) == 4930  # 21,361.52 pence a month are 21,362
    got = [fees.plan_fee(plan, 157_00, 0.139, 1.36) for plan in (DAY, HOT, DEDICATED)]
    assert got == [2182, 3623, (12 * 21352 + 26) // 52]
    for price in (1, 999, 15_700, 25_000):
        assert abs(52 * fees.weekly_fee(price) - 12 * price) <= 26


def opened(**overrides: object) -> World:
    world = new_world(with_policies(busy(**{"graph.degree": 0, "membership.review_weeks": 1, **overrides}), VOUCHER), 1)
    Policies(world)  # writes the terms of awards
    world.week = world.opening
    world.workers.aware[:] = 1
    world.workers.sponsor[:] = 0.0
    return world


def test_offers_are_of_open_spaces_that_one_has_heard_of() -> None:
    world = opened()
    phase = Membership(world)
    assert [(s, plan) for s, plan, _ in phase.offers(world, 40)] == [(7, DAY), (7, HOT), (7, DEDICATED)]
    world.workers.aware[40] = 0
    assert phase.offers(world, 40) == []
    world.open_space(8, world.prospects().of(1, 5000), world.week)
    world.workers.aware[40] = 2
    assert [s for s, _, _ in phase.offers(world, 40)] == [8, 8, 8]
    world.close_space(8)
    assert phase.offers(world, 40) == []


def test_what_one_knows_of_a_space_by_hand() -> None:
    world = opened()
    w = world.workers
    w.member_of[1:3] = 0
    w.recent_gain[1:4] = [0.5, 0.9, 7.0]
    w.sponsor[0] = 0.7
    world.spaces.present[0] = 8.0
    world.schemes.state[0, 0], world.schemes.award_week[0, 0] = AWARDED, world.week - 2
    world.schemes.cost[0, 0] = 500
    world.ties.insert(np.zeros(3, np.int32), np.arange(1, 4, dtype=np.int32), np.ones(3), 0)
    world.ties.refresh()
    _, plan, offer = Membership(world).offers(world, 0)[1]
    rest = fees.weekly_fee(int(world.spaces.price[0])) - 500
    assert plan == HOT
    assert offer.price == (rest - math.floor(rest * 0.7 + 0.5)) / 100
    assert offer.expected_gain == pytest.approx(0.7)
    assert (offer.ties, offer.member) == (2, False)
    assert offer.crowd == pytest.approx(1.0)
    assert offer.km == pytest.approx(math.dist(w.home[0], world.spaces.home[0]))
    assert Membership(world).offers(world, 0)[2][2].crowd == 0.0


def test_everybody_pays_and_the_books_agree() -> None:
    world = opened(**{"membership.appeal": 12.0})
    w, s = world.workers, world.schemes
    w.sponsor[::2] = 0.7
    s.state[:10, 0], s.award_week[:10, 0], s.cost[:10, 0] = AWARDED, world.week - 2, 10_000
    Membership(world).step(world)
    joined = w.member_of >= 0
    assert joined.mean() > 0.5
    assert (s.state[:10, 0] == np.where(joined[:10], IN_USE, AWARDED)).all()
    assert (w.tenure == joined).all()
    posted: dict[str, int] = {}
    for posting in world.ledger.postings:
        posted[posting.purpose] = posted.get(posting.purpose, 0) + posting.pence
    assert posted["membership"] == int(w.fees.sum())
    assert posted["support:voucher"] == int(w.supported.sum()) == int(s.spent[0]) > 0
    assert posted["sponsorship"] > 0
    assert sum(posted.values()) == int(world.spaces.fees.sum())
    assert [p.purpose for p in world.ledger.postings][:3] == ["membership", "sponsorship", "support:voucher"]
    assert world.spaces.members.tolist() == np.bincount(w.member_of[joined], minlength=len(world.spaces)).tolist()


def test_tenure_counts_the_weeks_in_a_space_whatever_the_plan() -> None:
    world = opened(**{"membership.appeal": 13.0})
    w, phase = world.workers, Membership(world)
    phase.step(world)
    first = w.plan.copy()
    for _ in range(8):
        world.week += 1
        phase.step(world)
    stayed = (w.plan >= 0) & (first >= 0)
    changed = stayed & (w.plan != first)
    assert changed.any()
    assert (w.tenure[stayed] == 9).all()


def test_fees_follow_the_price_of_this_week() -> None:
    world = opened(**{"membership.appeal": 13.0})
    world.spaces.price[:] = 90_00
    Membership(world).step(world)
    w = world.workers
    hot = np.flatnonzero(w.plan == HOT)
    assert len(hot) > 0
    assert world.spaces.price[0] != world.spaces.list_price[0]
    free = hot[(w.sponsor[hot] == 0) & (w.supported[hot] == 0)]
    assert set(w.fees[free].tolist()) == {fees.weekly_fee(90_00)}


def test_only_those_who_look_move_and_they_are_one_in_so_many() -> None:
    world = opened(**{"membership.appeal": 12.0, "membership.review_weeks": 4})
    world.schemes.state[:, 0] = 0
    phase, w = Membership(world), world.workers
    looks = 0
    for _ in range(30):
        before, plans = w.member_of.copy(), w.plan.copy()
        phase.step(world)
        moved = (w.member_of != before) | (w.plan != plans)
        assert (w.look[moved] == world.week).all()
        looks += int((w.look == world.week).sum())
        world.week += 1
    expected, people = 30 / 4, len(w)
    assert looks / people == pytest.approx(expected, abs=4 * math.sqrt(expected * 0.75 / people))


def test_a_wish_lives_until_the_next_look() -> None:
    """What was wished is asked again when an award begins: the same choice at the same prices."""
    world = opened(**{"membership.appeal": 9.0})
    phase, w = Membership(world), world.workers
    phase.step(world)
    chosen = w.member_of.copy()
    world.week += 1
    world.schemes.state[:, 0], world.schemes.award_week[:, 0] = AWARDED, world.week - 2
    w.member_of[:], w.plan[:] = -1, -1
    phase.step(world)
    assert (w.look == world.week - 1).all()
    assert 0.2 < (chosen >= 0).mean() < 0.95
    np.testing.assert_array_equal(w.member_of, chosen)


def test_while_an_award_is_on_its_way_people_look_less_often() -> None:
    world = opened(**{"schemes.intent_weeks": 5200})
    world.schemes.state[:30, 0], world.schemes.award_week[:, 0] = AWARDED, world.week - 1
    due = Membership(world).due(world)
    assert due.tolist() == list(range(30, len(world.workers)))


def test_a_way_of_ones_own_is_asked_for_every_alternative() -> None:
    world = opened(**{"membership.appeal": -16.0})
    seen: list[Offer] = []

    def decide(offer: Offer) -> float:
        seen.append(offer)
        return 100.0 if offer.plan == DEDICATED else 0.0

    world.behaviours.set("membership_value", 7, decide)
    Membership(world).step(world)
    assert [offer.plan for offer in seen] == [DAY, HOT, DEDICATED]
    assert np.flatnonzero(world.workers.member_of >= 0).tolist() == [7]
    assert world.workers.plan[7] == DEDICATED


def test_an_own_rule_equal_to_the_compiled_one_changes_nothing() -> None:
    plain, asked = (opened(**{"membership.appeal": 12.0, "membership.crowding_weight": 3.0}) for _ in range(2))
    for world in (plain, asked):
        world.spaces.present[:] = world.spaces.desks
        world.spaces.open[:] = True
        world.workers.aware[::2] = 2
    Membership(plain).step(plain)
    rng.forget_draws()
    phase = Membership(asked)
    for row in range(0, len(asked.workers), 3):
        taste, on_site = float(asked.workers.taste[row]), bool(asked.workers.status[row] == EMPLOYEE)
        asked.behaviours.set(
            "membership_value",
            row,
            lambda offer, taste=taste, on_site=on_site: offers.membership_value(
                offer, taste, on_site, phase.parameters
            ),
        )
    phase.step(asked)
    np.testing.assert_array_equal(plain.workers.member_of, asked.workers.member_of)
    np.testing.assert_array_equal(plain.workers.plan, asked.workers.plan)
    assert (plain.workers.plan == DEDICATED).sum() > 10
