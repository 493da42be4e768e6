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

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.contacts import Contacts, Parameters, among_colleagues, outside
from coworksim.model.mechanisms.helpers.encounter_records import Invitation, accepts, merge, remember
from coworksim.model.mechanisms.helpers.gatherings import at_events, by_introduction
from coworksim.model.mechanisms.helpers.seating import at_tables
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.state.meetings import INSIDE_KINDS, Meetings
from coworksim.model.state.parameter_records import read
from coworksim.model.state.rng import RunKey
from coworksim.model.state.synthesis import occupation_shares
from coworksim.model.state.world import World

__all__ = ["Encounters", "Invitation", "accepts"]


@kernel
def _draw(
    spaces_exist: bool,
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    status: NDArray[np.int8],
    occupation: NDArray[np.int8],
    creative: NDArray[np.bool_],
    sociability: NDArray[np.float64],
    seat: NDArray[np.float64],
    skill: NDArray[np.float64],
    appeal: NDArray[np.float64],
    outside_contacts: NDArray[np.float64],
    member_of: NDArray[np.int32],
    candidate: NDArray[np.int32],
    day_mask: NDArray[np.int8],
    days_present: NDArray[np.int8],
    frontier: NDArray[np.float64],
    first_row: NDArray[np.int64],
    density: NDArray[np.float64],
    roster_start: NDArray[np.int64],
    roster: NDArray[np.int32],
    space_key: NDArray[np.uint32],
    ordinal: NDArray[np.int64],
    is_open: NDArray[np.bool_],
    tables: NDArray[np.int64],
    present: NDArray[np.float64],
    side: NDArray[np.float64],
    mean_near: NDArray[np.float64],
    events: NDArray[np.float64],
    introductions: NDArray[np.float64],
    visits: NDArray[np.float64],
    events_held: NDArray[np.int64],
    first: NDArray[np.int64],
    other: NDArray[np.int32],
    weight: NDArray[np.float64],
    last: NDArray[np.int32],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    log_rho: float,
    same_share: float,
    p: Parameters,
) -> tuple[Contacts, int]:
    """Draw the raw contacts of the week, in one call: calling costs a small world as much as drawing."""
    contacts, count = outside(run, week, key, region, first_row, density, p, outside_contacts)
    contacts, count = among_colleagues(run, week, key, region, status, first_row, p, contacts, count)
    if not spaces_exist:
        return contacts, count
    contacts, count = at_tables(
        run,
        week,
        roster_start,
        roster,
        tables,
        present,
        side,
        mean_near,
        same_share,
        key,
        status,
        day_mask,
        occupation,
        sociability,
        seat,
        skill,
        frontier,
        first,
        other,
        weight,
        last,
        start,
        neighbour,
        log_rho,
        p,
        appeal,
        contacts,
        count,
    )
    contacts, count = at_events(
        run,
        week,
        key,
        region,
        occupation,
        creative,
        sociability,
        member_of,
        candidate,
        space_key,
        ordinal,
        is_open,
        events,
        tables,
        density,
        visits,
        p,
        events_held,
        contacts,
        count,
    )
    return by_introduction(
        run, week, roster_start, roster, days_present, space_key, is_open, introductions, first, other, contacts, count
    )


class Encounters:
    """Who meets whom, inside and outside."""

    name = "encounters"

    def __init__(self, world: World) -> None:
        """Read the parameters; the mean of homophily is a constant of the scenario."""
        self.parameters = read(world.scenario, Parameters)
        shares = occupation_shares(world.scenario)
        self._same_share = sum(float(share) * float(share) for share in shares)
        self._creative = np.array(CREATIVE)
        self._appeal = np.ones(len(world.workers))

    def step(self, world: World) -> None:
        """Draw contacts, merge them into records, ask both sides, and keep the ties."""
        world.meetings = Meetings.none()  # last week's records would stand beside this week's
        contacts, count = self._contacts(world)
        w, ties, p = world.workers, world.ties, self.parameters
        records, chance, accepted = merge(
            world.run,
            world.week,
            contacts,
            count,
            w.key,
            w.work,
            world.behaviours.mask("accepts_encounter"),
            ties.first,
            ties.other,
            ties.weight,
            ties.last,
            world.log_rho,
            p,
        )
        if world.behaviours.anyone("accepts_encounter"):
            self._ask(world, Meetings(*records), chance, accepted)
        records, one, other, weight = remember(
            world.run,
            world.week,
            w.key,
            accepted,
            records,
            ties.weight,
            ties.last,
            p,
            w.encounters,
            w.encounter_hours,
            w.outside_met,
            w.partners_new,
            world.spaces.meetings,
        )
        ties.insert(one, other, weight, world.week)
        world.meetings = Meetings(*records)

    def _contacts(self, world: World) -> tuple[Contacts, int]:
        """Draw the raw contacts of the week."""
        w, s, ties, roster = world.workers, world.spaces, world.ties, world.roster
        return _draw(
            world.open and len(s) > 0,
            world.run,
            world.week,
            w.key,
            w.region,
            w.status,
            w.occupation,
            self._creative,
            w.sociability,
            w.seat,
            w.skill,
            self._appeal,
            w.outside_contacts,
            w.member_of,
            w.candidate,
            w.day_mask,
            w.days_present,
            world.frontier,
            world.first_row,
            world.regions.firm_density * world.levers.density,
            roster.start,
            roster.row,
            s.key,
            s.ordinal,
            s.open,
            s.tables,
            s.present,
            s.floor_side,
            s.proximity,
            s.events + world.levers.events,
            s.introductions + world.levers.introductions,
            world.levers.visitors,
            s.events_held,
            ties.first,
            ties.other,
            ties.weight,
            ties.last,
            ties.start,
            ties.neighbour,
            world.log_rho,
            self._same_share,
            self.parameters,
        )

    def _ask(self, world: World, met: Meetings, chance: NDArray[np.float64], accepted: NDArray[np.bool_]) -> None:
        """Ask those who decide in their own way."""
        own = world.behaviours.mask("accepts_encounter")
        for side, rows in enumerate((met.one, met.other)):
            for e in np.flatnonzero(own[rows] & (met.kind < INSIDE_KINDS)):
                decide = world.behaviours.of("accepts_encounter", int(rows[e]))
                if decide is not None:
                    partner = int((met.other, met.one)[side][e])
                    accepted[e, side] = decide(partner, self._invitation(world, met, int(e), side, chance))

    def _invitation(self, world: World, met: Meetings, e: int, side: int, chance: NDArray[np.float64]) -> Invitation:
        row = (met.one, met.other)[side][e]
        return Invitation(
            int(met.kind[e]),
            int(met.times[e]),
            float(met.strength[e]),
            float(world.workers.work[row]),
            float(chance[e, side]),
        )
