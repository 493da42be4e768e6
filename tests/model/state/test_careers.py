"""Skills at the start: what the laws of learning make of a newcomer's over the career so far."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.files.load import load_scenario
from coworksim.model.model import CoworkingModel
from coworksim.model.state.build import new_world
from coworksim.model.state.careers import career_of, skill_after, td_spread
from tests.worlds import alone

TINY = load_scenario("tiny")
SHARE = st.floats(0.0, 1.0)


def test_one_career_by_hand() -> None:
    """Two and a half years of a designer (index 0), skill design_software, 2 h a week, theta 1."""
    c = career_of(TINY)
    spread = 1.6 / ((1.6 + 0.8 + 0.4 + 0.8) / 4)
    x = 0.3
    for span in (1.0, 1.0, 0.5):
        x += span * (52 * (0.0006 + 0.0015 * spread * 2.0) * (1 - x) - (0.03 + 0.06) * x)
    assert td_spread()[0, 0] == pytest.approx(spread)
    assert skill_after(0.3, 2.5, 4, 0, 2.0, spread, 1.0, c) == pytest.approx(x, rel=1e-12)


def test_contacts_outside_teach_where_they_are_many() -> None:
    c = career_of(TINY)
    met = 2 * 0.6 * 2.0
    pipelines = 26 * met / (26 * met + 15)
    year = 52 * 0.5 * (0.0006 + met * pipelines * 0.001 * 1.4) - 0.03 * 0.3  # client communication
    assert skill_after(0.3, 1.0, 1, 4, 0.0, 1.0, 2.0, c) == pytest.approx(0.3 + year, rel=1e-12)
    assert skill_after(0.3, 1.0, 1, 4, 0.0, 1.0, 1.0, c) < 0.3 + year


def test_what_is_off_taught_nobody() -> None:
    names = ("resource_learning", "social_learning", "decay", "frontier")
    c = career_of(load_scenario("tiny", overrides={f"mechanisms.{name}": False for name in names}))
    for skill in range(8):
        assert skill_after(0.3, 30.0, skill, 0, 5.0, 1.0, 1.0, c) == 0.3


@given(SHARE, st.floats(0.0, 50.0), st.integers(0, 7), st.integers(0, 4), st.floats(0.0, 40.0), SHARE, SHARE)
def test_skills_stay_shares_of_the_frontier_and_hours_help(
    x: float, years: float, skill: int, occupation: int, hours: float, theta_sc: float, theta_td: float
) -> None:
    c = career_of(TINY)._replace(
        theta_sc=theta_sc,
        theta_td=theta_td,
        scale_sc=math.exp((1 - theta_sc) * math.log(0.5)),
        scale_td=math.exp((1 - theta_td) * math.log(0.5)),
    )
    after = skill_after(x, years, skill, occupation, hours, 1.0, 1.0, c)
    assert 0.0 <= after <= 1.0
    assert skill_after(x, min(years, 1.0), skill, occupation, hours + 1.0, 1.0, 1.0, c) >= skill_after(
        x, min(years, 1.0), skill, occupation, hours, 1.0, 1.0, c
    )


def test_the_longer_a_career_the_more_social_skill() -> None:
    """Over 3,000 people, fixed seed: the first and the last quarter of careers lie many standard errors apart."""
    w = new_world(alone(**{"environment.catchment": 3000.0}), 3).workers
    ages, sc = w.career_start, w.skill[:, :4].mean(axis=1)
    low, high = np.quantile(ages, (0.25, 0.75))
    assert sc[ages > high].mean() > sc[ages < low].mean() + 0.2


@pytest.mark.slow
def test_burn_in_has_settled() -> None:
    """3,000 people, fixed seed: in the fifth year of burn-in mean skill, by the frontier, moves by under a point."""
    model = CoworkingModel(alone(**{"environment.catchment": 3000.0}))
    w, means = model.world.workers, []
    for week in range(260):
        model.step()
        if week in (207, 259):
            x = w.skill / model.world.frontier[w.occupation]
            means.append((x[:, :4].mean(), x[:, 4:].mean()))
    for before, after in zip(*means, strict=True):
        assert abs(after - before) < 0.01
