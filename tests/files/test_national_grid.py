"""From degrees to the National Grid: the worked examples of Ordnance Survey, and places that everybody knows."""

from __future__ import annotations

import math

import pytest

from coworksim.files.boundaries import TOLERANCE, lies, outlines, tiles
from coworksim.files.national_grid import helmert, project, to_grid
from coworksim.files.uk_regions import real_regions


def _degrees(degrees: float, minutes: float, seconds: float) -> float:
    return math.radians(degrees + minutes / 60 + seconds / 3600)


def test_the_worked_example_of_the_change_of_datum() -> None:
    """Ordnance Survey, A guide to coordinate systems in Great Britain, Helmert transformation worked example."""
    found = helmert(3790644.900, -110149.210, 5111482.970)
    assert found == pytest.approx((3790269.549, -110038.064, 5111050.261), abs=0.001)


def test_the_worked_example_of_the_projection() -> None:
    """The same guide, annex C: 52 39 27.2531 N, 1 43 4.5177 E on the Airy ellipsoid."""
    found = project(_degrees(1, 43, 4.5177), _degrees(52, 39, 27.2531))
    assert found == pytest.approx((651409.903, 313177.270), abs=0.001)


def test_both_together_against_another_program() -> None:
    """Kelly and van Vlijmen, mailing list of PROJ, January 2006: cs2cs with the same seven parameters."""
    assert to_grid(1.25423, 52.63820) == pytest.approx((620286.2515, 309466.3864), abs=0.1)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "region"),
    [
        ("Lerwick", -1.145, 60.155, "Shetland Islands"),
        ("Truro", -5.051, 50.263, "Cornwall and Isles of Scilly"),
        ("Norwich", 1.297, 52.630, "Norwich and East Norfolk"),
        ("Belfast", -5.930, 54.597, "Belfast"),
        ("Leeds", -1.549, 53.801, "Leeds"),
        ("Wrexham", -2.993, 53.046, "Flintshire and Wrexham"),
    ],
)
def test_towns_lie_in_their_regions(place: str, longitude: float, latitude: float, region: str) -> None:
    found = lies(*to_grid(longitude, latitude))
    assert found.region is not None, place
    assert real_regions()[found.region].name == region


def test_the_sea_and_other_countries_are_no_region_and_the_nearest_is_told_with_its_distance() -> None:
    north_sea, dublin = lies(*to_grid(2.3, 55.0)), lies(*to_grid(-6.26, 53.35))
    assert north_sea.region is dublin.region is None
    assert min(north_sea.metres, dublin.metres) > 50_000
    assert real_regions()[dublin.nearest].itl1 == "Northern Ireland"


def test_map_and_tiles_hold_each_region_once() -> None:
    assert list(outlines()) == list(tiles()) or set(outlines()) == set(tiles()) == set(real_regions())
    assert len(set(tiles().values())) == len(tiles()) == 179


def test_each_region_holds_the_middle_of_most_of_its_own_edges_pushed_inwards() -> None:
    """A point a little off an edge lies in the region of this edge, or in that across: never in a third."""
    wrong = []
    for code, rings in outlines().items():
        ring = rings[0]
        middle = (ring[0] + ring[1]) / 2
        found = lies(float(middle[0]) + 1.0, float(middle[1]) + 1.0)
        if code not in (found.region, *found.near):
            wrong.append(code)
    assert wrong == []
    assert TOLERANCE == 2_500
