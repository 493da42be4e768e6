"""Resource pool: who gets hours on a space's shared equipment, and who its training places, or those bought.

A member wants ``T*psi/(psi + A) * days/5`` hours on equipment: more where learning outside is hard to come by. When a
space is short, all get less in proportion. A member who is present wants a training place with chance ``1/(1 +
exp(-B/spread))``, the chance that an hour is worth anything (:mod:`coworksim.model.state.courses`): it takes learning
time, and costs nothing. Places go to those who have waited longest. Only members use the pool of a space. Equipment on
loan sets a floor under ``A``.

Courses, places that policies have bought, come after: inside, they go in the same order to those still without a place
who have come on as many days as the course asks for; outside, by lot, to people of the region who want one (as many as
of those present, but drawn apart) and have none outside yet.
"""

import numpy as np

from coworksim.model.kernels import Flags, Rows, Words, kernel, rule
from coworksim.model.parameters.week import ResourcePoolParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import FIXED_ONE, fixed, order_of
from coworksim.model.state.courses import chance_to_take
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Course
from coworksim.model.state.rng import TRAINING, RunKey, uniform, word
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.synthesis import training_of
from coworksim.model.state.world import World


@rule
def wanted_hours(budget: float, access: float, days_present: int, p: Parameters) -> float:
    """Return the equipment hours a member wants this week, ``T*psi/(psi + A)*days/5``."""
    return budget * p.inclination / (p.inclination + access) * days_present / 5.0


@rule
def _hours_of_a_place(i: int, booked: float, w: Population, p: Parameters) -> float:
    """Return the hours that person i, who has booked others, spends in a training place: as far as the budget goes."""
    return float(max(0.0, min(p.training_hours, w.learning_hours[i] - booked)))


@kernel
def _queue(wants: Rows, w: Population, lot: Words) -> Rows:
    """Return those who want a place in the order of service: longest wait, then lowest word, then key."""
    queue = wants[order_of(lot[wants])]
    waited = np.empty(len(queue))
    for a in range(len(queue)):
        waited[a] = -w.waiting[queue[a]]
    return queue[order_of(waited)]


@kernel
def _share_out(
    run: RunKey, week: int, w: Population, spaces: Spaces, places: Regions, p: Parameters, without: Flags, lot: Words
) -> None:
    """Share out the equipment of each space, then its training places, in one call.

    ``without`` marks who wants a place and gets none, ``lot`` keeps words.
    """
    w.inside_hours[:] = 0.0
    w.training_hours[:] = 0.0
    without[:] = False
    for s in range(spaces.span[0], spaces.span[1]):
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        total = 0
        for i in members:
            reach = max(places.outside_access[w.region[i]], w.loan_access[i])
            w.inside_hours[i] = wanted_hours(w.learning_hours[i], reach, w.days_present[i], p)
            total += fixed(w.inside_hours[i])
        wanted = total / FIXED_ONE
        share = spaces.equipment_hours[s] / wanted if wanted > spaces.equipment_hours[s] else 1.0
        wants, count = np.empty(len(members), np.int32), 0
        for i in members:
            w.inside_hours[i] *= share
            w.inside_hours_total[i] += w.inside_hours[i]
            if w.days_present[i] > 0:
                who = np.uint64(w.key[i])
                if uniform(word(run, who, TRAINING, week, 0)) < p.interest:
                    lot[i] = word(run, who, TRAINING, week, 1)
                    wants[count] = i
                    count += 1
        spaces.hours_used[s] = min(wanted, spaces.equipment_hours[s])
        queue = _queue(wants[:count], w, lot)
        served = min(count, spaces.training_places[s])
        spaces.training_used[s], spaces.training_turned_away[s] = served, count - served
        for i in queue[:served]:
            w.training_hours[i] = _hours_of_a_place(i, w.inside_hours[i], w, p)
            w.training_hours_total[i] += w.training_hours[i]
            w.waiting[i] = 0
        for i in queue[served:]:
            w.waiting[i] += 1
            without[i] = True


@kernel
def _end_courses(w: Population) -> None:
    """Forget the hours of last week's courses; where there were none nothing is written, which would take memory."""
    for i in range(len(w.course)):
        for t in range(2):
            for k in range(4):
                if w.course[i, t, k] != 0.0:
                    w.course[i, t, k] = 0.0


@kernel
def _course_inside(w: Population, spaces: Spaces, course: Course, p: Parameters, without: Flags, lot: Words) -> None:
    """Give the places of one course inside to those still without one."""
    for s in range(spaces.span[0], spaces.span[1]):
        if course.places[s] == 0:
            continue
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        wants, count = np.empty(len(members), np.int32), 0
        for i in members:
            if without[i] and w.days_present[i] >= course.days:
                wants[count] = i
                count += 1
        for i in _queue(wants[:count], w, lot)[: course.places[s]]:
            hours = _hours_of_a_place(i, w.inside_hours[i], w, p)
            for k in range(4):
                w.course[i, 0, k] = hours * course.spread[w.occupation[i], k]
            w.training_hours_total[i] += hours
            w.waiting[i] = 0
            without[i] = False
            spaces.training_used[s] += 1
            spaces.training_turned_away[s] -= 1


@kernel
def _want_outside(run: RunKey, week: int, w: Population, p: Parameters, without: Flags, lot: Words) -> None:
    """Mark who wants a training place outside this week, and draw the lots."""
    for i in range(len(w.key)):
        without[i] = uniform(word(run, np.uint64(w.key[i]), TRAINING, week, 2)) < p.interest
        if without[i]:
            lot[i] = word(run, np.uint64(w.key[i]), TRAINING, week, 3)


@kernel
def _course_outside(w: Population, regions: Regions, course: Course, p: Parameters, without: Flags, lot: Words) -> None:
    """Give the places of one course outside to people of each region by lot."""
    for r in range(len(course.places)):
        if course.places[r] == 0:
            continue
        wants, count = np.empty(regions.first_row[r + 1] - regions.first_row[r], np.int32), 0
        for i in range(regions.first_row[r], regions.first_row[r + 1]):
            if without[i]:
                wants[count] = i
                count += 1
        wants = wants[:count]
        for i in wants[order_of(lot[wants])][: course.places[r]]:
            inside = 0.0
            for k in range(4):
                inside += w.course[i, 0, k]
            hours = _hours_of_a_place(i, w.inside_hours[i] + w.training_hours[i] + inside / 4.0, w, p)
            for k in range(4):
                w.course[i, 1, k] = hours * course.spread[w.occupation[i], k]
            without[i] = False


class ResourcePool:
    """Who gets equipment hours and training places."""

    name = "resource_pool"
    scope = "region"

    def __init__(self, world: World) -> None:
        interest = chance_to_take(0.0, training_of(world.scenario))
        self._p = read(world.scenario, Parameters)._replace(interest=interest)
        self._without, self._lot = np.zeros(len(world.workers), np.bool_), np.zeros(len(world.workers), np.uint64)

    def step(self, world: World) -> None:
        """Share out the week's equipment hours and training places."""
        if not world.open:
            return
        run, week, w, spaces, places, p = world.run, world.week, world.workers, world.spaces, world.regions, self._p
        _share_out(run, week, w, spaces, places, p, self._without, self._lot)
        _end_courses(w)
        outside = [course for course in world.levers.courses if not course.inside]
        for course in world.levers.courses:
            if course.inside:
                _course_inside(w, spaces, course, p, self._without, self._lot)
        if outside:
            _want_outside(run, week, w, p, self._without, self._lot)
        for course in outside:
            _course_outside(w, places, course, p, self._without, self._lot)
