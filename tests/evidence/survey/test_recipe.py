"""The page beside the tables of a survey: its lines give the same numbers, and it says what differs elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.survey import fit
from coworksim.evidence.survey.questionnaire import ITEMS, SCALES
from coworksim.evidence.survey.recipe import NAME, recipe
from coworksim.evidence.survey.regression import OUTCOMES
from coworksim.evidence.survey.surveys import survey_many, write_surveys
from tests.evidence.survey.synthetic import respondents
from tests.evidence.survey.worlds import surveyed

#: How the packages name terms -> how the table does.
TERMS = {"Intercept": "intercept", "left_behind": "left_behind", "resource:left_behind": "resource:left_behind"}


def code(text: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def answers(folder: Path) -> pd.DataFrame:
    """Write members of two surveys, and managers, whose questions do not all say the same."""
    first, other = respondents(1, planted=0.3), respondents(2)
    draw = np.random.default_rng(1)
    for item in ITEMS:
        first[item.name] += draw.normal(0.0, 0.5, len(first))
    managers = first.iloc[:5].assign(role="manager")
    rows = [one.assign(replicate=k) for k, one in ((3, first), (3, managers), (4, other))]
    pd.concat(rows).to_csv(folder / "respondents.csv", index=False)
    return first.assign(flag_narrow=first["flag"])


@pytest.mark.slow
@pytest.mark.parametrize("outcome", ["td_space", "sc_total"])
def test_the_lines_in_python_give_the_estimates_of_the_table(outcome: str, tmp_path: Path) -> None:
    mine = fit(answers(tmp_path), outcome, rule="flag_narrow", permutations=9)
    lines = code(recipe(3, "flag_narrow", outcome), "python")
    command = [sys.executable, "-W", "ignore", "-c", lines]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    printed = dict(line.split() for line in done.splitlines() if not line.startswith("dtype"))
    assert len(printed) == len(mine.terms)
    for theirs, value in printed.items():
        name = TERMS.get(theirs, theirs)
        assert float(value) == pytest.approx(mine[name].estimate, abs=1e-6), name


def test_the_lines_in_r_name_every_question_once_and_the_same_terms() -> None:
    for outcome in OUTCOMES:
        lines = code(recipe(0, "flag_wide", outcome), "r")
        for scale in ("social", "resource", outcome):
            assert f"c({', '.join(f'"{item}"' for item in SCALES[scale])})" in lines
        assert 'people$flag_wide == "left-behind"' in lines
        assert 'vcov = "CR2", cluster = data$region, test = "Satterthwaite"' in lines
        assert "(1 | region) + (0 + social | region) + (0 + resource | region) + (1 | space)" in lines


def test_what_differs_in_other_packages_is_said() -> None:
    said = recipe(0, "flag")
    for words in ("`1 +`", "n (not n - 1)", "square root", "14%", "17%", "singular"):
        assert words in said, words


@pytest.mark.slow
def test_it_lies_beside_the_tables(tmp_path: Path) -> None:
    write_surveys(survey_many(surveyed(), replicates=1, trial=False, folder=tmp_path / "runs", workers=1), tmp_path)
    assert (tmp_path / NAME).read_text(encoding="utf-8").startswith("# Fit the regression again")
    assert (tmp_path / "respondents.csv").is_file()
