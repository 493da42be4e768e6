"""Managers: decisions by hand, and what follows from them in the books."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coworksim import CoworkingModel, Manager, simulate
from coworksim.model.mechanisms.management import Management, rounded
from coworksim.model.state.world import Books, Decision
from tests.worlds import busy

BOOKS = Books(
    occupancy=0.7,
    cash=100_000_00,
    weekly_cost=1_000_00,
    price=157_00,
    list_price=157_00,
    desks=10,
    turned_away=0,
    equipment_use=0.5,
    training_turned_away=0,
    events=0.5,
)


@pytest.fixture(scope="module")
def manager() -> Manager:
    found = CoworkingModel(busy()).world.managers[0]
    assert isinstance(found, Manager)
    return found


def test_decisions_by_hand(manager: Manager, subtests: pytest.Subtests) -> None:
    cases: list[tuple[dict[str, Any], Decision]] = [
        ({}, Decision(157_00, 0.5)),
        ({"occupancy": 0.9}, Decision(158_57, 0.5)),
        ({"occupancy": 0.3}, Decision(155_43, 0.6)),
        ({"occupancy": 0.9, "price": 235_00}, Decision(235_50, 0.5)),
        ({"occupancy": 0.1, "price": 95_00}, Decision(94_20, 0.6)),
        ({"events": 0.95}, Decision(157_00, 0.85)),
        ({"occupancy": 0.5, "events": 1.95}, Decision(157_00, 2.0)),
        ({"events": 0.55}, Decision(157_00, 0.5)),
        ({"events": 0.2}, Decision(157_00, 0.2)),
        ({"turned_away": 3}, Decision(157_00, 0.5, "desks")),
        ({"turned_away": 3, "cash": 10_399_99}, Decision(157_00, 0.5)),
        ({"turned_away": 3, "cash": 10_400_01}, Decision(157_00, 0.5, "desks")),
        ({"equipment_use": 0.95, "training_turned_away": 2}, Decision(157_00, 0.5, "equipment")),
        ({"training_turned_away": 2}, Decision(157_00, 0.5, "training")),
        ({"cash": -1}, Decision(157_00, 0.4)),
        ({"cash": -1, "events": 0.05}, Decision(157_00, 0.0)),
        ({"cash": -13_000_00}, Decision(157_00, 0.4)),
        ({"cash": -13_000_01}, Decision(157_00, 0.5, close=True)),
    ]
    for change, expected in cases:
        with subtests.test(str(change)):
            decision = manager.decide(BOOKS._replace(**change))
            assert decision.events == pytest.approx(expected.events)
            assert decision._replace(events=expected.events) == expected


def test_prices_are_rounded_to_the_nearest_penny() -> None:
    assert [rounded(price) for price in (100.4, 100.5, 100.6)] == [100, 101, 101]


def test_dear_rent_closes_spaces_and_their_members_leave() -> None:
    result = simulate(busy(**{"management.rent": 300.0, "management.capital": 0.0, "weeks": 60}))
    spaces = result.spaces
    assert not spaces[spaces["week"] == 59]["open"].any()
    assert spaces[spaces["week"] == 59]["members"].sum() == 0
    assert not result.workers["member"].any()
    for _, weeks in spaces.groupby(["region", "space"]):
        closed = weeks["open"].shift(fill_value=False) | weeks["open"]
        assert weeks["fees_gbp"].where(~closed, 0).sum() == 0


def test_a_full_region_opens_its_spare_space() -> None:
    settings = {
        "membership.appeal": 6.0,
        "space.desks": 5,
        "weeks": 60,
        "management.desk_cost": 1e6,
        "space.price": 400.0,
    }
    result = simulate(busy(**settings))
    spare = result.spaces[result.spaces["space"] == 1]
    assert not spare[spare["week"] < 8]["open"].any()
    assert spare["open"].any()
    assert spare[spare["open"]]["members"].max() > 0
    without = simulate(busy(**settings, **{"management.spare_spaces": 0}))
    assert set(without.spaces["space"]) == {0}


def test_managers_decide_in_the_fourth_week_and_not_before() -> None:
    model = CoworkingModel(busy(**{"management.price_step": 0.1, "space.events": 0.5}))
    model.run_for(model.world.opening)
    listed = model.world.spaces.price.tolist()
    for _ in range(3):
        model.step()
        assert model.world.spaces.price.tolist() == listed
    model.world.spaces.month_desk_days[:] = 0
    model.step()
    assert (model.world.spaces.price < listed).any()
    assert not model.world.spaces.month_hours.any()
    assert not model.world.spaces.month_hours_offered.any()


def test_a_spare_space_opens_after_three_full_months_from_the_next_week() -> None:
    world = CoworkingModel(busy()).world
    spaces, phase = world.spaces, Management(world)
    first = np.flatnonzero(spaces.open & (spaces.region == 0))[0]
    spare = np.flatnonzero(~spaces.open & (spaces.region == 0))[0]
    opening: list[int] = []
    for month in range(3):
        assert not opening, month
        spaces.month_desk_days[first] = spaces.month_offered[first] = 100
        spaces.month_turned_away[first] = 1
        opening = phase._unmet_demand(world)
    assert opening == [spare]
    world.week = 40
    phase._open(world, int(spare))
    assert (bool(spaces.open[spare]), int(spaces.opened[spare])) == (True, 41)


def test_cash_is_what_the_books_say() -> None:
    result = simulate(busy(weeks=60))
    world = result.model.world
    for s in range(len(world.spaces)):
        account = world.spaces.name(s, world.regions)
        assert world.ledger.balances.get(account, 0) == world.spaces.cash[s]
