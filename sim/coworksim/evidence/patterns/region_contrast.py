"""Change what sets left-behind regions apart from the others, field by field, and nothing else of a scenario.

Fields are compared by their logarithms (the trend of demand as it is). The flag is read here to build worlds, as the
allocation of an experiment; no equation of the model reads it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS
from coworksim.model.scenario import Scenario

#: Settings under which no field follows an indicator or noise: all regions have one environment.
ALIKE: Final = MappingProxyType(
    {f"environment.{field}_elasticity": 0.0 for field in FIELDS} | {"environment.noise": 0.0}
)
#: Fields that are exchanged together when E3 is taken apart.
GROUPS: Final = MappingProxyType(
    {
        "outside access": ("outside_access",),
        "catchment": ("catchment",),
        "projects": ("demand", "demand_trend"),
        "money": ("income_level", "living_cost", "price_level"),
        "creative firms": ("firm_density",),
    }
)
_ADDED: Final = "demand_trend"


def _span(field: str) -> float:
    low, high = PARAMETERS[f"environment.{field}"].sampled or (0.0, 0.0)
    return (high - low) / 2 if field == _ADDED else math.log(high / low) / 2


#: How far left-behind regions may lie above or below the others: ln of the ratio (of the trend, the difference).
SPANS: Final = MappingProxyType({field: _span(field) for field in FIELDS})


def apart(scenario: Scenario, ratios: Mapping[str, float]) -> Scenario:
    """Return the scenario with left-behind regions moved up by half of each ratio, and the others down by half.

    ``ratios`` are ln of left-behind over other by field (of the trend of demand, the difference).
    """
    return _moved(scenario, ratios, ratios)


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
    for name in FIELDS:
        scaled = [row[name] if name == _ADDED else math.log(row[name]) for row in fields]
        one = [value for value, flagged in zip(scaled, behind, strict=True) if flagged]
        other = [value for value, flagged in zip(scaled, behind, strict=True) if not flagged]
        found[name] = math.fsum(one) / len(one) - math.fsum(other) / len(other) if one and other else 0.0
    return found


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
            shift = sign * step
            moved = fields[name] + shift if name == _ADDED else fields[name] * math.exp(shift)
            fields[name] = min(max(moved, low), high)
        regions.append(region.model_copy(update={"environment": MappingProxyType(fields)}))
    update: dict[str, Any] = {"regions": tuple(regions)}
    return scenario.model_copy(update=update)
