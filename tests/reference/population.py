"""People at week 0 and newcomers, drawn as the rules say: the plain twin of the product's synthetic population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor
from typing import TYPE_CHECKING, Final

from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS

from .careers import CareerSoFar
from .courses import offers_to
from .environment import Environment, environment_of
from .livelihoods import EMPLOYED, expected_income, status_of
from .rules import Rules

if TYPE_CHECKING:
    from coworksim.model.scenario import Region, Scenario

    from .plain_draws import Source

__all__ = ["MOST_PEOPLE", "PersonAtStart", "newcomer", "population_at_start"]

#: People that the keys of one region have room for, at a time.
MOST_PEOPLE: Final = 65536


@dataclass(frozen=True, slots=True)
class PersonAtStart:
    """One worker before the first week of theirs, which is ``entered``.

    ``key`` = region << 22 | ordinal << 6 | generation; ``occupation`` indexes OCCUPATIONS; careers in years, ``days``
    a week, hours and GBP a week; ``offers`` is a factor on courses that come along, ``sponsor`` the share of a fee that
    the employer pays, ``home`` a place in km, ``tools`` says whether new tools are in use, ``cluster``
    whether the person works in a microcluster.
    """

    key: int
    region: int
    status: str
    occupation: int
    career_start: float
    career_end: float
    sociability: float
    learning_hours: float
    days: int
    taste: float
    power: float
    offers: float
    sponsor: float
    home: tuple[float, float]
    tools: bool
    cluster: bool
    skills: tuple[float, ...]
    income: float
    work: float = 1.0
    contacts: float = 0.0
    entered: int = 0


def population_at_start(scenario: Scenario, source: Source) -> list[PersonAtStart]:
    """Everybody, in the order of keys."""
    rules = Rules.of(scenario)
    moves = scenario.mechanisms["frontier"]
    frontiers = [
        rules.frontier(occupation, -scenario.start_week) if moves else [1.0] * len(SKILLS)
        for occupation in range(len(OCCUPATIONS))
    ]
    tools = float(scenario.values["adoption.start"]) if scenario.mechanisms["adoption"] else 1.0
    people = []
    for index, region in enumerate(scenario.regions):
        environment = environment_of(scenario, region)
        number = _people_in(region, environment, measured=scenario.values["environment.differences"] == "measured")
        if number > MOST_PEOPLE:
            raise ValueError(f"{region.name} has {number} people; a region can have {MOST_PEOPLE}: split it in two")
        draw = _Draw(scenario, source, environment, frontiers, tools)
        people += [draw.person(index << 22 | ordinal << 6) for ordinal in range(number)]
    return people


def newcomer(
    scenario: Scenario,
    source: Source,
    environment: Environment,
    frontiers: Sequence[Sequence[float]],
    tools_share: float,
    key: int,
    week: int,
    *,
    nomad: bool,
) -> PersonAtStart:
    """Somebody who begins a career in ``week``: a nomad in a nomad's place, another in another's."""
    return _Draw(scenario, source, environment, frontiers, tools_share).person(key, week, newcomer=True, nomad=nomad)


def _people_in(region: Region, environment: Environment, *, measured: bool) -> int:
    """As said, or spaces times catchment, rounded half up; where that is measured, no more than keys have room for."""
    if region.people is not None:
        return int(region.people)
    people = floor(region.spaces * environment.catchment + 0.5)
    is_set = "catchment" in region.environment or region.own_spaces
    return min(MOST_PEOPLE, people) if measured and not is_set else people


@dataclass(frozen=True, slots=True)
class _Draw:
    """Draws people: number k of the stream "population", in week 0, decides the k-th trait of the key's owner."""

    scenario: Scenario
    source: Source
    environment: Environment
    frontiers: Sequence[Sequence[float]]
    tools_share: float

    def number(self, name: str) -> float:
        return float(self.scenario.values[name])

    def person(self, key: int, week: int = 0, *, newcomer: bool = False, nomad: bool = False) -> PersonAtStart:
        def uniform(k: int) -> float:
            return self.source.uniform("population", key, 0, k)

        def normal(k: int) -> float:
            return self.source.normal("population", key, 0, k)

        number = self.number
        status = status_of(self.scenario.values, uniform(0), newcomer=newcomer, nomad=nomad)
        employed = status in EMPLOYED
        occupation = self.occupation(uniform(1))
        career = number("population.career_years") * (0.75 + 0.5 * uniform(18))
        sociability_sd = number("population.sociability_sd")
        power = exp(number("population.earning_sd") * normal(7))
        begins = newcomer and not nomad
        years = 0.0 if begins else uniform(2) * career
        here = self.environment
        income = expected_income(self.scenario.values, status, power, level=here.income_level, demand=here.demand)
        sponsored = employed and uniform(19) < number("population.sponsored_share")
        side = here.side(number("population.region_side"))
        budget = number("population.learning_hours") * exp(number("population.learning_hours_sd") * normal(4))
        skills = [
            min(
                max(number("population.entry_skill") + number("population.entry_skill_sd") * normal(10 + k), 0.02), 0.98
            )
            for k in range(len(SKILLS))
        ]
        before = CareerSoFar.of(self.scenario, here, occupation)
        offers = offers_to(self.source, key, before.rules.clumping)
        hours = before.hours(
            budget, offers * here.courses(employed=employed), 0.0 if employed else before.rules.hour_cost(income)
        )
        return PersonAtStart(
            key=key,
            region=key >> 22,
            status=status,
            occupation=occupation,
            career_start=years,
            career_end=career,
            sociability=exp(sociability_sd * normal(3) - sociability_sd**2 / 2),
            learning_hours=budget,
            days=self.days(uniform(5)),
            taste=number("membership.taste_sd") * normal(6),
            power=power,
            offers=offers,
            sponsor=number("population.sponsorship") if sponsored else 0.0,
            home=(uniform(20) * side, uniform(21) * side),
            tools=uniform(22) < self.tools_share,
            cluster=uniform(23) < number("clusters.firms"),
            skills=tuple(
                before.after(k, x, years, hours) * best
                for k, (x, best) in enumerate(zip(skills, self.frontiers[occupation], strict=True))
            ),
            income=income,
            entered=week,
        )

    def occupation(self, u: float) -> int:
        """The first occupation whose cumulative share exceeds u; the last takes the rest."""
        cumulative = 0.0
        for index, occupation in enumerate(OCCUPATIONS[:-1]):
            cumulative += self.number(f"population.{occupation}_share")
            if u < cumulative:
                return index
        return len(OCCUPATIONS) - 1

    def days(self, u: float) -> int:
        """5 days; 4 or 3, evenly; 2 or 1, evenly: by cumulative shares of full-time, frequent and the rest."""
        full = self.number("population.full_time_share")
        frequent = self.number("population.frequent_share")
        if u < full:
            return 5
        if u < full + frequent:
            return 4 if u < full + frequent / 2 else 3
        return 2 if u < full + frequent + (1 - full - frequent) / 2 else 1
