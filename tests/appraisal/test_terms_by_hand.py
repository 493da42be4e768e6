"""Four people, two spaces and six weeks, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.appraisal.measures import Pair, afterwards, displacement, incidence, learning, network, strata, support
from coworksim.appraisal.pairs import FAMILIES, Record
from coworksim.appraisal.record_week import STAGES, SUMS, WEEKLY
from coworksim.model.state.world import Posting
from tests.worlds import busy

WEEKS, PEOPLE, SPACES = 6, 4, 2
HOT, DAY = 1, 0
MONTH = 52 / 12


def record() -> Record:
    """Return a world in which nobody does anything."""
    made = Record.__new__(Record)
    made.weeks, made.base = WEEKS, np.zeros(PEOPLE, np.int64)
    made.region, made._rows = np.zeros(PEOPLE, np.int32), np.arange(PEOPLE)
    made.key = np.tile(np.arange(PEOPLE, dtype=np.uint32) * 64, (WEEKS, 1))
    made.space = np.full((WEEKS, PEOPLE), -1, np.int16)
    made.plan = np.full((WEEKS, PEOPLE), -1, np.int8)
    made.days, made.status = np.zeros((WEEKS, PEOPLE), np.int8), np.zeros((WEEKS, PEOPLE), np.int8)
    made.support = np.zeros((WEEKS, PEOPLE), np.int32)
    made.sums = np.zeros((len(SUMS), PEOPLE, 1))
    made.sums[0] = WEEKS
    made.first = {name: np.zeros((PEOPLE, 1)) for name in ("status", "occupation", "career", "income")}
    made.stages = np.full((len(STAGES), PEOPLE, 1), -1, np.int16)
    made.open = np.ones((WEEKS, SPACES), np.bool_)
    made.space_key = np.tile(np.arange(SPACES, dtype=np.uint32), (WEEKS, 1))
    made.price = np.full((WEEKS, SPACES), 5200, np.int64)
    made.members, made.cash, made.desk_days = (np.zeros((WEEKS, SPACES), np.int64) for _ in range(3))
    made.desks = np.full((WEEKS, SPACES), 10, np.int64)
    made.weekly = np.zeros((len(WEEKLY), WEEKS))
    made.postings, made.deviation = [], dict.fromkeys(FAMILIES, 0.1)
    made.ties = {"all": 0.0, "region": 0.0, "occupation": 0.0}
    return made


def came(made: Record, stage: str, *people: int, week: int = 0) -> None:
    made.stages[STAGES.index(stage), people, 0] = week


def joined(made: Record, person: int, weeks: range, plan: int = HOT, space: int = 0) -> None:
    made.space[weeks, person], made.plan[weeks, person] = space, plan
    made.members[weeks, space] += 1


@pytest.fixture
def two() -> Pair:
    here, there = record(), record()
    joined(here, 0, range(3, 6))  # comes earlier with support
    joined(there, 0, range(1, 6))
    joined(here, 1, range(3), DAY)  # stays longer, and on a larger plan
    joined(there, 1, range(6))
    joined(here, 2, range(4), space=1)  # leaves earlier; never has support
    joined(there, 2, range(2), space=1)
    joined(there, 3, range(4, 6))  # would never have come
    there.support[1:6, 0], there.support[2:6, 1], there.support[4:6, 3] = 100, 100, 50
    there.days[0:3, 1], here.days[0:3, 1] = 4, 1
    there.price[4:6, 0] = 10_400  # 24 GBP a week in place of 12
    there.postings = [Posting(week, "treasury", "space:here/0", "support:x", 100) for week in (1, 2)]
    return Pair(busy(), there, here)


def test_support_is_divided_by_what_would_have_been(two: Pair) -> None:
    found = support(two)
    assert found["support_gbp"] == 10.0
    assert found["deadweight_gbp"] == 3.0  # person 0, weeks 3 to 5
    assert found["support_other_plan_gbp"] == 1.0  # person 1, week 2
    assert found["support_new_gbp"] == 6.0
    weeks = {name: value * MONTH for name, value in found.items() if name.endswith("months")}
    assert weeks["acceleration_member_months"] == pytest.approx(2)
    assert weeks["retention_member_months"] == pytest.approx(3)
    assert weeks["new_members_member_months"] == pytest.approx(2)
    assert weeks["recipients_new_member_months"] == pytest.approx(7)
    assert weeks["upgraded_member_months"] == pytest.approx(3)
    assert weeks["deadweight_member_months"] == pytest.approx(3)
    assert found["upgrading_days"] == 9


def test_strata_are_counted_by_person_and_week(two: Pair) -> None:
    found = strata(two)
    assert [found[f"weeks_{name}"] for name in ("both", "only_with", "only_without", "neither")] == [8, 7, 2, 7]
    assert [found[f"people_{name}"] for name in ("both", "only_with", "only_without", "neither")] == [3, 1, 0, 0]
    p, q = 15 / 24, 10 / 24
    assert found["share_both_least"] == pytest.approx(p + q - 1)
    assert found["share_both_most"] == pytest.approx(q)
    assert found["share_only_with_least"] == pytest.approx(p - q)
    assert found["share_neither_most"] == pytest.approx(1 - p)


def test_displacement_is_what_those_without_support_lose(two: Pair) -> None:
    two.there.sums[SUMS.index("earned"), 2] = -500.0
    two.there.sums[SUMS.index("earned"), 0] = -9000.0  # a recipient's loss is none of others
    found = displacement(two)
    assert found["displaced_member_months"] * MONTH == pytest.approx(2)
    assert found["displaced_net_member_months"] * MONTH == pytest.approx(2)
    assert found["other_spaces_lost_member_months"] * MONTH == pytest.approx(2)
    assert found["others_fees_lost_gbp"] == found["others_fees_lost_net_gbp"] == 5.0


def test_higher_prices_take_a_part_of_support(two: Pair) -> None:
    found = incidence(two)
    assert found["price_supported_gbp"] == 6 * 12.0  # persons 0, 1 and 3 in weeks 4 and 5
    assert found["price_others_gbp"] == 0.0


def test_skill_is_added_up_over_everybody_and_years(two: Pair) -> None:
    two.there.weekly[WEEKLY.index("td")] = 0.26  # 26 points in each of six weeks
    two.there.sums[SUMS.index("outside_hours"), 1] = -4.0
    two.there.status[2:4, 0] = 3
    found = learning(two)
    assert found["td_total_point_years"] == pytest.approx(26 * 6 / 52)
    assert found["td_total_sd_years"] == pytest.approx(26 * 6 / 52 / 10)  # a standard deviation is 10 points
    assert found["sc_total_point_years"] == 0.0
    assert found["outside_hours_lost"] == 4.0
    assert found["substitution_person_weeks"] == 2


def test_benefit_outside_the_target_group_is_leakage(two: Pair) -> None:
    came(two.there, "eligible", 0, 1, 2)
    two.there.sums[SUMS.index("td"), 3] = 0.52  # nobody meant it for person 3
    two.there.sums[SUMS.index("td"), 0] = 5.2
    found = learning(two)
    assert found["leakage_group_td_point_years"] == pytest.approx(1.0)
    assert found["leakage_group_member_months"] * MONTH == pytest.approx(2)


def test_afterwards_counts_from_the_last_payment(two: Pair) -> None:
    two.there.open[2:, 1] = False
    two.there.cash[2] = 700
    two.there.desk_days[2, 0] = 25
    found = afterwards(two)
    assert found["closures_after_0_months"] == 1.0
    assert found["cash_after_0_months_gbp"] == 14.0
    assert found["occupancy_after_0_months"] == 0.5
    assert not any("_6_months" in name for name in found)  # the horizon comes before


def test_bridging_ties_are_counted_apart(two: Pair) -> None:
    two.there.ties = {"all": 5.0, "region": 1.0, "occupation": 3.0}
    found = network(two)
    assert [found["ties_at_end"], found["ties_between_regions_at_end"], found["ties_between_occupations_at_end"]] == [
        5.0,
        1.0,
        3.0,
    ]
