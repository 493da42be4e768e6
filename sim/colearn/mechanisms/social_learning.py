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
from colearn.mechanisms.blocks import blocks_of
from colearn.quantities.skills import ENCOUNTER_WEIGHTS
from colearn.world.arithmetic import clip_share, law_scale, laws
from colearn.world.meetings import INSIDE_KINDS
from colearn.world.parameters import read
from colearn.world.population import FIRM, OUTSIDE, SPACE_SOCIAL
from colearn.world.world import World

__all__ = ["Meeting", "SocialLearning", "learn"]

INVERTED_U = 0
#: Rows that are worked on at once, at least: few enough for a processor's cache, many enough to save calls.
BLOCK = 4096


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
    """Fill ``profile`` with ``s_k/sum(s)`` of the four TD skills, a quarter each when there are none."""
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
    """Fill ``room`` with ``phi = F*.5**(1 - theta)*((F - s)/F)**theta`` of the four SC skills."""
    laws(own, frontier, 0, p.theta_sc, p.scale_sc, room)


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
    """Fill ``gain``, SC ``t*q*n*a*weight*(gamma*phi + beta*u*r*lead)`` and TD ``t*beta_td*u*r*lead`` (t times)."""
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
    low: int,
    high: int,
    at: int,
    room: NDArray[np.float64],
    profile: NDArray[np.float64],
    step: NDArray[np.float64],
) -> int:
    """Add up the gains of a block by channel in the order of records: ``step[row - low, channel, skill]``.

    ``told`` holds, in the same order and from ``at`` on, the gains of those who learn in their own way; return where
    those of the next block begin. ``room`` and ``profile`` are work space for rows ``low`` to before ``high``, filled
    for those who meet somebody.
    """
    known = np.zeros(high - low, np.bool_)
    gain = np.empty(8)
    for e in range(len(one)):
        for i in (one[e], other[e]):
            if not known[i - low]:
                known[i - low] = True
                room_to_learn(skill[i], frontier[occupation[i]], p, room[i - low])
                td_profile(skill[i], profile[i - low])
        source = 0 if kind[e] < INSIDE_KINDS else kind[e] - INSIDE_KINDS + 1
        fit = usefulness_of_distance(profile[one[e] - low], profile[other[e] - low], p)
        for side in range(2):
            i, j = (one[e], other[e]) if side == 0 else (other[e], one[e])
            if own_way[i]:
                gain[:] = told[at]
                at += 1
            else:
                meeting = Meeting(kind[e], times[e], tie[e], fresh[j], work[i], fit)
                learn(skill[i], skill[j], room[i - low], meeting, weight, p, gain)
            for k in range(8):
                step[i - low, source, k] += gain[k]
    return at


@kernel
def _commit(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    occupation: NDArray[np.int8],
    frontier: NDArray[np.float64],
    skill: NDArray[np.float64],
    low: int,
    high: int,
    step: NDArray[np.float64],
    channels: NDArray[np.float64],
    week_gain: NDArray[np.float64],
) -> None:
    """Clip each person's steps at the frontier, all channels alike, book them, and empty ``step``.

    A family's sums stand in names, as the compiler would store every step of a sum in a column.
    """
    done = np.zeros(high - low, np.bool_)
    for e in range(len(one)):
        for i in (one[e], other[e]):
            if done[i - low]:
                continue
            done[i - low] = True
            own, gained = step[i - low], week_gain[i]
            for family in range(2):
                social, abroad = channels[i, family, SPACE_SOCIAL], channels[i, family, OUTSIDE]
                colleagues = channels[i, family, FIRM]
                for k in range(4 * family, 4 * family + 4):
                    inside, outside, firm = own[0, k], own[1, k], own[2, k]
                    total, s, limit = inside + outside + firm, skill[i, k], frontier[occupation[i], k]
                    fit = clip_share(s, total, limit)
                    skill[i, k] = max(s, limit) if fit < 1.0 else s + total
                    social += inside * fit / 4.0
                    abroad += outside * fit / 4.0
                    colleagues += firm * fit / 4.0
                    gained += inside * fit
                    own[0, k], own[1, k], own[2, k] = 0.0, 0.0, 0.0
                channels[i, family, SPACE_SOCIAL], channels[i, family, OUTSIDE] = social, abroad
                channels[i, family, FIRM] = colleagues
            week_gain[i] = gained


@kernel
def _learn_by_blocks(
    blocks: NDArray[np.int64],
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
    channels: NDArray[np.float64],
    week_gain: NDArray[np.float64],
) -> None:
    """Learn block by block: people of other blocks are not looked at, so one may be done before the next is begun."""
    at = 0
    for b in range(len(blocks)):
        first, last, low, high = blocks[b, 0], blocks[b, 1], blocks[b, 2], blocks[b, 3]
        ones, others = one[first:last], other[first:last]
        at = _learn_all(
            ones, others, kind[first:last], times[first:last], tie[first:last], skill, occupation, frontier, fresh,
            work, own_way, told, weight, p, low, high, at, room, profile, step,
        )  # fmt: skip
        _commit(ones, others, occupation, frontier, skill, low, high, step, channels, week_gain)


class SocialLearning:
    """What people learn from those they meet."""

    name = "social_learning"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        p = read(world.scenario, "social_learning", Parameters)
        self.parameters = p._replace(scale_sc=law_scale(p.theta_sc))
        self.weight = np.array(ENCOUNTER_WEIGHTS)
        self._make_room(0)

    def _make_room(self, rows: int) -> None:
        """Make the work space of a block."""
        self._step = np.zeros((rows, 3, 8))
        self._room = np.zeros((rows, 4))
        self._profile = np.zeros((rows, 4))

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
        blocks, widest = blocks_of(met.one, met.other, len(w), BLOCK)
        if widest > len(self._step):
            self._make_room(widest)
        _learn_by_blocks(
            blocks, met.one, met.other, met.kind, met.times, met.strength, w.skill, w.occupation, world.frontier,
            w.outside_contacts, w.work, own_way, self._told(world, own_way), self.weight, self.parameters, self._room,
            self._profile, self._step, w.gain, w.week_gain,
        )  # fmt: skip

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
