"""Untuned draws: every swept parameter over its declared range, and left-behind regions above or below the others.

What sets the kinds of regions apart is drawn by field: ``ln(left-behind / other)`` is even over [-s, s], where s is
half of ``ln(high / low)`` of the declared range of the field (of the trend of demand: the difference, half of the
range). So each field of left-behind regions lies above or below that of the others equally often, whatever the
findings; the range includes 0, and both signs. Left-behind regions are moved up by half of it and the others down by
half, so that neither is the norm; then all by one factor so that there are as many potential users as before, for the
size of a world is drawn apart. Regions do not differ otherwise in the draws, as these ratios stand in the place of what
is measured. Outside access goes with the field that it follows, unless it is moved itself.

What the scenario sets is drawn around its own value (``coworksim.statistics.around``). What the user sets is not drawn,
nor is what no run without a policy reads. Draws are points of a scrambled Sobol' sequence: those of a number are the
first of any larger number. Each has chance of its own.

Fields are compared by their logarithms (the trend of demand as it is). The flag is read here to build worlds, as the
allocation of an experiment; no equation of the model reads it.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS, Kind, Parameter
from coworksim.model.parameters.environment import FIELDS, OUTSIDE_ACCESS, TREND
from coworksim.model.scenario import PARTS, Scenario
from coworksim.statistics.design import Design, draw, run_seed
from coworksim.statistics.factors import DUMMY, Factor, factors_around, is_swept

#: Settings under which no field follows an indicator: all regions have one environment.
ALIKE: Final = MappingProxyType({"environment.differences": "none"})
#: Fields that are exchanged together when E3 is taken apart.
GROUPS: Final = MappingProxyType(
    {
        "training and provision": ("work_training", "public_provision"),
        "catchment": ("catchment",),
        "projects": ("demand", "demand_trend"),
        "money": ("income_level", "price_level"),
        "creative firms and reach": ("firm_density", "reach"),
    }
)


def _span(field: str) -> float:
    low, high = PARAMETERS[f"environment.{field}"].sampled or (0.0, 0.0)
    return (high - low) / 2 if field == TREND else math.log(high / low) / 2


#: How far left-behind regions may lie above or below the others: ln of the ratio (of the trend, the difference).
SPANS: Final = MappingProxyType({field: _span(field) for field in FIELDS})


def apart(scenario: Scenario, ratios: Mapping[str, float]) -> Scenario:
    """Return the scenario with left-behind regions moved up by half of each ratio, and the others down by half.

    ``ratios`` are ln of left-behind over other by field (of the trend of demand, the difference). Where that is of the
    catchment, all regions are moved on by one factor, so that spaces times catchment come to as much as before.
    """
    moved = _moved(scenario, ratios, ratios)
    if "catchment" not in ratios or not (after := _users(moved)):
        return moved
    back = 2.0 * math.log(_users(scenario) / after)
    return _moved(moved, {"catchment": back}, {"catchment": -back})


def alike(scenario: Scenario, fields: Iterable[str]) -> Scenario:
    """Return the scenario with left-behind regions moved to the mean of the others in these fields.

    Every region keeps its distance from the mean of its kind.
    """
    gaps = ratios_of(scenario)
    return _moved(scenario, {field: -2.0 * gaps[field] for field in fields}, {})


def ratios_of(scenario: Scenario) -> dict[str, float]:
    """Return how far apart the kinds are: mean ln by field, left-behind less other (0 where one kind is missing)."""
    from coworksim.model.state.spaces import environment_of  # with the model, which a report has no use for

    fields = [environment_of(region, scenario) for region in scenario.regions]
    behind = [region.flag == "left-behind" for region in scenario.regions]
    found = {}
    for name in (*FIELDS, OUTSIDE_ACCESS):
        scaled = [row[name] if name == TREND else math.log(row[name]) for row in fields]
        one = [value for value, flagged in zip(scaled, behind, strict=True) if flagged]
        other = [value for value, flagged in zip(scaled, behind, strict=True) if not flagged]
        found[name] = math.fsum(one) / len(one) - math.fsum(other) / len(other) if one and other else 0.0
    return found


def without_gaps(scenario: Scenario) -> Scenario:
    """Return the scenario with nothing drawn around figures that stand in for missing ones."""
    regions = (region.model_copy(update={"gaps": MappingProxyType({})}) for region in scenario.regions)
    return scenario.model_copy(update={"regions": tuple(regions)})


def _users(scenario: Scenario) -> float:
    """Return how many potential users spaces draw on, where a scenario does not say how many people there are."""
    from coworksim.model.state.spaces import environment_of

    counted = (region for region in scenario.regions if region.people is None)
    return math.fsum(region.spaces * environment_of(region, scenario)["catchment"] for region in counted)


def _moved(scenario: Scenario, up: Mapping[str, float], down: Mapping[str, float]) -> Scenario:
    """Move left-behind regions by half of ``up``, the others by half of ``down`` the other way; keep to the limits."""
    from coworksim.model.state.spaces import environment_of

    regions = []
    for region in scenario.regions:
        behind = region.flag == "left-behind"
        steps, sign = (up, 0.5) if behind else (down, -0.5)
        fields = environment_of(region, scenario)
        for name, step in steps.items():
            low, high = PARAMETERS[f"environment.{name}"].limits
            moved = fields[name] + sign * step if name == TREND else fields[name] * math.exp(sign * step)
            fields[name] = min(max(moved, low), high)
        if OUTSIDE_ACCESS not in {*steps, *region.environment}:
            del fields[OUTSIDE_ACCESS]  # it goes with the field that it follows
        regions.append(region.model_copy(update={"environment": MappingProxyType(fields)}))
    return scenario.model_copy(update={"regions": tuple(regions)})


#: Names of the ratios between kinds of regions among the inputs.
RATIO: Final = "ratio."
#: What no draw moves, as it acts through measured differences alone, or sets regions apart by chance.
_STILL: Final = (
    *ALIKE,
    "environment.users_by",
    *(f"environment.{name}_response" for name, field in FIELDS.items() if field.is_parameter),
)


class Point(NamedTuple):
    """One draw: values by name, ratios by field, its seed, and whether its shares add up to no more than 1."""

    number: int
    overrides: dict[str, Any]
    ratios: dict[str, float]
    seed: int
    feasible: bool


def ranges(scenario: Scenario, settled: Iterable[str] = ()) -> tuple[Factor, ...]:
    """Return what is drawn, and over which range; the last one is an input that nothing reads."""
    drawn = factors_around(_drawn({*settled}), scenario.values)
    ratios = [Factor(f"{RATIO}{field}", Kind.REAL, -span, span) for field, span in SPANS.items()]
    return (*drawn, *ratios, Factor(DUMMY))


def _drawn(settled: set[str]) -> list[Parameter]:
    """Return the parameters that are drawn, in their order."""
    left_out = {*settled, *_STILL}
    swept = (one for name, one in PARAMETERS.items() if is_swept(one) and name not in left_out)
    return [one for one in swept if one.group not in ("frame", "appraisal", "policies", "schemes")]


def added_since(inputs: Iterable[str]) -> list[str]:
    """Name the parameters that are drawn now, and were not among the inputs of an earlier measurement.

    >>> added_since(one.name for one in _drawn(set()) if one.group != "decay")
    ['decay.skill', 'decay.tie_weeks', 'decay.tie_floor']
    """
    known = set(inputs)
    return [one.name for one in _drawn(set()) if one.name not in known]


def ranges_hash(factors: Iterable[Factor]) -> str:
    """Return the SHA-256 of the ranges: names, limits, logarithms, choices, and what each is drawn around."""
    content = [factor.content for factor in factors]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, allow_nan=False).encode("ascii")).hexdigest()


def are_ranges(scenario: str, inputs: Iterable[str], told: str) -> bool:
    """Say whether the inputs of an earlier measurement are drawn today over the ranges whose hash it told."""
    known = {*inputs}
    return ranges_hash(one for one in ranges(load_scenario(scenario, quiet=True)) if one.name in known) == told


def design(factors: tuple[Factor, ...], number: int, seed: int, scenario: Scenario) -> Design:
    """Return the design that has the draws as its first points; its size is the next power of two."""
    size = 1 << max(number - 1, 1).bit_length()
    base = {name: float(scenario[name]) for names in PARTS for name in names}
    return draw("pawn", factors, size, seed, base=base, parts=PARTS)


def points(of: Design, number: int) -> Iterator[Point]:
    """Go through the first draws of a design."""
    for at in range(number):
        drawn: Mapping[str, Any] = of.overrides(at)
        ratios = {name.removeprefix(RATIO): float(value) for name, value in drawn.items() if name.startswith(RATIO)}
        values = {name: value for name, value in drawn.items() if not name.startswith(RATIO)}
        overrides = {**ALIKE, **values}
        yield Point(at, overrides, ratios, run_seed(of.seed, at), not bool(of.infeasible[at]))
