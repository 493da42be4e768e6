"""Laws of spaces: who is where, desks, shared equipment and training places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from coworksim import CoworkingModel, Scenario
from coworksim.model.mechanisms.attendance import DAYS
from coworksim.model.state.ties import CHAT, PROJECT
from tests.laws.worlds import by_phase, end_of, scenarios


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios(fewest_spaces=1))
def test_one_place_per_person_and_day_and_no_more_people_than_desks(scenario: Scenario) -> None:
    """A person sits in the space of his or her membership, at most once a day; each desk holds one person a day."""
    model = CoworkingModel(scenario)
    for phase, _ in by_phase(model):
        w, spaces = model.world.workers, model.world.spaces
        if phase.name == "attendance" and model.world.open:
            here = np.stack([w.day_mask >> day & 1 for day in range(DAYS)])
            assert (here.sum(axis=0) == w.days_present).all()
            assert (w.days_present[w.member_of < 0] == 0).all()
            for s in range(len(spaces)):
                present = here[:, w.member_of == s].sum(axis=1)
                assert (present <= spaces.desks[s]).all()
                assert spaces.desk_days[s] == present.sum()
                assert spaces.open[s] or present.sum() == 0


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios(fewest_spaces=1))
def test_members_are_of_open_spaces_of_their_region_that_they_have_heard_of(scenario: Scenario) -> None:
    model = CoworkingModel(scenario)
    for phase, _ in by_phase(model):
        w, spaces = model.world.workers, model.world.spaces
        rows = np.flatnonzero(w.member_of >= 0)
        assert (spaces.region[w.member_of[rows]] == w.region[rows]).all()
        assert spaces.open[w.member_of[rows]].all()
        assert ((w.plan >= 0) == (w.member_of >= 0)).all()
        if phase.name == "membership":
            for i in rows.tolist():
                slot = w.candidate[i].tolist().index(int(w.member_of[i]))
                assert w.aware[i] >> slot & 1
            assert spaces.members.sum() == len(rows) or not model.world.open


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios(fewest_spaces=1))
def test_a_pool_serves_its_members_up_to_its_capacity(scenario: Scenario) -> None:
    """Hours and places, space by space; hours fit into the learning time, bought places too."""
    model = CoworkingModel(scenario)
    for phase, before in by_phase(model):
        if phase.name != "resource_pool":
            continue
        w, spaces = model.world.workers, model.world.spaces
        hours = w.inside_hours + w.training_hours + w.course[:, 0].sum(axis=1) / 4
        assert (hours[w.member_of < 0] == 0.0).all()
        assert (hours[w.days_present == 0] == 0.0).all()
        budget = w.learning_hours
        assert (hours + w.course[:, 1].sum(axis=1) / 4 <= budget + 1e-12).all()
        if model.world.open:
            got_a_place = (w.waiting == 0) & ((w.training_hours > 0.0) | w.course[:, 0].any(axis=1))
            courses = [course.places for course in model.world.levers.courses if course.inside]
            places = sum(courses, spaces.training_places)
            for s in range(len(spaces)):
                mine = w.member_of == s
                assert w.inside_hours[mine].sum() <= spaces.equipment_hours[s] * (1.0 + 1e-8) + 1e-300
                assert abs(w.inside_hours[mine].sum() - spaces.hours_used[s]) < 1e-6
                assert (got_a_place & mine).sum() <= spaces.training_used[s] <= places[s]
        np.testing.assert_array_equal(w.inside_hours_total - before.inside_hours_total >= 0.0, True)


@pytest.mark.slow
@settings(max_examples=25)
@given(
    scenarios(
        {"resource_pool.equipment_hours": 0.0, "space.training_places": 0.0, "management.capital": 0.0},
        off=("management",),
        fewest_spaces=1,
        policies=0,
    )
)
def test_without_capacity_nobody_uses_anything(scenario: Scenario) -> None:
    """Management is off, and there is no policy, for managers and policies may buy capacity."""
    model = CoworkingModel(scenario)
    model.run_for(end_of(scenario))
    w = model.world.workers
    assert not w.inside_hours_total.any()
    assert not w.training_hours_total.any()
    assert not w.gain[:, :, 5].any()


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios(fewest_spaces=1))
def test_who_meets_at_desks_is_there_on_the_same_day(scenario: Scenario) -> None:
    """Chats and joint projects need a common day in one space; events are open to visitors."""
    model = CoworkingModel(scenario)
    for phase, _ in by_phase(model):
        if phase.name == "encounters":
            w, met = model.world.workers, model.world.meetings
            desks = (met.kind == CHAT) | (met.kind == PROJECT)
            assert (w.day_mask[met.one] & w.day_mask[met.other])[desks].all()
            for rows in (met.one, met.other):
                assert (w.member_of[rows] == met.space)[desks].all()
                assert (w.days_present[rows] > 0)[desks].all()
