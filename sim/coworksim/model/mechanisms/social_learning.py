"""Social learning: what people learn from those they meet.

From each encounter with j, person i gains in SC skill k ``q_j * n * weight_k * (gamma*phi(s_i) +
beta*u*r*max(0, s_j - s_i))`` and in TD skill k ``beta_td*u*r*max(0, s_j - s_i)``: ``phi = F*.5**(1 - theta)*((F -
s)/F)**theta`` the room to learn (:func:`coworksim.model.state.arithmetic.law`), ``q_j`` the partner's fresh outside
contacts,
``n = exp(-f/f0)`` novelty, ``r`` trust, and ``u`` is 1, or by a rival form an inverted U of the distance between TD
profiles (peak 1 at one half, .56 at the ends). No one is dragged down, and the partner's skill does not
change.
"""

import math
import threading
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel, rule
from coworksim.model.mechanisms.helpers.encounter_records import blocks_of
from coworksim.model.parameters.skills import ENCOUNTER_WEIGHTS
from coworksim.model.parameters.week import SocialLearningParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import clip_share, law, law_scale
from coworksim.model.state.people import FIRM, OUTSIDE, SPACE_SOCIAL, Population
from coworksim.model.state.ties import INSIDE_KINDS, Meetings
from coworksim.model.state.world import World

INVERTED_U = 1
#: Rows that are worked on at once, at least: few enough for a processor's cache, many enough to save calls.
BLOCK = 4096


class Meeting(NamedTuple):
    """One person's side of the week's encounters with one partner."""

    kind: int  # index into ENCOUNTER_KINDS
    times: int
    tie: float  # strength before
    pipelines: float  # the partner's fresh outside contacts
    fit: float  # usefulness of the distance between the two TD profiles


class Bench(NamedTuple):
    """What a block is worked on with: parameters, and room for its people by row of the block."""

    p: Parameters
    weight: Floats  # (kinds, 4) how kinds of meetings weigh on SC skills
    room: Floats  # (rows, 4) phi of the SC skills
    profile: Floats  # (rows, 4) TD profile
    step: Floats  # (rows, 3, 8) gains inside, outside and in the firm; empty between blocks


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
    """Return ``t*q*n``: what t meetings carry, by the partner's pipelines and novelty."""
    pipelines = meeting.pipelines / (meeting.pipelines + p.pipeline_half) if p.pipeline_half > 0.0 else 1.0
    novelty = math.exp(-meeting.tie / p.novelty_scale) if meeting.tie > 0.0 else 1.0
    return meeting.times * pipelines * novelty


@rule
def following(meeting: Meeting) -> float:
    """Return ``u*r``: how well one follows this partner, by the distance of profiles and by trust."""
    return meeting.fit * ((meeting.tie + 0.5) / (meeting.tie + 1.5))


@rule
def sc_gain(
    own: float, partner: float, room: float, reach: float, weight: float, follow: float, p: Parameters
) -> float:
    """Return the gain in an SC skill, ``t*q*n*weight*(gamma*phi + beta*u*r*max(0, s_j - s_i))``."""
    return reach * weight * (p.partner_gain * room + p.peer_gain * follow * max(0.0, partner - own))


@rule
def td_gain(own: float, partner: float, times: int, follow: float, p: Parameters) -> float:
    """Return the gain in a TD skill, ``t*beta_td*u*r*max(0, s_j - s_i)``."""
    return times * p.peer_gain_td * follow * max(0.0, partner - own)


@rule
def learn(
    own: Floats, partner: Floats, room: Floats, meeting: Meeting, weight: Floats, p: Parameters, gain: Floats
) -> None:
    """Fill ``gain``, SC ``t*q*n*weight*(gamma*phi + beta*u*r*lead)`` and TD ``t*beta_td*u*r*lead``; room is phi."""
    reach, follow = openness(meeting, p), following(meeting)
    for k in range(4):
        gain[k] = sc_gain(own[k], partner[k], room[k], reach, weight[meeting.kind, k], follow, p)
    for k in range(4, 8):
        gain[k] = td_gain(own[k], partner[k], meeting.times, follow, p)


@kernel
def _look(block: Integers, w: Population, frontier: Floats, bench: Bench) -> None:
    """Fill ``room`` with phi of the SC skills, ``profile`` with the TD profile of the rows of a block."""
    low, high, p = block[2], block[3], bench.p
    for i in range(low, high):
        for k in range(4):
            bench.room[i - low, k] = law(w.skill[i, k], frontier[w.occupation[i], k], p.theta_sc, p.scale_sc)
        total = w.skill[i, 4] + w.skill[i, 5] + w.skill[i, 6] + w.skill[i, 7]
        for k in range(4):
            bench.profile[i - low, k] = td_share(w.skill[i, 4 + k], total)


@rule
def fit_of(profile: Floats, one: int, other: int, p: Parameters) -> float:
    """Return ``u(d)`` of ``d = sum(abs(s_i - s_j))/2`` over two TD profiles; off: 1."""
    if p.cognitive_distance != INVERTED_U:
        return 1.0
    distance = 0.0
    for k in range(4):
        distance += abs(profile[one, k] - profile[other, k])
    return usefulness(distance / 2.0)


@kernel
def _learn_all(block: Integers, met: Meetings, w: Population, own: Flags, told: Floats, at: int, bench: Bench) -> int:
    """Add up the gains of a block by channel in the order of records: ``step[row - low, channel, skill]``.

    ``told`` holds, in the same order and from ``at`` on, the gains of those who learn in their own way; return where
    those of the next block begin. Skill by skill, as :func:`learn` does: a view on a row for each meeting would take
    four times as long as what is worked out.
    """
    low, p = block[2], bench.p
    for e in range(block[0], block[1]):
        source = 0 if met.kind[e] < INSIDE_KINDS else met.kind[e] - INSIDE_KINDS + 1
        fit = fit_of(bench.profile, met.one[e] - low, met.other[e] - low, p)
        for side in range(2):
            i, j = (met.one[e], met.other[e]) if side == 0 else (met.other[e], met.one[e])
            row = i - low
            if own[i]:
                for k in range(8):
                    bench.step[row, source, k] += told[at, k]
                at += 1
                continue
            meeting = Meeting(met.kind[e], met.times[e], met.strength[e], w.outside_contacts[j], fit)
            reach, follow = openness(meeting, p), following(meeting)
            for k in range(4):
                room, weight = bench.room[row, k], bench.weight[met.kind[e], k]
                bench.step[row, source, k] += sc_gain(w.skill[i, k], w.skill[j, k], room, reach, weight, follow, p)
            for k in range(4, 8):
                bench.step[row, source, k] += td_gain(w.skill[i, k], w.skill[j, k], met.times[e], follow, p)
    return at


@kernel
def _commit(block: Integers, w: Population, frontier: Floats, bench: Bench) -> None:
    """Clip the steps of each person of a block at the frontier, all channels alike, book them, and empty ``step``.

    A family's sums stand in names, as the compiler would store every step of a sum in a column.
    """
    low, high = block[2], block[3]
    for i in range(low, high):
        row, gained = i - low, w.week_gain[i]
        for family in range(2):
            social, abroad = w.gain[i, family, SPACE_SOCIAL], w.gain[i, family, OUTSIDE]
            colleagues = w.gain[i, family, FIRM]
            for k in range(4 * family, 4 * family + 4):
                inside, outside, firm = bench.step[row, 0, k], bench.step[row, 1, k], bench.step[row, 2, k]
                total, s, limit = inside + outside + firm, w.skill[i, k], frontier[w.occupation[i], k]
                fit = clip_share(s, total, limit)
                w.skill[i, k] = max(s, limit) if fit < 1.0 else s + total
                social += inside * fit / 4.0
                abroad += outside * fit / 4.0
                colleagues += firm * fit / 4.0
                gained += inside * fit
                bench.step[row, 0, k], bench.step[row, 1, k], bench.step[row, 2, k] = 0.0, 0.0, 0.0
            w.gain[i, family, SPACE_SOCIAL], w.gain[i, family, OUTSIDE] = social, abroad
            w.gain[i, family, FIRM] = colleagues
        w.week_gain[i] = gained


@kernel
def _learn_by_blocks(
    blocks: Integers, met: Meetings, w: Population, frontier: Floats, own: Flags, told: Floats, bench: Bench
) -> None:
    """Learn block by block: people of other blocks are not looked at, so one may be done before the next is begun."""
    at = 0
    for b in range(len(blocks)):
        _look(blocks[b], w, frontier, bench)
        at = _learn_all(blocks[b], met, w, own, told, at, bench)
        _commit(blocks[b], w, frontier, bench)


class _Workshop(threading.local):
    """The room that a thread works in, whatever part of a world it works on: it stays in the processor's cache."""

    def __init__(self) -> None:
        self._room = (np.zeros((0, 4)), np.zeros((0, 4)), np.zeros((0, 3, 8)))

    def room(self, rows: int) -> tuple[Floats, Floats, Floats]:
        """Return room for so many people at once."""
        if rows > len(self._room[0]):
            self._room = (np.zeros((rows, 4)), np.zeros((rows, 4)), np.zeros((rows, 3, 8)))
        return self._room


_WORKSHOP: Final = _Workshop()


class SocialLearning:
    """What people learn from those they meet."""

    name = "social_learning"
    scope = "region"

    def __init__(self, world: World) -> None:
        p = read(world.scenario, Parameters)
        self.parameters = p._replace(scale_sc=law_scale(p.theta_sc))
        self.weight = np.array(ENCOUNTER_WEIGHTS)

    def meeting(self, world: World, e: int, side: int) -> tuple[int, Meeting]:
        """Return the partner's row and one side of an encounter record."""
        w, met = world.workers, world.meetings
        partner = met.other[e] if side == 0 else met.one[e]
        skill = w.skill[[met.one[e], met.other[e]], 4:]
        profiles = np.array([[td_share(one, row.sum()) for one in row] for row in skill])
        fit = fit_of(profiles, 0, 1, self.parameters)
        tie, pipelines = float(met.strength[e]), float(w.outside_contacts[partner])
        return int(partner), Meeting(int(met.kind[e]), int(met.times[e]), tie, pipelines, float(fit))

    def step(self, world: World) -> None:
        """Learn from the week's encounters."""
        w, met = world.workers, world.meetings
        if len(met.one) == 0:
            return
        own_way = world.behaviours.mask("learn_from")
        blocks, widest = blocks_of(met.one, met.other, len(w), BLOCK)
        bench = Bench(self.parameters, self.weight, *_WORKSHOP.room(widest))
        _learn_by_blocks(blocks, met, w, world.frontier, own_way, self._told(world, own_way), bench)

    def _told(self, world: World, own_way: Flags) -> Floats:
        """Ask those who learn in their own way, in the order of records and sides."""
        if not world.behaviours.anyone("learn_from"):
            return np.zeros((0, 8))
        pairs = np.stack([world.meetings.one, world.meetings.other], axis=1)
        sides = np.argwhere(own_way[pairs]).tolist()
        told = np.zeros((len(sides), 8))
        for at, (e, side) in enumerate(sides):
            decide = world.behaviours.of("learn_from", int(pairs[e, side]))
            if decide is not None:
                told[at] = decide(*self.meeting(world, e, side))
        return told
