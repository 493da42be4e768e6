"""Where things happen: regions, which environments built from indicators tell apart and nothing else, and their spaces.

The left-behind flag is kept by the scenario for analysis; no array here holds it.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, Record, Rows, kernel, rule
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, OUTSIDE_ACCESS, TREND, response_of
from coworksim.model.scenario import Region, Scenario
from coworksim.model.state.people import EMPLOYEE, ORDINAL_BITS, blank, column
from coworksim.model.state.prospects import Prospect, Prospects, called
from coworksim.model.state.rng import ENVIRONMENT, NO_SPACE, RunKey, normal, run_key, space_key, uniform, word

_GRID = 64
#: Desks at a table, at least; the number of tables is the nearest power of two below.
TABLE_SIZE = 4
#: Groups of a space, at most.
GROUPS = 8
#: What is counted in a space each week, after policies.
WEEKLY = (
    "desk_days", "turned_away", "hours_used", "training_used", "training_turned_away", "meetings", "events_held",
)  # fmt: skip  # a list of names
#: Rows of a region beside those of the scenario's spaces, at least.
LEAST_ROOM = 6


@rule
def tables_for(people: int) -> int:
    """Return the tables for so many desks or guests: of four each, the nearest power of two below, one at least.

    >>> [tables_for(people) for people in (0, 7, 8, 15, 16, 100)]
    [1, 1, 2, 2, 4, 16]
    """
    tables = 1
    while 2 * TABLE_SIZE * tables <= people:
        tables *= 2
    return tables


@dataclass(frozen=True, slots=True)
class Regions(Record):
    """One entry per region, in the order of the scenario; units as declared in ``environment.*``."""

    names: tuple[str, ...]
    catchment: Floats
    demand: Floats
    demand_trend: Floats
    income_level: Floats
    price_level: Floats
    work_training: Floats
    public_provision: Floats
    firm_density: Floats
    reach: Floats
    outside_access: Floats
    side: Floats  # km, of the square in which people live
    first_row: Integers  # (regions + 1) where the rows of a region's people begin

    @classmethod
    def of(cls, scenario: Scenario) -> Regions:
        """Build the environments of a scenario."""
        environments = [environment_of(region, scenario) for region in scenario.regions]
        columns = {name: np.array([place[name] for place in environments]) for name in (*FIELDS, OUTSIDE_ACCESS)}
        whole = float(scenario["population.region_side"])
        columns["side"] = np.array([whole / math.sqrt(reach) for reach in columns["reach"].tolist()])
        first_row = np.cumsum([0, *_people(scenario, columns["catchment"])], dtype=np.int64)
        return cls(names=tuple(region.name for region in scenario.regions), first_row=first_row, **columns)


def _people(scenario: Scenario, catchment: Floats) -> list[int]:
    """Return how many people each region has: as the scenario says, or spaces times catchment.

    Those of a measured catchment are cut where they are more than keys. Where it is set, or spaces are listed,
    ValueError is raised.
    """
    counts, most = [], 1 << ORDINAL_BITS
    for region, drawn in zip(scenario.regions, catchment.tolist(), strict=True):
        count = max(1, math.floor(region.spaces * drawn + 0.5)) if region.people is None else region.people
        is_set = "catchment" in region.environment or bool(region.own_spaces)
        if scenario["environment.differences"] == "measured" and not is_set and region.people is None:
            count = min(count, most)
        elif count > most:
            what = f"region {region.name} has {count:,} people, and {most:,} is the most"
            raise ValueError(f"{what}; split it or set `people`")
        counts.append(count)
    return counts


def cut(scenario: Scenario, regions: Regions) -> list[tuple[Region, int]]:
    """Return the regions that have fewer people than spaces times catchment, and how many those would be."""
    there = np.diff(regions.first_row).tolist()
    full = [math.floor(one.spaces * c + 0.5) for one, c in zip(scenario.regions, regions.catchment, strict=True)]
    pairs = zip(scenario.regions, full, there, strict=True)
    return [(one, people) for one, people, now in pairs if one.people is None and people > now]


def environment_of(region: Region, scenario: Scenario) -> dict[str, float]:
    """Return every environment field of one region, and its outside access.

    ``field = base * (x/x0 * exp(gap*n))**e``, cut to the declared limits; demand_trend is ``base + e*(x - x0 +
    gap*n)/100``. The draw ``n`` follows the region's code, or name, whoever else is there; it is 0 in draw 0. Outside
    access is that of the scenario times the field that it follows. What the scenario sets for the region replaces it.
    """
    fields: dict[str, float] = {}
    number = int(scenario["environment.draw"])
    draw = run_key(number)
    alike = scenario["environment.differences"] == "none"
    who = np.uint64(zlib.crc32((region.code or region.name).encode()))
    for at, (name, (indicator, _, _)) in enumerate(FIELDS.items()):
        base, e = float(scenario[f"environment.{name}"]), 0.0 if alike else response_of(name, scenario.values)
        x, x0 = region.indicators[indicator], scenario.reference[indicator]
        gap = region.gaps.get(indicator, 0.0) if number else 0.0
        gap *= normal(uniform(np.uint64(word(draw, who, ENVIRONMENT, 0, at)))) if gap else 0.0
        value = base + e * (x - x0 + gap) / 100.0 if name == TREND else base * math.pow(x / x0 * math.exp(gap), e)
        fields[name] = region.environment.get(name, _cut(name, value))
    followed = fields.get(str(scenario["environment.outside_access_follows"]), 1.0)
    access = _cut(OUTSIDE_ACCESS, float(scenario[f"environment.{OUTSIDE_ACCESS}"]) * followed)
    return {**fields, OUTSIDE_ACCESS: region.environment.get(OUTSIDE_ACCESS, access)}


def _cut(field: str, value: float) -> float:
    """Return a value within the declared limits."""
    low, high = PARAMETERS[f"environment.{field}"].limits
    return min(max(value, low), high)


@rule
def courses_near(status: int, region: int, places: Regions) -> float:
    """Return the factor of a region on courses that come along: for employees at work, for others what is public."""
    return float(places.work_training[region] if status >= EMPLOYEE else places.public_provision[region])


@rule
def supply_of_events(reach: float) -> float:
    """Return how many more events spaces hold where so many more people are within reach, three times at most."""
    return min(reach, 3.0)


def prospects_of(scenario: Scenario, regions: Regions, run: RunKey) -> Prospects:
    """Return the spaces that could be in these regions."""
    people = np.diff(regions.first_row).tolist()
    level, side = regions.price_level.tolist(), regions.side.tolist()
    return Prospects(scenario, level, people, side, run)


def dates_of(scenario: Scenario, region: int, ordinal: int) -> tuple[int | None, int | None]:
    """Return the weeks in which a space opens and closes by the user's own list; None where it does not say."""
    listed = scenario.regions[region].own_spaces
    days = (listed[ordinal].opened, listed[ordinal].closed) if ordinal < len(listed) else (None, None)
    opens, closes = (None if day is None else scenario.week_of(day) for day in days)
    return opens, closes


def account_of(regions: Regions, region: int, ordinal: int) -> str:
    """Return the account of a space of a region in the books."""
    return f"space:{regions.names[region]}/{called(ordinal)}"


@dataclass(slots=True)
class Spaces(Record):
    """One entry per row that a space can take: those of the scenario, then room for those founded later.

    A row whose space has closed is free for a new one, with an ordinal and a key of its own.
    """

    key: NDArray[np.uint32] = column(np.uint32)  # region * 2**22 + ordinal, a key space of its own
    region: Rows = column(np.int32)
    ordinal: Integers = column(np.int64, fill=-1)  # see coworksim.model.state.prospects; -1 never taken
    listed: Flags = column(np.bool_)  # on a list of the user's: there when policies begin
    kept: Rows = column(np.int32, fill=-1)  # week up to which the row is kept for a listed space that opens later
    home: Floats = column(np.float64, 2)  # (n, 2) km, place in the region
    cluster: Flags = column(np.bool_)  # lies in a microcluster of the region
    open: Flags = column(np.bool_)
    opened: Rows = column(np.int32, fill=-1)  # week of opening; of spaces older than the run below 0
    closed: Rows = column(np.int32, fill=-1)  # week in which the last space of the row closed; it is free in the next
    desks: Integers = column(np.int64)
    price: Integers = column(np.int64)  # pence a month, hot desk
    list_price: Integers = column(np.int64)  # the same at the opening
    equipment_hours: Floats = column(np.float64)  # h a week on offer
    training_places: Integers = column(np.int64)  # places a week on offer
    events: Floats = column(np.float64)  # mean number a week
    floor_side: Floats = column(np.float64)  # m
    proximity: Floats = column(np.float64)  # mean of exp(-distance/ell) over two random seats
    tables: Integers = column(np.int64)  # number of tables, a power of two fixed by desks at the opening
    present: Floats = column(np.float64)  # people a day, smoothed
    patience: Floats = column(np.float64)  # weeks of cost that the owner lends
    hosted: Flags = column(np.bool_)  # has a host that covers a part of losses
    luck: Floats = column(np.float64)  # of the operator, standard normal
    cash: Integers = column(np.int64)  # pence
    result: Integers = column(np.int64)  # pence, what the week brought, a host's help included
    members: Integers = column(np.int64)
    fees: Integers = column(np.int64)  # pence taken this week, whoever paid
    desk_days: Integers = column(np.int64)  # used this week
    turned_away: Integers = column(np.int64)  # desk-days wanted in vain this week
    hours_used: Floats = column(np.float64)  # equipment hours used this week
    training_used: Integers = column(np.int64)  # training places used this week
    training_turned_away: Integers = column(np.int64)  # training places wanted in vain this week
    meetings: Integers = column(np.int64)  # encounters this week
    events_held: Integers = column(np.int64)  # events this week
    month_desk_days: Integers = column(np.int64)  # used since the last decision of managers, as the next five
    month_offered: Integers = column(np.int64)  # desk-days offered
    month_turned_away: Integers = column(np.int64)
    month_hours: Floats = column(np.float64)  # equipment hours used
    month_hours_offered: Floats = column(np.float64)
    month_training_turned_away: Integers = column(np.int64)
    group_since: Rows = column(np.int32, GROUPS, fill=-1)  # week in which the group was founded, -1 for none
    group_weak: NDArray[np.int8] = column(np.int8, GROUPS)  # its last meetings with fewer than three people
    member_start: Integers = column(np.int64)  # (spaces + 1) where the members of a space begin
    member: Rows = column(np.int32)  # rows of people, space by space, in their order
    span: Integers = column(np.int64)  # (2) the first space that this world works on, and the one after the last

    @classmethod
    def of(cls, scenario: Scenario, regions: Regions, run: RunKey) -> Spaces:
        """Build the spaces of a scenario, as they stand before the market opens, and room for others."""
        rows = [region.spaces + max(LEAST_ROOM, region.spaces // 2) for region in scenario.regions]
        n = sum(rows)
        member = np.zeros(regions.first_row[-1], np.int32)
        spaces = blank(cls, n, member_start=np.zeros(n + 1, np.int64), member=member, span=np.array([0, n]))
        spaces.region[:] = np.repeat(np.arange(len(rows)), rows)
        spaces.key[:] = [space_key(r, NO_SPACE) for r in spaces.region.tolist()]
        prospects, first = prospects_of(scenario, regions, run), 0
        for r, region in enumerate(scenario.regions):
            for k in range(region.spaces):
                opens, closes = dates_of(scenario, r, k)
                if closes is not None and closes <= scenario.market_week:
                    continue
                if opens is not None and opens > scenario.market_week:
                    spaces.kept[first + k] = opens
                    continue
                own = prospects.of(r, k)
                since = scenario.market_week - prospects.age(own) if opens is None else opens
                spaces.furnish(first + k, own, since, scenario)
                spaces.listed[first + k] = bool(region.own_spaces)
            first += rows[r]
        return spaces

    def furnish(self, row: int, new: Prospect, opened: int, scenario: Scenario) -> None:
        """Let a space take a row: all that it is at its opening, and nothing left of the one before."""
        for name in ("cash", "members", "fees", "present", "result", "listed", *WEEKLY):
            getattr(self, name)[row] = 0
        for name in self.__slots__:
            if name.startswith("month_"):
                getattr(self, name)[row] = 0
        for name in ("ordinal", "desks", "price", "home", "cluster", "patience", "hosted", "luck"):
            getattr(self, name)[row] = getattr(new, name)
        self.key[row], self.list_price[row] = space_key(int(self.region[row]), new.ordinal), new.price
        self.open[row], self.opened[row] = True, opened
        self.floor_side[row] = side = math.sqrt(float(scenario["space.floor_per_desk"]) * new.desks)
        self.proximity[row] = mean_proximity(side, float(scenario["encounters.distance"]))
        self.tables[row] = tables_for(int(new.desks))
        self.equipment_hours[row] = float(scenario["resource_pool.equipment_hours"]) * new.desks
        self.training_places[row] = int(float(scenario["space.training_places"]) * new.desks + 0.5)
        self.events[row] = scenario["space.events"]

    def rows_of(self, region: int) -> tuple[int, int]:
        """Return the first row of a region's spaces, and the one after the last."""
        first, last = np.searchsorted(self.region, [region, region + 1]).tolist()
        return first, last

    def __len__(self) -> int:
        return len(self.key)

    @property
    def groups(self) -> Integers:
        """How many groups each space has."""
        return (self.group_since >= 0).sum(axis=1)

    def forget_month(self) -> None:
        """Begin a new four weeks."""
        for name in self.__slots__:
            if name.startswith("month_"):
                getattr(self, name)[:] = 0

    def name(self, row: int, regions: Regions) -> str:
        """Return the account of a space in the books."""
        return account_of(regions, int(self.region[row]), int(self.ordinal[row]))


@kernel
def add_to_month(spaces: Spaces) -> None:
    """Add the week to what managers look at every four weeks."""
    for s in range(len(spaces.key)):
        spaces.month_desk_days[s] += spaces.desk_days[s]
        spaces.month_turned_away[s] += spaces.turned_away[s]
        spaces.month_hours[s] += spaces.hours_used[s]
        spaces.month_training_turned_away[s] += spaces.training_turned_away[s]
        if spaces.open[s]:
            spaces.month_offered[s] += 5 * spaces.desks[s]
            spaces.month_hours_offered[s] += spaces.equipment_hours[s]


@cache
def mean_proximity(side: float, distance: float) -> float:
    """Return the mean of ``exp(-d/distance)`` over two random seats of a square floor (midpoint rule, 64 x 64 cells).

    >>> round(mean_proximity(1e-9, 8.0), 9)
    1.0
    >>> mean_proximity(10.0, 8.0) > mean_proximity(20.0, 8.0)
    True
    """
    total = 0.0
    for a, b in product([(k + 0.5) / _GRID for k in range(_GRID)], repeat=2):
        total += 4.0 * (1.0 - a) * (1.0 - b) * math.exp(-side * math.sqrt(a * a + b * b) / distance)
    return total / (_GRID * _GRID)
