"""Where people meet: raw contacts of a week, outside, among colleagues, at tables, at events and by introduction.

Each kernel appends ``(lower row, higher row, kind, space, times)`` to a table of contacts that grows as it must;
:mod:`colearn.mechanisms.encounters` sorts them into records, asks both sides, and keeps the ties.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.mechanisms.attendance import DAYS
from colearn.world import draws, meetings
from colearn.world.draws import RunKey, pair_key, poisson, uniform, word
from colearn.world.population import EMPLOYEE, NOMAD, SLOTS
from colearn.world.social_graph import NOBODY, find, strength

__all__ = [
    "COLUMNS",
    "Parameters",
    "among_colleagues",
    "at_events",
    "at_tables",
    "by_introduction",
    "familiarity",
    "meeting_rate",
    "outside",
    "proximity",
]

COLUMNS = 5
MOST = 3.0  # habit and closure count up to so many meetings or shared ties
TRIES = 4
FIRM_SIZE = 16
MOST_EVENTS = 8
PROJECT_TIE = 2.0

type Contacts = NDArray[np.int32]


class Parameters(NamedTuple):
    """Quantities of ``encounters.*``."""

    rate: float
    half_crowd: float
    distance: float
    homophily: float
    habit: float
    usual_tie: float
    closure: float
    usual_shared: float
    advice: float
    busy: float
    minutes: float
    project_share: float
    event_share: float
    event_meetings: float
    visitors: float
    milieu: float
    outside: float
    outside_tie: float
    freshness: float
    colleagues: float


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
def push(contacts: Contacts, at: int, one: int, other: int, kind: int, space: int, times: int) -> Contacts:
    """Write a contact at ``at``, in a table twice as long if it is full; return the table."""
    if at >= len(contacts):
        longer = np.empty((2 * at + 64, COLUMNS), np.int32)
        longer[:at] = contacts[:at]
        contacts = longer
    contacts[at, 0] = min(one, other)
    contacts[at, 1] = max(one, other)
    contacts[at, 2] = kind
    contacts[at, 3] = space
    contacts[at, 4] = times
    return contacts


@kernel
def _addresses(people: int) -> int:
    """Return the size of a region's address space: the least power of two that holds its people."""
    addresses = 1
    while addresses < people:
        addresses *= 2
    return addresses


@kernel
def outside(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    first_row: NDArray[np.int64],
    density: NDArray[np.float64],
    p: Parameters,
    fresh: NDArray[np.float64],
) -> tuple[Contacts, int]:
    """Draw contacts in the region's address space; they stay fresh for a while, for both sides."""
    contacts = np.empty((len(key), COLUMNS), np.int32)
    count = 0
    new = np.zeros(len(key), np.int64)
    for i in range(len(key)):
        who = np.uint64(key[i])
        start, end = first_row[region[i]], first_row[region[i] + 1]
        u = uniform(word(run, who, draws.OUTSIDE_CONTACTS, week, 0))
        number = poisson(p.outside * density[region[i]], u)
        addresses = _addresses(end - start) if number > 0 else 0
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, draws.OUTSIDE_CONTACTS, week, TRIES * q + v))
                j = start + int(math.floor(u * addresses))
                if j < end and j != i:
                    contacts = push(contacts, count, i, j, meetings.OUTSIDE, -1, 1)
                    count += 1
                    new[i] += 1
                    new[j] += 1
                    break
    for i in range(len(key)):
        fresh[i] = fresh[i] * (1.0 - 1.0 / p.freshness) + new[i]
    return contacts, count


@kernel
def among_colleagues(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    status: NDArray[np.int8],
    first_row: NDArray[np.int64],
    p: Parameters,
    contacts: Contacts,
    count: int,
) -> tuple[Contacts, int]:
    """Draw contacts of employees with colleagues: a firm is a block of sixteen neighbouring addresses."""
    for i in range(len(key)):
        if status[i] < EMPLOYEE:
            continue
        who = np.uint64(key[i])
        start, end = first_row[region[i]], first_row[region[i] + 1]
        block = start + FIRM_SIZE * ((i - start) // FIRM_SIZE)
        number = poisson(p.colleagues, uniform(word(run, who, draws.FIRM, week, 0)))
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, draws.FIRM, week, TRIES * q + v))
                j = block + int(math.floor(u * FIRM_SIZE))
                if j < end and j != i and status[j] >= EMPLOYEE:
                    contacts = push(contacts, count, i, j, meetings.FIRM, -1, 1)
                    count += 1
                    break
    return contacts, count


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
            table[a] = np.uint64(word(run, np.uint64(key[members[a]]), draws.TABLE, week, day)) & np.uint64(tables - 1)
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

    A pair that would not meet even as old friends, or with many shared ties, is dropped before these are looked up: a
    Poisson number is 0 when its uniform number is at most 1 less the mean. The draw is the same, so the result is too.
    """
    most = familiarity(MOST, MOST, p)
    for a in range(len(seated)):
        for b in range(a + 1, len(seated)):
            i, j = min(seated[a], seated[b]), max(seated[a], seated[b])
            pair = pair_key(key[i], key[j])
            u = uniform(word(run, pair, draws.MEETING, week, day))
            base = scale * sociability[i] * sociability[j]
            same = 1.0 if occupation[i] == occupation[j] else 0.0
            alike = (1.0 + p.homophily * same) / (1.0 + p.homophily * same_share)
            advice = (appeal[i] + appeal[j]) / 2.0
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
                if partners and uniform(word(run, pair, draws.MEETING, week, 8 + day)) < p.project_share:
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
                contacts, count = _meet_at_table(
                    run, week, d, s, seated[at[g] : at[g + 1]], scale, side[s], mean_near[s], same_share, key, status,
                    occupation, sociability, appeal, seat, first, other, weight, last, start, neighbour, log_rho, p,
                    contacts, count,
                )  # fmt: skip
    return contacts, count


@kernel
def _guests(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    occupation: NDArray[np.int8],
    creative: NDArray[np.bool_],
    sociability: NDArray[np.float64],
    member_of: NDArray[np.int32],
    candidate: NDArray[np.int32],
    ordinal: NDArray[np.int64],
    tables: NDArray[np.int64],
    held: NDArray[np.int64],
    density: NDArray[np.float64],
    p: Parameters,
) -> tuple[NDArray[np.int32], int]:
    """List who comes to which event: (space, event, table, row); members, and visitors from the creative milieu."""
    guests = np.empty((64, 4), np.int32)
    count = 0
    for i in range(len(key)):
        visitor = member_of[i] < 0
        if visitor and not creative[occupation[i]]:
            continue
        who = np.uint64(key[i])
        chance = p.visitors * density[region[i]] / p.milieu if visitor else p.event_share * sociability[i]
        for c in range(SLOTS):
            s = candidate[i, c] if visitor else member_of[i]
            if s >= 0:
                for e in range(held[s]):
                    index = 16 * ordinal[s] + e
                    if uniform(word(run, who, draws.EVENT, week, index)) < min(1.0, chance):
                        if count >= len(guests):
                            longer = np.empty((2 * count, 4), np.int32)
                            longer[:count] = guests[:count]
                            guests = longer
                        table = np.uint64(word(run, who, draws.EVENT_TABLE, week, index)) & np.uint64(tables[s] - 1)
                        guests[count, 0], guests[count, 1], guests[count, 2], guests[count, 3] = s, e, table, i
                        count += 1
            if not visitor:
                break
    return guests, count


@kernel
def at_events(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    occupation: NDArray[np.int8],
    creative: NDArray[np.bool_],
    sociability: NDArray[np.float64],
    member_of: NDArray[np.int32],
    candidate: NDArray[np.int32],
    space_key: NDArray[np.uint32],
    ordinal: NDArray[np.int64],
    is_open: NDArray[np.bool_],
    events: NDArray[np.float64],
    tables: NDArray[np.int64],
    density: NDArray[np.float64],
    p: Parameters,
    held: NDArray[np.int64],
    contacts: Contacts,
    count: int,
) -> tuple[Contacts, int]:
    """Hold the week's events (``held`` is filled) and draw who meets whom at their tables."""
    slots = 1
    for s in range(len(held)):
        held[s] = 0
        if is_open[s]:
            u = uniform(word(run, np.uint64(space_key[s]), draws.EVENT_COUNT, week, 0))
            held[s] = min(MOST_EVENTS, poisson(events[s], u))
        slots = max(slots, tables[s])
    guests, number = _guests(
        run,
        week,
        key,
        region,
        occupation,
        creative,
        sociability,
        member_of,
        candidate,
        ordinal,
        tables,
        held,
        density,
        p,
    )
    first = np.zeros(len(held) * MOST_EVENTS * slots + 1, np.int64)
    bucket = np.empty(number, np.int64)
    for a in range(number):
        bucket[a] = (guests[a, 0] * MOST_EVENTS + guests[a, 1]) * slots + guests[a, 2]
        first[bucket[a] + 1] += 1
    for g in range(len(first) - 1):
        first[g + 1] += first[g]
    fill = first[:-1].copy()
    order = np.empty(number, np.int64)
    for a in range(number):
        order[fill[bucket[a]]] = a
        fill[bucket[a]] += 1
    for g in range(len(first) - 1):
        for a in range(first[g], first[g + 1]):
            for b in range(a + 1, first[g + 1]):
                s, e = guests[order[a], 0], guests[order[a], 1]
                i, j = guests[order[a], 3], guests[order[b], 3]
                u = uniform(word(run, pair_key(key[i], key[j]), draws.EVENT_MEETING, week, 16 * ordinal[s] + e))
                times = poisson(p.event_meetings / 3.0 * sociability[i] * sociability[j], u)
                if times > 0:
                    contacts = push(contacts, count, i, j, meetings.EVENT, s, times)
                    count += 1
    return contacts, count


@kernel
def by_introduction(
    run: RunKey,
    week: int,
    roster_start: NDArray[np.int64],
    roster: NDArray[np.int32],
    days_present: NDArray[np.int8],
    space_key: NDArray[np.uint32],
    is_open: NDArray[np.bool_],
    introductions: NDArray[np.float64],
    first: NDArray[np.int64],
    other: NDArray[np.int32],
    contacts: Contacts,
    count: int,
) -> tuple[Contacts, int]:
    """Let managers introduce strangers among those present this week."""
    for s in range(len(space_key)):
        if not is_open[s]:
            continue
        who = np.uint64(space_key[s])
        number = min(MOST_EVENTS, poisson(introductions[s], uniform(word(run, who, draws.EVENT_COUNT, week, 1))))
        members = roster[roster_start[s] : roster_start[s + 1]]
        here = members[days_present[members] > 0]
        if len(here) < 2:
            continue
        for q in range(number):
            i = here[int(math.floor(uniform(word(run, who, draws.INTRODUCTION, week, 8 * q)) * len(here)))]
            for v in range(TRIES):
                u = uniform(word(run, who, draws.INTRODUCTION, week, 8 * q + 1 + v))
                j = here[int(math.floor(u * len(here)))]
                if i != j and find(first, other, min(i, j), max(i, j)) < 0:
                    contacts = push(contacts, count, i, j, meetings.INTRODUCTION, s, 1)
                    count += 1
                    break
    return contacts, count
