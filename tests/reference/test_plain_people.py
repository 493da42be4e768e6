"""Who lives in the plain twin: careers, newcomers, statuses, tools, and the frontier they look up to."""

from __future__ import annotations

from math import exp
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.parameters.skills import STATUSES

from .agents import Worker
from .laws import tandem
from .population import MOST_PEOPLE, population_at_start
from .statuses import STATUS_CLASSES, Employee, Freelancer, Nomad, Owner, RemoteEmployee, become
from .trials import BUSY, Draws, everyone, model_of, policy, run, weekly

RESTLESS: dict[str, Any] = {
    **BUSY,
    "turnover__exit": 0.5,
    "turnover__nomad_stay": 8,
    "turnover__to_employee": 0.5,
    "turnover__to_freelancer": 0.5,
    "population__nomad_share": 0.2,
}
SHARE = st.floats(0.05, 5)


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_every_place_is_kept_and_no_key_is_used_twice(draws: Draws) -> None:
    model, people = everyone(60, draws, **RESTLESS)
    assert len(people) > 250
    for row, worker in enumerate(model.workers):
        assert worker.area.first + worker.place == row
        assert worker.key == worker.area.index << 22 | worker.place << 6 | worker.generation
        lineage = [worker.area.index << 22 | worker.place << 6 | g for g in range(worker.generation + 1)]
        assert all(key in people for key in lineage)
        nomads = {people[key].status == Nomad.status for key in lineage}
        assert len(nomads) == 1
    assert len(model.workers) == 160
    assert [w for area in model.areas for w in area.workers] == model.workers
    assert model.worker_by_key == {w.key: w for w in model.workers}
    assert set(model.graph) == set(model.ties) == set(model.worker_by_key)
    assert set(model.agents) == {*model.workers, *model.managers}
    for kind in STATUS_CLASSES.values():
        assert set(model.agents_by_type.get(kind, ())) == {w for w in model.workers if type(w) is kind}


@pytest.mark.slow
def test_whoever_leaves_leaves_nothing_behind() -> None:
    for model in weekly(40, policies=(policy(),), schemes__hassle=1, **RESTLESS):
        alive = set(model.worker_by_key)
        assert set(model.known) == set(model.neighbours) <= alive
        for key, friends in model.neighbours.items():
            assert {w.key for w in friends} == model.known[key] <= alive
            assert all(model.worker_by_key[w.key] is w for w in friends)
        assert {w.key for manager in model.managers for w in manager.members} <= alive
        held = [
            w.scheme_cost[0] - w.scheme_used[0] for w in model.workers if w.scheme_state[0] in (2, 3)
        ]  # what leavers had not spent has gone back
        assert model.schemes[0].committed == model.schemes[0].spent + sum(held)
    assert model.schemes[0].awarded > 20


@pytest.mark.slow
def test_newcomers_begin_a_career_with_nothing_counted() -> None:
    model = model_of(**RESTLESS)
    for _ in range(30):
        before = [w.key for w in model.workers]
        model.begin_week()
        model.turnover()
        fresh = [w for w, key in zip(model.workers, before, strict=True) if w.key != key]
        for worker in fresh:
            assert worker.entered == model.week
            assert (worker.career(model.week) == 0) is (worker.status != Nomad.status)
            assert (worker.space, worker.aware) == (None, set())
            assert [worker.contacts, worker.earned_pence, worker.encounters, worker.outside_met] == [0] * 4
            assert not any(any(gains) for gains in worker.gains.values())
            assert all(0 < s / best <= 1 for s, best in zip(worker.skills, worker.frontier, strict=True))
            assert worker.key not in model.neighbours
            assert not model.ties[worker.key]
        for phase in model.phases[1:]:
            phase()
        model.end_week()


@pytest.mark.slow
def test_careers_end_in_time_and_employers_stop_sponsoring() -> None:
    for model in weekly(60, population__career_years=1, turnover__to_employee=0.3):
        for worker in model.workers:
            assert worker.career(model.week - 1) < worker.career_end
            assert 0.75 <= worker.career_end <= 1.25
            assert isinstance(worker, Employee) is not worker.independent
            assert not (worker.independent and worker.sponsor)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Freelancer, Employee, RemoteEmployee])
def test_a_change_of_status_changes_the_class_and_keeps_the_person(kind: type[Worker]) -> None:
    model = run(weeks=12, **BUSY)
    worker = next(w for w in model.workers if type(w) in (Freelancer, Employee) and w.member and type(w) is not kind)
    kept = (worker.key, worker.skills, worker.income, worker.offers, worker.space, dict(model.ties[worker.key]))
    become(worker, kind, 12)
    assert type(worker) is kind
    assert worker.status == kind.status
    assert worker.work == 1.0
    assert not (worker.independent and worker.sponsor)
    assert kept == (worker.key, worker.skills, worker.income, worker.offers, worker.space, dict(model.ties[worker.key]))


@pytest.mark.slow
def test_only_freelancers_and_employees_change_places() -> None:
    model = model_of(**RESTLESS)
    before: dict[int, str] = {}
    changes = set()
    for _ in range(60):
        model.step()
        changes |= {(before.get(w.key, w.status), w.status) for w in model.workers}
        before = {w.key: w.status for w in model.workers}
    freelancer, _, _, employee, remote = STATUSES
    assert {pair for pair in changes if pair[0] != pair[1]} == {
        (freelancer, employee),
        (freelancer, remote),
        (employee, freelancer),
        (remote, freelancer),
    }


def test_the_frontier_moves_as_declared_and_jumps_when_told() -> None:
    model = run(weeks=10, frontier__ai_week=3, frontier__ai_jump=0.5)
    for occupation, yearly in ((0, 0.06), (4, 0.03)):
        assert model.rules.frontier(occupation, 0) == [1.0] * 8
        assert model.rules.frontier(occupation, 52)[4] == pytest.approx((1 + yearly / 52) ** 52)
        assert model.rules.frontier(occupation, -52)[7] == pytest.approx((1 + yearly / 52) ** -52)
        rise = [b / a for a, b in zip(model.rules.frontier(occupation, 2), model.frontiers[occupation], strict=True)]
        drift = (1 + yearly / 52) ** 3
        assert rise == pytest.approx([1.0] * 4 + [drift] * 3 + [drift * 1.5])
    assert all(w.frontier is model.frontiers[w.occupation] for w in model.workers)


def test_week_0_measures_skills_by_the_frontier_of_week_0() -> None:
    model = model_of(
        burn_in_weeks=520, population__entry_skill_sd=0.0, off=("resource_learning", "encounters", "decay")
    )
    for worker in model.workers:
        yearly = 0.06 if worker.creative else 0.03
        left = (1 - yearly) ** int(worker.career_start) * (1 - yearly * (worker.career_start % 1))
        level = 0.3 * left * (1 + yearly / 52) ** -520
        assert worker.skills == pytest.approx([0.3] * 4 + [level] * 4)


@pytest.mark.slow
def test_nobody_unlearns_new_tools_and_the_creative_are_earlier() -> None:
    users: set[int] = set()
    for model in weekly(60, "mesa", people=200, adoption__innovation=0.01, off=("turnover",)):
        now = {w.key for w in model.workers if w.tools}
        assert users <= now
        users = now
    share = {
        creative: sum(w.tools for w in model.workers if w.creative is creative)
        / sum(w.creative is creative for w in model.workers)
        for creative in (True, False)
    }
    assert 0.2 < share[False] < share[True]


@given(SHARE, SHARE, SHARE, SHARE, st.sampled_from([-5.0, -1.0, -0.1, 0.0, 0.1, 0.5, 1.0]))
def test_a_tandem_is_a_mean(x: float, y: float, v: float, w: float, rho: float) -> None:
    mean = tandem(rho)(x, y, v, w)
    assert min(x, y) * (1 - 1e-9) <= mean <= max(x, y) * (1 + 1e-9)
    assert tandem(rho)(x, x, v, w) == pytest.approx(x)
    assert tandem(rho)(2 * x, 2 * y, v, w) == pytest.approx(2 * mean)
    assert mean <= tandem(1.0)(x, y, v, w) * (1 + 1e-9)


def test_without_new_tools_generative_ai_earns_nothing() -> None:
    assert [tandem(rho)(0.4, 0.0, 1.0, 1.0) for rho in (-1.0, 0.0, 0.5, 1.0)] == pytest.approx([0, 0, 0.1, 0.2])
    worker = model_of().workers[0]
    worker.tools = False
    poor = worker.skill()
    worker.skills[7] *= 0.5
    assert worker.skill() == poor
    worker.tools = True
    assert worker.skill() > poor


@pytest.mark.slow
def test_owners_earn_more_and_nomads_live_from_elsewhere() -> None:
    options: dict[str, Any] = {"people": 250, "population__owner_share": 0.3, "population__nomad_share": 0.3}
    slump, boom = (
        run(weeks=12, environment__demand=demand, environment__demand_response=0, **options) for demand in (0.5, 2)
    )
    lived_through = [(a, b) for a, b in zip(slump.workers, boom.workers, strict=True) if not a.generation]
    nomads = [(a.earned_pence, b.earned_pence) for a, b in lived_through if a.status == Nomad.status]
    assert len(nomads) > 50
    assert all(a == b for a, b in nomads)
    owners, freelancers = (
        [b.earned_pence / b.power for _, b in lived_through if type(b) is kind] for kind in (Owner, Freelancer)
    )
    assert fmean(owners) == pytest.approx(1.6 * fmean(freelancers), rel=0.2)


def test_a_region_that_keys_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="has 65537 people; a region can have 65536"):
        model_of(people=MOST_PEOPLE + 1)


def test_the_last_generation_stays() -> None:
    model = model_of(people=20, turnover__exit=1.0)
    worker = model.workers[0]
    for _ in range(63):
        model.week += 1
        worker = model.workers[0]
        worker.career_end = 0.0
        model.turnover()
    last = model.workers[0]
    assert last.generation == 63
    last.career_end = 0.0
    model.turnover()
    assert model.workers[0] is last


@pytest.mark.slow
def test_shares_of_statuses_follow_the_scenario_and_newcomers_fill_like_places() -> None:
    model = model_of(people=2000)
    counts = {status: sum(w.status == status for w in model.workers) / 4000 for status in STATUSES}
    assert list(counts.values()) == pytest.approx([0.30, 0.05, 0.03, 0.40, 0.22], abs=0.03)
    assert population_at_start(model.inputs, model.source)[5].key == 5 << 6
    assert [m.open for m in model.managers] == [m.ordinal == 0 for m in model.managers]


def test_word_of_mouth_saturates_with_friends() -> None:
    worker = model_of().workers[0]
    chances = [worker.word_of_mouth(friends, 0.0) for friends in range(5)]
    assert chances[0] == 0.003
    assert chances[2] == pytest.approx(0.003 + 0.03 * (1 - exp(-1)))
    assert chances == sorted(chances)
