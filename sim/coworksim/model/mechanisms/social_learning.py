"""Social learning: what people learn from those they meet.

From each encounter with j, person i gains in SC skill k ``q_j * n * a_i * weight_k * (gamma*phi(s_i) +
beta*u*r*max(0, s_j - s_i))`` and in TD skill k ``beta_td*u*r*max(0, s_j - s_i)``: ``phi = F*.5**(1 - theta)*((F -
s)/F)**theta`` the room to learn (:func:`coworksim.model.state.arithmetic.law`), ``q_j`` the partner's fresh outside
contacts,
``n = exp(-f/f0)`` novelty, ``a_i`` the chance to use what is learnt, ``r`` trust, ``u`` an inverted U of the distance
between TD profiles (peak 1 at one half, .56 at the ends). No one is dragged down, and the partner's skill does not
change.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.mechanisms.helpers.encounter_records import blocks_of
from coworksim.model.parameters.skills import ENCOUNTER_WEIGHTS
from coworksim.model.parameters.week import SocialLearningParameters as Parameters
from coworksim.model.state.arithmetic import clip_share, law, law_scale
from coworksim.model.state.meetings import INSIDE_KINDS
from coworksim.model.state.parameter_records import read
from coworksim.model.state.people import FIRM, OUTSIDE, SPACE_SOCIAL
from coworksim.model.state.world import World

__all__ = ["Meeting", "SocialLearning", "learn"]

INVERTED_U = 0
#: Rows that are worked on at once, at least: few enough for a processor's cache, many enough to save calls.
BLOCK = 4096


class Meeting(NamedTuple):
    """One person's side of the week's encounters with one partner."""

    kind: int  # index into ENCOUNTER_KINDS
    times: int
    tie: float  # strength before
    pipelines: float  # the partner's fresh outside contacts
    work: float  # one's own workload
    fit: float  # usefulness of the distance between the two TD profiles


@rule
def td_share(skill: float, total: float) -> float:
    """Return the part ``s_k/sum(s)`` of one TD skill in a profile, a quarter when there are none."""
    return skill / total if total > 0.0 else 0.25


@rule
def usefulness(distance: float) -> float:
    """Return ``u(d)`` of the distance d of two TD profiles, ``1 - 1.76*(d - 1/2)**2``."""
    off = distance - 0.5
    return 1.0 - 1.76 * off * off


@rule
def openness(meeting: Meeting, p: Parameters) -> float:
    """Return ``t*q*n*a``: what t meetings carry, by the partner's pipelines, novelty and the chance to use it."""
    pipelines = meeting.pipelines / (meeting.pipelines + p.pipeline_half) if p.pipeline_half > 0.0 else 1.0
    novelty = math.exp(-meeting.tie / p.novelty_scale) if meeting.tie > 0.0 else 1.0
    use = 1.0 - p.application + p.application * min(1.5, meeting.work)
    return meeting.times * pipelines * novelty * use


@rule
def following(meeting: Meeting) -> float:
    """Return ``u*r``: how well one follows this partner, by the distance of profiles and by trust."""
    return meeting.fit * ((meeting.tie + 0.5) / (meeting.tie + 1.5))


@rule
def sc_gain(
    own: float, partner: float, room: float, reach: float, weight: float, follow: float, p: Parameters
) -> float:
    """Return the gain in an SC skill, ``t*q*n*a*weight*(gamma*phi + beta*u*r*max(0, s_j - s_i))``."""
    return reach * weight * (p.partner_gain * room + p.peer_gain * follow * max(0.0, partner - own))


@rule
def td_gain(own: float, partner: float, times: int, follow: float, p: Parameters) -> float:
    """Return the gain in a TD skill, ``t*beta_td*u*r*max(0, s_j - s_i)``."""
    return times * p.peer_gain_td * follow * max(0.0, partner - own)


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
    """Fill ``gain``, SC ``t*q*n*a*weight*(gamma*phi + beta*u*r*lead)`` and TD ``t*beta_td*u*r*lead``; room is phi."""
    reach, follow = openness(meeting, p), following(meeting)
    for k in range(4):
        gain[k] = sc_gain(own[k], partner[k], room[k], reach, weight[meeting.kind, k], follow, p)
    for k in range(4, 8):
        gain[k] = td_gain(own[k], partner[k], meeting.times, follow, p)


@kernel
def _look(
    skill: NDArray[np.float64],
    occupation: NDArray[np.int8],
    frontier: NDArray[np.float64],
    p: Parameters,
    low: int,
    high: int,
    room: NDArray[np.float64],
    profile: NDArray[np.float64],
) -> None:
    """Fill ``room`` with phi of the SC skills, ``profile`` with the TD profile: rows ``low`` to before ``high``."""
    for i in range(low, high):
        for k in range(4):
            room[i - low, k] = law(skill[i, k], frontier[occupation[i], k], p.theta_sc, p.scale_sc)
        total = skill[i, 4] + skill[i, 5] + skill[i, 6] + skill[i, 7]
        for k in range(4):
            profile[i - low, k] = td_share(skill[i, 4 + k], total)


@rule
def fit_of(profile: NDArray[np.float64], one: int, other: int, p: Parameters) -> float:
    """Return ``u(d)`` of ``d = sum(abs(s_i - s_j))/2`` over two TD profiles; off: 1."""
    if p.cognitive_distance != INVERTED_U:
        return 1.0
    distance = 0.0
    for k in range(4):
        distance += abs(profile[one, k] - profile[other, k])
    return usefulness(distance / 2.0)


@kernel
def _learn_all(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    kind: NDArray[np.int8],
    times: NDArray[np.int64],
    tie: NDArray[np.float64],
    skill: NDArray[np.float64],
    fresh: NDArray[np.float64],
    work: NDArray[np.float64],
    own_way: NDArray[np.bool_],
    told: NDArray[np.float64],
    weight: NDArray[np.float64],
    p: Parameters,
    low: int,
    at: int,
    room: NDArray[np.float64],
    profile: NDArray[np.float64],
    step: NDArray[np.float64],
) -> int:
    """Add up the gains of a block by channel in the order of records: ``step[row - low, channel, skill]``.

    ``told`` holds, in the same order and from ``at`` on, the gains of those who learn in their own way; return where
    those of the next block begin. Skill by skill, as :func:`learn` does: a view on a row for each meeting would take
    four times as long as what is worked out.
    """
    for e in range(len(one)):
        source = 0 if kind[e] < INSIDE_KINDS else kind[e] - INSIDE_KINDS + 1
        fit = fit_of(profile, one[e] - low, other[e] - low, p)
        for side in range(2):
            i, j = (one[e], other[e]) if side == 0 else (other[e], one[e])
            row = i - low
            if own_way[i]:
                for k in range(8):
                    step[row, source, k] += told[at, k]
                at += 1
                continue
            meeting = Meeting(kind[e], times[e], tie[e], fresh[j], work[i], fit)
            reach, follow = openness(meeting, p), following(meeting)
            for k in range(4):
                step[row, source, k] += sc_gain(
                    skill[i, k], skill[j, k], room[row, k], reach, weight[kind[e], k], follow, p
                )
            for k in range(4, 8):
                step[row, source, k] += td_gain(skill[i, k], skill[j, k], times[e], follow, p)
    return at


@kernel
def _commit(
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
    for i in range(low, high):
        row, gained = i - low, week_gain[i]
        for family in range(2):
            social, abroad = channels[i, family, SPACE_SOCIAL], channels[i, family, OUTSIDE]
            colleagues = channels[i, family, FIRM]
            for k in range(4 * family, 4 * family + 4):
                inside, outside, firm = step[row, 0, k], step[row, 1, k], step[row, 2, k]
                total, s, limit = inside + outside + firm, skill[i, k], frontier[occupation[i], k]
                fit = clip_share(s, total, limit)
                skill[i, k] = max(s, limit) if fit < 1.0 else s + total
                social += inside * fit / 4.0
                abroad += outside * fit / 4.0
                colleagues += firm * fit / 4.0
                gained += inside * fit
                step[row, 0, k], step[row, 1, k], step[row, 2, k] = 0.0, 0.0, 0.0
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
        _look(skill, occupation, frontier, p, low, high, room, profile)
        at = _learn_all(
            one[first:last],
            other[first:last],
            kind[first:last],
            times[first:last],
            tie[first:last],
            skill,
            fresh,
            work,
            own_way,
            told,
            weight,
            p,
            low,
            at,
            room,
            profile,
            step,
        )
        _commit(occupation, frontier, skill, low, high, step, channels, week_gain)


class SocialLearning:
    """What people learn from those they meet."""

    name = "social_learning"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        p = read(world.scenario, Parameters)
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
        skill = w.skill[[met.one[e], met.other[e]], 4:]
        profiles = np.array([[td_share(one, row.sum()) for one in row] for row in skill])
        fit = fit_of(profiles, 0, 1, self.parameters)
        record = Meeting(
            int(met.kind[e]),
            int(met.times[e]),
            float(met.strength[e]),
            float(w.outside_contacts[partner]),
            float(w.work[own]),
            float(fit),
        )
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
            blocks,
            met.one,
            met.other,
            met.kind,
            met.times,
            met.strength,
            w.skill,
            w.occupation,
            world.frontier,
            w.outside_contacts,
            w.work,
            own_way,
            self._told(world, own_way),
            self.weight,
            self.parameters,
            self._room,
            self._profile,
            self._step,
            w.gain,
            w.week_gain,
        )

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
