"""``coworksim survey``: what it prints, what it leaves, and how it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from coworksim.cli import commands
from coworksim.evidence.survey.respondents import survey_world, with_codes
from coworksim.evidence.survey.surveys import _fitted
from coworksim.evidence.survey.trial import simulated
from coworksim.files.load import load_scenario
from tests.evidence.survey.synthetic import respondents
from tests.evidence.survey.worlds import SHORT, text

type Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "surveyed.yaml").write_text(text())
    settings = [part for name, value in SHORT.items() for part in ("--set", f"{name}={value}")]
    return lambda *arguments: CliRunner().invoke(commands, ["survey", *map(str, arguments), *settings])


@pytest.mark.slow
def test_tables_are_printed_and_everything_is_saved(call: Call, tmp_path: Path) -> None:
    done = call("surveyed.yaml", "--replicates", 2, "--workers", 1, "--out", "there", "--png")
    assert done.exit_code == 0, done.output
    for word in (
        "resource x left behind",
        "SC anywhere",
        "machine hours",
        "type M",
        "Power over 2 worlds",
        "are associations",
        "3 of the regions left behind by the narrow rule",
        "Runs: there",
    ):
        assert word in done.stdout
    assert "2 of 2 runs" in done.stderr
    folder = tmp_path / "there" / "analysis"
    files = set(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"])
    tables = {
        f"{name}.{kind}"
        for name in ("respondents", "coefficients", "true-slopes", "power")
        for kind in ("csv", "parquet")
    }
    assert files == tables | {"coefficients.svg", "coefficients.png", "recipe.md", "scenario.yaml"}
    answers = pd.read_parquet(folder / "respondents.parquet")
    assert answers["replicate"].nunique() == 2
    assert isinstance(answers["flag_wide"].dtype, pd.CategoricalDtype)
    found = pd.read_parquet(folder / "coefficients.parquet")
    assert set(found["form"]) == {"direct", "total", "moderated", "by_managers"}
    assert set(found["rule"]) == {"flag_narrow", "flag_wide"}
    assert found.groupby(["replicate", "outcome", "rule", "form"], observed=True).ngroups == 2 * 4 * 2 * 4


@pytest.mark.slow
def test_numbers_are_printed_as_json_for_programs_and_trials_can_be_left_out(call: Call) -> None:
    done = call("surveyed.yaml", "--no-trial", "--json", "--quiet")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert done.stderr == ""
    assert found["slopes"] == []
    assert re.fullmatch(r"results/surveyed-survey-[0-9a-f]{8}/analysis", found["folder"])
    assert {"estimate", "low", "high", "p_permutation", "mixed_estimate"} <= set(found["coefficients"][4])


@pytest.mark.slow
def test_surveys_go_on_where_they_were(call: Call, tmp_path: Path) -> None:
    """One world and then two more give what three at once do; what is there is not done again."""
    three = ("surveyed.yaml", "--no-trial", "--quiet", "--workers", 1, "--replicates", 3)
    assert call(*three, "--out", "at once").exit_code == 0
    assert call(*three[:-1], 1, "--out", "in parts").exit_code == 0
    done = call(*three[:4], *three[4:], "--out", "in parts")
    assert done.exit_code == 0, done.output
    one, other = (tmp_path / name for name in ("at once", "in parts"))
    assert [len(pd.read_parquet(folder / "runs")) for folder in (one, other)] == [3, 3]
    found = [json.loads((folder / "analysis" / "manifest.json").read_text(encoding="utf-8")) for folder in (one, other)]
    assert found[0]["digest"] == found[1]["digest"]
    for name in ("respondents", "coefficients", "power"):
        a, b = (pd.read_parquet(folder / "analysis" / f"{name}.parquet") for folder in (one, other))
        pd.testing.assert_frame_equal(a, b)


@pytest.mark.slow
def test_the_table_that_is_kept_is_the_table_of_the_survey(call: Call, tmp_path: Path) -> None:
    """Kinds of text and their order included, so that who fits the saved answers fits the same regression."""
    assert call("surveyed.yaml", "--no-trial", "--quiet", "--workers", 1, "--out", "there").exit_code == 0
    kept = pd.read_parquet(tmp_path / "there" / "analysis" / "respondents.parquet")
    scenario = load_scenario("surveyed.yaml", dict(SHORT))
    answers = with_codes(survey_world(simulated(scenario, 1, 0, trial=False)[0], 1), scenario)
    pd.testing.assert_frame_equal(kept.drop(columns="replicate"), answers, check_dtype=True)
    assert answers["region_code"].notna().all()
    assert answers.groupby("space_key")[["region", "space"]].nunique().eq(1).all(axis=None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tiny",), "1 of 2 regions are left behind; survey a scenario with at least two regions of either kind"),
        (("surveyd.yaml",), "surveyd.yaml"),
        (("surveyed.yaml", "--set", "survey.relability=1"), "survey.reliability"),
        (("surveyed.yaml", "--set", "survey.reliability=2"), "must lie between"),
        (("surveyed.yaml", "--replicates", "0"), "--replicates"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_write(call: Call, arguments: tuple[str, ...], said: str) -> None:
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""


@pytest.mark.slow
def test_too_few_answers_end_in_a_sentence(call: Call, tmp_path: Path) -> None:
    done = call("surveyed.yaml", "--no-trial", "--set", "survey.members=1")
    assert done.exit_code == 1
    assert "enough answers for the regression" in done.stderr or "respondents are too few for" in done.stderr
    assert "Traceback" not in done.output
    assert not list(tmp_path.glob("results/*/analysis"))


@pytest.mark.slow
def test_a_survey_that_one_rule_does_not_fit_still_counts_for_the_other() -> None:
    """With one region left behind by the narrow rule, the wide one is fitted; what bears no rule says why."""
    answers = respondents(1)
    one = np.where((answers["region"] == "r00").to_numpy(), "left-behind", "other")
    narrow = answers.assign(flag_narrow=pd.Categorical(one))
    found = pd.concat(_fitted(narrow, ["flag_narrow", "flag_wide"]))
    assert set(found["rule"]) == {"flag_wide"}
    with pytest.raises(ValueError, match="1 of 60 regions"):
        _fitted(narrow, ["flag_narrow"])
