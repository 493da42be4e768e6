"""Encounters: who meets whom, inside a space and outside.

Inside, each person sits each day at one of ``G`` tables (a power of two fixed by desks). Two people at one table
meet a Poisson number of times with mean ``G * c * soc_i*soc_j * prox * hom * hab / (n + n_half)``. Proximity
``exp(-distance/ell)``, homophily and habit ``1 + habit*min(f, 3)`` are divided by constants of the scenario, so
that they move *whom* one meets more than how often; ``n`` people present on average bring a member ``c*n/(n +
n_half)`` encounters a day. Outside, fresh contacts come at the density of creative firms and go stale.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.mechanisms.attendance import DAYS
from colearn.world import draws
from colearn.world.draws import RunKey, pair_key, poisson, uniform, word
from colearn.world.meetings import Meetings
from colearn.world.parameters import read
from colearn.world.social_graph import find, strength
from colearn.world.synthesis import occupation_shares
from colearn.world.world import World

__all__ = ["Encounters", "contacts", "meeting_rate", "proximity"]

MOST_HABIT = 3.0


class Parameters(NamedTuple):
    """Quantities of ``encounters.*``."""

    rate: float
    half_crowd: float
    distance: float
    homophily: float
    habit: float
    usual_tie: float
    outside: float
    freshness: float


@rule
def contacts(fresh: float, new: int, freshness: float) -> float:
    """Return the stock of fresh outside contacts after a week: ``b*(1 - 1/freshness) + k``."""
    return fresh * (1.0 - 1.0 / freshness) + new


@rule
def proximity(dx: float, dy: float, distance: float, mean: float) -> float:
    """Return how near two seats are, ``exp(-d/ell)`` over its mean in this room."""
    return math.exp(-math.sqrt(dx * dx + dy * dy) / distance) / mean


@rule
def meeting_rate(base: float, near: float, alike: float, tie: float, p: Parameters) -> float:
    """Return the mean number of meetings of a pair at one table on one day.

    ``base`` is ``G*c*soc_i*soc_j/(n + n_half)``, ``near`` the proximity, ``alike`` the homophily factor.
    """
    return base * near * alike * (1.0 + p.habit * min(tie, MOST_HABIT)) / (1.0 + p.habit * p.usual_tie)


@kernel
def _outside(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    density: NDArray[np.float64],
    p: Parameters,
    fresh: NDArray[np.float64],
) -> None:
    """Draw everybody's new contacts outside."""
    for i in range(len(key)):
        u = uniform(word(run, np.uint64(key[i]), draws.OUTSIDE_CONTACTS, week, 0))
        fresh[i] = contacts(fresh[i], poisson(p.outside * density[region[i]], u), p.freshness)


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
) -> int:
    """List those present on a day by table (``seated[first[g]:first[g + 1]]``); return how many pairs share a table."""
    table = np.empty(len(members), np.int64)
    first[:] = 0
    for a in range(len(members)):
        table[a] = -1
        if day_mask[members[a]] >> day & 1:
            table[a] = word(run, np.uint64(key[members[a]]), draws.TABLE, week, day) & np.uint64(tables - 1)
            first[table[a] + 1] += 1
    pairs = 0
    for g in range(tables):
        pairs += first[g + 1] * (first[g + 1] - 1) // 2
        first[g + 1] += first[g]
    fill = first[:-1].copy()
    for a in range(len(members)):
        if table[a] >= 0:
            seated[fill[table[a]]] = members[a]
            fill[table[a]] += 1
    return pairs


@kernel
def _meet_at_table(
    run: RunKey,
    week: int,
    day: int,
    seated: NDArray[np.int32],
    scale: float,
    side: float,
    mean_near: float,
    same_share: float,
    key: NDArray[np.uint32],
    occupation: NDArray[np.int8],
    sociability: NDArray[np.float64],
    seat: NDArray[np.float64],
    tie_key: NDArray[np.uint64],
    tie_weight: NDArray[np.float64],
    tie_last: NDArray[np.int32],
    tie_count: int,
    log_rho: float,
    p: Parameters,
    at: int,
    out_key: NDArray[np.uint64],
    out_row: NDArray[np.int32],
    out_times: NDArray[np.int64],
    out_tie: NDArray[np.float64],
) -> int:
    """Draw the meetings of all pairs at one table; append those who met from ``at``; return the new end.

    A pair that would not meet even as old friends is dropped before its tie is looked up; the draw is the same, so the
    result is too.
    """
    most = (1.0 + p.habit * MOST_HABIT) / (1.0 + p.habit * p.usual_tie)
    for a in range(len(seated)):
        i = seated[a]
        for b in range(a + 1, len(seated)):
            j = seated[b]
            pair = pair_key(key[i], key[j])
            u = uniform(word(run, pair, draws.MEETING, week, day))
            base = scale * sociability[i] * sociability[j]
            same = 1.0 if occupation[i] == occupation[j] else 0.0
            alike = (1.0 + p.homophily * same) / (1.0 + p.homophily * same_share)
            near = proximity(side * (seat[i, 0] - seat[j, 0]), side * (seat[i, 1] - seat[j, 1]), p.distance, mean_near)
            if u <= 1.0 - base * near * alike * most:
                continue
            tie = 0.0
            where = find(tie_key, tie_count, pair)
            if where >= 0:
                tie = strength(tie_weight[where], week - tie_last[where], log_rho)
            times = poisson(meeting_rate(base, near, alike, tie, p), u)
            if times > 0:
                lower = key[i] < key[j]
                out_key[at] = pair
                out_row[at, 0] = i if lower else j
                out_row[at, 1] = j if lower else i
                out_times[at] = times
                out_tie[at] = tie
                at += 1
    return at


@kernel
def _meet(
    run: RunKey,
    week: int,
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    tables: NDArray[np.int64],
    present: NDArray[np.float64],
    side: NDArray[np.float64],
    mean_near: NDArray[np.float64],
    same_share: float,
    key: NDArray[np.uint32],
    day_mask: NDArray[np.int8],
    occupation: NDArray[np.int8],
    sociability: NDArray[np.float64],
    seat: NDArray[np.float64],
    tie_key: NDArray[np.uint64],
    tie_weight: NDArray[np.float64],
    tie_last: NDArray[np.int32],
    tie_count: int,
    log_rho: float,
    p: Parameters,
) -> tuple[
    NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]
]:
    """Return the week's encounters, a pair each in key order: key, rows, space, times, tie before."""
    seated = np.empty((len(tables), DAYS, np.max(np.diff(start))), np.int32)
    first = np.zeros((len(tables), DAYS, np.max(tables) + 1), np.int64)
    pairs = 0
    for s in range(len(tables)):
        members = row[start[s] : start[s + 1]]
        for d in range(DAYS):
            pairs += _seat(
                run, week, d, tables[s], members, key, day_mask, first[s, d, : tables[s] + 1], seated[s, d]
            )  # fmt: skip
    keys = np.empty(pairs, np.uint64)
    rows = np.empty((pairs, 2), np.int32)
    where = np.empty(pairs, np.int32)
    times = np.empty(pairs, np.int64)
    ties = np.empty(pairs, np.float64)
    met = 0
    for s in range(len(tables)):
        scale = tables[s] * p.rate / (present[s] + p.half_crowd)
        for d in range(DAYS):
            for g in range(tables[s]):
                before = met
                met = _meet_at_table(
                    run, week, d, seated[s, d, first[s, d, g] : first[s, d, g + 1]], scale, side[s], mean_near[s],
                    same_share, key, occupation, sociability, seat, tie_key, tie_weight, tie_last, tie_count, log_rho,
                    p, met, keys, rows, times, ties,
                )  # fmt: skip
                where[before:met] = s
    order = np.argsort(keys[:met], kind="mergesort")
    unique = 0
    for a in range(met):
        if a == 0 or keys[order[a]] != keys[order[a - 1]]:
            unique += 1
    out_key = np.empty(unique, np.uint64)
    one = np.empty(unique, np.int32)
    other = np.empty(unique, np.int32)
    space = np.empty(unique, np.int32)
    total = np.zeros(unique, np.int64)
    tie = np.empty(unique, np.float64)
    at = -1
    for a in order:
        if at < 0 or keys[a] != out_key[at]:
            at += 1
            out_key[at], one[at], other[at], space[at], tie[at] = keys[a], rows[a, 0], rows[a, 1], where[a], ties[a]
        total[at] += times[a]
    return out_key, one, other, space, total, tie


@kernel
def _remember(
    week: int,
    key: NDArray[np.uint64],
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    space: NDArray[np.int32],
    times: NDArray[np.int64],
    tie: NDArray[np.float64],
    tie_key: NDArray[np.uint64],
    tie_weight: NDArray[np.float64],
    tie_last: NDArray[np.int32],
    tie_count: int,
    encounters: NDArray[np.int64],
    partners_new: NDArray[np.int64],
    meetings: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Strengthen the ties that exist, count encounters, and return which pairs have no tie yet."""
    new = np.zeros(len(key), np.bool_)
    for e in range(len(key)):
        encounters[one[e]] += times[e]
        encounters[other[e]] += times[e]
        meetings[space[e]] += times[e]
        at = find(tie_key, tie_count, key[e])
        if at >= 0:
            tie_weight[at] = tie[e] + times[e]
            tie_last[at] = week
        else:
            new[e] = True
            partners_new[one[e]] += 1
            partners_new[other[e]] += 1
    return new


class Encounters:
    """Who meets whom, inside and outside."""

    name = "encounters"

    def __init__(self, world: World) -> None:
        """Read the parameters; the mean of homophily is a constant of the scenario."""
        self._p = read(world.scenario, "encounters", Parameters)
        shares = occupation_shares(world.scenario)
        self._same_share = sum(float(share) * float(share) for share in shares)

    def step(self, world: World) -> None:
        """Draw contacts outside; inside, draw meetings and strengthen ties."""
        w, ties, spaces, roster = world.workers, world.ties, world.spaces, world.roster
        _outside(world.run, world.week, w.key, w.region, world.regions.firm_density, self._p, w.outside_contacts)
        if not world.open or len(spaces) == 0:
            return
        met = Meetings(
            *_meet(
                world.run, world.week, roster.start, roster.row, spaces.tables, spaces.present, spaces.floor_side,
                spaces.proximity, self._same_share, w.key, w.day_mask, w.occupation, w.sociability, w.seat,
                ties.key, ties.weight, ties.last, ties.count, world.log_rho, self._p,
            )
        )  # fmt: skip
        spaces.meetings[:] = 0
        new = _remember(
            world.week, met.key, met.one, met.other, met.space, met.times, met.strength, ties.key, ties.weight,
            ties.last, ties.count, w.encounters, w.partners_new, spaces.meetings,
        )  # fmt: skip
        ties.insert(met.key[new], met.one[new], met.other[new], met.times[new].astype(np.float64), world.week)
        world.meetings = met
