"""Money of an appraisal in numbers that anybody can add up: administration, VAT, present values, time, weights."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.appraisal.measures import LEVELS, Pair
from coworksim.appraisal.money import discounted, distribution, financial_year, money
from coworksim.appraisal.pooled import Pooled
from coworksim.appraisal.record_week import SUMS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.model.state.world import Posting
from tests.appraisal.test_terms_by_hand import WEEKS, record
from tests.appraisal.worlds import scheme
from tests.worlds import busy

RATES: dict[str, object] = {
    "appraisal.vat_rate": 0.25,
    "appraisal.administration": 0.1,
    "appraisal.discount_rate": 0.035,
    "appraisal.time_value": 10.0,
    "appraisal.welfare_elasticity": 1.3,
}


def priced(**changes: object) -> Scenario:
    """Return a scenario with a budget of 1,000 GBP; the spaces open on 7 November 2022."""
    scenario = busy(**{**RATES, **changes})
    return scenario.model_copy(update={"policies": (scheme(budget=100_000),)})


def pair(scenario: Scenario, there: list[Posting], here: list[Posting]) -> Pair:
    """Return two worlds in which nothing happens but these postings."""
    with_it, without = record(), record()
    for one in (with_it, without):
        one.committed = np.zeros((WEEKS, 1), np.int64)
        one.last = {name: np.ones(4) for name in ("td", "sc", "income")}
    with_it.committed[:] = 30_000
    with_it.postings, without.postings = there, here
    return Pair(scenario, with_it, without)


#: 100 GBP to a space now; a year later 103.50 GBP to trainers, and in the same week 10.35 GBP come back.
PAID = [
    Posting(0, "treasury", "space:here/0", "support:half", 10_000),
    Posting(52, "treasury", "trainers", "policy:half", 10_350),
    Posting(52, "trainers", "treasury", "policy:half", 1_035),
]


def test_public_cost_with_administration_and_without_vat() -> None:
    found = money(pair(priced(), PAID, []), 0.0)
    assert found["public_paid_gbp"] == pytest.approx(193.15)
    assert found["administration_gbp"] == pytest.approx(19.315)
    assert found["public_cost_gbp"] == pytest.approx(212.465)
    assert found["public_cost_without_vat_gbp"] == pytest.approx(193.15 / 1.25 + 19.315)
    assert found["public_cost_present_gbp"] == pytest.approx((100 + 90) * 1.1)
    assert found["paid\t2022-23\tspace:here/0\tsupport:half"] == 100.0
    assert found["paid\t2023-24\ttrainers\tpolicy:half"] == pytest.approx(93.15)


def test_wages_and_grants_hold_no_vat() -> None:
    """A community manager's wage, a grant to a space and one to firms: only the membership that is paid holds VAT."""
    more = [
        Posting(1, "treasury", "staff", "policy:half", 5_000),
        Posting(1, "treasury", "space:here/0", "policy:half", 7_000),
        Posting(1, "treasury", "firms", "policy:half", 3_000),
    ]
    found = money(pair(priced(), PAID[:1] + more, []), 0.0)
    assert found["public_paid_gbp"] == pytest.approx(250)
    assert found["public_cost_without_vat_gbp"] == pytest.approx(100 / 1.25 + 150 + 25)


def test_what_is_paid_in_both_worlds_is_no_cost_of_the_policy() -> None:
    found = money(pair(priced(), PAID, PAID[:1]), 0.0)
    assert found["public_paid_gbp"] == pytest.approx(93.15)
    assert found["public_cost_present_gbp"] == pytest.approx(90 * 1.1)


def test_commitments_against_outturn() -> None:
    found = money(pair(priced(), PAID, []), 0.0)
    assert found["budget_gbp"] == 1000.0
    assert found["committed_gbp"] == 300.0
    assert found["committed\t2022-23"] == 300.0
    assert found["outturn\t2022-23"] == 100.0
    assert found["underspend_gbp"] == pytest.approx(1000 - 193.15)
    assert found["unpaid_commitments_gbp"] == pytest.approx(300 - 193.15)


def test_the_most_that_one_space_gets_counts_three_financial_years_in_a_row() -> None:
    years = [
        Posting(week, "treasury", "space:here/0", "support:half", pence)
        for week, pence in ((0, 100), (52, 20_000), (104, 30_000), (156, 40_000))
    ]
    found = money(pair(priced(), [*years, Posting(0, "treasury", "space:here/1", "support:half", 50_000)], []), 0.0)
    assert found["largest_support_gbp"] == 900.0


@pytest.mark.parametrize(
    ("week", "year"), [(0, "2022-23"), (20, "2022-23"), (21, "2023-24"), (72, "2023-24"), (73, "2024-25")]
)
def test_a_financial_year_begins_in_april(week: int, year: str) -> None:
    """27 March 2023 is in week 20; the weeks of 3 April 2023 and 1 April 2024 are the first of a year."""
    assert financial_year(datetime.date(2022, 11, 7), week) == year


def test_a_present_value_is_divided_by_1_035_for_each_year_of_52_weeks() -> None:
    flows = [(0, 10_000), (26, 10_000), (104, -10_000)]
    by_hand = 100.0 + 98.29463743659808 - 93.35107003663796  # 1.035**-0.5 and 1.035**-2
    assert discounted(flows, 0.035) == pytest.approx(by_hand, rel=1e-12)


def flows() -> Pair:
    """Return worlds with output of 300 GBP now and 103.50 GBP in a year , resources of 207 + 103.50 GBP"""
    there = [
        Posting(0, "clients", "workers:here", "fees", 50_000),
        Posting(52, "employers", "workers:here", "wages", 10_350),
        Posting(52, "space:here/0", "landlord", "rent", 20_700),
        Posting(52, "treasury", "trainers", "policy:half", 10_350),
        Posting(0, "treasury", "space:here/0", "support:half", 5_000),  # a transfer
        Posting(0, "workers:here", "space:here/0", "membership", 7_000),  # another
        Posting(0, "employers", "space:here/0", "sponsorship", 900),  # and another
    ]
    found = pair(priced(), there, [Posting(0, "clients", "workers:here", "fees", 20_000)])
    found.there.sums[SUMS.index("encounter_hours_now"), 0] = 12.0
    found.here.sums[SUMS.index("encounter_hours_now"), 1] = 2.0
    return found


def test_social_value_is_output_less_resources_and_time() -> None:
    found = money(flows(), 500.0)
    assert found["output_gain_gbp"] == pytest.approx(300 + 100)
    assert found["space_resources_gbp"] == pytest.approx(200 + 100)
    assert found["time_cost_gbp"] == pytest.approx(10 * 10)  # 10 h more, all of them lost to work
    administration = 0.1 * (50 + 100)  # of present values
    assert found["resource_cost_gbp"] == pytest.approx(300 + 100 + administration)
    assert found["social_value_gbp"] == pytest.approx(400 - 400 - administration)
    assert found["weighted_social_value_gbp"] == pytest.approx(500 - 400 - administration)


def test_training_bought_in_a_space_costs_resources_as_elsewhere() -> None:
    """The space is paid for places that it holds: that is no transfer, unlike support of fees and grants it spends."""
    inside = Policy(name="s", kind="skills_programme", places=2, place_price=4_000, end=6, budget=10**6)
    grant = Policy(name="g", kind="resource_grant", equipment=5.0, end=6, budget=10**6)
    scenario = priced().model_copy(update={"policies": (inside, grant)})
    there = [
        Posting(0, "treasury", "space:here/0", "policy:s", 8_000),
        Posting(0, "treasury", "space:here/0", "policy:g", 6_000),
        Posting(0, "space:here/0", "suppliers", "investment", 6_000),
    ]
    assert money(pair(scenario, there, []), 0.0)["space_resources_gbp"] == pytest.approx(80 + 60)


def test_transfers_net_out() -> None:
    found = money(flows(), 0.0)
    balances = {name.removeprefix("balance\t"): v for name, v in found.items() if name.startswith("balance")}
    assert balances["treasury"] == -153.5
    assert balances["workers"] == 300 + 103.5 - 70
    assert balances["space"] == pytest.approx(50 + 70 + 9 - 207)
    assert sum(balances.values()) == pytest.approx(0.0)


@pytest.mark.parametrize(("rate", "cost"), [(0.0, 0.0), (20.0, 200.0)])
def test_time_is_worth_what_is_declared(rate: float, cost: float) -> None:
    found = flows()
    found.scenario = priced(**{"appraisal.time_value": rate})
    assert money(found, 0.0)["time_cost_gbp"] == pytest.approx(cost)


def test_weights_are_the_ratio_of_medians_to_the_power_1_3() -> None:
    """Incomes of 100, 200, 300 and 400: median 250; the fifths hold one person each, and none in the middle."""
    found = pair(priced(), [], [])
    found.here.first["income"][:, 0] = (100.0, 200.0, 300.0, 400.0)
    found.there.sums[SUMS.index("earned_now"), 0] = 1_000.0  # 10 GBP
    found.there.sums[SUMS.index("earned_now"), 3] = 2_000.0
    values = distribution(found)
    assert values["weight\tlowest"] == pytest.approx(3.29097, rel=1e-5)  # 2.5**1.3
    assert values["weight\tsecond"] == pytest.approx(1.33654, rel=1e-5)  # 1.25**1.3
    assert values["weight\tmiddle"] == 1.0
    assert values["weight\thighest"] == pytest.approx(0.542806, rel=1e-5)  # 0.625**1.3
    assert values["weighted_output_gain_gbp"] == pytest.approx(10 * 3.29097 + 20 * 0.542806, rel=1e-5)


def test_shares_of_groups_and_gaps() -> None:
    found = pair(priced(), [], [])
    found.here.first["income"][:, 0] = (100.0, 200.0, 300.0, 400.0)
    found.here.region[:] = found.there.region[:] = (0, 0, 1, 1)  # the first is left behind, the second is not
    found.there.support[:, 0] = 100
    found = Pair(found.scenario, found.there, found.here)
    found.there.last = {"td": np.array([0.3, 0.3, 0.5, 0.5]), "sc": np.zeros(4), "income": np.array([1.0, 1, 1, 3])}
    found.here.last = {"td": np.array([0.1, 0.3, 0.5, 0.5]), "sc": np.zeros(4), "income": np.ones(4)}
    values = distribution(found)
    assert values["group\tincome fifth\tlowest\tsupport_gbp"] == WEEKS
    assert values["group\tregion\tleft-behind\trecipients"] == 1.0
    assert values["group\tregion\tother\tpeople"] == 2.0
    assert values["regional_gap_td_with"] == pytest.approx(-20.0)
    assert values["regional_gap_td_change"] == pytest.approx(10.0)
    assert values["gini_income_change"] == pytest.approx(0.25)  # of 1, 1, 1 and 3
    assert values["gini_sc_with"] == 0.0


def number(found: Pooled, name: str) -> Any:
    return found.numbers[found.numbers["term"] == name].iloc[0]


def test_net_benefit_is_worth_times_effect_less_public_cost() -> None:
    values = {"public_cost_gbp": [100.0, 300.0], "td_total_sd_years": [0.1, 0.3], "sc_total_sd_years": [0.2, 0.0]}
    scenario = priced(**{"appraisal.sd_year_value": 5000.0})
    worlds = {name: [0.0, 0.0] for name in LEVELS}
    found = Pooled(scenario, 1, {"a": ()}, {"a": values}, worlds, pd.DataFrame(), 2)
    row: Any = number(found, "net_benefit_td_total")
    assert row["value"] == pytest.approx(5000 * 0.2 - 200)
    both: Any = number(found, "net_benefit_skill_total")
    assert both["value"] == pytest.approx(5000 * 0.3 - 200), "two families, one cost"
    ratio: Any = number(found, "public_cost_per_td_total_sd_years")
    assert "includes 0" in ratio["reason"]  # two replicates, 0.1 and 0.3


def test_gains_and_losses_have_no_shares_and_counts_no_limit_below_zero() -> None:
    lowest, highest = ("group\tincome fifth\t" + name for name in ("lowest", "highest"))
    values = {
        f"{lowest}\ttd_point_years": [1.0, -1.0],
        f"{highest}\ttd_point_years": [2.0, 3.0],
        f"{lowest}\tpeople": [1.0, 1.0],
        f"{highest}\tpeople": [3.0, 3.0],
        "recipients": [0.0, 1.0],
        "additional_member_months": [0.0, 1.0],
    }
    found = Pooled(priced(), 1, {"a": ()}, {"a": values}, {name: [0.0, 0.0] for name in LEVELS}, pd.DataFrame(), 2)
    skill: Any = number(found, "share | income fifth | lowest | td_point_years")
    people: Any = number(found, "share | income fifth | lowest | people")
    assert (people["value"], people["reason"]) == (0.25, "")
    assert np.isnan(skill["value"])
    assert "others lose" in skill["reason"]
    assert number(found, "recipients")["low"] == 0.0
    assert number(found, "additional_member_months")["low"] < 0.0, "a difference may be below 0"
