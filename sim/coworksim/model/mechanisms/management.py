"""Management: spaces pay their way, managers decide every four weeks, spaces close and open.

Each week a space pays rent, staff and events out of its cash. Every four weeks its manager looks at the books and
sets the price, invests a surplus, changes the number of events, or closes (see :class:`coworksim.model.agents.Manager`,
where the decisions are written out). Above ``raise_above`` occupancy ``price *= 1 + step``, below ``cut_below``
``price *= 1 - step``, within .6 and 1.5 of the list price; a space closes at ``cash < -13*weekly_cost``, and invests
when ``cash > 8*weekly_cost + cost``: in desks if people were turned away, then equipment, then training places.
Where all spaces of a region have been nearly full, and turned people away, three times in a row, a spare one opens.
"""

from typing import Final

import numpy as np

from coworksim.model.kernels import rule
from coworksim.model.mechanisms.helpers.answers import answer
from coworksim.model.parameters.week import ManagementParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.rng import pence
from coworksim.model.state.spaces import add_to_month
from coworksim.model.state.world import Books, Decision, World

DECISION_WEEKS = 4
FULL = 0.9
UNMET_TIMES = 3
#: What an investment adds to: column of the space, by how much, parameter that holds the cost of one.
INVESTMENTS: Final = {
    "desks": ("desks", 4, "desk_cost"),
    "equipment": ("equipment_hours", 5, "equipment_cost"),
    "training": ("training_places", 1, "training_cost"),
}


def cost_of(investment: str, p: Parameters) -> int:
    """Return what an investment costs, pence."""
    _, added, cost = INVESTMENTS[investment]
    return pence(getattr(p, cost) * added)


@rule
def rounded(price: float) -> int:
    """Return a price in whole pence, ``floor(price + 1/2)``."""
    return int(price + 0.5)


class Management:
    """Managers set prices, invest, close and open spaces."""

    name = "management"
    scope = "world"

    def __init__(self, world: World) -> None:
        self.parameters = read(world.scenario, Parameters)
        p, level = self.parameters, world.regions.price_level[world.spaces.region].tolist()
        self._accounts = [world.spaces.name(s, world.regions) for s in range(len(world.spaces))]
        self._rent = [pence(p.rent * of_space) for of_space in level]  # a desk
        self._staff = [pence(p.staff * of_space) for of_space in level]
        self._event = pence(p.event_cost)

    def step(self, world: World) -> None:
        """Pay, and every four weeks decide."""
        if not world.open or len(world.spaces) == 0:
            return
        add_to_month(world.spaces)
        cost = self._pay(world)
        if (world.week - world.start) % DECISION_WEEKS == DECISION_WEEKS - 1:
            opening = self._unmet_demand(world)
            for s in np.flatnonzero(world.spaces.open).tolist():
                manager = world.managers[s]
                self._apply(world, s, answer(manager, "decide", manager.decide(self._books(world, s, int(cost[s])))))
            for s in opening:
                self._open(world, s)
            world.spaces.forget_month()

    def _endow(self, world: World, s: int) -> None:
        """Give a space its starting capital."""
        capital = pence(self.parameters.capital)
        world.spaces.cash[s] += capital
        world.ledger.post(world.week, "investors", self._accounts[s], "capital", capital)

    def _pay(self, world: World) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Book fees, rent, staff and events in every open space; return the week's cost, pence."""
        spaces, cost = world.spaces, np.zeros(len(world.spaces), np.int64)
        for s in np.flatnonzero(spaces.open).tolist():
            account, staff = self._accounts[s], self._staff[s]
            if world.week == world.start:
                self._endow(world, s)
            rent = self._rent[s] * int(spaces.desks[s])
            events = self._event * int(spaces.events_held[s])
            world.ledger.post(world.week, account, "landlord", "rent", rent)
            world.ledger.post(world.week, account, "staff", "staff", staff)
            world.ledger.post(world.week, account, "suppliers", "events", events)
            cost[s] = rent + staff + events
            spaces.cash[s] += int(spaces.fees[s]) - cost[s]
        return cost

    def _books(self, world: World, s: int, cost: int) -> Books:
        """Return what the manager of a space sees."""
        spaces = world.spaces
        offered, hours = int(spaces.month_offered[s]), float(spaces.month_hours_offered[s])
        return Books(
            occupancy=int(spaces.month_desk_days[s]) / offered if offered else 0.0,
            cash=int(spaces.cash[s]),
            weekly_cost=cost,
            price=int(spaces.price[s]),
            list_price=int(spaces.list_price[s]),
            desks=int(spaces.desks[s]),
            turned_away=int(spaces.month_turned_away[s]),
            equipment_use=float(spaces.month_hours[s]) / hours if hours else 0.0,
            training_turned_away=int(spaces.month_training_turned_away[s]),
            events=float(spaces.events[s]),
        )

    def _apply(self, world: World, s: int, decision: Decision) -> None:
        """Carry out a manager's decision; members of a space that closes are members no longer."""
        spaces, w = world.spaces, world.workers
        if decision.close:
            spaces.open[s], spaces.members[s], gone = False, 0, w.member_of == s
            w.member_of[gone], w.plan[gone], w.tenure[gone] = -1, -1, 0
            return
        spaces.price[s], spaces.events[s] = decision.price, decision.events
        if decision.invest:
            amount = cost_of(decision.invest, self.parameters)
            column, added, _ = INVESTMENTS[decision.invest]
            getattr(spaces, column)[s] += added
            spaces.cash[s] -= amount
            world.ledger.post(world.week, self._accounts[s], "suppliers", "investment", amount)

    def _open(self, world: World, s: int) -> None:
        """Open a spare space with its starting values, from next week."""
        world.spaces.open[s], world.spaces.opened[s] = True, world.week + 1
        self._endow(world, s)

    def _unmet_demand(self, world: World) -> list[int]:
        """Return the spare spaces that open: their region was full and turned people away three times in a row."""
        spaces, opening = world.spaces, []
        for r in range(len(world.unmet)):
            here = spaces.region == r
            running = here & spaces.open
            spare = np.flatnonzero(here & (spaces.opened < 0))
            days, offered = int(spaces.month_desk_days[running].sum()), int(spaces.month_offered[running].sum())
            unmet = offered > 0 and days / offered > FULL and int(spaces.month_turned_away[running].sum()) > 0
            world.unmet[r] = world.unmet[r] + 1 if unmet and len(spare) else 0
            if world.unmet[r] >= UNMET_TIMES:
                opening.append(int(spare[0]))
                world.unmet[r] = 0
        return opening
