"""Regions and spaces from tables of the user's own: ``regions: {table: FILE.csv, spaces: FILE.csv}``.

The table of regions has the columns of ``uk_itl3.csv`` and, as it likes, those of ``uk_regions.OPTIONAL``; without it
the regions are the built-in ones. The list of spaces has one row a space. Without it each region of the table has one
space; with it only regions that have a space are in the scenario. Newer figures (``editions: FILE.csv``) take the place
of those of either table.

Tables are read strictly. The first line names the columns, in any order. Cells may stand in quotation marks, those
inside doubled; a cell does not go on in the next line. Empty lines are skipped.
"""

import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from coworksim.files import fields, uk_regions
from coworksim.files.editions import with_editions
from coworksim.files.errors import Mark, Problems, echo, nearest, printable
from coworksim.files.loose_figures import Readings, plain
from coworksim.files.plausibility import warn_of_regions
from coworksim.files.region_reader import LONGEST_NAME, MOST_REGIONS, Tables
from coworksim.files.space_lists import columns_of, spaces_of
from coworksim.files.uk_regions import (
    COLUMNS,
    OPTIONAL,
    ReadBy,
    RealRegion,
    RegionTable,
    real_regions,
    real_table,
    table_of,
)
from coworksim.files.yaml_reader import Scalar, decode, inside, read_bytes
from coworksim.model.scenario import Region, Space

MOST_BYTES: Final = 5_000_000
#: Where scanning stops: no table has as many cells in a line, or as many rows.
MOST_CELLS: Final = 1_000
MOST_ROWS: Final = 20_000
_CELL: Final = re.compile(r'[ \t]*"(?P<quoted>(?:[^"]|"")*)"[ \t]*(?P<a>,|$)|(?P<bare>[^,"]*)(?P<b>,|$)')


#: Columns in which a cell of a table of regions may be empty.
_EMPTY: Final = uk_regions.MAY_BE_EMPTY | {*OPTIONAL}
#: What makes a strict table of a published one.
CONVERT: Final = "coworksim table FILE --to NEW.csv converts tables as offices publish them"


class FromTables(NamedTuple):
    """Regions of tables, and what their indicators are compared with. Empty when refused."""

    regions: tuple[Region, ...]
    reference: Mapping[str, float]


def read_tables(tables: Tables, read_by: ReadBy, problems: Problems) -> FromTables:
    """Read the tables that a scenario names; ``read_by`` says which regions are left behind, and who is a user."""
    before = len(problems)
    table = _regions(tables, tables.table, problems) if tables.table else real_table()
    if table is not None and tables.editions is not None:
        rows = _rows(tables, tables.editions, lambda _: (("code", "year"), tuple(COLUMNS)), problems)
        table = with_editions(table, rows, _figure, tables.table is None, problems)
    real = None if table is None else table.regions
    spaces = _spaces(tables, tables.spaces, real, problems) if tables.spaces else None
    if table is None or len(problems) > before:
        return FromTables((), {})
    reference = (real_table() if tables.table else table).reference(read_by.users_by)
    if spaces is None:
        return FromTables(tuple(place.region(read_by, 1) for place in table.regions.values()), reference)
    listed = ((place, mine) for code, place in table.regions.items() if (mine := spaces.get(code)))
    return FromTables(tuple(place.region(read_by, len(mine), tuple(mine)) for place, mine in listed), reference)


def _rows(
    tables: Tables, file: Scalar, columns: Callable[[bytes], tuple[Sequence[str], Sequence[str]]], problems: Problems
) -> list[Mapping[str, Scalar]]:
    """Read a file that a scenario names: ``columns`` it must and may have; a table without rows is refused."""
    if not inside(tables.folder, file.text):
        write = "write a path that stays in the folder of this file"
        problems.add(file.mark, f"the path {echo(file.text)} leaves the folder of this file", write)
        return []
    before = len(problems)
    shown = printable(str(tables.folder_shown / file.text))
    data = read_bytes(tables.folder / file.text, shown, file.mark, MOST_BYTES, problems)
    rows = read_cells(data, shown, *columns(data), problems) if data is not None else []
    if not rows and len(problems) == before:
        problems.add(Mark(shown, 1, 1), "the table has no rows", "write one line for each region or space")
    return rows


def _regions(tables: Tables, file: Scalar, problems: Problems) -> RegionTable | None:
    """Read the table of regions; None when any row is refused."""
    columns = (*uk_regions.TEXT, *uk_regions.NUMBERS), OPTIONAL
    return _regions_of(_rows(tables, file, lambda _: columns, problems), problems)


def read_regions_table(data: bytes, file: str, problems: Problems) -> RegionTable | None:
    """Read the bytes of a table of regions, which messages call ``file``; None when refused."""
    return _regions_of(read_cells(data, file, (*uk_regions.TEXT, *uk_regions.NUMBERS), OPTIONAL, problems), problems)


def read_spaces_table(data: bytes, file: str, problems: Problems) -> dict[str, list[Space]]:
    """Read the bytes of a list of spaces, which messages call ``file``: code -> spaces. Codes are not looked up."""
    return spaces_of(read_cells(data, file, *columns_of(data), problems), None, "", problems)


def _regions_of(rows: list[Mapping[str, Scalar]], problems: Problems) -> RegionTable | None:
    before = len(problems)
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
    warn_of_regions(rows, read, problems)
    return table_of({labels["code"]: (labels, figures) for labels, figures in read}, real_table().figures)


def _label(cell: Scalar, name: str, problems: Problems) -> str | None:
    """Read text, also such as looks like a number."""
    return fields.text(Scalar(cell.mark, cell.text, plain=False), name, problems, LONGEST_NAME)


def _figure(cell: Scalar, name: str, problems: Problems) -> float | None:
    """Read a figure within the limits of its column, or nothing where a cell may be empty."""
    if not cell.text and name in _EMPTY:
        return None
    unit, low, high, log = COLUMNS[name]
    meant = plain(cell.text, unit, Readings(decimal=None if "," in cell.text else "point"))
    if meant.why:  # as offices print figures
        empty = "leave the cell empty" if name in _EMPTY else "give a figure, or take the row out"
        sure = f"write {meant.text}" if meant.text else empty
        doubt, write = (meant.why, "write it without a sign between digits") if meant.write else ("", sure)
        problems.add(cell.mark, f"{name} is the text {echo(cell.text)}{doubt}", f"{write}; {CONVERT}")
        return None
    value = fields.number(cell, name, unit, problems, _example(name))
    if value is None:
        return None
    if not low <= value <= high:
        why = ", but its logarithm is taken" if log and value <= 0 else ""
        problems.add(cell.mark, f"{name} is {value}{why}", f"write a number from {low:.12g} to {high:.12g} {unit}")
        return None
    return float(value)


def _example(name: str) -> str:
    """Return a figure that a column may well have: the median of the 179 regions, where they have it."""
    figures = [v for place in real_regions().values() if (v := place.columns.get(name)) is not None]
    return f"{statistics.median(figures):.12g}" if figures else "1"


def _spaces(
    tables: Tables, file: Scalar, real: Mapping[str, RealRegion] | None, problems: Problems
) -> dict[str, list[Space]]:
    """Read the list of spaces: code of the region -> its spaces. Codes are not checked where there is no table."""
    rows = _rows(tables, file, columns_of, problems)
    return spaces_of(rows, real, "this table" if tables.table else "the UK", problems)


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
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        problems.add(Mark(file, 1, 1), "this is a workbook, or another packed file, and no table of text", CONVERT)
        return []
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
        if len(rows) == MOST_ROWS:
            problems.add(line.cells[0].mark, f"more than {MOST_ROWS:,} rows", "write a smaller table")
            break
        count, wanted = len(line.cells), len(names)
        if count == wanted and len(needed) > 1 and sum(bool(cell.text) for cell in line.cells) == 1:
            found = next(cell for cell in line.cells if cell.text)
            problems.add(found.mark, f"{echo(found.text)} stands alone in its line", f"take notes out; {CONVERT}")
        elif count == wanted:
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
        if len(found) > MOST_CELLS:
            problems.add(
                found[-1].mark, f"more than {MOST_CELLS:,} cells in a line", "write a table with fewer columns"
            )
            return ()
        at = match.end()
        if not (match["a"] or match["b"]):
            return tuple(found)
    write = "put the whole cell between quotation marks in one line, and double those inside it"
    problems.add(Mark(file, number, at + 1), "a quotation mark opens or ends inside a cell", write)
    return ()


def _check_header(header: _Line, needed: Sequence[str], optional: Sequence[str], problems: Problems) -> None:
    """Refuse columns that are misspelt, missing, or there twice; others are not read, and that is told."""
    known = (*needed, *optional)
    seen: set[str] = set()
    others: list[Scalar] = []
    for cell in header.cells:
        if cell.text in seen:
            problems.add(cell.mark, f"a second column {cell.text}", "keep one")
        elif cell.text in known:
            seen.add(cell.text)
        else:
            others.append(cell)
    first = header.cells[0]
    if not seen:
        semicolons = len(header.cells) == 1 and ";" in first.text
        found = "cells are separated by semicolons" if semicolons else "the first line names no column of the table"
        write = "separate them by commas" if semicolons else f"begin with {', '.join(needed)}"
        problems.add(first.mark, found, f"{write}; {CONVERT}")
        return
    if unread := list(_unread(others, known, needed, seen, problems)):
        problems.note(first.mark, f"further columns are not read: {', '.join(unread)}")
    if missing := [name for name in needed if name not in seen]:
        problems.add(header.end, f"the table lacks {', '.join(missing)}", f"write the columns {', '.join(needed)}")


def _unread(
    others: Sequence[Scalar], known: Sequence[str], needed: Sequence[str], seen: set[str], problems: Problems
) -> Iterator[str]:
    """Go through columns that are none of the table's: misspelt ones are told apart, and counted as ``seen``."""
    for cell in others:
        close = nearest(cell.text, known)
        if close is not None and close in needed and close not in seen:
            problems.add(cell.mark, f"unknown column {echo(cell.text)}", f"write {close}")
            seen.add(close)
        elif close is not None:
            problems.warn(cell.mark, f"column {echo(cell.text)} is not read; is it {close}?")
        elif cell.text:
            yield echo(cell.text)
