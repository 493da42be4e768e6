"""Chats at the tables of a space: who sits where on a day, and which pairs at a table meet how often.

A member sits at the table of his or her own word of the day, or, with chance ``teams.table``, at that of who leads the
team, whether this person is there or not. Two of one team who meet at a table meet as colleagues do: nobody is asked,
and no time of encounters in spaces goes into it. Attention is short: with ``m`` of the team at the table, the rate with
anybody else is divided by ``1 + m``, on both sides.
"""

import math
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Floats, Integers, Rows, kernel, rule
from coworksim.model.mechanisms.attendance import DAYS
from coworksim.model.mechanisms.helpers.contacts import Contacts, push
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.arithmetic import sort_by_place
from coworksim.model.state.people import NOMAD, Population
from coworksim.model.state.rng import MEETING, TABLE, RunKey, pair_key, poisson, remembered, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.ties import CHAT, FIRM, NOBODY, PROJECT, Ties, find, tie_strength

MOST = 3.0  # habit and closure count up to so many meetings or shared ties
PROJECT_TIE = 2.0
#: Index of the draw whether a person sits with the team on day 0.
WITH_TEAM = 8


class Table(NamedTuple):
    """Who sits at one table of a space on one day."""

    space: int
    day: int
    seated: Rows
    appeal: Floats  # how much each person of the world is sought out
    attention: Floats  # what each person of the world has left for others than the team


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
def meeting_rate(
    base: float, near: float, alike: float, advice: float, tie: float, shared: float, p: Parameters
) -> float:
    """Return the mean number of meetings of a pair at one table on one day.

    ``base`` is ``G*c*soc_i*soc_j/(n + n_half)``, ``near`` the proximity, ``alike`` the homophily factor, ``advice`` how
    much the two are sought out for their skill, ``tie`` their strength, ``shared`` the ties they have in common.
    """
    return base * near * alike * advice * familiarity(tie, shared, p)


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


@rule
def attention(mates: int) -> float:
    """Return how much of the rate with others is left to a person with so many of the team at the table, ``1/(1 + m)``.

    >>> attention(0), attention(3)
    (1.0, 0.25)
    """
    return 1.0 / (1.0 + mates)


@rule
def table_of(run: RunKey, week: int, day: int, i: int, share: float, w: Population) -> np.uint64:
    """Return the word of the table at which row i sits on a day: the own one, or that of who leads the team."""
    who = np.uint64(w.key[i])
    if w.lead[i] != w.key[i] and uniform(word(run, who, TABLE, week, WITH_TEAM + day)) < share:
        who = np.uint64(w.lead[i])
    return np.uint64(remembered(run, who, TABLE, week, day))


@kernel
def _seat(
    run: RunKey, week: int, day: int, members: Rows, share: float, w: Population, first: Integers, seated: Rows
) -> None:
    """List those present on a day by table: ``seated[first[g]:first[g + 1]]``."""
    table = np.empty(len(members), np.int64)
    for a in range(len(members)):
        table[a] = -1
        if w.day_mask[members[a]] >> day & 1:
            table[a] = table_of(run, week, day, members[a], share, w) & np.uint64(len(first) - 2)
    sort_by_place(table, first, seated)
    for a in range(first[-1]):
        seated[a] = members[seated[a]]


@kernel
def _heed(first: Integers, seated: Rows, w: Population, left: Floats) -> None:
    """Fill what attention everybody at a table has left for others than the team."""
    for g in range(len(first) - 1):
        for a in range(first[g], first[g + 1]):
            mates = -1
            for b in range(first[g], first[g + 1]):
                mates += w.lead[seated[a]] == w.lead[seated[b]]
            left[seated[a]] = attention(mates)


@kernel
def _meet_at_table(
    run: RunKey, week: int, table: Table, w: Population, spaces: Spaces, ties: Ties, p: Parameters, met: Contacts
) -> Contacts:
    """Draw the meetings of all pairs at one table on one day.

    A pair that would not meet even side by side, as old friends, or with many shared ties, is dropped before these are
    looked up: a Poisson number is 0 when its uniform number is at most 1 less the mean. The draw is the same, so the
    result is too.
    """
    s, day, seated, appeal, left = table
    side, mean_near = spaces.floor_side[s], spaces.proximity[s]
    scale = spaces.tables[s] * p.rate / (spaces.present[s] + p.half_crowd)
    most, beside = familiarity(MOST, MOST, p), proximity(0.0, 0.0, p.distance, mean_near)
    for a in range(len(seated)):
        for b in range(a + 1, len(seated)):
            i, j = min(seated[a], seated[b]), max(seated[a], seated[b])
            pair = pair_key(w.key[i], w.key[j])
            u = uniform(word(run, pair, MEETING, week, day))
            team = w.lead[i] == w.lead[j]
            base = scale * w.sociability[i] * w.sociability[j]
            if not team:
                base *= left[i] * left[j]
            same = 1.0 if w.occupation[i] == w.occupation[j] else 0.0
            alike = (1.0 + p.homophily * same) / (1.0 + p.homophily * p.same_share)
            advice = (appeal[i] + appeal[j]) / 2.0
            if u <= 1.0 - base * beside * alike * advice * most:
                continue
            east, north = side * (w.seat[i, 0] - w.seat[j, 0]), side * (w.seat[i, 1] - w.seat[j, 1])
            near = proximity(east, north, p.distance, mean_near)
            if u <= 1.0 - base * near * alike * advice * most:
                continue
            tie = tie_strength(ties, find(ties, i, j), week, p.log_rho)
            if u <= 1.0 - meeting_rate(base, near, alike, advice, tie, MOST, p):
                continue
            shared = float(shared_ties(i, j, ties))
            times = poisson(meeting_rate(base, near, alike, advice, tie, shared, p), u)
            if times > 0:
                if team:
                    met = push(met, i, j, FIRM, -1, times)
                    continue
                kind = CHAT
                partners = w.status[i] <= NOMAD and w.status[j] <= NOMAD and tie >= PROJECT_TIE
                if partners and uniform(word(run, pair, MEETING, week, 8 + day)) < p.project_share:
                    kind = PROJECT
                met = push(met, i, j, kind, s, times)
    return met


@kernel
def at_tables(
    run: RunKey, week: int, w: Population, spaces: Spaces, ties: Ties, frontier: Floats, p: Parameters, met: Contacts
) -> Contacts:
    """Draw the meetings of every table, day and space."""
    appeal, left = np.empty(len(w.key)), np.empty(len(w.key))
    for s in range(spaces.span[0], spaces.span[1]):
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        if len(members) < 2:
            continue
        for i in members:
            mean = 0.0
            for k in range(8):
                mean += w.skill[i, k] / frontier[w.occupation[i], k]
            appeal[i] = math.exp(p.advice * (mean / 8.0 - 0.5))
        seated = np.empty(len(members), np.int32)
        at = np.zeros(spaces.tables[s] + 1, np.int64)
        for d in range(DAYS):
            _seat(run, week, d, members, p.team_table, w, at, seated)
            _heed(at, seated, w, left)
            for g in range(spaces.tables[s]):
                if at[g + 1] - at[g] >= 2:
                    table = Table(s, d, seated[at[g] : at[g + 1]], appeal, left)
                    met = _meet_at_table(run, week, table, w, spaces, ties, p, met)
    return met
