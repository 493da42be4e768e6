"""Who gets what: eight people at the opening and three who come later, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.appraisal.measures import Pair
from coworksim.appraisal.money import distribution, gini, groups, weights
from coworksim.appraisal.pairs import FAMILIES, Record
from coworksim.appraisal.record_week import SUMS, WEEKLY
from tests.worlds import busy

WEEKS, PEOPLE = 4, 10
OPENING = [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0, 1000.0]


def record() -> Record:
    """Return ten people of whom the first three make room for somebody else in week 2; nobody does anything."""
    made = Record.__new__(Record)
    made.weeks, made.base = WEEKS, np.zeros(PEOPLE, np.int64)
    made.region = np.array([0] * 6 + [1] * 4, np.int32)
    made._rows = np.arange(PEOPLE)
    made.key = np.tile(np.arange(PEOPLE, dtype=np.uint32) * 64, (WEEKS, 1))
    made.key[2:, :3] += 1
    made.space = np.full((WEEKS, PEOPLE), -1, np.int16)
    made.plan = np.full((WEEKS, PEOPLE), -1, np.int8)
    made.support = np.zeros((WEEKS, PEOPLE), np.int32)
    made.space_key = np.zeros((WEEKS, 1), np.uint32)
    made.sums = np.zeros((len(SUMS), PEOPLE, 2))
    made.sums[SUMS.index("weeks"), :, 0] = WEEKS
    made.sums[SUMS.index("weeks"), :3] = 2.0
    made.first = {name: np.zeros((PEOPLE, 2)) for name in ("status", "occupation", "career", "income")}
    made.first["income"][:, 0] = OPENING
    made.first["income"][:3, 1] = 5000.0  # those who come are rich: fifths stay as they were at the opening
    made.first["career"][:, 0] = [0.0, 4.9, 5.0, 14.9, 15.0, 30.0, 1.0, 1.0, 1.0, 1.0]
    made.postings, made.deviation = [], dict.fromkeys(FAMILIES, 0.1)
    made.weekly = np.zeros((len(WEEKLY), WEEKS))
    made.last = {name: np.arange(1.0, PEOPLE + 1) for name in ("td", "sc", "income")}
    return made


@pytest.fixture
def two() -> Pair:
    there, here = record(), record()
    there.sums[SUMS.index("td"), 0, 0] = 0.52  # one point-year of the poorest
    there.sums[SUMS.index("earned"), 9, 0] = 12_300.0
    there.sums[SUMS.index("earned_now"), 0, 0] = 10_000.0
    there.sums[SUMS.index("earned_now"), 9, 0] = 10_000.0
    there.support[1, 8] = 700
    return Pair(busy(), there, here)


def test_fifths_are_cut_at_the_opening_over_those_who_are_there(two: Pair) -> None:
    _, fifth = groups(two)["income fifth"]
    assert fifth[:, 0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert fifth[:3, 1].tolist() == [4, 4, 4]


def test_careers_are_cut_at_five_and_fifteen_years(two: Pair) -> None:
    names, stage = groups(two)["career"]
    assert stage[:6, 0].tolist() == [0, 0, 1, 1, 2, 2]
    assert len(names) == 3


def test_each_group_has_what_its_own_people_got(two: Pair) -> None:
    found = distribution(two)

    def of(measure: str) -> list[float]:
        return [found[f"group\tincome fifth\t{name}\t{measure}"] for name in groups(two)["income fifth"][0]]

    assert of("people") == [2.0, 2.0, 2.0, 2.0, 5.0]  # with the three who come
    assert of("recipients") == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert of("support_gbp") == [0.0, 0.0, 0.0, 0.0, 7.0]
    assert of("td_point_years") == pytest.approx([1.0, 0.0, 0.0, 0.0, 0.0])
    assert of("sc_point_years") == [0.0] * 5
    assert of("earned_gbp") == [0.0, 0.0, 0.0, 0.0, 123.0]


def test_weights_are_medians_of_the_opening_over_the_fifths(two: Pair) -> None:
    found, elasticity = distribution(two), float(two.scenario["appraisal.welfare_elasticity"])
    by_hand = [(550.0 / median) ** elasticity for median in (150.0, 350.0, 550.0, 750.0, 950.0)]
    names = groups(two)["income fifth"][0]
    assert [found[f"weight\t{name}"] for name in names] == pytest.approx(by_hand)
    assert found["weighted_output_gain_gbp"] == pytest.approx(100.0 * by_hand[0] + 100.0 * by_hand[4])


def test_what_those_earn_who_live_in_one_world_only_has_no_weight(two: Pair) -> None:
    two.here.sums[SUMS.index("weeks"), 0, 0] = 0.0
    found = distribution(two)
    assert found["weighted_output_gain_gbp"] == pytest.approx(100.0 + 100.0 * found["weight\thighest"])


def test_gaps_between_regions_and_gini_are_with_less_without(two: Pair) -> None:
    two.there.last["td"] = np.array([0.3] * 6 + [0.5] * 4)
    two.here.last["td"] = np.array([0.3] * 6 + [0.4] * 4)
    found = distribution(two)
    flags = [region.flag for region in two.scenario.regions]
    sign = 1.0 if flags[1] == "left-behind" else -1.0
    assert sorted(flags) == ["left-behind", "other"]
    assert found["regional_gap_td_with"] == pytest.approx(sign * 20.0)
    assert found["regional_gap_td_without"] == pytest.approx(sign * 10.0)
    assert found["regional_gap_td_change"] == pytest.approx(sign * 10.0)
    assert found["regional_gap_income_change"] == 0.0
    assert found["gini_td_change"] == pytest.approx(gini(two.there.last["td"]) - gini(two.here.last["td"]))
    assert found["gini_td_change"] > 0.0


def test_a_gini_of_nothing_is_nothing_and_weights_of_nobody_stay_finite() -> None:
    assert gini(np.zeros(3)) == 0.0
    assert gini(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.25)
    assert np.isfinite(weights(np.array([0.0, 1.0]), 1.0, 1.0)).all()


def test_one_week_in_both_worlds_is_enough_to_count(two: Pair) -> None:
    for world in (two.there, two.here):
        world.sums[SUMS.index("weeks"), 0, 0] = 1.0
        world.sums[SUMS.index("weeks"), 1, 0] = 0.0
    found = distribution(two)
    assert found["group\tincome fifth\tlowest\tpeople"] == 1.0
