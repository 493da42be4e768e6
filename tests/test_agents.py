"""Agents that decide in plain Python: the same formula gives the same bits, another one only its own consequences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from colearn import CoworkingModel, Employee, Freelancer, Worker
from colearn.agents import own_behaviours
from colearn.mechanisms.membership import Membership, Offer
from colearn.mechanisms.social_learning import Meeting, SocialLearning
from colearn.world.arithmetic import law
from tests.worlds import busy, town


class HandWritten(Freelancer):
    """A freelancer whose two decisions are written out in plain Python, as the model's text has them."""

    def membership_value(self, offer: Offer) -> float:
        p = self.model.phase(Membership).parameters
        value = p.constant + p.learning_weight * offer.expected_gain + p.ties_weight * math.log(1.0 + offer.ties)
        if offer.member:
            value += p.habit
        value -= p.price_weight * offer.price / offer.disposable
        return float(value - p.crowding_weight * offer.crowd + self.taste)

    def learn_from(self, partner: Worker, meeting: Meeting) -> Sequence[float]:
        phase = self.model.phase(SocialLearning)
        p, weight = phase.parameters, phase.weight.tolist()
        own, theirs, frontier = self.skill.tolist(), partner.skill.tolist(), self.frontier.tolist()
        mine = own[4] + own[5] + own[6] + own[7]
        others = theirs[4] + theirs[5] + theirs[6] + theirs[7]
        distance = 0.0
        for k in range(4, 8):
            distance += abs(own[k] / mine - theirs[k] / others)
        off = distance / 2.0 - 0.5
        fit = 1.0 - 1.76 * off * off
        pipelines = meeting.pipelines / (meeting.pipelines + p.pipeline_half)
        use = 1.0 - p.application + p.application * min(1.5, meeting.work)
        trust = (meeting.tie + 0.5) / (meeting.tie + 1.5)
        reach = meeting.times * pipelines * math.exp(-meeting.tie / p.novelty_scale) * use
        gain = []
        for k in range(8):
            lead = max(0.0, theirs[k] - own[k])
            if k < 4:
                open_to = law(own[k], frontier[k], p.theta_sc, p.scale_sc)
                gain.append(reach * weight[k] * (p.partner_gain * open_to + p.peer_gain * fit * trust * lead))
            else:
                gain.append(meeting.times * p.peer_gain_td * fit * trust * lead)
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
    assert own_behaviours(HandWritten) == ("membership_value", "learn_from")
    assert own_behaviours(Sponge) == ("learn_from",)


def test_the_same_formula_in_plain_python_gives_the_same_bits() -> None:
    """About 100 of 1,000 workers decide in plain Python for a year; not one bit of anyone differs."""
    scenario = town(1000)
    compiled, mixed = CoworkingModel(scenario), CoworkingModel(scenario)
    assert len(compiled.world.workers) == 1000
    assert 80 < mixed.cast(HandWritten, lambda worker: worker.key % 10 < 3) < 130
    run(compiled), run(mixed)
    a, b = compiled.world.workers, mixed.world.workers
    assert a.encounters[[agent.row for agent in mixed.agents_by_type[HandWritten]]].sum() > 0
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


def test_a_method_may_build_on_the_rule() -> None:
    plain, model = CoworkingModel(busy()), CoworkingModel(busy())
    assert model.cast(Sponge, lambda worker: True) == len(plain.agents_by_type[Employee])
    run(plain), run(model)
    social = [m.world.workers.gain[m.world.workers.status == 1][:, :, 3].sum() for m in (plain, model)]
    assert social[1] > 1.3 * social[0] > 0


def test_asking_for_a_mechanism_that_is_off_is_a_sentence() -> None:
    model = CoworkingModel(busy(**{"mechanisms.membership": False}))
    with pytest.raises(LookupError, match="membership is switched off"):
        model.phase(Membership)
