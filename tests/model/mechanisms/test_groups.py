"""Groups: how they are founded, who comes to their meetings, and when they end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim import CoworkingModel, simulate
from coworksim.model.mechanisms.attendance import Attendance
from coworksim.model.mechanisms.encounters import Encounters
from coworksim.model.mechanisms.helpers.contacts import Contacts
from coworksim.model.mechanisms.helpers.evenings import at_gatherings, spend_evenings
from coworksim.model.mechanisms.helpers.groups import found_groups, has_meeting, meets, wants_to_come
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.build import new_world
from coworksim.model.state.people import HOT
from coworksim.model.state.rng import EVENT, remembered, uniform
from coworksim.model.state.spaces import tables_for
from coworksim.model.state.ties import EVENT as AT_EVENT
from coworksim.model.state.world import World
from tests.worlds import busy, town, with_policies

FULL = {"groups.founding": 10.0, "encounters.event_share": 2.0, "space.events": 0.0}


def full(members: int = 30, **overrides: object) -> World:
    """Return a town in the first week of its space, with so many members who come every day and know nobody."""
    world = new_world(town(200, **{"graph.degree": 0, "encounters.rate": 12.0, **FULL, **overrides}), 1)
    w, world.week = world.workers, world.opening
    world.spaces.desks[0], w.sociability[:] = 60, 1.0
    w.days[:members], w.member_of[:members], w.plan[:members] = 5, 0, HOT
    Attendance(world).step(world)
    return world


def none() -> Contacts:
    return Contacts(np.empty((1, 5), np.int32), 0)


def found(world: World, p: Parameters | None = None) -> list[list[int]]:
    p = p or Encounters(world).parameters
    met = found_groups(world.run, world.week, world.workers, world.spaces, world.levers, p, none())
    rows: list[list[int]] = met.row[: met.used].tolist()
    return rows


def gather(world: World, p: Parameters | None = None) -> list[list[int]]:
    p = p or Encounters(world).parameters
    met = at_gatherings(
        world.run, world.week, world.workers, world.spaces, world.regions, world.levers, world.ties, p, none()
    )
    rows: list[list[int]] = met.row[: met.used].tolist()
    return rows


def drawn(world: World, row: int, index: int) -> float:
    return uniform(np.uint64(remembered(world.run, np.uint64(world.workers.key[row]), EVENT, world.week, index)))


def know(world: World, pairs: list[tuple[int, int]]) -> None:
    """Let these people know each other."""
    low, high = np.array(sorted(pairs), np.int32).reshape(-1, 2).T.copy()
    world.ties.insert(low, high, np.ones(len(low)), world.week)
    world.ties.refresh()


def test_those_who_come_found_a_group_and_meet() -> None:
    """Chance 2.8 of 7 to come; who is away or in a group is not invited; three at least, in the lowest free place."""
    world = full()
    p = Encounters(world).parameters._replace(event_share=2.8)
    w, spaces = world.workers, world.spaces
    willing = [i for i in range(30) if drawn(world, i, 2**30 + 2) < 0.4]
    (away, grouped), came = willing[:2], willing[2:]
    w.days_present[away], w.group[grouped], spaces.group_since[0, 0] = 0, 0, 1
    rows = found(world, p)
    assert 5 < len(came) < 20
    assert np.flatnonzero(w.group == 1).tolist() == came
    assert w.group[grouped] == 0
    assert spaces.group_since[0].tolist() == [1, world.week, *[-1] * 6]
    assert spaces.groups.tolist() == [2, *[0] * (len(spaces) - 1)]
    assert rows
    assert all({i, j} <= {*came} and (kind, s) == (AT_EVENT, 0) for i, j, kind, s, _ in rows)


def test_two_are_no_group_and_a_ninth_has_no_place() -> None:
    few = full(members=2)
    assert len(found(few)) <= 1
    assert (few.workers.group == -1).all()
    taken = full()
    taken.spaces.group_since[0] = 0
    assert found(taken)
    assert (taken.workers.group == -1).all()


def test_foundings_follow_their_chance_and_the_hours_of_community_managers() -> None:
    """Of 400 weeks 1 - exp(-mean) hold a founding: four standard errors."""
    world = full()
    p = Encounters(world).parameters._replace(founding=1.0)
    for added in (0.0, 0.5):
        world.levers.groups[0] = added
        held = 0
        for week in range(400):
            world.workers.group[:], world.spaces.group_since[0] = -1, -1
            world.week = week
            held += bool(found(world, p))
        chance = 1 - math.exp(-12 / 52 - added)
        assert held / 400 == pytest.approx(chance, abs=4 * (chance * (1 - chance) / 400) ** 0.5)


def test_who_comes_to_a_meeting_wants_to_and_has_an_evening() -> None:
    world = full(12)
    w, spaces, p = world.workers, world.spaces, Encounters(world).parameters
    spaces.group_since[0, 5], w.group[:12], w.member_of[4] = world.week - 2, 5, -1
    others = [(i, j) for i in range(6, 12) for j in (150, 151, 152)]  # are in no group
    know(world, [(0, 1), (0, 2), (0, 3), (1, 2), (4, 5), *others])
    known = [3, 2, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    wants = [drawn(world, i, 2**30 + 3) < 1 / (1 + math.exp(1 - known[i])) for i in range(12)]
    assert [has_meeting(world.run, world.week, i, w, spaces, world.ties) for i in range(13)] == [*wants, False]
    coming = {
        i for i in range(12)
        if wants[i] and spend_evenings(world.run, world.week, i, 0, 0, True, np.zeros(9, np.uint64), w, p)
    }  # fmt: skip  # two conditions
    rows = gather(world, p._replace(rate=50.0))
    assert {row for one in rows for row in one[:2]} == coming
    assert {(kind, s) for _, _, kind, s, _ in rows} == {(AT_EVENT, 0)}


def test_the_meeting_of_a_group_competes_with_events_for_evenings() -> None:
    world = full()
    w, p = world.workers, Encounters(world).parameters._replace(event_share=1.0)
    one, lot = 0, np.zeros(9, np.uint64)
    for row in range(30):
        key = np.uint64(w.key[row])
        bits = spend_evenings(world.run, 3, row, 16, 1, True, lot, w, p)
        words = [int(remembered(world.run, key, EVENT, 3, index)) for index in (16, 2**30 + 1)]
        assert bits in (0, 257, 1 if words[0] < words[1] else 256)
        one += bits in (1, 256)
    assert one > 5


def test_a_group_ends_after_four_weak_meetings_in_a_row() -> None:
    world = full()
    w, spaces, phase = world.workers, world.spaces, Encounters(world)
    spaces.group_since[0, :2], w.group[:3], w.group[3:25] = world.week, [0, 0, 0], 1
    know(world, [(i, j) for i in range(3, 25) for j in range(i + 1, 25)])
    p = phase.parameters._replace(event_share=7.0)
    w.sociability[:3] = 0.0  # no evenings
    weak = []
    for _ in range(9):
        gather(world, p)
        weak.append((int(spaces.group_since[0, 0]), int(spaces.group_weak[0, 0]), int((w.group == 0).sum())))
        world.week += 1
    start = world.opening
    assert weak[:8] == [(start, 0, 3), (start, 0, 3), (start, 1, 3), (start, 1, 3), (start, 2, 3), (start, 2, 3),
                        (start, 3, 3), (start, 3, 3)]  # fmt: skip  # two weeks a line
    assert weak[8][0] == -1
    assert weak[8][2] == 0
    assert (w.group[3:25] == 1).all()
    assert int(spaces.group_weak[0, 1]) == 0


def test_a_meeting_of_three_makes_up_for_weak_ones() -> None:
    world = full()
    w, spaces = world.workers, world.spaces
    spaces.group_since[0, 0], spaces.group_weak[0, 0], w.group[:20] = world.week - 2, 3, 0
    know(world, [(i, j) for i in range(20) for j in range(i + 1, 20)])
    gather(world, Encounters(world).parameters._replace(event_share=7.0))
    assert int(spaces.group_weak[0, 0]) == 0


def test_rules_by_hand() -> None:
    assert [week for week in range(12) if meets(3, week)] == [5, 7, 9, 11]
    assert not any(meets(-1, week) for week in range(12))
    for known, chance in ((0, 0.2689), (1, 0.5), (2, 0.7311), (3, 0.8808), (30, 0.8808)):
        assert [wants_to_come(known, chance + by) for by in (-1e-3, 1e-3)] == [True, False]
    assert [tables_for(people) for people in (1, 7, 8, 16, 31, 32)] == [1, 1, 2, 4, 4, 8]


def test_the_groups_of_a_space_end_with_it_and_those_of_others_go_on() -> None:
    world = new_world(busy(), 1)
    w, spaces, other = world.workers, world.spaces, int(world.spaces.rows_of(1)[0])
    spaces.group_since[0, 3], spaces.group_since[other, 7] = 2, 4
    w.group[:3], w.group[3:9], w.group[40:44] = 3, 1, 8 * other + 7
    world.close_space(0)
    assert (spaces.group_since[0] == -1).all()
    assert (w.group[:9] == -1).all()
    assert (w.group[40:44] == 8 * other + 7).all()
    assert spaces.group_since[other, 7] == 4


LIVELY = {"groups.founding": 4.0, "membership.appeal": 6.0, "encounters.event_share": 1.5, "space.desks": 24}


def test_whoever_is_in_a_group_is_in_one_that_goes_on_also_after_leaving_the_space() -> None:
    alike = {"membership.review_weeks": 2, "environment.differences": "none"}
    model, outside, ended = CoworkingModel(busy(**{**LIVELY, **alike})), 0, 0
    before = model.world.spaces.groups
    for _ in range(40):
        model.step()
        w, spaces, rows = model.world.workers, model.world.spaces, np.flatnonzero(model.world.workers.group >= 0)
        s = w.group[rows] // 8
        assert (spaces.group_since[s, w.group[rows] % 8] >= 0).all()
        assert (spaces.region[s] == w.region[rows]).all()
        assert spaces.open[s].all()
        outside += int((w.member_of[rows] != s).sum())
        ended += int((spaces.groups < before).sum())
        before = spaces.groups
        assert (w.entered[rows] <= spaces.group_since[s, w.group[rows] % 8]).all()
    assert outside > 5
    assert ended > 0


def test_without_foundings_there_are_no_groups_and_hours_of_managers_bring_them() -> None:
    never = {**LIVELY, "groups.founding": 0.0}
    assert (simulate(busy(**never)).model.world.workers.group == -1).all()
    hours = "{name: c, kind: community_grant, hours: 20, hour_price: 10, budget: 50000}"
    w = simulate(with_policies([hours], **{**never, "space.desks": 24})).model.world.workers
    assert (w.group >= 0).any()
    off = {**never, "space.desks": 24, "policies.groups_per_hour": 0.0}
    assert (simulate(with_policies([hours], **off)).model.world.workers.group == -1).all()


def test_the_table_of_spaces_says_how_many_groups_there_are() -> None:
    result = simulate(busy(**LIVELY))
    last = result.spaces[result.spaces["week"] == result.spaces["week"].max()].set_index("space_key")["groups"]
    spaces = result.model.world.spaces
    assert last.sum() > 0
    assert [int(last[key]) for key in spaces.key[spaces.open].tolist()] == spaces.groups[spaces.open].tolist()
