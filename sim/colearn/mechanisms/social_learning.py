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
from colearn.world.meetings import INSIDE_KINDS
from colearn.world.parameters import read
from colearn.world.population import FIRM, OUTSIDE, SPACE_SOCIAL
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

    kind: int  # index into ENCOUNTER_KINDS
    times: int
    tie: float  # strength before
    pipelines: float  # the partner's fresh outside contacts
    work: float  # one's own workload
    fit: float  # usefulness of the distance between the two TD profiles


@rule
def td_profile(skill: NDArray[np.float64], profile: NDArray[np.float64]) -> None:
    """Fill ``profile`` with the four TD skills as shares of their sum, a quarter each when there are none."""
    total = skill[4] + skill[5] + skill[6] + skill[7]
    for k in range(4):
        profile[k] = skill[4 + k] / total if total > 0.0 else 0.25


@rule
def usefulness_of_distance(own: NDArray[np.float64], partner: NDArray[np.float64], p: Parameters) -> float:
    """Return ``u(d)`` of the distance d of two TD profiles, ``1 - 1.76*(d - 1/2)**2``; off: 1."""
    if p.cognitive_distance != INVERTED_U:
        return 1.0
    distance = 0.0
    for k in range(4):
        distance += abs(own[k] - partner[k])
    off = distance / 2.0 - 0.5
    return 1.0 - 1.76 * off * off


@rule
def room_to_learn(
    own: NDArray[np.float64], frontier: NDArray[np.float64], p: Parameters, room: NDArray[np.float64]
) -> None:
    """Fill ``room`` with ``phi`` of the four SC skills: how far a unit of learning carries."""
    for k in range(4):
        room[k] = law(own[k], frontier[k], p.theta_sc, p.scale_sc)


@rule
def learn(
    own: NDArray[np.float64],
    partner: NDArray[np.float64],
    room: NDArray[np.float64],
    meeting: Meeting,
    weight: NDArray[np.float64],
    p: Parameters,
    gain: NDArray[np.float64],
) -> None:
    """Fill ``gain`` (8 skills) with what one person learns from the week's encounters of a kind with one partner."""
    pipelines = meeting.pipelines / (meeting.pipelines + p.pipeline_half) if p.pipeline_half > 0.0 else 1.0
    novelty = math.exp(-meeting.tie / p.novelty_scale) if meeting.tie > 0.0 else 1.0
    use = 1.0 - p.application + p.application * min(1.5, meeting.work)
    trust = (meeting.tie + 0.5) / (meeting.tie + 1.5)
    reach = meeting.times * pipelines * novelty * use
    follow = meeting.fit * trust
    for k in range(4):
        lead = max(0.0, partner[k] - own[k])
        gain[k] = reach * weight[meeting.kind, k] * (p.partner_gain * room[k] + p.peer_gain * follow * lead)
    for k in range(4, 8):
        gain[k] = meeting.times * p.peer_gain_td * follow * max(0.0, partner[k] - own[k])


@kernel
def _learn_all(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    kind: NDArray[np.int8],
    times: NDArray[np.int64],
    tie: NDArray[np.float64],
    skill: NDArray[np.float64],
    occupation: NDArray[np.int8],
    frontier: NDArray[np.float64],
    fresh: NDArray[np.float64],
    work: NDArray[np.float64],
    own_way: NDArray[np.bool_],
    told: NDArray[np.float64],
    weight: NDArray[np.float64],
    p: Parameters,
    room: NDArray[np.float64],
    profile: NDArray[np.float64],
    step: NDArray[np.float64],
) -> None:
    """Add up everybody's gains by channel in the order of records: ``step[row, channel, skill]``.

    ``told`` holds, in the same order, the gains of those who learn in their own way.
    """
    for i in range(len(skill)):
        room_to_learn(skill[i], frontier[occupation[i]], p, room[i])
        td_profile(skill[i], profile[i])
    gain = np.empty(8)
    at = 0
    for e in range(len(one)):
        source = 0 if kind[e] < INSIDE_KINDS else kind[e] - INSIDE_KINDS + 1
        fit = usefulness_of_distance(profile[one[e]], profile[other[e]], p)
        for side in range(2):
            i, j = (one[e], other[e]) if side == 0 else (other[e], one[e])
            if own_way[i]:
                gain[:] = told[at]
                at += 1
            else:
                meeting = Meeting(kind[e], times[e], tie[e], fresh[j], work[i], fit)
                learn(skill[i], skill[j], room[i], meeting, weight, p, gain)
            for k in range(8):
                step[i, source, k] += gain[k]


@kernel
def _commit(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    occupation: NDArray[np.int8],
    frontier: NDArray[np.float64],
    skill: NDArray[np.float64],
    step: NDArray[np.float64],
    channels: NDArray[np.float64],
    week_gain: NDArray[np.float64],
) -> None:
    """Clip each person's steps at the frontier, all channels alike, book them, and empty ``step``."""
    done = np.zeros(len(skill), np.bool_)
    for e in range(len(one)):
        for i in (one[e], other[e]):
            if done[i]:
                continue
            done[i] = True
            for k in range(8):
                inside, outside, firm = step[i, 0, k], step[i, 1, k], step[i, 2, k]
                total = inside + outside + firm
                limit = frontier[occupation[i], k]
                fit = clip_share(skill[i, k], total, limit)
                skill[i, k] = max(skill[i, k], limit) if fit < 1.0 else skill[i, k] + total
                channels[i, k // 4, SPACE_SOCIAL] += inside * fit / 4.0
                channels[i, k // 4, OUTSIDE] += outside * fit / 4.0
                channels[i, k // 4, FIRM] += firm * fit / 4.0
                week_gain[i] += inside * fit
                step[i, 0, k], step[i, 1, k], step[i, 2, k] = 0.0, 0.0, 0.0


class SocialLearning:
    """What people learn from those they meet."""

    name = "social_learning"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        p = read(world.scenario, "social_learning", Parameters)
        self.parameters = p._replace(scale_sc=law_scale(p.theta_sc))
        self.weight = np.array(ENCOUNTER_WEIGHTS)
        self._step = np.zeros((len(world.workers), 3, 8))
        self._room = np.zeros((len(world.workers), 4))
        self._profile = np.zeros((len(world.workers), 4))

    def meeting(self, world: World, e: int, side: int) -> tuple[int, Meeting]:
        """Return the partner's row and one side of an encounter record."""
        w, met = world.workers, world.meetings
        own, partner = (met.one[e], met.other[e]) if side == 0 else (met.other[e], met.one[e])
        profiles = np.zeros((2, 4))
        td_profile(w.skill[met.one[e]], profiles[0])
        td_profile(w.skill[met.other[e]], profiles[1])
        fit = usefulness_of_distance(profiles[0], profiles[1], self.parameters)
        record = Meeting(
            int(met.kind[e]), int(met.times[e]), float(met.strength[e]), float(w.outside_contacts[partner]),
            float(w.work[own]), float(fit),
        )  # fmt: skip
        return int(partner), record

    def step(self, world: World) -> None:
        """Learn from the week's encounters."""
        w, met = world.workers, world.meetings
        if len(met) == 0:
            return
        own_way = world.behaviours.mask("learn_from")
        _learn_all(
            met.one, met.other, met.kind, met.times, met.strength, w.skill, w.occupation, world.frontier,
            w.outside_contacts, w.work, own_way, self._told(world, own_way), self.weight, self.parameters, self._room,
            self._profile, self._step,
        )  # fmt: skip
        _commit(met.one, met.other, w.occupation, world.frontier, w.skill, self._step, w.gain, w.week_gain)

    def _told(self, world: World, own_way: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Ask those who learn in their own way, in the order of records and sides."""
        if not world.behaviours.anyone("learn_from"):
            return np.zeros((0, 8))
        met = world.meetings
        sides = np.stack([own_way[met.one], own_way[met.other]], axis=1)
        told = np.zeros((int(sides.sum()), 8))
        for at, (e, side) in enumerate(zip(*np.nonzero(sides), strict=True)):
            row = int((met.one, met.other)[side][e])
            decide = world.behaviours.of("learn_from", row)
            if decide is not None:
                told[at] = decide(*self.meeting(world, int(e), int(side)))
        return told
