"""Generated worlds: a few regions, people, spaces and schemes, any quantities in their ranges, any mechanism off."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from coworksim import CoworkingModel, Scenario, load_scenario
from coworksim.files.uk_regions import group_medians
from coworksim.model.mechanisms import Phase
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS, Kind
from coworksim.model.parameters.environment import FIELDS
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import KINDS
from coworksim.model.policy import Eligibility, Policy
from coworksim.model.scenario import GROUPS, Region
from coworksim.model.state.people import Population
from coworksim.model.state.world import World

__all__ = ["NO_LEARNING", "by_phase", "columns", "copied", "end_of", "region", "scenarios", "with_values"]

#: Ranges in which much happens within weeks; every other quantity is drawn from the range that sweeps use.
LIVELY: Final[Mapping[str, tuple[float, float]]] = {
    "membership.appeal": (3.0, 8.0),
    "awareness.at_opening": (0.3, 1.0),
    "awareness.unprompted": (0.0, 0.3),
    "encounters.rate": (0.0, 12.0),
    "encounters.outside": (0.0, 3.0),
    "encounters.colleagues": (0.0, 3.0),
    "space.desks": (1, 24),
    "space.price": (10.0, 250.0),
    "space.training_places": (0.0, 0.5),
    "space.events": (0.0, 3.0),
    "resource_pool.equipment_hours": (0.0, 2.5),
    "social_learning.partner_gain": (0.0, 0.05),
    "social_learning.peer_gain": (0.0, 0.1),
    "social_learning.peer_gain_td": (0.0, 0.1),
    "resource_learning.td_rate": (0.0, 0.05),
    "resource_learning.own_td": (0.0, 0.05),
    "resource_learning.own_sc": (0.0, 0.05),
    "decay.skill": (0.0, 1.0),
    "decay.tie_weeks": (1.5, 52.0),
    "turnover.exit": (0.0, 1.0),
    "turnover.to_employee": (0.0, 1.0),
    "turnover.to_freelancer": (0.0, 1.0),
    "schemes.hassle": (0.0, 300.0),
    "management.capital": (0.0, 20_000.0),
}
#: Quantities without which nobody learns anything and nobody forgets.
NO_LEARNING: Final[Mapping[str, float]] = {
    "social_learning.partner_gain": 0.0,
    "social_learning.peer_gain": 0.0,
    "social_learning.peer_gain_td": 0.0,
    "resource_learning.td_rate": 0.0,
    "resource_learning.own_td": 0.0,
    "resource_learning.own_sc": 0.0,
    "decay.skill": 0.0,
}
_SWEPT: Final = tuple(
    name
    for name, quantity in PARAMETERS.items()
    if name not in LIVELY
    and quantity.group not in ("frame", "environment")
    and (quantity.kind is Kind.CHOICE or quantity.sampled)
)


@cache
def _base() -> Scenario:
    return load_scenario("tiny")


def with_values(scenario: Scenario, **changes: Any) -> Scenario:
    """Return a checked copy with other fields; ``values`` and ``mechanisms`` are laid over those that it has."""
    merged = {name: {**getattr(scenario, name), **changes.pop(name, {})} for name in ("values", "mechanisms")}
    return Scenario(**{**dict(scenario), **merged, **changes})


def region(name: str, flag: str = GROUPS[1], **fields: Any) -> Region:
    """Return a region with the median indicators of the group that ``flag`` names, unless told others."""
    return Region(name=name, flag=flag, **{"indicators": group_medians(flag), **fields})  # type: ignore[arg-type]  # pydantic checks the flag


def _between(draw: st.DrawFn, name: str, low: float, high: float) -> float | int:
    if PARAMETERS[name].kind is Kind.INTEGER:
        return draw(st.integers(int(low), int(high)))
    return draw(st.floats(low, high))


@st.composite
def _values(draw: st.DrawFn) -> dict[str, float | int | str]:
    """Draw every lively quantity, and up to twelve others."""
    values: dict[str, float | int | str] = {name: _between(draw, name, *ends) for name, ends in LIVELY.items()}
    for name in draw(st.lists(st.sampled_from(_SWEPT), max_size=12, unique=True)):
        quantity = PARAMETERS[name]
        if quantity.kind is Kind.CHOICE:
            values[name] = draw(st.sampled_from(quantity.choices))
        elif quantity.sampled is not None:
            values[name] = _between(draw, name, *quantity.sampled)
    if draw(st.booleans()):
        values["frontier.ai_week"] = draw(st.integers(0, 8))
    return values


@st.composite
def _regions(draw: st.DrawFn, most: int, fewest_spaces: int) -> tuple[Region, ...]:
    found = []
    for r in range(draw(st.integers(1, most))):
        fields = draw(st.lists(st.sampled_from(list(FIELDS)), max_size=3, unique=True))
        ranges = {name: PARAMETERS[f"environment.{name}"].sampled for name in fields}
        environment = {name: draw(st.floats(*ends)) for name, ends in ranges.items() if ends is not None}
        size = {"spaces": draw(st.integers(fewest_spaces, 3)), "people": draw(st.integers(5, 60))}
        found.append(region(f"region {r}", draw(st.sampled_from(GROUPS)), environment=environment, **size))
    return tuple(found)


def _programme(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Draw what a policy does for which nobody applies."""
    cost = {"region_cost": draw(st.integers(0, 900_00))}
    levers: dict[str, dict[str, Any]] = {
        "resource_grant": {
            "equipment": draw(st.floats(0, 20)),
            "training": draw(st.integers(0, 3)),
            "desks": draw(st.integers(0, 5)),
            "match": draw(st.floats(0, 1)),
        },
        "community_grant": {"hours": draw(st.floats(0, 40)), "hour_price": draw(st.integers(0, 30_00))},
        "cluster_programme": {
            **cost,
            "density": draw(st.floats(0, 3)),
            "visitors": draw(st.floats(0, 3)),
            "demand": draw(st.floats(0, 2)),
        },
        "awareness_campaign": {
            **cost,
            "hear_spaces": draw(st.floats(0, 1)),
            "hear_schemes": draw(st.floats(0, 1)),
            "assistance": draw(st.floats(1, 5)),
        },
        "skills_programme": {
            "places": draw(st.integers(0, 5)),
            "place_price": draw(st.integers(0, 60_00)),
            "where": draw(st.sampled_from(("inside", "outside"))),
        },
    }
    if kind == "resource_grant" and draw(st.booleans()):
        return {"new_spaces": 1, "match": draw(st.floats(0, 1))}
    return levers[kind]


def _award(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Draw what people apply for."""
    levers: dict[str, dict[str, Any]] = {
        "voucher": {"amount": draw(st.integers(0, 200_00)), "redeem": draw(st.integers(0, 6))},
        "membership_subsidy": {
            "share": draw(st.floats(0.0, 1.0)),
            "amount": draw(st.none() | st.integers(0, 200_00)),
            "redeem": draw(st.integers(0, 6)),
        },
        "training_voucher": {"hours": draw(st.floats(0, 8)), "hour_price": draw(st.integers(0, 20_00))},
        "equipment_loan": {"access": draw(st.floats(0, 1)), "loan_price": draw(st.integers(0, 100_00))},
    }
    window = draw(st.sampled_from((0, 0, 1, 4)))
    statuses = st.lists(st.sampled_from(STATUSES), max_size=3, unique=True)
    occupations = st.lists(st.sampled_from(OCCUPATIONS), max_size=3, unique=True)
    return {
        **levers[kind],
        "months": draw(st.integers(1, 3)),
        "number": draw(st.sampled_from((None, 0, 1, 5, 20))),
        "award": draw(st.sampled_from(("lottery", "means"))) if window else "first-come",
        "window": window,
        "lag": draw(st.integers(0, 3)),
        "eligible": Eligibility(
            statuses=tuple(draw(statuses)), occupations=tuple(draw(occupations)), non_members=draw(st.booleans())
        ),
    }


@st.composite
def _policies(draw: st.DrawFn, most: int) -> tuple[Policy, ...]:
    found = []
    for k in range(draw(st.integers(0, most))):
        kind, start = draw(st.sampled_from(list(KINDS))), draw(st.integers(0, 4))
        levers = (_award if KINDS[kind].is_award else _programme)(draw, kind)
        end = start + max(levers.get("window", 0), 1) + draw(st.integers(0, 10))
        budget = draw(st.integers(0, 2_000_00) | st.integers(0, 50_000_00) | st.just(200_000_00))
        found.append(Policy(name=f"policy {k}", kind=kind, start=start, end=end, budget=budget, **levers))
    return tuple(found)


@st.composite
def scenarios(
    draw: st.DrawFn,
    values: Mapping[str, float | int | str] | None = None,
    on: tuple[str, ...] = (),
    off: tuple[str, ...] = (),
    regions: int = 3,
    fewest_spaces: int = 0,
    policies: int = 3,
) -> Scenario:
    """Draw a scenario; ``values`` are fixed, mechanisms ``on`` and ``off`` are not left to chance."""
    others = [name for name in MECHANISMS if name not in (*on, *OFF)]
    switched = {*off, *draw(st.lists(st.sampled_from(others), max_size=3, unique=True))}
    return with_values(
        _base(),
        burn_in_weeks=draw(st.integers(0, 6)),
        weeks=draw(st.integers(10, 18)),
        seed=draw(st.integers(0, 10_000)),
        regions=draw(_regions(regions, fewest_spaces)),
        policies=draw(_policies(policies)),
        mechanisms={name: name not in switched and (name in on or name not in OFF) for name in MECHANISMS},
        values={**draw(_values()), **(values or {})},
    )


def copied[T](columns_of: T) -> T:
    """Return a copy of a record of columns (workers, spaces, schemes, ties) as they stand."""
    names = [field.name for field in dataclasses.fields(columns_of)]  # type: ignore[arg-type]  # all are dataclasses
    now = {name: getattr(columns_of, name) for name in names}
    new = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in now.items()}
    return type(columns_of)(**new)


def by_phase(model: CoworkingModel) -> Iterator[tuple[Phase, Population]]:
    """Live all weeks, stopping after each phase; yield the phase and the workers as they stood before it."""
    world = model.world
    for _ in range(end_of(model.setup)):
        world.begin_week()
        for phase in model.phases:
            before = copied(world.workers)
            phase.step(world)
            yield phase, before
        world.end_week()


def end_of(scenario: Scenario) -> int:
    """Return the number of weeks of a run, burn-in included."""
    return scenario.burn_in_weeks + scenario.weeks


def columns(world: World, rows: slice = slice(None)) -> dict[str, NDArray[Any]]:
    """Return all columns of the workers of some rows by name."""
    return {field.name: getattr(world.workers, field.name)[rows] for field in dataclasses.fields(Population)}
