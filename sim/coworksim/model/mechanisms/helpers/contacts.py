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

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state import meetings, rng
from coworksim.model.state.people import EMPLOYEE
from coworksim.model.state.rng import RunKey, poisson, uniform, word

__all__ = ["COLUMNS", "TRIES", "Contacts", "Parameters", "among_colleagues", "outside", "push"]

COLUMNS = 5
TRIES = 4
FIRM_SIZE = 16

type Contacts = NDArray[np.int32]


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
        u = uniform(word(run, who, rng.OUTSIDE_CONTACTS, week, 0))
        number = poisson(p.outside * density[region[i]], u)
        addresses = _addresses(end - start) if number > 0 else 0
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, rng.OUTSIDE_CONTACTS, week, TRIES * q + v))
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
        number = poisson(p.colleagues, uniform(word(run, who, rng.FIRM, week, 0)))
        for q in range(1, number + 1):
            for v in range(TRIES):
                u = uniform(word(run, who, rng.FIRM, week, TRIES * q + v))
                j = block + int(math.floor(u * FIRM_SIZE))
                if j < end and j != i and status[j] >= EMPLOYEE:
                    contacts = push(contacts, count, i, j, meetings.FIRM, -1, 1)
                    count += 1
                    break
    return contacts, count
