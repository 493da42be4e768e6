"""Resource learning: what people learn from hours, and from their own work.

TD skill k grows by ``(k_td*(equipment + ratio*training + outside + ratio*lessons)*v_k + k_own)*phi(s)``, SC skill k by
``k_own*phi(s)``. Learning time is a budget: an hour inside is not spent outside, ``outside = (T - inside)*A``. Lessons,
the hours of a course of the week, come on top. ``v`` spreads hours over the TD skills as the occupation weighs them
(mean 1). Hours in places that policies have bought, in a space or outside, count
as training and spread as their curriculum says. Taught hours outside that policies pay for take, of what is left of the
budget, as much as they can; an hour of them counts as an hour of training. Equipment on loan sets a floor under ``A``.
"""

import numpy as np

from coworksim.model.kernels import Floats, kernel, rule
from coworksim.model.parameters.week import ResourceLearningParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import clip_share, law_scale, laws
from coworksim.model.state.careers import td_spread
from coworksim.model.state.people import EMPLOYEE, EMPLOYER, OUTSIDE, OWN, SPACE_RESOURCE, Population
from coworksim.model.state.spaces import Regions
from coworksim.model.state.world import World


@rule
def outside_hours(budget: float, inside: float, access: float) -> float:
    """Return the hours learnt outside, ``max(0, T - inside)*A``: what is left, as far as it can be used.

    >>> outside_hours(3.0, 1.0, 0.5), outside_hours(3.0, 4.0, 0.5)
    (1.0, 0.0)
    """
    return max(0.0, budget - inside) * access


@rule
def taught_share(wanted: float, left: float) -> float:
    """Return the share ``min(1, max(0, left)/wanted)`` of taught hours outside that fit into what is left.

    >>> taught_share(0.0, 3.0), taught_share(4.0, 3.0), taught_share(4.0, -1.0), taught_share(2.0, 3.0)
    (0.0, 0.75, 0.0, 1.0)
    """
    return min(1.0, max(0.0, left) / wanted) if wanted > 0.0 else 0.0


@kernel
def _learn(w: Population, places: Regions, frontier: Floats, td_weight: Floats, p: Parameters) -> None:
    """Learn from the week's hours and work, clip at the frontier, and book each channel."""
    reach, before, edge = np.empty(4), np.empty(4), np.empty(4)
    for i in range(len(w.region)):
        o, r = w.occupation[i], w.region[i]
        budget = w.learning_hours[i]
        here, elsewhere, wanted = 0.0, 0.0, 0.0
        for k in range(4):
            here += w.course[i, 0, k]
            elsewhere += w.course[i, 1, k]
            wanted += w.taught[i, k]
        booked = w.inside_hours[i] + w.training_hours[i] + here / 4.0 + elsewhere / 4.0
        share = taught_share(wanted / 4.0, budget - booked)
        booked += share * (wanted / 4.0)
        outside = outside_hours(budget, booked, max(places.outside_access[r], w.loan_access[i]))
        inside = w.inside_hours[i] + p.training_ratio * w.training_hours[i]
        w.outside_hours_total[i] += outside + elsewhere / 4.0 + share * (wanted / 4.0)
        employer, bought = p.training_ratio * w.lessons[i], 0.0
        if w.status[i] < EMPLOYEE:
            employer, bought = bought, employer
        for k in range(4):
            before[k], edge[k] = w.skill[i, k], frontier[o, k]
        laws(before, edge, p.theta_sc, p.scale_sc, reach)
        own = w.gain[i, 0, OWN]
        for k in range(4):
            s, limit = w.skill[i, k], frontier[o, k]
            step = p.own_sc * reach[k]
            fit = clip_share(s, step, limit)
            step *= fit
            w.skill[i, k] = max(s, limit) if fit < 1.0 else s + step
            own += step / 4.0
        w.gain[i, 0, OWN] = own
        # Sums in names, not columns: the compiler cannot know that columns do not overlap, and would store each step.
        own, by_outside = w.gain[i, 1, OWN], w.gain[i, 1, OUTSIDE]
        by_employer, by_pool, gained = w.gain[i, 1, EMPLOYER], w.gain[i, 1, SPACE_RESOURCE], w.week_gain[i]
        for k in range(4):
            before[k], edge[k] = w.skill[i, 4 + k], frontier[o, 4 + k]
        laws(before, edge, p.theta_td, p.scale_td, reach)
        for k in range(4, 8):
            s, limit = w.skill[i, k], frontier[o, k]
            per_hour, by_own = p.td_rate * td_weight[o, k - 4] * reach[k - 4], p.own_td * reach[k - 4]
            per_taught = p.td_rate * p.training_ratio * reach[k - 4]
            taught_inside = per_taught * w.course[i, 0, k - 4]
            taught_outside = per_taught * (w.course[i, 1, k - 4] + share * w.taught[i, k - 4])
            total = per_hour * (inside + (outside + bought) + employer) + by_own + (taught_inside + taught_outside)
            fit = clip_share(s, total, limit)
            w.skill[i, k] = max(s, limit) if fit < 1.0 else s + total
            own += by_own * fit / 4.0
            by_outside += (per_hour * (outside + bought) + taught_outside) * fit / 4.0
            by_employer += per_hour * employer * fit / 4.0
            by_pool += (per_hour * inside + taught_inside) * fit / 4.0
            gained += (per_hour * inside + taught_inside) * fit
        w.gain[i, 1, OWN], w.gain[i, 1, OUTSIDE] = own, by_outside
        w.gain[i, 1, EMPLOYER], w.gain[i, 1, SPACE_RESOURCE], w.week_gain[i] = by_employer, by_pool, gained


class ResourceLearning:
    """What people learn from hours and from their own work."""

    name = "resource_learning"
    scope = "region"

    def __init__(self, world: World) -> None:
        p = read(world.scenario, Parameters)
        self._p = p._replace(scale_td=law_scale(p.theta_td), scale_sc=law_scale(p.theta_sc))
        self._td_weight = td_spread()

    def step(self, world: World) -> None:
        """Learn from the week's hours."""
        _learn(world.workers, world.regions, world.frontier, self._td_weight, self._p)
