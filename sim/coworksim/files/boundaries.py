"""The boundaries of the 179 ITL-3 regions, which region a place lies in, and how near the next one is.

They are simplified to 2.5 km (``uk_map.json``), so a place that lies nearer to a border may belong to the other side.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from coworksim.files.built_in import data_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Ring = NDArray[np.float64]

#: How far simplified boundaries may lie from the true ones, metres.
TOLERANCE: Final = 2_500.0
#: Metres of a unit of the file.
_UNIT: Final = 100.0


class Lies(NamedTuple):
    """Where a place lies: the region it is in, None in the sea; others within the tolerance; the nearest of all."""

    region: str | None
    near: tuple[str, ...]
    nearest: str
    metres: float  # to the nearest region, 0 inside


@cache
def outlines() -> Mapping[str, tuple[Ring, ...]]:
    """Return the rings of each region by code, (n, 2) easting and northing in metres; holes are rings, too.

    >>> len(outlines()), outlines()["TLC11"][0].shape[1]
    (179, 2)
    """
    import numpy as np

    text = (data_folder() / "regions" / "uk_map.json").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            feature["properties"]["code"]: tuple(
                np.array(ring, float) * _UNIT for part in feature["geometry"]["coordinates"] for ring in part
            )
            for feature in json.loads(text)["features"]
        }
    )


@cache
def tiles() -> Mapping[str, tuple[float, int]]:
    """Return the hexagon of each region by code: its place across in hexagons, and its row from the north.

    >>> tiles()["TLC11"]
    (13.0, 12)
    """
    with (data_folder() / "regions" / "uk_tiles.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType(
            {row["code"]: (float(row["tile_x"]), int(row["tile_row"])) for row in csv.DictReader(lines, strict=True)}
        )


@cache
def _edges() -> tuple[tuple[str, ...], NDArray[np.int64], Ring, Ring]:
    """Return all codes, and of each edge the number of its region, its beginning and its end."""
    import numpy as np

    codes = tuple(outlines())
    rings = [(number, ring) for number, code in enumerate(codes) for ring in outlines()[code]]
    owner = np.concatenate([np.full(len(ring) - 1, number) for number, ring in rings])
    begin, end = (np.concatenate([ring[one] for _, ring in rings]) for one in (slice(0, -1), slice(1, None)))
    return codes, owner, begin, end


def lies(easting: float, northing: float) -> Lies:
    """Say where a place lies; the border of a simplified region belongs to one of its sides.

    >>> lies(435346, 387300).region, lies(700000, 500000).region
    ('TLE32', None)
    """
    import numpy as np

    codes, owner, begin, end = _edges()
    at = np.array([easting, northing])
    crossed = (begin[:, 1] > northing) != (end[:, 1] > northing)
    with np.errstate(divide="ignore", invalid="ignore"):
        across = begin[:, 0] + (northing - begin[:, 1]) / (end[:, 1] - begin[:, 1]) * (end[:, 0] - begin[:, 0])
    crossings = np.bincount(owner[crossed & (across > easting)], minlength=len(codes))
    inside = [codes[number] for number in np.flatnonzero(crossings % 2)]
    along = end - begin
    length = (along**2).sum(axis=1)
    part = np.clip(((at - begin) * along).sum(axis=1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    gaps = np.hypot(*(at - begin - part[:, None] * along).T)
    nearest = np.full(len(codes), math.inf)
    np.minimum.at(nearest, owner, gaps)
    region = inside[0] if inside else None
    by_distance = [int(number) for number in np.argsort(nearest, kind="stable") if codes[number] != region]
    near = tuple(codes[number] for number in by_distance if nearest[number] <= TOLERANCE)
    if region is not None:
        return Lies(region, near, region, 0.0)
    return Lies(None, near, codes[by_distance[0]], float(nearest[by_distance[0]]))
