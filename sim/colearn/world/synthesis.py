"""The people of a scenario in week 0, each fixed by his or her own entity key."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel
from colearn.quantities.skills import OCCUPATIONS
from colearn.scenario import Scenario
from colearn.world.draws import POPULATION, SEAT, RunKey, exponential, normal, uniform, word, worker_key
from colearn.world.parameters import read
from colearn.world.population import EMPLOYEE, FREELANCER, Population
from colearn.world.regions import Regions

__all__ = ["People", "people_per_region", "populate"]


class People(NamedTuple):
    """Parameters of the population, as declared in ``population.*`` and the groups they are read from."""

    freelancer_share: float
    career_years: float
    start_skill: float
    start_skill_sd: float
    sociability_sd: float
    learning_hours: float
    learning_hours_sd: float
    full_time_share: float
    frequent_share: float
    earning_sd: float
    employer_training: float
    taste_sd: float
    projects: float
    fee: float
    fee_spread: float
    wage: float


def people_per_region(scenario: Scenario, regions: Regions) -> list[int]:
    """Return how many workers each region has: as the scenario says, or spaces times catchment."""
    return [
        region.people if region.people is not None else max(1, math.floor(region.spaces * float(catchment) + 0.5))
        for region, catchment in zip(scenario.regions, regions.catchment, strict=True)
    ]


@kernel
def _person(
    i: int,
    run: RunKey,
    key: int,
    shares: NDArray[np.float64],
    p: People,
    status: NDArray[np.int8],
    occupation: NDArray[np.int8],
    career_years: NDArray[np.float64],
    sociability: NDArray[np.float64],
    learning_hours: NDArray[np.float64],
    days: NDArray[np.int8],
    taste: NDArray[np.float64],
    earning_power: NDArray[np.float64],
    employer_hours: NDArray[np.float64],
    review_offset: NDArray[np.int8],
    skill: NDArray[np.float64],
    seat: NDArray[np.float64],
) -> None:
    """Fill row i from the person's own draws (stream population, one index per attribute)."""
    who = np.uint64(key)
    free = uniform(word(run, who, POPULATION, 0, 0)) < p.freelancer_share
    status[i] = FREELANCER if free else EMPLOYEE
    u = uniform(word(run, who, POPULATION, 0, 1))
    at = 0
    edge = shares[0]
    while u >= edge and at < len(shares) - 1:
        at += 1
        edge += shares[at]
    occupation[i] = at
    career_years[i] = uniform(word(run, who, POPULATION, 0, 2)) * p.career_years
    spread = p.sociability_sd
    sociability[i] = math.exp(spread * normal(uniform(word(run, who, POPULATION, 0, 3))) - spread * spread / 2.0)
    learning_hours[i] = p.learning_hours * math.exp(
        p.learning_hours_sd * normal(uniform(word(run, who, POPULATION, 0, 4)))
    )
    u = uniform(word(run, who, POPULATION, 0, 5))
    often = p.full_time_share + p.frequent_share
    if u < p.full_time_share:
        days[i] = 5
    elif u < often:
        days[i] = 4 if u < p.full_time_share + p.frequent_share / 2.0 else 3
    else:
        days[i] = 2 if u < often + (1.0 - often) / 2.0 else 1
    taste[i] = p.taste_sd * normal(uniform(word(run, who, POPULATION, 0, 6)))
    earning_power[i] = math.exp(p.earning_sd * normal(uniform(word(run, who, POPULATION, 0, 7))))
    if not free:
        employer_hours[i] = p.employer_training * exponential(uniform(word(run, who, POPULATION, 0, 8)))
    review_offset[i] = int(math.floor(8.0 * uniform(word(run, who, POPULATION, 0, 9))))
    for k in range(8):
        start = p.start_skill + p.start_skill_sd * normal(uniform(word(run, who, POPULATION, 0, 10 + k)))
        skill[i, k] = min(max(start, 0.02), 0.98)
    for axis in range(2):
        seat[i, axis] = uniform(word(run, who, SEAT, 0, axis))


@kernel
def _populate(
    run: RunKey,
    region: NDArray[np.int32],
    ordinal: NDArray[np.int64],
    income_level: NDArray[np.float64],
    demand: NDArray[np.float64],
    shares: NDArray[np.float64],
    p: People,
    key: NDArray[np.uint32],
    status: NDArray[np.int8],
    occupation: NDArray[np.int8],
    career_years: NDArray[np.float64],
    sociability: NDArray[np.float64],
    learning_hours: NDArray[np.float64],
    days: NDArray[np.int8],
    taste: NDArray[np.float64],
    earning_power: NDArray[np.float64],
    employer_hours: NDArray[np.float64],
    review_offset: NDArray[np.int8],
    skill: NDArray[np.float64],
    seat: NDArray[np.float64],
    income: NDArray[np.float64],
) -> None:
    """Fill every row; income starts at what the person can expect to earn."""
    for i in range(len(region)):
        r = region[i]
        key[i] = worker_key(r, ordinal[i])
        _person(
            i, run, key[i], shares, p, status, occupation, career_years, sociability, learning_hours, days, taste,
            earning_power, employer_hours, review_offset, skill, seat,
        )  # fmt: skip
        if status[i] == FREELANCER:
            fee = p.fee * math.exp(p.fee_spread * p.fee_spread / 2.0)
            income[i] = p.projects * demand[r] * fee * income_level[r] * earning_power[i]
        else:
            income[i] = p.wage * income_level[r] * earning_power[i]


def occupation_shares(scenario: Scenario) -> NDArray[np.float64]:
    """Return the share of each occupation among potential users, in the order of OCCUPATIONS."""
    named = [float(scenario[f"population.{name}_share"]) for name in OCCUPATIONS[:-1]]
    return np.array([*named, max(0.0, 1.0 - sum(named))])


def populate(scenario: Scenario, regions: Regions, run: RunKey) -> Population:
    """Return the population of week 0, rows in the order of entity keys."""
    counts = people_per_region(scenario, regions)
    region = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    ordinal = np.concatenate([np.arange(count, dtype=np.int64) for count in counts])
    people = Population.empty(len(region))
    people.region[:] = region
    p = read(
        scenario, "population", People, taste_sd="membership.taste_sd", projects="income.projects",
        fee="income.fee", fee_spread="income.fee_spread", wage="income.wage",
    )  # fmt: skip
    _populate(
        run, region, ordinal, regions.income_level, regions.demand, occupation_shares(scenario), p, people.key,
        people.status, people.occupation, people.career_years, people.sociability, people.learning_hours, people.days,
        people.taste, people.earning_power, people.employer_hours, people.review_offset, people.skill, people.seat,
        people.income,
    )  # fmt: skip
    people.work[:] = 1.0
    return people
