"""Gatherings that a space holds: community events with visitors from the creative milieu, and introductions.

A space holds a Poisson number of events with its own mean. A member comes with chance ``min(1, p*soc)``, a person of
the creative milieu who is no member with chance ``v*D/N_ref``; two at one table meet a Poisson number of times with
mean ``m/3*soc_i*soc_j``. A manager introduces a Poisson number of pairs of strangers among those present.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.contacts import TRIES, Contacts, push
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state import meetings, rng
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.regions import Regions
from coworksim.model.state.rng import RunKey, pair_key, poisson, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.ties import Ties, find

MOST_EVENTS = 8
_CREATIVE: Final = np.array(CREATIVE)


@kernel
def _guests(
    run: RunKey, week: int, w: Population, spaces: Spaces, places: Regions, levers: Levers, p: Parameters
) -> tuple[NDArray[np.int32], int]:
    """List who comes to which event: (space, event, table, row); members, and visitors from the creative milieu."""
    guests = np.empty((64, 4), np.int32)
    count = 0
    for i in range(len(w.key)):
        visitor = w.member_of[i] < 0
        if visitor and not _CREATIVE[w.occupation[i]]:
            continue
        who = np.uint64(w.key[i])
        if visitor:
            r = w.region[i]
            chance = p.visitors * (places.firm_density[r] * levers.density[r]) / p.milieu * levers.visitors[r]
        else:
            chance = p.event_share * w.sociability[i]
        for c in range(SLOTS):
            s = w.candidate[i, c] if visitor else w.member_of[i]
            if s >= 0:
                for e in range(spaces.events_held[s]):
                    index = 16 * spaces.ordinal[s] + e
                    if uniform(word(run, who, rng.EVENT, week, index)) < min(1.0, chance):
                        if count >= len(guests):
                            longer = np.empty((2 * count, 4), np.int32)
                            longer[:count] = guests[:count]
                            guests = longer
                        table = np.uint64(word(run, who, rng.EVENT_TABLE, week, index)) & np.uint64(
                            spaces.tables[s] - 1
                        )
                        guests[count, 0], guests[count, 1], guests[count, 2], guests[count, 3] = s, e, table, i
                        count += 1
            if not visitor:
                break
    return guests, count


@kernel
def at_events(
    run: RunKey,
    week: int,
    w: Population,
    spaces: Spaces,
    places: Regions,
    levers: Levers,
    p: Parameters,
    contacts: Contacts,
) -> Contacts:
    """Hold the week's events, count them, and draw who meets whom at their tables."""
    slots = 1
    for s in range(len(spaces.events_held)):
        spaces.events_held[s] = 0
        if spaces.open[s]:
            u = uniform(word(run, np.uint64(spaces.key[s]), rng.EVENT_COUNT, week, 0))
            spaces.events_held[s] = min(MOST_EVENTS, poisson(spaces.events[s] + levers.events[s], u))
        slots = max(slots, spaces.tables[s])
    guests, number = _guests(run, week, w, spaces, places, levers, p)
    first = np.zeros(len(spaces.events_held) * MOST_EVENTS * slots + 1, np.int64)
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
                u = uniform(
                    word(run, pair_key(w.key[i], w.key[j]), rng.EVENT_MEETING, week, 16 * spaces.ordinal[s] + e)
                )
                times = poisson(p.event_meetings / 3.0 * w.sociability[i] * w.sociability[j], u)
                if times > 0:
                    contacts = push(contacts, i, j, meetings.EVENT, s, times)
    return contacts


@kernel
def by_introduction(
    run: RunKey, week: int, w: Population, spaces: Spaces, levers: Levers, ties: Ties, contacts: Contacts
) -> Contacts:
    """Let managers introduce strangers among those present this week."""
    for s in range(len(spaces.key)):
        if not spaces.open[s]:
            continue
        who = np.uint64(spaces.key[s])
        mean = spaces.introductions[s] + levers.introductions[s]
        number = min(MOST_EVENTS, poisson(mean, uniform(word(run, who, rng.EVENT_COUNT, week, 1))))
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        here = members[w.days_present[members] > 0]
        if len(here) < 2:
            continue
        for q in range(number):
            i = here[int(math.floor(uniform(word(run, who, rng.INTRODUCTION, week, 8 * q)) * len(here)))]
            for v in range(TRIES):
                u = uniform(word(run, who, rng.INTRODUCTION, week, 8 * q + 1 + v))
                j = here[int(math.floor(u * len(here)))]
                if i != j and find(ties, min(i, j), max(i, j)) < 0:
                    contacts = push(contacts, i, j, meetings.INTRODUCTION, s, 1)
                    break
    return contacts
