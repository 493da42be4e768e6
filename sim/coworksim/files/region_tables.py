"""Regions and spaces from tables of the user's own: ``regions: {table: FILE.csv, spaces: FILE.csv}``.

The table of regions has the columns of ``uk_itl3.csv`` and, as it likes, :data:`OPTIONAL`; without it the regions are
the built-in ones. The list of spaces has one row a space. Without it each region of the table has one space; with it
only regions that have a space are in the scenario.

Tables are read strictly. The first line names the columns, in any order. Cells may stand in quotation marks, those
inside doubled; a cell does not go on in the next line. Empty lines are skipped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from coworksim.files import fields, uk_regions
from coworksim.files.errors import Mark, Problems, echo, nearest, printable
from coworksim.files.region_reader import LONGEST_NAME, MOST_REGIONS, Tables
from coworksim.files.uk_regions import COLUMNS, INCOME, LARGER, RealRegion, real_regions
from coworksim.files.yaml_reader import Scalar, decode, inside, read_bytes
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import MOST_SPACES, Region, Space

MOST_BYTES: Final = 5_000_000
_CELL: Final = re.compile(r'[ \t]*"(?P<quoted>(?:[^"]|"")*)"[ \t]*(?P<a>,|$)|(?P<bare>[^,"]*)(?P<b>,|$)')


#: Columns that a table of regions may leave out.
OPTIONAL: Final = (*LARGER.values(), INCOME)
#: Column of the list of spaces -> what of a space it gives.
SPACE_COLUMNS: Final = {"name": "name", "desks": "desks", "price_gbp_month": "price"}


def read_tables(tables: Tables, rule: str, problems: Problems) -> tuple[Region, ...]:
    """Read the tables that a scenario names; ``rule`` says which regions are left behind. Empty when refused."""
    before = len(problems)
    real = _regions(tables, tables.table, problems) if tables.table else real_regions()
    spaces = _spaces(tables, tables.spaces, real, problems) if tables.spaces else None
    if real is None or len(problems) > before:
        return ()
    if spaces is None:
        return tuple(place.region(rule, 1) for place in real.values())
    return tuple(real[code].region(rule, len(mine), tuple(mine)) for code in real if (mine := spaces.get(code)))


def _rows(
    tables: Tables, file: Scalar, needed: tuple[str, ...], optional: tuple[str, ...], problems: Problems
) -> list[Mapping[str, Scalar]]:
    """Read a file that a scenario names; a table without rows is refused."""
    if not inside(tables.folder, file.text):
        write = "write a path that stays in the folder of this file"
        problems.add(file.mark, f"the path {echo(file.text)} leaves the folder of this file", write)
        return []
    before = len(problems)
    shown = printable(str(tables.folder_shown / file.text))
    data = read_bytes(tables.folder / file.text, shown, file.mark, MOST_BYTES, problems)
    rows = read_cells(data, shown, needed, optional, problems) if data is not None else []
    if not rows and len(problems) == before:
        problems.add(Mark(shown, 1, 1), "the table has no rows", "write one line for each region or space")
    return rows


def _regions(tables: Tables, file: Scalar, problems: Problems) -> Mapping[str, RealRegion] | None:
    """Read the table of regions: code -> region; None when any row is refused."""
    before = len(problems)
    rows = _rows(tables, file, (*uk_regions.TEXT, *uk_regions.NUMBERS), OPTIONAL, problems)
    if len(rows) > MOST_REGIONS:
        mark = rows[MOST_REGIONS]["code"].mark
        problems.add(mark, f"{len(rows)} regions", f"write at most {MOST_REGIONS}")
    rows = rows[:MOST_REGIONS]
    read = []
    for row in rows:
        labels = {name: _label(row[name], name, problems) or "" for name in uk_regions.TEXT}
        read.append((labels, {name: _figure(cell, name, problems) for name, cell in row.items() if name in COLUMNS}))
    for column in ("code", "name"):
        first: dict[str, Mark] = {}
        for cell in (row[column] for row in rows if row[column].text):
            known = first.setdefault(cell.text, cell.mark)
            if known is not cell.mark:
                found = f"a second region with the {column} {echo(cell.text)} (the first is in line {known.line})"
                problems.add(cell.mark, found, f"write each {column} once")
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
    return uk_regions.region_of(
        labels, {**figures, **{LARGER[name]: uk_regions.uk_values()[name] for name in uk}}, uk, gdp
    )


def _label(cell: Scalar, name: str, problems: Problems) -> str | None:
    """Read text, also such as looks like a number."""
    return fields.text(Scalar(cell.mark, cell.text, plain=False), name, problems, LONGEST_NAME)


def _figure(cell: Scalar, name: str, problems: Problems) -> float | None:
    """Read a figure within the limits of its column, or nothing where a cell may be empty."""
    if not cell.text and name in uk_regions.MAY_BE_EMPTY | set(LARGER.values()):
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


def _spaces(
    tables: Tables, file: Scalar, real: Mapping[str, RealRegion] | None, problems: Problems
) -> dict[str, list[Space]]:
    """Read the list of spaces: code of the region -> its spaces. Codes are not checked where there is no table."""
    spaces: dict[str, list[Space]] = {}
    for row in _rows(tables, file, ("region",), tuple(SPACE_COLUMNS), problems):
        before = len(problems)
        cell = row["region"]
        here = spaces.setdefault(cell.text, [])
        if len(here) == MOST_SPACES:
            found = f"one space more than {MOST_SPACES} in {echo(cell.text)}"
            problems.add(cell.mark, found, f"write at most {MOST_SPACES} spaces in a region")
        if real is not None and cell.text not in real:
            close = uk_regions.nearest_code(cell.text, real) or next(iter(real))
            where = "this table" if tables.table else "the UK"
            write = f"write the code of a region of {where}, such as {close} ({real[close].name})"
            problems.add(cell.mark, f"no region has the code {echo(cell.text)}", write)
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


class _Line(NamedTuple):
    """The cells of one line, and the place behind the last."""

    cells: tuple[Scalar, ...]
    end: Mark


def read_cells(
    data: bytes, file: str, needed: Sequence[str], optional: Sequence[str], problems: Problems
) -> list[Mapping[str, Scalar]]:
    r"""Read the rows of a table: column -> cell, without the optional columns that the table leaves out.

    A row that was refused is missing; the problems say why.

    >>> (row,) = read_cells(b'b,a\n"x, y",2\n', "f.csv", ("a", "b"), ("c",), Problems())
    >>> row["b"].text, row["a"].mark.column
    ('x, y', 8)
    """
    text = decode(data, file, problems, MOST_BYTES)
    lines = _lines(text, file, problems) if text is not None else iter(())
    header = next(lines, None)
    if header is None:
        if text is not None and not text.strip():
            problems.add(Mark(file, 1, 1), "the file is empty", f"write in its first line {', '.join(needed)}")
        return []
    before = len(problems)
    _check_header(header, needed, optional, problems)
    if len(problems) > before:
        return []
    rows: list[Mapping[str, Scalar]] = []
    names = [cell.text for cell in header.cells]
    for line in lines:
        count, wanted = len(line.cells), len(names)
        if count == wanted:
            rows.append(dict(zip(names, line.cells, strict=True)))
        else:
            mark = line.cells[wanted].mark if count > wanted else line.end
            write = f"write {wanted}, those with a comma inside between quotation marks"
            problems.add(mark, f"{count} cell{'s' if count > 1 else ''} for {wanted} columns", write)
    return rows


def _lines(text: str, file: str, problems: Problems) -> Iterator[_Line]:
    for number, line in enumerate(text.split("\n"), 1):
        content = line.removesuffix("\r")
        if content.strip() and not problems.full:
            cells = _cells(content, file, number, problems)
            if cells:
                yield _Line(cells, Mark(file, number, len(content) + 1))
            elif number == 1:
                return  # without the names of the columns nothing can be said of the rows


def _cells(line: str, file: str, number: int, problems: Problems) -> tuple[Scalar, ...]:
    """Take a line apart; empty when it cannot be read."""
    found: list[Scalar] = []
    at = 0
    while match := _CELL.match(line, at):
        quoted, bare = match["quoted"], match["bare"]
        text = bare.strip() if quoted is None else quoted.replace('""', '"')
        blanks = len(match[0]) - len(match[0].lstrip()) if text else 0
        found.append(Scalar(Mark(file, number, at + blanks + 1), text))
        at = match.end()
        if not (match["a"] or match["b"]):
            return tuple(found)
    write = "put the whole cell between quotation marks in one line, and double those inside it"
    problems.add(Mark(file, number, at + 1), "a quotation mark opens or ends inside a cell", write)
    return ()


def _check_header(header: _Line, needed: Sequence[str], optional: Sequence[str], problems: Problems) -> None:
    """Refuse columns that are unknown, missing, or there twice; a misspelt one is not told as missing, too."""
    known = (*needed, *optional)
    seen: set[str] = set()
    if len(header.cells) == 1 and ";" in header.cells[0].text:
        problems.add(header.cells[0].mark, "cells are separated by semicolons", "separate them by commas")
        return
    for cell in header.cells:
        if cell.text in seen and cell.text in known:
            problems.add(cell.mark, f"a second column {cell.text}", "keep one")
        elif cell.text in known:
            seen.add(cell.text)
        else:
            close = nearest(cell.text, known)
            write = f"write {close}" if close else f"write any of {', '.join(known)}"
            problems.add(cell.mark, f"unknown column {echo(cell.text)}", write)
            seen |= {close} if close else set()
    if missing := [name for name in needed if name not in seen]:
        problems.add(header.end, f"the table lacks {', '.join(missing)}", f"write the columns {', '.join(needed)}")
