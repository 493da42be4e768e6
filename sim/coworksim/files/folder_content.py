"""What a folder of results holds: tables as Parquet and as CSV, JSON, and what is said where something is missing.

CSV files are often opened in a spreadsheet, which would run a cell that begins with ``=``, ``+``, ``-`` or ``@`` as
a formula. Names come from files that others may have written, so text cells that begin so get a leading apostrophe
in the CSV, and control characters are written as escapes. The Parquet files hold the names as they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from coworksim.files.errors import InputError, Mark, Problem, echo, printable

if TYPE_CHECKING:
    import pandas as pd


_FORMULA: Final = ("=", "+", "-", "@")


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, int]:
    """Write each table as ``NAME.parquet`` and ``NAME.csv`` into ``folder``; return how many rows each has."""
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
        write_csv(table, folder / f"{name}.csv")
    return {name: len(table) for name, table in tables.items()}


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table as CSV, straight to the file."""
    for_spreadsheets(table).to_csv(file, index=False, lineterminator="\n")


def as_csv(table: pd.DataFrame, numbers: str | None = None) -> bytes:
    """Return a table as a CSV file; ``numbers`` is their format, by default in full."""
    text: str = for_spreadsheets(table).to_csv(index=False, lineterminator="\n", float_format=numbers)
    return text.encode("utf-8")


def read_json(folder: Path, name: str, give: str, again: str) -> dict[str, Any]:
    """Return what a JSON file of a folder holds. Raises InputError: ``give`` where it is missing, else ``again``."""
    path = folder / name
    if not path.is_file():
        refuse(folder, f"there is no {name} in it", give)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        refuse(folder, f"{echo(name)} cannot be read ({type(error).__name__})", again)
    return found if isinstance(found, dict) else {}


def refuse(folder: Path, what: str, write: str) -> NoReturn:
    """Refuse a folder: say what is wrong with it, and what to write or run instead."""
    raise InputError([Problem(Mark(printable(str(folder))).file, 0, 0, f"{what}; {write}")])


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them: null for what is not defined."""
    return [
        {
            str(name): None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def for_spreadsheets(table: pd.DataFrame) -> pd.DataFrame:
    """The table with text that a spreadsheet would take for a formula made harmless."""
    return table.assign(
        **{
            str(name): column.map(_harmless)
            for name, column in table.items()
            if column.dtype.kind == "O"  # text, in every version of pandas; numbers, booleans and dates stay
        }
    )


def _harmless(cell: object) -> object:
    """Escape control characters, and put an apostrophe before what a spreadsheet would run.

    >>> _harmless("=1+1"), _harmless("Leeds")
    ("'=1+1", 'Leeds')
    """
    if not isinstance(cell, str):
        return cell
    text = printable(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
