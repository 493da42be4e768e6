"""Blocks of encounters between which nobody is shared, so that each can be worked on by itself.

Records of a week's encounters: contacts merged by pair and kind, who accepts, and what both remember of it.
"""

from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, Rows, kernel
from coworksim.model.mechanisms.helpers.contacts import Contacts
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.people import Population
from coworksim.model.state.rng import OUTSIDE_TIE, RunKey, pair_key, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.ties import INSIDE_KINDS, OUTSIDE, Meetings, Ties, find, tie_strength


@kernel
def blocks_of(one: Rows, other: Rows, people: int, least: int) -> tuple[Integers, int]:
    """Return blocks of records between which nobody is shared, and how many rows the widest spans.

    A block is its first record, the record after the last, the low row, the high row. It is closed as soon as it spans
    ``least`` rows and no later record reaches back into it. Where people meet within their region only, no block is
    much larger than a region, whatever the size of the world.
    """
    blocks = np.empty((people // least + 1, 4), np.int64)
    count, begin, high, widest = 0, 0, 0, 0
    for e in range(len(one) + 1):
        last = e == len(one)
        if e > begin and (last or (one[e] >= high and high - one[begin] >= least)):
            blocks[count, 0], blocks[count, 1], blocks[count, 2], blocks[count, 3] = begin, e, one[begin], high
            widest = max(widest, high - one[begin])
            count, begin = count + 1, e
        if not last:
            high = max(high, other[e] + 1)
    return blocks[:count], widest


class Invitation(NamedTuple):
    """What a person knows when accepting or declining the week's encounters of one kind with one partner."""

    kind: int  # index into ENCOUNTER_KINDS
    times: int
    tie: float  # strength before
    work: float  # one's own workload
    chance: float  # the week's uniform number


@kernel
def _sort(contacts: Contacts, people: int) -> Integers:
    """Return the order of contacts by lower row, higher row and kind (counting sort, then short insertion sorts)."""
    row, count = contacts.row, contacts.used
    first = np.zeros(people + 1, np.int64)
    for a in range(count):
        first[row[a, 0] + 1] += 1
    for i in range(people):
        first[i + 1] += first[i]
    fill = first[:-1].copy()
    order = np.empty(count, np.int64)
    for a in range(count):
        i = row[a, 0]
        to = fill[i]
        while to > first[i]:
            before = order[to - 1]
            if row[before, 1] < row[a, 1] or (row[before, 1] == row[a, 1] and row[before, 2] <= row[a, 2]):
                break
            order[to] = before
            to -= 1
        order[to] = a
        fill[i] += 1
    return order


@kernel
def _records(contacts: Contacts, order: Integers, week: int, ties: Ties, log_rho: float) -> Meetings:
    """Merge sorted contacts into one record per pair and kind."""
    row, count = contacts.row, contacts.used
    one, other = np.empty(count, np.int32), np.empty(count, np.int32)
    kind, space = np.empty(count, np.int8), np.empty(count, np.int32)
    times, tie, place = np.zeros(count, np.int64), np.empty(count, np.float64), np.empty(count, np.int64)
    at = -1
    for a in order:
        i, j = row[a, 0], row[a, 1]
        if at < 0 or one[at] != i or other[at] != j or kind[at] != row[a, 2]:
            known = at >= 0 and one[at] == i and other[at] == j
            at += 1
            one[at], other[at], kind[at], space[at] = i, j, row[a, 2], row[a, 3]
            if known:
                tie[at], place[at] = tie[at - 1], place[at - 1]
            else:
                place[at] = find(ties, i, j)
                tie[at] = tie_strength(ties, place[at], week, log_rho)
        times[at] += row[a, 4]
    n = at + 1
    one, other, kind, space = one[:n].copy(), other[:n].copy(), kind[:n].copy(), space[:n].copy()
    return Meetings(one, other, kind, space, times[:n].copy(), tie[:n].copy(), place[:n])


@kernel
def merge(week: int, people: int, ties: Ties, contacts: Contacts, log_rho: float) -> Meetings:
    """Merge contacts into records; they are copies, for raw contacts are many, and records stay a week."""
    return _records(contacts, _sort(contacts, people), week, ties, log_rho)


@kernel
def drop(accepted: Flags, met: Meetings) -> Meetings:
    """Return a copy of the records that both sides accept, ``accepted[record, side]``, in order."""
    keep = np.flatnonzero(accepted[:, 0] & accepted[:, 1])
    one, other, kind, space = met.one[keep], met.other[keep], met.kind[keep], met.space[keep]
    return Meetings(one, other, kind, space, met.times[keep], met.strength[keep], met.place[keep])


@kernel
def remember(
    run: RunKey, week: int, w: Population, spaces: Spaces, ties: Ties, met: Meetings, p: Parameters
) -> tuple[Rows, Rows, Floats]:
    """Count encounters, strengthen ties that exist, and return new ones: two rows, weight, in the order of pairs."""
    kept = len(met.one)
    source, target, weight = np.empty(kept, np.int32), np.empty(kept, np.int32), np.empty(kept)
    w.encounter_hours[:] = 0.0
    spaces.meetings[spaces.span[0] : spaces.span[1]] = 0
    e, new = 0, 0
    while e < kept:
        i, j = met.one[e], met.other[e]
        total, only_outside, inside, begin = 0, True, False, e
        while e < kept and met.one[e] == i and met.other[e] == j:
            times = met.times[e]
            total += times
            if met.kind[e] < INSIDE_KINDS:
                inside = True
                spaces.meetings[met.space[e]] += times
                for who in (i, j):
                    w.encounters[who] += times
                    w.encounter_hours[who] += p.minutes / 60.0 * times
            else:
                w.outside_met[i] += times
                w.outside_met[j] += times
            only_outside = only_outside and met.kind[e] == OUTSIDE
            e += 1
        at = met.place[begin]
        if at >= 0:
            ties.weight[at] = met.strength[begin] + total
            ties.last[at] = week
        elif only_outside and uniform(word(run, pair_key(w.key[i], w.key[j]), OUTSIDE_TIE, week, 0)) >= p.outside_tie:
            continue  # forgotten
        else:
            source[new], target[new], weight[new] = i, j, total
            new += 1
            if inside:
                w.partners_new[i] += 1
                w.partners_new[j] += 1
    return source[:new], target[:new], weight[:new]
