"""Slopes of regions by hand: the jackknife, what is clear of 0, and the flag dealt out in every way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim.evidence.patterns.pattern_measures import between_regions, of_regions


def sums(*slopes: float) -> np.ndarray:
    """Return regions of equal weight with these slopes."""
    return np.array([[slope, 1.0] for slope in slopes])


def test_a_slope_is_clear_from_students_quantile_of_its_regions_on() -> None:
    """Of three regions the jackknife of a mean is its standard error; t of two degrees of freedom is 4.3027."""
    for mean, clear in ((4.29, False), (4.31, True), (-4.31, True), (-4.29, False), (3.0, False)):
        spread = math.sqrt(3.0)
        found = of_regions(sums(mean - spread, mean, mean + spread))
        assert found is not None
        assert found.value == pytest.approx(mean)
        assert found.error == pytest.approx(1.0)
        assert found.clear is clear


def test_a_slope_that_is_the_same_everywhere_is_clear_and_two_regions_tell_nothing() -> None:
    found = of_regions(sums(0.5, 0.5, 0.5))
    assert found is not None
    assert found.clear
    assert found.error == pytest.approx(0.0, abs=1e-12)
    two = of_regions(sums(0.5, 0.6))
    assert two is not None
    assert two.value == pytest.approx(0.55)
    assert not two.clear
    assert math.isnan(two.error)
    assert of_regions(np.zeros((3, 2))) is None


def test_a_lead_is_one_slope_less_the_other() -> None:
    found = of_regions(sums(1.0, 2.0, 3.0), sums(0.0, 1.0, 2.0))
    assert found is not None
    assert found.value == pytest.approx(1.0)
    assert found.error == pytest.approx(0.0, abs=1e-12)
    assert found.clear
    apart = of_regions(sums(1.0, 2.0, 3.0), sums(2.0, 1.0, 0.0))
    assert apart is not None
    assert apart.value == pytest.approx(1.0)
    assert apart.error == pytest.approx(2.0 / math.sqrt(3.0))


def test_a_contrast_is_held_against_every_way_to_flag_so_many_regions() -> None:
    slopes = sums(9.0, *[0.1 * k for k in range(20)])
    found = between_regions(slopes, np.arange(21) == 0, 1)
    assert found is not None
    contrast, _ = found
    assert contrast.value == pytest.approx(9.0 - 0.95)
    assert contrast.clear  # 1 of 21 ways is as far: under 5 %
    fewer = between_regions(slopes[:19], np.arange(19) == 0, 1)
    assert fewer is not None
    assert not fewer[0].clear  # 1 of 19 is more
    twenty = between_regions(slopes[:20], np.arange(20) == 0, 1)
    assert twenty is not None
    assert twenty[0].clear  # 1 of 20 is 5 %
    assert between_regions(slopes, np.zeros(21, np.bool_), 1) is None
    assert between_regions(slopes, np.ones(21, np.bool_), 1) is None
    idle = np.vstack([slopes, [[0.0, 0.0]]])  # where the cause does not differ, a region tells nothing
    again = between_regions(idle, np.arange(22) == 0, 1)
    assert again is not None
    assert again[0] == contrast
