"""What is kept of a run: weekly series in preallocated arrays, and, where asked for, a log of every event.

Series are summed in whole numbers, so that order cannot matter. The log says who met whom, joined, left, moved, came,
changed status, adopted, applied, was awarded. It is read off the state week by week, so that a run with a log and one
without are the same run.
"""

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, kernel
from coworksim.model.parameters.skills import CREATIVE, ENCOUNTER_KINDS, STATUSES
from coworksim.model.state.arithmetic import FIXED_ONE, fixed
from coworksim.model.state.people import CHANNELS, FAMILIES, Population
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, OVER
from coworksim.model.state.ties import INSIDE_KINDS, Meetings
from coworksim.model.state.world import World

if TYPE_CHECKING:
    import pandas as pd


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Groups within a region: status x (creative, other).
GROUPS: Final = tuple((status, group) for status in STATUSES for group in ("creative", "other"))
#: Whole numbers by group.
COUNTS: Final = ("people", "members", "days", "encounters", "encounters_outside", "tools")
#: Sums by group, in fixed point: skills and gains in shares of the frontier, income in GBP/week.
MEASURES: Final = ("sc", "td", *(f"gain_{family}_{channel}" for family in FAMILIES for channel in CHANNELS), "income")
SPACE_COLUMNS: Final = _names(
    "open members desks desk_days turned_away price fees cash meetings events_held training_places training_used "
    "training_turned_away ordinal opened list_price result groups"
)
#: What a row of the log can say. ``key`` is who acts, -1 where a space opens or closes; ``other`` is the partner's key
#: (encounters), else -1; ``number`` is times for encounters, the scheme for applications and awards, else 0;
#: ``space_key`` is the key of the space, -1 for none.
EVENTS: Final = ENCOUNTER_KINDS + _names(
    "arrives changes_status adopts joins leaves moves applies is_awarded uses_award award_ends opens closes"
)
_CODE: Final = {name: code for code, name in enumerate(EVENTS)}
_CREATIVE: Final = np.array(CREATIVE)


@kernel
def _tally(w: Population, met: Meetings, counts: Integers, sums: Integers) -> None:
    """Add everybody to his or her group: ``counts[region, group, COUNTS]``, ``sums[region, group, MEASURES]``."""
    for e in range(len(met.one)):
        for i in (met.one[e], met.other[e]):  # both sides: inside in column 3, outside and among colleagues in column 4
            g = 2 * w.status[i] + (0 if _CREATIVE[w.occupation[i]] else 1)
            counts[w.region[i], g, 3 if met.kind[e] < INSIDE_KINDS else 4] += met.times[e]
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


class Recorder:
    """The weekly series of one run."""

    def __init__(self, world: World, weeks: int) -> None:
        regions = len(world.regions.names)
        self.counts = np.zeros((weeks, regions, len(GROUPS), len(COUNTS)), np.int64)
        self.sums = np.zeros((weeks, regions, len(GROUPS), len(MEASURES)), np.int64)
        self.spaces = np.zeros((weeks, len(world.spaces), len(SPACE_COLUMNS)), np.int64)
        self.hours = np.zeros((weeks, len(world.spaces), 2))
        self.first_week = world.week
        self.weeks = 0

    def record(self, world: World) -> None:
        """Write the week that has just ended."""
        at, spaces = self.weeks, world.spaces
        counts, sums = self.counts[at], self.sums[at]
        world.each(lambda part: _tally(part.workers, part.meetings, counts, sums))
        for column, name in enumerate(SPACE_COLUMNS):
            self.spaces[at, :, column] = getattr(spaces, name)
        self.hours[at, :, 0] = spaces.hours_used
        self.hours[at, :, 1] = spaces.equipment_hours
        self.weeks += 1

    def means(self) -> Floats:
        """Return the mean per person of every measure; NaN where a group has nobody."""
        people = self.counts[: self.weeks, :, :, :1].astype(np.float64)
        people[people == 0] = math.nan
        return self.sums[: self.weeks] / FIXED_ONE / people


def _keys(world: World) -> Integers:
    """Return the key of the space in each row, and -1 for none."""
    return np.append(world.spaces.key.astype(np.int64), -1)


class EventLog:
    """Every event of a run, gathered after each week."""

    def __init__(self, world: World) -> None:
        self._chunks: list[Integers] = []
        self._look(world)

    def _look(self, world: World) -> None:
        w = world.workers
        self._before = {name: getattr(w, name).copy() for name in ("key", "status", "tools", "member_of", "plan")}
        self._schemes = world.schemes.state.copy()
        self._open, self._key = world.spaces.open.copy(), _keys(world)

    def record(self, world: World) -> None:
        """Write what has happened since the last call; ``world`` has just ended its week."""
        w, week, before = world.workers, world.week - 1, self._before
        met, key = world.meetings, w.key
        space = _keys(world)
        self._add(week, met.kind, key[met.one], key[met.other], space[met.space], met.times)
        arrived = w.key != before["key"]
        self._people(week, "arrives", w.key, arrived)
        stayed = ~arrived
        self._people(week, "changes_status", w.key, stayed & (w.status != before["status"]))
        self._people(week, "adopts", w.key, stayed & w.tools & ~before["tools"])
        was = np.where(arrived, -1, before["member_of"])
        now = w.member_of
        self._people(week, "joins", w.key, (was < 0) & (now >= 0), space[now])
        self._people(week, "leaves", w.key, stayed & (was >= 0) & (now < 0), self._key[was])
        moved = (was >= 0) & (now >= 0) & ((was != now) | (before["plan"] != w.plan))
        self._people(week, "moves", w.key, moved, space[now])
        for code, name in ((APPLIED, "applies"), (AWARDED, "is_awarded"), (IN_USE, "uses_award"), (OVER, "award_ends")):
            for k in range(len(world.schemes)):
                reached = (world.schemes.state[:, k] == code) & (arrived | (self._schemes[:, k] != code))
                self._people(week, name, w.key, reached, number=k)
        is_open, other = world.spaces.open, space[:-1] != self._key[:-1]  # a row can be taken as soon as it is free
        self._add(week, _CODE["closes"], -1, -1, self._key[:-1][self._open & (~is_open | other)], 0)
        self._add(week, _CODE["opens"], -1, -1, space[:-1][is_open & (~self._open | other)], 0)
        self._look(world)

    def _people(
        self,
        week: int,
        name: str,
        key: NDArray[np.uint32],
        chosen: Flags,
        space: Integers | None = None,
        number: int = 0,
    ) -> None:
        rows = np.flatnonzero(chosen)
        if len(rows):
            self._add(week, _CODE[name], key[rows], -1, -1 if space is None else space[rows], number)

    def _add(self, *columns: Any) -> None:
        """Add rows of ``week, event, key, other, key of the space, number``; one of them at least is an array."""
        self._chunks.append(np.stack(np.broadcast_arrays(*columns), axis=1, dtype=np.int64, casting="unsafe"))

    def table(self, world: World) -> "pd.DataFrame":
        """Return the log: week since the start, event, key, other, key of the space, number."""
        import pandas as pd

        rows = np.concatenate(self._chunks) if self._chunks else np.zeros((0, 6), np.int64)
        columns = dict(zip(("week", "event", "key", "other", "space_key", "number"), rows.T, strict=True))
        return pd.DataFrame(
            columns
            | {
                "week": rows[:, 0] - world.start,
                "event": pd.Categorical.from_codes(rows[:, 1], pd.Index(EVENTS)),
            }
        )
