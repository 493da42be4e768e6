"""Every column of the shipped tables of regions: which field it moves, of which year it is, from where, how sure."""

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from coworksim.files.built_in import data_folder


class Listed(NamedTuple):
    """A column. ``field`` names the fields that it moves (none: it is context), ``when`` who counts as a user then."""

    column: str
    table: str
    field: str
    when: str
    unit: str
    year: str
    source: str
    coverage: str
    quality: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the environment that it moves."""
        return tuple(self.field.split())


@cache
def listed() -> Mapping[str, Listed]:
    """Return the columns by name.

    >>> listed()["household_income_gbp"].year
    '2021-2023'
    """
    with (data_folder() / "regions" / "uk_indicators.csv").open(encoding="utf-8", newline="") as lines:
        found = [Listed(**row) for row in csv.DictReader(lines, strict=True)]
    return MappingProxyType({one.column: one for one in found})


def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of figures of a shipped table.

    >>> columns_of("uk_itl1")
    ('desk_price_gbp',)
    """
    return tuple(one.column for one in listed().values() if one.table == table)
