"""Cells of a text or a workbook as rows of text, in every way in which the file can be read."""

import csv
import io
from pathlib import Path
from typing import Final, NamedTuple

from coworksim.files.built_in import install_line
from coworksim.files.errors import Mark, Problems, echo, printable
from coworksim.files.openstreetmap import is_json, read_json

type Grid = list[list[str]]

_MOST_BYTES: Final = 20_000_000
_MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 500
_MOST_SIGNS: Final = 10_000
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
#: Signs between cells, and how they are called.
COMMAS: Final = "commas"
_SEPARATORS: Final = {COMMAS: ",", "semicolons": ";", "tabs": "\t", "bars": "|"}
UTF8: Final = "utf-8-sig"


class Grids(NamedTuple):
    """The grids of a workbook by sheet, or those of a text by the sign that separates its cells, and its encoding."""

    sheets: bool
    encoding: str
    by: dict[str, Grid]


def read_grids(path: Path, sheet: str | None, problems: Problems) -> Grids | None:
    """Read a file in every way: ``sheet`` alone of a workbook, if one is named. None when it is refused."""
    file = printable(str(path))
    try:
        with path.open("rb") as source:
            data = source.read(_MOST_BYTES + 1)
    except OSError as error:
        problems.add(Mark(file), f"cannot be read: {error.strerror}", "give a table (CSV, XLSX or ODS)")
        return None
    if len(data) > _MOST_BYTES:
        problems.add(Mark(file), f"the file is larger than {_MOST_BYTES // 1_000_000} MB", "give a smaller one")
        return None
    found = _workbook if path.suffix.lower() in _WORKBOOKS else _places if is_json(data) else _text
    grids = found(data, file, sheet, problems)
    if grids is not None:
        for grid in grids.by.values():
            _check_size(grid, file, problems)
    return grids


def _places(data: bytes, file: str, sheet: str | None, problems: Problems) -> Grids | None:
    if sheet is not None:
        problems.add(Mark(file), "this file has no sheets", "leave --sheet out")
    rows = read_json(file, data, problems)
    return None if rows is None else Grids(sheets=False, encoding=UTF8, by={COMMAS: rows})


def _text(data: bytes, file: str, sheet: str | None, problems: Problems) -> Grids | None:
    if sheet is not None:
        problems.add(Mark(file), "this file has no sheets", "leave --sheet out")
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        write = f"end its name as its kind does: {', '.join(_WORKBOOKS)}"
        problems.add(Mark(file), "this is a workbook, or another packed file, not a text", write)
        return None
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else UTF8
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "windows-1252", data.decode("windows-1252", "replace")
    if "\0" in text:
        problems.add(Mark(file), "this is no text", "give a table (CSV, XLSX or ODS)")
        return None
    return Grids(sheets=False, encoding=encoding, by={name: _cells(text, sign) for name, sign in _SEPARATORS.items()})


def _cells(text: str, sign: str) -> Grid:
    """Take a text apart. Row k holds what begins in line k + 1; a cell may go on over several lines."""
    csv.field_size_limit(_MOST_BYTES)
    found: Grid = []
    reader = csv.reader(io.StringIO(text), delimiter=sign)
    begun = 0
    for row in reader:
        found += [[] for _ in range(begun - len(found))]
        found.append([cell.strip() for cell in row])
        begun = reader.line_num
        if len(found) > _MOST_ROWS:
            break
    return found


def _workbook(data: bytes, file: str, sheet: str | None, problems: Problems) -> Grids | None:
    try:
        from python_calamine import CalamineError, load_workbook
    except ImportError:
        write = f"{install_line('tables')}, or save the sheet as CSV"
        problems.add(Mark(file), "workbooks need the optional part tables, which is not installed", write)
        return None
    try:
        book = load_workbook(io.BytesIO(data))
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            shown = ", ".join(echo(name) for name in names)
            problems.add(Mark(file), f"there is no sheet {echo(sheet)}", f"name one of {shown}")
            return None
        wanted = names if sheet is None else [sheet]
        rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in wanted}
    except (CalamineError, OSError, ValueError) as error:
        problems.add(Mark(file), f"the workbook cannot be read ({error})", "save the sheet as CSV")
        return None
    by = {name: [[_shown(cell) for cell in row] for row in found] for name, found in rows.items()}
    return Grids(sheets=True, encoding=UTF8, by=by)


def _shown(value: object) -> str:
    """Write a cell of a workbook as text: figures without the noise of binary fractions, whole ones without a point.

    >>> _shown(0.1 + 0.2), _shown(12.0), _shown(" a ")
    ('0.3', '12', 'a')
    """
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def _check_size(grid: Grid, file: str, problems: Problems) -> None:
    """Refuse a size that no table of regions has."""
    if len(grid) > _MOST_ROWS:
        problems.add(Mark(file), f"more than {_MOST_ROWS} rows", "keep the table itself")
    elif any(len(row) > _MOST_COLUMNS for row in grid):
        problems.add(Mark(file), f"more than {_MOST_COLUMNS} columns", "keep those that are wanted")
    elif any(len(cell) > _MOST_SIGNS for row in grid for cell in row):
        problems.add(Mark(file), f"a cell of more than {_MOST_SIGNS} signs", "keep the table itself")
