"""Blocks of encounters between which nobody is shared, so that each can be worked on by itself.

Records of a week's encounters: contacts merged by pair and kind, who accepts, and what both remember of it.
"""

from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, Rows, kernel, rule
from coworksim.model.mechanisms.helpers.contacts import Contacts
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.people import Population
from coworksim.model.state.rng import ACCEPT, OUTSIDE_TIE, RunKey, pair_key, uniform, word
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


@rule
def accepts(invitation: Invitation, p: Parameters) -> bool:
    """Return whether a person accepts: up to a normal workload always, above it with chance ``1 - busy*(work - 1)``."""
    return invitation.chance < 1.0 - p.busy * min(1.0, max(0.0, invitation.work - 1.0))


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
    return Meetings(one[:n], other[:n], kind[:n], space[:n], times[:n], tie[:n], place[:n])


@kernel
def merge(
    run: RunKey, week: int, w: Population, ties: Ties, own: Flags, contacts: Contacts, p: Parameters
) -> tuple[Meetings, Floats, Flags]:
    """Merge contacts into records; return them, ``chance[record, side]`` and ``accepted[record, side]``.

    Those who decide in their own way count as accepting until they are asked.
    """
    met = _records(contacts, _sort(contacts, len(w.key)), week, ties, p.log_rho)
    chance, accepted = np.zeros((len(met.one), 2)), np.ones((len(met.one), 2), np.bool_)
    for e in range(len(met.one)):
        kind = met.kind[e]
        if kind < INSIDE_KINDS:
            pair = pair_key(w.key[met.one[e]], w.key[met.other[e]])
            for side in range(2):
                i = met.one[e] if side == 0 else met.other[e]
                u = uniform(word(run, pair, ACCEPT, week, 2 * kind + side))
                chance[e, side] = u
                if not own[i]:
                    accepted[e, side] = accepts(Invitation(kind, met.times[e], met.strength[e], w.work[i], u), p)
    return met, chance, accepted


@kernel
def _drop(accepted: Flags, met: Meetings) -> Meetings:
    """Return a copy of the records that both sides accept, in order: raw contacts are many, and these stay a week."""
    one, other, kind, space, times, tie, place = met
    kept = 0
    for e in range(len(one)):
        if accepted[e, 0] and accepted[e, 1]:
            if kept < e:
                one[kept], other[kept], kind[kept], space[kept] = one[e], other[e], kind[e], space[e]
                times[kept], tie[kept], place[kept] = times[e], tie[e], place[e]
            kept += 1
    one, other, kind, space = one[:kept].copy(), other[:kept].copy(), kind[:kept].copy(), space[:kept].copy()
    return Meetings(one, other, kind, space, times[:kept].copy(), tie[:kept].copy(), place[:kept])


@kernel
def remember(
    run: RunKey, week: int, w: Population, spaces: Spaces, ties: Ties, accepted: Flags, met: Meetings, p: Parameters
) -> tuple[Meetings, Rows, Rows, Floats]:
    """Count encounters that both accept and strengthen ties that exist; return these records, and the new ties.

    New ties are given by their two rows and their weight, in the order of pairs.
    """
    met = _drop(accepted, met)
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
    return met, source[:new], target[:new], weight[:new]
