"""What a survey says in the terminal, of tables written by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from coworksim.evidence.survey.surveys import Survey
from coworksim.files.load import load_scenario
from coworksim.report.sentences.survey_text import TERMS, power_rows, slope_rows, survey_sentences

SLOPE = {"treatment": "machine_hours", "outcome": "td_space", "rule": "all", "group": "other"}


def surveys(slopes: list[dict[str, object]], power: list[dict[str, object]] | None = None) -> Survey:
    nothing: Any = None  # nobody asks how the runs stand
    found = Survey(load_scenario("tiny"), 1, 2, nothing, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(slopes))
    if power is not None:
        vars(found)["power"] = pd.DataFrame(power)
    return found


def test_a_slope_is_the_mean_of_the_surveys_that_have_one() -> None:
    rows = [
        {**SLOPE, "people": people, "slope": slope, "points_per_unit": points, "error": 0.1}
        for people, slope, points in ((1000.0, 0.2, 0.01), (1400.0, 0.4, 0.03), (1200.0, math.nan, math.nan))
    ]
    (told,) = slope_rows(surveys(rows), "flag_narrow")[1:]
    assert told[:4] == ("machine hours", "TD skill developed in the space", "other", "1,200")
    assert told[4] == "0.300 +- 1.271"  # 12.706 standard errors of two
    assert told[5] == "0.0200"


def test_a_single_survey_has_the_interval_of_its_own_error() -> None:
    row = {**SLOPE, "people": 90.0, "slope": 0.25, "points_per_unit": 0.01, "error": 0.1}
    assert slope_rows(surveys([row]), "flag_narrow")[1][4] == "0.250 +- 0.196"
    assert slope_rows(surveys([{**row, "error": math.nan}]), "flag_narrow")[1][4] == (
        "0.250 (too few regions for an interval)"
    )
    without = {name: value for name, value in row.items() if name != "error"}
    assert slope_rows(surveys([without]), "flag_narrow")[1][4] == "0.250 (too few regions for an interval)"


def test_a_slope_of_the_other_family_or_of_another_rule_is_not_shown() -> None:
    row = {**SLOPE, "people": 90.0, "slope": 0.25, "points_per_unit": 0.01, "error": 0.1}
    assert len(slope_rows(surveys([row, {**row, "outcome": "sc_space"}]), "flag_narrow")) == 2
    assert len(slope_rows(surveys([row, {**row, "rule": "broad"}]), "flag_narrow")) == 2
    assert len(slope_rows(surveys([row, {**row, "rule": "narrow", "group": "left-behind"}]), "flag_narrow")) == 3
    assert len(slope_rows(surveys([{**row, "slope": math.nan}]), "flag_narrow")) == 1


def test_power_is_told_of_the_term_on_its_own_family_and_form() -> None:
    row = {
        "term": "social",
        "outcome": "sc_space",
        "form": "direct",
        "rule": "flag_narrow",
        "mean": 0.123,
        "power": 0.456,
        "positive_share": 0.789,
        "power_low": 0.4,
        "power_high": 0.51,
        "power_permutation": math.nan,
        "power_permutation_low": math.nan,
        "power_permutation_high": math.nan,
        "type_m": 1.5,
        "type_s": 0.0,
        "true_slope": math.nan,
    }
    others = [{**row, "outcome": "td_space"}, {**row, "term": "resource"}, {**row, "form": "other"}]
    (told,) = power_rows(surveys([], [row, *others]))[1:]
    assert told[:7] == ("social interaction", "SC", "narrow", "0.12", "0.79", "0.46 (0.40 to 0.51)", "")


@pytest.mark.parametrize(("n", "half"), [(2, 12.706), (3, 4.303)])
def test_several_surveys_have_the_interval_of_their_mean(n: int, half: float) -> None:
    rows = [{**SLOPE, "people": 90.0, "slope": 0.1 * k, "points_per_unit": 0.01, "error": 9.0} for k in range(n)]
    spread = math.sqrt(sum((k - (n - 1) / 2) ** 2 for k in range(n)) / (n - 1) / n) * 0.1
    assert slope_rows(surveys(rows), "flag_narrow")[1][4].endswith(f"+- {half * spread:.3f}")


def test_slopes_stand_in_the_order_of_the_table_and_only_those_that_are_there() -> None:
    rows = [
        {**SLOPE, "group": group, "people": 90.0, "slope": 0.25, "points_per_unit": 0.01, "error": 0.1}
        for group in ("other", "left-behind")
    ]
    table = pd.DataFrame(rows)
    table["group"] = pd.Categorical(table["group"], categories=["nobody", "left-behind", "other"])
    found = surveys([])
    object.__setattr__(found, "slopes", table)
    assert [row[2] for row in slope_rows(found, "flag_narrow")[1:]] == ["other", "left-behind"]


def test_power_is_told_of_all_that_the_survey_was_asked_to_show() -> None:
    asked = [
        ("social", "sc_space"),
        ("resource", "td_space"),
        ("social:left_behind", "sc_space"),
        ("resource:left_behind", "td_space"),
        ("independent", "sc_space"),
        ("independent", "td_space"),
        ("independent:creative", "td_space"),
    ]
    numbers = dict.fromkeys(
        (
            "mean",
            "power",
            "positive_share",
            "power_low",
            "power_high",
            "power_permutation",
            "power_permutation_low",
            "power_permutation_high",
            "type_m",
            "type_s",
            "true_slope",
        ),
        0.5,
    )
    rows = [{"term": t, "outcome": o, "form": "direct", "rule": "flag_narrow", **numbers} for t, o in asked[::-1]]
    told = power_rows(surveys([], rows))[1:]
    assert [(row[0], row[1]) for row in told] == [(TERMS[term], outcome[:2].upper()) for term, outcome in asked]


def test_who_answered_is_counted_in_whole_people_spaces_and_regions() -> None:
    counts = {"replicate": 0, "respondents": 120.0, "spaces": 31.0, "regions": 12.0, "left_behind_regions": 5.0}
    roles = ["member"] * 120 + ["manager"] * 7
    found: Any = SimpleNamespace(
        first=lambda outcome, rule: pd.DataFrame([counts]),
        respondents=pd.DataFrame({"replicate": 0, "role": roles}),
        replicates=1,
        slopes=(),
        coefficients=pd.DataFrame({"rule": ["flag_narrow"]}),
        fitted=lambda rule: 1,
        failed=(),
    )
    said = survey_sentences(found, "flag_narrow")
    assert said[0] == (
        "120 members and 7 managers of 31 spaces in 12 regions answered, "
        "5 of the regions left behind by the narrow rule."
    )
    assert said[-1].startswith("One survey: ask for more")
