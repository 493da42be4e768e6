"""Attendance: who comes on which day, and who finds a desk.

A member comes on each of five days with probability ``days/5``; on a day plan ``days`` is at most 1. Where more come
than there are desks, dedicated desks are kept, and of the others those with the lowest word of the day's queue stay.
Occupancy is smoothed, ``n += a*(desk_days/5 - n)``, to the people present on a usual day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.week import AttendanceParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.parameter_records import read
from coworksim.model.state.people import DAY, DEDICATED, HOT
from coworksim.model.state.rng import RunKey, uniform, word
from coworksim.model.state.world import World

__all__ = ["DAYS", "Attendance", "comes"]

DAYS = 5
QUEUE = 8


@rule
def comes(days: int, plan: int, u: float) -> bool:
    """Return whether a member comes on a day: ``u < days/5``, on a day plan (one day a week) with ``days <= 1``."""
    return u < (min(days, 1) if plan == DAY else days) / 5.0


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
    plan: NDArray[np.int8],
    day_mask: NDArray[np.int8],
) -> None:
    """Of those who came (in key order), keep the ``desks`` first: dedicated desks, then by lot (lowest word, then key).

    Only one kind of desk is short: the shared ones, or, when nothing is left for these, the dedicated ones.
    """
    dedicated = 0
    for i in came:
        if plan[i] == DEDICATED:
            dedicated += 1
    scarce = DEDICATED if dedicated > desks else HOT
    left = desks if scarce == DEDICATED else desks - dedicated
    lot = np.empty(len(came), np.uint64)
    queue = np.empty(len(came), np.int32)
    count = 0
    for i in came:
        if (plan[i] == DEDICATED) == (scarce == DEDICATED):
            queue[count] = i
            lot[count] = word(run, np.uint64(key[i]), rng.ATTENDANCE, week, QUEUE + day)
            count += 1
        elif scarce == DEDICATED:
            day_mask[i] &= ~(1 << day)
    for a in np.argsort(lot[:count], kind="mergesort")[left:]:
        day_mask[queue[a]] &= ~(1 << day)


@kernel
def _attend(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    days: NDArray[np.int8],
    plan: NDArray[np.int8],
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    desks: NDArray[np.int64],
    smoothing: float,
    day_mask: NDArray[np.int8],
    days_present: NDArray[np.int8],
    days_total: NDArray[np.int64],
    desk_days: NDArray[np.int64],
    turned_away: NDArray[np.int64],
    present: NDArray[np.float64],
) -> None:
    """Fill the desks of every space, count days, and smooth occupancy."""
    for s in range(len(desks)):
        members = row[start[s] : start[s + 1]]
        came = np.empty(len(members), np.int32)
        turned_away[s] = 0
        for d in range(DAYS):
            count = 0
            for i in members:
                if comes(days[i], plan[i], uniform(word(run, np.uint64(key[i]), rng.ATTENDANCE, week, d))):
                    day_mask[i] |= 1 << d
                    came[count] = i
                    count += 1
            if count > desks[s]:
                turned_away[s] += count - desks[s]
                _turn_away(run, week, d, desks[s], came[:count], key, plan, day_mask)
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
        self._p = read(world.scenario, Parameters)

    def step(self, world: World) -> None:
        """Fill the week's desks."""
        if not world.open:
            return
        w, spaces, roster = world.workers, world.spaces, world.roster
        _roster(w.member_of, w.day_mask, w.days_present, roster.start, roster.row)
        _attend(
            world.run,
            world.week,
            w.key,
            w.days,
            w.plan,
            roster.start,
            roster.row,
            spaces.desks,
            self._p.smoothing,
            w.day_mask,
            w.days_present,
            w.days_total,
            spaces.desk_days,
            spaces.turned_away,
            spaces.present,
        )
