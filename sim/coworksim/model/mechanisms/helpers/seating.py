"""Chats at the tables of a space: which pairs at a table meet how often on a day.

Two who sit at one table, and a visitor and somebody who sits there (:mod:`.table_places`), meet a Poisson number of
times. Two of one team who meet at a table meet as colleagues do: nobody is asked, and no time of encounters in spaces
goes into it.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.kernels import Floats, Integers, Rows, kernel, rule
from coworksim.model.mechanisms.attendance import DAYS
from coworksim.model.mechanisms.helpers.contacts import Contacts, push
from coworksim.model.mechanisms.helpers.table_places import MOST_VISITS, heed, seat, visit
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.people import NOMAD, Population
from coworksim.model.state.rng import MEETING, RunKey, pair_key, poisson, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.ties import CHAT, FIRM, NOBODY, PROJECT, Ties, find, tie_strength

MOST = 3.0  # habit and closure count up to so many meetings or shared ties
PROJECT_TIE = 2.0
#: Ways in which a pair meets at a table, and for each the indices of its draws on day 0.
SEATED, LOWER_VISITS, HIGHER_VISITS = range(3)
_MEETS: Final = np.array([0, 16, 24])
_PROJECT: Final = np.array([8, 32, 40])


class Room(NamedTuple):
    """What all pairs of a space have in common, and what everybody in it brings along."""

    space: int
    base: float  # G*c/(n + n_half), over the ways in which a pair may meet
    side: float  # m
    mean_near: float
    beside: float  # proximity of two at one seat
    most: float  # familiarity of old friends
    attention: Floats  # what each person of the world has left for others than the team


@rule
def ways_to_meet(tables: int, p: Parameters) -> float:
    """Return ``1 + 2*(G - 1)*(1 - exp(-v/G))``: own table, and other tables that either of two people comes by.

    So that visits move whom one meets more than how often.
    """
    return 1.0 + 2.0 * (tables - 1) * (1.0 - math.exp(-p.visits / tables))


@rule
def proximity(dx: float, dy: float, distance: float, mean: float) -> float:
    """Return how near two seats are, ``exp(-d/ell)`` over its mean in this room."""
    return math.exp(-math.sqrt(dx * dx + dy * dy) / distance) / mean


@rule
def familiarity(tie: float, shared: float, p: Parameters) -> float:
    """Return how habit and closure raise the rate, ``(1 + h*min(f, 3))*(1 + c*min(shared, 3))`` over a usual pair's."""
    habit = (1.0 + p.habit * min(tie, MOST)) / (1.0 + p.habit * p.usual_tie)
    return habit * (1.0 + p.closure * min(shared, MOST)) / (1.0 + p.closure * p.usual_shared)


@rule
def meeting_rate(base: float, near: float, tie: float, shared: float, p: Parameters) -> float:
    """Return the mean number of meetings of a pair at one table on one day.

    ``base`` is ``G*c/(n + n_half)`` over the ways to meet, with what attention the two have left, ``near`` the
    proximity, ``tie`` their strength, ``shared`` the ties they have in common.
    """
    return base * near * familiarity(tie, shared, p)


@kernel
def shared_ties(i: int, j: int, ties: Ties) -> int:
    """Count the neighbours that two rows have in common, up to 3."""
    a, b, shared = ties.indptr[i], ties.indptr[j], 0
    while a < ties.indptr[i + 1] and b < ties.indptr[j + 1] and shared < MOST:
        mine, theirs = ties.indices[a], ties.indices[b]
        if mine == NOBODY or (theirs != NOBODY and mine < theirs):
            a += 1
        elif theirs == NOBODY or theirs < mine:
            b += 1
        else:
            shared += 1
            a += 1
            b += 1
    return shared


@kernel
def _times(
    run: RunKey, week: int, index: int, i: int, j: int, room: Room, w: Population, ties: Ties, p: Parameters
) -> int:
    """Draw how often a pair (lower row, higher row) meets at a table on a day.

    A pair that would not meet even side by side, as old friends, or with many shared ties, is dropped before these are
    looked up: a Poisson number is 0 when its uniform number is at most 1 less the mean. The draw is the same, so the
    result is too.
    """
    u = uniform(word(run, pair_key(w.key[i], w.key[j]), MEETING, week, index))
    base = room.base if w.lead[i] == w.lead[j] else room.base * room.attention[i] * room.attention[j]
    if u <= 1.0 - base * room.beside * room.most:
        return 0
    east, north = room.side * (w.seat[i, 0] - w.seat[j, 0]), room.side * (w.seat[i, 1] - w.seat[j, 1])
    near = proximity(east, north, p.distance, room.mean_near)
    if u <= 1.0 - base * near * room.most:
        return 0
    tie = tie_strength(ties, find(ties, i, j), week, p.log_rho)
    if u <= 1.0 - meeting_rate(base, near, tie, MOST, p):
        return 0
    return poisson(meeting_rate(base, near, tie, float(shared_ties(i, j, ties)), p), u)


@kernel
def _kind(run: RunKey, week: int, index: int, i: int, j: int, w: Population, ties: Ties, p: Parameters) -> int:
    """Return what it is called that a pair meets at a table."""
    if w.lead[i] == w.lead[j]:
        return FIRM
    partners = w.status[i] <= NOMAD and w.status[j] <= NOMAD
    if not partners or tie_strength(ties, find(ties, i, j), week, p.log_rho) < PROJECT_TIE:
        return CHAT
    u = uniform(word(run, pair_key(w.key[i], w.key[j]), MEETING, week, index))
    return PROJECT if u < p.project_share else CHAT


@kernel
def _meet(
    run: RunKey, week: int, day: int, way: int, one: int, other: int, room: Room, w: Population, ties: Ties,
    p: Parameters, met: Contacts,
) -> Contacts:  # fmt: skip  # as a list it fills a page
    """Draw the meetings of a pair at a table on a day."""
    i, j = min(one, other), max(one, other)
    times = _times(run, week, _MEETS[way] + day, i, j, room, w, ties, p)
    if times == 0:
        return met
    kind = _kind(run, week, _PROJECT[way] + day, i, j, w, ties, p)
    return push(met, i, j, kind, -1 if kind == FIRM else room.space, times)


@kernel
def _meet_on_a_day(
    run: RunKey, week: int, day: int, members: Rows, table: Rows, at: Integers, seated: Rows, room: Room,
    w: Population, ties: Ties, p: Parameters, met: Contacts,
) -> Contacts:  # fmt: skip  # as a list it fills a page
    """Draw the meetings of all pairs at the tables of a space on a day, then those of visitors."""
    for g in range(len(at) - 1):
        for a in range(at[g], at[g + 1]):
            for b in range(a + 1, at[g + 1]):
                met = _meet(run, week, day, SEATED, seated[a], seated[b], room, w, ties, p, met)
    found = np.empty(MOST_VISITS, np.int64)
    for a in range(len(members)):
        i = members[a]
        if table[a] >= 0:
            for v in range(visit(run, week, day, i, table[a], len(at) - 1, p.visits, w, found)):
                for j in seated[at[found[v]] : at[found[v] + 1]]:
                    way = LOWER_VISITS if i < j else HIGHER_VISITS
                    met = _meet(run, week, day, way, i, j, room, w, ties, p, met)
    return met


@kernel
def at_tables(
    run: RunKey, week: int, w: Population, spaces: Spaces, ties: Ties, p: Parameters, met: Contacts
) -> Contacts:
    """Draw the meetings of every table, day and space."""
    left = np.empty(len(w.key))
    for s in range(spaces.span[0], spaces.span[1]):
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        if len(members) < 2:
            continue
        table, seated = np.empty(len(members), np.int32), np.empty(len(members), np.int32)
        at = np.zeros(spaces.tables[s] + 1, np.int64)
        base = spaces.tables[s] * p.rate / (spaces.present[s] + p.half_crowd) / ways_to_meet(spaces.tables[s], p)
        beside, most = proximity(0.0, 0.0, p.distance, spaces.proximity[s]), familiarity(MOST, MOST, p)
        room = Room(s, base, spaces.floor_side[s], spaces.proximity[s], beside, most, left)
        for d in range(DAYS):
            seat(run, week, d, members, p.team_table, w, table, at, seated)
            heed(at, seated, w, left)
            met = _meet_on_a_day(run, week, d, members, table, at, seated, room, w, ties, p, met)
    return met
