"""Formulas of the plain twin's market of spaces, by worked examples: accounts, draws, and what founders expect."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Any

import pytest

from coworksim.model.scenario import Space

from .accounts import accounts_of, costs_of, followed
from .founders import Market, is_worth_it, market_of
from .rules import Rules
from .stand_in import stand_in_scenario
from .traits import Traits, ordinal_of, traits_of
from .trials import ALIKE, model_of

#: The values that the examples are worked with, whatever the defaults are.
SAID: dict[str, Any] = {
    "management__rent": 23,
    "management__staff": 620,
    "management__staff_scale": 0.8,
    "management__event_cost": 60,
    "management__other_revenue": 5,
    "management__other_spread": 6,
    "management__patience": 52,
    "management__hosted": 0.2,
    "space__desks": 64,
    "space__price": 157,
    "space__events": 0.5,
}
RULES = Rules.of(stand_in_scenario(**SAID))
#: 64 desks at the UK's price level: rent 1472 GBP, staff 620, two events 120; rooms 64 * (5 + 6*luck) GBP.
WEEK: dict[str, Any] = {"desks": 64, "events": 2, "luck": 0.5, "hosted": False, "cash": 0, "age": 0}


def test_costs_and_other_revenue_by_hand() -> None:
    week = accounts_of(RULES, 1.0, fees=0, **WEEK)
    assert week[:4] == (147_200, 62_000, 12_000, 51_200)
    assert week.cost == 221_200
    # 20 desks at .9: rent 20 * 20.70; staff 558 * (5/16)^.8 = 220.0465; rooms 18 * (5 - 6) GBP
    small = accounts_of(RULES, 0.9, fees=0, **{**WEEK, "desks": 20, "events": 0, "luck": -1.0})
    assert small[:4] == (41_400, 22_005, 0, -1_800)
    # staff of 128 desks: 620 * 2^.8 = 1079.4827
    assert costs_of(RULES, 1.0, 128) == (294_400, 107_948)


@pytest.mark.parametrize(
    ("fees", "hosted", "host"),
    [
        (150_000, False, 0),
        (150_000, True, 20_000),  # 1500 + 512 - 2212 GBP
        (103_641, True, 66_359),
        (103_640, True, 66_360),  # .3 of 2212 GBP
        (0, True, 66_360),
        (170_000, True, 0),
        (180_000, True, 0),
    ],
)
def test_a_host_covers_a_loss_up_to_three_tenths_of_cost(fees: int, hosted: bool, host: int) -> None:
    assert accounts_of(RULES, 1.0, fees=fees, **{**WEEK, "hosted": hosted}).host == host


@pytest.mark.parametrize(
    ("fees", "cash", "age", "payout"),
    [
        (200_000, 10**8, 103, 0),
        (200_000, 10**8, 104, 30_000),  # all of the profit, 2000 + 512 - 2212 GBP, and none of the capital
        (200_000, 5_751_200 - 30_000, 104, 0),  # half a year of cost is 57,512 GBP
        (200_000, 5_751_200 - 29_999, 104, 1),
        (200_000, 5_751_200 - 100, 104, 29_900),
        (170_000, 10**8, 500, 0),
        (100_000, 10**8, 500, 0),
    ],
)
def test_payouts_come_after_two_years_from_profit_beyond_half_a_year_of_cost(
    fees: int, cash: int, age: int, payout: int
) -> None:
    assert accounts_of(RULES, 1.0, fees=fees, **{**WEEK, "cash": cash, "age": age}).payout == payout


def test_luck_lasts_and_keeps_its_variance() -> None:
    assert followed(1.0, 0.0) == 0.985
    assert followed(0.0, 1.0) == pytest.approx(0.17255433926737397, rel=1e-14)
    assert followed(1.0, 0.0) ** 2 + followed(0.0, 1.0) ** 2 == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize(("people", "by_place", "desks"), [(80, 0.35, 14), (1600, 0.35, 39), (6400, 0.35, 64)])
@pytest.mark.slow
def test_desks_follow_the_place(people: int, by_place: float, desks: int) -> None:
    """64 * (people/6400)^.35: 13.81, 39.40 and 64."""
    model = model_of(people=people, space__size_by_place=by_place, space__desks=64)
    assert [manager.desks for manager in model.managers] == [desks] * 2


@pytest.mark.parametrize("desks", [1, 3, 64, 500])
def test_without_spread_all_spaces_are_exactly_as_the_scenario_says(desks: int) -> None:
    model = model_of(space__desks=desks, space__price=100, spaces=3, environment__differences="none")
    founded = traits_of(model, model.areas[0], ordinal_of(30, 5))
    assert {m.desks for m in model.managers} == {founded.desks} == {desks}
    assert {m.list_price for m in model.managers} == {founded.list_price} == {10_000}


def test_drawn_sizes_prices_and_owners_have_the_declared_distributions() -> None:
    """Means over 2,500 spaces within four standard errors: each is missed by chance once in 16,000 seeds."""
    options = {**SAID, **ALIKE, "space__size_sd": 0.8, "space__price_sd": 0.15, "people": 30}
    model = model_of(**options, environment__differences="none")
    drawn = [traits_of(model, model.areas[1], ordinal_of(9 + k // 64, k % 64)) for k in range(2500)]
    assert min(one.desks for one in drawn) == 7
    assert max(one.desks for one in drawn) == 192
    within = sum(7 < one.desks < 192 for one in drawn) / 2500
    # 7.5 and 191.5 desks are ln-distances (ln(x/64) + .32)/.8 of -2.280 and 1.770
    assert within == pytest.approx(0.9503, abs=4 * sqrt(0.9503 * 0.0497 / 2500))
    logs = [log(one.list_price / 15_700) for one in drawn]
    assert sum(logs) / 2500 == pytest.approx(0, abs=4 * 0.15 / 50)
    assert sum(x * x for x in logs) / 2500 == pytest.approx(0.15**2, rel=4 * sqrt(2) / 50)
    assert sum(one.patience for one in drawn) / 2500 == pytest.approx(52, abs=4 * 52 / 50)
    assert sum(one.hosted for one in drawn) / 2500 == pytest.approx(0.2, abs=4 * 0.4 / 50)
    assert sum(one.luck for one in drawn) / 2500 == pytest.approx(0, abs=4 / 50)
    assert sum(one.age for one in drawn) / 2500 == pytest.approx(415.5, abs=4 * 240 / 50)
    assert 0 <= min(one.age for one in drawn) < 8
    assert 823 < max(one.age for one in drawn) <= 831


def test_a_list_says_desks_and_prices_as_they_are_and_leaves_the_rest_to_lot() -> None:
    listed = (Space(desks=200, price=40), Space(price=0), Space(desks=3))
    model = model_of(listed=listed, space__size_sd=0.8, space__price_sd=0.15)
    first, second, third = model.areas[0].managers
    assert (first.desks, first.list_price, third.desks, second.list_price) == (200, 4_000, 3, 0)
    assert (first.listed, model.areas[1].managers[0].listed) == (True, False)


TRAITS = Traits((0.0, 0.0), 20, 12_000, 52.0, False, 0, 0.5, 0.0, 0.0, cluster=False)


@pytest.mark.parametrize(
    ("market", "members", "fee"),
    [
        (Market(60, 80, 90_000, 10_000.0, 9.0), 1.2 * 60 * 20 / 100, 1_800.0),  # 900 GBP / 60, a fifth dearer
        (Market(400, 30, 400_000, 12_000.0, 9.0), 40.0, 1_000.0),  # two to a desk: 192 would come
        (Market(0, 50, 0, 0.0, 9.0), 0.0, 12_000 * 12 / 52),
        (Market(0, 0, 0, 0.0, 15.0), 18.0, 12_000 * 12 / 52),
        (Market(0, 0, 0, 0.0, 90.0), 40.0, 12_000 * 12 / 52),
    ],
)
def test_what_a_founder_expects_by_hand(market: Market, members: float, fee: float) -> None:
    assert market.expected(20) == pytest.approx(members)
    assert market.fee(12_000) == pytest.approx(fee)
    # income: members * fee + 20 desks * 5 GBP; cost: 20 * 23 GBP, 620 * (20/64)^.8 = 244.4961, half an event of 60
    income, cost = members * fee + 10_000, 46_000 + 24_450 + 3_000
    for optimism, opens in ((4 * log(cost / income) + 0.001, True), (4 * log(cost / income) - 0.001, False)):
        assert is_worth_it(RULES, 1.0, 1.0, market, TRAITS._replace(optimism=optimism)) is opens


def test_the_place_in_which_a_first_space_pays_has_a_closed_form() -> None:
    """people * share * 1.2 * fee = cost - other revenue, at the 12/52 of the list price, for a founder as usual."""
    share, fee, desks = 0.05, 15_700 * 12 / 52, 64
    cost = 147_200 + 62_000 + 3_000 - 32_000
    people = cost / (1.2 * share * fee)
    assert people == pytest.approx(828.9, abs=0.1)
    for size, opens in ((people * 0.999, False), (people * 1.001, True)):
        market = Market(0, 0, 0, 0.0, size * share)
        assert is_worth_it(RULES, 1.0, 1.0, market, TRAITS._replace(desks=desks, list_price=15_700)) is opens
    hopeful = Rules.of(stand_in_scenario(**SAID, management__optimism=0.1))
    for factor, opens in ((exp(-0.1) * 0.999, False), (exp(-0.1) * 1.001, True)):
        income = cost + 32_000  # of the place in which a usual founder breaks even
        market = Market(0, 0, 0, 0.0, (income * factor - 32_000) / (1.2 * fee))
        assert is_worth_it(hopeful, 1.0, 1.0, market, TRAITS._replace(desks=desks, list_price=15_700)) is opens


def test_founders_see_open_spaces_only_and_weigh_prices_by_members() -> None:
    model = model_of(spaces=(3, 0), people=40)
    north, south = model.areas
    for manager, number, price, fees in zip(north.managers, (3, 1, 5), (9_000, 13_000, 7), (700, 90, 9), strict=True):
        for worker in [w for w in north.workers if w.space is None][:number]:
            worker.move(manager, 1)
        manager.price_pence_month, manager.fees_pence_week, manager.desks = price, fees, 10 * number
    third = north.managers[2]
    for worker in tuple(third.members):
        worker.leave()
    third.open = False
    assert market_of(north, model) == (4, 40, 790, 10_000.0, 40 * 4 / 80)
    assert market_of(south, model) == (0, 0, 0, 0.0, 40 * 4 / 80)
