"""A market of spaces over years: who is left, who comes, and what a dearer desk does to members."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from coworksim import simulate
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import Scenario
from coworksim.model.state import snapshot
from coworksim.model.state.prospects import FOUNDED, OF_A_WEEK, called
from coworksim.model.weeks import Engine
from tests.worlds import ALIKE, reference, town, unequal

MARKET: dict[str, object] = {
    "market": "mature",
    "spin_up_weeks": 30,
    "weeks": 104,
    "membership.appeal": 2.0,
    "space.desks": 12,
    "management.rent": 12.0,
    "management.founders": 40.0,
}


def test_without_founders_numbers_only_fall() -> None:
    found = town(600, **MARKET | {"management.founders": 0.0, "management.exit": 0.5})
    is_open = simulate(found).recorder.spaces[:, :, 0].sum(axis=1)
    assert (np.diff(is_open) <= 0).all()
    assert is_open[-1] < is_open[0]


def test_founders_come_and_their_spaces_have_members() -> None:
    result = simulate(town(600, **MARKET))
    listed = result.space_list
    later = listed[listed["space"] >= FOUNDED]
    assert len(later) > 0
    assert (later["space"] >= FOUNDED).all()
    assert ((later["space"] - FOUNDED) // OF_A_WEEK == later["opened_week"] + result.world.start - 1).all()
    members = result.spaces.groupby("space_key")["members"].max()
    assert members[later["space_key"]].max() > 0
    assert later["account"].astype(str).str.endswith(called(int(later["space"].iloc[0]))).any()


def test_a_hosted_market_without_luck_loses_spaces_for_other_reasons_alone() -> None:
    safe = {"management.hosted": 1.0, "management.other_spread": 0.0, "management.rent": 0.0, "management.staff": 0.0}
    never = simulate(town(600, **MARKET | safe | {"management.exit": 0.0, "management.founders": 0.0}))
    assert never.recorder.spaces[:, :, 0].sum(axis=1).min() == 1
    often = simulate(town(600, **MARKET | safe | {"management.exit": 0.99, "management.founders": 0.0}))
    assert often.recorder.spaces[-1, :, 0].sum() == 0


def test_spaces_on_a_list_are_there_when_policies_begin() -> None:
    settings = {"market": "mature", "spin_up_weeks": 60, "weeks": 30, "management.rent": 500.0, "management.exit": 0.9}
    model = Engine(unequal(**settings, **{"management.founders": 1000.0, "management.optimism": 4.0}))
    model.live(model.world.start)
    here = model.world.spaces.region == 0
    assert sorted(model.world.spaces.ordinal[here & model.world.spaces.open].tolist()) == [0, 1, 2]
    assert model.world.spaces.cash[here].min() < -52 * 500 * 4 * 100  # none of them would have been lent so much
    model.live(30)
    assert model.world.spaces.open[here & (model.world.spaces.ordinal < 3)].sum() < 3


#: Spaces as different as by default.
UNLIKE = {name: PARAMETERS[name].default for name in ALIKE}


def member_weeks(scenario: Scenario, model: Engine) -> float:
    """Return the member-weeks of the third year from now on, where the world goes on under this scenario."""
    world = dataclasses.replace(snapshot.fork(model.world), scenario=scenario)
    other, found = Engine(scenario, model.seed, world=world), 0
    if scenario != model.setup:
        world.spaces.price[:] = world.spaces.price * 5 // 4
        world.spaces.list_price[:] = world.spaces.list_price * 5 // 4
    for week in range(3 * 52):
        other.step()
        found += int((world.workers.member_of >= 0).sum()) if week >= 104 else 0
    return float(found)


@pytest.mark.slow
def test_dearer_desks_give_fewer_members_where_spaces_can_close_and_open() -> None:
    """A quarter dearer for three years, old spaces and new: the 99 % interval of ln of members of year 3, 8 seeds."""
    market = reference(
        **{
            "mechanisms.management": True,
            "market": "mature",
            "spin_up_weeks": 156,
            "space.desks": 64,
            "weeks": 156,
            **UNLIKE,
        }
    )
    price = float(market["space.price"])
    effects = []
    for seed in range(1, 9):
        model = Engine(market, seed)
        model.live(market.start_week)
        usual, dear = (member_weeks(one, model) for one in (market, market.changed({"space.price": 1.25 * price})))
        effects.append(math.log(dear / usual))
    mean, error = float(np.mean(effects)), stats.sem(effects)
    assert mean + stats.t.ppf(0.995, len(effects) - 1) * error < 0.0
