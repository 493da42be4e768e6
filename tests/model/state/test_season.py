"""The season: which weeks are of August and of Christmas, and what follows from them."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from coworksim import CoworkingModel, Scenario, load_scenario
from coworksim.model.mechanisms.attendance import Attendance
from coworksim.model.mechanisms.membership import LOOK, Membership
from coworksim.model.state.build import new_world
from coworksim.model.state.people import HOT
from coworksim.model.state.rng import MEMBERSHIP, remembered, uniform
from coworksim.model.state.season import season
from coworksim.model.state.world import World
from tests.worlds import busy, town

USUAL = (52 - 2 * 0.5 - 4 * 0.85) / 46


def starting(day: str) -> Scenario:
    plain = dict(load_scenario("tiny"))
    return Scenario(**{**plain, "starts": datetime.date.fromisoformat(day)})


def test_weeks_of_christmas_and_of_august_by_hand() -> None:
    monday = starting("2022-11-07")  # week 6 begins on 19 December, week 8 on 2 January
    assert [season(monday, week) for week in range(5, 10)] == [USUAL, USUAL, 0.5, 0.5, USUAL]
    assert [season(monday, week) for week in range(38, 44)] == [USUAL, 0.85, 0.85, 0.85, 0.85, USUAL]
    tuesday = starting("2022-11-08")  # 20 December, 27 December, 3 January
    assert [season(tuesday, week) for week in range(5, 9)] == [USUAL, 0.5, 0.5, USUAL]
    assert [season(monday, week) for week in range(-47, -43)] == [USUAL, 0.5, 0.5, USUAL]  # 20 and 27 December 2021


def test_the_fortnight_has_two_weeks_in_every_year() -> None:
    scenario = starting("2022-11-07")
    weeks = [season(scenario, week) for week in range(52 * 40)]
    assert sum(one == 0.5 for one in weeks) == 2 * 40
    assert sum(one == 0.85 for one in weeks) / 40 == pytest.approx(31 / 7, abs=0.1)


def test_no_week_lies_outside_the_calendar() -> None:
    assert season(starting("0001-01-01"), -5000) in (0.5, 0.85, USUAL)
    assert season(starting("9999-12-27"), 30_000) in (0.5, 0.85, USUAL)
    assert season(starting("9999-12-27"), 0) == 0.5


def test_without_a_season_every_week_is_as_the_others() -> None:
    scenario = load_scenario("tiny", {"attendance.august": 1.0, "attendance.christmas": 1.0})
    assert {season(scenario, week) for week in range(-60, 60)} == {1.0}


def test_the_season_of_weeks_before_the_opening_is_not_read() -> None:
    """People who find their ways have no spaces to come to."""
    plain = CoworkingModel(busy(burn_in_weeks=60))
    other = CoworkingModel(busy(burn_in_weeks=60, **{"attendance.august": 0.4, "attendance.christmas": 0.4}))
    for weeks, same in ((60, True), (10, False)):
        for model in (plain, other):
            model.run_for(weeks)
        columns = [(model.world.workers.income, model.world.workers.skill) for model in (plain, other)]
        assert all(np.array_equal(*pair) for pair in zip(*columns, strict=True)) == same


def at(week: int, **overrides: object) -> World:
    """Return a town in a week since the start."""
    world = new_world(town(1000, **{"space.desks": 1000, **overrides}), 1)
    world.week = world.start + week
    return world


def test_half_as_many_come_at_christmas() -> None:
    """600 members who would come three days a week: 4 standard errors of 3000 tries are .036."""
    shares = []
    for week in (0, 7):
        world = at(week)
        w = world.workers
        w.days[:], w.member_of[:600], w.plan[:600] = 3, 0, HOT
        Attendance(world).step(world)
        shares.append(w.days_present[:600].sum() / 3000)
    assert shares[0] == pytest.approx(0.6 * USUAL, abs=0.036)
    assert shares[1] == pytest.approx(0.6 * 0.5, abs=0.036)


@pytest.mark.parametrize(("week", "factor"), [(0, USUAL), (7, 0.5), (39, 0.85)])
def test_looks_follow_the_season(week: int, factor: float) -> None:
    world = at(week, **{"membership.review_weeks": 4})
    keys = world.workers.lead.tolist()
    words = [remembered(world.run, np.uint64(key), MEMBERSHIP, world.week, LOOK) for key in keys]
    expected = [row for row, one in enumerate(words) if uniform(np.uint64(one)) < factor / 4]
    assert Membership(world).due(world).tolist() == expected
    assert 50 < len(expected) < 500
