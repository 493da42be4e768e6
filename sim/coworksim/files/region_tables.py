"""Regions and spaces from tables of the user's own: ``regions: {table: FILE.csv, spaces: FILE.csv}``.

The table of regions has the columns of ``uk_itl3.csv`` and, as it likes, :data:`OPTIONAL`; without it the regions are
the built-in ones. The list of spaces has one row a space. Without it each region of the table has one space; with it
only regions that have a space are in the scenario.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from coworksim.files import fields
from coworksim.files.area_codes import advice
from coworksim.files.csv_reader import MOST_BYTES, read_cells
from coworksim.files.errors import Mark, Problems, echo, printable
from coworksim.files.region_reader import LONGEST_NAME, MOST_REGIONS, Tables
from coworksim.files.uk_regions import (
    LARGER,
    MAY_BE_EMPTY,
    NUMBERS,
    TEXT,
    YEARS,
    RealRegion,
    real_regions,
    region_of,
    uk_values,
)
from coworksim.files.yaml_reader import Scalar, inside, read_bytes
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import MOST_SPACES, Region, Space


class Column(NamedTuple):
    """What a column of figures takes: unit, least, most, and whether a logarithm is taken of it."""

    unit: str
    low: float
    high: float
    log: bool = False


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
#: Columns that a table of regions may leave out.
OPTIONAL: Final = (*LARGER.values(), INCOME)
_EMPTY: Final = MAY_BE_EMPTY | set(LARGER.values())
#: Column of the list of spaces -> what of a space it gives.
SPACE_COLUMNS: Final = {"name": "name", "desks": "desks", "price_gbp_month": "price"}


def read_tables(tables: Tables, rule: str, problems: Problems) -> tuple[Region, ...]:
    """Read the tables that a scenario names; ``rule`` says which regions are left behind. Empty when refused."""
    before = len(problems)
    real = _regions(tables, tables.table, problems) if tables.table else real_regions()
    spaces = _spaces(tables, tables.spaces, real, problems) if tables.spaces else None
    if real is None or len(problems) > before:
        return ()
    return tuple(
        Region(
            name=place.name,
            code=code,
            flag=place.flag_by(rule),
            spaces=1 if spaces is None else len(spaces[code]),
            indicators=place.indicators,
            own_spaces=() if spaces is None else tuple(spaces[code]),
            uk_values=place.uk_values,
        )
        for code, place in real.items()
        if spaces is None or code in spaces
    )


def _rows(
    tables: Tables, file: Scalar, needed: tuple[str, ...], optional: tuple[str, ...], problems: Problems
) -> list[Mapping[str, Scalar]]:
    """Read a file that a scenario names; a table without rows is refused."""
    if not inside(tables.folder, file.text):
        write = "write a path that stays in the folder of this file"
        problems.add(file.mark, f"the path {echo(file.text)} leaves the folder of this file", write)
        return []
    before = len(problems)
    shown = printable(tables.shown(file.text))
    data = read_bytes(tables.folder / file.text, shown, file.mark, MOST_BYTES, problems)
    rows = read_cells(data, shown, needed, optional, problems) if data is not None else []
    if not rows and len(problems) == before:
        problems.add(Mark(shown, 1, 1), "the table has no rows", "write one line for each region or space")
    return rows


def _regions(tables: Tables, file: Scalar, problems: Problems) -> Mapping[str, RealRegion] | None:
    """Read the table of regions: code -> region; None when any row is refused."""
    return _regions_of(_rows(tables, file, (*TEXT, *NUMBERS), OPTIONAL, problems), problems)


def read_regions_table(data: bytes, file: str, problems: Problems) -> Mapping[str, RealRegion] | None:
    """Read the bytes of a table of regions, which messages call ``file``: code -> region; None when refused."""
    return _regions_of(read_cells(data, file, (*TEXT, *NUMBERS), OPTIONAL, problems), problems)


def read_spaces_table(data: bytes, file: str, problems: Problems) -> dict[str, list[Space]]:
    """Read the bytes of a list of spaces, which messages call ``file``: code -> spaces. Codes are not looked up."""
    return _spaces_of(read_cells(data, file, ("region",), tuple(SPACE_COLUMNS), problems), None, "", problems)


def _regions_of(rows: list[Mapping[str, Scalar]], problems: Problems) -> Mapping[str, RealRegion] | None:
    before = len(problems)
    if len(rows) > MOST_REGIONS:
        mark = rows[MOST_REGIONS]["code"].mark
        problems.add(mark, f"{len(rows)} regions", f"write at most {MOST_REGIONS}")
    read = [(_labels(row, problems), _figures(row, problems)) for row in rows[:MOST_REGIONS]]
    for column in ("code", "name"):
        _check_distinct(rows[:MOST_REGIONS], column, problems)
    if len(problems) > before:
        return None
    incomes = [value for _, figures in read if (value := figures.get(INCOME)) is not None]
    mean = math.fsum(incomes) / len(incomes) if incomes else 1.0
    return {labels["code"]: _region(labels, figures, mean) for labels, figures in read}


def _region(labels: Mapping[str, str], figures: Mapping[str, float | None], mean_income: float) -> RealRegion:
    """Fill in the figures of the UK, and put household income in the place of GDP per head where there is any."""
    uk = tuple(name for name, column in LARGER.items() if figures.get(column) is None)
    income = figures.get(INCOME)
    gdp = None if income is None else 100.0 * income / mean_income
    return region_of(labels, {**figures, **{LARGER[name]: uk_values()[name] for name in uk}}, uk, gdp)


def _labels(row: Mapping[str, Scalar], problems: Problems) -> dict[str, str]:
    return {name: _label(row[name], name, problems) or "" for name in TEXT}


def _label(cell: Scalar, name: str, problems: Problems) -> str | None:
    """Read text, also such as looks like a number."""
    return fields.text(Scalar(cell.mark, cell.text, plain=False), name, problems, LONGEST_NAME)


def _figures(row: Mapping[str, Scalar], problems: Problems) -> dict[str, float | None]:
    return {name: _figure(cell, name, problems) for name, cell in row.items() if name in COLUMNS}


def _figure(cell: Scalar, name: str, problems: Problems) -> float | None:
    """Read a figure within the limits of its column, or nothing where a cell may be empty."""
    if not cell.text and name in _EMPTY:
        return None
    unit, low, high, log = COLUMNS[name]
    example = next(iter(real_regions().values())).columns.get(name) or 1
    value = fields.number(cell, name, unit, problems, f"{example:.12g}")
    if value is None:
        return None
    if not low <= value <= high:
        why = ", but its logarithm is taken" if log and value <= 0 else ""
        problems.add(cell.mark, f"{name} is {value}{why}", f"write a number from {low:.12g} to {high:.12g} {unit}")
        return None
    return float(value)


def _check_distinct(rows: list[Mapping[str, Scalar]], column: str, problems: Problems) -> None:
    """Refuse a code or name that an earlier row has."""
    first: dict[str, Mark] = {}
    for cell in (row[column] for row in rows if row[column].text):
        known = first.setdefault(cell.text, cell.mark)
        if known is not cell.mark:
            found = f"a second region with the {column} {echo(cell.text)} (the first is in line {known.line})"
            problems.add(cell.mark, found, f"write each {column} once")


def _spaces(
    tables: Tables, file: Scalar, real: Mapping[str, RealRegion] | None, problems: Problems
) -> dict[str, list[Space]]:
    """Read the list of spaces: code of the region -> its spaces. Codes are not checked where there is no table."""
    rows = _rows(tables, file, ("region",), tuple(SPACE_COLUMNS), problems)
    return _spaces_of(rows, real, "this table" if tables.table else "the UK", problems)


def _spaces_of(
    rows: list[Mapping[str, Scalar]], real: Mapping[str, RealRegion] | None, whose: str, problems: Problems
) -> dict[str, list[Space]]:
    spaces: dict[str, list[Space]] = {}
    for row in rows:
        before = len(problems)
        cell = row["region"]
        here = spaces.setdefault(cell.text, [])
        if len(here) == MOST_SPACES:
            found = f"one space more than {MOST_SPACES} in {echo(cell.text)}"
            problems.add(cell.mark, found, f"write at most {MOST_SPACES} spaces in a region")
        if real is not None and cell.text not in real:
            problems.add(cell.mark, f"no region has the code {echo(cell.text)}", advice(cell.text, real, whose))
        said = {key: _said(row[name], name, key, problems) for name, key in SPACE_COLUMNS.items() if name in row}
        if len(problems) == before:
            here.append(Space(**said))
    return spaces


def _said(cell: Scalar, name: str, key: str, problems: Problems) -> Any:
    """Read what a row says of a space: None where the cell is empty."""
    if not cell.text:
        return None
    if key == "name":
        return _label(cell, name, problems)
    return fields.parameter_value(PARAMETERS[f"space.{key}"], cell, problems, name)
