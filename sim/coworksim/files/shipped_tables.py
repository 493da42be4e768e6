"""The tables that come with the package, read as declared: exactly the named columns, and a number in each cell."""

import csv
import math
from collections.abc import Collection
from pathlib import Path

from coworksim.files.fields import number_text


class TableError(ValueError):
    """A regional table is not as declared."""


def read_rows(
    path: Path, text: tuple[str, ...], numbers: tuple[str, ...], may_be_empty: Collection[str] = ()
) -> list[tuple[dict[str, str], dict[str, float | None]]]:
    """Read a table with exactly the named columns, in any order."""
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        if set(reader.fieldnames or ()) != {*text, *numbers}:
            raise TableError(f"{path.name}:1: columns {reader.fieldnames}; write {[*text, *numbers]}")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise TableError(f"{where}: not as many cells as columns; write {len(reader.fieldnames or ())}")
            if empty := [name for name in text if not row[name].strip()]:
                raise TableError(f"{where}: {empty[0]} is empty; write the text")
            figures = {name: _figure(row[name], name, where, may_be_empty) for name in numbers}
            rows.append(({name: row[name] for name in text}, figures))
    return rows


def _figure(cell: str, column: str, where: str, may_be_empty: Collection[str]) -> float | None:
    """Read a cell: a finite number, or nothing where the column may be empty."""
    if not cell and column in may_be_empty:
        return None
    value = number_text(cell)
    if value is None or not math.isfinite(value):
        raise TableError(f"{where}: {column} is {cell!r}; write a number")
    return float(value)
