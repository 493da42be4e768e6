"""From what can be observed to constants of utility: a region of the UK's means, in the long run.

Elasticity, members of a space and churn are inputs; the weight of money ``alpha``, the constant ``b0`` and habit ``H``
follow. They describe people, not places: all else in the reference region is as by default (fields of the environment,
prices, who lives there), eight spaces are within reach, and of each a person has heard with chance .72. A person is a
chain of weeks in and out of spaces (:mod:`.membership_chain`). Members, spells that end, and the arc elasticity in the
third year of a price 25 % higher are sums over people.

The people are the 512 of seed 10: drawn as everybody is, they are of 400 such draws the one whose elasticity, members
and churn lie nearest to those of all draws together, at low, usual and high inputs (within 3 %; a draw lies 8 % off).

The rival form ``taste`` has no habit, and the spread of lasting taste is solved for in its place. There, a person's
best space with its lasting number, ``U``, is wanted at a look with chance ``exp(-exp(-U))``, by members as by others.
"""

import datetime
import math
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import PLACE, Flags, Floats, Integers, kernel
from coworksim.model.mechanisms.helpers.fees import employer_part, plan_fee
from coworksim.model.mechanisms.helpers.membership_chain import Chances, Constants, guessed, members_after
from coworksim.model.mechanisms.helpers.offers import (
    TASTE,
    Offer,
    burden,
    membership_value,
    of_spaces,
    utility_of_a_pound,
    wish_for,
)
from coworksim.model.own_folders import read_json, write_json
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.parameters.parameter import UnsolvableError
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.scenario import Region, Scenario, read
from coworksim.model.state.build import new_world
from coworksim.model.state.consideration import distance
from coworksim.model.state.people import EMPLOYEE, PLANS, SLOTS, Population
from coworksim.model.state.rng import AWARENESS, RunKey, drawing_aside, pence, remembered, uniform
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.synthesis import REFERENCE_PEOPLE, REFERENCE_SEED
from coworksim.model.state.world import World

#: How many live there, and of which draw.
PEOPLE, SEED = REFERENCE_PEOPLE, REFERENCE_SEED
#: What is usual in runs: the chance of having heard of a space; what people know of spaces that they are not in,
#: ln(1 + ties) and skill points a quarter.
AWARE: Final = 0.72
FEW_TIES, LITTLE_GAIN = 0.14, 0.16
DEARER: Final = 1.25
#: Steps of a search from afar: the first, and one that is too small.
_STEP, _LEAST_STEP = 0.25, 0.02
#: Decimals to which constants are solved for: far more than matter, few enough to be the same on every machine.
_DECIMALS: Final = 6
#: Constants that are kept: those solved for last.
_MOST_KEPT: Final = 256
_MONTH: Final = 52.0 / 12.0
#: Where searches start, by form: constant, habit (or ln of the spread of taste), ln of the weight of money.
_STARTS: Final = (
    ((-5.0, 4.0, 0.0), (-3.0, 4.0, 1.5), (2.0, 3.0, 2.0), (-8.0, 8.0, 0.0)),
    ((-15.0, 1.6, 0.0), (-10.0, 1.6, 2.5), (-30.0, 3.0, 3.0)),
)
#: Number of members, and logarithm of a weight, that a search may come to.
_LEAST, _STEEP = 1e-100, 9.0
#: How often at most the elasticity that is guessed is set anew, and how near what comes out has to be.
_ROUNDS, _NEAR = 12, 1e-5


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


@kernel
def _draw(run: RunKey, key: NDArray[np.uint32], p: Parameters, heard: Flags, wish: Floats) -> None:
    """Fill which spaces people have heard of, and the numbers of plans that last by the form ``taste``."""
    for i in range(len(key)):
        shared = of_spaces(run, key[i], 0, p)
        for c in range(SLOTS):
            heard[i, c] = uniform(remembered(run, np.uint64(key[i]), AWARENESS, 0, c)) < AWARE
            for plan in range(3):
                wish[i, 3 * c + plan] = shared + wish_for(run, key[i], 0, c, plan, p)


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
        reference=dict.fromkeys(INDICATORS, 1.0),
        mechanisms={name: name not in OFF for name in MECHANISMS},
        values={name: one.default for name, one in PARAMETERS.items()},
        origins={},
    )
    with drawing_aside():
        return new_world(scenario, SEED)


def _chances(p: Parameters) -> Chances:
    """Return the people of the reference region, with these tastes."""
    world = _world()
    w, price = world.workers, pence(float(PARAMETERS["space.price"].default))
    usual = [float(PARAMETERS[f"space.{name}_ratio"].default) for name in ("day", "dedicated")]
    fee = np.array([plan_fee(plan, price, *usual) for plan in range(len(PLANS))])
    rest, cost, dearer, wish = (np.empty((len(w), SLOTS * len(PLANS))) for _ in range(4))
    heard = np.empty((len(w), SLOTS), np.bool_)
    _draw(world.run, w.key, p, heard, wish)
    bare = p._replace(constant=0.0, appeal=0.0, price_weight=1.0)
    for rise, burdens in ((1.0, cost), (DEARER, dearer)):
        _weigh(w, world.spaces, heard, fee, rise, bare, rest, burdens)
    spread = float(PARAMETERS["membership.taste_sd"].default)
    return Chances(rest, cost, dearer, w.taste * (p.taste_sd / spread), wish)


def usual_tastes() -> Parameters:
    """Return tastes as by default in all."""
    return read(_world().scenario, Parameters)


def people_and_incomes(p: Parameters) -> tuple[Chances, Floats]:
    """Return the people of the reference region, with these tastes, and their incomes, GBP a week."""
    return _chances(p), _world().workers.income.copy()


def _leaving() -> float:
    """Return the chance to leave the region, or the line of work, in a week."""
    leaving, career = (float(PARAMETERS[name].default) for name in ("turnover.exit", "population.career_years"))
    return (leaving + 1.0 / career) / 52.0


def _observed(found: tuple[float, float, float], people: Chances) -> tuple[float, float, float]:
    """Return arc elasticity, members of a space, and spells that end in a month, over members."""
    members, ends, fewer = found
    catchment, number = float(PARAMETERS["environment.catchment"].default), len(people.taste)
    members, fewer = max(members, _LEAST), max(fewer, _LEAST)
    return math.log(fewer / members) / math.log(DEARER), catchment * members / number, _MONTH * ends / members


def behaviour(p: Parameters, c: Constants, people: Chances | None = None, year: int = 3) -> tuple[float, float, float]:
    """Work out what people of the reference region do.

    Args:
        p: Tastes; of the constants that ``c`` holds nothing is read.
        c: Constants of utility.
        people: Who lives there; None finds out.
        year: Which year, the first being 1, after prices have risen for good.

    Returns:
        Arc elasticity of a price 25 % higher, members of a space, and spells that end in a month, over members.
    """
    people = people or _chances(p)
    members, ends, _ = guessed(people, c, p, _leaving())
    return _observed((members, ends, members_after(people, c, p, _leaving(), year)), people)


def _constants(x: Floats, p: Parameters) -> Constants:
    """Return constants out of what a search is over: constant, habit (or ln of the spread of taste), ln of a weight."""
    weight = 0.0 if p.elasticity == 0.0 else math.exp(min(x[2], _STEEP))
    if p.persistence == TASTE:
        return Constants(weight, x[0], 0.0, math.exp(min(x[1], _STEEP)))
    return Constants(weight, x[0], x[1], 1.0)


def _search(p: Parameters, people: Chances, start: Sequence[float]) -> Floats | None:
    """Look for constants that bring the inputs about as far as is guessed; None where a start leads nowhere."""
    from scipy.optimize import root

    free, least = p.elasticity == 0.0, 1e-9

    def misses(x: Floats) -> Floats:
        found = _observed(guessed(people, _constants(x, p), p, _leaving()), people)
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

    found = _search(near(0.0), _chances(near(0.0)), _STARTS[p.persistence][0])
    part, step = 0.0, _STEP
    while found is not None and part < 1.0 and step > _LEAST_STEP:
        between = near(min(1.0, part + step))
        further = _search(between, _chances(between), found.tolist())
        if further is None:
            step /= 2
        else:
            part, found = min(1.0, part + step), further
    return found if part == 1.0 else None


def _found(p: Parameters, people: Chances, near: Floats | None) -> Floats | None:
    """Look for constants: from those that are near, or from usual starts, or from afar."""
    best_plan = max(p.day_constant, 0.0, p.dedicated_constant)
    starts = [(constant - best_plan, *others) for constant, *others in _STARTS[p.persistence]]
    begins = starts if near is None else [near.tolist(), *starts]
    found = next((x for x in (_search(p, people, start) for start in begins) if x is not None), None)
    return _from_afar(p) if found is None else found


@lru_cache(maxsize=256)
def solved(p: Parameters) -> Parameters:
    """Solve for the constants of utility at which people of the reference region do what the inputs say.

    They are kept beside the compiled code of these very sources, as every process would have to find them anew.

    Args:
        p: Tastes, with elasticity, members of a space and churn.

    Returns:
        The same with ``price_weight``, ``constant``, and ``habit`` (by the form ``taste``: ``taste_scale``).

    Raises:
        UnsolvableError: No constants bring these about together.
    """
    file, key = PLACE.folder and PLACE.folder / "constants.json", sha256(repr(p).encode()).hexdigest()
    kept = read_json(file) if file else None
    kept = kept if isinstance(kept, dict) else {}
    constants = _constants_kept(kept.get(key))
    if constants is None:
        constants = _solved(p)
        if file:
            write_json(file, dict([*kept.items(), (key, constants._asdict())][-_MOST_KEPT:]))
    return p._replace(**constants._asdict())


def _constants_kept(found: Any) -> Constants | None:
    """Return constants as they were kept; None for what are none."""
    if not isinstance(found, dict) or set(found) != {*Constants._fields}:
        return None
    return Constants(**found) if all(type(value) is float for value in found.values()) else None


def _solved(p: Parameters) -> Constants:
    """Search for constants, rounded.

    Following people week by week takes long, so a search goes by a guess of the response, and the elasticity that is
    guessed is set anew until the one that is wanted comes out.
    """
    near, aim, people = None, p.elasticity, _chances(p)
    for _ in range(_ROUNDS):
        near = _found(p._replace(elasticity=aim), people, near)
        if near is None:
            break
        constants = _constants(near, p)
        response = behaviour(p, constants, people)[0]
        if p.elasticity == 0.0 or abs(response / p.elasticity - 1.0) < _NEAR:
            return Constants(*(round(float(value), _DECIMALS) for value in constants))
        aim *= p.elasticity / response
    raise UnsolvableError(
        f"no tastes give an elasticity of {p.elasticity:g}, {p.members:g} members a space and {100 * p.churn:g} % "
        "of spells ended a month together; write membership.elasticity nearer to 0, or other members or churn"
    )
