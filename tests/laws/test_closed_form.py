"""Skills of people who learn from their own practice follow a closed form; means settle as worlds grow."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim import CoworkingModel, load_scenario, simulate
from coworksim.model.parameters import MECHANISMS
from tests.laws.worlds import region, with_values

WEEKS = 60


@pytest.mark.slow
@settings(max_examples=25)
@given(
    theta=st.sampled_from((0.0, 1.0)),
    own=st.floats(0.0, 0.05),
    decay=st.floats(0.0, 1.0),
    seed=st.integers(0, 1000),
)
def test_skills_of_own_practice_follow_the_closed_form(theta: float, own: float, decay: float, seed: int) -> None:
    """With d the weekly loss and k the rate, F = 1: ``s' = (s + k*phi(s))*(1 - d)`` is linear in s.

    theta = 1: ``s(t) = c + (s(0) - c)*a**t``, ``a = (1 - k)(1 - d)``, ``c = k(1 - d)/(1 - a)``.
    theta = 0: ``a = 1 - d`` and ``k/2`` instead of k, as long as no step is clipped at F.
    """
    switches = {name: name in ("resource_learning", "decay") for name in MECHANISMS}
    values: dict[str, float | int | str] = {
        "social_learning.theta_sc": theta,
        "resource_learning.theta_td": theta,
        "resource_learning.own_sc": own if theta == 1.0 else own / 10.0,
        "resource_learning.own_td": own if theta == 1.0 else own / 10.0,
        "resource_learning.td_rate": 0.0,
        "decay.skill": decay,
    }
    scenario = with_values(
        load_scenario("tiny"), burn_in_weeks=0, regions=(region("one", people=40),), values=values, mechanisms=switches
    )
    model = CoworkingModel(scenario, seed)
    start = model.world.workers.skill.copy()
    start_below = start < 0.8  # so that nobody reaches F where theta is 0
    rate, loss = float(scenario["resource_learning.own_sc"]), decay / 52.0
    gain = rate if theta == 1.0 else rate / 2.0
    a = (1.0 - rate if theta == 1.0 else 1.0) * (1.0 - loss)
    for t in range(1, WEEKS + 1):
        model.step()
        summed = (1.0 - a**t) / (1.0 - a) if a < 1.0 - 1e-9 else math.fsum(a**k for k in range(t))
        expected = start * a**t + gain * (1.0 - loss) * summed
        np.testing.assert_allclose(model.world.workers.skill[start_below], expected[start_below], rtol=0, atol=1e-9)


def outcomes(people: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return means over the people of one region, and their standard errors as if people were independent."""
    values = {
        "encounters.half_crowd": 0.1,
        "space.desks": people // 8,
        "awareness.at_opening": 0.9,
        "membership.appeal": 3.5,
        "encounters.outside_tie": 0.0,
        "management.staff": 0.0,
    }
    scenario = with_values(
        load_scenario("tiny"), burn_in_weeks=4, weeks=26, regions=(region("one", people=people),), values=values
    )
    w = simulate(scenario, seed).model.world.workers
    samples = {
        "members": (w.member_of >= 0).astype(np.float64),
        "income": np.log(w.income),
        "sc": w.skill[:, :4].mean(axis=1),
        "td": w.skill[:, 4:].mean(axis=1),
        "contacts": w.outside_met.astype(np.float64),
        "gain outside": w.gain[:, 0, 1],
    }
    return {name: (float(x.mean()), float(x.std(ddof=1)) / math.sqrt(people)) for name, x in samples.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_means_of_a_world_and_of_one_four_times_as_large_agree(seed: int) -> None:
    """Within four standard errors, at n = 512 and 4n, where the address space is as full and nothing saturates.

    A fixed number of people, not a share of them, sits at a table or in a firm, so these means keep their size.
    """
    small, large = outcomes(512, seed), outcomes(2048, seed)
    for name, (mean, error) in small.items():
        other, its_error = large[name]
        assert abs(mean - other) <= 4.0 * math.hypot(error, its_error), name


@settings(max_examples=8)
@given(st.floats(0.2, 3.0), st.integers(0, 1000))
def test_expected_contacts_outside(rate: float, seed: int) -> None:
    """Everyone starts Poisson(c*D) contacts a week, both sides count: the mean a person and week is 2*c*D.

    With 64 people in 64 addresses a draw finds a partner with chance 63/64, and there are four tries.
    """
    switches = {name: name == "encounters" for name in MECHANISMS}
    values = {"encounters.outside": rate, "encounters.colleagues": 0.0, "environment.differences": "none"}
    scenario = with_values(
        load_scenario("tiny"),
        burn_in_weeks=0,
        weeks=40,
        regions=(region("one", people=64, spaces=0),),
        values=values,
        mechanisms=switches,
    )
    total = int(simulate(scenario, seed).model.world.workers.outside_met.sum())
    starts = 64 * 40 * rate * (1.0 - (1.0 / 64.0) ** 4)
    assert abs(total / 2 - starts) <= 5.0 * math.sqrt(starts)
