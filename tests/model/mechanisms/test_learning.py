"""Learning from people and from hours: known answers and laws of single rules."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim import load_scenario, simulate
from coworksim.model.mechanisms import decay, resource_learning, resource_pool
from coworksim.model.mechanisms import social_learning as social
from coworksim.model.mechanisms.helpers.encounter_records import blocks_of
from coworksim.model.parameters.week import ResourcePoolParameters, SocialLearningParameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import law

TINY = load_scenario("tiny")
SOCIAL = read(TINY, SocialLearningParameters)._replace(scale_sc=0.5)


def fit(own: list[float], partner: list[float], p: SocialLearningParameters = SOCIAL) -> float:
    """Return how useful the distance of two people's TD profiles is."""
    shares = np.array([[social.td_share(one, sum(skill[4:])) for one in skill[4:]] for skill in (own, partner)])
    return float(social.fit_of(shares, 0, 1, p))


def gain(own: list[float], partner: list[float], **changes: Any) -> list[float]:
    """Return what one encounter of a kind with equal weights teaches."""
    filled = np.zeros(8)
    meeting = social.Meeting(kind=0, times=1, tie=0.0, pipelines=15.0, fit=1.0)._replace(
        **{k: v for k, v in changes.items() if k in social.Meeting._fields}
    )
    p = SOCIAL._replace(**{k: v for k, v in changes.items() if k in SocialLearningParameters._fields})
    room = np.array([law(one, 1.0, p.theta_sc, p.scale_sc) for one in own[:4]])
    meeting = meeting._replace(fit=fit(own, partner, p))
    social.learn(np.array(own), np.array(partner), room, meeting, np.ones((6, 4)), p, filled)
    return [float(x) for x in filled]


def test_learning_by_hand() -> None:
    """Equal partners at tie 0, half pipelines: gamma*phi/2 for SC and nothing for TD."""
    got = gain([0.4] * 8, [0.4] * 8)
    assert got == pytest.approx([0.5 * 0.001 * 0.5] * 4 + [0.0] * 4, rel=1e-12)
    ahead = gain([0.4] * 8, [0.8] * 8, tie=2.0)
    novelty, trust = math.exp(-2.0 / 4.0), 2.5 / 3.5
    assert ahead[0] == pytest.approx(0.5 * novelty * (0.001 * 0.5 + 0.004 * trust * 0.4), rel=1e-12)
    assert ahead[4] == pytest.approx(0.002 * trust * 0.4, rel=1e-12)
    alike = gain([0.4] * 8, [0.8] * 8, tie=2.0, cognitive_distance=social.INVERTED_U)
    assert alike[4] == pytest.approx(0.002 * (1 - 1.76 * 0.25) * trust * 0.4, rel=1e-12)


def test_each_kind_spreads_over_the_social_skills_by_its_own_weights() -> None:
    filled, weights = np.zeros(8), np.array([[1.0, 1, 1, 1], [4.0, 0, 0, 0]])
    meeting = social.Meeting(kind=1, times=1, tie=0.0, pipelines=15.0, fit=1.0)
    social.learn(np.full(8, 0.4), np.full(8, 0.4), np.full(4, 0.5), meeting, weights, SOCIAL, filled)
    assert filled[0] > 0
    assert (filled[1:] == 0).all()


SKILLS = st.lists(st.floats(0, 1), min_size=8, max_size=8)


@given(SKILLS, SKILLS, st.floats(0, 50), st.floats(0, 100))
def test_no_one_is_dragged_down_and_the_peer_term_closes_at_most_the_gap(
    own: list[float], partner: list[float], tie: float, pipelines: float
) -> None:
    got = gain(own, partner, tie=tie, pipelines=pipelines)
    assert min(got) >= 0
    peer = gain(own, partner, tie=tie, pipelines=pipelines, partner_gain=0.0)
    assert all(g <= max(0.0, theirs - mine) + 1e-15 for g, mine, theirs in zip(peer, own, partner, strict=True))


@given(SKILLS, SKILLS)
def test_fit_of_profiles_peaks_in_the_middle(own: list[float], partner: list[float]) -> None:
    bent = SOCIAL._replace(cognitive_distance=social.INVERTED_U)
    assert 0.56 - 1e-9 <= fit(own, partner, bent) <= 1.0
    assert fit(own, own, bent) == pytest.approx(0.56)
    assert fit(own, partner) == 1.0


def test_hours_are_a_budget() -> None:
    pool = read(TINY, ResourcePoolParameters)
    assert resource_pool.wanted_hours(3.0, 0.5, 5, pool) == pytest.approx(1.5)
    assert resource_pool.wanted_hours(3.0, 0.5, 0, pool) == 0.0
    assert resource_learning.outside_hours(3.0, 3.0, 0.5) == 0.0
    assert resource_learning.outside_hours(3.0, 1.0, 0.5) == pytest.approx(2.0 * 0.5)


def test_decay_by_hand() -> None:
    assert decay.lost(0.52, 0.1) == pytest.approx(0.001)


def blocks(one: list[int], other: list[int], people: int, least: int) -> list[list[int]]:
    found, widest = blocks_of(np.array(one, np.int32), np.array(other, np.int32), people, least)
    assert widest == max([0, *(high - low for _, _, low, high in found.tolist())])
    return [list(block) for block in found.tolist()]


def test_blocks_share_nobody_and_hold_every_record() -> None:
    one, other = [0, 0, 1, 4, 5, 9], [1, 2, 3, 6, 6, 11]
    assert blocks(one, other, 12, 1) == [[0, 3, 0, 4], [3, 5, 4, 7], [5, 6, 9, 12]]
    assert blocks(one, other, 12, 5) == [[0, 5, 0, 7], [5, 6, 9, 12]]
    assert blocks(one, other, 12, 100) == [[0, 6, 0, 12]]
    assert blocks([0, 1], [11, 2], 12, 1) == [[0, 2, 0, 12]]
    assert blocks([], [], 12, 1) == []


@pytest.mark.parametrize("least", [1, 10**6])
def test_what_is_learnt_does_not_depend_on_blocks(least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate(load_scenario("tiny", {"weeks": 8})).digest
    monkeypatch.setattr(social, "BLOCK", least)
    assert simulate(load_scenario("tiny", {"weeks": 8})).digest == whole
