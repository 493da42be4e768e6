"""Founders and the spaces that they open: what they expect, when they look, and whose space it is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from coworksim.model.management_rules import ManagementRules
from coworksim.model.mechanisms.helpers.founding import expected_members
from coworksim.model.mechanisms.management import Management
from coworksim.model.scenario import Scenario
from coworksim.model.state.prospects import FOUNDED, OF_A_WEEK
from coworksim.model.state.rng import space_key
from coworksim.model.state.spaces import WEEKLY
from coworksim.model.state.world import Outlook, World
from coworksim.model.weeks import Engine
from tests.worlds import busy, town, unequal

#: About as many founders look at a region each week as 50 people can have.
CROWDS: dict[str, object] = {"management.founders": 1000.0, "mechanisms.awareness": False, "membership.appeal": 4.0}


class Seen:
    """What founders have expected, by week, region and prospect; none of them opens."""

    def __init__(self, scenario: Scenario, weeks: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.weeks: list[int] = []
        self.outlooks: list[Outlook] = []
        self.model = Engine(scenario)

        def founds(_: Any, outlook: Outlook) -> bool:
            self.weeks.append(self.model.world.week)
            self.outlooks.append(outlook)
            return False

        monkeypatch.setattr(ManagementRules, "founds", founds)
        self.model.live(weeks)

    def look(self, weeks: int) -> list[Outlook]:
        """Let founders look for some weeks in which nothing else happens; return all that they have expected."""
        world, founding = self.model.world, self.model.phase(Management)._founding
        for _ in range(weeks):
            founding.look(world)
            world.week += 1
        return self.outlooks


def test_optimism_is_a_factor_on_income_and_founders_differ_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """About 200 founders, seed 1: mean and spread of ln of optimism within 3.3 standard errors, .1 % each."""
    usual, sure = (
        Seen(busy(burn_in_weeks=2, **CROWDS, **{"management.optimism": optimism}), 4, monkeypatch).look(180)
        for optimism in (0.0, 0.3)
    )
    mood, n = np.log([outlook.optimism for outlook in usual]), len(usual)
    assert n > 150
    assert abs(mood.mean()) < 3.3 * 0.25 / math.sqrt(n)
    assert abs(mood.std() - 0.25) < 3.3 * 0.25 / math.sqrt(2 * n)
    assert [outlook.optimism for outlook in sure] == pytest.approx([math.exp(0.3) * one.optimism for one in usual])
    assert [outlook._replace(optimism=0.0) for outlook in sure] == [one._replace(optimism=0.0) for one in usual]


def test_founders_look_from_the_second_week_of_the_market_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(town(300, burn_in_weeks=1, **CROWDS), 8, monkeypatch)
    assert sorted(set(seen.weeks)) == list(range(2, 8))  # six or so a week


def test_nobody_founds_beside_a_list_before_policies_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """One region has a list of spaces; drawn ones cost 157 GBP times the level in all regions alike."""
    looked: list[tuple[int, int]] = []
    scenario = unequal(market="mature", burn_in_weeks=1, spin_up_weeks=24, **CROWDS)
    model = Engine(scenario)

    def founds(_: Any, outlook: Outlook) -> bool:
        assert outlook.cost > 0
        looked.append((model.world.week, int(model.world.spaces.region[rows.pop()])))
        return False

    rows: list[int] = []
    free_row = World.free_row

    def noted(world: World, region: int) -> int:
        rows.append(free_row(world, region))
        return rows[-1]

    monkeypatch.setattr(ManagementRules, "founds", founds)
    monkeypatch.setattr(World, "free_row", noted)
    model.live(model.world.start + 12)
    before = {region for week, region in looked if week < model.world.start}
    later = {region for week, region in looked if week >= model.world.start}
    assert (before, later) == ({1}, {0, 1})


def test_a_row_is_free_from_the_week_after_its_space_has_closed() -> None:
    model = Engine(busy(**{"management.founders": 0.0}))
    model.live(model.world.opening + 2)
    world = model.world
    assert world.spaces.open[0]
    world.close_space(0)
    assert world.free_row(0) == 1
    model.step()
    assert world.free_row(0) == 0


def with_one_more(row: int) -> tuple[World, int]:
    """Return a world in which a founder's space has taken this row, some weeks later, and its ordinal."""
    quiet = {
        "management.founders": 0.0,
        "management.exit": 0.0,
        "mechanisms.awareness": False,
        "membership.appeal": 4.0,
    }
    model = Engine(busy(**quiet, **{"management.rent": 0.0, "management.staff": 0.0, "space.size_sd": 0.5}))
    model.live(model.world.opening + 2)
    new = model.world.prospects().of(0, FOUNDED + OF_A_WEEK * model.world.week + 3)
    model.world.open_space(row, new, model.world.week + 1)
    model.live(10)
    return model.world, new.ordinal


def test_a_space_is_the_same_whichever_row_it_takes() -> None:
    """Its key, its luck, its cash, and who wishes to be there: all follow from who founded it, and when."""
    (one, ordinal), (other, _) = (with_one_more(row) for row in (1, 4))
    here, there = one.spaces, other.spaces
    assert int(here.key[1]) == int(there.key[4]) == space_key(0, ordinal)
    assert int(here.members[1]) > 0
    for name in ("luck", "cash", "members", "fees", "price", "desk_days", "meetings"):
        assert getattr(here, name)[1] == getattr(there, name)[4], name
    w, v = one.workers, other.workers
    assert np.array_equal(np.where(w.member_of == 1, 4, w.member_of), v.member_of)
    assert np.array_equal(w.skill, v.skill)
    assert one.account(0, ordinal) in one.ledger.balances
    assert one.ledger.balances == other.ledger.balances


def test_luck_at_first_is_that_of_the_founder_and_moves_on_a_week_later() -> None:
    model = Engine(busy(**{"management.founders": 0.0}))
    model.live(model.world.opening + 2)
    world = model.world
    new = world.prospects().of(0, FOUNDED + OF_A_WEEK * world.week)
    world.open_space(1, new, world.week + 1)
    seen = []
    for _ in range(3):
        model.step()
        seen.append(float(world.spaces.luck[1]))
    assert seen[0] == seen[1] == new.luck
    assert 0.0 < abs(seen[2] - new.luck) < 1.0


def test_payments_go_to_the_space_that_is_there() -> None:
    quiet = {
        "management.founders": 0.0,
        "management.exit": 0.0,
        "mechanisms.awareness": False,
        "membership.appeal": 4.0,
    }
    model = Engine(busy(**quiet, **{"management.rent": 0.0, "management.staff": 0.0}))
    model.live(model.world.opening + 6)
    world = model.world
    before = world.spaces.name(0, world.regions)
    world.close_space(0)
    model.live(1)
    new = world.prospects().of(0, FOUNDED + OF_A_WEEK * world.week)
    account, since = world.open_space(0, new, world.week + 1), world.week
    model.live(12)
    payees = [posting.payee for posting in world.ledger.postings if posting.week > since]
    assert payees.count(account) > 12
    assert before not in payees
    posted = [one for one in world.ledger.postings if account in one[1:3] and one.week == world.week - 1]
    assert sum(one.pence for one in posted if one.purpose in ("membership", "sponsorship")) == world.spaces.fees[0] > 0


def test_founders_ask_how_it_is_elsewhere_only_where_there_is_no_space() -> None:
    model = Engine(busy(burn_in_weeks=1))
    model.live(model.world.opening + 5)
    spaces, founding = model.world.spaces, model.phase(Management)._founding
    assert spaces.open[spaces.region == 0].any()
    before = founding._places(model.world)[0]
    spaces.members[np.flatnonzero(spaces.open & (spaces.region == 1))] += 50
    after = founding._places(model.world)[0]
    assert after.usual > before.usual
    assert after._replace(usual=0.0) == before._replace(usual=0.0)
    assert expected_members(after, 20) == expected_members(before, 20)
    empty = after._replace(members=0, desks=0)
    assert expected_members(empty, 2000) > expected_members(empty._replace(usual=before.usual), 2000)


def test_nothing_is_left_of_the_space_before() -> None:
    model = Engine(busy(**{"management.founders": 0.0, "management.exit": 0.0}))
    model.live(model.world.opening + 6)
    world, spaces = model.world, model.world.spaces
    counted = [name for name in spaces.__slots__ if name.startswith("month_")] + [*WEEKLY, "cash", "fees", "result"]
    for name in counted:
        getattr(spaces, name)[0] += 7
    world.close_space(0)
    world.week += 1
    spaces.furnish(0, world.prospects().of(0, FOUNDED), world.week, world.scenario)
    assert {name: float(getattr(spaces, name)[0]) for name in counted} == dict.fromkeys(counted, 0.0)
