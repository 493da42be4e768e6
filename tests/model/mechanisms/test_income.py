"""Income: demanded skill and projects by hand, and who is paid by whom."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from coworksim.model.mechanisms import income
from coworksim.model.mechanisms.income import Income, tandem
from coworksim.model.parameters.skills import WEIGHTS
from coworksim.model.parameters.week import IncomeParameters
from coworksim.model.scenario import read
from coworksim.model.state.build import new_world
from coworksim.model.state.people import EMPLOYEE, FREELANCER, NOMAD, OWNER, Population
from coworksim.model.state.world import World
from tests.worlds import busy, town

P = read(busy(), IncomeParameters)
SHARE = st.floats(0.001, 1.0)


def test_kappa_decides_who_pays_for_skill() -> None:
    alone = income.projects_mean(2.0, 1.0, 1.0, P._replace(own_expansion=1.0))
    shared = income.projects_mean(2.0, 2.0, 1.0, P._replace(own_expansion=0.0))
    assert alone == pytest.approx(2 * P.projects)
    assert shared == pytest.approx(P.projects)
    assert income.appeal(0.5, P) == 1.0
    paid = P._replace(skill_return=2.0)
    assert income.appeal(0.75, paid) == pytest.approx(math.exp(0.5))


def test_tandem_by_hand() -> None:
    assert tandem(0.25, 0.64, 1.0, 1.0, 0.5) == pytest.approx(((0.5 + 0.8) / 2) ** 2, rel=1e-12)
    assert tandem(0.25, 0.5, 1.0, 2.0, -1.0) == pytest.approx(3 / (4 + 4), rel=1e-12)
    assert tandem(0.2, 0.8, 1.0, 3.0, 0.0) == pytest.approx(0.2**0.25 * 0.8**0.75, rel=1e-12)
    assert tandem(0.25, 0.64, 1.0, 3.0, 0.5) == pytest.approx(((0.5 + 3 * 0.8) / 4) ** 2, rel=1e-12)
    assert tandem(0.36, 0.0, 1.0, 1.0, 0.5) == pytest.approx(0.09, rel=1e-12)
    for rho in (0.0, -2.0):
        assert tandem(0.5, 0.0, 1.0, 1.0, rho) == 0.0
        assert tandem(0.5, 0.0, 1.0, 0.0, rho) == pytest.approx(0.5)


@given(SHARE, SHARE, SHARE, SHARE, st.sampled_from((-5.0, -1.0, 0.0, 0.5, 0.9)), st.sampled_from((0.5, 1.0)))
def test_tandem_is_a_mean_and_falls_with_the_exponent(
    x: float, y: float, v: float, w: float, low: float, high: float
) -> None:
    got = tandem(x, y, v, w, low)
    assert min(x, y) * (1 - 1e-9) <= got <= max(x, y) * (1 + 1e-9)
    if low <= high:
        assert got <= tandem(x, y, v, w, high) * (1 + 1e-9)
    assert tandem(x, x, v, w, low) == pytest.approx(x, rel=1e-9)


def skills(world: World) -> NDArray[np.float64]:
    """Return what everybody's skills count for."""
    return income.demanded_skill(world.workers, world.frontier, world.weights, P.complementarity)


def demanded(skill: list[float], frontier: list[float], tools: bool, rho: float) -> float:
    w = Population.empty(1)
    w.tools[0], w.skill[0] = tools, skill
    return float(income.demanded_skill(w, np.array([frontier]), np.array(WEIGHTS), rho)[0])


def test_demanded_skill_by_hand() -> None:
    weight = WEIGHTS[0]
    skill, frontier = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [1.0] * 4 + [2.0] * 4
    x = [s / f for s, f in zip(skill, frontier, strict=True)]
    plain = sum(w * v for w, v in zip(weight, x, strict=True)) / sum(weight)
    assert demanded(skill, frontier, True, 1.0) == pytest.approx(plain, rel=1e-12)
    without = plain - weight[7] * x[7] / sum(weight)
    assert demanded(skill, frontier, False, 1.0) == pytest.approx(without, rel=1e-12)


def test_a_week_by_hand() -> None:
    """One of each kind, with projects and fees that leave nothing to chance but the number of projects."""
    world = new_world(busy(**{"income.fee_spread": 0.0, "income.projects": 3.0}), 1)
    w, r = world.workers, 0
    kinds = [FREELANCER, OWNER, NOMAD, EMPLOYEE]
    w.status[:4], w.status[4:], w.earning_power[:] = kinds, EMPLOYEE, 1.0
    before = w.income.copy()
    Income(world).step(world)
    level = world.regions.income_level[r]
    fees = [math.floor(620 * level * 100 * factor + 0.5) for factor in (1.0, 1.6, 1.0)]
    counts = [int(pay) // fee for pay, fee in zip(w.earned[:3], fees, strict=True)]
    assert w.earned[:3].tolist() == [n * fee for n, fee in zip(counts, fees, strict=True)]
    assert sum(counts) > 0
    assert w.work[:3].tolist() == pytest.approx([1 + 0.08 * (n / 3.0 - 1) for n in counts])
    assert w.work[3] == 1.0
    assert w.income.tolist() == pytest.approx((before + 0.08 * (w.earned / 100 - before)).tolist())
    posted = {(p.payer, p.payee, p.purpose): p.pence for p in world.ledger.postings}
    account = f"workers:{world.regions.names[r]}"
    people = int(world.regions.first_row[1])
    assert posted[("clients", account, "fees")] == int(w.earned[:3].sum())
    assert posted[("employers", account, "wages")] == int(w.earned[3:people].sum())


def test_wages_are_rounded_to_the_nearest_penny() -> None:
    world = new_world(busy(), 1)
    w = world.workers
    w.status[:] = EMPLOYEE
    Income(world).step(world)
    raise_with_skill = [math.exp(P.wage_return * (x - 0.5)) for x in skills(world).tolist()]
    level = [float(world.regions.income_level[r]) for r in w.region]
    factors = zip(level, w.earning_power.tolist(), raise_with_skill, strict=True)
    exact = [100 * P.wage * a * b * c for a, b, c in factors]
    assert w.earned.tolist() == [math.floor(pay + 0.5) for pay in exact]
    assert w.earned.tolist() != [math.floor(pay) for pay in exact]


def test_each_project_of_a_week_has_a_fee_of_its_own() -> None:
    """Two projects at one fee pay an even number of pence; with fees of their own every second sum is odd."""
    world = new_world(busy(**{"income.projects": 3.0}), 1)
    w = world.workers
    w.status[:] = FREELANCER
    odd = 0
    for week in range(20):
        world.week = week
        w.earned[:], work = 0, w.work.copy()
        Income(world).step(world)
        projects = np.rint(((w.work - work) / P.smoothing + work) * 3.0)
        odd += int((w.earned[projects == 2] % 2 == 1).sum())
    assert odd > 50


def test_demand_stands_at_its_level_in_the_week_of_the_opening() -> None:
    """A week's trend is a hundredth part of the projects; of a thousand people, some would get one more."""
    counts = []
    for trend in (0.0, 0.5):
        world = new_world(town(1000, **{"income.projects": 3.0, "environment.demand_trend": trend}), 1)
        world.week = world.opening
        world.workers.status[:] = FREELANCER
        Income(world).step(world)
        counts.append(world.workers.work.tolist())
    assert counts[0] == counts[1]


def test_nomads_leave_the_regions_pool_alone() -> None:
    """Whatever nomads can do, the others of the region have the same appeal to share."""
    pools = []
    for level in (0.1, 0.9):
        world = new_world(busy(), 1)
        world.workers.skill[world.workers.status == NOMAD] = level
        pools.append(income.regional_appeal(world.workers, 2, P, skills(world)).tolist())
    assert (new_world(busy(), 1).workers.status == NOMAD).any()
    assert pools[0] == pools[1]
