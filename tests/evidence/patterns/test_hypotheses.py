"""Two rival forms side by side: paired differences by hand, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from coworksim.evidence.patterns.declaration import HYPOTHESES, key
from coworksim.evidence.patterns.hypotheses import _rows
from coworksim.report.sentences.pattern_text import contrast_rows, contrast_sentences


def draws(shown: int, of: int = 40) -> pd.DataFrame:
    return pd.DataFrame({"point": range(of), key("E1", "space", "value"): [1.0] * shown + [-1.0] * (of - shown)})


@pytest.mark.parametrize(("one", "other", "fits"), [(30, 10, "one"), (10, 30, "other"), (20, 19, ""), (20, 20, "")])
def test_a_form_fits_where_the_interval_leaves_out_zero(one: int, other: int, fits: str) -> None:
    rows = {(row["pattern"], row["place"]): row for row in _rows(draws(one), draws(other), "one", "other")}
    found = rows["E1", "space"]
    assert found["fits"] == fits
    assert (found["share_a"], found["share_b"]) == (one / 40, other / 40)
    assert found["difference"] == pytest.approx((one - other) / 40)
    assert (found["low"] + found["high"]) / 2 == pytest.approx(found["difference"])
    assert found["high"] - found["low"] == pytest.approx(2 * found["half_width"])
    assert found["half_width"] > 0.0
    assert found["n"] == 40


@pytest.mark.parametrize(("one", "other"), [(40, 0), (0, 40)])
def test_no_difference_of_shares_lies_beyond_one(one: int, other: int) -> None:
    rows = {(row["pattern"], row["place"]): row for row in _rows(draws(one), draws(other), "one", "other")}
    found = rows["E1", "space"]
    assert max(abs(found["low"]), abs(found["high"])) == 1.0


def test_only_draws_of_both_are_compared() -> None:
    rows = {(row["pattern"], row["place"]): row for row in _rows(draws(30), draws(30)[5:], "one", "other")}
    assert (rows["E1", "space"]["n"], rows["E1", "space"]["share_a"]) == (35, 25 / 35)


def contrast(first: float, best: float, added: float, error: float) -> Any:
    one, other = (replace(form, says=f"it says {form.name}") for form in list(HYPOTHESES.values())[:2])
    table = pd.DataFrame(
        [
            {
                "pattern": "E1",
                "place": "space",
                "role": "shape",
                "n": 40,
                "share_a": 0.75,
                "share_b": 0.25,
                "difference": 0.5,
                "low": 0.3,
                "high": 0.7,
                "fits": one.name,
            },
            {
                "pattern": "E2",
                "place": "space",
                "role": "shape",
                "n": 40,
                "share_a": 0.5,
                "share_b": 0.5,
                "difference": 0.0,
                "low": -0.1,
                "high": 0.1,
                "fits": "",
            },
        ]
    )
    questions = pd.DataFrame(
        [
            {"questions": name, "statistics": 3, "n": 38, "auc": auc, "error": 0.03, "added": gain}
            for name, auc, gain in (
                ("as asked", first, 0.0),
                ("+ own workload", best, added),
                ("+ all four", 0.99, 0.3),
            )
        ]
    )
    questions.loc[1, "error"] = error
    return SimpleNamespace(one=one, other=other, table=table, questions=questions)


@pytest.mark.parametrize(("added", "clear"), [(0.0197, True), (0.0195, False), (0.017, False)])
def test_a_question_that_adds_less_than_two_standard_errors_may_be_chance(added: float, clear: bool) -> None:
    told = contrast_sentences(contrast(0.6, 0.62, added, 0.01))[4]
    assert "asking own workload too brings it to .62" in told
    assert ("which chance alone could bring" not in told) is clear


def test_what_is_said_of_patterns_and_of_questions_that_add_nothing() -> None:
    found = contrast(0.7, 0.65, -0.05, 0.01)
    said = contrast_sentences(found)
    assert said[2].startswith("Shares over 40 draws, the same in both worlds; 2 comparisons, so that about 0.1 differ")
    many = contrast(0.7, 0.65, -0.05, 0.01)
    many.table = pd.concat([many.table] * 30, ignore_index=True)
    assert "; 60 comparisons, so that about 3.0 differ by chance alone." in contrast_sentences(many)[2]
    assert said[3].startswith("Patterns that differ: ")
    assert said[3].endswith("(.75 against .25).")
    assert "no further question raises it" in said[4]
    assert "area under the curve of .70 (s.e. .03; .50 is a coin, n 38 surveys of each, 5-fold)" in said[4]
    rows = contrast_rows(found)
    assert rows[1][2:] == (".75", ".25", ".50", ".30 to .70", found.one.name)
    assert rows[2][6] == "-"
    found.questions["auc"] = math.nan
    assert contrast_sentences(found)[4].startswith("Too few surveys")
