"""One person's weeks: what was weighed, what chance said, who was met, what was learnt.

The run that is traced is the run that would have been made without looking: the trace reads the state between phases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from colearn.agents import Worker
from colearn.mechanisms.membership import Membership, Offer
from colearn.model import CoworkingModel
from colearn.quantities.skills import ENCOUNTER_KINDS
from colearn.scenario import Scenario
from colearn.world import draws
from colearn.world.draws import gumbel, uniform, word
from colearn.world.population import CHANNELS, FAMILIES, PLANS
from colearn.world.world import World

__all__ = ["Alternative", "Encounter", "TraceError", "Week", "trace"]

#: Terms of the utility of membership: what each adds, found by leaving it out of the offer.
_TERMS: dict[str, dict[str, Any]] = {
    "learning": {"expected_gain": 0.0},
    "ties": {"ties": 0},
    "habit": {"member": False},
    "price": {"price": 0.0},
    "crowding": {"crowd": 0.0},
    "distance": {"km": 0.0},
}


class TraceError(LookupError):
    """There is no such person."""


@dataclass(frozen=True)
class Alternative:
    """A plan of a space as weighed: terms of utility, their sum, the week's chance, and the score."""

    space: str
    plan: str
    terms: dict[str, float]
    value: float
    chance: float

    @property
    def score(self) -> float:
        """Value and chance together; the best score wins."""
        return self.value + self.chance


@dataclass(frozen=True)
class Encounter:
    """The week's encounters of one kind with one partner."""

    partner: int
    kind: str
    times: int
    tie: float


@dataclass(frozen=True)
class Week:
    """A week of one person; gains in skill points, money in GBP a week."""

    week: int
    key: int
    status: str
    income: float
    work: float
    plan: str | None
    days: int
    hours: dict[str, float]
    outside_chance: float | None
    alternatives: list[Alternative]
    encounters: list[Encounter]
    gains: dict[str, float] = field(default_factory=dict)


def trace(scenario: Scenario, key: int, first: int, last: int, seed: int | None = None) -> Iterator[Week]:
    """Yield the weeks ``first`` to ``last`` (since the opening, both included) of the person whose key is given.

    Raises TraceError when nobody has that key in the first of these weeks.
    """
    model = CoworkingModel(scenario, seed)
    model.run_for(max(0, model.world.opening + first)) if model.world.opening + first > 0 else None
    rows = np.flatnonzero(model.world.workers.key == key)
    if len(rows) == 0:
        raise TraceError(f"nobody has the key {key} in week {first}; the keys stand in the table of workers")
    row = int(rows[0])
    while model.world.week - model.world.opening <= last and model.world.workers.key[row] == key:
        yield _week(model, row)


def _week(model: CoworkingModel, row: int) -> Week:
    """Live one week phase by phase, reading on the way."""
    world, w, weighed = model.world, model.world.workers, []
    week, gains = world.week, w.gain[row].copy()
    world.begin_week()
    if week == world.opening:
        gains = w.gain[row].copy()
    for phase in model.phases:
        if isinstance(phase, Membership) and world.open and phase.due(world, row):
            weighed = [_alternative(phase, world, row, *choice) for choice in phase.offers(world, row)]
        phase.step(world)
    encounters = _encounters(world, row)
    agent = model.worker(row)
    hours = {
        "equipment": float(w.inside_hours[row]),
        "training": float(w.training_hours[row]),
        "encounters": float(w.encounter_hours[row]),
    }
    seen = Week(
        week - world.opening, int(w.key[row]), agent.status, agent.income, agent.work, agent.plan,
        int(w.days_present[row]), hours, _chance(world, row, 0) if weighed else None, weighed, encounters,
        _gains(agent, gains),
    )  # fmt: skip
    world.end_week()
    return seen


def _chance(world: World, row: int, index: int) -> float:
    who = np.uint64(world.workers.key[row])
    return float(gumbel(uniform(np.uint64(word(world.run, who, draws.MEMBERSHIP, world.week, index)))))


def _alternative(phase: Membership, world: World, row: int, space: int, plan: int, offer: Offer) -> Alternative:
    """Split the utility of one alternative into its terms, each found by leaving it out."""
    value = phase.value(world, row, offer)
    terms = {}
    for name, without in _TERMS.items():
        rest = phase.value(world, row, offer._replace(**without))
        terms[name] = value - rest if math.isfinite(value) and math.isfinite(rest) else 0.0
    terms["taste and constants"] = value - sum(terms.values())
    index = 1 + 4 * int(world.spaces.ordinal[space]) + plan
    return Alternative(world.spaces.name(space, world.regions), PLANS[plan], terms, value, _chance(world, row, index))


def _encounters(world: World, row: int) -> list[Encounter]:
    met, key = world.meetings, world.workers.key
    found = []
    for e in np.flatnonzero((met.one == row) | (met.other == row)).tolist():
        partner = met.other[e] if met.one[e] == row else met.one[e]
        found.append(
            Encounter(int(key[partner]), ENCOUNTER_KINDS[met.kind[e]], int(met.times[e]), float(met.strength[e]))
        )
    return found


def _gains(agent: Worker, before: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, float]:
    change = 100.0 * (agent.model.world.workers.gain[agent.row] - before)
    return {
        f"{family} {channel}": float(change[f, c])
        for f, family in enumerate(FAMILIES)
        for c, channel in enumerate(CHANNELS)
        if change[f, c] != 0.0
    }
