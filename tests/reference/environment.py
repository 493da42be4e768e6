"""Environment of a region: eight fields, each a plain formula of one standardised indicator."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING
from zlib import crc32

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS

from .plain_draws import STREAMS, run_key, threefry2x64

if TYPE_CHECKING:
    from coworksim.model.scenario import Region, Scenario

__all__ = ["Environment", "environment_of"]


@dataclass(frozen=True, slots=True)
class Environment:
    """Fields of one region, in the units that ``coworksim.model.parameters.environment`` declares."""

    catchment: float
    demand: float
    demand_trend: float
    income_level: float
    price_level: float
    outside_access: float
    firm_density: float


def environment_of(scenario: Scenario, region: Region) -> Environment:
    """field = base * exp(elasticity * z), cut to its limits; the trend of demand is base + elasticity * z.

    z = (T(indicator) - mean) / sd with T = ln or the identity. A field that the region states itself is taken
    as stated.
    """
    fields = {}
    spread = float(scenario.values["environment.noise"])
    key = run_key(int(scenario.values["environment.draw"]), 0)
    for number, (field, (indicator, _, _)) in enumerate(FIELDS.items()):
        if field in region.environment:
            fields[field] = float(region.environment[field])
            continue
        base = float(scenario.values[f"environment.{field}"])
        elasticity = float(scenario.values[f"environment.{field}_elasticity"])
        shift = elasticity * _standardised(scenario, region, indicator)
        noise = 0.0
        if spread > 0:
            what = (STREAMS["environment"] << 48) + number
            first = threefry2x64((crc32((region.code or region.name).encode()), what), key)[0]
            noise = spread * NormalDist().inv_cdf(((first >> 12) + 0.5) / 2**52)
        value = base + shift + noise / 10 if field == "demand_trend" else base * exp(shift + noise)
        # The model's text leaves open whether the limits cut demand_trend too. Here they do.
        low, high = PARAMETERS[f"environment.{field}"].limits
        fields[field] = min(max(value, low), high)
    return Environment(**fields)


def _standardised(scenario: Scenario, region: Region, indicator: str) -> float:
    mean, sd = scenario.reference[indicator]
    figure = region.indicators[indicator]
    return ((log(figure) if INDICATORS[indicator].scale == "ln" else figure) - mean) / sd
