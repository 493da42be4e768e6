"""Courses in the plain twin: how often they come along, what an hour of one is worth, and who takes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp
from typing import TYPE_CHECKING, Final, NamedTuple

from coworksim.model.parameters import PARAMETERS

from .laws import logistic, pence
from .livelihoods import EMPLOYED, expected_income, status_of
from .plain_draws import KeyedSource

if TYPE_CHECKING:
    from .agents import Worker
    from .model import PlainModel
    from .plain_draws import Source
    from .region import Area

__all__ = ["HOURS", "Inputs", "offers_to", "share_trained", "solved_for", "take_courses"]

#: Hours of a week of work.
HOURS: Final = 40
_PEOPLE, _SEED = 512, 10
_TRIES: Final = 16
#: A search looks so many spreads below 0 and above the dearest hour; it halves what is left so many times.
_FAR, _HALVINGS = 50, 200


class Inputs(NamedTuple):
    """What is known of courses: how many take one, and what an hour costs."""

    employees: float
    ratio: float
    fee: float
    lost: float
    spread: float
    clumping: float

    @staticmethod
    def of(values: Mapping[str, float | int | str]) -> Inputs:
        """Read them."""
        names = ("employees", "ratio", "fee", "lost", "value_spread", "clumping")
        return Inputs(*(float(values[f"training.{name}"]) for name in names))


def share_trained(rate: float, clumping: float) -> float:
    """Share of people with a course in 13 weeks, where so many a year come along by a gamma distribution of people.

    >>> share_trained(4.0, 1.0)
    0.5
    """
    return float(1 - (1 + rate / (4 * clumping)) ** -clumping)


@cache
def independent_incomes() -> tuple[float, ...]:
    """Incomes at the start, GBP a week, of the independent in the reference region: as by default in all."""
    values = {name: one.default for name, one in PARAMETERS.items()}
    level, demand = (float(values[f"environment.{name}"]) for name in ("income_level", "demand"))
    source, incomes = KeyedSource(_SEED), []
    for key in range(0, _PEOPLE << 6, 1 << 6):
        status = status_of(values, source.uniform("population", key, 0, 0))
        if status not in EMPLOYED:
            power = exp(float(values["population.earning_sd"]) * source.normal("population", key, 0, 7))
            incomes.append(expected_income(values, status, power, level=level, demand=demand))
    return tuple(incomes)


@cache
def solved_for(known: Inputs) -> tuple[float, float]:
    """Solve for the middling value of an hour, GBP, and offers a year, at which as many take courses as are known to.

    An employee pays nothing, and takes what is offered with the chance s(B/sigma). The independent pay, and lose work.
    """
    employees, ratio, fee, lost, spread, a = known
    taken = 4 * a * ((1 - employees) ** (-1 / a) - 1)
    costs = [fee + lost * income / HOURS for income in independent_incomes()]

    def excess(value: float) -> float:
        """More of the independent who take a course than there should be."""
        all_take = logistic(value / spread)
        shares = [share_trained(taken * logistic((value - cost) / spread) / all_take, a) for cost in costs]
        return sum(shares) / len(shares) - ratio * employees

    low, high = -_FAR * spread, max(costs) + _FAR * spread
    if excess(low) > 0 or excess(high) < 0:
        raise ValueError(f"no value of an hour of a course gives training.ratio {ratio:g}: write another")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    return round(low, 6), round(taken / logistic(low / spread), 6)


def offers_to(source: Source, key: int, clumping: float) -> float:
    """A person's factor on offers: a gamma number of shape ``clumping`` and mean 1, by Johnk's beta times a wait."""
    x = y = 0.0
    for v in range(_TRIES):
        x = source.uniform("population", key, 0, 32 + 2 * v) ** (1 / clumping)
        y = source.uniform("population", key, 0, 33 + 2 * v) ** (1 / (1 - clumping))
        if x + y <= 1:
            break
    return source.exponential("population", key, 0, 8) * x / (x + y) / clumping


def take_courses(area: Area, model: PlainModel) -> None:
    """Courses come along in a region; those of employees are paid by their employers."""
    by_employers = by_workers = 0
    for worker in area.workers:
        worker.lessons = _hours_taken(worker, model)
        worker.lessons_total += worker.lessons
        fee = pence(model.rules.course_fee * worker.lessons)
        if worker.independent:
            by_workers += fee
        else:
            by_employers += fee
    model.post("employers", "trainers", "courses", by_employers)
    model.post(f"workers:{area.name}", "trainers", "courses", by_workers)


def _hours_taken(worker: Worker, model: PlainModel) -> float:
    """Hours of the course that comes along this week, if one does, and is worth more than it costs."""
    rules, source, week = model.rules, model.source, model.week
    local = worker.area.environment.courses(employed=not worker.independent)
    if source.uniform("training", worker.key, week, 4) >= 1 - exp(-rules.offer_rate * worker.offers * local / 52):
        return 0.0
    u = source.uniform("training", worker.key, week, 6)
    cost = rules.hour_cost(worker.income) if worker.independent else 0.0
    if rules.hour_worth(u) <= cost:
        return 0.0
    return rules.course_hours * exp(rules.course_hours_sd * source.normal("training", worker.key, week, 5))
