"""Courses of the plain twin: what is solved for, who takes one, what it costs and what is lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import exp, log, sqrt
from statistics import fmean
from typing import Any

import pytest

from . import courses
from .careers import CareerSoFar
from .courses import Inputs, independent_incomes, offers_to, share_trained, solved_for, take_courses
from .model import PlainModel
from .plain_draws import KeyedSource
from .statuses import Freelancer
from .trials import model_of, weekly


class Told(KeyedSource):
    """A keyed source that gives some uniform numbers as told, by stream and index."""

    def __init__(self, told: Mapping[tuple[str, int], float]) -> None:
        super().__init__(0)
        self.told = told
        self.means: list[float] = []

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        return self.told.get((stream, index)) or super().uniform(stream, key, week, index)

    def poisson(self, stream: str, key: int, week: int, index: int, mean: float) -> int:
        self.means.append(mean)
        return super().poisson(stream, key, week, index, mean)


def test_value_and_rate_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """a = 1, half of the employees, .4 of that of others: 4 and 1 a year, so (1 + z)/(1 + 8z) = 1/4, z = 3/4."""
    monkeypatch.setattr(courses, "independent_incomes", lambda: (300.0, 300.0))
    fee = 5 * log(8) - 3
    value, rate = solved_for(Inputs(employees=0.5, ratio=0.4, fee=fee, lost=0.4, spread=5.0, clumping=1.0))
    assert value == pytest.approx(-5 * log(0.75), abs=1e-6)
    assert rate == pytest.approx(7.0, abs=1e-6)


def test_shares_come_out_as_put_in() -> None:
    known = Inputs(0.266, 0.5, 12.0, 0.5, 5.0, 0.3)
    value, rate = solved_for(known)
    assert (value, rate) == (round(value, 6), round(rate, 6))

    def share(cost: float) -> float:
        return float(1 - (1 + rate / (1 + exp((cost - value) / 5)) / 1.2) ** -0.3)

    assert share(0.0) == pytest.approx(0.266, abs=1e-6)
    incomes = independent_incomes()
    assert fmean(share(12 + 0.5 * income / 40) for income in incomes) == pytest.approx(0.133, abs=1e-6)
    assert len(incomes) / 512 == pytest.approx(0.38, abs=4 * sqrt(0.38 * 0.62 / 512))


def test_courses_that_cost_nothing_are_not_taken_more_seldom() -> None:
    with pytest.raises(ValueError, match=r"training\.ratio 0\.5"):
        solved_for(Inputs(employees=0.266, ratio=0.5, fee=0.0, lost=0.0, spread=5.0, clumping=0.3))


@pytest.mark.parametrize("a", [0.05, 0.3, 0.95])
def test_offers_are_a_gamma_number_of_mean_1(a: float) -> None:
    """Mean 1, and E exp(-tG) = (1 + t/a)^-a: each within four standard errors, n 4,000 (error 6 in 100,000)."""
    factors = [offers_to(KeyedSource(5), key, a) for key in range(4000)]
    assert fmean(factors) == pytest.approx(1.0, abs=4 / sqrt(4000 * a))
    for t in (0.2, 1.0):
        whole = fmean(exp(-t * g) for g in factors)
        assert whole == pytest.approx(1 - share_trained(4 * t, a), abs=4 * 0.5 / sqrt(4000))


def test_offers_are_drawn_until_a_pair_fits() -> None:
    told = {("population", 32): 0.9, ("population", 33): 0.9, ("population", 34): 0.25, ("population", 35): 0.5}
    source = Told({**told, ("population", 8): exp(-2)})
    assert offers_to(source, 0, 0.5) == pytest.approx(2 * (1 / 16) / (1 / 16 + 1 / 4) / 0.5)
    full = {("population", index): 0.9 for index in range(32, 64)}
    assert offers_to(Told({**full, ("population", 8): exp(-1)}), 0, 0.5) == pytest.approx(1.0)


def test_a_course_is_taken_where_an_hour_is_worth_more_than_it_costs() -> None:
    model = model_of(people=40)
    area, rules = model.areas[0], model.rules
    model.source = Told({("training", 4): 0.5, ("training", 5): 0.5, ("training", 6): 0.5})
    for worker in area.workers:
        worker.offers = 1e6
    employee, idle = area.employees[:2]
    idle.offers = 0.0
    poor, rich = area.pool[:2]
    middling = 80 * (rules.hour_value - 12)
    for worker in area.pool + area.nomads:
        worker.income = middling + 0.01
    poor.income, rich.income = middling - 0.01, middling + 1000
    take_courses(area, model)
    assert [w.lessons for w in (employee, idle, poor, rich)] == pytest.approx([7, 0, 7, 0])
    assert [w.lessons_total for w in (employee, idle, poor, rich)] == pytest.approx([7, 0, 7, 0])
    fees = [(p.payer, p.payee, p.purpose, p.pence) for p in model.ledger]
    assert fees == [
        ("employers", "trainers", "courses", 8400 * (len(area.employees) - 1)),
        ("workers:Northby", "trainers", "courses", 8400),
    ]
    model.source = Told({("training", 4): 0.5, ("training", 5): 0.9, ("training", 6): 1e-4})
    take_courses(area, model)  # an hour of which is worth less than nothing
    assert [employee.lessons, poor.lessons] == [0, 0]
    assert poor.lessons_total == pytest.approx(7)


@pytest.mark.parametrize("employed", [True, False])
def test_a_course_comes_along_as_often_as_its_rate_says(employed: bool) -> None:
    model = model_of(people=40)
    area = model.areas[0]
    area.environment = replace(area.environment, work_training=0.5, public_provision=3.0)
    worker = next(w for w in area.workers if w.independent is not employed)
    worker.offers = 2.0
    chance = 1 - exp(-model.rules.offer_rate * 2 * (0.5 if employed else 3.0) / 52)
    model.rules = replace(model.rules, course_fee=0.0, hours_lost=0.0)
    for u, hours in ((chance - 1e-9, 7 * exp(0.9 * 1.2815515655446008)), (chance + 1e-9, 0.0)):
        model.source = Told({("training", 4): u, ("training", 5): 0.9, ("training", 6): 0.9})
        take_courses(model.areas[0], model)
        assert worker.lessons == pytest.approx(hours)


def test_work_is_lost_by_half_the_hours() -> None:
    model = model_of(people=40)
    worker = next(w for w in model.workers if type(w) is Freelancer)
    for lessons, part in ((0.0, 1.0), (16.0, 0.8), (200.0, 0.0)):
        source = model.source = Told({})
        worker.lessons = lessons
        worker.earn(1, 1.0, 1.0, 2.0)
        assert source.means == [pytest.approx(2.0 * part)]


def test_careers_had_courses_as_often_as_they_are_taken_now() -> None:
    for off, courses_too in (((), True), (("training",), False)):
        model = model_of(off=off)
        area, rules = model.areas[0], model.rules
        before = CareerSoFar.of(model.inputs, area.environment, 2)
        for cost in (0.0, 20.0):
            taken = 1.5 * rules.offer_rate / 52 / (1 + exp((cost - rules.hour_value) / 5))
            hours = 4.0 * area.environment.outside_access + courses_too * 2 * taken * 7 * exp(0.405)
            assert before.hours(4.0, 1.5, cost) == pytest.approx(hours)


@pytest.mark.slow
def test_as_many_are_trained_as_put_in() -> None:
    """Of employees in 13 weeks .266: 2,000 people, of whom 62 % are; within four standard errors (6 in 100,000)."""
    options: dict[str, Any] = {"people": 1000, "burn_in_weeks": 52}
    trained: dict[int, bool] = {}
    model: PlainModel | None = None
    for model in weekly(13, off=("turnover", "encounters"), **options):
        for worker in model.workers:
            trained[worker.key] = trained.get(worker.key, False) or worker.lessons > 0
    assert model is not None
    employed = [trained[w.key] for area in model.areas for w in area.employees]
    assert fmean(employed) == pytest.approx(0.266, abs=4 * sqrt(0.266 * 0.734 / len(employed)))
