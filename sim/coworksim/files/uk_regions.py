"""The 179 UK ITL-3 regions: their figures and indicators, medians of groups, and the rule of being left behind."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from coworksim.files.allocation import Row
from coworksim.files.built_in import data_folder
from coworksim.files.indicator_list import columns_of
from coworksim.files.indicators import (
    PLAIN,
    USERS,
    Figures,
    Indicators,
    compared_with,
    mean_of,
    rounded,
)
from coworksim.files.shipped_tables import TableError, read_rows
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.policy import Flag
from coworksim.model.scenario import GROUPS, Region, Space


class Column(NamedTuple):
    """What a column of figures takes: unit, least, most, and whether a logarithm is taken of it."""

    unit: str
    low: float
    high: float
    log: bool = False


#: Half the UK rate of growth of jobs, and of population, in per cent a year.
HALF_UK_JOBS_TREND: Final = 0.51
HALF_UK_POPULATION_GROWTH: Final = 0.30
YEARS: Final = 11

MAY_BE_EMPTY: Final = frozenset({"home_working_share"})
TEXT: Final = ("code", "name", "itl1")
#: Column of the table of larger regions, where the figure of the UK stands in for missing ones.
DESK_PRICE: Final = PLAIN["desk_price"]
_PER_CENT: Final = Column("%", 0.001, 100, log=True)
_OF_PEOPLE: Final = Column("per 1,000 people", 0.001, 1e6, log=True)
#: Columns of the table of regions that hold figures. Limits are wide: they keep out slips and what no run survives.
COLUMNS: Final = {
    "population": Column("people", 1, 1e10, log=True),
    "jobs": Column("jobs", 1, 1e10, log=True),
    "gdp_per_head_gbp": Column("GBP", 0, 1e9),
    "gdp_per_head_uk100": Column("UK = 100", 0.01, 1e6, log=True),
    "years_gdp_below_uk": Column("years", 0, YEARS),
    "jobs_trend_pct": Column("%/year", -100, 100),
    "population_growth_pct": Column("%/year", -100, 100),
    "creative_gva_share": Column("share", 1e-6, 1, log=True),
    "telecom_it_gva_share": Column("share", 0, 1),
    "home_working_share": Column("share", 0, 1),
    DESK_PRICE: Column("GBP/month", 0.01, 1e6, log=True),
    "job_training_pct_england": _PER_CENT,
    "job_training_4wk_pct_scotland": _PER_CENT,
    "fe_learners_per_100k_england": Column("per 100,000 people", 0.001, 1e6, log=True),
    "household_income_gbp": Column("GBP/year", 0.01, 1e9, log=True),
    "businesses_per_1000_people": _OF_PEOPLE,
    "professional_occupations_pct": _PER_CENT,
    "creative_digital_gva_share": Column("share", 1e-6, 1, log=True),
    "info_arts_employees_per_1000_people": _OF_PEOPLE,
    "people_within_30km": Column("people", 1, 1e10, log=True),
}
#: Those in the table of regions that comes with the package; the others are in the tables of access and of ITL-1.
NUMBERS: Final = tuple(COLUMNS)[: tuple(COLUMNS).index(DESK_PRICE)]
#: Those that a table of regions may leave out, or leave empty in a cell: what is missing is drawn.
OPTIONAL: Final = tuple(name for name in COLUMNS if name not in NUMBERS)
#: What a scenario may write for ``regions`` instead of a list.
FRAMES: Final = {
    "uk-frame": "every ITL-3 region with its spaces in the frame",
    "uk-sample": "the regions and spaces of a sample of the frame",
}

#: Rules by which a region may be called left behind.
RULES: Final = PARAMETERS["frame.left_behind"].choices
#: Who counts as a potential user, by default.
USERS_BY: Final = str(PARAMETERS["environment.users_by"].default)


class ReadBy(NamedTuple):
    """What is chosen in a scenario, and settles how regions are read: the rule of the flag, who counts as a user."""

    rule: str
    users_by: str = USERS_BY


@dataclass(frozen=True, slots=True)
class RealRegion:
    """A region of a table, joined with its ITL-1 region. ``columns`` holds all figures as given.

    ``by_users`` has its indicators by who counts as a user. ``editions`` says which are of a newer edition, and of
    which year.
    """

    code: str
    name: str
    itl1: str
    columns: Mapping[str, float | None]
    by_users: Mapping[str, Indicators]
    editions: Mapping[str, str]

    @property
    def indicators(self) -> Mapping[str, float]:
        """Its indicators, where users are counted as by default."""
        return self.by_users[USERS_BY].values

    @property
    def gaps(self) -> Mapping[str, float]:
        """The spreads that stand for missing figures, where users are counted as by default."""
        return self.by_users[USERS_BY].gaps

    def left_behind(self, *, wide: bool = False) -> bool:
        """Apply the rule: GDP per head below the UK in all 11 years, jobs and people growing at under half its rate.

        The wide variant asks for the first and for one of the other two. The rule is ours; no equation reads it.
        """
        names = ("years_gdp_below_uk", "jobs_trend_pct", "population_growth_pct")
        years, jobs_trend, growth = (self.columns[name] or 0.0 for name in names)
        jobs, people = jobs_trend < HALF_UK_JOBS_TREND, growth < HALF_UK_POPULATION_GROWTH
        return years >= YEARS and ((jobs or people) if wide else (jobs and people))

    @property
    def flag(self) -> Flag:
        """The group to which the narrow rule assigns the region."""
        return self.flag_by("narrow")

    def flag_by(self, rule: str) -> Flag:
        """Return the group to which a rule, a choice of ``frame.left_behind``, assigns the region."""
        return GROUPS[0] if self.left_behind(wide=rule == "wide") else GROUPS[1]

    @property
    def flags(self) -> dict[str, Flag]:
        """The group to which each rule assigns the region."""
        return {rule: self.flag_by(rule) for rule in RULES}

    def region(self, read_by: ReadBy, spaces: int, own_spaces: tuple[Space, ...] = ()) -> Region:
        """Return it as a scenario has it, by what settles how regions are read."""
        same = {name: getattr(self, name) for name in ("name", "code", "flags", "editions")}
        values, gaps = self.by_users[read_by.users_by]
        flag = self.flag_by(read_by.rule)
        return Region(**same, flag=flag, spaces=spaces, own_spaces=own_spaces, indicators=values, gaps=gaps)


type Labelled = tuple[Mapping[str, str], Mapping[str, float | None]]


class RegionTable(NamedTuple):
    """Regions by code, and what their figures are compared with and drawn around."""

    regions: Mapping[str, RealRegion]
    figures: Figures

    @property
    def rows(self) -> dict[str, Row]:
        """What is known of each region, by code."""
        return {code: Row(region.itl1, region.columns) for code, region in self.regions.items()}

    def reference(self, users_by: str = USERS_BY) -> Mapping[str, float]:
        """Return what each indicator is compared with, over all regions of the table."""
        return compared_with(self.rows, self.figures, users_by)


def read_regions(folder: Path) -> RegionTable:
    """Read the tables of regions, of access and of ITL-1 regions in ``folder``. A flaw raises TableError."""
    source = "desk_price_source"
    larger = {
        text["itl1"]: (text[source], figures[DESK_PRICE] or 0.0)
        for text, figures in read_rows(folder / "uk_itl1.csv", ("itl1", source), (DESK_PRICE,))
    }
    access_columns = columns_of("uk_itl3_access")
    access_rows = read_rows(folder / "uk_itl3_access.csv", ("code",), access_columns, frozenset(access_columns))
    access = {text["code"]: figures for text, figures in access_rows}
    own = {itl1: price for itl1, (said, price) in larger.items() if "UK value" not in said}
    uk = {price for itl1, (_, price) in larger.items() if itl1 not in own}
    if len(uk) != 1:
        raise TableError(f"uk_itl1.csv: the UK values of {DESK_PRICE} are {sorted(uk)}; write one value")
    found: dict[str, Labelled] = {}
    for text, numbers in read_rows(folder / "uk_itl3.csv", TEXT, NUMBERS, MAY_BE_EMPTY):
        code = text["code"]
        if code in found:
            raise TableError(f"uk_itl3.csv: region {code} stands there twice; keep one row")
        if text["itl1"] not in larger:
            raise TableError(f"uk_itl3.csv: {code} lies in {text['itl1']!r}, which uk_itl1.csv does not list")
        if code not in access:
            raise TableError(f"uk_itl3_access.csv: region {code} is missing; write a row for it")
        found[code] = (text, {**numbers, **access[code], DESK_PRICE: own.get(text["itl1"])})
    rows = {code: Row(text["itl1"], columns) for code, (text, columns) in found.items()}
    return table_of(found, Figures.of(rows, mean_of(map(math.log, own.values()))._replace(mean=uk.pop())))


def table_of(
    labelled: Mapping[str, Labelled], figures: Figures, editions: Mapping[str, Mapping[str, str]] | None = None
) -> RegionTable:
    """Make regions of their labels and figures, by what figures are compared with and drawn around."""
    regions = {}
    for code, (text, columns) in labelled.items():
        row = Row(text["itl1"], MappingProxyType(dict(columns)))
        by_users = MappingProxyType({by: figures.indicators(code, row, by) for by in USERS})
        newer = MappingProxyType(dict((editions or {}).get(code, {})))
        regions[code] = RealRegion(code, text["name"], row.itl1, row.columns, by_users, newer)
    return RegionTable(MappingProxyType(regions), figures)


@cache
def real_table() -> RegionTable:
    """Return the 179 regions of the tables that come with the package, with what they are compared with."""
    return read_regions(data_folder() / "regions")


def real_regions() -> Mapping[str, RealRegion]:
    """Return the 179 regions of the tables that come with the package: code -> region."""
    return real_table().regions


@cache
def group_medians(group: str, users_by: str = USERS_BY) -> Mapping[str, float]:
    """Return the median of each indicator over the regions of ``group`` (left-behind: the 28; other: the 151)."""
    members = [region.by_users[users_by].values for region in real_regions().values() if region.flag == group]
    medians = {name: statistics.median(row[name] for row in members) for name in INDICATORS}
    return MappingProxyType({name: rounded(value) for name, value in medians.items()})


@cache
def reference(users_by: str = USERS_BY) -> Mapping[str, float]:
    """Return what each indicator is compared with, over the 179 regions."""
    return real_table().reference(users_by)
