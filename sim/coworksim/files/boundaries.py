"""The boundaries of the 179 ITL-3 regions, which region a place lies in, and how near the next one is.

They are simplified to 2.5 km (``uk_map.json``), so a place that lies nearer to a border may belong to the other side.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from coworksim.files.built_in import data_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Ring = NDArray[np.float64]
type Axis = NDArray[np.float64]

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


class _Edges(NamedTuple):
    """Every edge of every region, in order of regions: where those of each begin; of each edge its region and run."""

    codes: tuple[str, ...]
    first: NDArray[np.int64]
    owner: NDArray[np.int64]
    x: Axis  # where it begins
    y: Axis
    dx: Axis  # and how far it goes
    dy: Axis
    squared: Axis  # its length


@cache
def _edges() -> _Edges:
    import numpy as np

    codes = tuple(outlines())
    rings = [(number, ring) for number, code in enumerate(codes) for ring in outlines()[code]]
    owner = np.concatenate([np.full(len(ring) - 1, number) for number, ring in rings])
    x, y = np.concatenate([ring[:-1] for _, ring in rings]).T.copy()
    dx, dy = np.concatenate([np.diff(ring, axis=0) for _, ring in rings]).T.copy()
    first = np.searchsorted(owner, np.arange(len(codes)))
    return _Edges(codes, first, owner, x, y, dx, dy, np.maximum(dx * dx + dy * dy, 1.0))


def lies(easting: float, northing: float) -> Lies:
    """Say where a place lies; the border of a simplified region belongs to one of its sides.

    >>> lies(435346, 387270).region, lies(700000, 500000).region
    ('TLE32', None)
    """
    import numpy as np

    e = _edges()
    left, down = easting - e.x, northing - e.y
    crossed = np.flatnonzero((down < 0.0) != (down < e.dy))
    east = e.dx[crossed] / e.dy[crossed] * down[crossed] > left[crossed]
    crossings = np.bincount(e.owner[crossed[east]], minlength=len(e.codes))
    inside = [e.codes[number] for number in np.flatnonzero(crossings % 2)]
    part = np.clip((left * e.dx + down * e.dy) / e.squared, 0.0, 1.0)
    nearest = np.minimum.reduceat(np.hypot(left - part * e.dx, down - part * e.dy), e.first)
    region = inside[0] if inside else None
    by_distance = [int(number) for number in np.argsort(nearest, kind="stable") if e.codes[number] != region]
    near = tuple(e.codes[number] for number in by_distance if nearest[number] <= TOLERANCE)
    if region is not None:
        return Lies(region, near, region, 0.0)
    return Lies(None, near, e.codes[by_distance[0]], float(nearest[by_distance[0]]))
