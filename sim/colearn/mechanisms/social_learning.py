"""Social learning: what people learn from those they meet.

From each encounter with j, person i gains in SC skill k ``q_j * n * a_i * weight_k * (gamma*phi(s_i) +
beta*u*r*max(0, s_j - s_i))`` and in TD skill k ``beta_td*u*r*max(0, s_j - s_i)``: ``q_j`` the partner's fresh
outside contacts, ``n = exp(-f/f0)`` novelty, ``a_i`` the chance to use what is learnt, ``r`` trust, ``u`` an
inverted U of the distance between TD profiles (peak 1 at one half, .56 at the ends). No one is dragged down, and
the partner's skill does not change.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.quantities.skills import ENCOUNTER_WEIGHTS
from colearn.world.arithmetic import clip_share, law, law_scale
from colearn.world.parameters import read
from colearn.world.population import SPACE_SOCIAL
from colearn.world.world import World

__all__ = ["Meeting", "SocialLearning", "learn"]

INVERTED_U = 0


class Parameters(NamedTuple):
    """Quantities of ``social_learning.*``."""

    partner_gain: float
    peer_gain: float
    peer_gain_td: float
    novelty_scale: float
    pipeline_half: float
    application: float
    theta_sc: float
    cognitive_distance: int
    scale_sc: float = 0.0  # law_scale(theta_sc)


class Meeting(NamedTuple):
    """One person's side of the week's encounters with one partner."""

    times: int
    tie: float  # strength before
    pipelines: float  # the partner's fresh outside contacts
    work: float  # one's own workload


@rule
def usefulness_of_distance(own: NDArray[np.float64], partner: NDArray[np.float64]) -> float:
    """Return ``u(d)`` of the distance d of two normalised TD profiles: ``1 - 1.76*(d - 1/2)**2``."""
    own_total = own[4] + own[5] + own[6] + own[7]
    partner_total = partner[4] + partner[5] + partner[6] + partner[7]
    distance = 0.0
    for k in range(4, 8):
        mine = own[k] / own_total if own_total > 0.0 else 0.25
        theirs = partner[k] / partner_total if partner_total > 0.0 else 0.25
        distance += abs(mine - theirs)
    off = distance / 2.0 - 0.5
    return 1.0 - 1.76 * off * off


@rule
def learn(
    own: NDArray[np.float64],
    partner: NDArray[np.float64],
    frontier: NDArray[np.float64],
    meeting: Meeting,
    weight: NDArray[np.float64],
    p: Parameters,
    gain: NDArray[np.float64],
) -> None:
    """Fill ``gain`` (8 skills) with what one person learns from the week's encounters with one partner."""
    pipelines = meeting.pipelines / (meeting.pipelines + p.pipeline_half) if p.pipeline_half > 0.0 else 1.0
    novelty = math.exp(-meeting.tie / p.novelty_scale)
    use = 1.0 - p.application + p.application * min(1.5, meeting.work)
    trust = (meeting.tie + 0.5) / (meeting.tie + 1.5)
    fit = usefulness_of_distance(own, partner) if p.cognitive_distance == INVERTED_U else 1.0
    reach = meeting.times * pipelines * novelty * use
    for k in range(4):
        lead = max(0.0, partner[k] - own[k])
        gain[k] = (
            reach
            * weight[k]
            * (p.partner_gain * law(own[k], frontier[k], p.theta_sc, p.scale_sc) + p.peer_gain * fit * trust * lead)
        )
    for k in range(4, 8):
        gain[k] = meeting.times * p.peer_gain_td * fit * trust * max(0.0, partner[k] - own[k])


@kernel
def _learn_all(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    times: NDArray[np.int64],
    tie: NDArray[np.float64],
    skill: NDArray[np.float64],
    occupation: NDArray[np.int8],
    frontier: NDArray[np.float64],
    fresh: NDArray[np.float64],
    work: NDArray[np.float64],
    own: NDArray[np.bool_],
    weight: NDArray[np.float64],
    p: Parameters,
    gain: NDArray[np.float64],
) -> None:
    """Fill ``gain[encounter, side, skill]`` for everyone who follows the rule."""
    for e in range(len(one)):
        for side in range(2):
            i, j = (one[e], other[e]) if side == 0 else (other[e], one[e])
            if not own[i]:
                meeting = Meeting(times[e], tie[e], fresh[j], work[i])
                learn(skill[i], skill[j], frontier[occupation[i]], meeting, weight, p, gain[e, side])


@kernel
def _commit(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    gain: NDArray[np.float64],
    occupation: NDArray[np.int8],
    frontier: NDArray[np.float64],
    skill: NDArray[np.float64],
    step: NDArray[np.float64],
    channels: NDArray[np.float64],
    week_gain: NDArray[np.float64],
) -> None:
    """Add up each person's gains in the order of pair keys, clip at the frontier, and book them."""
    for e in range(len(one)):
        for k in range(8):
            step[one[e], k] += gain[e, 0, k]
            step[other[e], k] += gain[e, 1, k]
    for e in range(len(one)):
        for i in (one[e], other[e]):
            for k in range(8):
                change = step[i, k]
                if change != 0.0:
                    change *= clip_share(skill[i, k], change, frontier[occupation[i], k])
                    skill[i, k] = min(skill[i, k] + change, frontier[occupation[i], k])
                    channels[i, k // 4, SPACE_SOCIAL] += change / 4.0
                    week_gain[i] += change
                    step[i, k] = 0.0


class SocialLearning:
    """What people learn from those they meet."""

    name = "social_learning"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        p = read(world.scenario, "social_learning", Parameters)
        self.parameters = p._replace(scale_sc=law_scale(p.theta_sc))
        self.weight = np.array(ENCOUNTER_WEIGHTS["chat"])
        self._step = np.zeros((len(world.workers), 8))

    def meeting(self, world: World, e: int, side: int) -> tuple[int, Meeting]:
        """Return the partner's row and one side of an encounter record."""
        w, met = world.workers, world.meetings
        own, partner = (met.one[e], met.other[e]) if side == 0 else (met.other[e], met.one[e])
        record = Meeting(
            int(met.times[e]), float(met.strength[e]), float(w.outside_contacts[partner]), float(w.work[own])
        )
        return int(partner), record

    def step(self, world: World) -> None:
        """Learn from the week's encounters."""
        if not world.open or len(world.meetings) == 0:
            return
        w, met = world.workers, world.meetings
        gain = np.zeros((len(met), 2, 8))
        own = world.behaviours.mask("learn_from")
        _learn_all(
            met.one, met.other, met.times, met.strength, w.skill, w.occupation, world.frontier, w.outside_contacts,
            w.work, own, self.weight, self.parameters, gain,
        )  # fmt: skip
        for side, rows in enumerate((met.one, met.other)):
            for e in np.flatnonzero(own[rows]):
                decide = world.behaviours.of("learn_from", int(rows[e]))
                if decide is not None:
                    partner, record = self.meeting(world, int(e), side)
                    gain[e, side] = decide(partner, record)
        _commit(met.one, met.other, gain, w.occupation, world.frontier, w.skill, self._step, w.gain, w.week_gain)
