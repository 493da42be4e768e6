"""Training: courses that come along outside spaces, and who takes them.

In a week a course comes along for a person with chance ``1 - exp(-rate*G*m/52)``, with a lognormal number of hours;
``m`` is the region's work training for employees, and its public provision for the independent. A course is taken where
an hour is worth more than it costs (:mod:`coworksim.model.state.courses`): to an employee nothing, to the independent
the fee and what they would have earned. Its hours are those of the week; the independent have fewer projects for it.
Employers pay the fee of their people.
"""

import math

import numpy as np

from coworksim.model.kernels import Integers, kernel
from coworksim.model.parameters.week import TrainingParameters as Parameters
from coworksim.model.state.courses import cost_of_hour, worth_of_hour
from coworksim.model.state.people import EMPLOYEE, Population
from coworksim.model.state.rng import TRAINING, RunKey, normal, pence, uniform, word
from coworksim.model.state.spaces import Regions, courses_near
from coworksim.model.state.synthesis import training_of
from coworksim.model.state.world import World

#: Indices of the draws: whether a course comes along, its hours, and what an hour is worth.
COMES, HOURS, WORTH = 4, 5, 6


@kernel
def _take(run: RunKey, week: int, w: Population, places: Regions, p: Parameters, paid: Integers) -> None:
    """Let people take courses; ``paid[region]`` receives the fees that employers pay, and others, in pence."""
    paid[:] = 0
    for i in range(len(w.key)):
        w.lessons[i] = 0.0
        who = np.uint64(w.key[i])
        rate = p.rate * w.offers[i] * courses_near(w.status[i], w.region[i], places)
        if uniform(word(run, who, TRAINING, week, COMES)) >= 1.0 - math.exp(-rate / 52.0):
            continue
        worth = worth_of_hour(uniform(word(run, who, TRAINING, week, WORTH)), p)
        if worth > cost_of_hour(w.status[i], w.income[i], p):
            hours = p.hours * math.exp(p.hours_sd * normal(uniform(word(run, who, TRAINING, week, HOURS))))
            w.lessons[i] = hours
            w.lessons_total[i] += hours
            paid[w.region[i], 0 if w.status[i] >= EMPLOYEE else 1] += pence(p.fee * hours)


class Training:
    """Courses come along, and people take them."""

    name = "training"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._p = training_of(world.scenario)
        here = np.flatnonzero(np.diff(world.regions.first_row)).tolist()  # a part of a world has people in some
        self._accounts = [(r, ("employers", f"workers:{world.regions.names[r]}")) for r in here]
        self._paid = np.zeros((len(world.regions.names), 2), np.int64)

    def step(self, world: World) -> None:
        """Let courses come along."""
        _take(world.run, world.week, world.workers, world.regions, self._p, self._paid)
        by_region = self._paid.tolist()
        for r, payers in self._accounts:
            for payer, amount in zip(payers, by_region[r], strict=True):
                world.ledger.post(world.week, payer, "trainers", "courses", amount)
