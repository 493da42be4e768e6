"""Encounters: who meets whom this week, whether both want to, and which ties follow.

Inside, each person sits each day at one of ``G`` tables (a power of two fixed by desks). Two people at one table meet
a Poisson number of times with mean ``G * c * soc_i*soc_j * prox * hom * adv * fam / (n + n_half)``. Proximity,
homophily and familiarity (habit and closure) are divided by constants of the scenario, so that they move *whom* one
meets more than how often; ``n`` people present bring a member about ``c*n/(n + n_half)`` encounters a day. Events seat
members and visitors from the region's creative milieu at tables; managers introduce strangers. Outside, people meet in
their region's address space, at the density of creative firms, and employees meet colleagues.

In a space both sides must accept; the busy turn encounters down. A first encounter makes a tie, but of the contacts
outside only a declared share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.mechanisms.contacts import Contacts, Parameters, among_colleagues, outside
from colearn.mechanisms.gatherings import at_events, by_introduction
from colearn.mechanisms.tables import at_tables
from colearn.quantities.skills import CREATIVE
from colearn.world import draws
from colearn.world.draws import RunKey, pair_key, uniform, word
from colearn.world.meetings import INSIDE_KINDS, OUTSIDE, Meetings
from colearn.world.parameters import read
from colearn.world.social_graph import find, strength
from colearn.world.synthesis import occupation_shares
from colearn.world.world import World

__all__ = ["Encounters", "Invitation", "accepts"]


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
    first: NDArray[np.int64],
    tie_other: NDArray[np.int32],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    log_rho: float,
) -> tuple[
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int8],
    NDArray[np.int32],
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.int64],
]:
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
def _answers(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    work: NDArray[np.float64],
    own: NDArray[np.bool_],
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    kind: NDArray[np.int8],
    times: NDArray[np.int64],
    tie: NDArray[np.float64],
    p: Parameters,
    chance: NDArray[np.float64],
    accepted: NDArray[np.bool_],
) -> None:
    """Fill ``chance[record, side]`` and, for those who follow the rule, ``accepted[record, side]``."""
    for e in range(len(one)):
        for side in range(2):
            accepted[e, side] = True
            if kind[e] < INSIDE_KINDS:
                i = one[e] if side == 0 else other[e]
                pair = pair_key(key[one[e]], key[other[e]])
                u = uniform(word(run, pair, draws.ACCEPT, week, 2 * kind[e] + side))
                chance[e, side] = u
                if not own[i]:
                    accepted[e, side] = accepts(Invitation(kind[e], times[e], tie[e], work[i], u), p)


@kernel
def _remember(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    kind: NDArray[np.int8],
    space: NDArray[np.int32],
    times: NDArray[np.int64],
    tie: NDArray[np.float64],
    place: NDArray[np.int64],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    p: Parameters,
    encounters: NDArray[np.int64],
    hours: NDArray[np.float64],
    outside_met: NDArray[np.int64],
    partners_new: NDArray[np.int64],
    meetings: NDArray[np.int64],
    new_weight: NDArray[np.float64],
) -> None:
    """Count encounters, strengthen ties that exist, and put the weight of new ties at a pair's last record."""
    hours[:] = 0.0
    meetings[:] = 0
    e = 0
    while e < len(one):
        i, j = one[e], other[e]
        total, only_outside, inside = 0, True, False
        begin = e
        while e < len(one) and one[e] == i and other[e] == j:
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
        elif (
            not only_outside or uniform(word(run, pair_key(key[i], key[j]), draws.OUTSIDE_TIE, week, 0)) < p.outside_tie
        ):
            new_weight[e - 1] = total
            if inside:
                partners_new[i] += 1
                partners_new[j] += 1


class Encounters:
    """Who meets whom, inside and outside."""

    name = "encounters"

    def __init__(self, world: World) -> None:
        """Read the parameters; the mean of homophily is a constant of the scenario."""
        self.parameters = read(world.scenario, "encounters", Parameters)
        shares = occupation_shares(world.scenario)
        self._same_share = sum(float(share) * float(share) for share in shares)
        self._creative = np.array(CREATIVE)
        self._appeal = np.ones(len(world.workers))

    def step(self, world: World) -> None:
        """Draw contacts, merge them into records, ask both sides, and keep the ties."""
        world.meetings = Meetings.none()  # last week's records would stand beside this week's
        met = self._met(world, *self._contacts(world))
        ties, w = world.ties, world.workers
        new_weight = np.zeros(len(met))
        _remember(
            world.run, world.week, w.key, met.one, met.other, met.kind, met.space, met.times, met.strength, met.place,
            ties.weight, ties.last, self.parameters, w.encounters, w.encounter_hours, w.outside_met,
            w.partners_new, world.spaces.meetings, new_weight,
        )  # fmt: skip
        new = new_weight > 0.0
        ties.insert(met.one[new], met.other[new], new_weight[new], world.week)
        world.meetings = met

    def _contacts(self, world: World) -> tuple[Contacts, int]:
        """Draw the raw contacts of the week."""
        w, s, p, run, week = world.workers, world.spaces, self.parameters, world.run, world.week
        density = world.regions.firm_density
        contacts, count = outside(run, week, w.key, w.region, world.first_row, density, p, w.outside_contacts)
        contacts, count = among_colleagues(run, week, w.key, w.region, w.status, world.first_row, p, contacts, count)
        if not world.open or len(s) == 0:
            return contacts, count
        ties, roster = world.ties, world.roster
        contacts, count = at_tables(
            run, week, roster.start, roster.row, s.tables, s.present, s.floor_side, s.proximity, self._same_share,
            w.key, w.status, w.day_mask, w.occupation, w.sociability, w.seat, w.skill, world.frontier, ties.first,
            ties.other, ties.weight, ties.last, ties.start, ties.neighbour, world.log_rho, p, self._appeal, contacts,
            count,
        )  # fmt: skip
        contacts, count = at_events(
            run, week, w.key, w.region, w.occupation, self._creative, w.sociability, w.member_of, w.candidate, s.key,
            s.ordinal, s.open, s.events, s.tables, density, p, s.events_held, contacts, count,
        )  # fmt: skip
        return by_introduction(
            run, week, roster.start, roster.row, w.days_present, s.key, s.open, s.introductions, ties.first, ties.other,
            contacts, count,
        )  # fmt: skip

    def _met(self, world: World, contacts: Contacts, count: int) -> Meetings:
        """Return the week's records that both sides accept."""
        w, ties = world.workers, world.ties
        order = _sort(contacts, count, len(w))
        met = Meetings(
            *_records(contacts, count, order, world.week, ties.first, ties.other, ties.weight, ties.last, world.log_rho)
        )
        own = world.behaviours.mask("accepts_encounter")
        chance, accepted = np.zeros((len(met), 2)), np.zeros((len(met), 2), np.bool_)
        _answers(
            world.run, world.week, w.key, w.work, own, met.one, met.other, met.kind, met.times, met.strength,
            self.parameters, chance, accepted,
        )  # fmt: skip
        asked = (met.one, met.other) if world.behaviours.anyone("accepts_encounter") else ()
        for side, rows in enumerate(asked):
            for e in np.flatnonzero(own[rows] & (met.kind < INSIDE_KINDS)):
                decide = world.behaviours.of("accepts_encounter", int(rows[e]))
                if decide is not None:
                    partner = int((met.other, met.one)[side][e])
                    accepted[e, side] = decide(partner, self._invitation(world, met, int(e), side, chance))
        both = accepted.all(axis=1)
        if both.all():
            return met
        return met.only(both)

    def _invitation(self, world: World, met: Meetings, e: int, side: int, chance: NDArray[np.float64]) -> Invitation:
        row = (met.one, met.other)[side][e]
        return Invitation(
            int(met.kind[e]), int(met.times[e]), float(met.strength[e]), float(world.workers.work[row]),
            float(chance[e, side]),
        )  # fmt: skip
