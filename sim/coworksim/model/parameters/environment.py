"""Environment fields of a region, the only place where regions differ, and the measured figures that they follow.

Each field is ``base * (x/x0)**e``, cut to its limits: ``x`` is the region's indicator, ``x0`` is such that the mean
person of the UK has the base (1 for what is relative to the nation), and ``e`` the field's response; the trend of
demand is ``base + e*(x - x0)/100``. Where no figure of a region exists, ``x`` is that of the nation, or neutral,
and is drawn around it with the spread of the figures for which it stands: ``x*exp(gap*n)``. What is measured is not
swept; how behaviour responds to it is.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from coworksim.model.parameters.parameter import Role, choice, group, integer, real


class Indicator(NamedTuple):
    """A regional figure: unit, the scale (ln or plain) on which regions are compared, and how well it is known."""

    unit: str
    scale: str
    meaning: str
    evidence: str


INDICATORS: Final = {
    "users_per_space": Indicator(
        "users/space", "ln", "people per space of the published area, times users per head of the region", "D"
    ),
    "jobs_per_head": Indicator("jobs/person", "ln", "productivity jobs per head 2021", "M"),
    "jobs_trend": Indicator("%/year", "plain", "trend of jobs 2011-2022", "M"),
    "household_income": Indicator("GBP/year", "ln", "disposable household income per head, mean of 2021-2023", "M"),
    "desk_price": Indicator("GBP/month", "ln", "median open-desk membership 2024-25, by ITL-1 region", "D"),
    "work_training": Indicator("nation = 1", "ln", "job-related training relative to the nation", "D"),
    "public_provision": Indicator("nation = 1", "ln", "publicly funded adult learners relative to the nation", "D"),
    "creative_share": Indicator("share", "ln", "creative and digital industries in GVA, mean of 2017-2021", "M"),
    "people_within_30km": Indicator("people", "ln", "residents within 30 km 2021", "M"),
}


class Field(NamedTuple):
    """Which indicator a field follows, its response as declared, and whether that is a parameter (else it is 1)."""

    indicator: str
    response: float
    is_parameter: bool


#: Every field, in the order of their draws.
FIELDS: Final[dict[str, Field]] = {}
#: What a region may set outright: every field, and outside access, which follows one of them.
OUTSIDE_ACCESS: Final = "outside_access"
#: The field that is added to, not multiplied.
TREND: Final = "demand_trend"
_E = Role.ENVIRONMENT
_AS_UK = "1 by definition: what the UK has"
_NATION = "1 by definition: what the nation has"


def _follows(field: str, indicator: str, response: float | None, most: float | None, source: str = "") -> Any:
    """Declare which indicator a field follows; how it responds is a parameter unless that is 1 by definition."""
    FIELDS[field] = Field(indicator, 1.0 if response is None else response, response is not None)
    if response is None:
        return None
    meaning = f"how {field.replace('_', ' ')} responds to {INDICATORS[indicator].meaning}"
    unit, limits = ("1/year per %/year", (0.0, 30.0)) if field == TREND else ("exponent", (0.0, 3.0))
    return real(unit, response, limits, None if most is None else (0.0, most), meaning, source, role=_E)


_follows("catchment", "users_per_space", None, None)
_demand = _follows("demand", "jobs_per_head", 0.4, 1.5, "guess: no response of demand is published")
_trend = _follows(TREND, "jobs_trend", 0.675, None, "guess; not swept: it moves totals")
_follows("income_level", "household_income", None, None)
_follows("price_level", "desk_price", None, None)
_training = _follows("work_training", "work_training", 0.5, 1.5, "half of the spread in England is sampling")
_provision = _follows("public_provision", "public_provision", 1.0, 1.5, "one to one; how behaviour follows is a guess")
_density = _follows("firm_density", "creative_share", 1.0, 1.5, "one to one; how behaviour follows is a guess")
_reach = _follows("reach", "people_within_30km", 0.3, 1.5, "guess: no response to reach is published")


# A declaration is read as the row of a table.
# fmt: off
@group("environment", 2, _E)
class EnvironmentParameters(NamedTuple):
    """What a region is like where its indicators are those of the UK, and how its fields respond to them."""

    catchment: float = real("people/space", 800, (1, 1e6), (400, 1600), "potential users per coworking space",
        "a million over 1,534 spaces; the mean over the spaces of the default frame", log=True)
    demand: float = real("relative to UK", 1.0, (0.05, 20), (0.7, 1.4), "project demand", _AS_UK, log=True)
    demand_trend: float = real("1/year", 0.0, (-0.5, 0.5), None,
        "trend of project demand (added, not multiplied)", "guess")
    income_level: float = real("relative to UK", 1.0, (0.2, 5), (0.8, 1.25), "level of fees and wages", _AS_UK,
        log=True)
    price_level: float = real("relative to UK", 1.0, (0.1, 10), (0.8, 1.3), "level of desk prices and rents",
        "CoworkingCafe 2024-25, by nation", "D", log=True)
    work_training: float = real("relative to nation", 1.0, (0.05, 20), (0.7, 1.4),
        "courses that come along for employees", _NATION, log=True)
    public_provision: float = real("relative to nation", 1.0, (0.05, 20), (0.7, 1.4),
        "publicly funded courses: what comes along for the independent", _NATION, log=True)
    firm_density: float = real("relative to UK", 1.0, (0.01, 50), (0.5, 2.0), "density of creative firms", _AS_UK,
        log=True)
    reach: float = real("relative to UK", 1.0, (0.05, 20), (0.5, 2.0),
        "people within reach: for visitors, contacts outside, events, and how near spaces are", _AS_UK, log=True)
    outside_access: float = real("share", 0.55, (0.02, 0.98), (0.35, 0.75),
        "chance that an hour of learning wanted outside a space can be used, at the mean of a nation",
        "guess: no figure exists; swept")
    outside_access_follows: int = choice("public_provision", ("public_provision", "work_training", "none"),
        "which field outside access is proportional to", "no figure of outside access exists: rivals", role=_E)
    users_by: int = choice("creative_employees", ("creative_employees", "residents", "professionals", "businesses"),
        "who counts as a potential user, for how many there are per space in each region",
        "no count of users exists: rivals; settled when a scenario is read", role=Role.CONSTANT)
    differences: int = choice("measured", ("measured", "none"),
        "whether regions differ as is measured, or all are as the UK is, but for what they set outright",
        "a world without differences shows what is chance", role=Role.CONSTANT)
    demand_response: float = _demand
    demand_trend_response: float = _trend
    work_training_response: float = _training
    public_provision_response: float = _provision
    firm_density_response: float = _density
    reach_response: float = _reach
    draw: int = integer("number", 0, (0, 2**31 - 1), (1, 1000),
        "which draw of figures that are missing (0: each is taken at its middle), and of the sample of spaces; "
        "the same for all replicates",
        "arbitrary")
# fmt: on


def response_of(field: str, values: Mapping[str, Any]) -> float:
    """Return the response of a field, by the values of a scenario.

    >>> response_of("catchment", {}), response_of("reach", {"environment.reach_response": 0.2})
    (1.0, 0.2)
    """
    return float(values[f"environment.{field}_response"]) if FIELDS[field].is_parameter else 1.0
