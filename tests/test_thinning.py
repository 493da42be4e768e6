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
    """The same spaces in the same regions; a quarter of the people, of the desks of a space and of what it costs."""
    full, thinned = load_scenario(FULL), load_scenario(THINNED)
    assert [(r.code, r.spaces) for r in thinned.regions] == [(r.code, r.spaces) for r in full.regions]
    by_place, scale = float(full["space.size_by_place"]), float(full["management.staff_scale"])
    times = {
        "environment.catchment": 0.25,
        "space.desks": 0.25 * 4.0**by_place,  # of a place of 6,400 people, of which there are now a quarter
        "encounters.half_crowd": 0.25,
        "management.staff": 0.25 * 4.0**scale,  # of a space of 64 desks
        "management.event_cost": 0.25,
        "management.founders": 4.0,
    }
    for name, factor in times.items():
        assert float(thinned[name]) == pytest.approx(factor * float(full[name]), rel=0.01), name
    assert {name for name in full.values if full.values[name] != thinned.values[name]} == {*times}
