"""Evenings: how many events there are, and who goes to which, or to the meeting of his or her group.

A space holds a Poisson number of events in a week with its own mean. A member has ``Poisson(p*soc)`` evenings in a
week, whatever is on offer: of events of the space, and the meeting of a group, as many are kept as there are evenings,
those with the lowest words. So the more there is to go to, the less each of it draws. A person of the creative milieu
who is no member comes to each event with chance ``v*D*R/N_ref`` (density of creative firms, reach).
"""

from typing import Final

import numpy as np

from coworksim.model.kernels import Integers, Rows, Words, kernel, rule
from coworksim.model.mechanisms.helpers.contacts import MOST_EVENTS, Contacts, twice_as_long
from coworksim.model.mechanisms.helpers.gatherings import meet
from coworksim.model.mechanisms.helpers.groups import MEETING, forget_ended, has_meeting, hold_meeting, meets
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.arithmetic import sort_by_place
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.rng import RunKey, poisson, uniform, word
from coworksim.model.state.spaces import GROUPS, Regions, Spaces, supply_of_events
from coworksim.model.state.ties import Ties

#: Index of the draw of evenings, above those of the events of every space.
EVENINGS: Final = 2**30
#: Events of a space, then groups: a place for each in lists of who goes where.
GATHERINGS: Final = MOST_EVENTS + GROUPS
_CREATIVE: Final = np.array(CREATIVE)


@kernel
def hold_events(run: RunKey, week: int, spaces: Spaces, places: Regions, levers: Levers) -> None:
    """Hold the week's events: draw how many there are in each space.

    What a manager has in mind goes further where more people are within reach; what policies add does not.
    """
    for s in range(spaces.span[0], spaces.span[1]):
        spaces.events_held[s] = 0
        if spaces.open[s]:
            u = uniform(word(run, np.uint64(spaces.key[s]), rng.EVENT_COUNT, week, 0))
            mean = spaces.events[s] * supply_of_events(places.reach[spaces.region[s]]) + levers.events[s]
            spaces.events_held[s] = min(MOST_EVENTS, poisson(mean, u))


@kernel
def spend_evenings(
    run: RunKey, week: int, i: int, first: int, events: int, group: bool, lot: Words, w: Population, p: Parameters
) -> int:
    """Return to which gatherings row i goes: bit e for the event of index ``first + e``, bit 8 for that of the group.

    ``group`` says whether there is one that he or she wants; ``lot`` is room for words.
    """
    who, chosen, offered = np.uint64(w.key[i]), 0, events + (1 if group else 0)
    if offered == 0:
        return 0
    evenings = poisson(p.event_share * w.sociability[i], uniform(word(run, who, rng.EVENT, week, EVENINGS)))
    for e in range(offered):
        lot[e] = np.uint64(e)
        if 0 < evenings < offered:
            lot[e] = word(run, who, rng.EVENT, week, first + e if e < events else MEETING)
    for e in range(offered):
        lower = 0
        for other in range(offered):
            lower += lot[other] < lot[e]
        if lower < evenings:
            chosen |= 1 << (e if e < events else MOST_EVENTS)
    return chosen


@kernel
def _add(guests: Rows, count: int, s: int, e: int, i: int) -> Rows:
    """Add a guest; return the table, twice as long if it was full."""
    if count >= len(guests):
        guests = twice_as_long(guests, count)
    guests[count, 0], guests[count, 1], guests[count, 2] = s, e, i
    return guests


@rule
def nearness(works_there: bool, lies_there: bool, p: Parameters) -> float:
    """Return how many times as often as usual somebody comes to an event, by whether both are in a microcluster.

    ``q`` times as often there as elsewhere; ``1/(1 + (q - 1)*F*S)`` elsewhere, so that the mean over the people and
    the spaces of a region is 1.
    """
    elsewhere = 1.0 / (1.0 + (p.pull - 1.0) * p.clustered * p.clustered_spaces)
    return p.pull * elsewhere if works_there and lies_there else elsewhere


@kernel
def _guests(
    run: RunKey, week: int, w: Population, spaces: Spaces, places: Regions, levers: Levers, ties: Ties, p: Parameters
) -> tuple[Rows, int]:
    """List who goes where: (space, event or 8 + place of the group, row); members, those of groups, and visitors."""
    guests, lot, count = np.empty((64, 3), np.int32), np.empty(MOST_EVENTS + 1, np.uint64), 0
    for i in range(len(w.key)):
        s, r, g = w.member_of[i], w.region[i], w.group[i]
        events = spaces.events_held[s] if s >= 0 else 0
        first = 16 * spaces.ordinal[s] if s >= 0 else 0
        chosen = spend_evenings(run, week, i, first, events, has_meeting(run, week, i, w, spaces, ties), lot, w, p)
        for e in range(events):
            if chosen >> e & 1:
                guests = _add(guests, count, s, e, i)
                count += 1
        if chosen >> MOST_EVENTS & 1:
            guests = _add(guests, count, g // GROUPS, MOST_EVENTS + g % GROUPS, i)
            count += 1
        if s >= 0 or not _CREATIVE[w.occupation[i]]:
            continue
        usual = p.visitors * places.firm_density[r] / p.milieu * places.reach[r]
        settled = levers.density[r] * levers.visitors[r]
        for c in range(SLOTS):
            s = w.candidate[i, c]
            for e in range(spaces.events_held[s] if s >= 0 else 0):
                chance = usual * nearness(w.cluster[i], spaces.cluster[s], p)
                chance *= settled if spaces.cluster[s] else 1.0
                u = uniform(word(run, np.uint64(w.key[i]), rng.EVENT, week, 16 * spaces.ordinal[s] + e))
                if u < min(1.0, chance):
                    guests = _add(guests, count, s, e, i)
                    count += 1
    return guests, count


@kernel
def _hold(
    run: RunKey, week: int, first: Integers, who: Rows, w: Population, spaces: Spaces, p: Parameters, met: Contacts
) -> Contacts:
    """Let guests meet at events and at meetings of groups; those at gathering a are ``who[first[a]:first[a + 1]]``."""
    ended = False
    for s in range(spaces.span[0], spaces.span[1]):
        at = (s - spaces.span[0]) * GATHERINGS
        for e in range(spaces.events_held[s]):
            index = 16 * spaces.ordinal[s] + e
            met = meet(run, week, index, who[first[at + e] : first[at + e + 1]], s, w, p, met)
        at += MOST_EVENTS
        for group in range(GROUPS):
            if meets(spaces.group_since[s, group], week):
                came = who[first[at + group] : first[at + group + 1]]
                met = hold_meeting(run, week, s, group, came, w, spaces, p, met)
                ended |= spaces.group_since[s, group] < 0
    if ended:
        forget_ended(w, spaces)
    return met


@kernel
def at_gatherings(
    run: RunKey, week: int, w: Population, spaces: Spaces, places: Regions, levers: Levers, ties: Ties, p: Parameters,
    met: Contacts,
) -> Contacts:  # fmt: skip  # as a list it fills a page
    """Hold the week's events and the meetings of groups, and draw who meets whom at their tables."""
    begin, end = spaces.span[0], spaces.span[1]
    hold_events(run, week, spaces, places, levers)
    guests, number = _guests(run, week, w, spaces, places, levers, ties, p)
    first, who = np.zeros((end - begin) * GATHERINGS + 1, np.int64), np.empty(number, np.int32)
    place = np.empty(number, np.int64)
    for a in range(number):
        place[a] = (guests[a, 0] - begin) * GATHERINGS + guests[a, 1]
    sort_by_place(place, first, who)
    for a in range(number):
        who[a] = guests[who[a], 2]
    return _hold(run, week, first, who, w, spaces, p, met)
