"""What the floor works on: the columns of a world, and what the product reads anew each week as tables."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.model import CoworkingModel
from coworksim.model.parameters import week
from coworksim.model.state.careers import frontier_rule
from coworksim.model.state.rng import RunKey
from coworksim.model.state.season import season
from coworksim.model.state.world import World

__all__ = ["Area", "Rules", "of_model"]

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]


class Area(NamedTuple):
    """What the product works out from the scenario, at the start or each week."""

    demand: Floats  # (weeks, regions)
    frontier: Floats  # (weeks, occupations, skills)
    season: Floats  # (weeks)
    weights: Floats
    td_spread: Floats
    encounter_weights: Floats


class Rules(NamedTuple):
    """The run, its weeks, and the parameters of every mechanism."""

    run: RunKey
    first_week: int  # the first entry of demand and frontier
    adoption: week.AdoptionParameters
    attendance: week.AttendanceParameters
    awareness: week.AwarenessParameters
    training: week.TrainingParameters
    income: week.IncomeParameters
    membership: week.MembershipParameters
    contacts: week.EncountersParameters
    social: week.SocialLearningParameters
    pool: week.ResourcePoolParameters
    learning: week.ResourceLearningParameters
    decay: week.DecayParameters


#: Ties per worker that there is room for.
ROOM = 64


def _longer(array: NDArray[Any], room: int) -> NDArray[Any]:
    wide = np.zeros(max(room, len(array)), array.dtype)
    wide[: len(array)] = array
    return wide


def of_model(model: CoworkingModel, world: World, weeks: int) -> tuple[Any, ...]:
    """Return the columns of ``world``, which the floor changes in place, and the parameters of ``model``."""
    ties, room = world.ties, ROOM * len(world.workers)
    for name in ("target", "weight", "last"):
        setattr(ties, name, _longer(getattr(ties, name), room))
    ties.indices = _longer(ties.indices, 2 * room)
    phase: dict[str, Any] = {phase.name: phase for phase in model.phases}
    learning, places = phase["resource_learning"], world.regions
    since = range(world.week - world.opening, world.week - world.opening + weeks)
    paths = list(zip(places.demand.tolist(), places.demand_trend.tolist(), strict=True))
    area = Area(
        demand=np.array([[d * math.exp(g * (w / 52.0)) for d, g in paths] for w in since]),
        frontier=np.array([frontier_rule(world.scenario)(w) for w in since]),
        season=np.array([season(world.scenario, w + world.opening - world.start) for w in since]),
        weights=world.weights,
        td_spread=learning._td_weight,
        encounter_weights=phase["social_learning"].weight,
    )
    rules = Rules(
        run=world.run,
        first_week=world.week,
        adoption=phase["adoption"]._p,
        attendance=phase["attendance"]._p,
        awareness=phase["awareness"]._p,
        training=phase["training"]._p,
        income=phase["income"]._p,
        membership=phase["membership"].parameters,
        contacts=phase["encounters"].parameters,
        social=phase["social_learning"].parameters,
        pool=phase["resource_pool"]._p,
        learning=learning._p,
        decay=phase["decay"]._p,
    )
    return world.workers, world.spaces, ties, places, world.levers, area, rules
