"""What the floor works on: the arrays of a world, as plain tuples."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.mechanisms import (
    adoption,
    awareness,
    decay,
    income,
    membership,
    resource_learning,
    resource_pool,
    social_learning,
)
from coworksim.model.mechanisms.helpers import contacts
from coworksim.model.model import CoworkingModel
from coworksim.model.state.careers import frontier_at
from coworksim.model.state.rng import RunKey
from coworksim.model.state.world import World

__all__ = ["Area", "Constants", "Graph", "Outlets", "People", "Rules", "of_model", "put_back"]

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]
type Rows = NDArray[np.int32]
type Bytes = NDArray[np.int8]
type Flags = NDArray[np.bool_]


class People(NamedTuple):
    """Columns of :class:`coworksim.model.state.people.Population`."""

    key: NDArray[np.uint32]
    region: Rows
    status: Bytes
    occupation: Bytes
    sociability: Floats
    learning_hours: Floats
    loan_access: Floats
    days: Bytes
    taste: Floats
    earning_power: Floats
    employer_hours: Floats
    sponsor: Floats
    review_offset: Bytes
    seat: Floats
    candidate: Rows
    distance: Floats
    aware: NDArray[np.uint8]
    tools: Flags
    skill: Floats
    income: Floats
    work: Floats
    outside_contacts: Floats
    member_of: Rows
    plan: Bytes
    tenure: Integers
    member_weeks: Integers
    days_present: Bytes
    day_mask: Bytes
    days_total: Integers
    encounters: Integers
    outside_met: Integers
    encounter_hours: Floats
    partners_new: Integers
    inside_hours: Floats
    inside_hours_total: Floats
    training_hours: Floats
    training_hours_total: Floats
    outside_hours_total: Floats
    waiting: Integers
    week_gain: Floats
    recent_gain: Floats
    gain: Floats
    earned: Integers
    fees: Integers


class Outlets(NamedTuple):
    """Columns of :class:`coworksim.model.state.spaces.Spaces`."""

    key: NDArray[np.uint32]
    ordinal: Integers
    open: Flags
    opened: Rows
    desks: Integers
    price: Integers
    equipment_hours: Floats
    training_places: Integers
    events: Floats
    introductions: Floats
    floor_side: Floats
    proximity: Floats
    tables: Integers
    present: Floats
    members: Integers
    fees: Integers
    desk_days: Integers
    turned_away: Integers
    hours_used: Floats
    training_used: Integers
    training_turned_away: Integers
    meetings: Integers
    events_held: Integers


class Graph(NamedTuple):
    """The ties, with room for those to come, and who is a member where."""

    size: Integers  # one entry: how many ties there are
    one: Rows
    other: Rows
    weight: Floats
    last: Rows
    first: Integers
    start: Integers
    neighbour: Rows
    roster_start: Integers
    roster: Rows


class Area(NamedTuple):
    """What regions are like."""

    first_row: Integers
    demand: Floats  # (weeks, regions)
    income_level: Floats
    outside_access: Floats
    living_cost: Floats
    firm_density: Floats
    visits: Floats
    frontier: Floats  # (weeks, occupations, skills)
    weights: Floats
    td_spread: Floats
    encounter_weights: Floats
    creative: Flags


class Rules(NamedTuple):
    """The parameters of every mechanism."""

    adoption: adoption.Parameters
    awareness: awareness.Parameters
    income: income.Parameters
    membership: membership.Parameters
    contacts: contacts.Parameters
    social: social_learning.Parameters
    pool: resource_pool.Parameters
    learning: resource_learning.Parameters
    decay: decay.Parameters


class Constants(NamedTuple):
    """Single numbers."""

    run: RunKey
    opening: int
    first_week: int  # the first entry of demand and frontier
    log_rho: float
    same_share: float
    smoothing: float  # of attendance


#: Ties per worker that there is room for.
ROOM = 64


def _longer(array: NDArray[Any], room: int) -> NDArray[Any]:
    wide = np.zeros(max(room, len(array)), array.dtype)
    wide[: len(array)] = array
    return wide


def of_model(model: CoworkingModel, world: World, weeks: int) -> tuple[Any, ...]:
    """Return the arrays of ``world``, which the floor changes in place, and the parameters of ``model``."""
    ties, room = world.ties, ROOM * len(world.workers)
    for name in ("one", "other", "weight", "last"):
        setattr(ties, name, _longer(getattr(ties, name), room))
    ties.neighbour = _longer(ties.neighbour, 2 * room)
    graph = Graph(
        np.array([ties.count]),
        ties.one,
        ties.other,
        ties.weight,
        ties.last,
        ties.first,
        ties.start,
        ties.neighbour,
        world.roster.start,
        world.roster.row,
    )
    phase: dict[str, Any] = {phase.name: phase for phase in model.phases}
    learning, places = phase["resource_learning"], world.regions
    since = range(world.week - world.opening, world.week - world.opening + weeks)
    paths = list(zip(places.demand.tolist(), places.demand_trend.tolist(), strict=True))
    area = Area(
        world.first_row,
        np.array([[d * math.exp(g * (w / 52.0)) for d, g in paths] for w in since]),
        places.income_level,
        places.outside_access,
        places.living_cost,
        places.firm_density,
        world.levers.visitors,
        np.array([frontier_at(world.scenario, w) for w in since]),
        world.weights,
        learning._td_weight,
        phase["social_learning"].weight,
        phase["adoption"]._creative,
    )
    rules = Rules(
        phase["adoption"]._p,
        phase["awareness"]._p,
        phase["income"]._p,
        phase["membership"].parameters,
        phase["encounters"].parameters,
        phase["social_learning"].parameters,
        phase["resource_pool"]._p,
        learning._p,
        phase["decay"]._p,
    )
    constants = Constants(
        world.run,
        world.opening,
        world.week,
        world.log_rho,
        phase["encounters"]._same_share,
        phase["attendance"]._p.smoothing,
    )
    people = People._make(getattr(world.workers, name) for name in People._fields)
    outlets = Outlets._make(getattr(world.spaces, name) for name in Outlets._fields)
    return people, outlets, graph, area, rules, constants


def put_back(world: World, graph: Graph, weeks: int) -> None:
    """Tell the world how many ties it has now, and which week it is."""
    world.ties.count = int(graph.size[0])
    world.week += weeks
