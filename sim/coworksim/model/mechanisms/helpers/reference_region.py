"""From what can be observed to constants of utility: a region of the UK's means, in the long run.

Elasticity, members of a space and churn are inputs; the weight of money ``alpha``, the constant ``b0`` and habit ``H``
follow. They describe people, not places: all else in the reference region is as by default (fields of the environment,
prices, who lives there), eight spaces are within reach, and of each a person has heard with chance .65. A person is a
chain of two states. In a week he or she looks with chance ``1/R``; outside, a look ends in a space with chance ``J =
S**mu/(1 + S**mu)``, where ``S`` sums ``exp(V/mu)`` over what is on offer. For a member of ``t`` weeks ``S`` becomes
``A*exp((H(t) + B(t))/mu) + S'``, where ``A`` is the own space's part, ``S'`` the rest, and ``B`` the pull of ties and
learning as usual after ``t`` weeks; at a look he or she stays in a space with the chance ``J`` of that, and in the own
one with its share of ``S``; other spells end by turnover. With ``D`` the mean weeks in spaces of somebody who joins,
``pi = J*D/(R + J*D)`` is the share of time spent as a member. ``k`` weeks after a rise in price, ``exp(-(J/R +
1/D)*k)`` of the way to the new long run is left. Members, spells that end, and the arc elasticity in the third year of
a price 25 % higher are sums over people.

The rival form ``taste`` has no habit, and the spread of lasting taste is solved for in its place. There, a person's
best space with its lasting number, ``U``, is wanted at a look with chance ``exp(-exp(-U))``, by members as by others.
"""

import datetime
import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel, rule
from coworksim.model.mechanisms.helpers.fees import employer_part, plan_fee
from coworksim.model.mechanisms.helpers.offers import (
    HABIT_WEEKS,
    TASTE,
    Offer,
    burden,
    membership_value,
    of_spaces,
    utility_of_a_pound,
    wish_for,
)
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.scenario import Region, Scenario, read
from coworksim.model.state.build import new_world
from coworksim.model.state.consideration import distance
from coworksim.model.state.people import EMPLOYEE, PLANS, SLOTS, Population
from coworksim.model.state.rng import AWARENESS, drawing_aside, pence, remembered, uniform
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.world import World

PEOPLE: Final = 256
#: What is usual in runs: the chance of having heard of a space; what a member of some months knows of his or her space,
#: ln(1 + ties) and skill points a quarter, and which others know of theirs.
AWARE: Final = 0.65
TIES, GAIN, FEW_TIES, LITTLE_GAIN = 3.2, 1.2, 0.14, 0.16
#: Weeks after a rise at which elasticity is measured: the middle of the third year; and of the first.
THIRD_YEAR, FIRST_YEAR = 130.0, 26.0
DEARER: Final = 1.25
#: Weeks after which habit counts whole.
_GROWN: Final = 65
#: Steps of a search from afar: the first, and one that is too small.
_STEP, _LEAST_STEP = 0.25, 0.02
#: Decimals to which constants are solved for: far more than matter, few enough to be the same on every machine.
_DECIMALS: Final = 6
_MONTH: Final = 52.0 / 12.0
#: Where searches start, by form: constant, habit (or ln of the spread of taste), ln of the weight of money.
_STARTS: Final = (
    ((-5.0, 4.0, 0.0), (-3.0, 4.0, 1.5), (2.0, 3.0, 2.0), (-8.0, 8.0, 0.0)),
    ((-15.0, 1.6, 0.0), (-10.0, 1.6, 2.5), (-30.0, 3.0, 3.0)),
)
#: Utility, number of members, and logarithm of a weight that a search may come to.
_MOST, _LEAST, _STEEP = 600.0, 1e-100, 9.0


class Chances(NamedTuple):
    """The people of the reference region: what plans are worth but for constant, money, habit and taste; and these."""

    rest: Floats  # (people, SLOTS*PLANS) utility, NaN for what a person has not heard of
    burden: Floats  # the same shape: what the price takes off, per unit of alpha
    dearer: Floats  # the same at a price 25 % higher
    taste: Floats
    wish: Floats  # as rest: the Gumbel numbers of plans, which last by the form ``taste``


class Constants(NamedTuple):
    """What is solved for."""

    price_weight: float
    constant: float
    habit: float
    taste_scale: float


class Course(NamedTuple):
    """One person's time in and out of spaces."""

    member: float  # share of time as a member, in the long run
    ends: float  # spells that end, a week of membership
    pace: float  # share of the way to a new long run that is gone in a week


@rule
def _inside(total: float, mu: float) -> float:
    """Return the chance that a look ends in a space: ``S**mu/(1 + S**mu)``."""
    return 1.0 / (1.0 + math.exp(-mu * math.log(total)))


@kernel
def _course(i: int, price: Floats, people: Chances, c: Constants, p: Parameters, quits: float) -> Course:
    """Return how person i spends his or her time where prices take this much off."""
    joins = own = 0.0
    best = -_MOST
    for slot in range(SLOTS):
        worth = 0.0
        for b in range(3 * slot, 3 * slot + 3):
            if not math.isnan(people.rest[i, b]):
                value = people.rest[i, b] + c.constant - c.price_weight * price[i, b] + c.taste_scale * people.taste[i]
                worth += math.exp(min(value / p.dissimilarity, _MOST))
                best = max(best, value + people.wish[i, b])
        joins += worth
        own += worth * worth
    if joins <= 0.0:
        return Course(0.0, 0.0, 1.0)
    if p.persistence == TASTE:
        wants = math.exp(-math.exp(-best))
        return Course(wants, min(1.0, (1.0 - wants) / p.review_weeks + quits), 1.0 / p.review_weeks)
    own /= joins  # of the space that a joiner is in, on average
    others = joins - own
    pull = p.ties_weight * TIES + p.learning_weight * GAIN
    alive, spell, moved = 1.0, 0.0, 0.0
    leave = move = 0.0
    for t in range(_GROWN + 1):
        young = math.exp(-t / HABIT_WEEKS) if t < _GROWN else 0.0
        grown = (c.habit * (1.0 - p.early_habit * young) + pull * (1.0 - young)) / p.dissimilarity
        held = own * math.exp(min(grown, _MOST))
        inside = _inside(held + others, p.dissimilarity)
        move = inside * others / (others + held) / p.review_weeks
        leave = min(1.0, (1.0 - inside * held / (others + held)) / p.review_weeks + quits)
        if t < _GROWN:
            spell += alive
            moved += alive * move
            alive *= 1.0 - leave
    spell += alive / leave
    moved += alive * move / leave
    weeks, entry = spell / (1.0 - moved), _inside(joins, p.dissimilarity) / p.review_weeks
    return Course(entry * weeks / (1.0 + entry * weeks), 1.0 / spell, min(1.0, entry + 1.0 / weeks))


@kernel
def _response(people: Chances, c: Constants, p: Parameters, quits: float, weeks: float) -> tuple[float, float, float]:
    """Return members, spells that end a week, and members so many weeks after prices have risen for good."""
    members = ends = fewer = 0.0
    for i in range(len(people.rest)):
        now, then = _course(i, people.burden, people, c, p, quits), _course(i, people.dearer, people, c, p, quits)
        members += now.member
        ends += now.member * now.ends
        fewer += then.member + (now.member - then.member) * math.exp(-then.pace * weeks)
    return members, ends, fewer


@kernel
def _weigh(
    w: Population, spaces: Spaces, known: Flags, fee: Integers, rise: float, p: Parameters, rest: Floats, price: Floats
) -> None:
    """Fill what plans are worth but for constant, money, habit and taste, and what a fee, so much dearer, takes off."""
    for i in range(len(rest)):
        pound = utility_of_a_pound(w.income[i], p)
        for c in range(SLOTS):
            km = distance(i, w.candidate[i, c], w, spaces)
            for plan in range(3):
                own = fee[plan] - employer_part(fee[plan], w.sponsor[i])
                price[i, 3 * c + plan] = burden(rise * own / 100.0, w.income[i], pound, p)
                offer = Offer(0.0, w.income[i], pound, False, 0, 0, LITTLE_GAIN, 0.0, km, plan)
                worth = membership_value(offer, 0.0, w.status[i] == EMPLOYEE, p) + p.ties_weight * FEW_TIES
                rest[i, 3 * c + plan] = worth if known[i, c] else math.nan


@cache
def _world() -> World:
    """Return the reference region in its first week: as by default in all, at the means of the UK."""
    region = Region(
        name="Reference region",
        flag="other",
        spaces=SLOTS,
        people=PEOPLE,
        indicators=dict.fromkeys(INDICATORS, 1.0),
        environment={field: float(PARAMETERS[f"environment.{field}"].default) for field in FIELDS},
    )
    scenario = Scenario(
        name="reference",
        title="Reference region",
        question="What do people want there?",
        starts=datetime.date(2022, 1, 3),
        burn_in_weeks=0,
        market="new",
        spin_up_weeks=0,
        weeks=1,
        seed=0,
        regions=(region,),
        reference=dict.fromkeys(INDICATORS, (0.0, 1.0)),
        mechanisms={name: name not in OFF for name in MECHANISMS},
        values={name: one.default for name, one in PARAMETERS.items()},
        origins={},
    )
    with drawing_aside():
        return new_world(scenario, 0)


def _chances(p: Parameters) -> Chances:
    """Return the people of the reference region, with these tastes."""
    world = _world()
    w, price = world.workers, pence(float(PARAMETERS["space.price"].default))
    usual = [float(PARAMETERS[f"space.{name}_ratio"].default) for name in ("day", "dedicated")]
    fee = np.array([plan_fee(plan, price, *usual) for plan in range(len(PLANS))])
    heard = [
        [uniform(np.uint64(remembered(world.run, np.uint64(key), AWARENESS, 0, c))) < AWARE for c in range(SLOTS)]
        for key in w.key
    ]
    rest, cost, dearer = (np.empty((len(w), SLOTS * len(PLANS))) for _ in range(3))
    bare = p._replace(constant=0.0, appeal=0.0, price_weight=1.0)
    for rise, burdens in ((1.0, cost), (DEARER, dearer)):
        _weigh(w, world.spaces, np.array(heard), fee, rise, bare, rest, burdens)
    spread = float(PARAMETERS["membership.taste_sd"].default)
    wish = [
        [
            of_spaces(world.run, int(key), 0, p) + wish_for(world.run, int(key), 0, c, plan, p)
            for c in range(SLOTS)
            for plan in range(len(PLANS))
        ]
        for key in w.key
    ]
    return Chances(rest, cost, dearer, w.taste * (p.taste_sd / spread), np.array(wish))


def usual_tastes() -> Parameters:
    """Return tastes as by default in all."""
    return read(_world().scenario, Parameters)


def people_and_incomes(p: Parameters) -> tuple[Chances, Floats]:
    """Return the people of the reference region, with these tastes, and their incomes, GBP a week."""
    return _chances(p), _world().workers.income.copy()


def behaviour(
    p: Parameters, c: Constants, people: Chances | None = None, weeks: float = THIRD_YEAR
) -> tuple[float, float, float]:
    """Work out what people of the reference region do.

    Args:
        p: Tastes; of the constants that ``c`` holds nothing is read.
        c: Constants of utility.
        people: Who lives there; None finds out.
        weeks: How long after prices have risen for good.

    Returns:
        Arc elasticity of a price 25 % higher, members of a space, and spells that end in a month, over members.
    """
    people = people or _chances(p)
    leaving, career = (float(PARAMETERS[name].default) for name in ("turnover.exit", "population.career_years"))
    members, ends, fewer = _response(people, c, p, (leaving + 1.0 / career) / 52.0, weeks)
    catchment, number = float(PARAMETERS["environment.catchment"].default), len(people.taste)
    members, fewer = max(members, _LEAST), max(fewer, _LEAST)
    return math.log(fewer / members) / math.log(DEARER), catchment * members / number, _MONTH * ends / members


def _constants(x: Floats, p: Parameters) -> Constants:
    """Return constants out of what a search is over: constant, habit (or ln of the spread of taste), ln of a weight."""
    weight = 0.0 if p.elasticity == 0.0 else math.exp(min(x[2], _STEEP))
    if p.persistence == TASTE:
        return Constants(weight, x[0], 0.0, math.exp(min(x[1], _STEEP)))
    return Constants(weight, x[0], x[1], 1.0)


def _search(p: Parameters, start: Sequence[float] | Floats) -> Floats | None:
    """Look for constants from a start; None where that leads nowhere."""
    from scipy.optimize import root

    people, free, least = _chances(p), p.elasticity == 0.0, 1e-9

    def misses(x: Floats) -> Floats:
        found = behaviour(p, _constants(x, p), people)
        miss = [math.log(max(a, least) / b) for a, b in zip(found[1:], (p.members, p.churn), strict=True)]
        return np.array(miss if free else [*miss, (found[0] - p.elasticity) / max(1.0, -p.elasticity)])

    found = root(misses, start[: 2 if free else 3], method="hybr", options={"xtol": 1e-12})
    return found.x if found.success or np.abs(misses(found.x)).max() < least else None


def _from_afar(p: Parameters) -> Floats | None:
    """Go from usual tastes, where the search is easy, to these, in steps as small as they have to be."""
    usual = usual_tastes()
    numbers = [name for name in p._fields if name not in ("persistence", "money")]

    def near(part: float) -> Parameters:
        pairs = ((getattr(usual, name), getattr(p, name)) for name in numbers)
        return p._replace(**dict(zip(numbers, ((1 - part) * one + part * other for one, other in pairs), strict=True)))

    found = _search(near(0.0), _STARTS[p.persistence][0])
    part, step = 0.0, _STEP
    while found is not None and part < 1.0 and step > _LEAST_STEP:
        further = _search(near(min(1.0, part + step)), found.tolist())
        if further is None:
            step /= 2
        else:
            part, found = min(1.0, part + step), further
    return found if part == 1.0 else None


@lru_cache(maxsize=256)
def solved(p: Parameters) -> Parameters:
    """Solve for the constants of utility at which people of the reference region do what the inputs say.

    Args:
        p: Tastes, with elasticity, members of a space and churn.

    Returns:
        The same with ``price_weight``, ``constant``, and ``habit`` (by the form ``taste``: ``taste_scale``).

    Raises:
        ValueError: No constants bring these about together.
    """
    best_plan = max(p.day_constant, 0.0, p.dedicated_constant)
    starts = [(constant - best_plan, *others) for constant, *others in _STARTS[p.persistence]]
    found = next((x for x in (_search(p, start) for start in starts) if x is not None), None)
    found = _from_afar(p) if found is None else found
    if found is None:
        raise ValueError(
            f"no tastes give an elasticity of {p.elasticity:g}, {p.members:g} members a space and {100 * p.churn:g} % "
            "of spells ended a month together; write membership.elasticity nearer to 0, or other members or churn"
        )
    return p._replace(**{name: round(value, _DECIMALS) for name, value in _constants(found, p)._asdict().items()})
