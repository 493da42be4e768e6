"""Founding: who looks at a place, and what a founder expects there.

Founders look at a place ``nu`` times a year for each 1,000 potential users, each with a space of ``d`` desks in mind.
He or she expects ``M`` members at what members pay there now, and opens where income covers cost::

    M = 1.2*members*d/(desks + d), at most 2*d;    (M*fee + d*l*o)*exp(w + .25*z) > rent + staff + events

In a place without a space the share of members of all places stands in. ``w`` is the optimism of founders, ``z`` that
of this one. All founders of a week see the market as the week's decisions leave it, and not each other.

In a growing market founders look ``exp(g*years)`` times as often, in years since week 0: less often before, more often
later.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.mechanisms.helpers.answers import answer
from coworksim.model.mechanisms.helpers.fees import weekly_fee
from coworksim.model.parameters.week import ManagementParameters as Parameters
from coworksim.model.state.prospects import FOUNDED, FOUNDERS, OF_A_WEEK, OPTIMISM, Prospect
from coworksim.model.state.rng import MANAGEMENT, WHOLE_REGION, normal, pence, poisson, space_key, uniform, word
from coworksim.model.state.spaces import supply_of_events
from coworksim.model.state.world import Outlook, World

#: What a founder expects of a new space over the old ones; members to a desk, at most; the spread of optimism.
APPEAL, MOST_MEMBERS, OPTIMISM_SD = 1.2, 2, 0.25
#: Founders of a place and week, on average, at most: those over FOUNDERS are not asked anyway.
MOST_FOUNDERS: Final = 500.0
#: Desks of a space that pays the staff of ``management.staff``.
USUAL_DESKS: Final = 64.0


def staff_of(desks: int, level: float, p: Parameters) -> int:
    """Return what staff cost a week, pence: ``staff*l*(d/64)**e``."""
    return pence(p.staff * level * math.pow(desks / USUAL_DESKS, p.staff_scale))


class Place(NamedTuple):
    """What founders see of a place."""

    members: int
    desks: int  # of open spaces
    fees: int  # pence taken this week, whoever paid
    price: float  # pence a month, mean over members
    usual: float  # members if a space were here, by the share of members elsewhere; where there is no space


def expected_members(place: Place, desks: int) -> float:
    """Return the members that a founder expects.

    >>> expected_members(Place(40, 60, 0, 0.0, 9.0), 20), expected_members(Place(0, 0, 0, 0.0, 9.0), 20)
    (12.0, 10.799999999999999)
    """
    found = place.members * desks / (place.desks + desks) if place.desks else place.usual
    return min(APPEAL * found, float(MOST_MEMBERS * desks))


class Founding:
    """Founders, and the capital of spaces."""

    def __init__(self, world: World, p: Parameters) -> None:
        self._prospects, self._p = world.prospects(), p
        self._people = np.diff(world.regions.first_row).tolist()
        self._settled = [bool(region.own_spaces) for region in world.scenario.regions]

    def begin(self, world: World) -> None:
        """Let investors take out what came in before, and pay in what spaces of the scenario have to begin with."""
        spaces, ledger = world.spaces, world.ledger
        for s in np.flatnonzero(spaces.open).tolist():
            region, ordinal, account = int(spaces.region[s]), int(spaces.ordinal[s]), spaces.name(s, world.regions)
            cash = self._prospects.cash(region, ordinal, pence(self._p.capital * int(spaces.desks[s])))
            before = ledger.balances.get(account, 0) - int(spaces.fees[s]) - int(spaces.cash[s])
            ledger.post(world.week, account, "investors", "payout", before)
            spaces.cash[s] += cash
            ledger.post(world.week, "investors", account, "capital", cash)

    def look(self, world: World) -> None:
        """Let the founders of the week look at every place, and open spaces that are there from the next week on."""
        looking = [(region, number) for region in range(len(self._people)) if (number := self._number(world, region))]
        places = self._places(world) if looking else []
        for region, number in looking:
            for f in range(number):
                self._found(world, self._prospects.of(region, FOUNDED + OF_A_WEEK * world.week + f), places[region])

    def _number(self, world: World, region: int) -> int:
        """Return how many founders look at a region this week."""
        if self._settled[region] and world.week < world.start:
            return 0
        who = np.uint64(space_key(region, WHOLE_REGION))
        u = uniform(np.uint64(word(world.run, who, MANAGEMENT, world.week, 2)))
        mean = self._p.founders * self._people[region] / 1000.0 / 52.0
        return min(FOUNDERS, poisson(min(mean * self._growth(world), MOST_FOUNDERS), u))

    def _growth(self, world: World) -> float:
        """Return how many times as often founders come as in week 0."""
        growth = self._p.growth if world.scenario.market == "growing" else 0.0
        return math.exp(growth * (world.week - world.start) / 52.0)

    def _found(self, world: World, new: Prospect, place: Place) -> None:
        row = world.free_row(new.region)
        if row < 0:
            return
        manager = world.managers[row]
        if answer(manager, "founds", manager.founds(self._outlook(world, new, place))):
            account = world.open_space(row, new, world.week + 1)
            world.ledger.post(world.week, "investors", account, "capital", new.capital)

    def _outlook(self, world: World, new: Prospect, place: Place) -> Outlook:
        """Return what a founder expects of a space."""
        p, level = self._p, float(world.regions.price_level[new.region])
        fee = place.fees / place.members * new.price / place.price if place.price else float(weekly_fee(new.price))
        members = expected_members(place, new.desks)
        events = supply_of_events(float(world.regions.reach[new.region])) * p.usual_events
        cost = pence(p.rent * level) * new.desks + staff_of(new.desks, level, p) + events * pence(p.event_cost)
        mood = OPTIMISM_SD * normal(self._prospects.draw(new.region, new.ordinal, OPTIMISM))
        return Outlook(
            desks=new.desks,
            price=new.price,
            members=members,
            income=members * fee + 100.0 * new.desks * level * p.other_revenue,
            cost=cost,
            optimism=math.exp(p.optimism + mood),
        )

    def _places(self, world: World) -> list[Place]:
        """Return what founders see of each place."""
        spaces, at, count = world.spaces, world.spaces.region, len(self._people)
        is_open = spaces.open & (spaces.opened <= world.week)
        members, desks, fees = (
            np.bincount(at, np.where(is_open, column, 0), count)
            for column in (spaces.members, spaces.desks, spaces.fees)
        )
        prices = np.bincount(at, np.where(is_open, spaces.members * spaces.price, 0), count)
        share = float(members.sum()) / max(1, sum(self._people))
        return [
            Place(int(m), int(d), int(f), float(price) / m if m else 0.0, share * people)
            for m, d, f, price, people in zip(members, desks, fees, prices, self._people, strict=True)
        ]
