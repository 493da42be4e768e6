"""The comparison of surveys of two frames."""

from __future__ import annotations

import pytest

from benchmarks.thinning import FULL, THINNED, agreement
from coworksim.files.load import load_scenario


def test_a_difference_of_means_has_its_interval() -> None:
    """Welch by hand: means .2 and .3, their variances .01/3 and .02/12, 3.86 degrees of freedom, taken as 3."""
    found = agreement("sc_space", "social", [0.1, 0.2, 0.3], [0.2, 0.3, 0.4, 0.3])
    assert (found.full, found.thinned, found.difference) == pytest.approx((0.2, 0.3, 0.1))
    assert found.half == pytest.approx(3.182 * 0.0707, rel=0.01)
    assert abs(agreement("", "", [0.1, 0.11, 0.09], [0.5, 0.51, 0.52, 0.49]).difference) > 0.3


def test_the_thinned_frame_is_the_full_one_at_a_quarter() -> None:
    """The same spaces in the same regions, a quarter of the people, desks and costs that do not follow desks."""
    full, thinned = load_scenario(FULL), load_scenario(THINNED)
    assert [(r.code, r.spaces) for r in thinned.regions] == [(r.code, r.spaces) for r in full.regions]
    for name in (
        "environment.catchment",
        "space.desks",
        "space.introductions",
        "encounters.half_crowd",
        "management.staff",
        "management.event_cost",
        "management.capital",
    ):
        assert 4 * float(thinned[name]) == float(full[name]), name
    moved = {name for name in full.values if full.values[name] != thinned.values[name]}
    assert len(moved) == 7
