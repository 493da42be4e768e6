"""The 179 UK ITL-3 regions: indicators, medians, standardisation, the rule of being left behind, the frame of spaces.

Let z standardise an indicator over the 179 regions: ``z = (T(x) - mean) / sd``, with T the natural logarithm or the
identity, as ``coworksim.model.parameters.environment.INDICATORS`` declares, and sd the population standard deviation.
"""

import csv
import math
import statistics
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from coworksim.files.built_in import data_folder
from coworksim.files.fields import number_text
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.policy import Flag
from coworksim.model.scenario import GROUPS, MOST_SPACES, Region, Space


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
#: Indicator -> its column in the table of larger regions, where the figure of the UK stands in for missing ones.
LARGER: Final = {"digital_skills": "digital_skills_pct", "desk_price": "desk_price_gbp"}
INCOME: Final = "household_income_gbp"
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
    "digital_skills_pct": Column("%", 1, 100, log=True),
    "desk_price_gbp": Column("GBP/month", 0.01, 1e6, log=True),
    INCOME: Column("GBP", 0.01, 1e9, log=True),
}
#: Those in the table of regions that comes with the package.
NUMBERS: Final = tuple(name for name in COLUMNS if name not in (*LARGER.values(), INCOME))
LONDON: Final = "London"
#: What a scenario may write for ``regions`` instead of a list.
FRAMES: Final = {
    "uk-frame": "every ITL-3 region with its spaces in the frame",
    "uk-sample": "the regions and spaces of a sample of the frame",
}

#: Rules by which a region may be called left behind.
RULES: Final = PARAMETERS["frame.left_behind"].choices


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
    uk_values: tuple[str, ...] = ()

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

    def region(self, rule: str, spaces: int, own_spaces: tuple[Space, ...] = ()) -> Region:
        """Return it as a scenario has it, flagged by a rule."""
        same = {name: getattr(self, name) for name in ("name", "code", "indicators", "uk_values", "flags")}
        return Region(**same, flag=self.flag_by(rule), spaces=spaces, own_spaces=own_spaces)


def read_regions(folder: Path) -> Mapping[str, RealRegion]:
    """Read ``uk_itl3.csv`` and ``uk_itl1.csv`` in ``folder``: code -> region. A flaw raises TableError."""
    labels = ("itl1", *(f"{name}_source" for name in LARGER))
    larger = {row[0]["itl1"]: row for row in _rows(folder / "uk_itl1.csv", labels, tuple(LARGER.values()))}
    regions: dict[str, RealRegion] = {}
    for text, numbers in _rows(folder / "uk_itl3.csv", TEXT, NUMBERS):
        if text["code"] in regions:
            raise TableError(f"uk_itl3.csv: region {text['code']} stands there twice; keep one row")
        if text["itl1"] not in larger:
            raise TableError(f"uk_itl3.csv: {text['code']} lies in {text['itl1']!r}, which uk_itl1.csv does not list")
        sources, figures = larger[text["itl1"]]
        uk = [name for name in LARGER if "UK value" in sources[f"{name}_source"]]
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
    ordered = MappingProxyType({name: indicators[name] for name in INDICATORS})
    return RealRegion(text["code"], text["name"], text["itl1"], MappingProxyType(dict(figures)), ordered, uk)


def _rows(
    path: Path, text: tuple[str, ...], numbers: tuple[str, ...]
) -> list[tuple[dict[str, str], dict[str, float | None]]]:
    """Read a table with exactly the named columns, in any order."""
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        if set(reader.fieldnames or ()) != {*text, *numbers}:
            raise TableError(f"{path.name}:1: columns {reader.fieldnames}; write {[*text, *numbers]}")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise TableError(f"{where}: not as many cells as columns; write {len(reader.fieldnames or ())}")
            if empty := [name for name in text if not row[name].strip()]:
                raise TableError(f"{where}: {empty[0]} is empty; write the text")
            figures = {name: _figure(row[name], name, where) for name in numbers}
            rows.append(({name: row[name] for name in text}, figures))
    return rows


def _figure(cell: str, column: str, where: str) -> float | None:
    """Read a cell: a finite number, or nothing where the column may be empty."""
    if not cell and column in MAY_BE_EMPTY:
        return None
    value = number_text(cell)
    if value is None or not math.isfinite(value):
        raise TableError(f"{where}: {column} is {cell!r}; write a number")
    return float(value)


@cache
def real_regions() -> Mapping[str, RealRegion]:
    """Return the 179 regions of the tables that come with the package: code -> region."""
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
    """Return the median of each indicator over the regions of ``group`` (left-behind: the 28; other: the 151)."""
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


def frame_regions(part: str, values: Mapping[str, Any]) -> tuple[Region, ...]:
    """The synthetic frame of UK coworking spaces: how many there are in each ITL-3 region, and a sample of them.

    No counts by region are published. London gets its declared share of the spaces; inside London, and in the rest of
    the UK, spaces follow ``population**a * jobs**b * creative_share**c`` by largest remainders, at most as many in a
    region as it has keys for. The sample goes through all spaces in an order drawn by lot and takes each that lies in
    a region already sampled, or in a new one while fewer regions than declared are in it.
    """
    exponents = (float(values[f"frame.{name}_exponent"]) for name in ("population", "jobs", "creative"))
    spaces = allocated(int(values["frame.spaces"]), float(values["frame.london_share"]), *exponents)
    if part == "uk-sample":
        sizes = (int(values[name]) for name in ("frame.responding", "frame.regions", "environment.draw"))
        spaces = sampled(tuple(spaces.items()), *sizes)
    rule = str(values["frame.left_behind"])
    return tuple(real_regions()[code].region(rule, count) for code, count in spaces.items() if count > 0)


@cache
def allocated(spaces: int, london_share: float, people: float, jobs: float, creative: float) -> Mapping[str, int]:
    """Return how many spaces of the frame lie in each region: code -> number."""
    real = real_regions()

    def weight(region: RealRegion) -> float:
        x = {name: value for name, value in region.columns.items() if value is not None}
        return float(x["population"] ** people * x["jobs"] ** jobs * x["creative_gva_share"] ** creative)

    inside = int(spaces * london_share + 0.5)
    counts = dict.fromkeys(real, 0)
    for part, number in ((True, inside), (False, spaces - inside)):
        codes = [code for code, region in real.items() if (region.itl1 == LONDON) is part]
        counts |= _shared_out(number, {code: weight(real[code]) for code in codes})
    return MappingProxyType(counts)


def _shared_out(number: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Share out by largest remainders; what a full region cannot take goes to the others.

    >>> _shared_out(100, {"a": 9.0, "b": 1.0, "c": 1.0})
    {'a': 82, 'b': 9, 'c': 9}
    """
    counts = dict.fromkeys(weights, 0)
    while (left := number - sum(counts.values())) > 0:
        free = [code for code in weights if counts[code] < MOST_SPACES]
        if not free:
            raise ValueError(f"{number} spaces are more than {len(weights)} regions have room for")
        total = sum(weights[code] for code in free)
        exact = {code: min(left * weights[code] / total, MOST_SPACES - counts[code]) for code in free}
        for code in free:
            counts[code] += int(exact[code])
        rest = number - sum(counts.values())
        remainders = sorted(free, key=lambda code: (int(exact[code]) - exact[code], code))
        for code in [code for code in remainders if counts[code] < MOST_SPACES][:rest]:
            counts[code] += 1
    return counts


@cache
def sampled(frame: tuple[tuple[str, int], ...], spaces: int, regions: int, draw: int) -> Mapping[str, int]:
    """Draw spaces of the frame: code -> number in the sample. Fewer come where the frame has no more."""
    import numpy as np

    from coworksim.model.state.rng import FRAME, run_key, word

    run = run_key(draw)
    lots = sorted(
        (int(word(run, np.uint64(zlib.crc32(code.encode())), FRAME, 0, k)), code)
        for code, count in frame
        for k in range(count)
    )
    counts: dict[str, int] = {}
    for _, code in lots:
        if sum(counts.values()) < spaces and (code in counts or len(counts) < regions):
            counts[code] = counts.get(code, 0) + 1
    return MappingProxyType({code: counts[code] for code, _ in frame if code in counts})
