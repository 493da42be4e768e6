"""Environment of a region: fields, each a power of one indicator over what is usual, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING, Final
from zlib import crc32

from coworksim.model.parameters import PARAMETERS

from .plain_draws import STREAMS, run_key, threefry2x64

if TYPE_CHECKING:
    from coworksim.model.scenario import Region, Scenario

__all__ = ["Environment", "environment_of"]

#: field -> (its indicator, whether the scenario says how it responds: else one to one), in the order of their draws
_FIELDS: Final = {
    "catchment": ("users_per_space", False),
    "demand": ("jobs_per_head", True),
    "demand_trend": ("jobs_trend", True),
    "income_level": ("household_income", False),
    "price_level": ("desk_price", False),
    "work_training": ("work_training", True),
    "public_provision": ("public_provision", True),
    "firm_density": ("creative_share", True),
    "reach": ("people_within_30km", True),
}
_MOST_EVENTS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Environment:
    """Fields of one region, in the units that ``coworksim.model.parameters.environment`` declares."""

    catchment: float
    demand: float
    demand_trend: float
    income_level: float
    price_level: float
    work_training: float
    public_provision: float
    firm_density: float
    reach: float
    outside_access: float

    @property
    def contacts(self) -> float:
        """How many more contacts people make outside than where firms are as dense, and as many near, as usual."""
        return self.firm_density * self.reach

    @property
    def supply(self) -> float:
        """How many more events spaces hold than where as many people are near as usual."""
        return min(self.reach, _MOST_EVENTS)

    def courses(self, *, employed: bool) -> float:
        """How many more courses come along: at work for employees, by public provision for the others."""
        return self.work_training if employed else self.public_provision

    def side(self, usual: float) -> float:
        """Side of the square of homes and spaces, km: twice as many near live on half of the land."""
        return float(usual * self.reach**-0.5)


def environment_of(scenario: Scenario, region: Region) -> Environment:
    """field = base * (x/x0 * exp(gap*n))**e, cut to its limits; where there are to be no differences, base.

    The trend of demand is base + e*(x - x0 + gap*n)/100. A field that the region states itself is taken as stated.
    """
    values = scenario.values
    fields = {name: _field(scenario, region, number, name) for number, name in enumerate(_FIELDS)}
    followed = str(values["environment.outside_access_follows"])
    access = float(values["environment.outside_access"]) * (1.0 if followed == "none" else fields[followed])
    low, high = PARAMETERS["environment.outside_access"].limits
    fields["outside_access"] = float(region.environment.get("outside_access", min(max(access, low), high)))
    return Environment(**fields)


def _field(scenario: Scenario, region: Region, number: int, field: str) -> float:
    if field in region.environment:
        return float(region.environment[field])
    indicator, responds = _FIELDS[field]
    usual, figure, gap = scenario.reference[indicator], region.indicators[indicator], region.gaps.get(indicator, 0.0)
    response = float(scenario.values[f"environment.{field}_response"]) if responds else 1.0
    if scenario.values["environment.differences"] == "none":
        response = 0.0
    drawn = 0.0
    if gap > 0 and int(scenario.values["environment.draw"]) > 0:
        what = (STREAMS["environment"] << 48) + number
        key = run_key(int(scenario.values["environment.draw"]), 0)
        first = threefry2x64((crc32((region.code or region.name).encode()), what), key)[0]
        drawn = gap * NormalDist().inv_cdf(((first >> 12) + 0.5) / 2**52)
    base = float(scenario.values[f"environment.{field}"])
    if field == "demand_trend":
        value = base + response * (figure - usual + drawn) / 100
    else:
        value = base * (figure / usual * exp(drawn)) ** response
    low, high = PARAMETERS[f"environment.{field}"].limits
    return min(max(value, low), high)
