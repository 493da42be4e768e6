"""A week of a space in pence: what it costs, what it earns, what a host covers, and what is paid out."""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from .laws import pence

if TYPE_CHECKING:
    from .rules import Rules

__all__ = ["Accounts", "accounts_of", "costs_of", "followed"]

_USUAL_DESKS: Final = 64
_COVERED: Final = 0.3
_RESERVE: Final = 26
_YOUNG: Final = 104
_LASTING: Final = 0.985


class Accounts(NamedTuple):
    """Pence of a week; ``other`` may be a cost, and ``host`` and ``payout`` are 0 or more."""

    rent: int
    staff: int
    events: int
    other: int
    host: int
    payout: int

    @property
    def cost(self) -> int:
        """Rent, staff and events."""
        return self.rent + self.staff + self.events


def costs_of(rules: Rules, level: float, desks: int) -> tuple[int, int]:
    """Rent and staff of so many desks at a price level: rent by the desk, staff by a power of desks."""
    return desks * pence(rules.rent * level), pence(rules.staff * level * (desks / _USUAL_DESKS) ** rules.staff_scale)


def accounts_of(
    rules: Rules, level: float, *, desks: int, events: int, fees: int, luck: float, hosted: bool, cash: int, age: int
) -> Accounts:
    """A week with so many events and pence of fees; ``cash`` is what the space had before, ``age`` in weeks.

    A host covers a loss up to .3 of cost. Profit beyond half a year of cost is paid out from the third year on.
    """
    rent, staff = costs_of(rules, level, desks)
    held = events * pence(rules.event_cost)
    other = pence(desks * level * (rules.other_revenue + rules.other_spread * luck))
    cost = rent + staff + held
    result = fees + other - cost
    host = min(-result, floor(_COVERED * cost)) if hosted and result < 0 else 0
    after = cash + result + host
    payout = max(0, min(result, after - _RESERVE * cost)) if result > 0 and age >= _YOUNG else 0
    return Accounts(rent, staff, held, other, host, payout)


def followed(luck: float, z: float) -> float:
    """Luck a week later: it lasts, and stays of unit variance."""
    return _LASTING * luck + sqrt(1 - _LASTING**2) * z
