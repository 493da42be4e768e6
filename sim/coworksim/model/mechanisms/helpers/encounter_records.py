"""Blocks of encounters between which nobody is shared, so that each can be worked on by itself.

Records of a week's encounters: contacts merged by pair and kind, who accepts, and what both remember of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.mechanisms.helpers.contacts import Contacts, Parameters
from coworksim.model.state import rng
from coworksim.model.state.meetings import INSIDE_KINDS, OUTSIDE
from coworksim.model.state.rng import RunKey, pair_key, uniform, word
from coworksim.model.state.ties import find, strength

__all__ = ["Invitation", "accepts", "blocks_of", "merge", "remember"]


@kernel
def blocks_of(
    one: NDArray[np.int32], other: NDArray[np.int32], people: int, least: int
) -> tuple[NDArray[np.int64], int]:
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


type Rows = NDArray[np.int32]
type Numbers = NDArray[np.int64]
type Floats = NDArray[np.float64]
#: Records: the fields of Meetings.
type Records = tuple[Rows, Rows, NDArray[np.int8], Rows, Numbers, Floats, Numbers]


class Invitation(NamedTuple):
    """What a person knows when accepting or declining the week's encounters of one kind with one partner."""

    kind: int  # index into ENCOUNTER_KINDS
    times: int
    tie: float  # strength before
    work: float  # one's own workload
    chance: float  # the week's uniform number


@rule
def accepts(invitation: Invitation, p: Parameters) -> bool:
    """Return whether a person accepts: up to a normal workload always, above it with chance ``1 - busy*(work - 1)``."""
    return invitation.chance < 1.0 - p.busy * min(1.0, max(0.0, invitation.work - 1.0))


@kernel
def _sort(contacts: Contacts, count: int, people: int) -> NDArray[np.int64]:
    """Return the order of contacts by lower row, higher row and kind (counting sort, then short insertion sorts)."""
    first = np.zeros(people + 1, np.int64)
    for a in range(count):
        first[contacts[a, 0] + 1] += 1
    for i in range(people):
        first[i + 1] += first[i]
    fill = first[:-1].copy()
    order = np.empty(count, np.int64)
    for a in range(count):
        i = contacts[a, 0]
        to = fill[i]
        while to > first[i]:
            before = order[to - 1]
            if contacts[before, 1] < contacts[a, 1]:
                break
            if contacts[before, 1] == contacts[a, 1] and contacts[before, 2] <= contacts[a, 2]:
                break
            order[to] = before
            to -= 1
        order[to] = a
        fill[i] += 1
    return order


@kernel
def _records(
    contacts: Contacts,
    count: int,
    order: NDArray[np.int64],
    week: int,
    first: Numbers,
    tie_other: Rows,
    weight: Floats,
    last: Rows,
    log_rho: float,
) -> Records:
    """Merge sorted contacts into one record per pair and kind: rows, kind, space, times, tie before and its place."""
    one = np.empty(count, np.int32)
    other = np.empty(count, np.int32)
    kind = np.empty(count, np.int8)
    space = np.empty(count, np.int32)
    times = np.zeros(count, np.int64)
    tie = np.empty(count, np.float64)
    place = np.empty(count, np.int64)
    at = -1
    for a in order:
        i, j = contacts[a, 0], contacts[a, 1]
        if at < 0 or one[at] != i or other[at] != j or kind[at] != contacts[a, 2]:
            known = at >= 0 and one[at] == i and other[at] == j
            at += 1
            one[at], other[at], kind[at], space[at] = i, j, contacts[a, 2], contacts[a, 3]
            if known:
                tie[at], place[at] = tie[at - 1], place[at - 1]
            else:
                where = place[at] = find(first, tie_other, i, j)
                tie[at] = strength(weight[where], week - last[where], log_rho) if where >= 0 else 0.0
        times[at] += contacts[a, 4]
    n = at + 1
    return one[:n], other[:n], kind[:n], space[:n], times[:n], tie[:n], place[:n]


@kernel
def merge(
    run: RunKey,
    week: int,
    contacts: Contacts,
    count: int,
    key: NDArray[np.uint32],
    work: Floats,
    own: NDArray[np.bool_],
    first: Numbers,
    tie_other: Rows,
    weight: Floats,
    last: Rows,
    log_rho: float,
    p: Parameters,
) -> tuple[Records, Floats, NDArray[np.bool_]]:
    """Merge contacts into records; return them, ``chance[record, side]`` and ``accepted[record, side]``.

    Those who decide in their own way count as accepting until they are asked.
    """
    order = _sort(contacts, count, len(key))
    records = _records(contacts, count, order, week, first, tie_other, weight, last, log_rho)
    one, other, kind, _, times, tie, _ = records
    chance, accepted = np.zeros((len(one), 2)), np.ones((len(one), 2), np.bool_)
    for e in range(len(one)):
        if kind[e] < INSIDE_KINDS:
            pair = pair_key(key[one[e]], key[other[e]])
            for side in range(2):
                i = one[e] if side == 0 else other[e]
                u = uniform(word(run, pair, rng.ACCEPT, week, 2 * kind[e] + side))
                chance[e, side] = u
                if not own[i]:
                    accepted[e, side] = accepts(Invitation(kind[e], times[e], tie[e], work[i], u), p)
    return records, chance, accepted


@kernel
def _drop(accepted: NDArray[np.bool_], records: Records) -> int:
    """Move the records that both sides accept to the front, in order; return how many there are."""
    one, other, kind, space, times, tie, place = records
    kept = 0
    for e in range(len(one)):
        if accepted[e, 0] and accepted[e, 1]:
            if kept < e:
                one[kept], other[kept], kind[kept], space[kept] = one[e], other[e], kind[e], space[e]
                times[kept], tie[kept], place[kept] = times[e], tie[e], place[e]
            kept += 1
    return kept


@kernel
def remember(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    accepted: NDArray[np.bool_],
    records: Records,
    weight: Floats,
    last: Rows,
    p: Parameters,
    encounters: Numbers,
    hours: Floats,
    outside_met: Numbers,
    partners_new: Numbers,
    meetings: Numbers,
) -> tuple[Records, Rows, Rows, Floats]:
    """Count encounters that both accept and strengthen ties that exist; return these records, and the new ties.

    New ties are given by their two rows and their weight, in the order of pairs.
    """
    kept = _drop(accepted, records)
    one, other, kind, space, times, tie, place = records
    new_one, new_other, new_weight = np.empty(kept, np.int32), np.empty(kept, np.int32), np.empty(kept)
    hours[:] = 0.0
    meetings[:] = 0
    e, new = 0, 0
    while e < kept:
        i, j = one[e], other[e]
        total, only_outside, inside = 0, True, False
        begin = e
        while e < kept and one[e] == i and other[e] == j:
            total += times[e]
            if kind[e] < INSIDE_KINDS:
                inside = True
                meetings[space[e]] += times[e]
                for who in (i, j):
                    encounters[who] += times[e]
                    hours[who] += p.minutes / 60.0 * times[e]
            else:
                outside_met[i] += times[e]
                outside_met[j] += times[e]
            only_outside = only_outside and kind[e] == OUTSIDE
            e += 1
        at = place[begin]
        if at >= 0:
            weight[at] = tie[begin] + total
            last[at] = week
        elif not only_outside or uniform(word(run, pair_key(key[i], key[j]), rng.OUTSIDE_TIE, week, 0)) < p.outside_tie:
            new_one[new], new_other[new], new_weight[new] = i, j, total
            new += 1
            if inside:
                partners_new[i] += 1
                partners_new[j] += 1
    records = one[:kept], other[:kept], kind[:kept], space[:kept], times[:kept], tie[:kept], place[:kept]
    return records, new_one[:new], new_other[:new], new_weight[:new]
