"""Encounters: who meets whom this week, whether both want to, and which ties follow.

Inside, each person sits each day at one of ``G`` tables (a power of two fixed by desks), and visits a few others
(:mod:`.helpers.table_places`), the more the more sociable he or she is. Two people at one table, or one who visits the
other's, meet a Poisson number of times with mean ``G*c * prox*fam*att / (n + n_half)`` over the ways in which
the two may meet, ``1 + 2*(G - 1)*(1 - exp(-v/G))`` with ``v`` tables that a person of mean sociability visits, so that
``n`` people present bring a member about ``c*n/(n + n_half)`` encounters a day. Proximity and familiarity (habit and
closure) are divided by constants of the scenario, so that they move *whom* one meets more than how often;
``att`` is the attention that teams leave. Events seat members, as far as their evenings go, and visitors from the
region's creative milieu (:mod:`.helpers.evenings`); groups are founded and meet (:mod:`.helpers.groups`). Outside,
people meet in their region's address space, at the density of creative firms, and employees meet colleagues. People
of one team (:mod:`coworksim.model.state.teams`) meet as colleagues, at tables too.

In a space both sides must accept, which they do unless somebody decides in his or her own way. A first encounter makes
a tie, but of the contacts outside only a declared share.
"""

import numpy as np

from coworksim.model.kernels import Flags, kernel
from coworksim.model.mechanisms.helpers.contacts import Contacts, among_colleagues, outside
from coworksim.model.mechanisms.helpers.encounter_records import Invitation, drop, merge, remember
from coworksim.model.mechanisms.helpers.evenings import at_gatherings
from coworksim.model.mechanisms.helpers.groups import found_groups
from coworksim.model.mechanisms.helpers.seating import at_tables
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.rng import ACCEPT, RunKey, pair_key, uniform, word
from coworksim.model.state.spaces import Regions, Spaces
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
    p: Parameters,
) -> Contacts:
    """Draw the raw contacts of the week, in one call: calling costs a small world as much as drawing."""
    contacts = outside(run, week, w, places, levers, p)
    contacts = among_colleagues(run, week, w, places, p, contacts)
    if not spaces_exist:
        return contacts
    contacts = at_tables(run, week, w, spaces, ties, p, contacts)
    contacts = at_gatherings(run, week, w, spaces, places, levers, ties, p, contacts)
    return found_groups(run, week, w, spaces, levers, p, contacts)


class Encounters:
    """Who meets whom, inside and outside."""

    name = "encounters"
    scope = "region"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self.parameters = read(world.scenario, Parameters)._replace(log_rho=world.log_rho)

    def step(self, world: World) -> None:
        """Draw contacts, merge them into records, ask those who decide themselves, and keep the ties."""
        world.meetings = Meetings.none()  # last week's records would stand beside this week's
        run, week, p = world.run, world.week, self.parameters
        w, spaces, ties = world.workers, world.spaces, world.ties
        met = merge(week, len(w), ties, self.draw(world), p.log_rho)
        if world.behaviours.anyone("accepts_encounter"):
            met = drop(self._asked(world, met), met)
        source, target, weight = remember(run, week, w, spaces, ties, met, p)
        world.meetings = met._replace(place=met.place[:0].copy())  # ties move on from where they were
        ties.insert(source, target, weight, week)

    def draw(self, world: World) -> Contacts:
        """Draw the raw contacts of the week."""
        w, spaces, places, levers, p = world.workers, world.spaces, world.regions, world.levers, self.parameters
        exist = world.open and len(spaces) > 0
        return _draw(world.run, world.week, exist, w, spaces, places, levers, world.ties, p)

    def _asked(self, world: World, met: Meetings) -> Flags:
        """Return who accepts what, by record and side: those who decide in their own way are asked, others do."""
        w, own = world.workers, world.behaviours.mask("accepts_encounter")
        accepted = np.ones((len(met.one), 2), np.bool_)
        for side, (rows, others) in enumerate(((met.one, met.other), (met.other, met.one))):
            for e in np.flatnonzero(own[rows] & (met.kind < INSIDE_KINDS)).tolist():
                decide = world.behaviours.of("accepts_encounter", int(rows[e]))
                if decide is not None:
                    kind = int(met.kind[e])
                    pair = np.uint64(pair_key(w.key[rows[e]], w.key[others[e]]))
                    chance = uniform(np.uint64(word(world.run, pair, ACCEPT, world.week, 2 * kind + side)))
                    of_both = kind, int(met.times[e]), float(met.strength[e])
                    accepted[e, side] = decide(int(others[e]), Invitation(*of_both, float(w.work[rows[e]]), chance))
        return accepted
