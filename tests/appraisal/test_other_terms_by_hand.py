"""The terms that the first hand-made worlds leave out: take-up, leakage by place, partners, losses, days."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.appraisal.measure_registry import AFTER
from coworksim.appraisal.measures import (
    Pair,
    additional_by_week,
    afterwards,
    displacement,
    learning,
    network,
    support,
    take_up,
)
from coworksim.appraisal.pooled import FUNNEL
from coworksim.appraisal.record_week import SUMS, WEEKLY
from coworksim.appraisal.replicate import funnel
from coworksim.model.policy import Eligibility, Policy
from coworksim.model.state.world import Posting
from tests.appraisal.test_terms_by_hand import MONTH, WEEKS, came, joined, record
from tests.appraisal.worlds import scheme
from tests.worlds import busy


def worlds() -> Pair:
    """Return four people: a recipient who leaves for a week, a member without support who gains, and two others."""
    there, here = record(), record()
    joined(here, 0, range(6))
    joined(there, 0, range(5))
    joined(there, 1, range(2, 6))
    there.support[0:2, 0] = 250
    came(there, "eligible", 0, 1, 2)
    came(there, "heard", 0, 1)
    return Pair(busy(), there, here)


def test_take_up_counts_how_far_people_come() -> None:
    pair = worlds()
    assert take_up(pair) == {
        "eligible_people": 3.0,
        "aware_people": 2.0,
        "wished_people": 0.0,
        "applied_people": 0.0,
        "awarded_people": 0.0,
        "used_people": 0.0,
        "additional_people": 0.0,
        "recipients": 1.0,
        "supported_member_months": pytest.approx(2 / MONTH),
    }


def test_additional_are_those_who_use_it_and_have_been_members_for_longer_by_then() -> None:
    """Person 0 has the week less in the end, person 1 four weeks more from week 2 on; nobody else uses it."""
    pair = worlds()
    for stage in ("wished", "applied", "awarded", "used"):
        came(pair.there, stage, 0, 1)
    assert additional_by_week(pair).tolist() == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert funnel(pair)["additional_so_far"].tolist() == additional_by_week(pair).tolist()
    found = take_up(pair)
    assert (found["used_people"], found["additional_people"]) == (2.0, 1.0)
    joined(pair.here, 1, range(6))  # a member anyway: nothing is additional
    without = Pair(pair.scenario, pair.there, pair.here)
    assert additional_by_week(without).tolist() == [0.0] * 6


def test_the_funnel_counts_everybody_from_the_week_in_which_he_or_she_came_so_far() -> None:
    pair = worlds()
    came(pair.there, "heard", 2, week=4)
    assert funnel(pair)["heard_so_far"].tolist() == [2.0] * 4 + [3.0] * 2
    assert list(funnel(pair)) == [f"{stage}_so_far" for stage in FUNNEL]


def test_what_recipients_lose_and_others_gain() -> None:
    found = support(worlds()) | displacement(worlds())
    assert found["recipients_lost_member_months"] * MONTH == pytest.approx(1)
    assert found["others_new_member_months"] * MONTH == pytest.approx(4)
    assert found["displaced_net_member_months"] * MONTH == pytest.approx(-4)
    assert found["support_unmatched_gbp"] == 0.0
    assert found["deadweight_gbp"] == found["support_gbp"] == 5.0


def test_support_of_a_person_who_lives_in_one_world_only_is_in_no_other_part() -> None:
    pair = worlds()
    pair.here.key[1, 0] += 1
    pair = Pair(pair.scenario, pair.there, pair.here)
    found = support(pair)
    assert found["support_unmatched_gbp"] == 2.5
    assert found["deadweight_gbp"] == 2.5


def test_days_of_recipients_and_of_others_are_counted_apart() -> None:
    pair = worlds()
    pair.there.days[0:3, 0], pair.here.days[0:3, 0] = 5, 2
    pair.there.days[4, 1], pair.here.days[4, 1] = 1, 3
    found = displacement(pair)
    assert found["recipients_new_days"] == 9.0
    assert found["displaced_days"] == 2.0


def test_projects_lost_are_lost_by_independents_without_support_only() -> None:
    pair = worlds()
    pair.here.first["status"][:, 0] = (0, 1, 2, 3)  # the last is employed
    pair.there.sums[SUMS.index("earned"), 1:4, 0] = (-300.0, 100.0, -900.0)
    found = displacement(pair)
    assert found["others_fees_lost_gbp"] == 3.0
    assert found["others_fees_lost_net_gbp"] == 2.0


def test_benefit_in_regions_that_no_policy_is_for_is_leakage_by_place() -> None:
    scenario = busy()
    target = scheme(eligible=Eligibility(regions=("left-behind",)))
    pair = worlds()
    pair.there.region[:] = pair.here.region[:] = (0, 1, 1, 0)  # the second region is not left behind
    pair.there.sums[SUMS.index("sc"), :, 0] = (0.52, 0.26, 0.26, 0.52)
    found = learning(Pair(scenario.model_copy(update={"policies": (target,)}), pair.there, pair.here))
    assert found["leakage_area_sc_point_years"] == pytest.approx(1.0)
    assert found["leakage_area_member_months"] * MONTH == pytest.approx(4)
    assert found["leakage_group_sc_point_years"] == pytest.approx(1.0)  # person 3 was not eligible


def test_people_where_a_programme_acts_are_whom_it_is_for() -> None:
    """Nobody applies for a grant to spaces of a region: who lives there is meant, the others are not."""
    grant = Policy(
        name="g",
        kind="resource_grant",
        equipment=5.0,
        end=6,
        budget=10**6,
        eligible=Eligibility(regions=("left-behind",)),
    )
    pair = worlds()
    pair.there.stages[:] = -1
    pair.there.region[:] = pair.here.region[:] = (0, 1, 0, 0)
    pair.there.sums[SUMS.index("td"), :, 0] = (0.52, 0.26, 0.0, 0.52)
    found = learning(Pair(busy().model_copy(update={"policies": (grant,)}), pair.there, pair.here))
    assert found["leakage_group_td_point_years"] == pytest.approx(0.5)
    assert found["leakage_area_td_point_years"] == pytest.approx(0.5)


def test_levels_at_the_end_and_training_by_employers() -> None:
    pair = worlds()
    pair.there.weekly[WEEKLY.index("td_space")] = np.arange(WEEKS) / 100.0
    pair.there.weekly[WEEKLY.index("members")] = 3.0
    pair.there.sums[SUMS.index("course_hours"), 2] = -7.0
    found = learning(pair)
    assert found["td_in_space_points_at_end"] == pytest.approx(5.0)
    assert found["td_in_space_point_years"] == pytest.approx(15 / 52)
    assert found["td_in_space_sd_years"] == pytest.approx(15 / 52 / 10)
    assert found["td_total_points_at_end"] == 0.0
    assert found["additional_member_months"] * MONTH == pytest.approx(18)
    assert found["course_hours_lost"] == 7.0


def test_partners_and_encounters_add_up_over_weeks() -> None:
    pair = worlds()
    pair.there.weekly[WEEKLY.index("partners")] = 2.0
    pair.here.weekly[WEEKLY.index("encounters")] = 0.5
    found = network(pair)
    assert found["new_partners"] == 12.0
    assert found["encounters_in_spaces"] == -3.0


def test_half_a_year_after_the_last_payment_is_26_weeks_later() -> None:
    weeks = 40
    there, here = record(), record()
    for one in (there, here):
        one.weeks = weeks
        one.weekly = np.zeros((len(WEEKLY), weeks))
        one.open = np.ones((weeks, 2), np.bool_)
        one.space_key = np.tile(np.arange(2, dtype=np.uint32), (weeks, 1))
        for name in ("cash", "desks", "desk_days"):
            setattr(one, name, np.full((weeks, 2), 10, np.int64))
    there.postings = [Posting(week, "treasury", "trainers", "policy:half", 1) for week in (2, 5)]
    there.weekly[WEEKLY.index("td"), 31] = 0.07
    there.weekly[WEEKLY.index("members"), 31] = 4.0
    found = afterwards(Pair(busy(), there, here))
    assert AFTER == {6: 26, 12: 52, 24: 104}
    assert found["td_points_after_6_months"] == pytest.approx(7.0)
    assert found["members_after_6_months"] == 4.0
    assert found["members_after_0_months"] == 0.0
    assert "members_after_12_months" not in found
