"""Worlds in which every term is known beforehand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from coworksim.appraisal.measure_registry import term
from coworksim.appraisal.measures import Pair, terms
from coworksim.appraisal.money import distribution, money
from coworksim.model.policy import Eligibility, Policy
from tests.appraisal.worlds import easy, pair, scheme

#: Numbers that are no difference between the worlds.
COUNTS = {"take-up", "strata", "public money", "weights"}
ADD_UP = ("both", "only_with", "only_without", "neither")

#: Everybody is a member of the one space around, on a hot desk, from the first review on, whatever it costs.
FROZEN: dict[str, object] = {
    "membership.appeal": 24.0,
    "membership.crowding_weight": 0.0,
    "membership.learning_weight": 0.0,
    "membership.ties_weight": 0.0,
    "membership.taste_sd": 0.0,
    "membership.distance_weight": 0.0,
    "membership.office": 0.0,
    "membership.day_constant": -20.0,
    "membership.dedicated_constant": -20.0,
    "mechanisms.awareness": False,
    "mechanisms.turnover": False,
    "mechanisms.management": False,
}


def everything(found: Pair) -> dict[str, float]:
    groups = distribution(found)
    return terms(found) | groups | money(found, groups["weighted_output_gain_gbp"])


def effects(found: Pair) -> dict[str, float]:
    """Every number that is a difference, and so 0 where nothing is done."""
    levels = ("_with", "_without")
    return {
        name: value
        for name, value in everything(found).items()
        if term(name).part not in COUNTS
        and not name.endswith(levels)
        and not (name.startswith("group") and name.endswith("people"))
        and not name.startswith("committed")
    }


IDLE: dict[str, dict[str, Any]] = {
    "gives nothing": {"share": 0.0},
    "is for nobody": {"eligible": Eligibility(income_below=0.01)},
    "begins after the horizon": {"start": 500, "end": 600},
    "has no budget": {"budget": 0},  # waiting for it is not felt, as looks come no less often
}


@pytest.mark.parametrize("idle", list(IDLE))
def test_a_policy_that_does_nothing_has_no_effect_at_all(idle: str) -> None:
    found = effects(pair(easy(**{"schemes.intent_weeks": 8}), scheme(**IDLE[idle])))
    assert len(found) > 100
    assert {name: value for name, value in found.items() if value != 0.0} == {}


def test_a_policy_that_does_something_has_effects() -> None:
    found = effects(pair(easy(), scheme()))
    assert sum(value != 0.0 for value in found.values()) > 60


def test_where_everybody_is_a_member_anyway_all_is_deadweight() -> None:
    found = everything(pair(easy(**FROZEN), scheme(start=9)))
    assert found["support_gbp"] > 500
    assert found["deadweight_gbp"] == found["support_gbp"]
    assert found["deadweight_member_months"] == found["supported_member_months"]
    for name in ("additional_member_months", "td_total_point_years", "sc_total_point_years", "output_gain_gbp"):
        assert found[name] == 0.0
    assert found["resource_cost_gbp"] == pytest.approx(found["administration_gbp"], rel=0.02)
    assert found["balance\ttreasury"] == -found["public_paid_gbp"]


def test_of_what_nobody_has_heard_nobody_gets_anything() -> None:
    silent = easy(**{"awareness.unprompted": 0.0, "awareness.by_ties": 0.0})
    found = terms(pair(silent, scheme()))
    assert found["eligible_people"] > 50
    assert (found["aware_people"], found["awarded_people"], found["recipients"]) == (0, 0, 0)


@pytest.mark.slow
def test_a_lottery_gives_all_who_apply_the_same_odds() -> None:
    """Twelve get it: how often one of the first 30 does, over 40 worlds, is within four standard deviations of chance.

    That is so of 12 drawn without putting back from those who applied: one such test in 16,000 fails by chance.
    """
    lottery = scheme(award="lottery", window=8, number=12, budget=10**9, lag=1)
    quiet = easy(**{"mechanisms.awareness": False, "mechanisms.turnover": False, "weeks": 10, "burn_in_weeks": 0})
    first, variance = 0.0, 0.0
    for replicate in range(40):
        there = pair(quiet, lottery, replicate=replicate).there
        eligible, applied, awarded = (there.reached(stage)[:, 0] for stage in ("eligible", "applied", "awarded"))
        assert eligible.sum() == 60
        assert awarded.sum() == 12
        people = int(applied.sum())
        assert people > 20
        half = float(applied[:30].sum()) / people
        first += float(awarded[:30].sum()) - 12 * half
        variance += 12 * half * (1 - half) * (people - 12) / (people - 1)
    assert abs(first) < 4 * math.sqrt(variance)


@pytest.mark.parametrize("changes", [{}, {"budget": 60_000}, {"number": 5}, {"share": 1.0, "months": 2}])
def test_everything_adds_up(changes: dict[str, Any]) -> None:
    both = pair(
        easy(), scheme(**changes), Policy(name="v", kind="voucher", amount=2000, months=3, end=20, budget=50_000)
    )
    found = everything(both)
    assert sum(found[f"weeks_{name}"] for name in (*ADD_UP, "unmatched")) == both.there.key.size
    assert sum(found[f"share_{name}"] for name in ADD_UP) == pytest.approx(1.0)
    for name in ADD_UP:
        assert found[f"share_{name}_least"] - 1e-12 <= found[f"share_{name}"] <= found[f"share_{name}_most"] + 1e-12
    parts = ("deadweight_gbp", "support_other_plan_gbp", "support_new_gbp", "support_unmatched_gbp")
    assert sum(found[name] for name in parts) == pytest.approx(found["support_gbp"], abs=1e-6)
    whose = ("acceleration", "retention", "new_members")
    assert sum(found[f"{name}_member_months"] for name in whose) == pytest.approx(found["recipients_new_member_months"])
    net = found["recipients_new_member_months"] - found["recipients_lost_member_months"]
    assert net - found["displaced_net_member_months"] == pytest.approx(found["additional_member_months"])


def test_pence_paid_are_pence_received() -> None:
    both = pair(easy(), scheme())
    found = everything(both)
    booked = sum(p.pence for p in both.there.postings if p.purpose.startswith("support:"))
    assert booked == int(both.there.support.sum()) > 0
    assert found["support_gbp"] == found["public_paid_gbp"]
    assert sum(round(100 * v) for name, v in found.items() if name.startswith("balance\t")) == 0
    years = [value for name, value in found.items() if name.startswith("outturn\t")]
    assert sum(years) == pytest.approx(found["public_paid_gbp"])
    assert found["budget_gbp"] == pytest.approx(found["public_paid_gbp"] + found["underspend_gbp"])
    for dimension in ("income fifth", "region", "status", "occupation", "career"):
        groups = [v for name, v in found.items() if name.startswith(f"group\t{dimension}\t")]
        assert len(groups) >= 12
        money_of = [v for n, v in found.items() if n.startswith(f"group\t{dimension}\t") and n.endswith("support_gbp")]
        assert sum(money_of) == pytest.approx(found["support_gbp"])


def test_output_in_the_books_is_what_people_earned() -> None:
    both = pair(easy(**{"appraisal.discount_rate": 0.0, "appraisal.welfare_elasticity": 0.0}), scheme())
    found = everything(both)
    assert found["output_gain_gbp"] == pytest.approx(both.gained("earned").sum() / 100)
    assert found["weighted_output_gain_gbp"] == pytest.approx(found["output_gain_gbp"])
    assert found["output_gain_gbp"] != 0.0
