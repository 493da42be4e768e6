"""What an award is worth that is no help with fees: taught hours, or equipment on loan.

An hour of a course is worth ``v = B + spread*e`` to a person, with a logistic number ``e`` of the last look, which
stands for a wish as those of membership do (:mod:`coworksim.model.state.courses`). An award of ``h`` hours and of
access outside ``A'`` is worth ``n*v`` a week, with ``n = min(h, left) + max(0, A' - A)*left/ratio``, where ``left`` is
the learning time that equipment and training in a space leave: an hour of practice counts as a part of a taught one.
Nobody values it above what it costs to buy: the gain a week is ``max(0, n*v) - max(0, n*v - price)``.

It is used, and paid, in weeks in which ``v > 0``. A policy of your own may bring something else: such an award is worth
its price, and used every week.
"""

import math

import numpy as np

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.week import TrainingParameters
from coworksim.model.state.arithmetic import logistic
from coworksim.model.state.courses import worth_of_hour
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Schemes
from coworksim.model.state.rng import TRAINING, RunKey, remembered, uniform
from coworksim.model.state.spaces import Regions

#: Index of the draw of what an hour is worth at a look: this and the code of the policy.
WISH = 2**31


@rule
def is_plain(k: int, schemes: Schemes) -> bool:
    """Return whether a scheme brings neither taught hours nor access: something that is worth its price."""
    return bool(schemes.hours[k] == 0.0 and schemes.access[k] == 0.0)


@kernel
def hour_at_look(run: RunKey, i: int, k: int, w: Population, schemes: Schemes, p: TrainingParameters) -> float:
    """Return what an hour is worth to person i at the last look, GBP."""
    u = uniform(remembered(run, np.uint64(w.key[i]), TRAINING, w.look[i], WISH + schemes.code[k]))
    return worth_of_hour(u, p)


@kernel
def comes_for_it(run: RunKey, i: int, k: int, w: Population, schemes: Schemes, p: TrainingParameters) -> bool:
    """Return whether person i uses the award this week."""
    return is_plain(k, schemes) or hour_at_look(run, i, k, w, schemes, p) > 0.0


@kernel
def hours_worth(i: int, k: int, w: Population, places: Regions, schemes: Schemes, ratio: float) -> float:
    """Return how many taught hours a week an award of scheme k comes to for person i."""
    left = max(0.0, w.learning_hours[i] - w.inside_hours[i] - w.training_hours[i])
    access = max(0.0, schemes.access[k] - places.outside_access[w.region[i]])
    return float(min(schemes.hours[k], left) + (access * left / ratio if access > 0.0 else 0.0))


@rule
def gain_today(hours: float, worth: float, price: float) -> float:
    """Return what a week of an award is worth, GBP: ``max(0, n*v) - max(0, n*v - price)``.

    >>> gain_today(2.0, 10.0, 48.0), gain_today(2.0, 30.0, 48.0), gain_today(2.0, -1.0, 48.0)
    (20.0, 48.0, 0.0)
    """
    return max(0.0, hours * worth) - max(0.0, hours * worth - price)


@rule
def _above(x: float) -> float:
    """Return ``ln(1 + exp(x))``: what is above 0, on average, of x and a logistic number."""
    return max(x, 0.0) + math.log(1.0 + math.exp(-abs(x)))


@rule
def gain_on_average(hours: float, price: float, p: TrainingParameters) -> float:
    """Return the mean of :func:`gain_today` over all that an hour may come to be worth, GBP a week."""
    if hours <= 0.0:
        return 0.0
    scale = p.value_spread
    return hours * scale * (_above(p.value / scale) - _above((p.value - price / hours) / scale))


@rule
def risk_of_a_week(review_weeks: float, p: TrainingParameters) -> float:
    """Return the chance that somebody who comes stops to: a look, at which an hour is worth nothing."""
    return logistic(-p.value / p.value_spread) / review_weeks
