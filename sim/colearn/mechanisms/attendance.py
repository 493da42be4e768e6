"""Attendance: who comes on which day, and who finds a desk.

A member comes on each of five days with probability ``days/5``. Where more come than there are desks, those with
the lowest word of the day's queue stay. A space's smoothed occupancy follows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.world import draws
from colearn.world.draws import RunKey, uniform, word
from colearn.world.parameters import read
from colearn.world.world import World

__all__ = ["DAYS", "Attendance", "comes"]

DAYS = 5
QUEUE = 8


class Parameters(NamedTuple):
    """Quantities of ``attendance.*``."""

    smoothing: float


@rule
def comes(days: int, u: float) -> bool:
    """Return whether a member who likes ``days`` days a week comes on one."""
    return u < days / 5.0


@kernel
def _roster(
    member_of: NDArray[np.int32],
    day_mask: NDArray[np.int8],
    days_present: NDArray[np.int8],
    start: NDArray[np.int64],
    row: NDArray[np.int32],
) -> None:
    """List members by space (``row[start[s]:start[s + 1]]``, in row order) and empty the week's days."""
    start[:] = 0
    for i in range(len(member_of)):
        day_mask[i] = 0
        days_present[i] = 0
        if member_of[i] >= 0:
            start[member_of[i] + 1] += 1
    for s in range(len(start) - 1):
        start[s + 1] += start[s]
    fill = start[:-1].copy()
    for i in range(len(member_of)):
        s = member_of[i]
        if s >= 0:
            row[fill[s]] = i
            fill[s] += 1


@kernel
def _turn_away(
    run: RunKey,
    week: int,
    day: int,
    desks: int,
    came: NDArray[np.int32],
    key: NDArray[np.uint32],
    day_mask: NDArray[np.int8],
) -> None:
    """Of those who came, keep the ``desks`` first in the day's queue (lowest word, then lowest key)."""
    came = came[np.argsort(key[came], kind="mergesort")]
    place = np.empty(len(came), np.uint64)
    for a in range(len(came)):
        place[a] = word(run, np.uint64(key[came[a]]), draws.ATTENDANCE, week, QUEUE + day)
    order = np.argsort(place, kind="mergesort")
    for a in range(desks, len(came)):
        day_mask[came[order[a]]] &= ~(1 << day)


@kernel
def _attend(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    days: NDArray[np.int8],
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    desks: NDArray[np.int64],
    smoothing: float,
    day_mask: NDArray[np.int8],
    days_present: NDArray[np.int8],
    days_total: NDArray[np.int64],
    desk_days: NDArray[np.int64],
    present: NDArray[np.float64],
) -> None:
    """Fill the desks of every space, count days, and smooth occupancy."""
    for s in range(len(desks)):
        members = row[start[s] : start[s + 1]]
        came = np.empty(len(members), np.int32)
        for d in range(DAYS):
            count = 0
            for i in members:
                if comes(days[i], uniform(word(run, np.uint64(key[i]), draws.ATTENDANCE, week, d))):
                    day_mask[i] |= 1 << d
                    came[count] = i
                    count += 1
            if count > desks[s]:
                _turn_away(run, week, d, desks[s], came[:count], key, day_mask)
        desk_days[s] = 0
        for i in members:
            for d in range(DAYS):
                days_present[i] += day_mask[i] >> d & 1
            days_total[i] += days_present[i]
            desk_days[s] += days_present[i]
        present[s] += smoothing * (desk_days[s] / 5.0 - present[s])


class Attendance:
    """Who comes on which day, and who finds a desk."""

    name = "attendance"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, "attendance", Parameters)

    def step(self, world: World) -> None:
        """Fill the week's desks."""
        if not world.open:
            return
        w, spaces, roster = world.workers, world.spaces, world.roster
        _roster(w.member_of, w.day_mask, w.days_present, roster.start, roster.row)
        _attend(
            world.run, world.week, w.key, w.days, roster.start, roster.row, spaces.desks, self._p.smoothing,
            w.day_mask, w.days_present, w.days_total, spaces.desk_days, spaces.present,
        )  # fmt: skip
