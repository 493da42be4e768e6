"""The people of a scenario, each fixed by his or her own entity key: those of week 0, and newcomers later."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel, rule
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.around_the_week import PopulationParameters as People
from coworksim.model.parameters.skills import OCCUPATIONS
from coworksim.model.parameters.week import TrainingParameters
from coworksim.model.scenario import Scenario, by_default, read
from coworksim.model.state.careers import Career, career_of, frontier_rule, skill_after, td_spread
from coworksim.model.state.consideration import consider
from coworksim.model.state.courses import factor_on_offers, hours_a_week, solved
from coworksim.model.state.people import EMPLOYEE, NOMAD, OWNER, SLOTS, Population, alike, empty_rows
from coworksim.model.state.policy_state import Schemes
from coworksim.model.state.rng import (
    POPULATION,
    SCHEME,
    SEAT,
    RunKey,
    exponential,
    normal,
    remembered,
    run_key,
    uniform,
    word,
    worker_key,
)
from coworksim.model.state.spaces import Regions, Spaces, courses_near

if TYPE_CHECKING:
    from coworksim.model.state.world import World


LEAST_SKILL, MOST_SKILL = 0.02, 0.98
#: The columns that a newcomer brings; the others are emptied.
_BROUGHT = (
    "key", "region", "entered", "status", "occupation", "career_start", "career_end", "sociability", "learning_hours",
    "days", "taste", "earning_power", "offers", "sponsor", "home", "seat", "candidate",
    "aware", "tools", "cluster", "skill", "skill_at_opening", "income", "work",
)  # fmt: skip  # a list of names: a line each would hide the file's first function
_EMPTIED = alike(c for c in fields(Population) if c.name not in _BROUGHT)


class Origin(NamedTuple):
    """What all people are made from."""

    run: RunKey
    p: People
    career: Career
    training: TrainingParameters
    spread_td: Floats
    of_status: Floats  # shares
    of_status_without_nomads: Floats
    of_occupation: Floats
    first_space: Integers  # (regions + 1) where the spaces of a region begin
    frontier: Floats  # (occupations, skills) that of the world, as it moves
    clustered: float  # share of people who work in a microcluster


class Newcomers(NamedTuple):
    """Who settles: rows, the generation of each in its place, and what each finds."""

    row: Integers
    generation: Integers
    after_nomad: Flags  # takes the place of a nomad
    tools_share: Floats  # by region: chance of using the new tools
    first: bool  # the people of week 0: like nomads, in the middle of their careers


def occupation_shares(scenario: Scenario) -> Floats:
    """Return the share of each occupation among potential users, in the order of OCCUPATIONS."""
    named = [float(scenario[f"population.{name}_share"]) for name in OCCUPATIONS[:-1]]
    return np.array([*named, max(0.0, 1.0 - sum(named))])


def status_shares(scenario: Scenario) -> Floats:
    """Return the share of each status in the order of STATUSES; employees on site are the rest."""
    names = ("freelancer", "owner", "nomad", "remote")
    freelancer, owner, nomad, remote = (float(scenario[f"population.{name}_share"]) for name in names)
    return np.array([freelancer, owner, nomad, max(0.0, 1.0 - (freelancer + owner + nomad) - remote), remote])


@rule
def pick(u: float, shares: Floats) -> int:
    """Return the first entry whose cumulated share exceeds u; the last takes what is left.

    >>> pick(0.05, np.array([0.1, 0.9])), pick(0.1, np.array([0.1, 0.9]))
    (0, 1)
    """
    at = 0
    edge = shares[0]
    while u >= edge and at < len(shares) - 1:
        at += 1
        edge += shares[at]
    return at


@rule
def preferred_days(u: float, p: People) -> int:
    """Return the days a week a person would come: 5; 4 or 3, evenly; 2 or 1, evenly."""
    often = p.full_time_share + p.frequent_share
    if u < p.full_time_share:
        return 5
    if u < often:
        return 4 if u < p.full_time_share + p.frequent_share / 2.0 else 3
    return 2 if u < often + (1.0 - often) / 2.0 else 1


@rule
def expected_income(status: int, demand: float, level: float, power: float, p: People) -> float:
    """Return what a person can expect to earn, GBP/week; nomads bring their clients along (demand 1)."""
    if status >= EMPLOYEE:
        return p.wage * level * power
    fee = p.fee * math.exp(p.fee_spread * p.fee_spread / 2.0)
    income = p.projects * (1.0 if status == NOMAD else demand) * fee * level * power
    return income * p.owner_factor if status == OWNER else income


@rule
def _draw(run: RunKey, key: int, index: int) -> float:
    """Return a person's own uniform number for one attribute."""
    return uniform(word(run, np.uint64(key), POPULATION, 0, index))


#: How many live in the reference region, and of which draw; in the scatter of draws it is in the middle.
REFERENCE_PEOPLE, REFERENCE_SEED = 512, 10


@cache
def _reference_incomes() -> tuple[float, ...]:
    """Return what the independent of the reference region can expect to earn, GBP a week."""
    run, p = run_key(REFERENCE_SEED), by_default(People)
    shares = np.array([float(PARAMETERS[f"population.{n}_share"].default) for n in ("freelancer", "owner", "nomad")])
    found = []
    for place in range(REFERENCE_PEOPLE):
        key = np.uint64(worker_key(0, place, 0))
        who, power = (uniform(np.uint64(remembered(run, key, POPULATION, 0, index))) for index in (0, 7))
        if who < shares.sum():
            status = pick(who, np.append(shares, 1.0))
            found.append(expected_income(status, 1.0, 1.0, math.exp(p.earning_sd * normal(power)), p))
    return tuple(found)


def training_of(scenario: Scenario) -> TrainingParameters:
    """Return the parameters of courses, with how often they come along and what an hour is worth."""
    return solved(read(scenario, TrainingParameters), _reference_incomes())


@rule
def lasting_taste(run: RunKey, key: int, spread: float) -> float:
    """Return a person's lasting taste for coworking."""
    return spread * normal(_draw(run, key, 6))


@kernel
def draw_tastes(run: RunKey, spread: float, w: Population) -> None:
    """Draw everybody's taste again, as at his or her coming, but with another spread."""
    for i in range(len(w.key)):
        w.taste[i] = lasting_taste(run, w.key[i], spread)


@kernel
def _settle(
    week: int, new: Newcomers, w: Population, places: Regions, spaces: Spaces, schemes: Schemes, origin: Origin
) -> None:
    """Fill each newcomer's row from the person's own draws (stream population, one index per attribute)."""
    p, run = origin.p, origin.run
    for a in range(len(new.row)):
        i = new.row[a]
        r = w.region[i]
        mine = worker_key(r, i - places.first_row[r], new.generation[a])
        w.key[i] = mine
        w.entered[i] = week
        if new.after_nomad[a]:
            w.status[i] = NOMAD
        elif new.first:
            w.status[i] = pick(_draw(run, mine, 0), origin.of_status)
        else:
            w.status[i] = pick(_draw(run, mine, 0) * (1.0 - p.nomad_share), origin.of_status_without_nomads)
        o = w.occupation[i] = pick(_draw(run, mine, 1), origin.of_occupation)
        w.career_end[i] = p.career_years * (0.75 + 0.5 * _draw(run, mine, 18))
        amid = new.first or new.after_nomad[a]
        w.career_start[i] = _draw(run, mine, 2) * w.career_end[i] if amid else 0.0
        spread = p.sociability_sd
        w.sociability[i] = math.exp(spread * normal(_draw(run, mine, 3)) - spread * spread / 2.0)
        w.learning_hours[i] = p.learning_hours * math.exp(p.learning_hours_sd * normal(_draw(run, mine, 4)))
        w.days[i] = preferred_days(_draw(run, mine, 5), p)
        w.taste[i] = lasting_taste(run, mine, p.taste_sd)
        w.earning_power[i] = math.exp(p.earning_sd * normal(_draw(run, mine, 7)))
        w.offers[i] = factor_on_offers(run, mine, origin.training.clumping)
        w.sponsor[i] = 0.0
        if w.status[i] >= EMPLOYEE:
            w.sponsor[i] = p.sponsorship if _draw(run, mine, 19) < p.sponsored_share else 0.0
        w.income[i] = expected_income(w.status[i], places.demand[r], places.income_level[r], w.earning_power[i], p)
        hours = w.learning_hours[i] * places.outside_access[r] + origin.career.training_ratio * hours_a_week(
            w.status[i], w.income[i], w.offers[i] * courses_near(w.status[i], r, places), origin.training
        )
        contacts = places.firm_density[r] * places.reach[r]
        for k in range(8):
            start = p.entry_skill + p.entry_skill_sd * normal(_draw(run, mine, 10 + k))
            start = min(max(start, LEAST_SKILL), MOST_SKILL)
            spread = origin.spread_td[o, k - 4] if k >= 4 else 1.0
            start = skill_after(start, w.career_start[i], k, o, hours, spread, contacts, origin.career)
            w.skill[i, k] = start * origin.frontier[o, k]
            w.skill_at_opening[i, k] = w.skill[i, k]
        for axis in range(2):
            w.home[i, axis] = _draw(run, mine, 20 + axis) * places.side[r]
            w.seat[i, axis] = uniform(word(run, np.uint64(mine), SEAT, 0, axis))
        w.tools[i] = _draw(run, mine, 22) < new.tools_share[r]
        w.cluster[i] = _draw(run, mine, 23) < origin.clustered
        consider(i, origin.first_space[r], origin.first_space[r + 1], w, spaces)
        w.aware[i] = 0
        for c in range(SLOTS):
            if p.everyone_aware == 1 and w.candidate[i, c] >= 0:
                w.aware[i] |= 1 << c
        for k in range(schemes.hassle.shape[1]):
            schemes.hassle[i, k] = exponential(uniform(word(run, np.uint64(mine), SCHEME, 0, 2 * schemes.code[k])))
            schemes.aware[i, k] = p.everyone_aware == 1
        w.work[i] = 1.0


class Settlement:
    """How people come to be: the parameters of a start, read once."""

    def __init__(self, world: World) -> None:
        scenario, regions, w = world.scenario, len(world.regions.names), world.workers
        statuses, training = status_shares(scenario), training_of(scenario)
        without_nomads = statuses.copy()
        without_nomads[NOMAD] = 0.0
        self._origin = Origin(
            run=world.run,
            p=read(scenario, People)._replace(everyone_aware=0 if scenario.mechanisms["awareness"] else 1),
            career=career_of(scenario),
            training=training if scenario.mechanisms["training"] else training._replace(rate=0.0),
            spread_td=td_spread(),
            of_status=statuses,
            of_status_without_nomads=without_nomads,
            of_occupation=occupation_shares(scenario),
            first_space=np.searchsorted(world.spaces.region, np.arange(regions + 1)).astype(np.int64),
            frontier=world.frontier,
            clustered=float(scenario["clusters.firms"]),
        )
        self._emptied = [
            (fill, tuple(getattr(w, name).reshape(len(w), -1) for name in names)) for fill, names in _EMPTIED
        ]

    def settle(self, world: World, new: Newcomers) -> None:
        """Fill the rows of newcomers: all that a person is at the start, and nothing left of who was there."""
        schemes = world.schemes
        for fill, columns in self._emptied:
            empty_rows(new.row, fill, columns)
        for mine in (schemes.wished, schemes.state, schemes.award_week, schemes.cost, schemes.used, schemes.last_used):
            mine[new.row] = 0
        _settle(world.week, new, world.workers, world.regions, world.spaces, schemes, self._origin)


def populate(world: World) -> None:
    """Fill the world with the people of week 0, and set the frontier of that week."""
    w, scenario = world.workers, world.scenario
    world.frontier[:] = frontier_rule(scenario)(world.week - world.start)
    counts = np.diff(world.regions.first_row)
    w.region[:] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    users = float(scenario["adoption.start"]) if scenario.mechanisms["adoption"] else 1.0
    new = Newcomers(
        row=np.arange(len(w), dtype=np.int64),
        generation=np.zeros(len(w), np.int64),
        after_nomad=np.zeros(len(w), np.bool_),
        tools_share=np.full(len(counts), users),
        first=True,
    )
    Settlement(world).settle(world, new)
