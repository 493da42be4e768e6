"""The event log: who met whom, who joined, left, moved, came, changed status, adopted, applied, was awarded.

It is read off the state week by week, so that a run with a log and one without are the same run.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.model.parameters.skills import ENCOUNTER_KINDS
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, OVER
from coworksim.model.state.world import World

#: What a row of the log can say. ``other`` is the partner's key (encounters), else 0; ``number`` is times for
#: encounters, the scheme for applications and awards, else 0; ``space`` is the row of the space, -1 for none.
EVENTS: Final = (
    *ENCOUNTER_KINDS,
    "arrives",
    "changes_status",
    "adopts",
    "joins",
    "leaves",
    "moves",
    "applies",
    "is_awarded",
    "uses_award",
    "award_ends",
    "opens",
    "closes",
)
_CODE: Final = {name: code for code, name in enumerate(EVENTS)}

type Rows = NDArray[np.int64]


class EventLog:
    """Every event of a run, gathered after each week."""

    def __init__(self, world: World) -> None:
        """Remember how the world stands before the first week."""
        self._chunks: list[NDArray[np.int64]] = []
        self._look(world)

    def _look(self, world: World) -> None:
        w = world.workers
        self._before = {name: getattr(w, name).copy() for name in ("key", "status", "tools", "member_of", "plan")}
        self._schemes = world.schemes.state.copy()
        self._open = world.spaces.open.copy()

    def record(self, world: World) -> None:
        """Write what has happened since the last call; ``world`` has just ended its week."""
        w, week, before = world.workers, world.week - 1, self._before
        self._meetings(world, week)
        arrived = w.key != before["key"]
        self._people(week, "arrives", w.key, arrived)
        stayed = ~arrived
        self._people(week, "changes_status", w.key, stayed & (w.status != before["status"]))
        self._people(week, "adopts", w.key, stayed & w.tools & ~before["tools"])
        was = np.where(arrived, -1, before["member_of"])
        now = w.member_of
        self._people(week, "joins", w.key, (was < 0) & (now >= 0), now)
        self._people(week, "leaves", w.key, stayed & (was >= 0) & (now < 0), was)
        moved = (was >= 0) & (now >= 0) & ((was != now) | (before["plan"] != w.plan))
        self._people(week, "moves", w.key, moved, now)
        for code, name in ((APPLIED, "applies"), (AWARDED, "is_awarded"), (IN_USE, "uses_award"), (OVER, "award_ends")):
            for k in range(len(world.schemes)):
                reached = (world.schemes.state[:, k] == code) & (arrived | (self._schemes[:, k] != code))
                self._people(week, name, w.key, reached, number=k)
        for name, changed in (("opens", world.spaces.open & ~self._open), ("closes", ~world.spaces.open & self._open)):
            rows = np.flatnonzero(changed)
            self._write(week, name, np.zeros(len(rows)), np.zeros(len(rows)), rows, np.zeros(len(rows)))
        self._look(world)

    def _meetings(self, world: World, week: int) -> None:
        met, key = world.meetings, world.workers.key
        block = [np.full(len(met.one), week), met.kind, key[met.one], key[met.other], met.space, met.times]
        self._chunks.append(np.stack([column.astype(np.int64) for column in block], axis=1))

    def _people(
        self,
        week: int,
        name: str,
        key: NDArray[np.uint32],
        chosen: NDArray[np.bool_],
        space: NDArray[np.int32] | None = None,
        number: int = 0,
    ) -> None:
        rows = np.flatnonzero(chosen)
        if len(rows):
            where = np.full(len(rows), -1) if space is None else space[rows]
            self._write(week, name, key[rows], np.zeros(len(rows)), where, np.full(len(rows), number))

    def _write(self, week: int, name: str, *columns: NDArray[np.generic]) -> None:
        block = [np.full(len(columns[0]), week), np.full(len(columns[0]), _CODE[name]), *columns]
        self._chunks.append(np.stack([column.astype(np.int64) for column in block], axis=1))

    def table(self, world: World) -> pd.DataFrame:
        """Return the log: week since the opening, event, key, other, space, number."""
        rows = np.concatenate(self._chunks) if self._chunks else np.zeros((0, 6), np.int64)
        return pd.DataFrame(
            {
                "week": rows[:, 0] - world.opening,
                "event": np.array(EVENTS)[rows[:, 1]],
                "key": rows[:, 2],
                "other": rows[:, 3],
                "space": rows[:, 4],
                "number": rows[:, 5],
            }
        )
