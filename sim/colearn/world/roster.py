"""The members of each space in one week: a derived list that saves every mechanism from searching everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Roster"]


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows of members by space: ``row[start[s]:start[s + 1]]``."""

    start: NDArray[np.int64]
    row: NDArray[np.int32]

    @classmethod
    def none(cls, spaces: int, people: int) -> Roster:
        """Return spaces without members."""
        return cls(np.zeros(spaces + 1, np.int64), np.zeros(people, np.int32))
