"""The list of spaces of a scenario: ``regions: {spaces: FILE.csv}``, one row a space.

:mod:`coworksim.files.space_places` says which region a row lies in.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from coworksim.files import fields
from coworksim.files.errors import Problems, echo
from coworksim.files.region_reader import LONGEST_NAME
from coworksim.files.space_places import PLACE_COLUMNS, WAYS, Places, Row
from coworksim.files.uk_regions import RealRegion
from coworksim.files.yaml_reader import Scalar
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import MOST_SPACES, Space

#: Column of the list of spaces -> what of a space it gives.
SPACE_COLUMNS: Final = {
    "name": "name",
    "desks": "desks",
    "price_gbp_month": "price",
    "opened": "opened",
    "closed": "closed",
    "cluster": "cluster",
}
#: The columns stand within so many bytes.
_HEADER: Final = 4_096


def columns_of(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    r"""Return the columns that a list must have, by the way in which it says where spaces are, and those it may have.

    >>> columns_of(b"name,latitude,longitude\n")[0], columns_of(b"name,desks\n")[0]
    (('longitude', 'latitude'), ('region',))
    """
    first = data[:_HEADER].decode("utf-8", "replace").lstrip("\ufeff").partition("\n")[0]
    names = {cell.strip().strip('"').strip() for cell in first.split(",")}
    needed = next((way for way in WAYS if names & {*way}), WAYS[0])
    return needed, tuple(name for name in (*PLACE_COLUMNS, *SPACE_COLUMNS) if name not in needed)


def spaces_of(
    rows: Sequence[Row], real: Mapping[str, RealRegion] | None, whose: str, problems: Problems
) -> dict[str, list[Space]]:
    """Return the spaces of each region by code; ``real`` are the regions that there are, of ``whose`` table."""
    spaces: dict[str, list[Space]] = {}
    names: dict[tuple[str, str], int] = {}
    places, full = Places(real, whose, problems), set[str]()
    for row in rows:
        if problems.full:
            break
        before = len(problems)
        code = places.region(row)
        here = spaces.setdefault(code, []) if code is not None else []
        mark = next(iter(row.values())).mark
        if code is not None:
            _tell_twice(row, code, places, names, problems)
            if len(here) == MOST_SPACES and code not in full:
                full.add(code)
                found, write = f"more than {MOST_SPACES} spaces in {echo(code)}", f"write at most {MOST_SPACES}"
                problems.add(row["region"].mark if "region" in row else mark, found, f"{write} spaces in a region")
        said = {key: _said(row[name], name, key, problems) for name, key in SPACE_COLUMNS.items() if name in row}
        if said.get("opened") and said.get("closed") and said["closed"] <= said["opened"]:
            problems.add(row["closed"].mark, "this space closes before it has opened", "write a later day")
        if len(problems) == before and len(here) < MOST_SPACES:
            here.append(Space(**said))
    places.tell()
    return spaces


def _tell_twice(row: Row, code: str, places: Places, names: dict[tuple[str, str], int], problems: Problems) -> None:
    """Warn of a space that may stand in the list already: by its name, however it is spelt, or by its place."""
    mark, name = next(iter(row.values())).mark, row.get("name")
    near = places.near(row)
    alike = re.sub(r"[\W_]+", "", name.text.casefold()) if name is not None else ""
    if name is not None and alike and (first := names.setdefault((code, alike), mark.line)) != mark.line:
        found = f"the space {echo(name.text)} of {code} is listed more than once (first in line {first})"
        problems.warn(name.mark, found)
    elif near is not None:
        problems.warn(mark, f"this space lies {near[0]:.0f} m from that in line {near[1]}: is it the same?")


def _said(cell: Scalar, name: str, key: str, problems: Problems) -> Any:
    """Read what a row says of a space: None where the cell is empty."""
    if not cell.text:
        return None
    if key == "name":
        return fields.text(Scalar(cell.mark, cell.text, plain=False), name, problems, LONGEST_NAME)
    if key in ("opened", "closed"):
        return fields.date(cell, name, problems)
    if key == "cluster":
        return fields.switch(cell, name, problems, "write true or false")
    return fields.parameter_value(PARAMETERS[f"space.{key}"], cell, problems, name)
