"""The encounters of one week: one record per pair and kind, in the order of rows (and so of keys), then of kind."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CHAT, PROJECT, EVENT, INTRODUCTION, OUTSIDE, FIRM = range(6)
#: The first so many kinds happen in a space.
INSIDE_KINDS = 4


class Meetings(NamedTuple):
    """Who met whom this week (``one`` is the lower row)."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    kind: NDArray[np.int8]  # index into ENCOUNTER_KINDS
    space: NDArray[np.int32]  # row of the space, -1 outside
    times: NDArray[np.int64]  # encounters this week
    strength: NDArray[np.float64]  # of the tie before these encounters
    place: NDArray[np.int64]  # of that tie among the ties before these encounters, -1 for none

    @classmethod
    def none(cls) -> Meetings:
        """Return a week without encounters."""
        return cls(
            one=np.zeros(0, np.int32),
            other=np.zeros(0, np.int32),
            kind=np.zeros(0, np.int8),
            space=np.zeros(0, np.int32),
            times=np.zeros(0, np.int64),
            strength=np.zeros(0),
            place=np.zeros(0, np.int64),
        )
