"""Income: projects, fees and wages of the week.

Skill counts as the weighted mean of ``x = s/F``, with creative problem solving and generative AI in one aggregate of
constant elasticity: the lower its exponent, the more a job demands both. Without new tools, generative AI counts as 0.

Projects are Poisson with mean ``projects * demand * exp(trend*years) * (kappa*e + (1 - kappa)*e/E)`` where
``e = exp(eps*(skill - 1/2))`` and ``E`` is the mean of ``e`` over the region's freelancers and owners: a share
``1 - kappa`` of what skill brings is taken from others of the region. Policies may multiply demand. Nomads bring their
clients along (demand 1, no trend, ``E = 1``). Fees are lognormal, those of owners with staff higher by a factor. An
employee's wage rises with skill. Hours of a course take work from the independent: ``1 - lost*hours/40`` is left.
Smoothed income and workload are exponentially weighted means.
"""

import math

import numpy as np

from coworksim.model.kernels import Floats, Integers, kernel, rule
from coworksim.model.parameters.week import IncomeParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import FIXED_ONE, fixed
from coworksim.model.state.courses import WORK_HOURS
from coworksim.model.state.people import EMPLOYEE, NOMAD, OWNER, Population
from coworksim.model.state.rng import PROJECTS, RunKey, normal, pence, poisson, uniform, word
from coworksim.model.state.spaces import Regions
from coworksim.model.state.world import World

CREATIVITY, AI = 3, 7


@rule
def _term(weight: float, x: float, rho: float) -> float:
    """Return ``weight * x**rho`` (rho not 0); a skill of 0 adds nothing when rho > 0."""
    return weight * math.exp(rho * math.log(x)) if x > 0.0 else 0.0


@rule
def tandem(creativity: float, ai: float, w_creativity: float, w_ai: float, rho: float) -> float:
    """Return ``((w_1*x_1**rho + w_2*x_2**rho)/(w_1 + w_2))**(1/rho)``: 1 adds, 0 is geometric, below the weaker rules.

    >>> tandem(0.2, 0.6, 1.0, 1.0, 1.0), round(tandem(0.2, 0.8, 1.0, 1.0, 0.0), 9), tandem(0.2, 0.0, 1.0, 1.0, -1.0)
    (0.4, 0.4, 0.0)
    """
    weights = w_creativity + w_ai
    if weights <= 0.0:
        return 0.0
    if rho == 1.0:
        return (w_creativity * creativity + w_ai * ai) / weights
    if rho <= 0.0 and ((w_creativity > 0.0 and creativity <= 0.0) or (w_ai > 0.0 and ai <= 0.0)):
        return 0.0
    if rho == 0.0:
        logs = w_creativity * math.log(creativity) if w_creativity > 0.0 else 0.0
        if w_ai > 0.0:
            logs += w_ai * math.log(ai)
        return math.exp(logs / weights)
    mean = (_term(w_creativity, creativity, rho) + _term(w_ai, ai, rho)) / weights
    return math.exp(math.log(mean) / rho) if mean > 0.0 else 0.0


@rule
def appeal(skill: float, p: Parameters) -> float:
    """Return ``e = exp(eps*(skill - 1/2))``, how much an independent's skill draws projects."""
    return math.exp(p.skill_return * (skill - 0.5))


@rule
def projects_mean(e: float, mean_e: float, demand: float, p: Parameters) -> float:
    """Return the expected projects of a week, ``projects*demand*(kappa*e + (1 - kappa)*e/E)``."""
    return p.projects * demand * (p.own_expansion * e + (1.0 - p.own_expansion) * e / mean_e)


@rule
def _fees(
    run: RunKey, week: int, who: np.uint64, projects: int, level: float, power: float, factor: float, p: Parameters
) -> int:
    """Return the fees of the week, pence: for each project ``fee*level*power*exp(sd*z)*factor`` with a normal ``z``."""
    pay = 0
    for k in range(1, projects + 1):
        size = math.exp(p.fee_spread * normal(uniform(word(run, who, PROJECTS, week, k))))
        pay += pence(p.fee * level * power * size * factor)
    return pay


@kernel
def demanded_skill(w: Population, frontier: Floats, weights: Floats, rho: float) -> Floats:
    """Return what each person's skills count for in the occupation, 0 to 1."""
    x, demanded = np.empty(8), np.empty(len(w.key))
    for i in range(len(w.occupation)):
        o = w.occupation[i]
        for k in range(8):
            x[k] = w.skill[i, k] / frontier[o, k]
        total, weight = 0.0, 0.0
        for k in range(8):
            weight += weights[o, k]
            if k not in (CREATIVITY, AI):
                total += weights[o, k] * x[k]
        pair = tandem(x[CREATIVITY], x[AI] if w.tools[i] else 0.0, weights[o, CREATIVITY], weights[o, AI], rho)
        demanded[i] = (total + (weights[o, CREATIVITY] + weights[o, AI]) * pair) / weight
    return demanded


@kernel
def regional_appeal(w: Population, regions: int, p: Parameters, e: Floats) -> Floats:
    """Turn the skill of independents in ``e`` into their appeal; return its mean over each region's pool."""
    total, count, mean_e = np.zeros(regions, np.int64), np.zeros(regions, np.int64), np.ones(regions)
    for i in range(len(w.status)):
        if w.status[i] < EMPLOYEE:
            e[i] = appeal(e[i], p)
            if w.status[i] != NOMAD:
                total[w.region[i]] += fixed(e[i])
                count[w.region[i]] += 1
    for r in range(regions):
        if count[r] > 0:
            mean_e[r] = total[r] / FIXED_ONE / count[r]
    return mean_e


@kernel
def _week(
    run: RunKey,
    week: int,
    w: Population,
    places: Regions,
    frontier: Floats,
    work: Floats,
    demand: Floats,
    p: Parameters,
) -> Integers:
    """See what skills count for, draw projects and fees, pay wages, smooth; return fees and wages by region, pence."""
    e = demanded_skill(w, frontier, work, p.complementarity)
    mean_e = regional_appeal(w, len(demand), p, e)
    paid = np.zeros((len(demand), 2), np.int64)
    for i in range(len(w.key)):
        r = w.region[i]
        if w.status[i] < EMPLOYEE:
            who = np.uint64(w.key[i])
            home = w.status[i] != NOMAD
            mean = projects_mean(e[i], mean_e[r] if home else 1.0, demand[r] if home else 1.0, p)
            mean *= max(0.0, 1.0 - p.lost * w.lessons[i] / WORK_HOURS)
            projects = poisson(mean, uniform(word(run, who, PROJECTS, week, 0)))
            factor = p.owner_factor if w.status[i] == OWNER else 1.0
            pay = _fees(run, week, who, projects, places.income_level[r], w.earning_power[i], factor, p)
            w.work[i] += p.smoothing * (projects / p.projects - w.work[i])
            paid[r, 0] += pay
        else:
            pay = pence(p.wage * places.income_level[r] * w.earning_power[i] * math.exp(p.wage_return * (e[i] - 0.5)))
            paid[r, 1] += pay
        w.income[i] += p.smoothing * (pay / 100.0 - w.income[i])
        w.earned[i] += pay
    return paid


class Income:
    """Projects, fees and wages."""

    name = "income"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._p = read(world.scenario, Parameters)
        here = np.flatnonzero(np.diff(world.regions.first_row)).tolist()  # a part of a world has people in some
        self._accounts = [(r, f"workers:{world.regions.names[r]}") for r in here]

    def step(self, world: World) -> None:
        """Earn the week's money."""
        places, years = world.regions, (world.week - world.start) / 52.0
        trend = [math.exp(yearly * years) for yearly in places.demand_trend.tolist()]
        demand = places.demand * trend * world.levers.demand
        w, frontier, work = world.workers, world.frontier, world.weights
        paid = _week(world.run, world.week, w, places, frontier, work, demand, self._p)
        by_region = paid.tolist()
        for r, account in self._accounts:
            fees, wages = by_region[r]
            world.ledger.post(world.week, "clients", account, "fees", fees)
            world.ledger.post(world.week, "employers", account, "wages", wages)
