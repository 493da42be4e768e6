"""Small arithmetic: fixed-point sums, the learning law, clipping."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.state.arithmetic import FIXED_ONE, clip_share, fixed, law, law_scale, laws, logistic

SHARE = st.floats(0, 1)


@given(st.permutations([0.1, 1e-9, 3.7, 123.456, 0.3333]))
def test_fixed_sums_do_not_depend_on_order(values: list[float]) -> None:
    assert sum(map(fixed, values)) == sum(map(fixed, sorted(values)))
    assert sum(map(fixed, values)) / FIXED_ONE == pytest.approx(math.fsum(values), abs=1e-8)


@given(SHARE, st.floats(0.5, 3), SHARE)
def test_the_law_lies_between_its_ends(share: float, frontier: float, theta: float) -> None:
    value = law(share * frontier, frontier, theta, law_scale(theta))
    expected = frontier * 0.5 ** (1 - theta) * ((frontier - share * frontier) / frontier) ** theta
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert 0 <= value <= frontier


@given(st.floats(0.5, 3), SHARE)
def test_all_laws_agree_at_middling_skill(frontier: float, theta: float) -> None:
    assert law(frontier / 2, frontier, theta, law_scale(theta)) == pytest.approx(frontier / 2, rel=1e-12)


@pytest.mark.slow
@given(st.lists(st.floats(0, 3.2), min_size=4, max_size=4), st.sampled_from([0.0, 0.3, 0.6, 1.0]))
def test_four_skills_at_once_follow_the_law_bit_for_bit(skill: list[float], theta: float) -> None:
    frontier, scale, reach = np.linspace(0.5, 3.0, 4), law_scale(theta), np.full(4, -1.0)
    laws(np.array(skill), frontier, theta, scale, reach)
    assert reach.tolist() == [law(skill[k], float(frontier[k]), theta, scale) for k in range(4)]


@given(SHARE, st.floats(0, 2))
def test_a_clipped_step_ends_at_most_at_the_frontier(skill: float, step: float) -> None:
    share = clip_share(skill, step, 1.0)
    assert 0 <= share <= 1
    assert skill + step * share <= 1.0 + 1e-15


@given(st.floats(-1e6, 1e6))
def test_a_logistic_chance_and_its_contrary_are_one(x: float) -> None:
    assert 0.0 <= logistic(x) <= 1.0
    assert logistic(x) + logistic(-x) == pytest.approx(1.0)
