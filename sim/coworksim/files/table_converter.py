"""From a table as offices publish it to the strict one that scenarios read: ``coworksim table FILE --to CSV``.

CSV with any of four separators, or a workbook (XLSX, XLS, ODS). What surrounds the table (titles, notes, totals) is
left out, columns are found by name, figures are written plainly, and a mark in the place of a figure or behind one is
kept apart from it. Every change is told; where two readings are possible, nothing is chosen.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from coworksim.files.area_codes import region_of_code
from coworksim.files.errors import InputError, Mark, Problems, echo, printable
from coworksim.files.grids import COMMAS, UTF8, Grid, read_grids
from coworksim.files.loose_figures import AS_PRINTED, Readings, decimal_sign, plain, plain_day
from coworksim.files.openstreetmap import is_openstreetmap
from coworksim.files.region_tables import read_regions_table, read_spaces_table
from coworksim.files.space_lists import SPACE_COLUMNS
from coworksim.files.space_places import PLACE_COLUMNS, WAYS
from coworksim.files.uk_regions import COLUMNS, NUMBERS, OPTIONAL, TEXT, real_regions

#: Within so many rows the names of the columns must come.
_HEADER_ROWS: Final = 50

#: The columns of each kind of table: those that must be there, and those that may be left out.
KINDS: Final = {"regions": ((*TEXT, *NUMBERS), OPTIONAL), "spaces": ((), (*PLACE_COLUMNS, *SPACE_COLUMNS))}
#: The column that says which region a row is of.
_KEYS: Final = {"regions": "code", "spaces": "region"}
#: Other names of columns, as published tables have them. Only such as can mean nothing else.
_ALIASES: Final = {
    "regions": {
        **dict.fromkeys(("region_code", "itl_code", "itl3_code", "itl321cd", "area_code", "geography_code"), "code"),
        **dict.fromkeys(("region_name", "region", "itl3_name", "itl321nm", "area_name", "geography_name"), "name"),
        **dict.fromkeys(("itl1_name", "itl121nm"), "itl1"),
    },
    "spaces": {
        **dict.fromkeys(("region_code", "itl_code", "itl3_code", "itl321cd", "code", "area_code"), "region"),
        **dict.fromkeys(("space", "space_name"), "name"),
        **dict.fromkeys(("price", "price_gbp", "desk_price_gbp_month"), "price_gbp_month"),
        **dict.fromkeys(("lon", "long", "lng"), "longitude"),
        "lat": "latitude",
        **dict.fromkeys(("local_authority", "authority", "district", "lad_name", "lad_code"), "place"),
        **dict.fromkeys(("opening_date", "start_date", "date_opened"), "opened"),
        **dict.fromkeys(("closing_date", "end_date", "date_closed"), "closed"),
    },
}
_WHOLE: Final = re.compile(
    r"total|all|uk|united kingdom|great britain|england|wales|scotland|northern ireland|england and wales", re.I
)
_NATION_CODES: Final = re.compile(r"UK|GB|K0[0-9]{7}|[EWSN](92|12)[0-9]{6}")


class Change(NamedTuple):
    """One change: its line or row (0: the whole table), the column, what stood there, what stands now, and why."""

    line: int
    column: str
    found: str
    written: str
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "the table"
        return f"{where}{f', {self.column}' if self.column else ''}: {self.shown}"

    @property
    def shown(self) -> str:
        """What was found and what is written."""
        return f"{echo(self.found)} -> {echo(self.written) if self.written else 'nothing'}"


@dataclass(frozen=True)
class Converted:
    """A strict table of a kind (``regions`` or ``spaces``) as text, and every change on the way to it."""

    kind: str
    text: str
    changes: tuple[Change, ...]
    openstreetmap: bool = False  # whether its licence is that of OpenStreetMap

    @property
    def log(self) -> str:
        """The changes as comma-separated values: line, column, found, written, why."""
        return _csv([Change._fields, *self.changes])

    def summary(self) -> list[str]:
        """Say what was changed, one sentence for each reason, with the first place and how many more there are."""
        reasons: dict[str, list[Change]] = {}
        for change in self.changes:
            reasons.setdefault(change.why, []).append(change)
        return [
            f"{why}: {found[0]}" + (f", and {len(found) - 1} more" if len(found) > 1 else "")
            for why, found in reasons.items()
        ]

    def save(self, path: Path) -> tuple[Path, Path]:
        """Write the table to ``path``, which is new, and the changes beside it; return both. Raises InputError."""
        log = path.with_name(f"{path.stem}.changes.csv")
        problems = Problems()
        for one in (path, log):
            if one.exists():
                problems.add(Mark(printable(str(one))), "this file is there already", "give another name")
        if not path.parent.is_dir():
            problems.add(Mark(printable(str(path))), "the folder is not there", "make it first")
        if len(problems):
            raise InputError(problems.listed())
        for one, text in ((path, self.text), (log, self.log)):
            with one.open("x", encoding="utf-8", newline="") as out:
                out.write(text)
        return path, log


def convert(path: Path, sheet: str | None = None, readings: Readings = AS_PRINTED) -> Converted:
    """Read a table that may have any of the usual debris around it. Raises InputError with every flaw that stays.

    ``sheet`` names a sheet of a workbook; without it there may be one only that holds a table.
    """
    problems, changes = Problems(), list[Change]()
    grid = _grid(path, sheet, problems, changes)
    table = _table(grid, printable(str(path)), readings, problems, changes) if grid else None
    if table is None or len(problems):
        raise InputError(problems.listed())
    ours = any(is_openstreetmap(row) for row in grid[:_HEADER_ROWS]) if grid else False
    return Converted(*table, tuple(sorted(changes)), ours)


def _grid(path: Path, sheet: str | None, problems: Problems, changes: list[Change]) -> Grid | None:
    """Read the file in the way in which most columns are found."""
    grids = read_grids(path, sheet, problems)
    if grids is None or len(problems):
        return None
    file = printable(str(path))
    best = max(grids.by, key=lambda name: _header(grids.by[name])[2])
    if grids.sheets and sum(bool(_header(grid)[2]) for grid in grids.by.values()) > 1:
        shown = ", ".join(echo(name) for name, grid in grids.by.items() if _header(grid)[2])
        problems.add(Mark(file), "several sheets hold a table", f"choose one with --sheet: {shown}")
    if not _header(grids.by[best])[2]:
        wanted = f"{', '.join(KINDS['regions'][0])}; or of a list of spaces {_WAYS}"
        found = f"no row names the columns of a table within the first {_HEADER_ROWS}"
        problems.add(Mark(file), found, f"name them in one row: {wanted}")
    if grids.encoding != UTF8:
        changes.append(Change(0, "", grids.encoding, "UTF-8", "text in another encoding"))
    if not grids.sheets and best != COMMAS:
        changes.append(Change(0, "", best, COMMAS, "cells separated by another sign"))
    return grids.by[best]


def _table(
    grid: Grid, file: str, readings: Readings, problems: Problems, changes: list[Change]
) -> tuple[str, str] | None:
    """Return the kind of the table and its text; None when it is refused."""
    kind, at, count = _header(grid)
    if not count or len(problems):
        return None
    columns = _columns(kind, grid[at], Mark(file, at + 1), problems, changes)
    above = [(k, " | ".join(filter(None, row))) for k, row in enumerate(grid[:at], 1)]
    changes += [Change(k, "", found, "", "line above the table, left out") for k, found in above if found]
    rows = dict(_rows(kind, grid, at, columns, changes))
    cells = {line: {name: row[c] for name, c in columns.items()} for line, row in rows.items()}
    signs = _signs(list(cells.values()), readings)
    for line, row in cells.items():
        for name in row:
            if name in signs or name in _DAYS:
                _write_plainly(
                    row, name, readings._replace(decimal=signs.get(name)), Mark(file, line), problems, changes
                )
        _translate(kind, row, line, changes)
    if len(problems):
        return None
    text = _csv([list(columns), *(list(row.values()) for row in cells.values())])
    _check(kind, text, list(rows), file, problems)
    return kind, text


def _signs(rows: Sequence[Mapping[str, str]], readings: Readings) -> dict[str, str | None]:
    """Return the sign of decimals in each column of figures: one for all, but for degrees, which have no thousands."""
    names = [name for name in (rows[0] if rows else ()) if name in _UNITS and name not in TEXT]
    figures = [row[name] for row in rows for name in names if name not in _COORDINATES]
    commas = any("," in row[name] for row in rows for name in names if name in _COORDINATES)
    usual, degrees = readings.decimal or decimal_sign(figures), "comma" if commas else "point"
    return {name: degrees if name in _COORDINATES else usual for name in names}


def _write_plainly(
    row: dict[str, str], name: str, readings: Readings, mark: Mark, problems: Problems, changes: list[Change]
) -> None:
    """Write a figure or a day of a row plainly; what has two readings is refused."""
    found = row[name]
    figure = plain_day(found) if name in _DAYS else plain(found, _UNITS[name], readings)
    if figure.write:
        problems.add(mark, f"{name} is {echo(found)}{figure.why}", figure.write)
    elif figure.why:
        changes.append(Change(mark.line, name, found, figure.text, figure.why))
    row[name] = figure.text


#: Unit of each column of figures.
_UNITS: Final = {
    **{name: column.unit for name, column in COLUMNS.items()},
    "desks": "desks",
    "price_gbp_month": "GBP",
    "easting": "m",
    "northing": "m",
    **dict.fromkeys(("longitude", "latitude"), "degrees"),
}
#: Thousands are never told apart in them, so a comma can only mark decimals.
_COORDINATES: Final = ("longitude", "latitude")
#: How a list says where its spaces are.
_WAYS: Final = " or ".join(" and ".join(way) for way in WAYS[:-1])
#: Columns that hold days.
_DAYS: Final = ("opened", "closed")


def _translate(kind: str, cells: dict[str, str], line: int, changes: list[Change]) -> None:
    """Write the code of the region that another code, or in a list of spaces a name, surely means."""
    name = _KEYS[kind]
    found = cells.get(name, "")
    code = region_of_code(found, real_regions())
    if code not in (None, found) and (kind == "spaces" or found.upper().startswith("UK")):
        changes.append(Change(line, name, found, str(code), "region under another code or name"))
        cells[name] = str(code)


def _known_name(kind: str, cell: str) -> str | None:
    """Return the column that a cell of the header names."""
    name = re.sub(r"[^a-z0-9%]+", "_", cell.casefold()).strip("_")
    needed, optional = KINDS[kind]
    return name if name in (*needed, *optional) else _ALIASES[kind].get(name)


def _header(grid: Sequence[Sequence[str]]) -> tuple[str, int, int]:
    """Return the kind of the table, the row that names most of its columns, and how many those are; 0 for no table."""
    best = ("", 0, 0)
    for k, row in enumerate(grid[:_HEADER_ROWS]):
        for kind in KINDS:
            count = len({_known_name(kind, cell) for cell in row} - {None})
            if count > max(best[2], 1):
                best = (kind, k, count)
    return best


def _columns(kind: str, header: Sequence[str], mark: Mark, problems: Problems, changes: list[Change]) -> dict[str, int]:
    """Return the place of each column that is wanted; what is missing or there twice is refused, others are told."""
    found: dict[str, int] = {}
    others: list[str] = []
    for c, cell in enumerate(header):
        name = _known_name(kind, cell)
        if name is None:
            others += [cell] * bool(cell)
        elif name in found:
            problems.add(Mark(mark.file, mark.line, c + 1), f"a second column {name}, {echo(cell)}", "keep one")
        else:
            found[name] = c
            if name != cell:
                changes.append(Change(mark.line, name, cell, name, "column under another name"))
    changes += [Change(mark.line, "", cell, "", "further column, left out") for cell in others]
    if missing := [name for name in KINDS[kind][0] if name not in found]:
        problems.add(mark, f"the table of {kind} lacks {', '.join(missing)}", "add these columns")
    if kind == "spaces" and not any(all(name in found for name in way) for way in WAYS):
        problems.add(mark, "nothing says where the spaces are", f"add a column {_WAYS}")
    return found


def _rows(
    kind: str, grid: Sequence[Sequence[str]], at: int, columns: Mapping[str, int], changes: list[Change]
) -> Iterator[tuple[int, list[str]]]:
    """Go through the rows of the table itself, each with its line; notes and totals are left out and told."""
    width = max(columns.values(), default=0) + 1
    key = columns.get(_KEYS[kind])
    for k, row in enumerate(grid[at + 1 :], at + 2):
        cells = [*row, *[""] * (width - len(row))]
        wanted = [cells[c] for c in columns.values()]
        shown = " | ".join(filter(None, cells))
        if not shown:
            continue
        code = "" if key is None else cells[key]
        if _WHOLE.fullmatch(code) or _NATION_CODES.fullmatch(code):
            changes.append(Change(k, "", shown, "", "total, left out"))
        elif _is_row(kind, code, wanted) or _has_place({name: cells[c] for name, c in columns.items()}):
            yield k, cells
        else:
            changes.append(Change(k, "", shown, "", "note, left out"))


def _is_row(kind: str, code: str, wanted: Sequence[str]) -> bool:
    """Whether a line belongs to the table: it has a code (in a list of spaces a name will do) and more than that."""
    alone = sum(map(bool, wanted)) < 2
    if kind == "spaces":
        known = region_of_code(code, real_regions()) is not None
        return known or (" " not in code and ((bool(code) and not alone) or any(map(str.isdigit, code))))
    return bool(code) and " " not in code and not alone


def _has_place(cells: Mapping[str, str]) -> bool:
    """Whether a row of a list of spaces says in another way than by its region where the space is."""
    return any(all(cells.get(name) for name in way) for way in WAYS[1:])


def _csv(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _check(kind: str, text: str, lines: Sequence[int], file: str, problems: Problems) -> None:
    """Read what is to be written as a scenario would; what it refuses is told with the line of the source."""
    found = Problems()
    read = read_regions_table if kind == "regions" else read_spaces_table
    read(text.encode(), file, found)
    for one in found.listed():
        line = lines[one.line - 2] if 1 < one.line < len(lines) + 2 else one.line
        what, _, write = one.message.partition("; ")
        problems.add(Mark(one.file, line), what, write)
