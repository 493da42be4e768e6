"""What a manager looks at every four weeks, and decides: price, investment, events, and whether to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .laws import pence, rounded

if TYPE_CHECKING:
    from .rules import Rules

__all__ = ["Books", "Decision", "decide"]

_FULL, _EMPTY = 0.85, 0.40


class Books(NamedTuple):
    """The last four weeks of a space. Money in pence; ``occupancy`` and ``equipment_use`` are used over offered."""

    occupancy: float
    cash: int
    price: int
    list_price: int
    desks: int
    equipment_hours: float
    equipment_use: float
    training_places: int
    training_turned_away: int
    turned_away: int
    weekly_cost: int
    events: float
    patience: float
    may_close: bool = True


class Decision(NamedTuple):
    """What will be: price in pence a month, events a week; and what is added, for how many pence."""

    price: int
    events: float
    closes: bool
    desks: int = 0
    equipment_hours: float = 0.0
    training_places: int = 0
    investment: int = 0


def decide(books: Books, rules: Rules) -> Decision:
    """Close when debts are more than ``patience`` weeks' costs; else invest what leaves more than 8 weeks' costs.

    The first that applies counts: desks when people were sent home, equipment when it was in use, training
    places when some went without.
    """
    # The model's text leaves open whether a space that closes still moves its price and events. Here it does not.
    if books.may_close and books.cash < -books.patience * books.weekly_cost:
        return Decision(books.price, books.events, closes=True)
    price, events = _price(books, rules), _events(books, rules)
    # The model's text leaves open whether costs are rounded to pence each or together. Here each.
    desks = equipment_hours = training_places = cost = 0
    if books.turned_away > 0:
        desks, cost = 4, 4 * pence(rules.desk_cost)
    elif books.equipment_use > 0.9:
        equipment_hours, cost = 5, 5 * pence(rules.equipment_cost)
    elif books.training_turned_away > 0:
        training_places, cost = 1, pence(rules.training_cost)
    # The model's text leaves open whether the next that applies is tried when the first is too dear. Here it is not.
    if books.cash > 8 * books.weekly_cost + cost:
        return Decision(price, events, False, desks, equipment_hours, training_places, cost)
    return Decision(price, events, closes=False)


def _price(books: Books, rules: Rules) -> int:
    """A step up when the space is full, a step down when it is empty, within .6 and 1.5 of the list price."""
    price = books.price
    if books.occupancy > _FULL:
        price = rounded(price * (1 + rules.price_step))
    elif books.occupancy < _EMPTY:
        price = rounded(price * (1 - rules.price_step))
    return min(max(price, rounded(books.list_price * 0.6)), rounded(books.list_price * 1.5))


def _events(books: Books, rules: Rules) -> float:
    """More events while there is room and cash, fewer while there is none: by .1, within 0 and 2 a week."""
    if books.occupancy < 0.7 and books.cash > 0:
        # The model's text leaves open whether more than 2 events at the opening are cut to 2. Here they are kept.
        return max(books.events, min(2.0, books.events + 0.1))
    if books.cash < 0:
        return max(0.0, books.events - 0.1)
    # A space that is full enough goes back towards the usual number.
    if books.occupancy >= 0.7 and books.events > rules.usual_events:
        return max(rules.usual_events, books.events - 0.1)
    return books.events
