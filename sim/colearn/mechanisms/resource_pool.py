"""Resource pool: who gets hours on a space's shared equipment, and who its training places.

A member wants ``T*psi/(psi + A) * days/5`` hours on equipment: more where learning outside is hard to come by. When a
space is short, all are rationed in proportion. Members present may want a training place; places go to those who have
waited longest (or by lot). Nobody uses a pool that he or she is no member of.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.world import draws
from colearn.world.arithmetic import FIXED_ONE, fixed
from colearn.world.draws import RunKey, uniform, word
from colearn.world.parameters import read
from colearn.world.world import World

__all__ = ["ResourcePool", "learning_budget", "wanted_hours"]

QUEUE = 0


class Parameters(NamedTuple):
    """Quantities of ``resource_pool.*`` and the learning time that encounters take."""

    inclination: float
    training_interest: float
    training_hours: float
    allocation: int
    from_learning: float


@rule
def learning_budget(learning_hours: float, encounter_hours: float, from_learning: float) -> float:
    """Return the week's learning time, h: the usual budget less the part of encounters that is taken from it."""
    return max(0.0, learning_hours - from_learning * encounter_hours)


@rule
def wanted_hours(budget: float, access: float, days_present: int, p: Parameters) -> float:
    """Return the equipment hours a member wants this week."""
    return budget * p.inclination / (p.inclination + access) * days_present / 5.0


@kernel
def _equipment(
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    region: NDArray[np.int32],
    learning_hours: NDArray[np.float64],
    encounter_hours: NDArray[np.float64],
    days_present: NDArray[np.int8],
    access: NDArray[np.float64],
    capacity: NDArray[np.float64],
    p: Parameters,
    inside_hours: NDArray[np.float64],
    inside_total: NDArray[np.float64],
    hours_used: NDArray[np.float64],
) -> None:
    """Fill everybody's equipment hours of the week, and the hours used by space."""
    inside_hours[:] = 0.0
    for s in range(len(capacity)):
        members = row[start[s] : start[s + 1]]
        total = 0
        for i in members:
            budget = learning_budget(learning_hours[i], encounter_hours[i], p.from_learning)
            inside_hours[i] = wanted_hours(budget, access[region[i]], days_present[i], p)
            total += fixed(inside_hours[i])
        wanted = total / FIXED_ONE
        share = capacity[s] / wanted if wanted > capacity[s] else 1.0
        for i in members:
            inside_hours[i] *= share
            inside_total[i] += inside_hours[i]
        hours_used[s] = min(wanted, capacity[s])


@kernel
def _training(
    run: RunKey,
    week: int,
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    key: NDArray[np.uint32],
    learning_hours: NDArray[np.float64],
    encounter_hours: NDArray[np.float64],
    days_present: NDArray[np.int8],
    inside_hours: NDArray[np.float64],
    places: NDArray[np.int64],
    p: Parameters,
    training_hours: NDArray[np.float64],
    training_total: NDArray[np.float64],
    waiting: NDArray[np.int64],
    used: NDArray[np.int64],
    turned_away: NDArray[np.int64],
) -> None:
    """Give the week's training places to those who want one: longest wait (queue) or lowest word first, then key."""
    training_hours[:] = 0.0
    for s in range(len(places)):
        members = row[start[s] : start[s + 1]]
        wants = np.empty(len(members), np.int32)
        count = 0
        for i in members:
            if days_present[i] > 0:
                u = uniform(word(run, np.uint64(key[i]), draws.TRAINING, week, 0))
                if u < p.training_interest:
                    wants[count] = i
                    count += 1
        wants = wants[:count]
        place = np.empty(count, np.uint64)
        for a in range(count):
            place[a] = word(run, np.uint64(key[wants[a]]), draws.TRAINING, week, 1)
        order = np.argsort(place, kind="mergesort")
        if p.allocation == QUEUE:
            order = order[np.argsort(-waiting[wants[order]], kind="mergesort")]
        used[s] = min(count, places[s])
        turned_away[s] = count - used[s]
        for a in range(count):
            i = wants[order[a]]
            if a < places[s]:
                budget = learning_budget(learning_hours[i], encounter_hours[i], p.from_learning)
                training_hours[i] = max(0.0, min(p.training_hours, budget - inside_hours[i]))
                training_total[i] += training_hours[i]
                waiting[i] = 0
            else:
                waiting[i] += 1


class ResourcePool:
    """Who gets equipment hours and training places."""

    name = "resource_pool"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, "resource_pool", Parameters, from_learning="encounters.from_learning")

    def step(self, world: World) -> None:
        """Share out the week's equipment hours and training places."""
        if not world.open:
            return
        w, spaces, roster = world.workers, world.spaces, world.roster
        _equipment(
            roster.start, roster.row, w.region, w.learning_hours, w.encounter_hours, w.days_present,
            world.regions.outside_access, spaces.equipment_hours, self._p, w.inside_hours, w.inside_hours_total,
            spaces.hours_used,
        )  # fmt: skip
        _training(
            world.run, world.week, roster.start, roster.row, w.key, w.learning_hours, w.encounter_hours, w.days_present,
            w.inside_hours, spaces.training_places, self._p, w.training_hours, w.training_hours_total, w.waiting,
            spaces.training_used, spaces.training_turned_away,
        )  # fmt: skip
