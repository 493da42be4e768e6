"""Where a person's own way of deciding meets the mechanisms.

A mechanism asks for the rows whose behaviour is not the compiled rule, loops the rule over all others, and calls
these few in plain Python. What they return is a change like any other, so it does not matter who is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class Books(NamedTuple):
    """What a manager sees every four weeks; money in pence, sums over the last four weeks."""

    occupancy: float  # desk-days used / offered
    cash: int
    weekly_cost: int  # rent, staff and events of this week
    price: int  # a month, hot desk
    list_price: int  # the same at the opening
    desks: int
    turned_away: int  # desk-days wanted in vain
    equipment_use: float  # hours used / offered
    training_turned_away: int  # training places wanted in vain
    events: float  # mean number a week


class Decision(NamedTuple):
    """What a manager decides; ``invest`` is empty or one of desks, equipment, training."""

    price: int
    events: float
    invest: str = ""
    close: bool = False


class Decides(Protocol):
    """A manager, as the mechanism of management sees one."""

    def decide(self, books: Books) -> Decision:
        """Return the decision of the next four weeks."""


@dataclass(slots=True)
class Behaviours:
    """For each behaviour by name: the rows that decide for themselves, and how."""

    people: int
    _own: dict[str, dict[int, Callable[..., Any]]] = field(default_factory=dict)
    _masks: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def set(self, name: str, row: int, decide: Callable[..., Any]) -> None:
        """Let one row decide ``name`` by its own function."""
        self._own.setdefault(name, {})[row] = decide
        self.mask(name)[row] = True

    def clear(self, row: int) -> None:
        """Let one row follow the compiled rules again."""
        for name, own in self._own.items():
            if own.pop(row, None) is not None:
                self._masks[name][row] = False

    def mask(self, name: str) -> NDArray[np.bool_]:
        """Return which rows decide ``name`` for themselves."""
        if name not in self._masks:
            self._masks[name] = np.zeros(self.people, np.bool_)
        return self._masks[name]

    def anyone(self, name: str) -> bool:
        """Return whether anybody decides ``name`` in his or her own way."""
        return bool(self._own.get(name))

    def own(self, name: str) -> Iterator[tuple[int, Callable[..., Any]]]:
        """Iterate over the rows that decide ``name`` for themselves."""
        return iter(self._own.get(name, {}).items())

    def of(self, name: str, row: int) -> Callable[..., Any] | None:
        """Return one row's own function, if it has one."""
        return self._own.get(name, {}).get(row)
