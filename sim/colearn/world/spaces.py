"""Coworking spaces as columns: desks, price, the pool of shared resources, how full they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from colearn.scenario import Scenario
from colearn.world.draws import pence
from colearn.world.regions import Regions

__all__ = ["Spaces", "mean_proximity"]

_GRID = 64


@dataclass(slots=True)
class Spaces:
    """One entry per space."""

    key: NDArray[np.uint32]  # region * 2**22 + ordinal, a key space of its own
    region: NDArray[np.int32]
    desks: NDArray[np.int64]
    price: NDArray[np.int64]  # pence a month, hot desk
    equipment_hours: NDArray[np.float64]  # h a week on offer
    floor_side: NDArray[np.float64]  # m
    proximity: NDArray[np.float64]  # mean of exp(-distance/ell) over two random seats
    tables: NDArray[np.int64]  # number of tables, a power of two fixed by desks
    present: NDArray[np.float64]  # people a day, smoothed
    members: NDArray[np.int64]
    desk_days: NDArray[np.int64]  # used this week
    hours_used: NDArray[np.float64]  # equipment hours used this week
    meetings: NDArray[np.int64]  # encounters this week
    fees: NDArray[np.int64]  # pence taken this week

    @classmethod
    def of(cls, scenario: Scenario, regions: Regions) -> Spaces:
        """Build the spaces of a scenario, as they stand at their opening."""
        where = [(r, k) for r, region in enumerate(scenario.regions) for k in range(region.spaces)]
        n = len(where)
        region = np.array([r for r, _ in where], np.int32)
        desks = np.full(n, int(scenario["space.desks"]), np.int64)
        side = np.sqrt(float(scenario["space.floor_per_desk"]) * desks)
        price = float(scenario["space.price"])
        zeros = np.zeros
        return cls(
            key=np.array([r << 22 | k for r, k in where], np.uint32),
            region=region,
            desks=desks,
            price=np.array([pence(price * regions.price_level[r]) for r in region], np.int64),
            equipment_hours=float(scenario["resource_pool.equipment_hours"]) * desks.astype(np.float64),
            floor_side=side,
            proximity=np.array([mean_proximity(s, float(scenario["encounters.distance"])) for s in side]),
            tables=np.array([1 << max(0, int(math.log2(max(1, d / 8)))) for d in desks], np.int64),
            present=zeros(n),
            members=zeros(n, np.int64),
            desk_days=zeros(n, np.int64),
            hours_used=zeros(n),
            meetings=zeros(n, np.int64),
            fees=zeros(n, np.int64),
        )

    def __len__(self) -> int:
        """Return the number of spaces."""
        return len(self.key)


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
