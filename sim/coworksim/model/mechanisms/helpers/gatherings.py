"""Gatherings: who meets whom at their tables, of events as of groups.

There are so many tables that four sit at one, or up to seven, as their number is a power of two. Two at one table meet
a Poisson number of times with mean ``c/3``, so that a guest of a table of four has as many encounters in an evening as
a member of a large space in a day. Who is sociable comes more often, and meets no more at a table for it.
"""

import numpy as np

from coworksim.model.kernels import Rows, kernel
from coworksim.model.mechanisms.helpers.contacts import Contacts, push
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.people import Population
from coworksim.model.state.rng import EVENT_MEETING, EVENT_TABLE, RunKey, pair_key, poisson, uniform, word
from coworksim.model.state.spaces import tables_for
from coworksim.model.state.ties import EVENT


@kernel
def meet(
    run: RunKey, week: int, index: int, guests: Rows, s: int, w: Population, p: Parameters, met: Contacts
) -> Contacts:
    """Seat the guests of a gathering in space s by words of its index, and draw who meets whom at their tables."""
    tables, table = tables_for(len(guests)), np.empty(len(guests), np.uint64)
    for a in range(len(guests)):
        drawn = np.uint64(word(run, np.uint64(w.key[guests[a]]), EVENT_TABLE, week, index))
        table[a] = drawn & np.uint64(tables - 1)
    for a in range(len(guests)):
        for b in range(a + 1, len(guests)):
            if table[a] == table[b]:
                i, j = guests[a], guests[b]
                u = uniform(word(run, pair_key(w.key[i], w.key[j]), EVENT_MEETING, week, index))
                times = poisson(p.rate / 3.0, u)
                if times > 0:
                    met = push(met, i, j, EVENT, s, times)
    return met
