"""Does it pay? Every threshold from both sides, and no verdict where 0 lies inside the interval."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from coworksim.appraisal.estimates import Estimate
from coworksim.model.policy import Eligibility
from coworksim.report.sentences.limitations import caveats
from coworksim.report.sentences.policies_and_terms import who
from coworksim.report.sentences.value_for_money import ends, far_apart, hardly_used, lead, spent_early, used, verdict
from tests.appraisal.worlds import scheme
from tests.report.html.made import made


@pytest.mark.parametrize(
    ("value", "low", "high", "mark"),
    [
        (3.0, -1.0, 7.0, "open"),
        (-3.0, -7.0, 1.0, "open"),
        (3.0, 0.0, 6.0, "open"),  # a limit of 0 is not off it
        (-3.0, -6.0, 0.0, "open"),
        (3.0, 0.1, 5.9, "yes"),
        (-3.0, -5.9, -0.1, "no"),
        (0.0, 0.0, 0.0, "none"),
        (3.0, math.nan, math.nan, "open"),
        (3.0, 1.0, math.inf, "open"),
        (3.0, -math.inf, 5.0, "open"),
    ],
)
def test_a_verdict_is_taken_from_the_interval(value: float, low: float, high: float, mark: str) -> None:
    assert verdict(value, low, high).mark == mark


@pytest.mark.parametrize(
    ("low", "high", "sign"),
    [(0.1, 5.0, 1), (-5.0, -0.1, -1), (-1.0, 5.0, 0), (-5.0, 1.0, 0), (0.0, 4.0, 0), (-4.0, 0.0, 0)],
)
def test_the_sign_of_an_estimate_is_that_of_its_interval(low: float, high: float, sign: int) -> None:
    assert Estimate((low + high) / 2, low, high, "people", 5).sign == sign


def test_what_is_negated_has_its_limits_swapped() -> None:
    found = Estimate(2.0, 1.0, 5.0, "people", 7, "draw")
    assert found.negative == Estimate(-2.0, -5.0, -1.0, "people", 7, "draw")
    assert replace(found, low=2.0, high=2.0).exact
    assert not found.exact
    assert not replace(found, low=2.0).exact


@pytest.mark.parametrize(("money", "skill"), [(m, s) for m in "yno" for s in "yno"])
def test_every_pair_of_verdicts_has_its_sentence(money: str, skill: str) -> None:
    of = {"y": verdict(2.0, 1.0, 3.0), "n": verdict(-2.0, -3.0, -1.0), "o": verdict(0.5, -1.0, 2.0)}
    told = lead(of[money], of[skill], few=False)
    said = {
        "yy": "It pays: in money alone, and",
        "yn": "It pays in money alone; by skill",
        "yo": "It pays in money alone; whether",
        "ny": "It does not pay in money alone; it does if",
        "nn": "It does not pay: neither",
        "no": "It does not pay in money alone; whether",
        "oy": "It pays if skill",
        "on": "By skill at its assumed worth it does not",
        "oo": "Whether it pays cannot be",
    }
    assert told.startswith(said[money + skill])
    assert lead(of[money], of[skill], few=True) == f"Hardly anybody uses it. {told}"


def test_fewer_than_five_people_are_hardly_anybody() -> None:
    assert hardly_used(60.0, 4.99)
    assert not hardly_used(60.0, 5.0)
    assert not hardly_used(60.0, 5.5)
    assert hardly_used(0.5, 0.0)
    assert not hardly_used(0.0, 0.0)  # nobody can apply


def test_costs_that_differ_by_more_than_a_quarter_are_far_apart() -> None:
    assert not far_apart([100.0, 125.0])
    assert far_apart([125.1, 100.0])
    assert not far_apart([100.0, 124.0, 110.0])
    assert far_apart([100.0, -50.0])  # what brings money in is as far from a cost as nothing is
    assert not far_apart([])


def test_money_is_spent_early_before_three_quarters_of_the_time_with_less_than_a_twentieth_left() -> None:
    assert spent_early(74.9, 49.9, 1000.0, 100)
    assert not spent_early(75.0, 49.9, 1000.0, 100)
    assert not spent_early(74.9, 50.0, 1000.0, 100)
    assert not spent_early(10.0, -1.0, 0.0, 100)


def test_policies_end_with_the_last_of_them_or_with_the_horizon() -> None:
    assert ends(52, [10, 30]) == 30
    assert ends(52, [10, 80]) == 52
    assert ends(52, [10, None]) == 52
    assert ends(52, []) == 52


def test_users_of_help_with_fees_are_recipients() -> None:
    assert used(["voucher"]) == "recipients"
    assert used(["voucher", "membership_subsidy"]) == "recipients"
    assert used(["voucher", "equipment_loan"]) == "awarded_people"
    assert used(["voucher", "awareness_campaign"]) == "recipients"
    assert used([]) == "awarded_people"


@pytest.mark.parametrize("about", [{}, {"failed": ["replicate 3: it broke", "replicate 4: it too"]}])
def test_three_caveats_are_given_whatever_is_called_for(about: dict[str, object]) -> None:
    found = [one.plain() for one in caveats(made(about=about))]
    assert len(found) == 3
    assert found[0].startswith("2 worlds failed and are left out: replicate 3" if about else "The intervals cover")


def test_for_whom_an_arm_is_names_every_condition() -> None:
    every: Any = {
        "career_from": 2.0,
        "career_below": 5.0,
        "income_below": 400.0,
        "occupations": ["game_developer"],
        "statuses": ["freelancer", "nomad"],
        "regions": ["Leeds"],
        "non_members": True,
    }
    assert who([scheme(eligible=Eligibility(**every))]).plain() == (
        "from 2 years of career; under 5 years of career; income under 400 GBP/week; game developer; freelancer, "
        "nomad; Leeds; not yet members"
    )
    three = [scheme(), scheme(eligible=Eligibility(regions=("Leeds",))), scheme()]
    assert who(three).plain() == "everybody | Leeds"
    assert who([]).plain() == "nobody"
