"""Counts of coworking spaces that have been published, by area: nations, London, and seven cities.

None is published below: a region takes the people per space of the smallest area with a count that holds it, where the
cities are taken out of their nation. Nations and London have counts of the middle of 2024, cities of the end of 2025;
so what is compared are their shares of all UK spaces of the same date.
"""

import csv
import math
import statistics
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from coworksim.files.built_in import data_folder

#: The area that all others are shares of; and London.
WHOLE: Final = "United Kingdom"
LONDON: Final = "London"
#: Definition and date of counts of nations, and of cities.
OF_NATIONS, OF_CITIES = "broad-2024", "broad-2025"
#: The definition that is narrow, in whose units people per space are given.
NARROW: Final = "narrow-2022"


class Area(NamedTuple):
    """A published count: of which area, by which definition and date, and the regions by the beginnings of codes."""

    name: str
    definition: str
    date: str
    spaces: int
    regions: tuple[str, ...]
    source: str

    def holds(self, code: str) -> bool:
        """Whether a region lies in the area."""
        return code.startswith(self.regions)


class PerSpace(NamedTuple):
    """People per space: by region that of its area; the regions that are such an area, or part of London; spread of ln.

    ``uk`` is that of the whole.
    """

    people: Mapping[str, float]
    published: frozenset[str]
    spread: float
    uk: float


@cache
def published() -> tuple[Area, ...]:
    """Return every published count.

    >>> published()[0].spaces
    1534
    """
    with (data_folder() / "regions" / "uk_spaces.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Area(row["area"], row["definition"], row["date"], int(row["spaces"]), tuple(row["regions"].split()), source)
            for row in csv.DictReader(lines, strict=True)
            if (source := row["source"])
        )


def count(area: str, definition: str) -> int | None:
    """Return the count of an area by a definition; None where none is published.

    >>> count("London", "broad-2025"), count("Leeds", "narrow-2022")
    (1200, None)
    """
    return next((one.spaces for one in published() if (one.name, one.definition) == (area, definition)), None)


@cache
def shares() -> Mapping[Area, float]:
    """Return the share of UK spaces in each area that has a count, without those of smaller areas inside.

    >>> round(sum(shares().values()), 12)
    1.0
    """
    totals = {one.definition: one.spaces for one in published() if one.name == WHOLE}
    nations = [one for one in published() if one.definition == OF_NATIONS and one.name != WHOLE]
    cities = [one for one in published() if one.definition == OF_CITIES and one.name not in (WHOLE, LONDON)]
    found = {one: one.spaces / totals[one.definition] for one in (*nations, *cities)}
    for nation in nations:
        found[nation] -= math.fsum(found[city] for city in cities if nation.holds(city.regions[0]))
    return MappingProxyType(found)


def area_of(code: str) -> Area | None:
    """Return the smallest area with a count that holds a region.

    >>> [area.name for code in ("TLD33", "TLD34", "TLI31") if (area := area_of(code))]
    ['Manchester', 'England without London', 'London']
    """
    areas = [one for one in shares() if one.holds(code)]
    return max(areas, key=lambda one: max(map(len, filter(code.startswith, one.regions))), default=None)


def people_per_space(people: Mapping[str, float]) -> PerSpace:
    """Return people per space of the area of each region; ``people`` by code of region."""
    total = count(WHOLE, NARROW) or 1
    areas = {code: area for code in people if (area := area_of(code)) is not None}
    living: dict[Area, list[float]] = {}
    for code, area in areas.items():
        living.setdefault(area, []).append(people[code])
    found = {area: math.fsum(those) / (shares()[area] * total) for area, those in living.items()}
    own = (code for code, area in areas.items() if area.name == LONDON or area.definition == OF_CITIES)
    spread = statistics.stdev(map(math.log, found.values())) if len(found) > 1 else 0.0
    uk = math.fsum(people.values()) / total
    by_region = {code: found[area] for code, area in areas.items()}
    return PerSpace(MappingProxyType(by_region), frozenset(own), spread, uk)
