"""Every check holds where its effect is planted, does not where the opposite is, and is chance where nothing is."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.patterns.declaration import MEASURES, PATTERNS, key
from coworksim.evidence.patterns.pattern_measures import (
    People,
    between_regions,
    ceiling,
    measured,
    of_regions,
    region_sums,
)
from coworksim.statistics.flag_contrasts import flag_contrast
from coworksim.statistics.intervals import t_quantile
from tests.evidence.patterns.contrasts import contrasts

from .planted import WEEKS, table

#: What to plant for each pattern.
PLANTED = {
    "E1": {"sc": 0.01},
    "E2": {"td": 0.03},
    "E3a": {"td_behind": 0.02},
    "E3b": {"sc_behind": -0.01},
    "E4sc": {"independent_sc": 0.5},
    "E4td": {"independent_td": 0.5},
    "E5": {"creative_td": 0.5},
    "E5x": {"both_td": 0.8},
    "E6i": {"low": -0.2},
    "E6c": {"early": -0.2},
    "E6r": {"low_behind": -0.2},
}


def test_a_check_follows_what_is_planted(subtests: pytest.Subtests) -> None:
    for pattern, sign in product(PATTERNS, (1.0, -1.0)):
        found = measured(table(effects={name: sign * size for name, size in PLANTED[pattern].items()}), WEEKS)
        for place in [place for name, place in MEASURES if name == pattern]:
            with subtests.test(f"{pattern} in {place}, {'' if sign > 0 else 'the opposite '}planted"):
                assert np.sign(found[key(pattern, place, "value")]) == sign * PATTERNS[pattern].sign
                assert found[key(pattern, place, "clear")] == 1.0


def test_a_planted_effect_has_its_size() -> None:
    found, sizes = dict[str, float](), dict[str, object]()
    for pattern, effects in PLANTED.items():
        (size,) = effects.values()
        tolerance = 0.03 if pattern.startswith("E6") else 0.02 * abs(size) + 0.01
        found[pattern] = measured(table(noise=0.01, effects=effects), WEEKS)[key(pattern, "space", "value")]
        sizes[pattern] = pytest.approx(size, abs=tolerance)
    assert found == sizes


def test_a_lead_that_all_the_independent_have_is_none_of_creatives_alone() -> None:
    found = measured(table(noise=0.01, independent_td=0.5, both_td=0.8), WEEKS)
    assert found["E5x.space.value"] == pytest.approx(0.8, abs=0.02)
    assert measured(table(noise=0.01, independent_td=0.5), WEEKS)["E5x.space.value"] == pytest.approx(0.0, abs=0.02)


def test_in_the_space_the_contrasts_are_those_of_observe() -> None:
    planted = table(td_behind=0.004, sc_behind=-0.001)
    found = measured(planted, WEEKS)
    for contrast in contrasts(planted, permutations=9):
        assert found[key(contrast.name, "space", "value")] == pytest.approx(contrast.difference, rel=1e-9)


def test_in_total_counts_all_channels_and_in_the_space_its_own() -> None:
    planted = table(td=0.03)
    planted["gain_td_decay_points"] = -0.05 * planted["equipment_hours"]
    found = measured(planted, WEEKS)
    assert found["E2.space.value"] == pytest.approx(0.03, abs=0.004)
    assert found["E2.total.value"] == pytest.approx(-0.02, abs=0.004)


def test_people_who_never_used_a_space_do_not_count_for_gains() -> None:
    planted = table(td=0.03)
    strangers = planted.copy()
    strangers["days_in_space"] = 0
    strangers["gain_td_space_resource_points"] = -100.0 * strangers["equipment_hours"]
    both = measured(pd.concat([planted, strangers], ignore_index=True), WEEKS)
    alone = measured(planted, WEEKS)
    assert both["E2.space.value"] == pytest.approx(alone["E2.space.value"])
    assert both["E6i.space.value"] == pytest.approx(alone["E6i.space.value"])  # the same members, twice


def test_what_is_undefined_is_left_out() -> None:
    nobody = table()
    nobody["days_in_space"] = 0
    found = measured(nobody, WEEKS)
    assert "E1.space.value" not in found
    assert "E6i.space.value" in found
    one_kind = measured(table(sc=0.01, behind=0), WEEKS)
    assert one_kind["E1.space.value"] > 0
    assert "E3a.space.value" not in one_kind


def test_an_upper_third_that_can_say_no_more_hides_what_lies_in_it() -> None:
    """A lead only at the top of the gains is there in points, and not on five points."""
    planted = table(noise=1.0)
    top = planted["gain_sc_space_social_points"] > planted["gain_sc_space_social_points"].quantile(0.7)
    planted.loc[top & (planted["status"] == "freelancer"), "gain_sc_space_social_points"] += 3.0
    points, five = (measured(planted, WEEKS, scale=scale)["E4sc.space.value"] for scale in ("points", "five_point"))
    assert points > 0.6
    assert abs(five) < 0.3
    assert set(People.of(planted, WEEKS, "five_point").outcomes["sc", "space"]) == {1.0, 2.0, 3.0, 4.0, 5.0}


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    """With one x-pair a region the slope is the mean of the regions' differences, and the jackknife its usual error."""
    differences = np.array([0.2, 0.5, 0.1, 0.7, 0.4])
    y = np.stack([np.zeros(5), differences], axis=1).ravel()
    found = of_regions(region_sums(y, np.tile([0.0, 1.0], 5), np.repeat(np.arange(5), 2), 5))
    assert found is not None
    assert found.value == pytest.approx(differences.mean())
    assert found.error == pytest.approx(differences.std(ddof=1) / np.sqrt(5))
    assert found.clear == (found.value > t_quantile(4) * found.error)


def test_all_permutations_are_gone_through_where_they_are_few() -> None:
    """Four regions, two flagged: of 6 assignments the true one and its mirror are the furthest, so p is 1/3."""
    y = np.array([0.0, 9.0, 0.0, 8.0, 0.0, 1.0, 0.0, 0.0])
    sums = region_sums(y, np.tile([0.0, 1.0], 4), np.repeat(np.arange(4), 2), 4)
    both = between_regions(sums, np.array([True, True, False, False]), 1)
    assert both is not None
    assert both[0].value == pytest.approx(8.0)
    assert not both[0].clear
    assert both[0].error == pytest.approx(0.5)  # 0.5 beside 8.5, 0.5 beside 0.5: a fourth of each square, four times


#: Of 200 tests at the 5 % level without effect fewer than 2 or more than 20 reject with probability .003.
FEWEST, MOST = 2, 20


@pytest.mark.slow
def test_without_effects_checks_are_clear_at_their_nominal_rate() -> None:
    """200 tables with regional levels and no effect; E3a and E3b by exact permutation, E1 and E4td by the jackknife."""
    names = [key(pattern, "space", "clear") for pattern in ("E3a", "E3b", "E1", "E4td")]
    clear = np.zeros(len(names))
    for seed in range(200):
        found = measured(table(seed=seed, people=16), WEEKS)
        clear += [found[name] for name in names]
    assert (clear >= FEWEST).all(), clear
    assert (clear <= MOST).all(), clear


def test_tests_that_know_no_regions_would_be_caught_by_that_bound() -> None:
    """Slopes that differ between regions for reasons of their own: people alone as the unit reject far too often."""
    rejected = {"regions": 0, "people": 0}
    for seed in range(100):
        random = np.random.default_rng(seed)
        region, x = np.repeat(np.arange(12), 40), random.random(480)
        y = random.normal(0, 1, 12)[region] * x + random.normal(0, 0.1, 480)
        sums, behind = region_sums(y, x, region, 12), np.arange(12) < 6
        both = between_regions(sums, behind, seed)
        assert both is not None
        rejected["regions"] += both[0].clear
        error = np.sqrt(sum(0.1**2 / sums[part, 1].sum() for part in (behind, ~behind)))
        rejected["people"] += abs(both[0].value) > 1.96 * error
    assert rejected["regions"] <= 14  # of 100 at 5 %: exceeded with probability .0005
    assert rejected["people"] > 50


def test_answers_on_five_points_change_at_their_thresholds() -> None:
    users = np.linspace(0.0, 1.0, 101)
    gains = np.array([0.0999, 0.1001, 0.2499, 0.2501, 0.4499, 0.4501, 0.6499, 0.6501])
    assert ceiling(gains, users).tolist() == [1, 2, 2, 3, 3, 4, 4, 5]


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
    slopes = sums(9.0, 9.1, *[0.1 * k for k in range(20)])
    found = between_regions(slopes[:7], np.arange(7) < 2, 1)
    assert found is not None
    contrast, _ = found
    assert contrast.value == pytest.approx(9.05 - 0.2)
    assert contrast.clear  # 1 of 21 ways is as far: under 5 %
    fewer = between_regions(slopes[:6], np.arange(6) < 2, 1)
    assert fewer is not None
    assert not fewer[0].clear  # 1 of 15 is more
    assert between_regions(slopes, np.zeros(22, np.bool_), 1) is None
    assert between_regions(slopes, np.ones(22, np.bool_), 1) is None
    idle = np.vstack([slopes[:7], [[0.0, 0.0]]])  # where the cause does not differ, a region tells nothing
    again = between_regions(idle, np.arange(8) < 2, 1)
    assert again is not None
    assert again[0] == contrast


def test_five_in_a_hundred_are_clear_and_a_kind_of_one_region_never_is() -> None:
    flag, draw = np.arange(16) < 2, np.random.default_rng(1)
    tables = [np.column_stack([draw.normal(0.5 * flag, 0.3), np.ones(16)]) for _ in range(400)]
    edge = [each for each in tables if (one := flag_contrast(each, flag, 1)) and one.p == 6 / 120]
    assert edge
    for at_edge in edge:
        both = between_regions(at_edge, flag, 1)
        assert both is not None
        assert both[0].clear
    single = between_regions(sums(9.0, *[0.1 * k for k in range(29)]), np.arange(30) == 0, 1)
    assert single is not None
    assert single[0].value > 7.0
    assert not single[0].clear  # 1 of 30 ways is as far, and nothing tells how much such a region strays
