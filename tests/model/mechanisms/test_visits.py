"""Visits to other tables: who visits which, whom they meet there, and that sociability is about whom, not how often."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim import simulate
from coworksim.model.mechanisms.encounters import Encounters
from coworksim.model.mechanisms.helpers import seating
from coworksim.model.mechanisms.helpers.table_places import visit, visits
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.people import FREELANCER
from coworksim.model.state.rng import MEETING, TABLE, pair_key, poisson, remembered, uniform
from coworksim.model.state.ties import CHAT, FIRM, PROJECT
from coworksim.model.state.world import World
from tests.model.mechanisms.test_team_tables import met, rate, room
from tests.worlds import town


def tables_of(world: World, week: int, day: int, tables: int, mean: float, row: int) -> list[int]:
    """Return the table at which a row sits, and those that it visits, out of the words of the day."""
    run, w = world.run, world.workers

    def drawn(key: int, index: int) -> int:
        return int(remembered(run, np.uint64(key), TABLE, week, index))

    mine = int(w.key[row])
    together = mine != w.lead[row] and uniform(np.uint64(drawn(mine, 8 + day))) < 0.8
    own = drawn(int(w.lead[row]) if together else mine, day) & (tables - 1)
    number = min(8, poisson(mean * w.sociability[row], uniform(np.uint64(drawn(mine, 16 + day)))))
    there = [drawn(mine, 24 + 8 * day + v) & (tables - 1) for v in range(number)]
    return [own, *(g for g in dict.fromkeys(there) if g != own)]


def by_hand(world: World, week: int, people: int, p: Parameters) -> Counter[tuple[int, int, int, int]]:
    """Return who meets whom how often in a week, from the text of the rule; all know each other by a tie of 3."""
    run, w, found = world.run, world.workers, Counter[tuple[int, int, int, int]]()
    tables = int(world.spaces.tables[0])
    for day in range(5):
        at = [tables_of(world, week, day, tables, p.visits, row) for row in range(people)]
        mates = [sum(a[0] == b[0] and w.lead[i] == w.lead[j] for j, b in enumerate(at)) for i, a in enumerate(at)]
        for i in range(people):
            for j in range(i + 1, people):
                ways = [(0, 8)] if at[i][0] == at[j][0] else []
                ways += [(16, 32)] if at[j][0] in at[i][1:] else []
                ways += [(24, 40)] if at[i][0] in at[j][1:] else []
                pair, team = pair_key(w.key[i], w.key[j]), w.lead[i] == w.lead[j]
                mean = rate(world, i, j, p) / (1 + 2 * (tables - 1) * (1 - math.exp(-p.visits / tables)))
                mean *= 1 if team else 1 / mates[i] / mates[j]
                mean *= seating.familiarity(3.0, 0.0, p) / seating.familiarity(0.0, 0.0, p)
                for index, project in ways:
                    u = [uniform(np.uint64(remembered(run, pair, MEETING, week, at + day))) for at in (index, project)]
                    kind = FIRM if team else PROJECT if u[1] < p.project_share else CHAT
                    found[i, j, kind, -1 if team else 0] += poisson(mean, u[0])
    return +found


@pytest.mark.parametrize("mean", [0.0, 1.0, 4.0])
def test_a_room_by_hand(mean: float) -> None:
    """Seven people, two teams, four tables, ties: every meeting of six weeks."""
    world = room([0, 0, 0, 3, 3, 5, 6], 4, **{"encounters.visits": mean, "encounters.rate": 12.0})
    w = world.workers
    w.status[:7], w.sociability[:7] = FREELANCER, [0.2, 0.5, 1.0, 1.0, 1.5, 2.0, 3.0]
    pairs = [(i, j) for i in range(7) for j in range(i + 1, 7)]
    low, high = np.array(pairs, np.int32).T.copy()
    world.ties.insert(low, high, np.full(len(pairs), 3.0), 0)
    p = Encounters(world).parameters._replace(log_rho=0.0, project_share=0.4)
    seen = Counter[int]()
    for week in range(6):
        expected = by_hand(world, week, 7, p)
        drawn = met(world, 1, p, first=week)
        assert drawn == expected
        seen.update(kind for _, _, kind, _ in expected)
    assert set(seen) == {CHAT, FIRM, PROJECT}


@given(st.floats(0, 50), st.floats(0, 10), st.floats(0.001, 0.999))
def test_nobody_visits_more_than_eight_tables(sociability: float, mean: float, u: float) -> None:
    assert 0 <= visits(sociability, mean, u) <= 8


def test_a_table_is_visited_once_a_day_and_the_own_one_never() -> None:
    world = room(range(12), 4)
    w, found, twice = world.workers, np.empty(8, np.int64), 0
    w.sociability[:12] = 4.0
    for day in range(5):
        for row in range(12):
            own, *others = tables_of(world, 3, day, 4, 1.0, row)
            assert visit(world.run, 3, day, row, own, 4, 1.0, w, found) == len(others) == len(set(others))
            assert found[: len(others)].tolist() == others
            twice += own not in others
    assert twice == 60


def test_only_the_visitor_needs_to_be_sociable() -> None:
    """Row 0 visits each other table with chance 1 - exp(-2/8), the others none; four standard errors."""
    world = room(range(16), 8, **{"encounters.visits": 1.0})
    world.workers.sociability[:16] = [2.0] + [0.0] * 15
    p, weeks = Encounters(world).parameters, 200
    found = met(world, weeks)
    means = np.array([[rate(world, i, j, p) if i != j else 0.0 for j in range(16)] for i in range(16)])
    means /= 1 + 2 * 7 * (1 - math.exp(-1 / 8))
    for rows, chance in (([0], 1 / 8 + 7 / 8 * (1 - math.exp(-2 / 8))), (range(1, 16), 1 / 8)):
        pairs = [(i, j) for i in rows for j in range(max(i, 0) + 1, 16)]
        mean = 5 * weeks * chance * sum(means[pair] for pair in pairs)
        total = sum(times for (i, j, *_), times in found.items() if (i, j) in pairs)
        assert total == pytest.approx(mean, abs=4 * mean**0.5), rows


@pytest.mark.parametrize("tables", [1, 2, 8])
def test_visits_leave_the_mean_as_it_is(tables: int) -> None:
    """Of people of mean sociability, in 120 weeks: two sums of 2,000 meetings and more, three standard errors."""
    totals = []
    for mean in (0.0, 1.5):
        world = room(range(16), tables, **{"encounters.visits": mean})
        totals.append(sum(met(world, 120).values()))
    assert totals[0] > 2000
    assert totals[1] / totals[0] == pytest.approx(1.0, abs=0.1)


def test_without_visits_sociability_moves_nothing_at_tables() -> None:
    worlds = [room(range(12), 4, **{"encounters.visits": 0.0}) for _ in range(2)]
    worlds[1].workers.sociability[:12] = 7.0
    assert met(worlds[0], 20) == met(worlds[1], 20) != {}


def test_the_sociable_meet_more_people() -> None:
    """First-time partners a day in a space of eight tables, of the more and of the less sociable half of members."""
    settings = {"space.events": 0.0, "encounters.visits": 2.0, "membership.appeal": 3.0}
    w = simulate(town(400, **settings)).model.world.workers
    members = w.days_total > 20
    middle = np.median(w.sociability[members])
    a_day = [
        float(w.partners_new[some].sum() / w.days_total[some].sum())
        for some in (members & (w.sociability < middle), members & (w.sociability > middle))
    ]
    assert members.sum() > 40
    assert a_day[1] > 1.15 * a_day[0]
