"""Events of spaces: how many there are, and who comes, on how many evenings.

A space holds a Poisson number of events in a week with its own mean. A member has ``Poisson(p*soc)`` evenings in a
week, whatever is on offer: where there are more gatherings than that, those with the lowest words are kept. So the more
there is to go to, the less each of it draws. A person of the creative milieu who is no member comes to each event with
chance ``v*D/N_ref``.
"""

from typing import Final

import numpy as np

from coworksim.model.kernels import Rows, Words, kernel
from coworksim.model.mechanisms.helpers.contacts import MOST_EVENTS, Contacts, twice_as_long
from coworksim.model.mechanisms.helpers.gatherings import meet
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.arithmetic import sort_by_place
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.rng import RunKey, poisson, uniform, word
from coworksim.model.state.spaces import Regions, Spaces

#: Index of the draw of evenings, above those of the events of every space.
EVENINGS: Final = 2**30
_CREATIVE: Final = np.array(CREATIVE)


@kernel
def hold_events(run: RunKey, week: int, spaces: Spaces, levers: Levers) -> None:
    """Hold the week's events: draw how many there are in each space."""
    for s in range(spaces.span[0], spaces.span[1]):
        spaces.events_held[s] = 0
        if spaces.open[s]:
            u = uniform(word(run, np.uint64(spaces.key[s]), rng.EVENT_COUNT, week, 0))
            spaces.events_held[s] = min(MOST_EVENTS, poisson(spaces.events[s] + levers.events[s], u))


@kernel
def spend_evenings(
    run: RunKey, week: int, i: int, first: int, events: int, lot: Words, w: Population, p: Parameters
) -> int:
    """Return to which events row i goes, bit e for the one of index ``first + e``; ``lot`` is room for words."""
    who, chosen = np.uint64(w.key[i]), 0
    if events == 0:
        return 0
    evenings = poisson(p.event_share * w.sociability[i], uniform(word(run, who, rng.EVENT, week, EVENINGS)))
    if evenings >= events:
        return (1 << events) - 1
    if evenings > 0:
        for e in range(events):
            lot[e] = word(run, who, rng.EVENT, week, first + e)
        for e in range(events):
            lower = 0
            for other in range(events):
                lower += lot[other] < lot[e]
            if lower < evenings:
                chosen |= 1 << e
    return chosen


@kernel
def _add(guests: Rows, count: int, s: int, e: int, i: int) -> Rows:
    """Add a guest; return the table, twice as long if it was full."""
    if count >= len(guests):
        guests = twice_as_long(guests, count)
    guests[count, 0], guests[count, 1], guests[count, 2] = s, e, i
    return guests


@kernel
def _guests(
    run: RunKey, week: int, w: Population, spaces: Spaces, places: Regions, levers: Levers, p: Parameters
) -> tuple[Rows, int]:
    """List who comes to which event: (space, event, row); members, and visitors from the creative milieu."""
    guests, lot, count = np.empty((64, 3), np.int32), np.empty(MOST_EVENTS, np.uint64), 0
    for i in range(len(w.key)):
        s, r = w.member_of[i], w.region[i]
        if s >= 0:
            chosen = spend_evenings(run, week, i, 16 * spaces.ordinal[s], spaces.events_held[s], lot, w, p)
            for e in range(spaces.events_held[s]):
                if chosen >> e & 1:
                    guests = _add(guests, count, s, e, i)
                    count += 1
        elif _CREATIVE[w.occupation[i]]:
            chance = p.visitors * (places.firm_density[r] * levers.density[r]) / p.milieu * levers.visitors[r]
            for c in range(SLOTS):
                s = w.candidate[i, c]
                for e in range(spaces.events_held[s] if s >= 0 else 0):
                    u = uniform(word(run, np.uint64(w.key[i]), rng.EVENT, week, 16 * spaces.ordinal[s] + e))
                    if u < min(1.0, chance):
                        guests = _add(guests, count, s, e, i)
                        count += 1
    return guests, count


@kernel
def at_events(
    run: RunKey, week: int, w: Population, spaces: Spaces, places: Regions, levers: Levers, p: Parameters, met: Contacts
) -> Contacts:
    """Hold the week's events, and draw who meets whom at their tables."""
    begin, end = spaces.span[0], spaces.span[1]
    hold_events(run, week, spaces, levers)
    guests, number = _guests(run, week, w, spaces, places, levers, p)
    first, order = np.zeros((end - begin) * MOST_EVENTS + 1, np.int64), np.empty(number, np.int32)
    event = np.empty(number, np.int64)
    for a in range(number):
        event[a] = (guests[a, 0] - begin) * MOST_EVENTS + guests[a, 1]
    sort_by_place(event, first, order)
    for a in range(number):
        order[a] = guests[order[a], 2]
    for s in range(begin, end):
        for e in range(spaces.events_held[s]):
            at = (s - begin) * MOST_EVENTS + e
            index = 16 * spaces.ordinal[s] + e
            met = meet(run, week, index, order[first[at] : first[at + 1]], spaces.tables[s], s, w, p, met)
    return met
