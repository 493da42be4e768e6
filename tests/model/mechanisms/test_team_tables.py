"""Teams at tables: who sits with whom, what it is called when they meet, and what is left for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from coworksim import CoworkingModel
from coworksim.model.mechanisms.attendance import Attendance
from coworksim.model.mechanisms.encounters import Encounters
from coworksim.model.mechanisms.helpers import seating, table_places
from coworksim.model.mechanisms.helpers.contacts import Contacts
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.build import new_world
from coworksim.model.state.people import HOT, OWNER
from coworksim.model.state.rng import TABLE, remembered, uniform
from coworksim.model.state.ties import CHAT, FIRM, INSIDE_KINDS
from coworksim.model.state.world import World
from tests.worlds import busy


def room(leads: Sequence[int], tables: int, **overrides: object) -> World:
    """Return a world in which the first people, led by these rows, are in one space all week; nobody knows anybody."""
    usual = {"graph.degree": 0, "encounters.rate": 6.0, "encounters.visits": 0.0}
    world = new_world(busy(**{**usual, **overrides}), 1)
    world.week, w, spaces, n = world.opening, world.workers, world.spaces, len(leads)
    spaces.desks[0], spaces.tables[0] = 60, tables
    w.days[:n], w.member_of[:n], w.plan[:n], w.status[:n], w.sociability[:n] = 5, 0, HOT, OWNER, 1.0
    w.lead[:n] = w.key[list(leads)]
    Attendance(world).step(world)
    assert (w.days_present[:n] == 5).all()
    spaces.present[0] = n
    return world


def met(world: World, weeks: int, p: Parameters | None = None, first: int = 0) -> Counter[tuple[int, int, int, int]]:
    """Return how often pairs meet at tables in so many weeks: lower row, higher row, kind, row of the space."""
    p, found = p or Encounters(world).parameters, Counter[tuple[int, int, int, int]]()
    for week in range(first, first + weeks):
        none = Contacts(np.empty((8, 5), np.int32), 0)
        drawn = seating.at_tables(world.run, week, world.workers, world.spaces, world.ties, p, none)
        for one, other, kind, space, times in drawn.row[: drawn.used].tolist():
            found[one, other, kind, space] += times
    return found


def rate(world: World, i: int, j: int, p: Parameters) -> float:
    """Return the mean of a day of a pair without ties, by the rule and without teams."""
    w, spaces = world.workers, world.spaces
    far = spaces.floor_side[0] * (w.seat[i] - w.seat[j])
    near = seating.proximity(float(far[0]), float(far[1]), p.distance, float(spaces.proximity[0]))
    base = spaces.tables[0] * p.rate / (spaces.present[0] + p.half_crowd)
    return float(base * near * seating.familiarity(0.0, 0.0, p))


def test_a_team_leaves_less_for_others_and_meets_as_colleagues() -> None:
    """At one table 0, 1 and 2 are of one team, 3 and 4 of another, 5 of none: Poisson sums, four standard errors."""
    world = room([0, 0, 0, 3, 3, 5], 1)
    p, weeks = Encounters(world).parameters, 300
    found = met(world, weeks)
    mates = {0: 2, 1: 2, 2: 2, 3: 1, 4: 1, 5: 0}
    for i in range(6):
        for j in range(i + 1, 6):
            team = (i < 3 and j < 3) or (i, j) == (3, 4)
            left = 1.0 if team else 1 / (1 + mates[i]) / (1 + mates[j])
            mean = 5 * weeks * rate(world, i, j, p) * left
            where = (i, j, FIRM, -1) if team else (i, j, CHAT, 0)
            assert found.pop(where) == pytest.approx(mean, abs=4 * mean**0.5), (i, j)
    assert not found


def test_the_table_is_that_of_who_leads_on_a_share_of_days() -> None:
    world = room([0, 0, 0, 3, 3, 5], 8)
    w, run = world.workers, world.run
    for share in (0.0, 0.8, 1.0):
        together = 0
        for day in range(5):
            for i in range(6):
                own, lead = (int(remembered(run, np.uint64(key), TABLE, 40, day)) for key in (w.key[i], w.lead[i]))
                drawn = uniform(np.uint64(remembered(run, np.uint64(w.key[i]), TABLE, 40, 8 + day)))
                expected = lead if drawn < share else own
                assert int(table_places.table_of(run, 40, day, i, share, w)) == expected
                together += expected == lead
        assert together == {0.0: 15, 1.0: 30}.get(share, together)


def test_a_share_of_nought_is_as_if_teams_were_none_at_seating() -> None:
    """Who meets whom stays, of one team or not; only what it is called and what is left for others differ."""
    teams, none = room([0] * 12, 8), room(range(12), 8)
    without = Encounters(none).parameters._replace(team_table=0.0)
    pairs = [Counter[tuple[int, int]](), Counter[tuple[int, int]]()]
    for one, world in zip(pairs, (teams, none), strict=True):
        for (i, j, *_), times in met(world, 40, without).items():
            one[i, j] += times
    assert pairs[0] == pairs[1]
    assert sum(pairs[0].values()) > 100


def test_with_a_share_of_one_teams_are_islands_at_their_tables() -> None:
    """Those of a team always share a table, so a person of no team meets all of them on a day, or none."""
    world = room([0, 0, 0, 3, 3, 5], 4)
    p = Encounters(world).parameters._replace(team_table=1.0)
    for week in range(30):
        at = [
            [int(table_places.table_of(world.run, week, day, i, 1.0, world.workers)) & 3 for i in range(6)]
            for day in range(5)
        ]
        assert all(len({day[0], day[1], day[2]}) == 1 and day[3] == day[4] for day in at)
    assert {kind for _, _, kind, _ in met(world, 30, p)} == {CHAT, FIRM}


def test_meetings_of_a_team_take_no_time_of_encounters_in_spaces() -> None:
    overrides = {"population.owner_share": 0.6, "population.freelancer_share": 0.1, "teams.size": 4.0}
    model = CoworkingModel(busy(**overrides, **{"space.events": 0.0, "encounters.rate": 9.0}))
    seen = 0
    for _ in range(30):
        before = model.world.workers.encounters.copy()
        model.step()
        w, week = model.world.workers, model.world.meetings
        team = (w.lead[week.one] == w.lead[week.other]) & (week.kind == FIRM)
        seen += int(team.sum())
        assert (week.space[team] == -1).all()
        inside = np.bincount(week.one[week.kind < INSIDE_KINDS], week.times[week.kind < INSIDE_KINDS], len(w))
        inside += np.bincount(week.other[week.kind < INSIDE_KINDS], week.times[week.kind < INSIDE_KINDS], len(w))
        np.testing.assert_allclose(w.encounter_hours, inside * 15 / 60)
        stay = inside == w.encounters - before
        assert stay.mean() > 0.9  # all but newcomers
    assert seen > 15
