"""Gatherings that a space holds: community events with visitors from the creative milieu, and introductions.

A space holds a Poisson number of events with its own mean. A member comes with chance ``min(1, p*soc)``, a person of
the creative milieu who is no member with chance ``v*D/N_ref``; two at one table meet a Poisson number of times with
mean ``m/3*soc_i*soc_j``. A manager introduces a Poisson number of pairs of strangers among those present.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.contacts import TRIES, Contacts, Parameters, push
from coworksim.model.state import meetings, rng
from coworksim.model.state.people import SLOTS
from coworksim.model.state.rng import RunKey, pair_key, poisson, uniform, word
from coworksim.model.state.ties import find

__all__ = ["at_events", "by_introduction"]

MOST_EVENTS = 8


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
    visits: NDArray[np.float64],
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
        chance = (
            p.visitors * density[region[i]] / p.milieu * visits[region[i]]
            if visitor
            else p.event_share * sociability[i]
        )
        for c in range(SLOTS):
            s = candidate[i, c] if visitor else member_of[i]
            if s >= 0:
                for e in range(held[s]):
                    index = 16 * ordinal[s] + e
                    if uniform(word(run, who, rng.EVENT, week, index)) < min(1.0, chance):
                        if count >= len(guests):
                            longer = np.empty((2 * count, 4), np.int32)
                            longer[:count] = guests[:count]
                            guests = longer
                        table = np.uint64(word(run, who, rng.EVENT_TABLE, week, index)) & np.uint64(tables[s] - 1)
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
    visits: NDArray[np.float64],
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
            u = uniform(word(run, np.uint64(space_key[s]), rng.EVENT_COUNT, week, 0))
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
        visits,
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
                u = uniform(word(run, pair_key(key[i], key[j]), rng.EVENT_MEETING, week, 16 * ordinal[s] + e))
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
        number = min(MOST_EVENTS, poisson(introductions[s], uniform(word(run, who, rng.EVENT_COUNT, week, 1))))
        members = roster[roster_start[s] : roster_start[s + 1]]
        here = members[days_present[members] > 0]
        if len(here) < 2:
            continue
        for q in range(number):
            i = here[int(math.floor(uniform(word(run, who, rng.INTRODUCTION, week, 8 * q)) * len(here)))]
            for v in range(TRIES):
                u = uniform(word(run, who, rng.INTRODUCTION, week, 8 * q + 1 + v))
                j = here[int(math.floor(u * len(here)))]
                if i != j and find(first, other, min(i, j), max(i, j)) < 0:
                    contacts = push(contacts, count, i, j, meetings.INTRODUCTION, s, 1)
                    count += 1
                    break
    return contacts, count
