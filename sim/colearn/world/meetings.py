"""The encounters of one week inside spaces: one record per pair, sorted by pair key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Meetings"]


@dataclass(slots=True)
class Meetings:
    """Who met whom this week (``one`` has the lower key)."""

    key: NDArray[np.uint64]  # pair key
    one: NDArray[np.int32]  # row
    other: NDArray[np.int32]  # row
    space: NDArray[np.int32]
    times: NDArray[np.int64]  # encounters this week
    strength: NDArray[np.float64]  # of the tie before these encounters

    @classmethod
    def none(cls) -> Meetings:
        """Return a week without encounters."""
        return cls(
            key=np.zeros(0, np.uint64),
            one=np.zeros(0, np.int32),
            other=np.zeros(0, np.int32),
            space=np.zeros(0, np.int32),
            times=np.zeros(0, np.int64),
            strength=np.zeros(0),
        )

    def __len__(self) -> int:
        """Return the number of pairs that met."""
        return len(self.key)
