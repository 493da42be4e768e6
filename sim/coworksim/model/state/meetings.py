"""The encounters of one week: one record per pair and kind, in the order of rows (and so of keys), then of kind.

The members of each space in one week: a derived list that saves every mechanism from searching everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHAT", "EVENT", "FIRM", "INSIDE_KINDS", "INTRODUCTION", "OUTSIDE", "PROJECT", "Meetings", "Roster"]


CHAT, PROJECT, EVENT, INTRODUCTION, OUTSIDE, FIRM = range(6)
#: The first so many kinds happen in a space.
INSIDE_KINDS = 4


@dataclass(slots=True)
class Meetings:
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

    def only(self, kept: NDArray[np.bool_]) -> Meetings:
        """Return the records that are kept."""
        return replace(self, **{column.name: getattr(self, column.name)[kept] for column in fields(self)})

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.one)


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows of members by space: ``row[start[s]:start[s + 1]]``."""

    start: NDArray[np.int64]
    row: NDArray[np.int32]

    @classmethod
    def none(cls, spaces: int, people: int) -> Roster:
        """Return spaces without members."""
        return cls(np.zeros(spaces + 1, np.int64), np.zeros(people, np.int32))
