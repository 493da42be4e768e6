"""Environments of regions, built from indicators; nothing else tells one region from another.

The left-behind flag is kept by the scenario for analysis; no array here holds it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import Region, Scenario
from coworksim.model.state.people import ORDINAL_BITS
from coworksim.model.state.record import Record
from coworksim.model.state.rng import ENVIRONMENT, normal, run_key, uniform, word


@dataclass(frozen=True, slots=True)
class Regions(Record):
    """One entry per region, in the order of the scenario; units as declared in ``environment.*``."""

    names: tuple[str, ...]
    catchment: NDArray[np.float64]
    demand: NDArray[np.float64]
    demand_trend: NDArray[np.float64]
    income_level: NDArray[np.float64]
    living_cost: NDArray[np.float64]
    price_level: NDArray[np.float64]
    outside_access: NDArray[np.float64]
    firm_density: NDArray[np.float64]
    first_row: NDArray[np.int64]  # (regions + 1) where the rows of a region's people begin

    @classmethod
    def of(cls, scenario: Scenario) -> Regions:
        """Build the environments of a scenario."""
        environments = [environment_of(region, scenario) for region in scenario.regions]
        columns = {name: np.array([place[name] for place in environments]) for name in FIELDS}
        first_row = np.cumsum([0, *_people(scenario, columns["catchment"])], dtype=np.int64)
        return cls(names=tuple(region.name for region in scenario.regions), first_row=first_row, **columns)


def _people(scenario: Scenario, catchment: NDArray[np.float64]) -> list[int]:
    """Return how many people each region has: as the scenario says, or spaces times catchment.

    Raises ValueError when a region has more people than keys.
    """
    counts = [
        region.people if region.people is not None else max(1, math.floor(region.spaces * drawn + 0.5))
        for region, drawn in zip(scenario.regions, catchment.tolist(), strict=True)
    ]
    most = 1 << ORDINAL_BITS
    for region, count in zip(scenario.regions, counts, strict=True):
        if count > most:
            raise ValueError(
                f"region {region.name} has {count:,} people, and {most:,} is the most; split it or set `people`"
            )
    return counts


def standardised(indicator: str, value: float, reference: Mapping[str, tuple[float, float]]) -> float:
    """Return z of an indicator's value over the reference regions, on the indicator's own scale."""
    mean, spread = reference[indicator]
    on_scale = math.log(value) if INDICATORS[indicator].scale == "ln" else value
    return (on_scale - mean) / spread


def environment_of(region: Region, scenario: Scenario) -> dict[str, float]:
    """Return every environment field of one region.

    ``field = base * exp(elasticity * z + noise)``, cut to the declared limits; demand_trend is
    ``base + elasticity * z + noise/10``. The noise follows the region's code, or name, whoever else is there.
    A field that the scenario sets for the region replaces the rule.
    """
    fields: dict[str, float] = {}
    spread, draw = float(scenario["environment.noise"]), run_key(int(scenario["environment.draw"]))
    who = np.uint64(zlib.crc32((region.code or region.name).encode()))
    for at, (name, (indicator, _, _)) in enumerate(FIELDS.items()):
        quantity = PARAMETERS[f"environment.{name}"]
        base, elasticity = float(scenario[quantity.name]), float(scenario[f"{quantity.name}_elasticity"])
        z = standardised(indicator, region.indicators[indicator], scenario.reference)
        noise = spread * normal(uniform(np.uint64(word(draw, who, ENVIRONMENT, 0, at)))) if spread else 0.0
        trend = name == "demand_trend"
        value = base + elasticity * z + noise / 10 if trend else base * math.exp(elasticity * z + noise)
        value = min(max(value, quantity.limits[0]), quantity.limits[1])
        fields[name] = region.environment.get(name, value)
    return fields
