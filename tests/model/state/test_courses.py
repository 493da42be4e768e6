"""Courses: what is solved for comes out, and what an hour costs whom."""

import math

import numpy as np
import pytest

from coworksim.model.parameters.parameter import UnsolvableError
from coworksim.model.parameters.skills import STATUSES
from coworksim.model.parameters.week import TrainingParameters
from coworksim.model.scenario import by_default
from coworksim.model.state.courses import (
    chance_to_take,
    cost_of_hour,
    factor_on_offers,
    hours_a_week,
    solved,
    trained,
    worth_of_hour,
)
from coworksim.model.state.rng import run_key

USUAL = by_default(TrainingParameters)
INCOMES = (200.0, 400.0, 900.0)


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize(("employees", "ratio", "fee"), [(0.266, 0.5, 12.0), (0.15, 0.4, 30.0), (0.4, 0.9, 0.0)])
def test_employees_and_the_independent_train_as_often_as_asked(employees: float, ratio: float, fee: float) -> None:
    """In 13 weeks, by the mean over a gamma mixture of Poisson courses, worked out here."""
    p = solved(USUAL._replace(employees=employees, ratio=ratio, fee=fee), INCOMES)

    def share(cost: float) -> float:
        return float(1 - (1 + p.rate * logistic((p.value - cost) / 5) / (4 * 0.3)) ** -0.3)

    assert share(0.0) == pytest.approx(employees, abs=1e-6)
    alone = sum(share(fee + 0.5 * income / 40) for income in INCOMES) / 3
    assert alone == pytest.approx(ratio * employees, abs=1e-6)


def test_who_trains_in_13_weeks_a_year_and_three_years() -> None:
    """The published 13-week figure goes with about half of employees in a year, and three in five in three years."""
    p = solved(USUAL, INCOMES)
    taken = p.rate * chance_to_take(0.0, p)
    assert trained(taken, p.clumping) == pytest.approx(0.266, abs=1e-6)
    shares = [1 - (1 + taken * years / 0.3) ** -0.3 for years in (1, 3)]
    assert shares == pytest.approx([0.47, 0.61], abs=0.01)


def test_with_nothing_to_pay_the_independent_train_as_often_as_employees() -> None:
    p = solved(USUAL, INCOMES)._replace(fee=0.0, lost=0.0)
    status = STATUSES.index("freelancer"), STATUSES.index("employee")
    assert hours_a_week(status[0], 400.0, 1.0, p) == hours_a_week(status[1], 400.0, 1.0, p)


def test_what_an_hour_costs_and_is_worth() -> None:
    p = USUAL._replace(value=10.0)
    costs = [cost_of_hour(STATUSES.index(name), 480.0, p) for name in STATUSES]
    assert costs == [18.0, 18.0, 18.0, 0.0, 0.0]
    assert worth_of_hour(0.5, p) == 10.0
    assert worth_of_hour(0.8, p) == pytest.approx(10 + 5 * math.log(4))
    assert chance_to_take(18.0, p) == pytest.approx(logistic(-1.6))


def test_values_that_nothing_brings_about_are_told() -> None:
    with pytest.raises(UnsolvableError, match=r"write training\.ratio nearer to 1"):
        solved(USUAL._replace(ratio=0.05, value_spread=100.0), INCOMES)


@pytest.mark.parametrize("shape", [0.3, 0.9])
def test_few_get_most_courses(shape: float) -> None:
    """20,000 keys of one run: mean, variance, and the share without any offer to speak of, within 4 standard errors."""
    n = 20_000
    found = np.array([factor_on_offers(run_key(5), key, shape) for key in range(n)])
    assert found.min() >= 0.0
    assert found.mean() == pytest.approx(1.0, abs=4 * (1 / shape / n) ** 0.5)
    fourth = 3 / shape**2 + 6 / shape**3  # central moment of a gamma number of mean 1
    assert found.var() == pytest.approx(1 / shape, abs=4 * ((fourth - 1 / shape**2) / n) ** 0.5)
    none = float(np.exp(-found).mean())  # without an event at one a unit of time
    assert none == pytest.approx((1 + 1 / shape) ** -shape, abs=4 * (0.25 / n) ** 0.5)
