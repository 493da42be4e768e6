"""Resource pool: who gets hours on a space's shared equipment.

A member wants ``T * psi/(psi + A) * days/5`` hours: more where learning outside is hard to come by. When a space is
short, all are rationed in proportion. Nobody uses a pool that he or she is no member of.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.world.arithmetic import FIXED_ONE, fixed
from colearn.world.parameters import read
from colearn.world.world import World

__all__ = ["ResourcePool", "wanted_hours"]


class Parameters(NamedTuple):
    """Quantities of ``resource_pool.*``."""

    inclination: float


@rule
def wanted_hours(learning_hours: float, access: float, days_present: int, p: Parameters) -> float:
    """Return the equipment hours a member wants this week."""
    return learning_hours * p.inclination / (p.inclination + access) * days_present / 5.0


@kernel
def _allot(
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    region: NDArray[np.int32],
    learning_hours: NDArray[np.float64],
    days_present: NDArray[np.int8],
    access: NDArray[np.float64],
    capacity: NDArray[np.float64],
    p: Parameters,
    inside_hours: NDArray[np.float64],
    inside_total: NDArray[np.float64],
    hours_used: NDArray[np.float64],
) -> None:
    """Fill everybody's hours of the week, and the hours used by space."""
    inside_hours[:] = 0.0
    for s in range(len(capacity)):
        members = row[start[s] : start[s + 1]]
        total = 0
        for i in members:
            inside_hours[i] = wanted_hours(learning_hours[i], access[region[i]], days_present[i], p)
            total += fixed(inside_hours[i])
        wanted = total / FIXED_ONE
        share = capacity[s] / wanted if wanted > capacity[s] else 1.0
        for i in members:
            inside_hours[i] *= share
            inside_total[i] += inside_hours[i]
        hours_used[s] = min(wanted, capacity[s])


class ResourcePool:
    """Who gets hours on shared equipment."""

    name = "resource_pool"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, "resource_pool", Parameters)

    def step(self, world: World) -> None:
        """Share out the week's equipment hours."""
        if not world.open:
            return
        w, spaces, roster = world.workers, world.spaces, world.roster
        _allot(
            roster.start, roster.row, w.region, w.learning_hours, w.days_present, world.regions.outside_access,
            spaces.equipment_hours, self._p, w.inside_hours, w.inside_hours_total, spaces.hours_used,
        )  # fmt: skip
