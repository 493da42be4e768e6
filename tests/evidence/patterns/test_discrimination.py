"""Telling worlds apart: certainty, a coin, and what a question adds; what decides a pattern."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.patterns.hypotheses import told_apart
from coworksim.evidence.patterns.pattern_measures import ASKED, MODERATORS, block_of, survey_outcomes
from coworksim.evidence.patterns.pattern_tables import deciding_rows, halves_rows
from coworksim.statistics.design import draw
from coworksim.statistics.factors import DUMMY, Factor

from .planted import table


def surveys(seed: int, shift: float, name: str) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    data = {f"ask.{ASKED}.a": random.normal(size=60), f"ask.own workload.{name}": random.normal(size=60) + shift}
    return pd.DataFrame({"point": range(60), **data})


def test_the_question_that_tells_them_apart_is_the_one_that_adds() -> None:
    told = {one.questions: one for one in told_apart(surveys(1, 3.0, "b"), surveys(2, 0.0, "b"))}
    assert told["as asked"].auc == pytest.approx(0.5, abs=0.2)
    assert told["+ own workload"].auc > 0.95
    assert told["+ new partners a month"].auc == told["as asked"].auc
    assert told["as asked"].n == 60


@pytest.mark.parametrize(("missing", "statistics", "n"), [(3, 2, 57), (20, 1, 60)])
def test_draws_that_lack_a_statistic_go_or_the_statistic_does(missing: int, statistics: int, n: int) -> None:
    one, other = surveys(1, 3.0, "b"), surveys(2, 0.0, "b")
    one.loc[: missing - 1, "ask.own workload.b"] = np.nan
    told = {row.questions: row for row in told_apart(one, other)}
    assert (told["+ own workload"].statistics, told["+ own workload"].n) == (statistics, n)


def test_answers_carry_what_is_planted_and_the_error_of_the_scale() -> None:
    planted = table(noise=0.01, sc=0.02)
    found = survey_outcomes(planted, 1)
    assert {block_of(name) for name in found} == {ASKED, *MODERATORS}
    assert found[f"ask.{ASKED}.sc slope"] == pytest.approx(0.6 * 0.9, abs=0.15)  # reliability .6 on both sides
    assert found == survey_outcomes(planted, 1)
    assert found != survey_outcomes(planted, 2)
    assert survey_outcomes(planted.head(10), 1) == {}


@pytest.mark.slow
def test_the_input_that_decides_is_found_with_its_direction() -> None:
    factors = (*(Factor(f"x.{k}") for k in range(5)), Factor(DUMMY))
    design = draw("pawn", factors, 256, 1)
    values = -design.unit[:, 2] + 0.05 * design.unit[:, 3]
    rows = list(deciding_rows(design, pd.DataFrame({"point": range(256), "E3b.space.value": values})))
    assert rows[0]["input"] == "x.2"
    assert rows[0]["above"]
    assert rows[0]["direction"] > 0.9  # E3b is shown below 0, and the greater x.2 the lower the value
    assert rows[0]["n"] == 256


def test_halves_split_draws_by_the_sign_of_a_ratio() -> None:
    ratios = {k: {"catchment": -1.0 if k < 4 else 1.0} for k in range(8)}
    runs = pd.DataFrame({"point": range(8), "E3a.space.value": [1.0, 1.0, 1.0, -1.0] + [-1.0] * 4})
    rows = {
        row["left_behind_has"]: row
        for row in halves_rows(ratios, runs)
        if row["place"] == "space" and row["pattern"] == "E3a"
    }
    assert (rows["less"]["shown"], rows["less"]["n"]) == (3, 4)
    assert (rows["more"]["shown"], rows["more"]["n"]) == (0, 4)
