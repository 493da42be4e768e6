"""Laws of skills: bounds, accounts, what can and cannot move them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from coworksim import CoworkingModel, Scenario, simulate
from coworksim.model.mechanisms.social_learning import SocialLearning, learn
from coworksim.model.state.people import CHANNELS, SPACE_RESOURCE, SPACE_SOCIAL
from coworksim.model.state.ties import INSIDE_KINDS
from tests.laws.worlds import NO_LEARNING, by_phase, end_of, scenarios

#: Channels into which each phase may book.
BOOKS = {
    "social_learning": {"outside", "firm", "space_social"},
    "resource_learning": {"own", "outside", "employer", "space_resource"},
    "decay": {"decay"},
}


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios())
def test_skills_lie_between_nothing_and_the_frontier(scenario: Scenario) -> None:
    """The frontier is that of the occupation and the week; skills of newcomers included, read from the agents."""
    model = CoworkingModel(scenario)
    for _ in range(end_of(scenario)):
        model.step()
        for worker in map(model.worker, range(len(model.world.workers))):
            assert (worker.skill >= 0.0).all()
            assert (worker.skill <= worker.frontier * (1.0 + 1e-12)).all()


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios())
def test_channels_add_up_to_the_change_of_skills_in_every_phase(scenario: Scenario) -> None:
    """Mean of each family, person by person; whoever is new is left out in the phase of arrival."""
    model = CoworkingModel(scenario)
    for phase, before in by_phase(model):
        w = model.world.workers
        same = w.key == before.key
        change = (w.skill - before.skill).reshape(-1, 2, 4).mean(axis=2)[same]
        booked = (w.gain - before.gain)[same]
        np.testing.assert_allclose(booked.sum(axis=2), change, rtol=0, atol=1e-12)
        used = {CHANNELS[c] for c in np.flatnonzero(booked.any(axis=(0, 1)))}
        assert used <= BOOKS.get(phase.name, set())


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios(on=("turnover", "frontier")))
def test_channels_add_up_to_the_change_since_the_opening(scenario: Scenario) -> None:
    w = simulate(scenario).model.world.workers
    change = (w.skill - w.skill_at_opening).reshape(-1, 2, 4).mean(axis=2)
    np.testing.assert_allclose(w.gain.sum(axis=2), change, rtol=0, atol=1e-12)


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios(fewest_spaces=1))
def test_nobody_gains_in_a_space_without_meeting_or_using_something_there(scenario: Scenario) -> None:
    """Social gains need an encounter inside this week, gains from resources an attendance and an allotted hour."""
    model = CoworkingModel(scenario)
    for phase, before in by_phase(model):
        w, met = model.world.workers, model.world.meetings
        gained = (w.gain != before.gain).any(axis=1) & (w.key == before.key)[:, None]
        inside = met.kind < INSIDE_KINDS
        in_touch = np.union1d(met.one[inside], met.other[inside])
        used = (w.days_present > 0) & (w.inside_hours + w.training_hours > 0.0)
        if phase.name in BOOKS:
            assert set(np.flatnonzero(gained[:, SPACE_SOCIAL]).tolist()) <= set(in_touch.tolist())
            assert not (gained[:, SPACE_RESOURCE] & ~used).any()


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios({"social_learning.partner_gain": 0.0}, on=("encounters", "social_learning")))
def test_from_peers_alone_one_learns_what_they_know_better_and_teachers_keep_theirs(scenario: Scenario) -> None:
    """No skill rises unless a partner of the week is ahead in it, and none falls: in a one-way pair, only one moves."""
    model = CoworkingModel(scenario)
    for phase, before in by_phase(model):
        if phase.name == "social_learning":
            w, met = model.world.workers, model.world.meetings
            best = before.skill.copy()
            np.maximum.at(best, met.one, before.skill[met.other])
            np.maximum.at(best, met.other, before.skill[met.one])
            assert (w.skill >= before.skill).all()
            assert (w.skill == before.skill)[best == before.skill].all()


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios({"social_learning.partner_gain": 0.0}, on=("encounters", "social_learning")))
def test_one_meeting_closes_at_most_the_gap(scenario: Scenario) -> None:
    """The term of peers, for each side of each record of the log, met once."""
    model = CoworkingModel(scenario)
    phase = model.phase(SocialLearning)
    gain, room = np.zeros(8), np.ones(4)
    for _ in range(end_of(scenario)):
        model.step()
        skill, met = model.world.workers.skill, model.world.meetings
        for e in range(min(len(met.one), 40)):
            for side in range(2):
                own = (met.one, met.other)[side][e]
                partner, meeting = phase.meeting(model.world, e, side)
                learn(
                    skill[own],
                    skill[partner],
                    room,
                    meeting._replace(times=1),
                    phase.weight,
                    phase.parameters,
                    gain,
                )
                assert (gain >= 0.0).all()
                assert (gain <= np.maximum(0.0, skill[partner] - skill[own])).all()


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios(NO_LEARNING))
def test_without_learning_and_forgetting_skills_stand_still(scenario: Scenario) -> None:
    model = CoworkingModel(scenario)
    for _, before in by_phase(model):
        w = model.world.workers
        same = w.key == before.key
        assert (w.skill == before.skill)[same].all()


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios({"decay.skill": 0.0}))
def test_without_forgetting_no_skill_ever_falls(scenario: Scenario) -> None:
    model = CoworkingModel(scenario)
    for _, before in by_phase(model):
        w = model.world.workers
        same = w.key == before.key
        assert (w.skill >= before.skill)[same].all()


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios())
def test_everything_is_finite(scenario: Scenario) -> None:
    result = simulate(scenario)
    world = result.model.world
    for part in (world.workers, world.spaces, world.ties, world.schemes):
        for name in part.__slots__:
            values = getattr(part, name)
            assert np.isfinite(values).all(), name
    assert all(np.isfinite(values).all() for values in world.meetings)
    for name in ("work", "income", "outside_contacts", "learning_hours", "inside_hours", "outside_hours_total"):
        assert (getattr(world.workers, name) >= 0.0).all(), name
    assert world.frontier.min() > 0.0
