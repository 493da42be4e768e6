"""Attendance: who comes on which day, and who finds a desk.

A member comes on each of five days with probability ``season*days/5``, at most 1; on a day plan ``days`` is at most 1,
and ``season`` is lower in August and at Christmas (:mod:`coworksim.model.state.season`). Where more come than there are
desks, dedicated desks are kept, and of the others those with the lowest word of the day's queue stay.
Occupancy is smoothed, ``n += a*(desk_days/5 - n)``, to the people present on a usual day.
"""

import numpy as np

from coworksim.model.kernels import Rows, kernel, rule
from coworksim.model.parameters.week import AttendanceParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import order_of, sort_by_place
from coworksim.model.state.people import DAY, DEDICATED, HOT, Population
from coworksim.model.state.rng import ATTENDANCE, RunKey, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.world import World

DAYS = 5
QUEUE = 8


@rule
def comes(days: int, plan: int, season: float, u: float) -> bool:
    """Return whether a member comes on a day: ``u < season*days/5``, on a day plan with ``days <= 1``."""
    return u < min(1.0, season * (min(days, 1) if plan == DAY else days) / 5.0)


@kernel
def _turn_away(run: RunKey, week: int, day: int, desks: int, came: Rows, w: Population) -> None:
    """Of those who came (in key order), keep the ``desks`` first: dedicated desks, then by lot (lowest word, then key).

    Only one kind of desk is short: the shared ones, or, when nothing is left for these, the dedicated ones.
    """
    dedicated = 0
    for i in came:
        dedicated += w.plan[i] == DEDICATED
    scarce = DEDICATED if dedicated > desks else HOT
    left = desks if scarce == DEDICATED else desks - dedicated
    lot, queue, count = np.empty(len(came), np.uint64), np.empty(len(came), np.int32), 0
    for i in came:
        if (w.plan[i] == DEDICATED) == (scarce == DEDICATED):
            queue[count] = i
            lot[count] = word(run, np.uint64(w.key[i]), ATTENDANCE, week, QUEUE + day)
            count += 1
        elif scarce == DEDICATED:
            w.day_mask[i] &= ~(1 << day)
    for a in order_of(lot[:count])[left:]:
        w.day_mask[queue[a]] &= ~(1 << day)


@kernel
def _attend(run: RunKey, week: int, season: float, w: Population, spaces: Spaces, smoothing: float) -> None:
    """List members, fill the desks of every space, count days, and smooth occupancy."""
    w.day_mask[:] = 0
    w.days_present[:] = 0
    sort_by_place(w.member_of, spaces.member_start, spaces.member)
    for s in range(spaces.span[0], spaces.span[1]):
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        came = np.empty(len(members), np.int32)
        spaces.turned_away[s] = 0
        for d in range(DAYS):
            count = 0
            for i in members:
                u = uniform(word(run, np.uint64(w.key[i]), ATTENDANCE, week, d))
                if comes(w.days[i], w.plan[i], season, u):
                    w.day_mask[i] |= 1 << d
                    came[count] = i
                    count += 1
            if count > spaces.desks[s]:
                spaces.turned_away[s] += count - spaces.desks[s]
                _turn_away(run, week, d, spaces.desks[s], came[:count], w)
        spaces.desk_days[s] = 0
        for i in members:
            for d in range(DAYS):
                w.days_present[i] += w.day_mask[i] >> d & 1
            w.days_total[i] += w.days_present[i]
            spaces.desk_days[s] += w.days_present[i]
        spaces.present[s] += smoothing * (spaces.desk_days[s] / 5.0 - spaces.present[s])


class Attendance:
    """Who comes on which day, and who finds a desk."""

    name = "attendance"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._p = read(world.scenario, Parameters)

    def step(self, world: World) -> None:
        """Fill the week's desks."""
        if not world.open:
            return
        _attend(world.run, world.week, world.season, world.workers, world.spaces, self._p.smoothing)
