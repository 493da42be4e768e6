"""Environment fields of a region, the only place where regions differ, and the indicators that they are drawn from.

Each field is ``base * exp(elasticity * z + noise)``, cut to the field's limits, with ``z`` the indicator standardised
over the 179 UK ITL-3 regions (on the scale that the indicator declares). Elasticities are guesses whose range includes
zero and the wrong sign; that of catchment is not swept, as it would change how many people there are in all.
"""

from typing import Any, Final, NamedTuple

from coworksim.model.parameters.parameter import Role, group, integer, real


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

#: field -> (indicator it is drawn from, default elasticity per standard deviation, half-width of its range, 0: none)
FIELDS: Final[dict[str, tuple[str, float, float]]] = {}
_ONS = "indicator: ONS regional statistics (uk_itl3.csv); how it acts: guess"
_E = Role.ENVIRONMENT


def _follows(field: str, indicator: str, default: float, half_width: float) -> Any:
    """Declare by how much a field follows an indicator."""
    FIELDS[field] = (indicator, default, half_width)
    meaning = f"how {field.replace('_', ' ')} follows {INDICATORS[indicator].meaning}"
    source = "guess; the range includes zero and the wrong sign" if half_width else "guess; not swept: it moves totals"
    swept = (-half_width, half_width) if half_width else None
    return real("per standard deviation", default, (-3.0, 3.0), swept, meaning, source, role=_E)


# A declaration is read as the row of a table.
# fmt: off
@group("environment", 2, _E)
class EnvironmentParameters(NamedTuple):
    """What a region is like where its indicators are those of the UK, and by how much it follows them."""

    catchment: float = real("people/space", 800, (1, 1e6), (400, 1600), "potential users per coworking space",
        "a million over 1,534 spaces; no counts by ITL-3 region exist; swept", log=True)
    demand: float = real("relative to UK", 1.0, (0.05, 20), (0.7, 1.4), "project demand", _ONS, log=True)
    demand_trend: float = real("1/year", 0.0, (-0.5, 0.5), None,
        "trend of project demand (added, not multiplied)", _ONS)
    income_level: float = real("relative to UK", 1.0, (0.2, 5), (0.8, 1.25), "level of fees and wages", _ONS, log=True)
    price_level: float = real("relative to UK", 1.0, (0.1, 10), (0.8, 1.3), "level of desk prices and rents",
        "CoworkingCafe 2024-25, by nation", "D", log=True)
    outside_access: float = real("share", 0.55, (0.02, 0.98), (0.35, 0.75),
        "chance that an hour of learning wanted outside a space can be used",
        "no regional figure of outside access exists; swept")
    firm_density: float = real("relative to UK", 1.0, (0.01, 50), (0.5, 2.0), "density of creative firms", _ONS,
        log=True)
    catchment_elasticity: float = _follows("catchment", "people_per_space", 0.20, 0.0)
    demand_elasticity: float = _follows("demand", "jobs_per_head", 0.10, 0.30)
    demand_trend_elasticity: float = _follows("demand_trend", "jobs_trend", 0.005, 0.015)
    income_level_elasticity: float = _follows("income_level", "gdp_per_head", 0.08, 0.24)
    price_level_elasticity: float = _follows("price_level", "desk_price", 0.15, 0.30)
    outside_access_elasticity: float = _follows("outside_access", "digital_skills", 0.08, 0.24)
    firm_density_elasticity: float = _follows("firm_density", "creative_share", 0.20, 0.60)
    noise: float = real("ln", 0.0, (0, 2), (0.0, 0.3),
        "spread of what a field owes to no indicator (trend of demand: a tenth of it is added)",
        "guess; 0 where a scenario stands for a group of regions")
    draw: int = integer("number", 1, (0, 2**31 - 1), (1, 1000),
        "which draw of that noise, and of the sample of spaces; the same for all replicates", "arbitrary")
