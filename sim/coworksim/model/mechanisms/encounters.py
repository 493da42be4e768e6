"""Encounters: who meets whom this week, whether both want to, and which ties follow.

Inside, each person sits each day at one of ``G`` tables (a power of two fixed by desks), and visits a few others
(:mod:`.helpers.table_places`), the more the more sociable he or she is. Two people at one table, or one who visits the
other's, meet a Poisson number of times with mean ``G*c * prox*hom*adv*fam*att / (n + n_half)`` over the ways in which
the two may meet, ``1 + 2*(G - 1)*(1 - exp(-v/G))`` with ``v`` tables that a person of mean sociability visits, so that
``n`` people present bring a member about ``c*n/(n + n_half)`` encounters a day. Proximity, homophily and familiarity
(habit and closure) are divided by constants of the scenario, so that they move *whom* one meets more than how often;
``att`` is the attention that teams leave. Events seat members, as far as their evenings go, and visitors from the
region's creative milieu (:mod:`.helpers.evenings`); groups are founded and meet (:mod:`.helpers.groups`); managers
bring strangers together. Outside, people meet in their region's address space, at the density of creative firms, and
employees meet colleagues. People of one team (:mod:`coworksim.model.state.teams`) meet as colleagues, at tables too.

In a space both sides must accept; the busy turn encounters down. A first encounter makes a tie, but of the contacts
outside only a declared share.
"""

import numpy as np

from coworksim.model.kernels import Flags, Floats, kernel
from coworksim.model.mechanisms.helpers.contacts import Contacts, among_colleagues, by_introduction, outside
from coworksim.model.mechanisms.helpers.encounter_records import Invitation, merge, remember
from coworksim.model.mechanisms.helpers.evenings import at_gatherings
from coworksim.model.mechanisms.helpers.groups import found_groups
from coworksim.model.mechanisms.helpers.seating import at_tables
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.rng import RunKey
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.synthesis import occupation_shares
from coworksim.model.state.ties import INSIDE_KINDS, Meetings, Ties
from coworksim.model.state.world import World


@kernel
def _draw(
    run: RunKey,
    week: int,
    spaces_exist: bool,
    w: Population,
    spaces: Spaces,
    places: Regions,
    levers: Levers,
    ties: Ties,
    frontier: Floats,
    p: Parameters,
) -> Contacts:
    """Draw the raw contacts of the week, in one call: calling costs a small world as much as drawing."""
    contacts = outside(run, week, w, places, levers, p)
    contacts = among_colleagues(run, week, w, places, p, contacts)
    if not spaces_exist:
        return contacts
    contacts = at_tables(run, week, w, spaces, ties, frontier, p, contacts)
    contacts = at_gatherings(run, week, w, spaces, places, levers, ties, p, contacts)
    contacts = by_introduction(run, week, w, spaces, levers, ties, contacts)
    return found_groups(run, week, w, spaces, levers, p, contacts)


class Encounters:
    """Who meets whom, inside and outside."""

    name = "encounters"
    scope = "region"

    def __init__(self, world: World) -> None:
        """Read the parameters; the mean of homophily is a constant of the scenario."""
        shares = occupation_shares(world.scenario)
        self.parameters = read(world.scenario, Parameters)._replace(
            same_share=sum(float(share) * float(share) for share in shares), log_rho=world.log_rho
        )

    def step(self, world: World) -> None:
        """Draw contacts, merge them into records, ask both sides, and keep the ties."""
        world.meetings = Meetings.none()  # last week's records would stand beside this week's
        run, week, p = world.run, world.week, self.parameters
        w, spaces, ties, own = world.workers, world.spaces, world.ties, world.behaviours.mask("accepts_encounter")
        met, chance, accepted = merge(run, week, w, ties, own, self.draw(world), p)
        if world.behaviours.anyone("accepts_encounter"):
            self._ask(world, met, chance, accepted)
        met, source, target, weight = remember(run, week, w, spaces, ties, accepted, met, p)
        world.meetings = met._replace(place=met.place[:0].copy())  # ties move on from where they were
        ties.insert(source, target, weight, week)

    def draw(self, world: World) -> Contacts:
        """Draw the raw contacts of the week."""
        w, spaces, places, levers, p = world.workers, world.spaces, world.regions, world.levers, self.parameters
        exist = world.open and len(spaces) > 0
        return _draw(world.run, world.week, exist, w, spaces, places, levers, world.ties, world.frontier, p)

    def _ask(self, world: World, met: Meetings, chance: Floats, accepted: Flags) -> None:
        """Ask those who decide in their own way."""
        own, work = world.behaviours.mask("accepts_encounter"), world.workers.work
        for side, (rows, others) in enumerate(((met.one, met.other), (met.other, met.one))):
            for e in np.flatnonzero(own[rows] & (met.kind < INSIDE_KINDS)).tolist():
                decide = world.behaviours.of("accepts_encounter", int(rows[e]))
                if decide is not None:
                    of_both = int(met.kind[e]), int(met.times[e]), float(met.strength[e])
                    invitation = Invitation(*of_both, float(work[rows[e]]), float(chance[e, side]))
                    accepted[e, side] = decide(int(others[e]), invitation)
