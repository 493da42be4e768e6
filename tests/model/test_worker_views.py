"""What a worker's agent shows: its own row, and the rules of the model called with it."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim import CoworkingModel, Freelancer
from coworksim.model.agents import RemoteEmployee
from coworksim.model.mechanisms.helpers.offers import Offer, membership_value
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.social_learning import SocialLearning
from coworksim.model.state.people import EMPLOYEE, FREELANCER, REMOTE
from tests.worlds import busy

OFFER = Offer(
    price=30.0, income=500.0, pound=0.02, member=False, tenure=0, ties=2, expected_gain=1.0, crowd=0.0, km=2.0, plan=1
)


@pytest.fixture(scope="module")
def model() -> CoworkingModel:
    made = CoworkingModel(busy())
    made.run_for(20)
    return made


@pytest.mark.parametrize(("status", "office"), [(FREELANCER, False), (EMPLOYEE, True), (REMOTE, False)])
def test_only_employees_on_site_have_a_desk_elsewhere(model: CoworkingModel, status: int, office: bool) -> None:
    worker = model.worker(int(np.flatnonzero(model.world.workers.status == status)[0]))
    p = model.phase(Membership).parameters
    assert p.office > 0
    assert worker.membership_value(OFFER) == membership_value(OFFER, worker.taste, office, p)


def test_a_worker_shows_its_own_row(model: CoworkingModel) -> None:
    fork = model.fork()
    w = fork.world.workers
    w.plan[:] = np.arange(len(w)) % 4 - 1
    for row in range(len(w)):
        worker = fork.worker(row)
        assert worker.career_years == pytest.approx(w.career_start[row] + (20 - w.entered[row]) / 52)
        assert worker.plan == {-1: None, 0: "day", 1: "hot", 2: "dedicated"}[int(w.plan[row])]
        assert worker.frontier.tolist() == fork.world.frontier[w.occupation[row]].tolist()
    assert len(np.unique(fork.world.frontier, axis=0)) > 1


def test_a_worker_learns_from_the_partner_what_the_week_adds(model: CoworkingModel) -> None:
    """Asked one by one, the workers of every record gain exactly what the mechanism books."""
    fork = model.fork()
    for phase in fork.phases:
        if isinstance(phase, SocialLearning):
            break
        phase.step(fork.world)
    world, learning = fork.world, fork.phase(SocialLearning)
    expected = world.workers.skill.copy()
    for e in range(len(world.meetings.one)):
        for side, row in enumerate((int(world.meetings.one[e]), int(world.meetings.other[e]))):
            partner, meeting = learning.meeting(world, e, side)
            expected[row] += fork.worker(row).learn_from(fork.worker(partner), meeting)
    before = world.workers.skill.copy()
    expected = np.minimum(expected, np.maximum(before, world.frontier[world.workers.occupation]))
    booked = world.workers.gain.copy()
    learning.step(world)
    for family, skills in enumerate((slice(0, 4), slice(4, 8))):
        change = (world.workers.skill - before)[:, skills].mean(axis=1)
        channels = (world.workers.gain - booked)[:, family].sum(axis=1)
        np.testing.assert_allclose(channels, change, rtol=0, atol=1e-12)
    assert len(world.meetings.one) > 20
    assert np.abs(world.workers.skill - before).max() > 1e-4
    np.testing.assert_allclose(world.workers.skill, expected, rtol=0, atol=1e-12)


def test_a_dedicated_desk_is_not_crowded_for_one_who_asks(model: CoworkingModel) -> None:
    fork = model.fork()
    fork.world.spaces.present[:] = fork.world.spaces.desks
    fork.world.workers.aware[:] = 1
    offers = [offer for _, _, offer in fork.phase(Membership).offers(fork.world, 0)]
    assert [(offer.plan, round(offer.crowd, 9)) for offer in offers] == [(0, 1.0), (1, 1.0), (2, 0.0)]


def test_kinds_of_workers_are_told_by_status(model: CoworkingModel) -> None:
    w = model.world.workers
    for status, kind in ((FREELANCER, Freelancer), (REMOTE, RemoteEmployee)):
        assert {type(model.worker(row)) for row in np.flatnonzero(w.status == status).tolist()} == {kind}


def test_everybody_lives_where_the_columns_say(model: CoworkingModel) -> None:
    names, w = model.world.regions.names, model.world.workers
    rows = range(0, len(w), 7)
    assert [model.worker(row).region for row in rows] == [names[int(w.region[row])] for row in rows]
    assert {model.worker(row).region for row in rows} == set(names)
    assert [manager.region for manager in model.world.managers] == [names[int(r)] for r in model.world.spaces.region]
