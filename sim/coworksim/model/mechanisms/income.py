"""Income: projects, fees and wages of the week.

Skill counts as the weighted mean of ``x = s/F``, with creative problem solving and generative AI in one aggregate of
constant elasticity: the lower its exponent, the more a job demands both. Without new tools, generative AI counts as 0.

Projects are Poisson with mean ``projects * demand * exp(trend*years) * (kappa*e + (1 - kappa)*e/E)`` where
``e = exp(eps*(skill - 1/2))`` and ``E`` is the mean of ``e`` over the region's freelancers and owners: a share
``1 - kappa`` of what skill brings is taken from others of the region. Policies may multiply demand. Nomads bring their
clients along (demand 1, no trend, ``E = 1``). Fees are lognormal, those of owners with staff higher by a factor. An
employee's wage rises with skill. Smoothed income and workload are exponentially weighted means.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.livelihoods import IncomeParameters as Parameters
from coworksim.model.state.arithmetic import FIXED_ONE, fixed
from coworksim.model.state.parameter_records import read
from coworksim.model.state.people import EMPLOYEE, NOMAD, OWNER
from coworksim.model.state.rng import PROJECTS, RunKey, normal, pence, poisson, uniform, word
from coworksim.model.state.world import World

__all__ = ["Income", "appeal", "demanded_skill", "projects_mean", "tandem"]

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
def demanded_skill(
    occupation: NDArray[np.int8],
    tools: NDArray[np.bool_],
    skill: NDArray[np.float64],
    frontier: NDArray[np.float64],
    weights: NDArray[np.float64],
    rho: float,
    demanded: NDArray[np.float64],
) -> None:
    """Fill ``demanded`` with what each person's skills count for in the occupation, 0 to 1."""
    x = np.empty(8)
    for i in range(len(occupation)):
        o = occupation[i]
        for k in range(8):
            x[k] = skill[i, k] / frontier[o, k]
        total = 0.0
        weight = 0.0
        for k in range(8):
            weight += weights[o, k]
            if k not in (CREATIVITY, AI):
                total += weights[o, k] * x[k]
        pair = tandem(x[CREATIVITY], x[AI] if tools[i] else 0.0, weights[o, CREATIVITY], weights[o, AI], rho)
        demanded[i] = (total + (weights[o, CREATIVITY] + weights[o, AI]) * pair) / weight


@kernel
def _regional_appeal(
    status: NDArray[np.int8],
    region: NDArray[np.int32],
    p: Parameters,
    e: NDArray[np.float64],
    mean_e: NDArray[np.float64],
) -> None:
    """Turn the skill of independents in ``e`` into their appeal, and fill its mean over each region's pool."""
    total = np.zeros(len(mean_e), np.int64)
    count = np.zeros(len(mean_e), np.int64)
    for i in range(len(status)):
        if status[i] < EMPLOYEE:
            e[i] = appeal(e[i], p)
            if status[i] != NOMAD:
                total[region[i]] += fixed(e[i])
                count[region[i]] += 1
    for r in range(len(mean_e)):
        mean_e[r] = total[r] / FIXED_ONE / count[r] if count[r] > 0 else 1.0


@kernel
def _earn(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    status: NDArray[np.int8],
    region: NDArray[np.int32],
    power: NDArray[np.float64],
    e: NDArray[np.float64],
    mean_e: NDArray[np.float64],
    demand: NDArray[np.float64],
    level: NDArray[np.float64],
    p: Parameters,
    work: NDArray[np.float64],
    income: NDArray[np.float64],
    earned: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> None:
    """Draw projects and fees, pay wages, smooth; ``paid[region]`` receives the week's fees and wages, pence."""
    paid[:] = 0
    for i in range(len(key)):
        r = region[i]
        if status[i] < EMPLOYEE:
            who = np.uint64(key[i])
            home = status[i] != NOMAD
            mean = projects_mean(e[i], mean_e[r] if home else 1.0, demand[r] if home else 1.0, p)
            projects = poisson(mean, uniform(word(run, who, PROJECTS, week, 0)))
            pay = _fees(run, week, who, projects, level[r], power[i], p.owner_factor if status[i] == OWNER else 1.0, p)
            work[i] += p.smoothing * (projects / p.projects - work[i])
            paid[r, 0] += pay
        else:
            pay = pence(p.wage * level[r] * power[i] * math.exp(p.wage_return * (e[i] - 0.5)))
            paid[r, 1] += pay
        income[i] += p.smoothing * (pay / 100.0 - income[i])
        earned[i] += pay


@kernel
def _week(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    status: NDArray[np.int8],
    region: NDArray[np.int32],
    occupation: NDArray[np.int8],
    tools: NDArray[np.bool_],
    skill: NDArray[np.float64],
    frontier: NDArray[np.float64],
    weights: NDArray[np.float64],
    power: NDArray[np.float64],
    e: NDArray[np.float64],
    mean_e: NDArray[np.float64],
    demand: NDArray[np.float64],
    level: NDArray[np.float64],
    p: Parameters,
    work: NDArray[np.float64],
    income: NDArray[np.float64],
    earned: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> None:
    """See what skills count for, draw projects and pay: the week in one call (``e`` and ``mean_e`` are work space)."""
    demanded_skill(occupation, tools, skill, frontier, weights, p.complementarity, e)
    _regional_appeal(status, region, p, e, mean_e)
    _earn(run, week, key, status, region, power, e, mean_e, demand, level, p, work, income, earned, paid)


class Income:
    """Projects, fees and wages."""

    name = "income"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, Parameters)
        self._e = np.zeros(len(world.workers))
        self._mean_e = np.ones(len(world.regions.names))
        self._paid = np.zeros((len(world.regions.names), 2), np.int64)
        self._accounts = [f"workers:{name}" for name in world.regions.names]

    def step(self, world: World) -> None:
        """Earn the week's money."""
        w, places = world.workers, world.regions
        years = (world.week - world.opening) / 52.0
        demand = np.array(
            [d * math.exp(g * years) for d, g in zip(places.demand.tolist(), places.demand_trend.tolist(), strict=True)]
        )
        demand *= world.levers.demand
        _week(
            world.run,
            world.week,
            w.key,
            w.status,
            w.region,
            w.occupation,
            w.tools,
            w.skill,
            world.frontier,
            world.weights,
            w.earning_power,
            self._e,
            self._mean_e,
            demand,
            places.income_level,
            self._p,
            w.work,
            w.income,
            w.earned,
            self._paid,
        )
        for account, (fees, wages) in zip(self._accounts, self._paid.tolist(), strict=True):
            world.ledger.post(world.week, "clients", account, "fees", fees)
            world.ledger.post(world.week, "employers", account, "wages", wages)
