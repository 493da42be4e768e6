"""Weekly series in preallocated arrays, summed in whole numbers so that order cannot matter."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.parameters.skills import CREATIVE, STATUSES
from coworksim.model.state.arithmetic import FIXED_ONE, fixed
from coworksim.model.state.meetings import INSIDE_KINDS, Meetings
from coworksim.model.state.people import CHANNELS, FAMILIES, Population
from coworksim.model.state.world import World

#: Groups within a region: status x (creative, other).
GROUPS: Final = tuple((status, group) for status in STATUSES for group in ("creative", "other"))
#: Whole numbers by group.
COUNTS: Final = (
    "people",
    "members",
    "days",
    "encounters",
    "encounters_outside",
    "tools",
)
#: Sums by group, in fixed point: skills and gains in shares of the frontier, income in GBP/week.
MEASURES: Final = (
    "sc",
    "td",
    *(f"gain_{family}_{channel}" for family in FAMILIES for channel in CHANNELS),
    "income",
)
SPACE_COLUMNS: Final = (
    "open",
    "members",
    "desks",
    "desk_days",
    "turned_away",
    "price",
    "fees",
    "cash",
    "meetings",
    "events_held",
    "training_places",
    "training_used",
    "training_turned_away",
)

_CREATIVE: Final = np.array(CREATIVE)


@kernel
def _tally(w: Population, met: Meetings, counts: NDArray[np.int64], sums: NDArray[np.int64]) -> None:
    """Add everybody to his or her group: ``counts[region, group, COUNTS]``, ``sums[region, group, MEASURES]``."""
    _tally_meetings(w, met, counts)
    for i in range(len(w.region)):
        g = 2 * w.status[i] + (0 if _CREATIVE[w.occupation[i]] else 1)
        count, total = counts[w.region[i], g], sums[w.region[i], g]
        count[0] += 1
        count[1] += 1 if w.member_of[i] >= 0 else 0
        count[2] += w.days_present[i]
        count[5] += 1 if w.tools[i] else 0
        for family in range(2):
            mean = 0.0
            for k in range(4):
                mean += w.skill[i, 4 * family + k]
            total[family] += fixed(mean / 4.0)
            for channel in range(w.gain.shape[2]):
                total[2 + family * w.gain.shape[2] + channel] += fixed(w.gain[i, family, channel])
        total[2 + 2 * w.gain.shape[2]] += fixed(w.income[i])


@kernel
def _tally_meetings(w: Population, met: Meetings, counts: NDArray[np.int64]) -> None:
    """Count the week's encounters for both sides: inside in column 3, outside and among colleagues in column 4."""
    for e in range(len(met.one)):
        for i in (met.one[e], met.other[e]):
            g = 2 * w.status[i] + (0 if _CREATIVE[w.occupation[i]] else 1)
            counts[w.region[i], g, 3 if met.kind[e] < INSIDE_KINDS else 4] += met.times[e]


class Recorder:
    """The weekly series of one run."""

    def __init__(self, world: World, weeks: int) -> None:
        """Make room for ``weeks`` weeks."""
        regions = len(world.regions.names)
        self.counts = np.zeros((weeks, regions, len(GROUPS), len(COUNTS)), np.int64)
        self.sums = np.zeros((weeks, regions, len(GROUPS), len(MEASURES)), np.int64)
        self.spaces = np.zeros((weeks, len(world.spaces), len(SPACE_COLUMNS)), np.int64)
        self.hours = np.zeros((weeks, len(world.spaces), 2))
        self.first_week = world.week
        self.weeks = 0

    def record(self, world: World) -> None:
        """Write the week that has just ended."""
        w, at, spaces = world.workers, self.weeks, world.spaces
        _tally(w, world.meetings, self.counts[at], self.sums[at])
        for column, name in enumerate(SPACE_COLUMNS):
            self.spaces[at, :, column] = getattr(spaces, name)
        self.hours[at, :, 0] = spaces.hours_used
        self.hours[at, :, 1] = spaces.equipment_hours
        self.weeks += 1

    def means(self) -> NDArray[np.float64]:
        """Return the mean per person of every measure; NaN where a group has nobody."""
        people = self.counts[: self.weeks, :, :, :1].astype(np.float64)
        people[people == 0] = math.nan
        return self.sums[: self.weeks] / FIXED_ONE / people
