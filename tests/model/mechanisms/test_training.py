"""Training: a week by hand, its money, and what it takes from work."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from coworksim.model.mechanisms.income import Income
from coworksim.model.mechanisms.training import Training
from coworksim.model.state import rng
from coworksim.model.state.build import new_world
from coworksim.model.state.people import EMPLOYEE
from coworksim.model.state.synthesis import training_of
from coworksim.model.state.world import World
from tests.worlds import alone, busy

MANY = {"training.employees": 0.6, "training.clumping": 0.9}


def _uniform(world: World, i: int, index: int) -> float:
    with np.errstate(over="ignore"):
        word = rng._word(world.run, np.uint64(world.workers.key[i]), rng.TRAINING, world.week, index)
    return rng.uniform(np.uint64(word))


def test_a_week_by_hand() -> None:
    """Who takes a course of how many hours, and what is booked for whom; draws alone are the product's."""
    world = new_world(busy(**MANY), 1)
    p, w = training_of(world.scenario), world.workers
    w.lessons[:] = 5.0  # of last week
    Training(world).step(world)
    booked = {"employers": 0, "workers": 0}
    taken = [0, 0]
    for i in range(len(w)):
        hours, employed = 0.0, bool(w.status[i] >= EMPLOYEE)
        if _uniform(world, i, 4) < 1 - math.exp(-p.rate * w.offers[i] / 52):
            u = _uniform(world, i, 6)
            cost = 0.0 if employed else 12 + 0.5 * w.income[i] / 40
            if p.value + 5 * math.log(u / (1 - u)) > cost:
                hours = 7 * math.exp(0.9 * NormalDist().inv_cdf(_uniform(world, i, 5)))
                booked["employers" if employed else "workers"] += round(1200 * hours)
                taken[employed] += 1
        assert w.lessons[i] == pytest.approx(hours, rel=1e-9)
        assert w.lessons_total[i] == w.lessons[i]
    assert min(taken) > 0
    paid = {"employers": 0, "workers": 0}
    for one in world.ledger.postings:
        assert (one.payee, one.purpose) == ("trainers", "courses")
        paid[one.payer.partition(":")[0]] += one.pence
    assert paid == booked


def test_a_course_takes_work_from_the_independent_alone() -> None:
    """A week of lessons alone is worked as a half one; of 80 hours nothing is left."""
    many = {"environment.catchment": 12_000.0, "income.fee_spread": 0.0}
    one, other = (new_world(alone(**many), 1) for _ in range(2))
    other.workers.lessons[:] = 40.0
    for world in (one, other):
        Income(world).step(world)
    free = one.workers.status < EMPLOYEE
    assert other.workers.earned[free].sum() == pytest.approx(one.workers.earned[free].sum() / 2, rel=0.08)
    np.testing.assert_array_equal(one.workers.earned[~free], other.workers.earned[~free])
    other.week += 1
    before = other.workers.earned.copy()
    other.workers.lessons[:] = 80.0
    Income(other).step(other)
    assert (other.workers.earned[free] == before[free]).all()


@pytest.mark.slow
def test_shares_with_a_course_in_13_weeks() -> None:
    """20,000 people with the incomes of the reference region, seed 1: within four standard errors of what is asked."""
    world = new_world(alone(**{"environment.catchment": 20_000.0}), 1)
    phase, w = Training(world), world.workers
    for _ in range(13):
        phase.step(world)
        world.week += 1
    employed = w.status >= EMPLOYEE
    for group, asked in ((employed, 0.266), (~employed, 0.133)):
        share = float((w.lessons_total[group] > 0).mean())
        assert share == pytest.approx(asked, abs=4 * (asked * (1 - asked) / group.sum()) ** 0.5)
