"""Courses: how many come along for whom, what an hour of one is worth, and what it costs.

Courses come along at random, ``rate*G`` a year for a person with factor ``G``, gamma distributed over people with shape
``a`` and mean 1, so that few get most of them: of people for whom ``r`` a year come along on average, ``trained(r) = 1
- (1 + r/(4a))**-a`` have had one within 13 weeks. An hour of one is worth ``B + spread*e``, logistic over people and
courses; an employee has it free and in paid time, the independent pay a fee and lose income. A course is taken where it
is worth more than it costs.

``rate`` and ``B`` follow from what can be observed: the share of employees who take a course in 13 weeks, and how often
the independent do against them, in the reference region (incomes as by default in all, at the means of the UK).
"""

import math
from functools import lru_cache
from typing import Final

import numpy as np

from coworksim.model.kernels import Floats, kernel, rule
from coworksim.model.parameters.parameter import UnsolvableError
from coworksim.model.parameters.week import TrainingParameters as Parameters
from coworksim.model.state.arithmetic import logistic
from coworksim.model.state.people import EMPLOYEE, FREELANCER
from coworksim.model.state.rng import POPULATION, RunKey, exponential, remembered, uniform

#: Hours in a week of paid work.
WORK_HOURS: Final = 40.0
QUARTERS: Final = 4.0
#: Indices of the draws of the factor: an exponential number, and pairs that are tried.
_SIZE, _FIRST, _TRIES = 8, 32, 16
#: Decimals to which rate and value are solved for: few enough to be the same on every machine.
_DECIMALS: Final = 6
#: Where the value of an hour is looked for, in spreads on either side of the fee.
_FAR: Final = 60.0


@rule
def factor_on_offers(run: RunKey, key: int, shape: float) -> float:
    """Return a person's factor on courses that come along: a gamma number of this shape below 1, and mean 1.

    Source: Johnk 1964, Metrika 8, 5-15.
    """
    x, y = 1.0, 0.0
    for v in range(_TRIES):
        one = uniform(remembered(run, np.uint64(key), POPULATION, 0, _FIRST + 2 * v))
        other = uniform(remembered(run, np.uint64(key), POPULATION, 0, _FIRST + 1 + 2 * v))
        x, y = math.exp(math.log(one) / shape), math.exp(math.log(other) / (1.0 - shape))
        if x + y <= 1.0:
            break
    return exponential(uniform(remembered(run, np.uint64(key), POPULATION, 0, _SIZE))) * (x / (x + y)) / shape


@rule
def cost_of_hour(status: int, income: float, p: Parameters) -> float:
    """Return what an hour of a course costs a person, GBP: fee and lost income, nothing where an employer gives it."""
    return p.fee + p.lost * income / WORK_HOURS if status < EMPLOYEE else 0.0


@rule
def worth_of_hour(u: float, p: Parameters) -> float:
    """Return what an hour of a course is worth, GBP: ``B + spread*ln(u/(1 - u))`` of a uniform number."""
    return p.value + p.value_spread * math.log(u / (1.0 - u))


@rule
def chance_to_take(cost: float, p: Parameters) -> float:
    """Return the chance that an hour of a course is worth more than so many GBP."""
    return logistic((p.value - cost) / p.value_spread)


@rule
def hours_a_week(status: int, income: float, offers: float, p: Parameters) -> float:
    """Return the hours of courses that a person can expect to have in a week."""
    hours = p.hours * math.exp(p.hours_sd * p.hours_sd / 2.0)
    return p.rate / 52.0 * offers * chance_to_take(cost_of_hour(status, income, p), p) * hours


@rule
def trained(rate: float, shape: float) -> float:
    """Return the share of people with a course within 13 weeks: ``1 - (1 + r/(4a))**-a``."""
    return 1.0 - math.exp(-shape * math.log(1.0 + rate / (QUARTERS * shape)))


@kernel
def _trained_alone(taken: float, incomes: Floats, p: Parameters) -> float:
    """Return the share of the independent with a course within 13 weeks, if employees take so many a year."""
    total = 0.0
    for income in incomes:
        share = chance_to_take(cost_of_hour(FREELANCER, income, p), p) / chance_to_take(0.0, p)
        total += trained(taken * share, p.clumping)
    return total / len(incomes)


@lru_cache(maxsize=256)
def solved(p: Parameters, incomes: tuple[float, ...]) -> Parameters:
    """Solve for how often courses come along, and what an hour is worth.

    Args:
        p: The parameters; ``employees`` and ``ratio`` are what is to come out.
        incomes: Incomes of the independent in the reference region, GBP a week.

    Returns:
        The same with ``rate`` (courses a year) and ``value`` (GBP).

    Raises:
        UnsolvableError: No value of an hour brings this about.
    """
    taken = QUARTERS * p.clumping * (math.exp(-math.log(1.0 - p.employees) / p.clumping) - 1.0)
    pay, asked = np.array(incomes), p.ratio * p.employees

    def miss(spreads: float) -> float:
        return _trained_alone(taken, pay, p._replace(value=p.fee + spreads * p.value_spread)) - asked

    low, high = -_FAR, _FAR + p.lost * max(incomes) / WORK_HOURS / p.value_spread
    if miss(low) > 0.0 or miss(high) < 0.0:
        raise UnsolvableError(
            f"no value of an hour of a course makes the independent train {p.ratio:g} times as often as employees if "
            f"it costs {p.fee:g} GBP and its value spreads by {p.value_spread:g} GBP; write training.ratio nearer to 1"
        )
    for _ in range(200):  # halving: the same on every machine
        middle = (low + high) / 2.0
        low, high = (middle, high) if miss(middle) < 0.0 else (low, middle)
    found = p._replace(value=p.fee + low * p.value_spread)
    rate = taken / chance_to_take(0.0, found)
    return found._replace(rate=round(rate, _DECIMALS), value=round(found.value, _DECIMALS))
