"""Resource pool: who gets hours on a space's shared equipment, and who its training places, or those bought.

A member wants ``T*psi/(psi + A) * days/5`` hours on equipment: more where learning outside is hard to come by. When a
space is short, all are rationed in proportion. Members present may want a training place; places go to those who have
waited longest (or by lot). Nobody uses a pool that he or she is no member of. Equipment on loan sets a floor
under ``A``.

Courses, places that policies have bought, come after: inside, they go in the same order to those still without a place
who have come on as many days as the course asks for; outside, by lot, to people of the region who want one (as many as
of those present, but drawn apart) and have none outside yet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.week import ResourcePoolParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.arithmetic import FIXED_ONE, fixed
from coworksim.model.state.parameter_records import read
from coworksim.model.state.policy_state import Course
from coworksim.model.state.rng import RunKey, uniform, word
from coworksim.model.state.world import World

__all__ = ["ResourcePool", "learning_budget", "wanted_hours"]

QUEUE = 0


@rule
def learning_budget(learning_hours: float, encounter_hours: float, from_learning: float) -> float:
    """Return the week's learning time ``max(0, T - part*encounter_hours)``, h: encounters take a part of it."""
    return max(0.0, learning_hours - from_learning * encounter_hours)


@rule
def wanted_hours(budget: float, access: float, days_present: int, p: Parameters) -> float:
    """Return the equipment hours a member wants this week, ``T*psi/(psi + A)*days/5``."""
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
    loan_access: NDArray[np.float64],
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
            inside_hours[i] = wanted_hours(budget, max(access[region[i]], loan_access[i]), days_present[i], p)
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
    without: NDArray[np.bool_],
    lot: NDArray[np.uint64],
) -> None:
    """Give the week's training places to those who want one: longest wait (queue) or lowest word first, then key.

    ``without`` marks those who get none, ``lot`` holds the words.
    """
    training_hours[:] = 0.0
    without[:] = False
    for s in range(len(places)):
        members = row[start[s] : start[s + 1]]
        wants = np.empty(len(members), np.int32)
        count = 0
        for i in members:
            if days_present[i] > 0:
                u = uniform(word(run, np.uint64(key[i]), rng.TRAINING, week, 0))
                if u < p.training_interest:
                    wants[count] = i
                    count += 1
        wants = wants[:count]
        place = np.empty(count, np.uint64)
        for a in range(count):
            place[a] = word(run, np.uint64(key[wants[a]]), rng.TRAINING, week, 1)
            lot[wants[a]] = place[a]
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
                without[i] = True


@kernel
def _course_inside(
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    occupation: NDArray[np.int8],
    learning_hours: NDArray[np.float64],
    encounter_hours: NDArray[np.float64],
    days_present: NDArray[np.int8],
    inside_hours: NDArray[np.float64],
    lot: NDArray[np.uint64],
    places: NDArray[np.int64],
    days: int,
    spread: NDArray[np.float64],
    p: Parameters,
    course: NDArray[np.float64],
    training_total: NDArray[np.float64],
    waiting: NDArray[np.int64],
    without: NDArray[np.bool_],
    used: NDArray[np.int64],
    turned_away: NDArray[np.int64],
) -> None:
    """Give the places of one course inside to those still without one: longest wait (queue) or lowest word first."""
    for s in range(len(places)):
        if places[s] == 0:
            continue
        members = row[start[s] : start[s + 1]]
        wants = members[without[members] & (days_present[members] >= days)]
        order = np.argsort(lot[wants], kind="mergesort")
        if p.allocation == QUEUE:
            order = order[np.argsort(-waiting[wants[order]], kind="mergesort")]
        for i in wants[order][: places[s]]:
            budget = learning_budget(learning_hours[i], encounter_hours[i], p.from_learning)
            hours = max(0.0, min(p.training_hours, budget - inside_hours[i]))
            course[i, 0, :] = hours * spread[occupation[i]]
            training_total[i] += hours
            waiting[i] = 0
            without[i] = False
            used[s] += 1
            turned_away[s] -= 1


@kernel
def _want_outside(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    p: Parameters,
    without: NDArray[np.bool_],
    lot: NDArray[np.uint64],
) -> None:
    """Mark who wants a training place outside this week, and draw the lots."""
    for i in range(len(key)):
        without[i] = uniform(word(run, np.uint64(key[i]), rng.TRAINING, week, 2)) < p.training_interest
        if without[i]:
            lot[i] = word(run, np.uint64(key[i]), rng.TRAINING, week, 3)


@kernel
def _course_outside(
    first_row: NDArray[np.int64],
    occupation: NDArray[np.int8],
    learning_hours: NDArray[np.float64],
    encounter_hours: NDArray[np.float64],
    inside_hours: NDArray[np.float64],
    training_hours: NDArray[np.float64],
    lot: NDArray[np.uint64],
    places: NDArray[np.int64],
    spread: NDArray[np.float64],
    p: Parameters,
    course: NDArray[np.float64],
    without: NDArray[np.bool_],
) -> None:
    """Give the places of one course outside to people of each region by lot."""
    for r in range(len(places)):
        if places[r] == 0:
            continue
        wants = first_row[r] + np.flatnonzero(without[first_row[r] : first_row[r + 1]])
        for i in wants[np.argsort(lot[wants], kind="mergesort")][: places[r]]:
            budget = learning_budget(learning_hours[i], encounter_hours[i], p.from_learning)
            booked = inside_hours[i] + training_hours[i] + course[i, 0].sum() / 4.0
            course[i, 1, :] = max(0.0, min(p.training_hours, budget - booked)) * spread[occupation[i]]
            without[i] = False


class ResourcePool:
    """Who gets equipment hours and training places."""

    name = "resource_pool"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, Parameters)
        people = len(world.workers)
        self._without, self._lot = np.zeros(people, np.bool_), np.zeros(people, np.uint64)

    def step(self, world: World) -> None:
        """Share out the week's equipment hours and training places."""
        if not world.open:
            return
        w, spaces, roster = world.workers, world.spaces, world.roster
        _equipment(
            roster.start,
            roster.row,
            w.region,
            w.learning_hours,
            w.encounter_hours,
            w.days_present,
            world.regions.outside_access,
            w.loan_access,
            spaces.equipment_hours,
            self._p,
            w.inside_hours,
            w.inside_hours_total,
            spaces.hours_used,
        )
        _training(
            world.run,
            world.week,
            roster.start,
            roster.row,
            w.key,
            w.learning_hours,
            w.encounter_hours,
            w.days_present,
            w.inside_hours,
            spaces.training_places,
            self._p,
            w.training_hours,
            w.training_hours_total,
            w.waiting,
            spaces.training_used,
            spaces.training_turned_away,
            self._without,
            self._lot,
        )
        w.course[:] = 0.0
        for course in world.levers.courses:
            if course.inside:
                self._inside(world, course)
        outside = [course for course in world.levers.courses if not course.inside]
        if outside:
            _want_outside(world.run, world.week, w.key, self._p, self._without, self._lot)
        for course in outside:
            _course_outside(
                world.first_row,
                w.occupation,
                w.learning_hours,
                w.encounter_hours,
                w.inside_hours,
                w.training_hours,
                self._lot,
                course.places,
                course.spread,
                self._p,
                w.course,
                self._without,
            )

    def _inside(self, world: World, course: Course) -> None:
        """Hold a course in spaces."""
        w, spaces, roster = world.workers, world.spaces, world.roster
        _course_inside(
            roster.start,
            roster.row,
            w.occupation,
            w.learning_hours,
            w.encounter_hours,
            w.days_present,
            w.inside_hours,
            self._lot,
            course.places,
            course.days,
            course.spread,
            self._p,
            w.course,
            w.training_hours_total,
            w.waiting,
            self._without,
            spaces.training_used,
            spaces.training_turned_away,
        )
