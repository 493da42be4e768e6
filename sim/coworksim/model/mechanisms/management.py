"""Management: spaces pay their way, managers decide every four weeks, founders open spaces, and spaces close.

A space of ``d`` desks, at a price level ``l``, takes fees and what offices, rooms and events yield, net, and pays rent,
staff and events::

    result = fees + d*l*(o + s*z) - rent*d*l - staff*l*(d/64)**e - events      z: luck, AR(1) of .985, unit variance

A host covers a loss up to three tenths of cost. Profit beyond half a year's cost is paid out once a space is two years
old. Every four weeks a manager looks at the books and sets the price, invests a surplus, changes the number of events,
or closes, when the owner lends no more (:class:`coworksim.model.management_rules.ManagementRules` has the decisions).
Spaces close for other reasons too. Each week founders look at a place, and open where they expect to break even
(:mod:`.helpers.founding`). A user's own list of spaces may say when they open and close (:mod:`.helpers.listed_dates`).

Entry as in Bresnahan and Reiss 1991, Journal of Political Economy 99, 977-1009, with fees that spaces share by desks.
"""

import math
from typing import Final

import numpy as np

from coworksim.model.kernels import kernel, rule
from coworksim.model.mechanisms.helpers.answers import answer
from coworksim.model.mechanisms.helpers.founding import Founding, staff_of
from coworksim.model.mechanisms.helpers.listed_dates import ListedDates
from coworksim.model.parameters.week import ManagementParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.rng import MANAGEMENT, RunKey, normal, pence, uniform, word
from coworksim.model.state.spaces import Spaces, add_to_month
from coworksim.model.state.world import Books, Decision, World

DECISION_WEEKS: Final = 4
#: What a year's luck leaves of itself a week later.
PERSISTENCE: Final = 0.985
#: Weeks of age from which profit is paid out, and weeks of cost that stay in the space.
PAYS_OUT: Final = 104
RESERVE: Final = 26
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


@rule
def payout(result: int, cash: int, cost: int, weeks: int) -> int:
    """Return what owners take out of a week's result, pence: what is over half a year's cost, from the third year on.

    >>> payout(500, 30_000, 1000, 104), payout(500, 26_200, 1000, 104), payout(500, 90_000, 1000, 103)
    (500, 200, 0)
    """
    return max(0, min(result, cash - RESERVE * cost)) if result > 0 and weeks >= PAYS_OUT else 0


@kernel
def _fortune(run: RunKey, week: int, spaces: Spaces) -> None:
    """Let the luck of every space that opened before this week move on."""
    fresh = math.sqrt(1.0 - PERSISTENCE * PERSISTENCE)
    for s in range(len(spaces.key)):
        if spaces.open[s] and week > spaces.opened[s]:
            news = normal(uniform(word(run, np.uint64(spaces.key[s]), MANAGEMENT, week, 0)))
            spaces.luck[s] = PERSISTENCE * spaces.luck[s] + fresh * news


class Management:
    """Managers set prices, invest and close; founders open spaces."""

    name = "management"
    scope = "world"

    def __init__(self, world: World) -> None:
        self.parameters = read(world.scenario, Parameters)
        self._founding = Founding(world, self.parameters)
        self._dates = ListedDates(world)

    def step(self, world: World) -> None:
        """Pay, decide every four weeks, and let founders look."""
        since = world.week - world.scenario.market_week
        if since < 0 or len(world.spaces) == 0:
            return
        add_to_month(world.spaces)
        if since == 0:
            self._founding.begin(world)
        else:
            _fortune(world.run, world.week, world.spaces)
        cost = self._pay(world)
        if since % DECISION_WEEKS == DECISION_WEEKS - 1:
            self._decide(world, cost)
        self._dates.turn(world)
        if since > 0:
            self._founding.look(world)

    def _pay(self, world: World) -> list[int]:
        """Book what comes in and goes out in every open space; return the week's cost by row, pence."""
        spaces, p, post = world.spaces, self.parameters, world.ledger.post
        costs = [0] * len(spaces)
        for s in np.flatnonzero(spaces.open).tolist():
            account, desks = spaces.name(s, world.regions), int(spaces.desks[s])
            level = float(world.regions.price_level[spaces.region[s]])
            rent, staff = pence(p.rent * level) * desks, staff_of(desks, level, p)
            events = pence(p.event_cost) * int(spaces.events_held[s])
            other = pence(desks * level * (p.other_revenue + p.other_spread * float(spaces.luck[s])))
            post(world.week, account, "landlord", "rent", rent)
            post(world.week, account, "staff", "staff", staff)
            post(world.week, account, "suppliers", "events", events)
            post(world.week, *(("clients", account) if other > 0 else (account, "suppliers")), "rooms", abs(other))
            costs[s] = cost = rent + staff + events
            result = int(spaces.fees[s]) + other - cost
            if result < 0 and spaces.hosted[s]:
                manager = world.managers[s]
                help_from_host = answer(manager, "hosting", manager.hosting(-result, cost))
                post(world.week, "hosts", account, "hosting", help_from_host)
                result += help_from_host
            spaces.result[s] = result
            spaces.cash[s] += result
            out = payout(result, int(spaces.cash[s]), cost, world.week - int(spaces.opened[s]))
            post(world.week, account, "investors", "payout", out)
            spaces.cash[s] -= out
        return costs

    def _decide(self, world: World, costs: list[int]) -> None:
        """Let managers decide on the books as they stand, and spaces close for other reasons."""
        spaces = world.spaces
        closing = 1.0 - math.pow(1.0 - self.parameters.exit, DECISION_WEEKS / 52.0)
        for s in np.flatnonzero(spaces.open & (spaces.opened <= world.week)).tolist():
            manager, stays = world.managers[s], (spaces.listed[s] and world.week < world.start)
            stays = stays or self._dates.stays(world, s)
            patience = math.inf if stays else float(spaces.patience[s])
            decision = answer(manager, "decide", manager.decide(self._books(world, s, costs[s], patience)))
            u = uniform(np.uint64(word(world.run, np.uint64(spaces.key[s]), MANAGEMENT, world.week, 1)))
            if (decision.close or u < closing) and not stays:
                world.close_space(s)
            else:
                self._apply(world, s, decision)
        spaces.forget_month()

    def _books(self, world: World, s: int, cost: int, patience: float) -> Books:
        """Return what the manager of a space sees."""
        spaces = world.spaces
        offered, hours = int(spaces.month_offered[s]), float(spaces.month_hours_offered[s])
        return Books(
            occupancy=int(spaces.month_desk_days[s]) / offered if offered else 0.0,
            cash=int(spaces.cash[s]),
            weekly_cost=cost,
            patience=patience,
            price=int(spaces.price[s]),
            list_price=int(spaces.list_price[s]),
            desks=int(spaces.desks[s]),
            turned_away=int(spaces.month_turned_away[s]),
            equipment_use=float(spaces.month_hours[s]) / hours if hours else 0.0,
            training_turned_away=int(spaces.month_training_turned_away[s]),
            events=float(spaces.events[s]),
        )

    def _apply(self, world: World, s: int, decision: Decision) -> None:
        """Carry out what a manager has decided for a space that stays open."""
        spaces = world.spaces
        spaces.price[s], spaces.events[s] = decision.price, decision.events
        if decision.invest and not decision.close:
            amount = cost_of(decision.invest, self.parameters)
            column, added, _ = INVESTMENTS[decision.invest]
            getattr(spaces, column)[s] += added
            spaces.cash[s] -= amount
            world.ledger.post(world.week, spaces.name(s, world.regions), "suppliers", "investment", amount)
