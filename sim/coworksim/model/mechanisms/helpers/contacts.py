"""Raw contacts of a week: their table, the numbers that govern them, and those that happen outside a space.

Every way of meeting appends ``(lower row, higher row, kind, space, times)`` to a table of contacts that grows as it
must; :mod:`coworksim.model.mechanisms.encounters` sorts them into records, asks both sides, and keeps the ties.
Outside,
people meet in their region's address space, and employees meet colleagues of their firm: a person starts a Poisson
number of contacts with mean ``c_out*D`` outside, and an employee one with mean ``c_firm`` in the firm. Fresh contacts
outside follow ``b *= 1 - 1/freshness``, and each new one adds 1 on both sides.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state import meetings, rng
from coworksim.model.state.people import EMPLOYEE, Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.regions import Regions
from coworksim.model.state.rng import RunKey, poisson, uniform, word

COLUMNS = 5
TRIES = 4
FIRM_SIZE = 16


class Contacts(NamedTuple):
    """The raw contacts of a week."""

    row: NDArray[np.int32]  # (room, COLUMNS) lower row, higher row, kind, space, times
    used: int  # rows in use


@kernel
def no_contacts(room: int) -> Contacts:
    """Return an empty table with room for some contacts."""
    return Contacts(np.empty((room, COLUMNS), np.int32), 0)


@kernel
def push(contacts: Contacts, one: int, other: int, kind: int, space: int, times: int) -> Contacts:
    """Add a contact, in a table twice as long if it is full; return the table."""
    row, at = contacts.row, contacts.used
    if at >= len(row):
        longer = np.empty((2 * at + 64, COLUMNS), np.int32)
        longer[:at] = row
        row = longer
    row[at, 0] = min(one, other)
    row[at, 1] = max(one, other)
    row[at, 2] = kind
    row[at, 3] = space
    row[at, 4] = times
    return Contacts(row, at + 1)


@kernel
def _addresses(people: int) -> int:
    """Return the size of a region's address space: the least power of two that holds its people."""
    addresses = 1
    while addresses < people:
        addresses *= 2
    return addresses


@kernel
def outside(run: RunKey, week: int, w: Population, places: Regions, levers: Levers, p: Parameters) -> Contacts:
    """Draw contacts in the region's address space; they stay fresh for a while, for both sides."""
    contacts = no_contacts(len(w.key))
    new = np.zeros(len(w.key), np.int64)
    for i in range(len(w.key)):
        who = np.uint64(w.key[i])
        start, end = places.first_row[w.region[i]], places.first_row[w.region[i] + 1]
        u = uniform(word(run, who, rng.OUTSIDE_CONTACTS, week, 0))
        density = places.firm_density[w.region[i]] * levers.density[w.region[i]]
        number = poisson(p.outside * density, u)
        addresses = _addresses(end - start) if number > 0 else 0
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, rng.OUTSIDE_CONTACTS, week, TRIES * q + v))
                j = start + int(math.floor(u * addresses))
                if j < end and j != i:
                    contacts = push(contacts, i, j, meetings.OUTSIDE, -1, 1)
                    new[i] += 1
                    new[j] += 1
                    break
    for i in range(len(w.key)):
        w.outside_contacts[i] = w.outside_contacts[i] * (1.0 - 1.0 / p.freshness) + new[i]
    return contacts


@kernel
def among_colleagues(
    run: RunKey, week: int, w: Population, places: Regions, p: Parameters, contacts: Contacts
) -> Contacts:
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
                    contacts = push(contacts, i, j, meetings.FIRM, -1, 1)
                    break
    return contacts
