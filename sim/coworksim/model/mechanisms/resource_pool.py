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
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Course
from coworksim.model.state.regions import Regions
from coworksim.model.state.rng import RunKey, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.world import World

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
def _equipment(w: Population, spaces: Spaces, access: NDArray[np.float64], p: Parameters) -> None:
    """Fill everybody's equipment hours of the week, and the hours used by space."""
    w.inside_hours[:] = 0.0
    for s in range(len(spaces.equipment_hours)):
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        total = 0
        for i in members:
            budget = learning_budget(w.learning_hours[i], w.encounter_hours[i], p.from_learning)
            w.inside_hours[i] = wanted_hours(budget, max(access[w.region[i]], w.loan_access[i]), w.days_present[i], p)
            total += fixed(w.inside_hours[i])
        wanted = total / FIXED_ONE
        share = spaces.equipment_hours[s] / wanted if wanted > spaces.equipment_hours[s] else 1.0
        for i in members:
            w.inside_hours[i] *= share
            w.inside_hours_total[i] += w.inside_hours[i]
        spaces.hours_used[s] = min(wanted, spaces.equipment_hours[s])


@kernel
def _training(
    run: RunKey,
    week: int,
    w: Population,
    spaces: Spaces,
    p: Parameters,
    without: NDArray[np.bool_],
    lot: NDArray[np.uint64],
) -> None:
    """Give the week's training places to those who want one: longest wait (queue) or lowest word first, then key.

    ``without`` marks those who get none, ``lot`` holds the words.
    """
    w.training_hours[:] = 0.0
    without[:] = False
    for s in range(len(spaces.training_places)):
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        wants = np.empty(len(members), np.int32)
        count = 0
        for i in members:
            if w.days_present[i] > 0:
                u = uniform(word(run, np.uint64(w.key[i]), rng.TRAINING, week, 0))
                if u < p.training_interest:
                    wants[count] = i
                    count += 1
        wants = wants[:count]
        place = np.empty(count, np.uint64)
        for a in range(count):
            place[a] = word(run, np.uint64(w.key[wants[a]]), rng.TRAINING, week, 1)
            lot[wants[a]] = place[a]
        order = np.argsort(place, kind="mergesort")
        if p.allocation == QUEUE:
            order = order[np.argsort(-w.waiting[wants[order]], kind="mergesort")]
        spaces.training_used[s] = min(count, spaces.training_places[s])
        spaces.training_turned_away[s] = count - spaces.training_used[s]
        for a in range(count):
            i = wants[order[a]]
            if a < spaces.training_places[s]:
                budget = learning_budget(w.learning_hours[i], w.encounter_hours[i], p.from_learning)
                w.training_hours[i] = max(0.0, min(p.training_hours, budget - w.inside_hours[i]))
                w.training_hours_total[i] += w.training_hours[i]
                w.waiting[i] = 0
            else:
                w.waiting[i] += 1
                without[i] = True


@kernel
def _share_out(
    run: RunKey,
    week: int,
    w: Population,
    spaces: Spaces,
    places: Regions,
    p: Parameters,
    without: NDArray[np.bool_],
    lot: NDArray[np.uint64],
) -> None:
    """Share out equipment, then training places, in one call."""
    _equipment(w, spaces, places.outside_access, p)
    _training(run, week, w, spaces, p, without, lot)


@kernel
def _course_inside(
    w: Population,
    spaces: Spaces,
    course: Course,
    p: Parameters,
    without: NDArray[np.bool_],
    lot: NDArray[np.uint64],
) -> None:
    """Give the places of one course inside to those still without one: longest wait (queue) or lowest word first."""
    for s in range(len(course.places)):
        if course.places[s] == 0:
            continue
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        wants = members[without[members] & (w.days_present[members] >= course.days)]
        order = np.argsort(lot[wants], kind="mergesort")
        if p.allocation == QUEUE:
            order = order[np.argsort(-w.waiting[wants[order]], kind="mergesort")]
        for i in wants[order][: course.places[s]]:
            budget = learning_budget(w.learning_hours[i], w.encounter_hours[i], p.from_learning)
            hours = max(0.0, min(p.training_hours, budget - w.inside_hours[i]))
            w.course[i, 0, :] = hours * course.spread[w.occupation[i]]
            w.training_hours_total[i] += hours
            w.waiting[i] = 0
            without[i] = False
            spaces.training_used[s] += 1
            spaces.training_turned_away[s] -= 1


@kernel
def _want_outside(
    run: RunKey, week: int, w: Population, p: Parameters, without: NDArray[np.bool_], lot: NDArray[np.uint64]
) -> None:
    """Mark who wants a training place outside this week, and draw the lots."""
    for i in range(len(w.key)):
        without[i] = uniform(word(run, np.uint64(w.key[i]), rng.TRAINING, week, 2)) < p.training_interest
        if without[i]:
            lot[i] = word(run, np.uint64(w.key[i]), rng.TRAINING, week, 3)


@kernel
def _course_outside(
    w: Population,
    regions: Regions,
    course: Course,
    p: Parameters,
    without: NDArray[np.bool_],
    lot: NDArray[np.uint64],
) -> None:
    """Give the places of one course outside to people of each region by lot."""
    for r in range(len(course.places)):
        if course.places[r] == 0:
            continue
        wants = regions.first_row[r] + np.flatnonzero(without[regions.first_row[r] : regions.first_row[r + 1]])
        for i in wants[np.argsort(lot[wants], kind="mergesort")][: course.places[r]]:
            budget = learning_budget(w.learning_hours[i], w.encounter_hours[i], p.from_learning)
            booked = w.inside_hours[i] + w.training_hours[i] + w.course[i, 0].sum() / 4.0
            w.course[i, 1, :] = max(0.0, min(p.training_hours, budget - booked)) * course.spread[w.occupation[i]]
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
        w, spaces, places, p = world.workers, world.spaces, world.regions, self._p
        _share_out(world.run, world.week, w, spaces, places, p, self._without, self._lot)
        w.course[:] = 0.0
        for course in world.levers.courses:
            if course.inside:
                _course_inside(w, spaces, course, p, self._without, self._lot)
        outside = [course for course in world.levers.courses if not course.inside]
        if outside:
            _want_outside(world.run, world.week, w, p, self._without, self._lot)
        for course in outside:
            _course_outside(w, places, course, p, self._without, self._lot)
