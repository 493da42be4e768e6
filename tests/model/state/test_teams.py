"""Teams: who belongs to which, and what a team decides together."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim import CoworkingModel, simulate
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.state.build import new_world
from coworksim.model.state.people import EMPLOYEE, FREELANCER, NOMAD, OWNER, REMOTE
from coworksim.model.state.rng import MEMBERSHIP, TEAMS, remembered, uniform
from coworksim.model.state.teams import can_be_in_team, form_teams, row_of_lead, team_taste
from coworksim.model.state.world import World
from tests.offers import offer
from tests.worlds import busy, town


def leads(world: World, rows: range) -> list[int]:
    """Return the rows of those who lead."""
    return [row_of_lead(row, world.workers) for row in rows]


def test_owners_and_the_sponsored_can_be_in_a_team() -> None:
    assert [can_be_in_team(status, 0.7) for status in (FREELANCER, OWNER, NOMAD, EMPLOYEE, REMOTE)] == [
        False, True, False, True, True,
    ]  # fmt: skip  # one answer for each status
    assert [can_be_in_team(status, 0.0) for status in (OWNER, EMPLOYEE, REMOTE)] == [True, False, False]


def test_who_starts_no_team_belongs_to_the_one_before() -> None:
    """Of ten people, rows 3 and 7 cannot be in a team; the four lowest numbers of the others start one."""
    world = new_world(busy(), 1)
    w, able = world.workers, [0, 1, 2, 4, 5, 6, 8, 9]
    w.status[:10], w.status[[3, 7]] = OWNER, FREELANCER
    number = {i: uniform(np.uint64(remembered(world.run, np.uint64(w.key[i]), TEAMS, 0, 0))) for i in able}
    lowest = sorted(able, key=number.__getitem__)
    form_teams(world.run, 1.0 / number[lowest[4]], w)
    start = {*lowest[:4], 0}  # the first starts one anyway
    expected = [i if i in start or i in (3, 7) else max(row for row in start if row < i) for i in range(10)]
    assert leads(world, range(10)) == expected
    assert len(set(expected)) < 9


def test_nobody_belongs_to_a_team_of_another_region() -> None:
    world = new_world(busy(), 1)
    w, second = world.workers, int(world.regions.first_row[1])
    w.status[:] = OWNER
    form_teams(world.run, 50.0, w)
    assert row_of_lead(second, w) == second
    assert (w.region[leads(world, range(len(w)))] == w.region).all()


@pytest.mark.parametrize("size", [2.0, 3.0, 5.0])
def test_sizes_are_geometric(size: float) -> None:
    """Of 2,500 people a share of 1/size leads, and 1/size of teams are of one; four standard errors."""
    world = new_world(town(2500), 1)
    w = world.workers
    w.status[:] = OWNER
    form_teams(world.run, size, w)
    teams, members = np.unique(w.lead, return_counts=True)
    spread = (1 / size * (1 - 1 / size)) ** 0.5
    assert len(teams) / 2500 == pytest.approx(1 / size, abs=4 * spread / 50)
    assert (members == 1).mean() == pytest.approx(1 / size, abs=4 * spread / len(teams) ** 0.5)


def test_of_size_one_there_is_no_team_and_no_table_of_one() -> None:
    alone = {"teams.size": 1.0, "population.owner_share": 0.4}
    world = simulate(busy(**alone, **{"teams.table": 0.2}))
    w = world.model.world.workers
    assert (w.lead == w.key).all()
    assert simulate(busy(**alone, **{"teams.table": 0.9})).digest == world.digest


def test_teams_follow_those_who_come_go_and_change_status() -> None:
    model = CoworkingModel(
        busy(**{"turnover.exit": 0.9, "turnover.to_employee": 0.9, "population.sponsored_share": 0.8})
    )
    changed = 0
    for _ in range(20):
        before = model.world.workers.lead.copy()
        model.step()
        w = model.world.workers
        now = w.lead.copy()
        changed += int((now != before).sum())
        form_teams(model.world.run, 3.0, w)
        np.testing.assert_array_equal(w.lead, now)
    assert changed > 20


def test_a_team_looks_in_the_same_weeks_by_one_taste() -> None:
    world = new_world(town(60, **{"membership.review_weeks": 2, "attendance.christmas": 1.0}), 1)
    w, looked = world.workers, set()
    w.lead[:30], w.lead[30:] = w.key[4], w.key[31]
    for week in range(world.opening, world.opening + 12):
        world.week = week
        due = Membership(world).due(world).tolist()
        words = [remembered(world.run, np.uint64(w.key[row]), MEMBERSHIP, week, 2**30) for row in (4, 31)]
        team = [uniform(np.uint64(one)) < world.season / 2 for one in words]
        assert due == [*(range(30) if team[0] else ()), *(range(30, 60) if team[1] else ())]
        looked.add(tuple(team))
    assert len(looked) > 2
    phase = Membership(world)
    w.status[:] = OWNER
    w.taste[4], w.taste[31] = 2.0, -1.0
    assert [team_taste(row, w) for row in (0, 4, 29, 30, 59)] == [2.0, 2.0, 2.0, -1.0, -1.0]
    asked = offer(price=30.0, pound=0.01)
    assert phase.value(world, 0, asked) == phase.value(world, 4, asked) == phase.value(world, 59, asked) + 3.0


def test_a_team_of_equals_makes_one_choice() -> None:
    """People of one team for whom all else is alike are in one space on one plan, or all outside."""
    world = new_world(town(400, **{"graph.degree": 0, "membership.appeal": 5.5, "membership.review_weeks": 1}), 1)
    w, world.week = world.workers, world.opening
    w.status[:], w.sponsor[:], w.income[:], w.aware[:] = OWNER, 0.0, 500.0, 1
    w.home[:] = 0.0
    form_teams(world.run, 5.0, w)
    Membership(world).step(world)
    chosen: dict[int, set[tuple[int, int]]] = {}
    for row in np.flatnonzero(w.look == world.week).tolist():
        chosen.setdefault(int(w.lead[row]), set()).add((int(w.member_of[row]), int(w.plan[row])))
    assert all(len(ways) == 1 for ways in chosen.values())
    assert len(set().union(*chosen.values())) > 2
