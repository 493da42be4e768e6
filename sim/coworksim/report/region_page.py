"""One region of the UK: each field against the others, how it is known, and the regions that are most like it.

The distance of two regions is that of their fields in standard deviations over the 179 regions, of logarithms but for
the trend of demand: the square root of the mean of squared differences. Fields are those of a run with all regions.
"""

import math
import statistics
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from coworksim.files.uk_regions import real_regions
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import Region
from coworksim.model.state.spaces import environment_of
from coworksim.report.charts.uk_maps import number
from coworksim.report.map_figures import has_no_figure, whole_uk
from coworksim.report.sentences.text import aligned

#: The field that is added and not multiplied, and so has no logarithm.
_PLAIN: Final = "demand_trend"
#: So many regions are named as most like another.
NEAREST: Final = 6
_LARGER: Final = "by ITL-1 region"


class FieldRow(NamedTuple):
    """A field of a region: beside the median of all, its rank (1 is the highest), and how it is known."""

    field: str
    value: float
    unit: str
    median: float
    rank: int
    follows: str
    figure: float | None
    figure_unit: str
    known: str


class Alike(NamedTuple):
    """Another region: how far away it is by all fields, in standard deviations, and the field that differs most."""

    code: str
    region: str
    distance: float
    differs_most: str


class RegionPage(NamedTuple):
    """All that is said of a region."""

    code: str
    region: str
    itl1: str
    flags: Mapping[str, str]
    fields: tuple[FieldRow, ...]
    nearest: tuple[Alike, ...]


@cache
def _fields() -> Mapping[str, Mapping[str, float]]:
    """Return the fields of every region by code."""
    world = whole_uk()
    found = {region.code: environment_of(region, world) for region in world.regions}
    return MappingProxyType({code: {name: of[name] for name in FIELDS} for code, of in found.items() if code})


@cache
def _standardised() -> Mapping[str, Mapping[str, float]]:
    """Return the same in standard deviations, of logarithms but for the trend; what is alike everywhere is 0."""
    scaled = {
        code: {name: value if name == _PLAIN else math.log(value) for name, value in of.items()}
        for code, of in _fields().items()
    }
    spread = {name: statistics.pstdev(of[name] for of in scaled.values()) or math.inf for name in FIELDS}
    return MappingProxyType({code: {name: of[name] / spread[name] for name in FIELDS} for code, of in scaled.items()})


def page_of(code: str) -> RegionPage:
    """Return what is said of a region, by its code.

    >>> page = page_of("TLC12")
    >>> page.region, len(page.nearest), {row.field for row in page.fields} == set(FIELDS)
    ('South Teesside', 6, True)
    """
    place = real_regions()[code]
    region = next(one for one in whole_uk().regions if one.code == code)
    rows = tuple(_row(code, name, region) for name in FIELDS)
    others = sorted((_alike(code, other) for other in _fields() if other != code), key=lambda one: (one[2], one[0]))
    return RegionPage(code, place.name, place.itl1, dict(region.flags), rows, tuple(others[:NEAREST]))


def _row(code: str, field: str, region: Region) -> FieldRow:
    values = [of[field] for of in _fields().values()]
    mine, name = _fields()[code][field], FIELDS[field][0]
    indicator, blank = INDICATORS[name], has_no_figure(region, name)
    known = "no figure of the region: a value stands in"
    if not blank:
        known = "of the nation or larger region" if _LARGER in indicator.meaning else "of the region"
    return FieldRow(
        field=field,
        value=mine,
        unit=PARAMETERS[f"environment.{field}"].unit,
        median=statistics.median(values),
        rank=1 + sum(value > mine for value in values),
        follows=indicator.meaning,
        figure=None if blank else region.indicators[name],
        figure_unit=indicator.unit,
        known=known,
    )


def _alike(code: str, other: str) -> Alike:
    mine, theirs = _standardised()[code], _standardised()[other]
    apart = {name: theirs[name] - mine[name] for name in FIELDS}
    distance = math.sqrt(math.fsum(gap * gap for gap in apart.values()) / len(apart))
    most = max(apart, key=lambda name: abs(apart[name]))
    more = "higher" if apart[most] > 0 else "lower"
    return Alike(other, real_regions()[other].name, distance, f"{most} {more}")


def page_text(page: RegionPage) -> str:
    """Say it in lines for a terminal."""
    behind = [rule for rule, flag in page.flags.items() if flag == "left-behind"]
    rules = f"left behind by the {' and the '.join(behind)} rule" if behind else "left behind by neither rule"
    all_ = len(_fields())
    head = ("field", "value", "UK median", f"rank of {all_}", "unit", "figure", "how it is known")
    rows: list[tuple[str, ...]] = [head]
    for row in page.fields:
        figure = "-" if row.figure is None else f"{number(row.figure)} {row.figure_unit}"
        cells = (row.field, number(row.value), number(row.median), str(row.rank), row.unit, figure, row.known)
        rows.append(cells)
    near = [("most like it", "region", "distance", "differs most in")]
    near += [(one.code, one.region, f"{one.distance:.2f}", one.differs_most) for one in page.nearest]
    return "\n".join(
        [
            f"{page.region} ({page.code}), {page.itl1}; {rules}",
            "",
            *aligned(rows),
            "",
            "Each field follows a figure:",
            *(f"  {row.field}: {row.follows}" for row in page.fields),
            "",
            *aligned(near),
            "",
            "Rank 1 is the highest. Distance: of all fields, in standard deviations over the regions.",
            "The flag is a rule of this project for the analysis; no equation of the model reads it.",
        ]
    )


def page_json(page: RegionPage) -> dict[str, Any]:
    """Return it as plain data."""
    listed = {"fields": [row._asdict() for row in page.fields], "nearest": [one._asdict() for one in page.nearest]}
    return {**page._asdict(), **listed}
