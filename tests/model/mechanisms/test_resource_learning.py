"""Resource learning: one week of everybody against the formula in plain Python."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.model.mechanisms.resource_learning import ResourceLearning
from coworksim.model.parameters.skills import WEIGHTS
from coworksim.model.parameters.week import ResourceLearningParameters
from coworksim.model.state.build import new_world
from coworksim.model.state.people import EMPLOYEE, EMPLOYER, OUTSIDE, OWN, SPACE_RESOURCE
from coworksim.model.state.world import World
from tests.worlds import busy


def week(level: float, **overrides: object) -> tuple[World, World, ResourceLearningParameters]:
    """Return a world before and after a week in which some have hours of every kind."""
    before, after = new_world(busy(**overrides), 1), new_world(busy(**overrides), 1)
    phase = ResourceLearning(after)
    for world in (before, after):
        w, rows = world.workers, np.arange(len(world.workers))
        w.skill[:] = np.maximum(w.skill, level)
        w.inside_hours[:] = rows % 3 * 0.5
        w.training_hours[:] = rows % 2 * 0.75
        w.lessons[:] = rows % 4 * 0.25
        w.encounter_hours[:] = rows % 5 * 0.1
    phase.step(after)
    return before, after, phase._p


def hours(world: World, i: int, p: ResourceLearningParameters) -> tuple[float, float, float, float]:
    """Return hours inside and of a bought or given course (both at the ratio of training), and others outside."""
    w, r = world.workers, int(world.workers.region[i])
    free = max(0.0, float(w.learning_hours[i]) - float(w.inside_hours[i]) - float(w.training_hours[i]))
    outside = free * float(world.regions.outside_access[r])
    taught, employed = p.training_ratio * float(w.lessons[i]), bool(w.status[i] >= EMPLOYEE)
    inside = float(w.inside_hours[i] + p.training_ratio * w.training_hours[i])
    return inside, outside, 0.0 if employed else taught, taught if employed else 0.0


@pytest.mark.parametrize(("theta", "level"), [(1.0, 0.0), (0.0, 0.0), (0.0, 0.97)])
def test_a_week_by_the_formula(theta: float, level: float) -> None:
    """At theta 1 ``phi = F - s``, at 0 ``phi = F/2``, which carries high skills into the frontier."""
    own = 0.1
    thetas = {"social_learning.theta_sc": theta, "resource_learning.theta_td": theta}
    before, after, p = week(level, **thetas, **{"resource_learning.own_sc": own, "resource_learning.own_td": own})
    for i in range(len(before.workers)):
        o = int(before.workers.occupation[i])
        inside, outside, bought, employer = hours(before, i, p)
        steps = np.zeros((8, 4))
        for k in range(8):
            x, limit = float(before.workers.skill[i, k]), float(before.frontier[o, k])
            room = max(0.0, limit - x)
            phi = room if theta == 1.0 else limit / 2
            per_hour = p.td_rate * WEIGHTS[o][k] / (sum(WEIGHTS[o][4:]) / 4) * phi if k >= 4 else 0.0
            steps[k] = own * phi, per_hour * (outside + bought), per_hour * employer, per_hour * inside
            total = steps[k].sum()
            steps[k] *= min(1.0, room / total) if total > 0 else 1.0
            assert after.workers.skill[i, k] == pytest.approx(x + steps[k].sum(), rel=1e-12)
        for channel, column in enumerate((OWN, OUTSIDE, EMPLOYER, SPACE_RESOURCE)):
            booked = after.workers.gain[i, :, column]
            assert booked.tolist() == pytest.approx([steps[:4, channel].mean(), steps[4:, channel].mean()], rel=1e-9)
        assert after.workers.week_gain[i] == pytest.approx(steps[:, 3].sum(), rel=1e-9)
        assert after.workers.outside_hours_total[i] == pytest.approx(outside, rel=1e-12)
