"""Coworking spaces as columns: desks, price, the pool of shared resources, cash, how full they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.scenario import Scenario, Space
from coworksim.model.state.record import Record
from coworksim.model.state.regions import Regions
from coworksim.model.state.rng import SPACE, RunKey, pence, uniform, word

_GRID = 64
#: Desks at a table, at least; the number of tables is the nearest power of two below.
TABLE_SIZE = 4


@dataclass(slots=True)
class Spaces(Record):
    """One entry per space, spare ones (closed, ready to open where demand is unmet) after a region's own."""

    key: NDArray[np.uint32]  # region * 2**22 + ordinal, a key space of its own
    region: NDArray[np.int32]
    ordinal: NDArray[np.int64]
    home: NDArray[np.float64]  # (n, 2) km, place in the region
    open: NDArray[np.bool_]
    opened: NDArray[np.int32]  # week of opening, -1 never
    desks: NDArray[np.int64]
    price: NDArray[np.int64]  # pence a month, hot desk
    list_price: NDArray[np.int64]  # the same at the opening
    equipment_hours: NDArray[np.float64]  # h a week on offer
    training_places: NDArray[np.int64]  # places a week on offer
    events: NDArray[np.float64]  # mean number a week
    introductions: NDArray[np.float64]  # mean number of pairs a week
    floor_side: NDArray[np.float64]  # m
    proximity: NDArray[np.float64]  # mean of exp(-distance/ell) over two random seats
    tables: NDArray[np.int64]  # number of tables, a power of two fixed by desks at the opening
    present: NDArray[np.float64]  # people a day, smoothed
    cash: NDArray[np.int64]  # pence
    members: NDArray[np.int64]
    fees: NDArray[np.int64]  # pence taken this week, whoever paid
    desk_days: NDArray[np.int64]  # used this week
    turned_away: NDArray[np.int64]  # desk-days wanted in vain this week
    hours_used: NDArray[np.float64]  # equipment hours used this week
    training_used: NDArray[np.int64]  # training places used this week
    training_turned_away: NDArray[np.int64]  # training places wanted in vain this week
    meetings: NDArray[np.int64]  # encounters this week
    events_held: NDArray[np.int64]  # events this week
    month_desk_days: NDArray[np.int64]  # used since the last decision of managers, as the next five
    month_offered: NDArray[np.int64]  # desk-days offered
    month_turned_away: NDArray[np.int64]
    month_hours: NDArray[np.float64]  # equipment hours used
    month_hours_offered: NDArray[np.float64]
    month_training_turned_away: NDArray[np.int64]
    member_start: NDArray[np.int64]  # (spaces + 1) members of a space: ``member[member_start[s]:member_start[s + 1]]``
    member: NDArray[np.int32]  # rows of people, in their order

    @classmethod
    def of(cls, scenario: Scenario, regions: Regions, run: RunKey) -> Spaces:
        """Build the spaces of a scenario, as they stand before the opening."""
        spare = int(scenario["management.spare_spaces"])
        where = [
            (r, k, k < region.spaces)
            for r, region in enumerate(scenario.regions)
            for k in range(region.spaces + (spare if region.spaces else 0))
        ]
        n = len(where)
        region = np.array([r for r, _, _ in where], np.int32)
        key = np.array([r << 22 | k for r, k, _ in where], np.uint32)
        desks = np.array([_desks(scenario, r, k) for r, k, _ in where], np.int64)
        side = np.sqrt(float(scenario["space.floor_per_desk"]) * desks)
        price = np.array([pence(_price(scenario, regions, r, k)) for r, k, _ in where], np.int64)
        width = float(scenario["population.region_side"])
        home = [[width * uniform(np.uint64(word(run, np.uint64(k), SPACE, 0, axis))) for axis in range(2)] for k in key]
        proximity = {s: mean_proximity(s, float(scenario["encounters.distance"])) for s in set(side.tolist())}
        return cls(
            key=key,
            region=region,
            ordinal=np.array([k for _, k, _ in where], np.int64),
            home=np.array(home, np.float64).reshape(n, 2),
            open=np.array([initial for _, _, initial in where], np.bool_),
            opened=np.array([scenario.burn_in_weeks if initial else -1 for _, _, initial in where], np.int32),
            desks=desks,
            price=price,
            list_price=price.copy(),
            equipment_hours=float(scenario["resource_pool.equipment_hours"]) * desks.astype(np.float64),
            training_places=np.array(
                [int(float(scenario["space.training_places"]) * d + 0.5) for d in desks], np.int64
            ),
            events=np.full(n, float(scenario["space.events"])),
            introductions=np.full(n, float(scenario["space.introductions"])),
            floor_side=side,
            proximity=np.array([proximity[s] for s in side.tolist()], np.float64),
            tables=np.array([1 << max(0, int(math.log2(max(1, d / TABLE_SIZE)))) for d in desks], np.int64),
            present=np.zeros(n),
            cash=np.zeros(n, np.int64),
            members=np.zeros(n, np.int64),
            fees=np.zeros(n, np.int64),
            desk_days=np.zeros(n, np.int64),
            turned_away=np.zeros(n, np.int64),
            hours_used=np.zeros(n),
            training_used=np.zeros(n, np.int64),
            training_turned_away=np.zeros(n, np.int64),
            meetings=np.zeros(n, np.int64),
            events_held=np.zeros(n, np.int64),
            month_desk_days=np.zeros(n, np.int64),
            month_offered=np.zeros(n, np.int64),
            month_turned_away=np.zeros(n, np.int64),
            month_hours=np.zeros(n),
            month_hours_offered=np.zeros(n),
            month_training_turned_away=np.zeros(n, np.int64),
            member_start=np.zeros(n + 1, np.int64),
            member=np.zeros(regions.first_row[-1], np.int32),
        )

    def __len__(self) -> int:
        """Return the number of spaces, open or not."""
        return len(self.key)

    def add_to_month(self) -> None:
        """Add the week to what managers look at every four weeks."""
        _add_to_month(self)

    def forget_month(self) -> None:
        """Begin a new four weeks."""
        for column in (
            self.month_desk_days,
            self.month_offered,
            self.month_turned_away,
            self.month_training_turned_away,
        ):
            column[:] = 0
        self.month_hours[:] = 0.0
        self.month_hours_offered[:] = 0.0

    def name(self, row: int, regions: Regions) -> str:
        """Return the account of a space in the books."""
        return f"space:{regions.names[int(self.region[row])]}/{int(self.ordinal[row])}"


@kernel
def _add_to_month(spaces: Spaces) -> None:
    for s in range(len(spaces.key)):
        spaces.month_desk_days[s] += spaces.desk_days[s]
        spaces.month_turned_away[s] += spaces.turned_away[s]
        spaces.month_hours[s] += spaces.hours_used[s]
        spaces.month_training_turned_away[s] += spaces.training_turned_away[s]
        if spaces.open[s]:
            spaces.month_offered[s] += 5 * spaces.desks[s]
            spaces.month_hours_offered[s] += spaces.equipment_hours[s]


def _own(scenario: Scenario, region: int, ordinal: int) -> Space:
    """Return what the scenario says about one space by itself: of spare spaces, nothing."""
    own = scenario.regions[region].own_spaces
    return own[ordinal] if ordinal < len(own) else Space()


def _desks(scenario: Scenario, region: int, ordinal: int) -> int:
    own = _own(scenario, region, ordinal).desks
    return int(scenario["space.desks"]) if own is None else own


def _price(scenario: Scenario, regions: Regions, region: int, ordinal: int) -> float:
    """Return the price of a hot desk, GBP a month; the regional level applies to the scenario's price only."""
    own = _own(scenario, region, ordinal).price
    return float(scenario["space.price"]) * regions.price_level[region] if own is None else own


def mean_proximity(side: float, distance: float) -> float:
    """Return the mean of ``exp(-d/distance)`` over two random seats of a square floor (midpoint rule, 64 x 64 cells).

    >>> round(mean_proximity(1e-9, 8.0), 9)
    1.0
    >>> mean_proximity(10.0, 8.0) > mean_proximity(20.0, 8.0)
    True
    """
    middles = [(k + 0.5) / _GRID for k in range(_GRID)]
    total = 0.0
    for a in middles:
        for b in middles:
            total += 4.0 * (1.0 - a) * (1.0 - b) * math.exp(-side * math.sqrt(a * a + b * b) / distance)
    return total / (_GRID * _GRID)
