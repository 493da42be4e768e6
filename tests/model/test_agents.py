"""Agents that decide in plain Python: the same formula gives the same bits, another one only its own consequences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from coworksim import CoworkingModel, Employee, Freelancer, Worker
from coworksim.model.agents import own_behaviours
from coworksim.model.mechanisms.helpers.encounter_records import Invitation
from coworksim.model.mechanisms.helpers.offers import Offer
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.social_learning import Meeting, SocialLearning
from coworksim.model.state.arithmetic import law
from tests.worlds import busy, town


class HandWritten(Freelancer):
    """A freelancer whose three decisions are written out in plain Python, as the model's text has them."""

    def membership_value(self, offer: Offer) -> float:
        p = self.model.phase(Membership).parameters
        value = p.constant + p.appeal
        if offer.plan == 0:
            value += p.day_constant
        elif offer.plan == 2:
            value += p.dedicated_constant
        value = value + p.learning_weight * offer.expected_gain + p.ties_weight * math.log(1.0 + offer.ties)
        if offer.member:
            value += p.habit * (1.0 - p.early_habit * math.exp(-offer.tenure / 13.0))
        value -= offer.pound * offer.price
        return float(value - p.crowding_weight * offer.crowd - p.distance_weight * offer.km + self.taste)

    def accepts_encounter(self, partner: Worker, invitation: Invitation) -> bool:
        return True

    def learn_from(self, partner: Worker, meeting: Meeting) -> Sequence[float]:
        phase = self.model.phase(SocialLearning)
        p, weight = phase.parameters, phase.weight[meeting.kind].tolist()
        own, theirs, frontier = self.skill.tolist(), partner.skill.tolist(), self.frontier.tolist()
        pipelines = meeting.pipelines / (meeting.pipelines + p.pipeline_half)
        follow = meeting.fit * ((meeting.tie + 0.5) / (meeting.tie + 1.5))
        reach = meeting.times * pipelines * math.exp(-meeting.tie / p.novelty_scale)
        gain = []
        for k in range(8):
            lead = max(0.0, theirs[k] - own[k])
            if k < 4:
                open_to = law(own[k], frontier[k], p.theta_sc, p.scale_sc)
                gain.append(reach * weight[k] * (p.partner_gain * open_to + p.peer_gain * follow * lead))
            else:
                gain.append(meeting.times * p.peer_gain_td * follow * lead)
        return gain


class Hermit(Freelancer):
    """A freelancer who never joins."""

    def membership_value(self, offer: Offer) -> float:
        return -math.inf


class Sponge(Employee):
    """An employee who learns twice as much from others."""

    def learn_from(self, partner: Worker, meeting: Meeting) -> Sequence[float]:
        return [2 * gain for gain in super().learn_from(partner, meeting)]


def run(model: CoworkingModel) -> CoworkingModel:
    model.run_for(12 + 52)
    return model


def test_own_behaviours_are_those_overridden() -> None:
    assert own_behaviours(Freelancer) == own_behaviours(Employee) == ()
    assert own_behaviours(HandWritten) == ("membership_value", "accepts_encounter", "learn_from")
    assert own_behaviours(Sponge) == ("learn_from",)


@pytest.mark.slow
def test_the_same_formula_in_plain_python_gives_the_same_bits() -> None:
    """About 100 of 1,000 workers decide in plain Python for a year; not one bit of anyone differs."""
    scenario = town(1000)
    compiled, mixed = CoworkingModel(scenario), CoworkingModel(scenario)
    assert len(compiled.world.workers) == 1000
    assert 80 < mixed.cast(HandWritten, lambda worker: worker.key % 10 < 3) < 130
    run(compiled), run(mixed)
    a, b = compiled.world.workers, mixed.world.workers
    own = [agent.row for agent in mixed.agents_by_type[HandWritten]]
    assert len(own) > 60
    assert a.encounters[own].sum() > 100
    for name in ("skill", "gain", "member_of", "tenure", "encounters", "income", "recent_gain", "fees"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), name)


def test_one_class_of_hermits_stays_out_and_others_go_on() -> None:
    model = CoworkingModel(busy())
    model.cast(Hermit, lambda worker: worker.region == "other")
    run(model)
    agents = model.agents_by_type
    assert not any(agents[Hermit].get("member"))
    assert any(agents[Freelancer].get("member"))
    assert any(agents[Employee].get("member"))


@pytest.mark.slow
def test_a_method_may_build_on_the_rule() -> None:
    full = {"membership.appeal": 6.0}
    plain, model = CoworkingModel(busy(**full)), CoworkingModel(busy(**full))
    assert model.cast(Sponge, lambda worker: True) == len(plain.agents_by_type[Employee])
    run(plain), run(model)
    social = [m.world.workers.gain[m.world.workers.status == 3][:, :, 4].sum() for m in (plain, model)]
    assert social[1] > 1.3 * social[0] > 0


def test_asking_for_a_mechanism_that_is_off_is_a_sentence() -> None:
    model = CoworkingModel(busy(**{"mechanisms.membership": False}))
    with pytest.raises(LookupError, match="membership is switched off"):
        model.phase(Membership)
