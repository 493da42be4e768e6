"""People at week 0, drawn as the rules say: the plain twin of the product's synthetic population."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, floor
from typing import TYPE_CHECKING

from colearn.quantities.skills import OCCUPATIONS, SKILLS

from .environment import Environment, environment_of

if TYPE_CHECKING:
    from colearn.scenario import Region, Scenario

    from .plain_draws import Source

__all__ = ["PersonAtStart", "population_at_start"]


@dataclass(frozen=True, slots=True)
class PersonAtStart:
    """One worker before the first week.

    ``key`` = region << 22 | ordinal; ``region`` and ``space`` count from 0 in file order, ``space`` within the
    region; ``occupation`` indexes OCCUPATIONS; ``days`` a week, ``offset`` in the cycle of eight weeks, hours and
    GBP a week.
    """

    key: int
    region: int
    status: str
    occupation: int
    career_years: float
    sociability: float
    learning_hours: float
    days: int
    taste: float
    power: float
    employer_hours: float
    offset: int
    skills: tuple[float, ...]
    income: float
    work: float = 1.0
    contacts: float = 0.0
    space: int = 0


def population_at_start(scenario: Scenario, source: Source) -> list[PersonAtStart]:
    """Everybody, in the order of keys."""
    people = []
    for index, region in enumerate(scenario.regions):
        environment = environment_of(scenario, region)
        for ordinal in range(_people_in(region, environment)):
            space = ordinal % region.spaces if region.spaces else 0
            people.append(_person(scenario, source, environment, index, ordinal, space))
    return people


def _people_in(region: Region, environment: Environment) -> int:
    # AMBIGUOUS in the rules: how spaces * catchment becomes a whole number. Here it is rounded half up.
    if region.people is not None:
        return int(region.people)
    return floor(region.spaces * environment.catchment + 0.5)


def _person(
    scenario: Scenario, source: Source, environment: Environment, region: int, ordinal: int, space: int
) -> PersonAtStart:
    """Draw k of the stream "population" decides the k-th trait."""
    key = region << 22 | ordinal

    def number(name: str) -> float:
        return float(scenario.values[name])

    def uniform(k: int) -> float:
        return source.uniform("population", key, 0, k)

    def normal(k: int) -> float:
        return source.normal("population", key, 0, k)

    employee = not uniform(0) < number("population.freelancer_share")
    sociability_sd = number("population.sociability_sd")
    power = exp(number("population.earning_sd") * normal(7))
    mean_skill, skill_sd = number("population.start_skill"), number("population.start_skill_sd")
    skills = [mean_skill + skill_sd * normal(10 + k) for k in range(len(SKILLS))]
    hours_sd = number("population.learning_hours_sd")
    training = number("population.employer_training")
    return PersonAtStart(
        key=key,
        region=region,
        status="employee" if employee else "freelancer",
        occupation=_occupation(scenario, uniform(1)),
        career_years=uniform(2) * number("population.career_years"),
        sociability=exp(sociability_sd * normal(3) - sociability_sd**2 / 2),
        learning_hours=number("population.learning_hours") * exp(hours_sd * normal(4)),
        days=_days(scenario, uniform(5)),
        taste=number("membership.taste_sd") * normal(6),
        power=power,
        employer_hours=training * source.exponential("population", key, 0, 8) if employee else 0.0,
        offset=floor(8 * uniform(9)),
        skills=tuple(min(max(skill, 0.02), 0.98) for skill in skills),
        income=_income(scenario, environment, power, employee=employee),
        space=space,
    )


def _occupation(scenario: Scenario, u: float) -> int:
    """The first occupation whose cumulative share exceeds u; the last takes the rest."""
    cumulative = 0.0
    for index, occupation in enumerate(OCCUPATIONS[:-1]):
        cumulative += float(scenario.values[f"population.{occupation}_share"])
        if u < cumulative:
            return index
    return len(OCCUPATIONS) - 1


def _days(scenario: Scenario, u: float) -> int:
    """5 days; 4 or 3, evenly; 2 or 1, evenly: by cumulative shares of full-time, frequent and the rest."""
    full = float(scenario.values["population.full_time_share"])
    frequent = float(scenario.values["population.frequent_share"])
    if u < full:
        return 5
    if u < full + frequent:
        return 4 if u < full + frequent / 2 else 3
    return 2 if u < full + frequent + (1 - full - frequent) / 2 else 1


def _income(scenario: Scenario, environment: Environment, power: float, *, employee: bool) -> float:
    """GBP a week that somebody of this earning power can expect."""

    def number(name: str) -> float:
        return float(scenario.values[name])

    if employee:
        return number("income.wage") * environment.income_level * power
    projects = number("income.projects") * environment.demand
    mean_fee = number("income.fee") * exp(number("income.fee_spread") ** 2 / 2)
    return projects * mean_fee * environment.income_level * power
