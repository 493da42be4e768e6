"""What a map of the UK can show: indicators and columns of built-in tables, fields of a scenario, results of a run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from coworksim.files.boundaries import tiles
from coworksim.files.built_in import data_folder
from coworksim.files.errors import InputError, Mark, Problems, echo, nearest
from coworksim.files.table_files import as_csv
from coworksim.files.uk_regions import COLUMNS, real_regions
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.report.charts.style import applied, as_png, titled
from coworksim.report.charts.uk_maps import Mapped, number, uk_map
from coworksim.report.sentences.text import capital
from coworksim.runs.parts import write_whole

if TYPE_CHECKING:
    from coworksim.model.scenario import Region, Scenario

_UNLISTED: Final = "Source: the tables of regions of coworksim, whose README says where each figure is from"
#: Whose regions stand for all: the scenario with every region.
ALL: Final = "uk-all"


@cache
def whole_uk() -> Scenario:
    """Return all regions of the UK, also those without a space in the frame, with what is missing at its middle."""
    from coworksim.files.load import load_scenario

    known = load_scenario(ALL, {"environment.draw": 0}, quiet=True)
    without = [code for code in tiles() if code not in {region.code for region in known.regions}]
    more = [region for code in without for region in load_scenario(ALL, region=code, quiet=True).regions]
    return known.model_copy(update={"regions": (*known.regions, *more)})


@cache
def _listed() -> Mapping[str, Mapping[str, str]]:
    """Return what is listed of each column of the shipped tables: year and source."""
    with (data_folder() / "regions" / "uk_indicators.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["column"]: row for row in csv.DictReader(lines, strict=True)})


def indicators() -> tuple[str, ...]:
    """Name all that a map of an indicator can show: indicators of fields, and every column of the built-in table."""
    columns = [name for place in real_regions().values() for name, value in place.columns.items() if value is not None]
    return tuple(dict.fromkeys((*INDICATORS, *columns)))


@cache
def offered() -> Mapping[str, str]:
    """Return what a map of the UK can show without a run: name -> words, fields first."""
    fields = {f"field:{name}": f"{capital(PARAMETERS[f'environment.{name}'].meaning)} (field)" for name in FIELDS}
    known = {f"indicator:{name}": capital(INDICATORS[name].meaning) for name in INDICATORS}
    columns = {f"indicator:{name}": _words(name) for name in indicators() if name not in INDICATORS}
    units = {f"indicator:{name}": column.unit for name, column in COLUMNS.items()}
    return MappingProxyType(fields | known | {key: f"{words} ({units.get(key, '')})" for key, words in columns.items()})


@cache
def of_offer(name: str) -> Mapped:
    """Return a map of all regions by a name of :func:`offered`."""
    kind, _, what = name.partition(":")
    return of_field(what, whole_uk()) if kind == "field" else of_indicator(what, whole_uk())


def _words(column: str) -> str:
    """Return what a column is called by people.

    >>> _words("gdp_per_head_gbp"), _words("jobs_trend_pct"), _words("gdp_per_head_uk100")
    ('GDP per head', 'Jobs trend', 'GDP per head')
    """
    words = [word for word in column.split("_") if word not in ("gbp", "pct", "uk100")]
    return capital(" ".join({"gdp": "GDP", "gva": "GVA", "it": "IT", "uk": "UK"}.get(word, word) for word in words))


def of_indicator(name: str, scenario: Scenario) -> Mapped:
    """Return a map of an indicator of a scenario's regions, or of a column of the built-in table. Raises InputError."""
    _check(name, indicators(), "indicator")
    if name in INDICATORS:
        values = {
            r.code: r.indicators[name] for r in scenario.regions if r.code is not None and not has_no_figure(r, name)
        }
        unit, words = INDICATORS[name].unit, INDICATORS[name].meaning
    else:
        found = {code: place.columns.get(name) for code, place in real_regions().items()}
        values = {code: value for code, value in found.items() if value is not None}
        unit, words = COLUMNS[name].unit if name in COLUMNS else "", _words(name)
    unit = _listed().get(name, {}).get("unit") or unit
    return _mapped(words, unit, _source(name), values, scenario.regions)


def _source(name: str) -> str:
    """Say where a column, or all columns behind an indicator, are from, with their years, where they are listed."""
    behind = [
        row
        for column, row in _listed().items()
        if column == name or any(field in FIELDS and FIELDS[field][0] == name for field in row["field"].split())
    ]
    said = dict.fromkeys(f"{row['source']}, {row['year']}" for row in behind)
    return f"Source: {'; '.join(said)}" if said else _UNLISTED


def of_field(name: str, scenario: Scenario) -> Mapped:
    """Return a map of an environment field of a scenario's regions, as a run would have it. Raises InputError."""
    from coworksim.model.state.spaces import environment_of

    _check(name, tuple(FIELDS), "field")
    indicator, unit = FIELDS[name][0], PARAMETERS[f"environment.{name}"].unit
    values = {r.code: environment_of(r, scenario)[name] for r in scenario.regions if r.code is not None}
    drawn = frozenset(r.code for r in scenario.regions if r.code is not None and has_no_figure(r, indicator))
    source = f"Source: coworksim, scenario {scenario.name}; follows {INDICATORS[indicator].meaning}"
    words = PARAMETERS[f"environment.{name}"].meaning
    return _mapped(words, unit, source, values, scenario.regions)._replace(drawn=drawn & {*tiles()})


def of_result(folder: Path, column: str) -> Mapped:
    """Return a map of a column of the weekly table of a run that was saved, in its last week. Raises InputError."""
    from coworksim.files.columns import about
    from coworksim.runs.simulation import Result

    found = Result.load(folder)
    series = found.series[found.series["week"] == found.series["week"].max()]
    numbers = [str(name) for name, kind in series.dtypes.items() if kind.kind in "if" and name != "week"]
    _check(column, tuple(numbers), "column of figures")
    values = by_region(series, column)
    one = about(column)
    source = f"Source: coworksim, scenario {found.scenario.name}, seed {found.seed}: one simulated run, no forecast"
    note = f"Last week of the run ({series['date'].iloc[0]:%d %B %Y})." if "date" in series else "Last week of the run."
    return _mapped(one.meaning, one.unit, source, values, found.scenario.regions, note)


def by_region(series: pd.DataFrame, column: str) -> dict[str, float]:
    """Put the groups of each region together: counts are added up, means weighted by whom they are means of.

    >>> groups = {"region_code": ["A", "A"], "people": [3, 1], "members": [0, 2]}
    >>> series = pd.DataFrame({**groups, "income_gbp_week": [4.0, 8.0], "days_per_member": [None, 2.5]})
    >>> [by_region(series, name)["A"] for name in ("members", "income_gbp_week", "days_per_member")]
    [2.0, 5.0, 2.5]
    """
    known = series[series["region_code"].notna() & series[column].notna()]
    code = known["region_code"].astype(str)
    if series[column].dtype.kind == "i":
        return {str(one): float(value) for one, value in known[column].groupby(code).sum().items()}
    weight = known["members" if column.endswith("_per_member") else "people"]
    means = (known[column] * weight).groupby(code).sum() / weight.groupby(code).sum()
    return {str(one): float(value) for one, value in means.dropna().items()}


class Row(NamedTuple):
    """A region in the table of a map; ``value`` is None where there is no figure."""

    code: str
    region: str
    left_behind: bool
    value: float | None


def table_of(shown: Mapped) -> list[Row]:
    """Return the figures as a table: the largest first, regions without a figure last."""
    rows = [
        Row(code, place.name, code in shown.left_behind, shown.values.get(code))
        for code, place in real_regions().items()
    ]
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or 0.0), row.code))


def as_shown(value: float | None) -> str:
    """Return a figure of the table for people."""
    return "no figure" if value is None else number(value)


def sentences(shown: Mapped) -> list[str]:
    """Say what the map shows, how many regions have no figure, and where it is from."""
    blank = len(tiles()) - len(shown.values)
    all_ = len(tiles())
    without = f"{blank} of {all_} regions have no figure" if blank else f"All {all_} regions have a figure"
    unit = f" ({shown.unit})" if shown.unit else ""
    if shown.drawn:
        without = f"{without}, {len(shown.drawn)} of them not of the region itself"
    counts = f"{without}; {len(shown.left_behind)} are left behind."
    return [f"{shown.title}{unit}. {counts}", *shown.notes, f"{shown.source}."]


def map_svg(shown: Mapped, form: str) -> bytes:
    """Return a map as SVG."""
    with applied():
        return titled(uk_map(shown, form), shown.title)


def map_png(shown: Mapped, form: str) -> bytes:
    """Return a map as PNG."""
    with applied():
        return as_png(uk_map(shown, form))


def write_map(shown: Mapped, form: str, file: Path) -> None:
    """Draw a map into ``file`` (.svg, .png), and write its figures beside it as .csv. Raises OSError."""
    figure = map_svg(shown, form) if file.suffix == ".svg" else map_png(shown, form)
    table = pd.DataFrame(table_of(shown)).assign(unit=shown.unit, source=shown.source)
    write_whole(file, figure)
    write_whole(file.with_suffix(".csv"), as_csv(table))


def _mapped(
    words: str, unit: str, source: str, values: Mapping[str, float], regions: Iterable[Region], note: str = ""
) -> Mapped:
    """Put together what is shown of the regions of the UK; others are counted, and the flag is that of the regions."""
    known = {code: float(value) for code, value in values.items() if code in tiles()}
    flags = {region.code: region.flag for region in regions}
    behind = frozenset(code for code, place in real_regions().items() if flags.get(code, place.flag) == "left-behind")
    away = len(values) - len(known)
    notes = [note] * bool(note) + [f"{away} regions of the scenario are not on this map."] * bool(away)
    return Mapped(capital(words), unit, source, known, behind, tuple(notes))


def has_no_figure(region: Region, indicator: str) -> bool:
    """Whether no figure of the region itself stands behind an indicator."""
    return indicator in region.gaps


def _check(name: str, known: tuple[str, ...], what: str) -> None:
    if name not in known:
        problems, close = Problems(), nearest(name, known)
        problems.add(Mark("coworksim map"), f"there is no {what} {echo(name)}", f"write {close or ', '.join(known)}")
        raise InputError(problems.listed())
