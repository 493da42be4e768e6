"""Newer figures in the place of older ones: a table of codes, years and columns that a user brings."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from coworksim.files.allocation import Row
from coworksim.files.area_codes import advice
from coworksim.files.errors import Problems, echo
from coworksim.files.indicators import Figures, indicators_of_column
from coworksim.files.uk_regions import COLUMNS, DESK_PRICE, Labelled, RegionTable, table_of
from coworksim.files.yaml_reader import Scalar

_YEARS: Final = re.compile(r"[12][0-9]{3}(-[12][0-9]{3})?")
#: Newer figures: code -> column -> year and figure.
type Newer = dict[str, dict[str, tuple[str, float]]]


def with_editions(
    table: RegionTable,
    rows: Iterable[Mapping[str, Scalar]],
    figure: Callable[[Scalar, str, Problems], float | None],
    is_built_in: bool,
    problems: Problems,
) -> RegionTable:
    """Return a table with the newer figures of ``rows``, each cell read by ``figure``; as it is where one is refused.

    For the built-in table what figures are compared with is worked out anew, too.
    """
    before = len(problems)
    newer: Newer = {}
    for row in rows:
        code, year = row["code"], _year(row["year"], problems)
        if code.text not in table.regions:
            whose = "the UK" if is_built_in else "this table"
            found = f"no region has the code {echo(code.text)}"
            problems.add(code.mark, found, advice(code.text, table.regions, whose))
            continue
        mine = newer.setdefault(code.text, {})
        for name in (name for name in COLUMNS if name in row and row[name].text):
            value = figure(row[name], name, problems)
            if name in mine:
                problems.add(row[name].mark, f"a second {name} of {code.text}", "keep one")
            elif value is not None and year is not None:
                mine[name] = (year, value)
    return table if len(problems) > before else _renewed(table, newer, is_built_in)


def _year(cell: Scalar, problems: Problems) -> str | None:
    if _YEARS.fullmatch(cell.text):
        return cell.text
    problems.add(cell.mark, f"year is {echo(cell.text)}", "write a year such as 2025, or the first and last: 2023-2025")
    return None


def _renewed(table: RegionTable, newer: Newer, is_built_in: bool) -> RegionTable:
    """Return a table with newer figures."""
    labelled: dict[str, Labelled] = {}
    editions = {}
    for code, place in table.regions.items():
        mine = newer.get(code, {})
        columns = {**place.columns, **{name: value for name, (_, value) in mine.items()}}
        labelled[code] = ({"code": code, "name": place.name, "itl1": place.itl1}, columns)
        years = ((indicator, year) for name, (year, _) in mine.items() for indicator in indicators_of_column(name))
        editions[code] = {**place.editions, **dict(years)}
    figures = table.figures
    if is_built_in:
        rows = {code: Row(text["itl1"], columns) for code, (text, columns) in labelled.items()}
        figures = Figures.of(rows, figures.around[DESK_PRICE][""])
    return table_of(labelled, figures, editions)
