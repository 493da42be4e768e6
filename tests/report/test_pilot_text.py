"""What a pilot would find in words: tables written by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from coworksim.appraisal.pilot_power import Survey
from coworksim.report.charts.survey_charts import _finish
from coworksim.report.sentences.survey_text import _with_half, pilot_rows, pilot_sentences

NEEDED: dict[str, Any] = {
    "outcome": "td",
    "month": 6,
    "months": 6,
    "true_effect": 1.2345,
    "people": 160.0,
    "how": "simulated",
}
LOTTERY = Survey(0.7, 0.8, at_start=False, by_region=False, draws=20)


def pilot(needed: dict[str, Any] | None = None, **changes: Any) -> Any:
    books = pd.DataFrame(
        {
            "offered": [10, 20],
            "taking_part": [20, 40],
            "redeemed": [6, 12],
            "used_day_30": [3, 9],
            "public_paid_gbp": [1000.0, 2001.0],
        }
    )
    said: dict[str, Any] = {
        "books": books,
        "survey": LOTTERY,
        "design": "lottery",
        "replicates": 2,
        "months": (6,),
        "sizes": (20, 100, 400),
        "people": pd.DataFrame({"region": [0, 1, 1, 3]}),
        "failed": ("replicate 3: it broke",),
        "needed": pd.DataFrame([{**NEEDED, **(needed or {})}]),
    }
    return SimpleNamespace(**{**said, **changes})


def test_what_is_seen_in_the_books_and_assumed_of_the_survey() -> None:
    said = pilot_sentences(pilot())
    assert said[:4] == [
        "Half of those who apply get it, by lot. Simulated in 2 worlds with 20 surveys of each.",
        "On average 30 people take part, 15 of them offered it, for 1,500 GBP up to the last survey.",
        "Seen in the books: 60% of people offered it had a part paid, 40% were in a space in the week of day 30.",
        "Assumed of the survey in each month: 70% answer; of the variance of answers on skills 80% is no noise (both "
        "are guesses; --response, --reliability).",
    ]
    assert said[4] == (
        "TD skill after 6 months (true effect 1.234 points): people to ask to find it in four of five: 160."
    )
    assert said[5] == "Left out: replicate 3: it broke."
    assert len(said) == 10


def test_a_phased_roll_out_speaks_of_regions_and_of_a_survey_at_the_start() -> None:
    survey = LOTTERY._replace(at_start=True, by_region=True)
    said = pilot_sentences(pilot({"how": "extrapolated", "people": 6400.0}, survey=survey, design="phased"))
    assert "60% of people in the first regions had" in said[2]
    assert "in each month and at the start: 70%" in said[3]
    assert said[4].endswith(
        "people to ask to find it in four of five: about 6,400 (extrapolated), in about 48 regions like these."
    )


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        ({"how": "not found"}, "not given: over these worlds the effect is not clearly off zero."),
        ({"how": "extrapolated", "people": 63_488.0}, "about 63,000 (extrapolated)."),
        ({"how": "extrapolated", "people": 1_000_000.0}, "about 1,000,000 (extrapolated)."),
        ({"how": "extrapolated", "people": 1_000_001.0}, "more than 1,000,000: no such pilot finds it."),
        ({"outcome": "member"}, "find it in four of five: 160."),
    ],
)
def test_how_many_must_be_asked(needed: dict[str, Any], told: str) -> None:
    said = pilot_sentences(pilot(needed))[4]
    assert told in said
    words = "TD skill after 6 months (true effect 1.234 points): "
    if "outcome" in needed:
        words = "Membership after 6 months (true effect 123.4 percentage points): "
    assert said.startswith(words)


def test_where_several_lengths_were_tried_the_shortest_that_is_enough_is_told() -> None:
    tried = ((3, "extrapolated"), (6, "simulated"), (12, "simulated"))
    rows = [{**NEEDED, "month": month, "months": month, "how": how} for month, how in tried]
    found = pilot(months=(3, 6, 12))
    found.needed = pd.DataFrame(rows)
    said = pilot_sentences(found)
    assert "TD skill: 6 months are enough, of 3, 6, 12 tried." in said
    assert "Membership: none of 3, 6, 12 months is enough with 400 people." in said


def test_cells_have_their_half_widths_where_there_are_any() -> None:
    row = {
        "outcome": "td",
        "month": 6,
        "people": 40,
        "power": 0.254,
        "power_half_width": 0.051,
        "false_positives": 0.05,
        "false_positives_half_width": 0.0,
        "estimate": 1.23456,
        "estimate_sd": math.nan,
        "true_effect": -0.98765,
        "true_effect_half_width": 0.12345,
        "bias": 0.1,
        "bias_half_width": math.nan,
    }
    found: Any = SimpleNamespace(power=pd.DataFrame([row]))
    (told,) = pilot_rows(found)[1:]
    assert told == ("td", "6", "40", "25% (20% to 30%)", "5%", "1.235", "-", "-0.988 ±0.123", "0.100")


def test_no_power_is_more_than_all() -> None:
    row = {"power": 0.97, "power_half_width": 0.05, "false_positives": 0.02, "false_positives_half_width": 0.05}
    assert _with_half(row, "power", ".0%") == "97% (92% to 100%)"
    assert _with_half(row, "false_positives", ".0%") == "2% (0% to 7%)"


def test_the_chart_has_a_line_at_the_power_one_asks_for_and_at_the_false_positives_that_are_due() -> None:
    axes = Figure().subplots()
    _finish(axes, (20, 1000), "a title")
    assert [np.asarray(line.get_ydata()).tolist() for line in axes.lines] == [[0.8, 0.8], [0.05, 0.05]]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["20", "1,000"]
