"""Where a person's own way of deciding meets the mechanisms.

A mechanism asks for the rows whose behaviour is not the compiled rule, loops the rule over all others, and calls
these few in plain Python. What they return is a change like any other, so it does not matter who is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Behaviours"]


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

    def own(self, name: str) -> Iterator[tuple[int, Callable[..., Any]]]:
        """Iterate over the rows that decide ``name`` for themselves."""
        return iter(self._own.get(name, {}).items())

    def of(self, name: str, row: int) -> Callable[..., Any] | None:
        """Return one row's own function, if it has one."""
        return self._own.get(name, {}).get(row)
