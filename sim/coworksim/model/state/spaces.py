"""Where things happen: regions, which environments built from indicators tell apart and nothing else, and their spaces.

The left-behind flag is kept by the scenario for analysis; no array here holds it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, Record, Rows, kernel
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import Region, Scenario, Space
from coworksim.model.state.people import ORDINAL_BITS, blank, column
from coworksim.model.state.rng import ENVIRONMENT, SPACE, RunKey, normal, pence, run_key, uniform, word

_GRID = 64
#: Desks at a table, at least; the number of tables is the nearest power of two below.
TABLE_SIZE = 4


@dataclass(frozen=True, slots=True)
class Regions(Record):
    """One entry per region, in the order of the scenario; units as declared in ``environment.*``."""

    names: tuple[str, ...]
    catchment: Floats
    demand: Floats
    demand_trend: Floats
    income_level: Floats
    living_cost: Floats
    price_level: Floats
    outside_access: Floats
    firm_density: Floats
    first_row: Integers  # (regions + 1) where the rows of a region's people begin

    @classmethod
    def of(cls, scenario: Scenario) -> Regions:
        """Build the environments of a scenario."""
        environments = [environment_of(region, scenario) for region in scenario.regions]
        columns = {name: np.array([place[name] for place in environments]) for name in FIELDS}
        first_row = np.cumsum([0, *_people(scenario, columns["catchment"])], dtype=np.int64)
        return cls(names=tuple(region.name for region in scenario.regions), first_row=first_row, **columns)


def _people(scenario: Scenario, catchment: Floats) -> list[int]:
    """Return how many people each region has: as the scenario says, or spaces times catchment.

    Raises ValueError when a region has more people than keys.
    """
    counts, most = [], 1 << ORDINAL_BITS
    for region, drawn in zip(scenario.regions, catchment.tolist(), strict=True):
        count = max(1, math.floor(region.spaces * drawn + 0.5)) if region.people is None else region.people
        if count > most:
            what = f"region {region.name} has {count:,} people, and {most:,} is the most"
            raise ValueError(f"{what}; split it or set `people`")
        counts.append(count)
    return counts


def standardised(indicator: str, value: float, reference: Mapping[str, tuple[float, float]]) -> float:
    """Return z of an indicator's value over the reference regions, on the indicator's own scale."""
    mean, spread = reference[indicator]
    on_scale = math.log(value) if INDICATORS[indicator].scale == "ln" else value
    return (on_scale - mean) / spread


def environment_of(region: Region, scenario: Scenario) -> dict[str, float]:
    """Return every environment field of one region.

    ``field = base * exp(elasticity * z + noise)``, cut to the declared limits; demand_trend is
    ``base + elasticity * z + noise/10``. The noise follows the region's code, or name, whoever else is there.
    A field that the scenario sets for the region replaces the rule.
    """
    fields: dict[str, float] = {}
    spread, draw = float(scenario["environment.noise"]), run_key(int(scenario["environment.draw"]))
    who = np.uint64(zlib.crc32((region.code or region.name).encode()))
    for at, (name, (indicator, _, _)) in enumerate(FIELDS.items()):
        quantity = PARAMETERS[f"environment.{name}"]
        base, elasticity = float(scenario[quantity.name]), float(scenario[f"{quantity.name}_elasticity"])
        z = standardised(indicator, region.indicators[indicator], scenario.reference)
        noise = spread * normal(uniform(np.uint64(word(draw, who, ENVIRONMENT, 0, at)))) if spread else 0.0
        trend = name == "demand_trend"
        value = base + elasticity * z + noise / 10 if trend else base * math.exp(elasticity * z + noise)
        value = min(max(value, quantity.limits[0]), quantity.limits[1])
        fields[name] = region.environment.get(name, value)
    return fields


def space_key(region: int, ordinal: int) -> int:
    """Return the key of a space of the region at this place in the scenario."""
    return region << 22 | ordinal


@dataclass(slots=True)
class Spaces(Record):
    """One entry per space, spare ones (closed, ready to open where demand is unmet) after a region's own."""

    key: NDArray[np.uint32] = column(np.uint32)  # region * 2**22 + ordinal, a key space of its own
    region: Rows = column(np.int32)
    ordinal: Integers = column(np.int64)
    home: Floats = column(np.float64, 2)  # (n, 2) km, place in the region
    open: Flags = column(np.bool_)
    opened: Rows = column(np.int32, fill=-1)  # week of opening, -1 never
    desks: Integers = column(np.int64)
    price: Integers = column(np.int64)  # pence a month, hot desk
    list_price: Integers = column(np.int64)  # the same at the opening
    equipment_hours: Floats = column(np.float64)  # h a week on offer
    training_places: Integers = column(np.int64)  # places a week on offer
    events: Floats = column(np.float64)  # mean number a week
    introductions: Floats = column(np.float64)  # mean number of pairs a week
    floor_side: Floats = column(np.float64)  # m
    proximity: Floats = column(np.float64)  # mean of exp(-distance/ell) over two random seats
    tables: Integers = column(np.int64)  # number of tables, a power of two fixed by desks at the opening
    present: Floats = column(np.float64)  # people a day, smoothed
    cash: Integers = column(np.int64)  # pence
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
    member_start: Integers = column(np.int64)  # (spaces + 1) where the members of a space begin
    member: Rows = column(np.int32)  # rows of people, space by space, in their order
    span: Integers = column(np.int64)  # (2) the first space that this world works on, and the one after the last

    @classmethod
    def of(cls, scenario: Scenario, regions: Regions, run: RunKey) -> Spaces:
        """Build the spaces of a scenario, as they stand before the opening."""
        spare = int(scenario["management.spare_spaces"])
        where, own = list[tuple[int, int, bool]](), list[Space]()
        for r, region in enumerate(scenario.regions):
            for k in range(region.spaces + (spare if region.spaces else 0)):
                where.append((r, k, k < region.spaces))
                own.append(region.own_spaces[k] if k < len(region.own_spaces) else Space())
        n = len(where)
        member = np.zeros(regions.first_row[-1], np.int32)
        spaces = blank(cls, n, member_start=np.zeros(n + 1, np.int64), member=member, span=np.array([0, n]))
        spaces.region[:] = [r for r, _, _ in where]
        spaces.ordinal[:] = [k for _, k, _ in where]
        spaces.key[:] = [space_key(r, k) for r, k, _ in where]
        spaces.open[:] = [initial for _, _, initial in where]
        spaces.opened[spaces.open] = scenario.burn_in_weeks
        desks = [int(scenario["space.desks"]) if one.desks is None else one.desks for one in own]
        spaces.desks[:] = desks
        usual = (
            float(scenario["space.price"]) * regions.price_level[spaces.region]
        )  # the level is in no price of its own
        spaces.price[:] = [pence(at if one.price is None else one.price) for at, one in zip(usual, own, strict=True)]
        spaces.list_price[:] = spaces.price
        spaces.floor_side[:] = np.sqrt(float(scenario["space.floor_per_desk"]) * spaces.desks)
        distance = float(scenario["encounters.distance"])
        proximity = {side: mean_proximity(side, distance) for side in set(spaces.floor_side.tolist())}
        spaces.proximity[:] = [proximity[side] for side in spaces.floor_side.tolist()]
        spaces.tables[:] = [1 << max(0, int(math.log2(max(1, d / TABLE_SIZE)))) for d in desks]
        spaces.equipment_hours[:] = float(scenario["resource_pool.equipment_hours"]) * spaces.desks.astype(np.float64)
        spaces.training_places[:] = [int(float(scenario["space.training_places"]) * d + 0.5) for d in desks]
        spaces.events[:], spaces.introductions[:] = scenario["space.events"], scenario["space.introductions"]
        width = float(scenario["population.region_side"])
        for axis in range(2):
            words = [np.uint64(word(run, np.uint64(k), SPACE, 0, axis)) for k in spaces.key]
            spaces.home[:, axis] = [width * uniform(one) for one in words]
        return spaces

    def __len__(self) -> int:
        return len(self.key)

    def forget_month(self) -> None:
        """Begin a new four weeks."""
        for name in self.__slots__:
            if name.startswith("month_"):
                getattr(self, name)[:] = 0

    def name(self, row: int, regions: Regions) -> str:
        """Return the account of a space in the books."""
        return f"space:{regions.names[int(self.region[row])]}/{int(self.ordinal[row])}"


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
