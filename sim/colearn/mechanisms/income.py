"""Income: projects, fees and wages of the week.

A freelancer's projects are Poisson with mean ``projects * demand * exp(trend*years) * (kappa*e + (1 - kappa)*e/E)``
where ``e = exp(eps*(skill - 1/2))`` and ``E`` is the regional mean of ``e``: a share ``1 - kappa`` of what skill
brings is taken from other freelancers of the region. Fees are lognormal. An employee's wage rises with skill.
Smoothed income and workload are exponentially weighted means.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.world.arithmetic import FIXED_ONE, fixed, relative_skill
from colearn.world.draws import PROJECTS, RunKey, normal, pence, poisson, uniform, word
from colearn.world.parameters import read
from colearn.world.population import FREELANCER
from colearn.world.world import World

__all__ = ["Income", "appeal", "projects_mean"]


class Parameters(NamedTuple):
    """Quantities of ``income.*``."""

    projects: float
    fee: float
    fee_spread: float
    skill_return: float
    own_expansion: float
    wage: float
    wage_return: float
    smoothing: float


@rule
def appeal(skill: float, p: Parameters) -> float:
    """Return ``e``, how much a freelancer's skill draws projects."""
    return math.exp(p.skill_return * (skill - 0.5))


@rule
def projects_mean(e: float, mean_e: float, demand: float, p: Parameters) -> float:
    """Return the expected projects of a week."""
    return p.projects * demand * (p.own_expansion * e + (1.0 - p.own_expansion) * e / mean_e)


@kernel
def _regional_appeal(
    status: NDArray[np.int8],
    region: NDArray[np.int32],
    occupation: NDArray[np.int8],
    skill: NDArray[np.float64],
    frontier: NDArray[np.float64],
    weights: NDArray[np.float64],
    p: Parameters,
    e: NDArray[np.float64],
    mean_e: NDArray[np.float64],
) -> None:
    """Fill ``e`` of every freelancer (relative skill of every employee) and its mean by region."""
    total = np.zeros(len(mean_e), np.int64)
    count = np.zeros(len(mean_e), np.int64)
    for i in range(len(status)):
        o = occupation[i]
        relative = relative_skill(skill[i], frontier[o], weights[o])
        if status[i] == FREELANCER:
            e[i] = appeal(relative, p)
            total[region[i]] += fixed(e[i])
            count[region[i]] += 1
        else:
            e[i] = relative
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
    """Draw projects and fees, pay wages, smooth; ``paid[region, status]`` receives the pence of the week."""
    paid[:] = 0
    for i in range(len(key)):
        r = region[i]
        pay = 0
        if status[i] == FREELANCER:
            who = np.uint64(key[i])
            mean = projects_mean(e[i], mean_e[r], demand[r], p)
            projects = poisson(mean, uniform(word(run, who, PROJECTS, week, 0)))
            for k in range(1, projects + 1):
                size = math.exp(p.fee_spread * normal(uniform(word(run, who, PROJECTS, week, k))))
                pay += pence(p.fee * level[r] * power[i] * size)
            work[i] += p.smoothing * (projects / p.projects - work[i])
        else:
            pay = pence(p.wage * level[r] * power[i] * math.exp(p.wage_return * (e[i] - 0.5)))
        income[i] += p.smoothing * (pay / 100.0 - income[i])
        earned[i] += pay
        paid[r, status[i]] += pay


class Income:
    """Projects, fees and wages."""

    name = "income"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, "income", Parameters)
        self._e = np.zeros(len(world.workers))
        self._mean_e = np.ones(len(world.regions.names))
        self._paid = np.zeros((len(world.regions.names), 2), np.int64)

    def step(self, world: World) -> None:
        """Earn the week's money."""
        w, places = world.workers, world.regions
        years = (world.week - world.opening) / 52.0
        demand = np.array(
            [d * math.exp(g * years) for d, g in zip(places.demand.tolist(), places.demand_trend.tolist(), strict=True)]
        )
        _regional_appeal(
            w.status, w.region, w.occupation, w.skill, world.frontier, world.weights, self._p, self._e, self._mean_e
        )
        _earn(
            world.run, world.week, w.key, w.status, w.region, w.earning_power, self._e, self._mean_e, demand,
            places.income_level, self._p, w.work, w.income, w.earned, self._paid,
        )  # fmt: skip
        for r, name in enumerate(places.names):
            world.ledger.post(world.week, "clients", f"workers:{name}", "fees", int(self._paid[r, 0]))
            world.ledger.post(world.week, "employers", f"workers:{name}", "wages", int(self._paid[r, 1]))
