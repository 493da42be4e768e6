"""Raw contacts of a week outside spaces, and the table to which every way of meeting adds.

Every way of meeting appends ``(lower row, higher row, kind, space, times)`` to a table of contacts that grows as it
must; :mod:`coworksim.model.mechanisms.encounters` sorts them into records, asks both sides, and keeps the ties.

Outside, people meet in their region's address space, and employees meet colleagues of their firm: a person starts a
Poisson number of contacts with mean ``c_out*D*R`` outside (density of creative firms, reach), and an employee one with
mean ``c_firm`` in the firm; a cluster programme adds to ``D`` for those who work in a microcluster. Fresh contacts
outside follow ``b *= 1 - 1/freshness``, and each new one adds 1 on both sides.
"""

import math
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Rows, kernel
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.people import EMPLOYEE, Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.rng import RunKey, poisson, uniform, word
from coworksim.model.state.spaces import Regions
from coworksim.model.state.ties import FIRM, OUTSIDE

COLUMNS = 5
TRIES = 4
FIRM_SIZE = 16
#: Events of a space in a week, at most.
MOST_EVENTS = 8


class Contacts(NamedTuple):
    """The raw contacts of a week."""

    row: Rows  # (room, COLUMNS) lower row, higher row, kind, space, times
    used: int  # rows in use


@kernel
def twice_as_long(row: Rows, used: int) -> Rows:
    """Return a table with the rows in use, and room for as many more."""
    longer = np.empty((2 * used + 64, row.shape[1]), np.int32)
    for a in range(used):
        for column in range(row.shape[1]):
            longer[a, column] = row[a, column]
    return longer


@kernel
def push(met: Contacts, one: int, other: int, kind: int, space: int, times: int) -> Contacts:
    """Add a contact, in a table twice as long if it is full; return the table."""
    row, at = met.row, met.used
    if at >= len(row):
        row = twice_as_long(row, at)
    row[at, 0], row[at, 1] = min(one, other), max(one, other)
    row[at, 2], row[at, 3], row[at, 4] = kind, space, times
    return Contacts(row, at + 1)


@kernel
def outside(run: RunKey, week: int, w: Population, places: Regions, levers: Levers, p: Parameters) -> Contacts:
    """Draw contacts in the region's address space; they stay fresh for a while, for both sides.

    The size of that space is the least power of two that holds the region's people.
    """
    met, new = Contacts(np.empty((len(w.key), COLUMNS), np.int32), 0), np.zeros(len(w.key), np.int64)
    for i in range(len(w.key)):
        who = np.uint64(w.key[i])
        start, end = places.first_row[w.region[i]], places.first_row[w.region[i] + 1]
        u = uniform(word(run, who, rng.OUTSIDE_CONTACTS, week, 0))
        density = places.firm_density[w.region[i]] * (levers.density[w.region[i]] if w.cluster[i] else 1.0)
        number = poisson(p.outside * density * places.reach[w.region[i]], u)
        addresses = 1
        while number > 0 and addresses < end - start:
            addresses *= 2
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, rng.OUTSIDE_CONTACTS, week, TRIES * q + v))
                j = start + int(math.floor(u * addresses))
                if j < end and j != i:
                    met = push(met, i, j, OUTSIDE, -1, 1)
                    new[i] += 1
                    new[j] += 1
                    break
    for i in range(len(w.key)):
        w.outside_contacts[i] = w.outside_contacts[i] * (1.0 - 1.0 / p.freshness) + new[i]
    return met


@kernel
def among_colleagues(run: RunKey, week: int, w: Population, places: Regions, p: Parameters, met: Contacts) -> Contacts:
    """Draw contacts of employees with colleagues: a firm is a block of sixteen neighbouring addresses."""
    for i in range(len(w.key)):
        if w.status[i] < EMPLOYEE:
            continue
        who = np.uint64(w.key[i])
        start, end = places.first_row[w.region[i]], places.first_row[w.region[i] + 1]
        block = start + FIRM_SIZE * ((i - start) // FIRM_SIZE)
        number = poisson(p.colleagues, uniform(word(run, who, rng.FIRM, week, 0)))
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, rng.FIRM, week, TRIES * q + v))
                j = block + int(math.floor(u * FIRM_SIZE))
                if j < end and j != i and w.status[j] >= EMPLOYEE:
                    met = push(met, i, j, FIRM, -1, 1)
                    break
    return met
