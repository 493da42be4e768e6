"""How people stood some weeks before the end of a run, to tell what they have done since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from colearn.world.population import Population

__all__ = ["Earlier"]

_COUNTERS: Final = ("earned", "days_total", "member_weeks", "training_hours_total", "outside_hours_total")


@dataclass(frozen=True)
class Earlier:
    """Who was there, and the counters as they stood."""

    key: NDArray[np.uint32]
    status: NDArray[np.int8]
    counters: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, w: Population) -> Self:
        """Copy what is needed of a population."""
        return cls(w.key.copy(), w.status.copy(), {name: getattr(w, name).copy() for name in _COUNTERS})

    def there(self, w: Population) -> NDArray[np.bool_]:
        """Return whose place is still held by the same person."""
        return np.asarray(w.key == self.key, np.bool_)

    def since(self, w: Population, name: str) -> NDArray[Any]:
        """Return what a counter has grown by, from 0 for people who have come since."""
        now: NDArray[Any] = getattr(w, name)
        return now - np.where(self.there(w), self.counters[name], 0)
