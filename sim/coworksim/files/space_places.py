"""Where the spaces of a list lie: by region, by coordinates, or by the name of a place; never by a guess."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from coworksim.files import fields
from coworksim.files.area_codes import advice, places_like, region_of_code
from coworksim.files.boundaries import TOLERANCE, Lies, lies
from coworksim.files.errors import Mark, Problems, echo
from coworksim.files.national_grid import to_grid
from coworksim.files.uk_regions import RealRegion, real_regions
from coworksim.files.yaml_reader import Scalar

type Row = Mapping[str, Scalar]

_DEGREES: Final = ("longitude", "latitude")
_METRES: Final = ("easting", "northing")
#: Columns that say where a space is, in the order in which they are looked at; those of a pair belong together.
WAYS: Final = (("region",), _DEGREES, _METRES, ("place",), ("postcode",))
PLACE_COLUMNS: Final = tuple(column for way in WAYS for column in way)
#: What to write where none of them will do.
WRITE: Final = "write its region, its longitude and latitude, its easting and northing, or its place"
#: The UK in degrees and in metres, with some sea around it: from west to east, from south to north.
_WEST_EAST, _SOUTH_NORTH = (-9.5, 2.5), (49.0, 61.5)
_GRID: Final = (0.0, 700_000.0), (0.0, 1_250_000.0)
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}([0-9][0-9A-Z]?( *[0-9][A-Z]{2})?)?")
#: Two spaces within so many metres may be one.
SAME_PLACE: Final = 25.0
#: So many lines are named.
_FEW: Final = 12


class Places:
    """Puts the rows of a list onto regions, and tells of the whole list what is to be known of it."""

    def __init__(self, real: Mapping[str, RealRegion] | None, whose: str, problems: Problems) -> None:
        """``real``: the regions that there are, of ``whose`` table; without them codes are not looked up."""
        self._real, self._whose, self._problems = real, whose, problems
        self._border: list[Mark] = []
        self._coast: list[Mark] = []
        self._points: dict[tuple[int, int], list[tuple[float, float, int]]] = {}

    def region(self, row: Row) -> str | None:
        """Return the code of the region in which a row lies; None where it is refused."""
        said = [way for way in WAYS if any(row[column].text for column in way if column in row)]
        if not said:
            mark = next(iter(row.values())).mark
            if "region" in row:
                self._unknown(row["region"])
            else:
                self._problems.add(mark, "nothing says where this space is", WRITE)
            return None
        way, point = said[0], self._point(row, said)
        if way == ("region",):
            return self._by_code(row, point)
        if way in (_DEGREES, _METRES):
            return None if point is None else self._by_point(row, way, point)
        return self._by_name(row[way[0]], postcode=way == ("postcode",))

    def near(self, row: Row) -> tuple[float, int] | None:
        """Return the distance in metres and the line of an earlier row at the same place; None where there is none."""
        point = self._point(row, [way for way in WAYS if all(column in row and row[column].text for column in way)])
        if point is None:
            return None
        east, north = (int(metres // SAME_PLACE) for metres in point)
        around = [self._points.get((east + i, north + j), []) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        gaps = [(((point[0] - x) ** 2 + (point[1] - y) ** 2) ** 0.5, line) for cell in around for x, y, line in cell]
        self._points.setdefault((east, north), []).append((*point, next(iter(row.values())).mark.line))
        return min((gap for gap in gaps if gap[0] <= SAME_PLACE), default=None)

    def tell(self) -> None:
        """Say how many rows lie so near to a border that they may belong to its other side."""
        km = f"{TOLERANCE / 1000:g} km"
        simple = f"boundaries here are simplified by up to {km}"
        for marks, what in (
            (self._border, f"within {km} of another region"),
            (self._coast, "a little outside the boundaries, and are taken for the nearest region"),
        ):
            if marks:
                lines = ", ".join(str(mark.line) for mark in marks[:_FEW])
                more = f" and {len(marks) - _FEW} more" if len(marks) > _FEW else ""
                count = "1 space lies" if len(marks) == 1 else f"{len(marks)} spaces lie"
                found = f"{count} {what} (line{'s' if len(marks) > 1 else ''} {lines}{more}): {simple}"
                self._problems.warn(marks[0], f"{found}; write the region of those that you know better")

    def _point(self, row: Row, said: Sequence[tuple[str, ...]]) -> tuple[float, float] | None:
        """Return easting and northing in metres, where a row has coordinates that can be meant."""
        for way in (way for way in (_DEGREES, _METRES) if way in said):
            cells = [row[column] for column in way if column in row]
            if len(cells) < 2 or not all(cell.text for cell in cells):
                self._problems.add(cells[0].mark, f"one of {way[0]} and {way[1]} is missing", "write both")
                return None
            unit = "degrees" if way == _DEGREES else "m"
            read = [fields.number(*one, unit, self._problems, 0) for one in zip(cells, way, strict=True)]
            if None in read:
                return None
            first, second = (float(value) for value in read if value is not None)
            return self._degrees(cells[0].mark, first, second) if way == _DEGREES else (first, second)
        return None

    def _degrees(self, mark: Mark, longitude: float, latitude: float) -> tuple[float, float] | None:
        if _in(longitude, _WEST_EAST) and _in(latitude, _SOUTH_NORTH):
            return to_grid(longitude, latitude)
        found = f"longitude {longitude:.12g} and latitude {latitude:.12g}"
        if _in(latitude, _WEST_EAST) and _in(longitude, _SOUTH_NORTH):
            write = f"write longitude {latitude:.12g} and latitude {longitude:.12g}"
            self._problems.add(mark, f"{found} are swapped", write)
        elif abs(longitude) > 180 or abs(latitude) > 90:
            self._problems.add(mark, f"{found} are no degrees", "put metres of the National Grid in easting, northing")
        else:
            write = "write degrees, longitude from -8.7 to 1.8 and latitude from 49.8 to 60.9"
            self._problems.add(mark, f"{found} are not in the UK", write)
        return None

    def _by_code(self, row: Row, point: tuple[float, float] | None) -> str | None:
        cell = row["region"]
        if self._real is not None and cell.text not in self._real:
            self._unknown(cell)
            return None
        if point is not None and cell.text in real_regions():
            found = lies(*point)
            if cell.text not in (found.region, *found.near):
                self._problems.warn(cell.mark, f"the coordinates of this space lie in {_named(found.nearest)}")
        return cell.text

    def _unknown(self, cell: Scalar) -> None:
        known = real_regions() if self._real is None else self._real
        self._problems.add(
            cell.mark, f"no region has the code {echo(cell.text)}", advice(cell.text, known, self._whose)
        )

    def _by_point(self, row: Row, way: tuple[str, ...], point: tuple[float, float]) -> str | None:
        mark, found = row[way[0]].mark, lies(*point)
        if found.region is None and found.metres > TOLERANCE:
            self._outside(row, way, point, found)
            return None
        if found.region is None:
            self._coast.append(mark)
        elif found.near:
            self._border.append(mark)
        return self._known(mark, found.nearest)

    def _known(self, mark: Mark, code: str) -> str | None:
        """Return a code that is in the table of regions."""
        if self._real is None or code in self._real:
            return code
        self._problems.add(mark, f"this space lies in {_named(code)}, which {self._whose} does not have", WRITE)
        return None

    def _outside(self, row: Row, way: tuple[str, ...], point: tuple[float, float], found: Lies) -> None:
        """Refuse a place in the sea or abroad; say so where a slip has surely brought it there."""
        far = f"{found.metres / 1000:.0f} km outside the boundaries of all regions; the nearest is"
        what = f"this space lies {far} {_named(found.nearest)}"
        first, second = (float(row[column].text) for column in way)
        slips = {"with the two swapped": (second, first)} if way == _METRES else {}
        if way == _DEGREES and first > 0:
            slips = {f"with longitude {-first:.12g}": to_grid(-first, second)}
        elif way == _METRES and not (_in(first, _GRID[0]) and _in(second, _GRID[1]) and first + second > 1000):
            what = f"easting {first:.12g} and northing {second:.12g} are not in the UK"
        would = {words: lies(*at).region for words, at in slips.items()}
        hints = "".join(f"; {words} it would lie in {_named(code)}" for words, code in would.items() if code)
        write = f"correct {' and '.join(way)}, or write its region{hints}"
        self._problems.add(row[way[0]].mark, what, write)

    def _by_name(self, cell: Scalar, *, postcode: bool) -> str | None:
        known = real_regions() if self._real is None else self._real
        code = None if postcode else region_of_code(cell.text, known)
        if code is not None:
            return code
        if postcode or _POSTCODE.fullmatch(cell.text.strip().upper()):
            why = "no table of postcodes comes with coworksim, and a postcode area may lie in several regions"
            self._problems.add(cell.mark, f"{echo(cell.text)} is a postcode: {why}", WRITE)
            return None
        several = [name for name in places_like(cell.text) if name.casefold() != cell.text.strip().casefold()]
        write = f"write one of these: {', '.join(several)}" if several else advice(cell.text, known, self._whose)
        what = "may be several places" if len(several) > 1 else "is not the name of one place that is known"
        self._problems.add(cell.mark, f"{echo(cell.text)} {what}", write)
        return None


def _in(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]


def _named(code: str) -> str:
    return f"{code} ({real_regions()[code].name})"
