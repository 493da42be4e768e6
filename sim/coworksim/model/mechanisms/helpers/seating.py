"""Chats at the tables of a space: who sits where on a day, and which pairs at a table meet how often."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.mechanisms.attendance import DAYS
from coworksim.model.mechanisms.helpers.contacts import Contacts, Parameters, push
from coworksim.model.state import meetings, rng
from coworksim.model.state.people import NOMAD
from coworksim.model.state.rng import RunKey, pair_key, poisson, uniform, word
from coworksim.model.state.ties import NOBODY, find, strength

__all__ = ["at_tables", "familiarity", "meeting_rate", "proximity"]

MOST = 3.0  # habit and closure count up to so many meetings or shared ties
PROJECT_TIE = 2.0


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
def shared_ties(i: int, j: int, start: NDArray[np.int64], neighbour: NDArray[np.int32]) -> int:
    """Count the neighbours that two rows have in common, up to 3."""
    a, b, shared = start[i], start[j], 0
    while a < start[i + 1] and b < start[j + 1] and shared < MOST:
        mine, theirs = neighbour[a], neighbour[b]
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
def _seat(
    run: RunKey,
    week: int,
    day: int,
    tables: int,
    members: NDArray[np.int32],
    key: NDArray[np.uint32],
    day_mask: NDArray[np.int8],
    first: NDArray[np.int64],
    seated: NDArray[np.int32],
) -> None:
    """List those present on a day by table: ``seated[first[g]:first[g + 1]]``."""
    table = np.empty(len(members), np.int64)
    first[:] = 0
    for a in range(len(members)):
        table[a] = -1
        if day_mask[members[a]] >> day & 1:
            table[a] = np.uint64(word(run, np.uint64(key[members[a]]), rng.TABLE, week, day)) & np.uint64(tables - 1)
            first[table[a] + 1] += 1
    for g in range(tables):
        first[g + 1] += first[g]
    fill = first[:-1].copy()
    for a in range(len(members)):
        if table[a] >= 0:
            seated[fill[table[a]]] = members[a]
            fill[table[a]] += 1


@kernel
def _meet_at_table(
    run: RunKey,
    week: int,
    day: int,
    space: int,
    seated: NDArray[np.int32],
    scale: float,
    side: float,
    mean_near: float,
    same_share: float,
    key: NDArray[np.uint32],
    status: NDArray[np.int8],
    occupation: NDArray[np.int8],
    sociability: NDArray[np.float64],
    appeal: NDArray[np.float64],
    seat: NDArray[np.float64],
    first: NDArray[np.int64],
    other: NDArray[np.int32],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    log_rho: float,
    p: Parameters,
    contacts: Contacts,
    count: int,
) -> tuple[Contacts, int]:
    """Draw the meetings of all pairs at one table on one day.

    A pair that would not meet even side by side, as old friends, or with many shared ties, is dropped before these are
    looked up: a Poisson number is 0 when its uniform number is at most 1 less the mean. The draw is the same, so the
    result is too.
    """
    most, beside = familiarity(MOST, MOST, p), proximity(0.0, 0.0, p.distance, mean_near)
    for a in range(len(seated)):
        for b in range(a + 1, len(seated)):
            i, j = min(seated[a], seated[b]), max(seated[a], seated[b])
            pair = pair_key(key[i], key[j])
            u = uniform(word(run, pair, rng.MEETING, week, day))
            base = scale * sociability[i] * sociability[j]
            same = 1.0 if occupation[i] == occupation[j] else 0.0
            alike = (1.0 + p.homophily * same) / (1.0 + p.homophily * same_share)
            advice = (appeal[i] + appeal[j]) / 2.0
            if u <= 1.0 - base * beside * alike * advice * most:
                continue
            near = proximity(side * (seat[i, 0] - seat[j, 0]), side * (seat[i, 1] - seat[j, 1]), p.distance, mean_near)
            if u <= 1.0 - base * near * alike * advice * most:
                continue
            where = find(first, other, i, j)
            tie = strength(weight[where], week - last[where], log_rho) if where >= 0 else 0.0
            if u <= 1.0 - meeting_rate(base, near, alike, advice, tie, MOST, p):
                continue
            shared = shared_ties(i, j, start, neighbour)
            times = poisson(meeting_rate(base, near, alike, advice, tie, shared, p), u)
            if times > 0:
                kind = meetings.CHAT
                partners = status[i] <= NOMAD and status[j] <= NOMAD and tie >= PROJECT_TIE
                if partners and uniform(word(run, pair, rng.MEETING, week, 8 + day)) < p.project_share:
                    kind = meetings.PROJECT
                contacts = push(contacts, count, i, j, kind, space, times)
                count += 1
    return contacts, count


@kernel
def at_tables(
    run: RunKey,
    week: int,
    roster_start: NDArray[np.int64],
    roster: NDArray[np.int32],
    tables: NDArray[np.int64],
    present: NDArray[np.float64],
    side: NDArray[np.float64],
    mean_near: NDArray[np.float64],
    same_share: float,
    key: NDArray[np.uint32],
    status: NDArray[np.int8],
    day_mask: NDArray[np.int8],
    occupation: NDArray[np.int8],
    sociability: NDArray[np.float64],
    seat: NDArray[np.float64],
    skill: NDArray[np.float64],
    frontier: NDArray[np.float64],
    first: NDArray[np.int64],
    other: NDArray[np.int32],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    log_rho: float,
    p: Parameters,
    appeal: NDArray[np.float64],
    contacts: Contacts,
    count: int,
) -> tuple[Contacts, int]:
    """Draw the meetings of every table, day and space."""
    for s in range(len(tables)):
        members = roster[roster_start[s] : roster_start[s + 1]]
        if len(members) < 2:
            continue
        for i in members:
            mean = 0.0
            for k in range(8):
                mean += skill[i, k] / frontier[occupation[i], k]
            appeal[i] = math.exp(p.advice * (mean / 8.0 - 0.5))
        scale = tables[s] * p.rate / (present[s] + p.half_crowd)
        seated = np.empty(len(members), np.int32)
        at = np.zeros(tables[s] + 1, np.int64)
        for d in range(DAYS):
            _seat(run, week, d, tables[s], members, key, day_mask, at, seated)
            for g in range(tables[s]):
                if at[g + 1] - at[g] < 2:
                    continue
                contacts, count = _meet_at_table(
                    run,
                    week,
                    d,
                    s,
                    seated[at[g] : at[g + 1]],
                    scale,
                    side[s],
                    mean_near[s],
                    same_share,
                    key,
                    status,
                    occupation,
                    sociability,
                    appeal,
                    seat,
                    first,
                    other,
                    weight,
                    last,
                    start,
                    neighbour,
                    log_rho,
                    p,
                    contacts,
                    count,
                )
    return contacts, count
