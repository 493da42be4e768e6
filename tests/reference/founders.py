"""Founders in the plain twin: who looks at a place in a week, what they expect, and whether they open."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final, NamedTuple

from .accounts import costs_of
from .laws import pence
from .traits import Traits, ordinal_of, traits_of

if TYPE_CHECKING:
    from .model import PlainModel
    from .region import Area
    from .rules import Rules

__all__ = ["Market", "found", "is_worth_it", "market_of", "more_often"]

_MOST: Final = 64
#: Founders on average at most: so many that those who are heard are 64.
_MORE_THAN_ENOUGH: Final = 500.0
_NOBODY: Final = 2**22 - 1
_MORE: Final = 1.2
_A_DESK: Final = 2
_DOUBT: Final = 0.25


class Market(NamedTuple):
    """What founders see of a region: of its open spaces members, desks, pence of fees and the mean price of a month.

    ``usual`` is the number of members that the region would have, were it as the mean of all regions.
    """

    members: int
    desks: int
    fees: int
    price: float
    usual: float

    def expected(self, desks: int) -> float:
        """Members that a new space of so many desks can hope for: by its part of the desks, two to a desk at most."""
        if not self.desks:
            return min(_MORE * self.usual, _A_DESK * desks)
        return min(_MORE * self.members * desks / (self.desks + desks), _A_DESK * desks)

    def fee(self, list_price: int) -> float:
        """Pence a week that a member would pay at a list price: as much of it as members here pay of theirs."""
        if not self.members or self.price <= 0:
            return list_price * 12 / 52
        return self.fees / self.members * list_price / self.price


def market_of(area: Area, model: PlainModel) -> Market:
    """The market as it stands."""
    running = [manager for manager in area.managers if manager.open]
    members = sum(len(manager.members) for manager in running)
    everywhere = sum(len(manager.members) for manager in model.managers if manager.open)
    by_price = sum(len(manager.members) * manager.price_pence_month for manager in running)
    return Market(
        members=members,
        desks=sum(manager.desks for manager in running),
        fees=sum(manager.fees_pence_week for manager in running),
        price=by_price / members if members else 0.0,
        usual=area.people * everywhere / sum(other.people for other in model.areas),
    )


def is_worth_it(rules: Rules, level: float, supply: float, market: Market, traits: Traits) -> bool:
    """Whether a founder expects to cover the costs, as hopeful as he or she is."""
    rent, staff = costs_of(rules, level, traits.desks)
    cost = rent + staff + supply * rules.usual_events * pence(rules.event_cost)
    income = market.expected(traits.desks) * market.fee(traits.list_price)
    income += 100 * traits.desks * level * rules.other_revenue
    return income * exp(rules.optimism + _DOUBT * traits.optimism) > cost


def more_often(model: PlainModel) -> float:
    """How many times as often founders come as in the week of the start: e-fold in 1/growth years, in a growing market.

    In any other market always as often.
    """
    return exp(model.rules.growth * (model.week - model.start) / 52) if model.inputs.market == "growing" else 1.0


def found(model: PlainModel) -> None:
    """All founders of a week look at the market as it stands; those who dare open next week, where there is room.

    Nobody founds in the week in which management begins, nor before the start where the scenario lists the spaces.
    """
    week = model.week
    if week == model.begins:
        return
    markets = [market_of(area, model) for area in model.areas]
    for area, market in zip(model.areas, markets, strict=True):
        if model.inputs.regions[area.index].own_spaces and week < model.start:
            continue
        mean = min(model.rules.founders * area.people / 1000 / 52 * more_often(model), _MORE_THAN_ENOUGH)
        number = min(_MOST, model.source.poisson("management", area.index << 22 | _NOBODY, week, 2, mean))
        for founder in range(number):
            ordinal = ordinal_of(week, founder)
            traits = traits_of(model, area, ordinal)
            row = area.free_row(week)
            if row is not None and is_worth_it(
                model.rules, area.environment.price_level, area.environment.supply, market, traits
            ):
                space = model.open_space(area, row, ordinal, traits, week + 1)
                space.cash = pence(model.rules.capital * space.desks)
                model.post("investors", f"space:{space.name}", "capital", space.cash)
