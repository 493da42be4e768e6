"""Environment fields of a region, the only place where regions differ, and the indicators that they are drawn from.

Each field is ``base * exp(elasticity * z + noise)``, cut to the field's limits, with ``z`` the indicator standardised
over the 179 UK ITL-3 regions (on the scale that the indicator declares). Elasticities are guesses whose range includes
zero and the wrong sign.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from coworksim.model.parameters.parameter import Quantity, Role, integer, real

__all__ = ["FIELDS", "INDICATORS", "QUANTITIES", "Indicator"]


class Indicator(NamedTuple):
    """A regional figure: unit, and the scale (ln or plain) on which it is standardised."""

    unit: str
    scale: str
    meaning: str


INDICATORS: Final = {
    "people_per_space": Indicator(
        "people/(jobs*share**.5)", "ln", "population over the weight by which the frame shares out spaces"
    ),
    "jobs_per_head": Indicator("jobs/person", "ln", "productivity jobs per head 2021"),
    "gdp_per_head": Indicator("UK = 100", "ln", "GDP per head, mean of 2011-2021"),
    "jobs_trend": Indicator("%/year", "plain", "trend of jobs 2011-2022"),
    "creative_share": Indicator("share", "ln", "publishing, audiovisual and arts in GVA, mean of 2018-2022"),
    "digital_skills": Indicator("%", "ln", "adults with full basic digital skills 2018, by ITL-1 region"),
    "desk_price": Indicator("GBP/month", "ln", "median open-desk membership 2024-25, by ITL-1 region"),
}

#: field -> (indicator it is drawn from, default elasticity per standard deviation, half-width of its range)
FIELDS: Final = {
    "catchment": ("people_per_space", 0.20, 0.65),
    "demand": ("jobs_per_head", 0.10, 0.30),
    "demand_trend": ("jobs_trend", 0.005, 0.015),
    "income_level": ("gdp_per_head", 0.08, 0.24),
    "living_cost": ("gdp_per_head", 0.05, 0.15),
    "price_level": ("desk_price", 0.15, 0.30),
    "outside_access": ("digital_skills", 0.08, 0.24),
    "firm_density": ("creative_share", 0.20, 0.60),
}

_ONS = "indicator: ONS regional statistics (uk_itl3.csv); how it acts: guess"
_BASE: Final = (
    real("environment.catchment", "people/space", 800, (1, 1e6), "potential users per coworking space",
         Role.ENVIRONMENT, "a million over 1,534 spaces; no counts by ITL-3 region exist; swept", "G",
         (400, 1600), log=True),
    real("environment.demand", "relative to UK", 1.0, (0.05, 20), "project demand",
         Role.ENVIRONMENT, _ONS, "G", (0.7, 1.4), log=True),
    real("environment.demand_trend", "1/year", 0.0, (-0.5, 0.5), "trend of project demand (added, not multiplied)",
         Role.ENVIRONMENT, _ONS, "G", (-0.02, 0.02)),
    real("environment.income_level", "relative to UK", 1.0, (0.2, 5), "level of fees and wages",
         Role.ENVIRONMENT, _ONS, "G", (0.8, 1.25), log=True),
    real("environment.living_cost", "GBP/week", 240, (0, 5000), "cost of living of one worker",
         Role.ENVIRONMENT, "order of magnitude of household spending per adult", "G", (160, 320)),
    real("environment.price_level", "relative to UK", 1.0, (0.1, 10), "level of desk prices and rents",
         Role.ENVIRONMENT, "CoworkingCafe 2024-25, by nation", "D", (0.8, 1.3), log=True),
    real("environment.outside_access", "share", 0.55, (0.02, 0.98),
         "chance that an hour of learning wanted outside a space can be used",
         Role.ENVIRONMENT, "no regional figure of outside access exists; swept", "G", (0.35, 0.75)),
    real("environment.firm_density", "relative to UK", 1.0, (0.01, 50), "density of creative firms",
         Role.ENVIRONMENT, _ONS, "G", (0.5, 2.0), log=True),
)  # fmt: skip


def _elasticity(field: str) -> Quantity:
    indicator, default, half_width = FIELDS[field]
    return real(
        f"environment.{field}_elasticity",
        "per standard deviation",
        default,
        (-3.0, 3.0),
        f"how {field.replace('_', ' ')} follows {INDICATORS[indicator].meaning}",
        Role.ENVIRONMENT,
        "guess; the range includes zero and the wrong sign",
        "G",
        (-half_width, half_width),
    )


_NOISE: Final = (
    real("environment.noise", "ln", 0.0, (0, 2),
         "spread of what a field owes to no indicator (trend of demand: a tenth of it is added)",
         Role.ENVIRONMENT, "guess; 0 where a scenario stands for a group of regions", "G", (0.0, 0.3)),
    integer("environment.draw", "number", 1, (0, 2**31 - 1),
            "which draw of that noise, and of the sample of spaces; the same for all replicates",
            Role.ENVIRONMENT, "arbitrary", "G", (1, 1000)),
)  # fmt: skip

QUANTITIES: Final = (*_BASE, *(_elasticity(field) for field in FIELDS), *_NOISE)
