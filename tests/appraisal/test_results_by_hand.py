"""Two arms in four replicates with numbers written by hand: what tables make of them."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from coworksim.appraisal.equal_cost import Search
from coworksim.appraisal.measures import LEVELS
from coworksim.appraisal.replicate import SERIES
from coworksim.statistics.intervals import estimate
from tests.appraisal.made import MONTHS, TINY, VALUES, appraisal
from tests.appraisal.worlds import scheme


def test_what_is_counted_is_not_below_zero_and_differences_may_be() -> None:
    found = appraisal()
    recipients, months = found.number("half", "recipients"), found.number("half", "additional_member_months")
    assert recipients["value"] == 1.0
    assert recipients["low"] == 0.0
    assert estimate(VALUES["recipients"]).low < 0.0
    assert months["low"] == estimate(MONTHS).low
    assert (months["unit"], months["n"], months["reason"]) == ("member-months", 4, "")


def test_a_replicate_without_a_number_counts_nowhere() -> None:
    row = appraisal().number("half", "price_elasticity")
    assert (row["value"], row["n"]) == (pytest.approx(-0.6), 3)


def test_cost_per_effect_is_cost_over_effect() -> None:
    row = appraisal().number("half", "public_cost_per_additional_member_months")
    assert row["value"] == pytest.approx(4200.0 / 43.0)
    assert row["low"] < row["value"] < row["high"]
    assert row["unit"] == "GBP per member-month"


def test_net_benefit_is_skill_at_its_worth_less_the_cost() -> None:
    found, worth = appraisal(), float(TINY["appraisal.sd_year_value"])
    assert found.number("half", "net_benefit_td_total")["value"] == pytest.approx(0.55 * worth - 1050.0)
    assert found.number("half", "net_benefit_sc_total")["value"] == pytest.approx(0.15 * worth - 1050.0)
    both = found.number("half", "net_benefit_skill_total")
    assert both["value"] == pytest.approx(0.7 * worth - 1050.0)
    assert both["meaning"].startswith(f"{worth:,.0f} GBP times td_total_sd_years and sc_total_sd_years less public")


def test_shares_are_parts_of_their_wholes() -> None:
    found = appraisal()
    assert found.number("half", "take_up_share")["value"] == pytest.approx(0.1)
    assert found.number("half", "take_up_share")["low"] == 0.0
    assert found.number("half", "deadweight_share")["value"] == pytest.approx(0.2)
    groups = [
        found.number("half", f"share | region | {name} | recipients")["value"] for name in ("left-behind", "other")
    ]
    assert groups == pytest.approx([4 / 11, 7 / 11])


def test_where_some_groups_lose_there_are_no_shares() -> None:
    row = appraisal().number("half", "share | region | other | td_point_years")
    assert math.isnan(row["value"])
    assert row["n"] == 4
    assert row["reason"].startswith("some groups gain and others lose")


def test_pairing_gains_nothing_to_speak_of_where_the_difference_does_not_vary() -> None:
    found = appraisal()
    assert LEVELS == ("member_months", "td_point_years", "sc_point_years")
    steady = found.number("half", "variance_ratio_member_months")
    assert math.isnan(steady["value"])
    assert steady["reason"] == "the paired difference does not vary"
    varies = found.number("half", "variance_ratio_td_point_years")
    assert varies["reason"] == ""
    assert varies["value"] == pytest.approx((35 / 12 + 5 / 3) / 0.25)


def test_weeks_have_mean_interval_and_the_tenth_and_the_ninetieth_per_cent() -> None:
    weekly = appraisal().weekly
    row = weekly[(weekly["arm"] == "all") & (weekly["week"] == 2) & (weekly["measure"] == "td")].iloc[0]
    assert (row["mean"], row["q10"], row["q90"]) == pytest.approx((17.0, 5.0, 29.0))  # of 2, 12, 22 and 32
    assert row["low"] == estimate([2.0, 12.0, 22.0, 32.0]).low
    assert row["high"] == estimate([2.0, 12.0, 22.0, 32.0]).high
    assert row["n"] == 4
    assert len(weekly) == 2 * 9 * len(SERIES)


def test_take_up_is_by_month_and_among_the_eligible() -> None:
    table = appraisal().take_up
    half = table[table["arm"] == "half"]
    assert half["month"].tolist() == [0, 1]  # weeks 0 to 4, and 5 to 8
    assert half["supported"].tolist() == pytest.approx([17.0, 21.5])
    assert half["share"].tolist() == pytest.approx([1.7, 2.15])
    nobody = appraisal(values={"half": {**VALUES, "eligible_people": [0.0] * 4}, "all": VALUES}).take_up
    assert nobody[nobody["arm"] == "half"]["share"].isna().all()


@pytest.mark.parametrize(("most", "flagged"), [(0.0, False), (1.0, True)])
def test_support_above_the_threshold_is_told(most: float, flagged: bool) -> None:
    threshold = float(TINY["appraisal.subsidy_threshold"])
    values = {**VALUES, "largest_support_gbp": [0.0, threshold + most, 0.0, 5.0]}
    found = appraisal(values={"half": values, "all": {**VALUES, "largest_support_gbp": [0.0] * 4}}).flags
    told = (
        f"half: one space gets up to {threshold + 1:,.0f} GBP over three financial years, above the declared threshold "
        f"of {threshold:,.0f} GBP (Minimal Financial Assistance); check the newest rule"
    )
    assert found == ([told] if flagged else [])


def search(*costs: float, number: int = 10_000) -> Search:
    found = Search((scheme(number=number, budget=10**8),), 1000.0)
    for cost in costs:
        found.note(cost)
    return found


@pytest.mark.parametrize("cost", [980.0, 1000.0, 1020.0])
def test_a_cost_within_two_per_cent_is_met(cost: float) -> None:
    assert (search(cost).verdict, search(cost).trial) == ("met", None)


@pytest.mark.parametrize(
    ("costs", "trial"),
    [
        ((979.0,), 1.5),  # too little: half as much again at least
        ((400.0,), 2.5),  # in proportion
        ((10.0,), 8.0),  # eight times at most
        ((4000.0,), 0.25),
        ((100_000.0,), 0.125),
        ((1021.0,), 1000 / 1021),
        ((500.0, 1500.0), 1.5),  # sizes 1 and 2: where a line meets the budget
        ((500.0, 1021.0), 1.9),  # kept off the ends by a tenth
        ((979.0, 20_000.0), 1.05),
        ((500.0, 506.0), 2000 / 506),  # a growth by more than one per cent goes on
    ],
)
def test_the_next_size_by_hand(costs: tuple[float, ...], trial: float) -> None:
    found = search(*costs)
    assert found.verdict == "open"
    assert found.trial == pytest.approx(trial)


def test_a_size_that_brings_next_to_nothing_is_exhausted() -> None:
    assert search(500.0, 505.0).verdict == "short"
    assert search(500.0, 505.0).trial is None
    assert search(-5.0).verdict == search(0.0).verdict == "nothing"
    assert search(500.0, 500.0, number=1).verdict == "short"
    with pytest.raises(ValueError, match="is over"):
        search(1000.0, 1000.0)


def test_sizes_that_lie_near_each_other_leave_nothing_in_between() -> None:
    steps = search(979.0)
    steps.costs, steps.trial = {1.0: 979.0}, 1.021
    steps.note(1021.0)
    assert steps.verdict == "open"
    steps.costs, steps.trial = {1.0: 979.0}, 1.02
    steps.note(1021.0)
    assert steps.verdict == "coarse"


def test_the_best_size_is_the_nearest_and_of_equals_the_smallest() -> None:
    found = search(500.0)
    found.costs = {2.0: 1100.0, 1.0: 900.0, 4.0: 1500.0}
    assert found.best == 1.0
    found.costs[3.0] = 1050.0
    assert found.best == 3.0


def test_a_notebook_is_shown_each_number_with_its_unit_and_both_limits() -> None:
    found = appraisal()
    html = found._repr_html_()
    heads, cells = re.findall("<th>(.*?)</th>", html), re.findall("<td>(.*?)</td>", html)
    assert heads == ["arm", "term", "unit", "value", "low", "high"]
    assert len(cells) >= 2 * len(heads)
    for arm, term, unit, *numbers in itertools.batched(cells, len(heads)):
        own = found.number(arm, term)
        assert unit == own["unit"]
        assert [float(number) for number in numbers] == pytest.approx([own[name] for name in heads[3:]], rel=1e-4)
