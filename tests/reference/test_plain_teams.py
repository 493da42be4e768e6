"""Teams of the plain twin: who is in one, what a team has in common, and where it sits."""

from __future__ import annotations

from typing import Any

import pytest

from .encounters import Encounters
from .statuses import Employee, Freelancer, Owner, RemoteEmployee
from .tables import Day
from .teams import form_teams
from .trials import BUSY, model_of, run

TEAMS: dict[str, Any] = {**BUSY, "teams__size": 6, "population__sponsored_share": 0.9, "membership__appeal": 6.0}


def test_the_nearest_before_who_starts_one_leads() -> None:
    model = model_of(people=9)
    area = model.areas[0]
    kinds = (Employee, Freelancer, Owner, RemoteEmployee, Employee, Owner, Freelancer, RemoteEmployee, Owner)
    sponsors = (0.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.0, 0.5, 0.0)
    starts = (True, True, False, False, True, False, True, False, False)
    for worker, kind, sponsor, start in zip(area.workers, kinds, sponsors, starts, strict=True):
        worker.__class__ = kind
        worker.sponsor, worker.starts_team = sponsor, start
    form_teams(area)
    assert [area.workers.index(w.lead) for w in area.workers] == [0, 1, 2, 2, 4, 4, 6, 4, 4]


def test_sizes_are_geometric_and_1_is_no_team() -> None:
    """Of 400 who can be in a team a third starts one: within four standard errors (6 in 100,000)."""
    model = model_of(people=400, population__owner_share=0.5)
    owners = [w for w in model.workers if isinstance(w, Owner)]
    assert len(owners) > 330
    starters = sum(w.lead is w for w in owners) / len(owners)
    assert starters == pytest.approx(1 / 3, abs=4 * (2 / 9 / len(owners)) ** 0.5)
    alone = model_of(people=40, teams__size=1)
    assert all(w.lead is w for w in alone.workers)


@pytest.mark.parametrize("persistence", ["habit", "taste"])
def test_a_team_looks_and_wishes_together(persistence: str) -> None:
    model = model_of(membership__persistence=persistence, **TEAMS)
    mate = next(w for w in model.workers if w.lead is not w)
    lead, manager = mate.lead, mate.area.managers[0]
    looks = [[week for week in range(200) if worker.decides(week)] for worker in (mate, lead)]
    assert looks[0] == looks[1] != []
    for worker in (mate, lead):
        worker.look = 9
    assert [mate.wish(manager, plan) for plan in range(3)] == [lead.wish(manager, plan) for plan in range(3)]
    assert mate.wish(None) == lead.wish(None)
    mate.aware = set(mate.reachable)
    before = mate.plans(9)[0][2]
    mate.taste += 5.0
    assert mate.plans(9)[0][2] == before
    lead.taste += 5.0
    assert mate.plans(9)[0][2] == pytest.approx(before + 5.0 * model.rules.taste_scale)
    wished = mate.wish(manager)
    mate.lead = mate
    own = mate.wish(manager)
    mate.nest = ((-1, -1), 0.0)
    assert mate.wish(manager) == own != wished


@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_a_team_sits_together_as_often_as_said(share: float) -> None:
    model = run(weeks=16, teams__table=share, **{**TEAMS, "space__desks": 60})
    manager = max(model.managers, key=lambda one: len(one.members))
    assert manager.tables > 4
    week, followed, seats = Encounters(model), 0, 0
    for number in range(40):
        week.week = number
        day = Day(week, manager, 0)
        for worker in manager.present[0]:
            own = model.source.below("table", worker.key, number, 0, manager.tables)
            theirs = model.source.below("table", worker.lead.key, number, 0, manager.tables)
            assert day.table_of[worker.key] in (own, theirs)
            if own != theirs:
                seats += 1
                followed += day.table_of[worker.key] == theirs
    assert seats > 100
    assert followed / seats == pytest.approx(share, abs=4 * (share * (1 - share) / seats) ** 0.5)


def test_who_changes_status_leaves_the_team() -> None:
    model = run(weeks=12, turnover__exit=0.5, turnover__to_freelancer=0.5, **TEAMS)
    for worker in model.workers:
        assert worker.lead in worker.area.workers
        assert worker.lead.lead is worker.lead
        assert worker.lead is worker or isinstance(worker, Owner) or worker.sponsor > 0
    assert any(w.lead is not w for w in model.workers)
