"""Spaces from OpenStreetMap: the query to ask for them, and what comes back, as the rows of a list.

Nothing here goes online: the user asks, and keeps the file. An object without a point of its own lies in the middle of
the box around it, as Overpass has it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from coworksim.files.errors import Mark, Problems

QUERY: Final = """[out:json][timeout:180];
area["ISO3166-1"="GB"][admin_level=2]->.uk;
(
  nwr["amenity"="coworking_space"](area.uk);
  nwr["office"="coworking"](area.uk);
);
out center;
"""
LICENCE: Final = (
    "The list is a database derived from OpenStreetMap (c) OpenStreetMap contributors, under the Open Database Licence "
    "(ODbL) 1.0. It is yours to use. Who publishes it, or a list made from it, does so under the ODbL and names "
    "OpenStreetMap; who publishes results of simulations with it names OpenStreetMap as a source."
)
#: Tag -> column of the list.
_TAGS: Final = {"name": "name", "start_date": "opened", "end_date": "closed"}
#: Tags from which a space is said to open, where start_date is missing.
_OPENING: Final = "opening_date"
_HEADER: Final = ["name", "@lon", "@lat", "opened", "closed"]


def is_openstreetmap(header: list[str]) -> bool:
    """Whether the columns are those of a table that Overpass writes.

    >>> is_openstreetmap(["@id", "@lat", "@lon", "name"]), is_openstreetmap(["name", "lat", "lon"])
    (True, False)
    """
    return any(cell.strip() in ("@lat", "@lon") for cell in header)


def is_json(data: bytes) -> bool:
    """Whether a file holds a JSON object."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_json(file: str, data: bytes, problems: Problems) -> list[list[str]] | None:
    """Read what Overpass answers (JSON), or what Overpass turbo exports (GeoJSON), as rows of text; None if refused."""
    try:
        found = json.loads(data)
        rows = list(_elements(found["elements"]) if "elements" in found else _features(found["features"]))
        ours = "elements" in found or any("@id" in (one.get("properties") or {}) for one in found["features"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        write = "give the JSON that Overpass answers, a GeoJSON of features, or a table (CSV, XLSX or ODS)"
        problems.add(Mark(file), "this JSON does not list any places", write)
        return None
    return [_HEADER if ours else [cell.strip("@") for cell in _HEADER], *rows]


def _elements(elements: list[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Go through the objects of an answer of Overpass."""
    for one in elements:
        if "tags" in one:  # the corners of a building have none
            at = one.get("center", one)
            yield _row(one["tags"], at["lon"], at["lat"])


def _features(features: list[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Go through the features of a GeoJSON."""
    for one in features:
        points = list(_points(one["geometry"]["coordinates"]))
        middle = [(min(axis) + max(axis)) / 2 for axis in zip(*points, strict=True)]
        tags = one.get("properties") or {}
        yield _row(tags.get("tags", tags), middle[0], middle[1])


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for part in coordinates:
            yield from _points(part)


def _row(tags: Mapping[str, Any], longitude: float, latitude: float) -> list[str]:
    said = {column: str(tags.get(tag, "")).strip() for tag, column in _TAGS.items()}
    opened = said["opened"] or str(tags.get(_OPENING, "")).strip()
    name = " ".join(said["name"].split())
    return [name, f"{float(longitude):.7g}", f"{float(latitude):.7g}", opened, said["closed"]]
