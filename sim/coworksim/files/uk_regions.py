"""The 179 UK ITL-3 regions: indicators, group medians, standardisation, and the rule that calls a region left behind.

Let z standardise an indicator over the 179 regions: ``z = (T(x) - mean) / sd``, with T the natural logarithm or the
identity, as ``coworksim.model.parameters.environment.INDICATORS`` declares, and sd the population standard deviation.
"""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coworksim.files.built_in import data_folder
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.policy import Flag
from coworksim.model.scenario import GROUPS

#: Half the UK rate of growth of jobs, and of population, in per cent a year.
HALF_UK_JOBS_TREND: Final = 0.51
HALF_UK_POPULATION_GROWTH: Final = 0.30
YEARS: Final = 11

MAY_BE_EMPTY: Final = frozenset({"home_working_share"})
TEXT: Final = ("code", "name", "itl1")
NUMBERS: Final = (
    "population",
    "jobs",
    "gdp_per_head_gbp",
    "gdp_per_head_uk100",
    "years_gdp_below_uk",
    "jobs_trend_pct",
    "population_growth_pct",
    "creative_gva_share",
    "telecom_it_gva_share",
    "home_working_share",
)
#: Indicator -> its column in the table of larger regions, where the figure of the UK stands in for missing ones.
LARGER: Final = {"digital_skills": "digital_skills_pct", "desk_price": "desk_price_gbp"}
_UK_VALUE: Final = "UK value"
_ITL1_TEXT: Final = ("itl1", "digital_skills_source", "desk_price_source")
_ITL1_NUMBERS: Final = tuple(LARGER.values())


class TableError(ValueError):
    """A regional table is not as declared."""


@dataclass(frozen=True, slots=True)
class RealRegion:
    """A row of the table of ITL-3 regions, joined with its ITL-1 region. ``columns`` holds all figures as given.

    ``uk_values`` names the indicators for which the figure of the UK stands in.
    """

    code: str
    name: str
    itl1: str
    columns: Mapping[str, float | None]
    indicators: Mapping[str, float]
    years_gdp_below_uk: float
    jobs_trend_pct: float
    population_growth_pct: float
    uk_values: tuple[str, ...] = ()

    def left_behind(self, *, wide: bool = False) -> bool:
        """Apply the rule: GDP per head below the UK in all 11 years, jobs and people growing at under half its rate.

        The wide variant asks for the first and for one of the other two. The rule is ours; no equation reads it.
        """
        poor = self.years_gdp_below_uk >= YEARS
        jobs = self.jobs_trend_pct < HALF_UK_JOBS_TREND
        people = self.population_growth_pct < HALF_UK_POPULATION_GROWTH
        return poor and ((jobs or people) if wide else (jobs and people))

    @property
    def flag(self) -> Flag:
        """The group to which the narrow rule assigns the region."""
        return self.flag_by("narrow")

    def flag_by(self, rule: str) -> Flag:
        """Return the group to which a rule, a choice of ``frame.left_behind``, assigns the region."""
        return GROUPS[0] if self.left_behind(wide=rule == "wide") else GROUPS[1]


def read_regions(folder: Path) -> Mapping[str, RealRegion]:
    """Read ``uk_itl3.csv`` and ``uk_itl1.csv`` in ``folder``: code -> region. A flaw raises TableError."""
    larger = {row[0]["itl1"]: row for row in _rows(folder / "uk_itl1.csv", _ITL1_TEXT, _ITL1_NUMBERS)}
    regions: dict[str, RealRegion] = {}
    for text, numbers in _rows(folder / "uk_itl3.csv", TEXT, NUMBERS):
        if text["code"] in regions:
            raise TableError(f"uk_itl3.csv: region {text['code']} stands there twice; keep one row")
        if text["itl1"] not in larger:
            raise TableError(f"uk_itl3.csv: {text['code']} lies in {text['itl1']!r}, which uk_itl1.csv does not list")
        sources, figures = larger[text["itl1"]]
        uk = [name for name in LARGER if _UK_VALUE in sources[f"{name}_source"]]
        regions[text["code"]] = region_of(text, {**numbers, **figures}, tuple(uk))
    return MappingProxyType(regions)


def region_of(
    text: Mapping[str, str], figures: Mapping[str, float | None], uk: tuple[str, ...], gdp: float | None = None
) -> RealRegion:
    """Make a region of its labels and figures; ``gdp`` replaces the mean of GDP per head, UK = 100."""
    known = {name: value for name, value in figures.items() if value is not None}
    indicators = {
        "people_per_space": known["population"] / (known["jobs"] * math.sqrt(known["creative_gva_share"])),
        "jobs_per_head": known["jobs"] / known["population"],
        "gdp_per_head": known["gdp_per_head_uk100"] if gdp is None else gdp,
        "jobs_trend": known["jobs_trend_pct"],
        "creative_share": known["creative_gva_share"],
        "digital_skills": known["digital_skills_pct"],
        "desk_price": known["desk_price_gbp"],
    }
    return RealRegion(
        text["code"],
        text["name"],
        text["itl1"],
        MappingProxyType(dict(figures)),
        MappingProxyType({name: indicators[name] for name in INDICATORS}),
        known["years_gdp_below_uk"],
        known["jobs_trend_pct"],
        known["population_growth_pct"],
        uk,
    )


def _rows(
    path: Path, text: tuple[str, ...], numbers: tuple[str, ...]
) -> list[tuple[dict[str, str], dict[str, float | None]]]:
    """Read a table with exactly the named columns, in any order."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        if set(reader.fieldnames or ()) != {*text, *numbers}:
            raise TableError(f"{path.name}:1: columns {reader.fieldnames}; write {[*text, *numbers]}")
        rows = []
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise TableError(f"{where}: not as many cells as columns; write {len(reader.fieldnames or ())}")
            labels = {name: _label(row[name], f"{where}: {name}") for name in text}
            rows.append((labels, {name: _figure(row[name], name, where) for name in numbers}))
    return rows


def _label(cell: str, where: str) -> str:
    if not cell.strip():
        raise TableError(f"{where} is empty; write the text")
    return cell


def _figure(cell: str, column: str, where: str) -> float | None:
    """Read a cell: a finite number, or nothing where the column may be empty."""
    if not cell and column in MAY_BE_EMPTY:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TableError(f"{where}: {column} is {cell!r}; write a number")
    return value


@cache
def real_regions() -> Mapping[str, RealRegion]:
    """Return the regions of the tables that come with the package: code -> region.

    >>> len(real_regions()), sum(r.left_behind() for r in real_regions().values())
    (179, 28)
    >>> sum(r.left_behind(wide=True) for r in real_regions().values())
    64
    """
    return read_regions(data_folder() / "regions")


@cache
def uk_values() -> Mapping[str, float]:
    """Return the figure of the UK for each indicator that some larger regions have no figure of.

    >>> dict(uk_values())
    {'digital_skills': 79.0, 'desk_price': 157.0}
    """
    found = {}
    for name in LARGER:
        values = {region.indicators[name] for region in real_regions().values() if name in region.uk_values}
        if len(values) != 1:
            raise TableError(f"uk_itl1.csv: the UK values of {LARGER[name]} are {sorted(values)}; write one value")
        found[name] = values.pop()
    return MappingProxyType(found)


@cache
def group_medians(group: str) -> Mapping[str, float]:
    """Return the median of each indicator over the regions of ``group`` (left-behind: the 28; other: the 151).

    >>> group_medians("left-behind")["creative_share"], group_medians("other")["creative_share"]
    (0.00405, 0.0077)
    """
    members = [region.indicators for region in real_regions().values() if region.flag == group]
    medians = {name: statistics.median(row[name] for row in members) for name in INDICATORS}
    return MappingProxyType({name: _rounded(value) for name, value in medians.items()})


@cache
def reference() -> Mapping[str, tuple[float, float]]:
    """Return (mean, sd) of each indicator on its scale over the 179 regions, to 12 significant digits.

    The rounding (here and of the medians) keeps the digest of a scenario the same where logarithms differ in the
    last bit.
    """
    found = {}
    for name, indicator in INDICATORS.items():
        values = [region.indicators[name] for region in real_regions().values()]
        scaled = [math.log(value) for value in values] if indicator.scale == "ln" else values
        mean = math.fsum(scaled) / len(scaled)
        sd = math.sqrt(math.fsum((value - mean) ** 2 for value in scaled) / len(scaled))
        found[name] = (_rounded(mean), _rounded(sd))
    return MappingProxyType(found)


def _rounded(value: float) -> float:
    return float(f"{value:.12g}")
