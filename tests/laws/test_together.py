"""Laws of teams and groups: who belongs to which, in every week of any world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim import CoworkingModel, Scenario
from coworksim.model.state.people import EMPLOYEE, OWNER
from coworksim.model.state.spaces import GROUPS
from coworksim.model.state.teams import row_of_lead
from coworksim.model.state.ties import FIRM, INSIDE_KINDS
from tests.laws.worlds import by_phase, end_of, scenarios, with_values


@pytest.mark.slow
@settings(max_examples=30)
@given(scenarios(on=("turnover",)), st.floats(1.0, 50.0))
def test_a_team_is_of_one_region_and_of_those_who_can_be_in_one(scenario: Scenario, size: float) -> None:
    """Who leads leads the own team; between the one who leads and a member of the team nobody else leads one."""
    model = CoworkingModel(with_values(scenario, values={"teams.size": size}))
    for phase, _ in by_phase(model):
        if phase.name != "turnover":
            continue
        w = model.world.workers
        lead = np.array([row_of_lead(row, w) for row in range(len(w))])
        assert (w.key[lead] == w.lead).all()
        assert (lead[lead] == lead).all()
        assert (lead <= np.arange(len(w))).all()
        assert (w.region[lead] == w.region).all()
        able = (w.status == OWNER) | ((w.status >= EMPLOYEE) & (w.sponsor > 0))
        assert (able | (lead == np.arange(len(w)))).all()
        assert (np.diff(lead[able]) >= 0).all()
        assert size > 1.0 or (w.lead == w.key).all()


@pytest.mark.slow
@settings(max_examples=30)
@given(scenarios(on=("encounters", "management"), fewest_spaces=1), st.floats(0.0, 10.0), st.sampled_from((0.6, 7.0)))
def test_a_group_is_of_an_open_space_and_of_people_of_its_region(
    scenario: Scenario, founding: float, evenings: float
) -> None:
    """Also where spaces close every month; and no group goes on after four meetings in a row with fewer than three."""
    values = {"groups.founding": founding, "encounters.event_share": evenings, "population.sociability_sd": 0.3}
    values |= {"management.rent": 300.0, "management.capital": 600.0, "management.patience": 4.0}
    model = CoworkingModel(with_values(scenario, values=values))
    for _ in by_phase(model):
        w, spaces = model.world.workers, model.world.spaces
        rows = np.flatnonzero(w.group >= 0)
        s, place = w.group[rows] // GROUPS, w.group[rows] % GROUPS
        assert (spaces.group_since[s, place] >= 0).all()
        assert (spaces.group_since[s, place] >= w.entered[rows]).all()
        assert spaces.open[s].all()
        assert (spaces.region[s] == w.region[rows]).all()
        assert ((spaces.group_since < 0) | spaces.open[:, None]).all()
        assert (spaces.group_weak[spaces.group_since >= 0] < 4).all()
        by_public_money = any(policy.kind == "community_grant" for policy in model.setup.policies)
        assert founding > 0.0 or by_public_money or len(rows) == 0


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios(on=("encounters", "attendance", "membership"), fewest_spaces=1))
def test_meetings_of_a_team_at_tables_are_those_of_colleagues(scenario: Scenario) -> None:
    """No chat and no joint project of two of one team; what colleagues do counts in no space."""
    model = CoworkingModel(with_values(scenario, values={"teams.size": 4.0, "population.owner_share": 0.3}))
    for _ in range(end_of(model.setup)):
        model.step()
        w, met = model.world.workers, model.world.meetings
        team = w.lead[met.one] == w.lead[met.other]
        assert (met.kind[team] > 1).all()
        assert ((met.space >= 0) == (met.kind < INSIDE_KINDS)).all()
        firm = (met.kind == FIRM) & ~team
        assert (np.minimum(w.status[met.one[firm]], w.status[met.other[firm]]) >= EMPLOYEE).all()
