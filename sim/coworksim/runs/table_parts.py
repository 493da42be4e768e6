"""The long tables of a run, of which any rows can be had without the others: a table is written a part at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

import numpy as np

from coworksim.files.columns import own_table, text
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES
from coworksim.model.recorder import GROUPS, MEASURES, SPACE_COLUMNS, Recorder
from coworksim.model.scenario import Scenario
from coworksim.model.state.arithmetic import FIXED_ONE
from coworksim.model.state.people import CHANNELS, FAMILIES, PLANS
from coworksim.model.state.ties import strengths
from coworksim.model.state.world import World

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


_OF_SPACE: Final = ("space_key", "region", "region_code", "space", "space_name")
#: Ties that are looked at together when they are counted.
_TIES: Final = 1 << 16
GAINS = tuple((f, family, c, channel) for f, family in enumerate(FAMILIES) for c, channel in enumerate(CHANNELS))


class Register(NamedTuple):
    """Which spaces there were from the start on, and where they stand in the weekly series of rows."""

    row: NDArray[np.int64]  # of each space
    first: dict[str, NDArray[np.int64]]  # columns of each space in its first week, by name
    at: NDArray[np.int64]  # places of the series (week * rows + row) in which a space stands
    which: NDArray[np.int64]  # which space stands there


class TableParts:
    """Rows ``first`` to ``last`` of tables of a run, made from the model in its last week and the weekly series."""

    LONG: ClassVar = ("series", "spaces", "workers", "ties")

    def __init__(
        self, scenario: Scenario, world: World, record: Recorder | None, listed: Callable[[], pd.DataFrame]
    ) -> None:
        """Take a run as it stands; ``listed`` gives the list of spaces."""
        self._scenario, self._world, self._record, self._listed = scenario, world, record, listed
        self._degrees: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None

    @property
    def _series(self) -> Recorder:
        assert self._record is not None
        return self._record

    def rows(self, name: str) -> int:
        """Return how many rows a table has."""
        world = self._world
        if name == "workers":
            return len(world.workers)
        if name == "ties":
            return len(world.ties)
        if name == "spaces":
            return len(self.register.at)
        return self._series.weeks * len(self._scenario.regions) * len(GROUPS)

    def part(self, name: str, first: int, last: int) -> pd.DataFrame:
        """Return some rows of a table."""
        made: pd.DataFrame = getattr(self, f"_{name}_part")(first, last)
        return made

    def whole(self, name: str) -> pd.DataFrame:
        """Return a table."""
        return self.part(name, 0, self.rows(name))

    def region(self, of: NDArray[Any]) -> dict[str, Any]:
        """Return name and code of a region for each of these places in the scenario, -1 for none."""
        regions = self._scenario.regions
        return {
            "region": text([*(place.name for place in regions), None], of),
            "region_code": text([*(place.code for place in regions), None], of),
        }

    def flag(self, of: NDArray[Any]) -> Any:
        """Return the flag of a region for each of these places in the scenario."""
        return text([place.flag for place in self._scenario.regions], of)

    @cached_property
    def register(self) -> Register:
        """Which spaces there were: by row, then by week."""
        record, rows = self._series, len(self._world.spaces)
        ordinal = record.spaces[: record.weeks, :, SPACE_COLUMNS.index("ordinal")]
        at = np.flatnonzero(ordinal >= 0)
        at = at[at >= self._before * rows]
        named = (at % max(rows, 1)) * 2**22 + ordinal.reshape(-1)[at]
        _, first, which = np.unique(named, return_index=True, return_inverse=True)
        seen = record.spaces[: record.weeks].reshape(-1, len(SPACE_COLUMNS))[at[first]]
        columns = {name: seen[:, column].copy() for column, name in enumerate(SPACE_COLUMNS)}
        return Register(at[first] % max(rows, 1), columns, at, which.reshape(-1))

    @property
    def _before(self) -> int:
        """Weeks of the series before the start."""
        return min(max(self._world.start - self._series.first_week, 0), self._series.weeks)

    def _dates(self, at: NDArray[np.int64]) -> dict[str, Any]:
        """Return the weeks (0 = the first that counts) that stand in places of the series, and their dates."""
        weeks = np.asarray(at + (self._series.first_week - self._world.start), np.int64)
        dates = np.datetime64(self._scenario.starts, "D") + 7 * weeks
        return {"week": weeks, "date": dates.astype("datetime64[ms]")}

    def _series_part(self, first: int, last: int) -> pd.DataFrame:
        record = self._series
        shape = (record.weeks, len(self._scenario.regions), len(GROUPS))
        week, region, group = np.unravel_index(np.arange(first, last), shape)
        counts = record.counts[: record.weeks].reshape(-1, record.counts.shape[-1])[first:last]
        people = np.where(counts[:, 0] == 0, np.nan, counts[:, 0].astype(np.float64))
        means = record.sums[: record.weeks].reshape(-1, len(MEASURES))[first:last] / FIXED_ONE / people[:, None]
        members = np.where(counts[:, 1] > 0, counts[:, 1], np.nan)
        return own_table(
            {
                **self._dates(week),
                **self.region(region),
                "flag": self.flag(region),
                "status": text([status for status, _ in GROUPS], group),
                "occupation_group": text([kind for _, kind in GROUPS], group),
                "people": counts[:, 0].copy(),
                "members": counts[:, 1].copy(),
                "sc_points": 100 * means[:, 0],
                "td_points": 100 * means[:, 1],
                **{f"{name}_points": 100 * means[:, 2 + at] for at, name in enumerate(MEASURES[2:-1])},
                "income_gbp_week": means[:, -1].copy(),
                "days_per_member": counts[:, 2] / members,
                "encounters_per_member": counts[:, 3] / members,
                "contacts_outside_per_person": counts[:, 4] / np.where(counts[:, 0] > 0, counts[:, 0], np.nan),
                "tool_users": counts[:, 5].copy(),
            }
        )

    def _spaces_part(self, first: int, last: int) -> pd.DataFrame:
        record, listed, found = self._series, self._listed(), self.register
        rows, space = found.at[first:last], found.which[first:last]
        week = rows // max(len(self._world.spaces), 1)
        columns = record.spaces[: record.weeks].reshape(-1, record.spaces.shape[-1])[rows]
        seen = {name: columns[:, at].copy() for at, name in enumerate(SPACE_COLUMNS)}
        hours = record.hours[: record.weeks].reshape(-1, 2)[rows]
        return own_table(
            {
                **self._dates(week),
                **{name: listed[name].array[space] for name in _OF_SPACE},
                "open": seen["open"].astype(bool),
                "members": seen["members"],
                "desks": seen["desks"],
                "occupancy": seen["desk_days"] / (5.0 * seen["desks"]),
                "desk_days_turned_away": seen["turned_away"],
                "price_gbp_month": seen["price"] / 100,
                "fees_gbp": seen["fees"] / 100,
                "result_gbp": seen["result"] / 100,
                "cash_gbp": seen["cash"] / 100,
                "equipment_hours_used": hours[:, 0].copy(),
                "equipment_hours_offered": hours[:, 1].copy(),
                "training_places_used": seen["training_used"],
                "training_places_offered": seen["training_places"],
                "training_places_turned_away": seen["training_turned_away"],
                "events": seen["events_held"],
                "groups": seen["groups"],
                "encounters": seen["meetings"],
            }
        )

    def _met(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return, by person, the number of ties and the fresh contacts outside of all to whom they lead."""
        if self._degrees is None:
            ties, fresh = self._world.ties, self._world.workers.outside_contacts
            degree, theirs = np.zeros(len(fresh), np.int64), np.zeros(len(fresh))
            source, target = ties.source, ties.target
            for one, other in ((source, target), (target, source)):
                for at in range(0, len(ties), _TIES):
                    here = slice(at, min(at + _TIES, len(ties)))
                    np.add.at(degree, one[here], 1)
                    np.add.at(theirs, one[here], fresh[other[here]])
            self._degrees = degree, theirs
        return self._degrees

    def _workers_part(self, first: int, last: int) -> pd.DataFrame:
        world, rows = self._world, slice(first, last)
        columns = world.workers
        w = type(columns)(**{name: getattr(columns, name)[rows] for name in columns.__slots__})
        degree, theirs = (column[rows] for column in self._met())
        months = np.maximum(world.week - np.maximum(w.entered, world.start), 1) * 12 / 52
        return own_table(
            {
                "key": w.key.astype(np.int64),
                **self.region(w.region),
                "flag": self.flag(w.region),
                "status": text(STATUSES, w.status),
                "occupation": text(OCCUPATIONS, w.occupation),
                "career_years": w.career_start + (world.week - w.entered) / 52,
                "entered_week": (w.entered - world.start).astype(np.int64),
                "uses_tools": w.tools.copy(),
                "member": w.member_of >= 0,
                "space_key": np.append(world.spaces.key.astype(np.int64), -1)[w.member_of],
                "plan": text(["none", *PLANS], w.plan + 1),
                "tenure_weeks": w.tenure.astype(np.int64),
                "member_weeks": w.member_weeks.astype(np.int64),
                "days_in_space": w.days_total.astype(np.int64),
                **{f"{name}_points": 100 * w.skill[:, k] for k, name in enumerate(SKILLS)},
                **{f"gain_{family}_{channel}_points": 100 * w.gain[:, f, c] for f, family, c, channel in GAINS},
                "income_gbp_week": w.income.copy(),
                "earned_gbp": w.earned / 100,
                "fees_gbp": w.fees / 100,
                "supported_gbp": w.supported / 100,
                "equipment_hours": w.inside_hours_total.copy(),
                "training_hours": w.training_hours_total.copy(),
                "outside_hours": w.outside_hours_total.copy(),
                "course_hours": w.lessons_total.copy(),
                "encounters": w.encounters.astype(np.int64),
                "encounters_outside": w.outside_met.astype(np.int64),
                "partners_new": w.partners_new.astype(np.int64),
                "partners_new_per_month": w.partners_new / months,
                "outside_contacts": w.outside_contacts.copy(),
                "partners_outside_contacts": theirs / np.where(degree > 0, degree, np.nan),
                "workload": w.work.copy(),
                "ties": degree.copy(),
            }
        )

    def _ties_part(self, first: int, last: int) -> pd.DataFrame:
        world, keys = self._world, self._world.workers.key
        ties, rows = world.ties, slice(first, last)
        faded = strengths(ties.weight[rows], ties.last[rows], world.week, world.log_rho)
        source, target = ties.sources(first, last), ties.target[rows]
        ends = {"key_a": keys[source].astype(np.int64), "key_b": keys[target].astype(np.int64)}
        return own_table({**ends, "weight": faded})
