"""Spaces of the plain twin: plans and fees, desks, the pool, and the managers who open and close them."""

from __future__ import annotations

from math import hypot
from typing import Any

import pytest

from .books import Books, decide
from .model import PlainModel
from .rules import Rules
from .space import DAY, DEDICATED, HOT
from .trials import BUSY, Draws, model_of, run, weekly

BROKE: dict[str, Any] = {**BUSY, "management__capital": 0, "management__rent": 60, "management__patience": 13}
#: All three plans have their members.
PLANS_ALIKE: dict[str, Any] = {"membership__day_constant": -0.4, "membership__dedicated_constant": 0.6}
CROWDED: dict[str, Any] = {**BUSY, "people": 200, "space__desks": 8, "membership__appeal": 8.0}


def test_fees_follow_the_price_and_the_plan() -> None:
    manager = model_of(space__price=157, environment__differences="none").managers[0]
    assert manager.price_pence_month == 15700
    assert manager.fees == (2182, 3623, 4927)
    manager.set_price(10001)
    assert manager.fees == (1390, 2308, 3139)


def test_people_consider_the_eight_nearest_spaces() -> None:
    model = model_of(spaces=12)
    for worker in model.workers:
        near = sorted(
            (hypot(m.location[0] - worker.home[0], m.location[1] - worker.home[1]), m.ordinal)
            for m in worker.area.managers
        )[:8]
        assert len(worker.area.managers) == 12
        assert len(worker.area.rows) == 18
        assert [m.ordinal for m, _ in worker.candidates] == sorted(o for _, o in near)
        assert sorted(km for _, km in worker.candidates) == pytest.approx([km for km, _ in near])
        assert all(0 <= x <= 20 * worker.area.environment.reach**-0.5 for x in worker.home)


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_nobody_uses_what_they_are_no_member_of(draws: Draws) -> None:
    for model in weekly(24, draws, spaces=3, turnover__exit=0.3, **PLANS_ALIKE, **BUSY):
        for worker in model.workers:
            assert worker.aware <= worker.reachable
            assert {m.ordinal for m in worker.unaware} == worker.reachable - worker.aware
            if worker.space is None:
                assert worker.plan == -1
                assert [worker.tenure, worker.days_present, worker.day_mask] == [0] * 3
            else:
                assert worker.space.open
                assert worker.space.ordinal in worker.aware
                assert worker.space.area is worker.area
                assert worker.plan in (DAY, HOT, DEDICATED)
        for manager in model.managers:
            keys = [w.key for w in manager.members]
            assert keys == sorted(set(keys))
            assert keys == [w.key for w in sorted(model.workers, key=lambda w: w.key) if w.space is manager]
    assert {w.plan for w in model.workers} == {-1, DAY, HOT, DEDICATED}
    assert any(worker.tenure < worker.member_weeks for worker in model.workers)


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_desks_hours_and_places_are_never_exceeded(draws: Draws) -> None:
    turned_away = training_turned_away = 0
    for model in weekly(20, draws, off=("management",), **CROWDED):
        for manager in model.managers:
            assert all(len(present) <= manager.desks for present in manager.present)
            assert all([w.key for w in day] == sorted(w.key for w in day) for day in manager.present)
            assert manager.equipment_hours_week <= manager.equipment_hours * (1 + 1e-9)
            assert sum(w.training_hours > 0 for w in manager.members) <= manager.training_places
            turned_away += manager.turned_away
            training_turned_away += manager.training_turned_away
        for worker in model.workers:
            assert worker.days_present == worker.day_mask.bit_count()
            assert not (worker.training_hours and not worker.days_present)
            assert worker.inside_hours + worker.training_hours <= worker.learning_hours * (1 + 1e-12)
    assert turned_away > 100
    assert training_turned_away > 100
    assert max(w.waiting for w in model.workers) > 2


@pytest.mark.slow
def test_a_new_plan_keeps_the_tenure_and_a_new_space_begins_another() -> None:
    model = run(weeks=12, spaces=2, **BUSY)
    worker = next(w for w in model.workers if w.space and w.tenure)
    first, tenure = worker.space, worker.tenure
    worker.move(first, (worker.plan + 1) % 3)
    assert (worker.space, worker.tenure) == (first, tenure)
    other = next(m for m in worker.area.managers if m is not first)
    worker.move(other, HOT)
    assert (worker.space, worker.plan, worker.tenure) == (other, HOT, 0)
    worker.move(None, -1)
    assert (worker.space, worker.plan, worker.tenure) == (None, -1, 0)
    assert not any(worker in m.members for m in model.managers)


@pytest.mark.slow
def test_those_with_a_dedicated_desk_are_never_sent_home() -> None:
    model = run(weeks=12, **{**CROWDED, "membership__dedicated_constant": -2.0})
    for manager in (m for m in model.managers if m.open):
        for worker in manager.members:
            worker.days = 5
            worker.plan = HOT
        for worker in manager.members[-3:]:
            worker.plan = DEDICATED
        manager.open_doors(model)
        assert manager.turned_away == 5 * (len(manager.members) - manager.desks)
        assert all(worker.days_present == 5 for worker in manager.members[-3:])
        assert {len(present) for present in manager.present} == {manager.desks}
        for more, turned_away in ((1, 5), (0, 0)):
            manager.desks = len(manager.members) - more
            manager.open_doors(model)
            assert manager.turned_away == turned_away


@pytest.mark.slow
def test_day_members_come_once_a_week() -> None:
    model = run(weeks=12, **{**BUSY, "membership__day_constant": 6.0})
    members = [worker for worker in model.workers if worker.plan == DAY]
    assert len(members) > 10
    assert sum(worker.days_present for worker in members) < 2 * len(members)


@pytest.mark.slow
def test_training_goes_to_those_who_have_waited_longest() -> None:
    model = run(weeks=16, **BUSY)
    manager = max(model.managers, key=lambda m: len(m.members))
    manager.training_places = 3
    for waited, worker in enumerate(manager.members):
        worker.waiting, worker.days_present = waited, 1
    object.__setattr__(model.rules, "interest", 1.0)
    manager.share_training(model)
    served = {worker.key for worker in manager.members if worker.waiting == 0 and worker.training_hours}
    assert len(served) == 3
    assert served == {w.key for w in manager.members[-3:]}


@pytest.mark.slow
def test_a_space_closes_when_money_runs_out_and_stays_closed() -> None:
    closed: set[str] = set()
    for model in weekly(60, **BROKE):
        for manager in model.managers:
            if manager.name in closed:
                assert (manager.open, manager.members) == (False, [])
                assert manager.fees_pence_week == manager.events_held == 0
            if not manager.open:
                closed.add(manager.name)
        assert all(w.space is None or w.space.open for w in model.workers)
    assert closed


@pytest.mark.slow
@pytest.mark.parametrize("options", [BROKE, CROWDED])
def test_prices_and_events_stay_within_bounds(options: dict[str, Any]) -> None:
    prices = set()
    for model in weekly(32, "mesa", management__price_step=0.2, **options):
        for m in model.managers:
            assert int(m.list_price * 0.6 + 0.5) <= m.price_pence_month <= int(m.list_price * 1.5 + 0.5)
            assert 0 <= m.events <= 2
            assert m.events_held <= 8
            prices.add(m.price_pence_month)
    assert len(prices) > 3


@pytest.mark.slow
def test_without_management_nothing_about_a_space_changes() -> None:
    def fixtures(model: PlainModel) -> list[object]:
        return [(m.open, m.price_pence_month, m.desks, m.events, m.equipment_hours) for m in model.managers]

    assert fixtures(run("mesa", weeks=24, off=("management",), **CROWDED)) == fixtures(model_of(**CROWDED))


BOOKS = Books(
    occupancy=0.8,
    cash=10**7,
    price=10000,
    list_price=10000,
    desks=64,
    equipment_hours=70.4,
    equipment_use=0.5,
    training_places=4,
    training_turned_away=0,
    turned_away=0,
    weekly_cost=10**5,
    events=0.5,
    patience=13.0,
)


def test_managers_decide_by_the_books(subtests: pytest.Subtests) -> None:
    rules = Rules.of(model_of().inputs)
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {"price": 10000, "investment": 0, "closes": False, "events": 0.5}),
        ({"occupancy": 0.86}, {"price": 10100}),
        ({"occupancy": 0.39}, {"price": 9900, "events": 0.6}),
        ({"occupancy": 0.86, "price": 14950}, {"price": 15000}),
        ({"occupancy": 0.3, "price": 6050}, {"price": 6000}),
        ({"occupancy": 0.7, "events": 0.95}, {"events": 0.85}),
        ({"occupancy": 0.7, "events": 0.55}, {"events": 0.5}),
        ({"occupancy": 0.7, "events": 0.2}, {"events": 0.2}),
        ({"occupancy": 0.69}, {"events": 0.6}),
        ({"occupancy": 0.69, "events": 1.95}, {"events": 2.0}),
        ({"cash": -1, "events": 0.05}, {"events": 0.0, "closes": False}),
        ({"cash": 0, "occupancy": 0.5}, {"events": 0.5}),
        ({"cash": -13 * 10**5}, {"closes": False}),
        ({"cash": -13 * 10**5 - 1}, {"closes": True, "investment": 0}),
        ({"cash": -13 * 10**5 - 1, "patience": 13.5}, {"closes": False}),
        ({"cash": -13 * 10**5 - 1, "may_close": False, "occupancy": 0.3}, {"closes": False, "price": 9900}),
        ({"turned_away": 1, "equipment_use": 1.0}, {"desks": 4, "investment": 240000, "equipment_hours": 0}),
        ({"turned_away": 1, "cash": 8 * 10**5 + 240000}, {"desks": 0, "investment": 0}),
        ({"turned_away": 1, "cash": 8 * 10**5 + 240001}, {"desks": 4}),
        ({"equipment_use": 0.91, "training_turned_away": 1}, {"equipment_hours": 5, "investment": 200000}),
        ({"equipment_use": 0.9, "training_turned_away": 1}, {"training_places": 1, "investment": 150000}),
    ]
    for change, expected in cases:
        with subtests.test(str(change)):
            decision = decide(BOOKS._replace(**change), rules)
            assert {name: getattr(decision, name) for name in expected} == pytest.approx(expected)


def test_hours_of_the_week_stay_known_until_the_pool_is_shared_again() -> None:
    model = run(weeks=12, **BUSY)
    worker = next(w for w in model.workers if w.inside_hours)
    hours = worker.inside_hours
    worker.leave()
    assert worker.inside_hours == hours
    worker.training_hours = 1.0
    model.resource_pool()
    assert (worker.inside_hours, worker.training_hours) == (0, 0)
