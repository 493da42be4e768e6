"""What a scenario already runs belongs to both sides of a comparison, unless an arm names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.appraisal.comparison import compare
from coworksim.files.load import load_scenario
from coworksim.files.policy_reader import read_arms
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.report.sentences.appraisal_text import baseline

TERMS = (
    "additional_member_months",
    "support_gbp",
    "public_paid_gbp",
    "recipients",
    "awarded_people",
    "eligible_people",
    "budget_gbp",
    "td_total_point_years",
)


def _policy(name: str, **said: object) -> Policy:
    given = {"name": name, "kind": "voucher", "amount": 6000, "months": 6, "budget": 800_000, "end": 26}
    return Policy(**{**given, **said})


def _world(*policies: Policy) -> Scenario:
    told = {"awareness.unprompted": 0.2, "schemes.hassle": 50.0}
    eager = {"membership.appeal": 6.0, "membership.review_weeks": 2, "schemes.intent_weeks": 2, **told}
    return load_scenario("tiny", eager).model_copy(update={"policies": policies})


def _numbers(scenario: Scenario, arm: str, *policies: Policy) -> dict[str, float]:
    found = compare(scenario, {arm: policies}, replicates=2, workers=1)
    return {term: float(found.number(arm, term)["value"]) for term in TERMS}


OLD = _policy("old")
NEW = _policy("new", kind="membership_subsidy", share=0.5, amount=None, budget=500_000)


def test_the_policies_that_no_arm_names_stand() -> None:
    assert _world(OLD, NEW).standing([[NEW]]) == (OLD,)
    assert _world(OLD, NEW).standing([[NEW], [OLD]]) == ()
    assert _world().standing([[NEW]]) == ()


def test_a_scheme_beside_one_that_runs_already_is_set_against_the_world_with_that_one() -> None:
    both = _numbers(_world(), "both", OLD, NEW)
    old = _numbers(_world(), "old", OLD)
    beside = _numbers(_world(OLD), "new", NEW)
    for term in ("additional_member_months", "public_paid_gbp", "td_total_point_years"):
        assert beside[term] == pytest.approx(both[term] - old[term], abs=1e-9), term
    assert beside["budget_gbp"] == 5000.0
    assert beside["public_paid_gbp"] > 0.0


def test_who_is_awarded_and_supported_is_counted_of_the_arm_alone() -> None:
    nothing = _policy("new", number=0)
    beside = _numbers(_world(OLD), "new", nothing)
    still = {k: beside[k] for k in ("budget_gbp", "eligible_people")}
    assert beside == pytest.approx(dict.fromkeys(TERMS, 0.0) | still)
    assert _numbers(_world(), "old", OLD)["awarded_people"] > 0


def test_an_arm_that_names_the_running_scheme_sets_it_against_a_world_without() -> None:
    assert _numbers(_world(OLD), "old", OLD) == _numbers(_world(), "old", OLD)


def test_the_first_sentence_names_the_baseline() -> None:
    said = [baseline(compare(_world(*own), {"new": (NEW,)}, replicates=1, workers=1)).plain() for own in ((), (OLD,))]
    assert said == [
        "Baseline: the same people in the same world without policies.",
        "Baseline: the same people in the same world with old, as the scenario has it; so has every arm.",
    ]


def test_a_file_of_policies_beside_a_scenario_that_runs_one(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        """# What does a second scheme add?
title: A town with a voucher
extends: tiny
policies:
  - {name: existing voucher, kind: voucher, amount: 60 GBP/month, months: 6, budget: 8000 GBP}
""",
        encoding="utf-8",
    )
    scenario = load_scenario(tmp_path / "base.yaml")
    arms = read_arms(["subsidy-50"], scenario)
    assert [policy.name for policy in scenario.standing(arms.values())] == ["existing voucher"]
    assert scenario.standing(read_arms([], scenario).values()) == ()
