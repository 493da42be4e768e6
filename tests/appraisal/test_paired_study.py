"""Studies that compare worlds: the same numbers as an appraisal, ratios that are told where undefined, combinations."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import coworksim
from coworksim import load_scenario, load_study, run_study
from coworksim.appraisal.comparison import compare
from coworksim.appraisal.measure_registry import TERMS
from coworksim.appraisal.paired_study import pair_work
from coworksim.files.built_in import built_in_studies
from coworksim.files.errors import RefusedError
from coworksim.model.policy import Policy
from coworksim.report.study_files import findings, sentences, write_study
from coworksim.runs.engines import Inline
from coworksim.runs.outcomes import PAIRED, RATIOS, study_work
from coworksim.runs.sensitivity import ratio_means
from coworksim.runs.study import Plan
from coworksim.runs.study_run import MEASURES, Study
from coworksim.statistics.design import run_seed
from coworksim.statistics.intervals import interval
from tests.runs.files import load, refusals
from tests.runs.functions import RANGES, paired, study, together

ONE = "{name: One, kind: membership_subsidy, share: 0.5, months: 6, budget: 9000 GBP}"
OTHER = "{name: Other, kind: voucher, amount: 60, months: 6, budget: 9000 GBP}"
ARMS = f"[{{name: without, policies: []}}, {{name: half, policies: [{ONE}]}}]"
BOTH = f"[{{name: half, policies: [{ONE}]}}, {{name: sum, policies: [{OTHER}]}}]"
RATIO = "cost_per_member_month_gbp"
REAL = f"""# What decides how much a policy changes?
title: Small
scenario: tiny
set: {{weeks: 26, burn_in_weeks: 8, awareness.unprompted: 0.2, awareness.at_opening: 0.9, schemes.hassle: 20}}
vary: [membership.elasticity]
method: sobol
size: 2
replicates: 2
arms: {ARMS}
outcomes: [additional_member_months, sc_total_point_years, public_cost_gbp, {RATIO}, net_benefit_td_gbp]
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("pairs")
    load(folder, REAL)
    return run_study(folder / "case.yaml", folder / "runs", executor=Inline)


def test_what_a_study_may_ask_for_is_what_an_appraisal_has() -> None:
    for name, one in PAIRED.items():
        if not name.startswith("net_benefit"):
            assert TERMS[name].unit == one.unit, name
    for ratio in RATIOS.values():
        assert {ratio.above, ratio.below} <= set(PAIRED)
        assert all(name in PAIRED for name in ratio.instead.split(" and "))


@pytest.mark.slow
def test_a_run_in_pairs_gives_the_numbers_of_an_appraisal(real: Study) -> None:
    assert real.counts == {"done": real.runs["run_id"].nunique()}
    point = 3
    overrides = {**real.study.settings, **real.plan.design.overrides(point)}
    scenario = load_scenario("tiny", overrides)
    policies = [Policy.model_validate(one) for one in real.study.arms[1].policies or ()]
    seed = run_seed(real.study.seed, int(real.plan.design.stream[point]))
    found = compare(scenario, {"half": policies}, seed=seed, replicates=2, workers=1)
    rows = real.runs[real.runs["point"] == point]
    assert rows["arm"].tolist() == ["half", "half"]
    for name in ("additional_member_months", "sc_total_point_years", "public_cost_gbp"):
        assert rows[name].tolist() == found.values["half"][name], name
    assert (rows["public_cost_gbp"] > 0).all()
    worth = [
        2000 * years - cost
        for years, cost in zip(
            found.values["half"]["td_total_sd_years"], found.values["half"]["public_cost_gbp"], strict=True
        )
    ]
    assert rows["net_benefit_td_gbp"].tolist() == pytest.approx(worth)


@pytest.mark.slow
def test_a_study_in_pairs_is_read_told_and_written(real: Study, tmp_path: Path) -> None:
    assert len(real.plan) == len(real.plan.design) * 2  # a run is all arms
    again = Study.load(real.folder, real.study)
    assert again.digest == real.digest
    assert list(real.analyses) == ["half"]
    said = " ".join(findings(real))
    assert "net_benefit_td_gbp" in said
    folder = write_study(real, tmp_path / "analysis")
    assert (folder / "indices.csv").is_file()
    assert len(pd.read_csv(folder / "outcomes.csv")) == len(real.study.outcomes)


@pytest.mark.slow
def test_a_ratio_is_undefined_where_the_effect_is_not_above_zero_and_that_is_told(tmp_path: Path) -> None:
    outcomes = f"[additional_member_months, {RATIO}]"
    text = study("sobol", 64, 2, replicates=3, outcomes=outcomes, arms=ARMS, dummy="off")
    found = run_study(load(tmp_path, text), tmp_path / "runs", measure=paired, executor=Inline)
    analysis = found.analyses["half"]
    names = [factor.name for factor in found.plan.design.factors]
    unit = found.plan.design.unit[:, [names.index(name) for name in [*RANGES][:2]]]
    counts: Any = analysis.outcomes.set_index("outcome").loc[RATIO]
    below = np.flatnonzero(unit[:, 0] - 0.2 < 0)
    assert counts["undefined"] == pytest.approx(len(below), abs=2)  # but for points a hair from zero
    assert 0 < counts["blocks_used"] < counts["blocks"]
    assert counts["undefined_at"].startswith(f"{below[0]}, {below[1]}")
    (said,) = [one for one in sentences(analysis) if "is undefined" in one]
    assert "additional_member_months is not clearly above zero" in said
    assert "told by public_cost_gbp and additional_member_months" in said
    means = ratio_means(RATIOS[RATIO], found.runs, len(unit), 3)
    far = unit[:, 0] > 0.3
    np.testing.assert_allclose(means[far], (100 * (1 + unit[:, 1]) / (unit[:, 0] - 0.2))[far], rtol=0.01)
    assert counts["mean"] == pytest.approx(np.mean(means[np.isin(found.plan.design.block, _whole(found, means))]))


def _whole(found: Study, means: NDArray[np.float64]) -> NDArray[np.int64]:
    block = found.plan.design.block
    return np.setdiff1d(block, block[np.isnan(means)])


def test_every_arm_has_numbers_but_that_of_the_world_without() -> None:
    given = {"scenario": "tiny", "overrides": {"weeks": 2, "burn_in_weeks": 1}, "seed": 1, "replicate": 0}
    found = pair_work({**given, "arms": [None, [], None, []], "outcomes": ["public_cost_gbp"]})
    assert found == {"1 public_cost_gbp": 0.0, "3 public_cost_gbp": 0.0}


def test_a_ratio_is_that_of_means_not_the_mean_of_ratios() -> None:
    pairs = [(100.0, 1.0), (100.0, 4.0), (100.0, 1.5), (100.0, 2.0)]
    table = pd.DataFrame(
        [(0, k, *pair) for k, pair in enumerate(pairs)],
        columns=["point", "replicate", "public_cost_gbp", "additional_member_months"],
    )
    assert interval([effect for _, effect in pairs])[1] > 0
    assert ratio_means(RATIOS[RATIO], table, 2, 4)[0] == pytest.approx(400 / 8.5)
    assert math.isnan(ratio_means(RATIOS[RATIO], table, 2, 4)[1])  # no run
    assert math.isnan(ratio_means(RATIOS[RATIO], table, 2, 5)[0])  # a replicate is missing
    wide = table.assign(additional_member_months=[-3.0, 4.0, 1.5, 2.0])
    assert math.isnan(ratio_means(RATIOS[RATIO], wide, 1, 4)[0])


def combined(tmp_path: Path) -> Study:
    text = study("factorial", 3, 1, replicates=5, outcomes="[additional_member_months]", combine=BOTH)
    return run_study(load(tmp_path, text), tmp_path / "runs", measure=together, executor=Inline)


def test_combinations_give_effects_and_interactions(tmp_path: Path) -> None:
    found = combined(tmp_path)
    assert [arm.name for arm in found.study.arms] == ["without", "half", "sum", "half + sum"]
    assert found.study.combined == ("half", "sum")
    assert len(found.plan) == 3 * 5
    (analysis,) = found.analyses.values()
    table: Any = analysis.table.set_index("input")
    luck = table.loc["sum", "difference"] - 1.25
    assert 0 < luck < 1
    exact = {  # of the rule: 2 + 2 theta + .5 sum; 1 + luck + .5 half; the input at its ends 0 and 1
        "half": 3.25,
        "membership.churn": 1.0,
        "half x sum": 0.5,
        "half x membership.churn": 2.0,
        "sum x membership.churn": 0.0,
    }
    assert set(table.index) == {*exact, "sum"}
    assert {name: table.loc[name, "difference"] for name in exact} == pytest.approx(exact)
    assert (table.loc["half", "high"] - table.loc["half", "low"]) == pytest.approx(
        0
    )  # chance is the same on both sides
    assert table.loc["sum", "high"] - table.loc["sum", "low"] > 0.1
    assert table.loc["membership.churn", "level"] == "0.1 against 0.02"
    alone, both = findings(found)[1:]
    assert "half, on against off: +3.25 (+3.25 to +3.25)" in alone
    assert "half x sum: +0.5" in both
    assert "sum x membership.churn" not in both


def test_a_replicate_that_is_not_whole_is_left_out_of_combinations(tmp_path: Path) -> None:
    from coworksim.runs.effects import combinations

    found = combined(tmp_path)
    runs = found.runs.copy()
    runs.loc[(runs["replicate"] == 4) & (runs["point"] == 1) & (runs["arm"] == "sum"), "status"] = "failed"
    table, outcomes = combinations(found.plan, runs)
    counts: Any = outcomes.iloc[0]
    assert (counts["replicates"], counts["failed"]) == (4, 1)
    assert table.set_index("input").loc["half", "difference"] == pytest.approx(3.25)


HEAD = "# Is it refused?\ntitle: T\nscenario: tiny\nvary: [membership.churn]\nreplicates: 2\nsize: 2\n"
CASES = {
    "no world without": (
        "method: sobol\noutcomes: [public_cost_gbp]",
        "8:11: public_cost_gbp compares arms with one called without",
    ),
    "without that has policies": (
        f"method: sobol\narms: [{{name: without, policies: [{ONE}]}}]\noutcomes: [public_cost_gbp]",
        "9:11: the arm called without has policies; write",
    ),
    "nothing to compare": (
        "method: sobol\narms: [{name: without, policies: []}]\noutcomes: [public_cost_gbp]",
        "9:11: no arm but without;",
    ),
    "two kinds": (
        f"method: sobol\narms: {ARMS}\noutcomes: [public_cost_gbp, members_at_end]",
        "9:29: members_at_end beside public_cost_gbp, of which one compares worlds and the other does not; make two",
    ),
    "a ratio that would be averaged": (
        f"method: factorial\narms: {ARMS}\noutcomes: [{RATIO}]",
        f"9:11: {RATIO} is a ratio, which the method factorial would average; write public_cost_gbp and",
    ),
    "combine by another method": (
        f"method: sobol\ncombine: {BOTH}\noutcomes: [public_cost_gbp]",
        "8:10: combine with the method sobol; write method: f",
    ),
    "one to combine": (
        f"method: factorial\ncombine: [{{name: half, policies: [{ONE}]}}]\noutcomes: [members_at_end]",
        "8:10: 1 to combine; write from 2 to 5",
    ),
    "one name twice": (
        f"method: factorial\ncombine: [{{name: a, policies: [{ONE}]}}, {{name: b, policies: [{ONE}]}}]\n"
        "outcomes: [members_at_end]",
        "8:10: a policy called 'One' in 'a' and 'b'; give each policy a name of its own",
    ),
    "nothing to combine": (
        f"method: factorial\ncombine: [{{name: a, policies: [{ONE}]}}, {{name: b, policies: []}}]\n"
        "outcomes: [members_at_end]",
        "8:10: 'b' is there in every study that combines; leave it out",
    ),
    "both": (
        f"method: factorial\ncombine: {BOTH}\narms: {ARMS}\noutcomes: [public_cost_gbp]",
        "9:7: arms beside combine;",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_is_refused(tmp_path: Path, case: str) -> None:
    text, problem = CASES[case]
    said = refusals(tmp_path, f"{HEAD}{text}\n")
    assert said[0].startswith(problem), said


def test_a_ratio_of_one_replicate_is_refused(tmp_path: Path) -> None:
    text = HEAD.replace("replicates: 2", "replicates: 1") + f"method: sobol\narms: {ARMS}\noutcomes: [{RATIO}]\n"
    assert "one replicate cannot tell whether its effect is above zero" in refusals(tmp_path, text)[0]


def test_the_work_of_single_worlds_is_refused_for_pairs_and_handed_over_by_the_public_function(tmp_path: Path) -> None:
    read = load(tmp_path, REAL)
    with pytest.raises(RefusedError, match=r"compares worlds; run it by coworksim\.run_study"):
        run_study(read, tmp_path / "runs", executor=Inline, measure=study_work)
    assert not (tmp_path / "runs").exists()
    with pytest.raises(RefusedError, match="keeps no series"):
        run_study(read, tmp_path / "runs", executor=Inline, series=4)
    assert (MEASURES[False], MEASURES[True]) == (study_work, pair_work)
    assert coworksim.run_study is run_study


def test_the_studies_of_policies_are_as_large_as_they_say() -> None:
    policy, factorial = load_study("sobol-policy"), load_study("factorial-policies")
    assert (policy.paired, len(policy.factors), policy.size, policy.replicates) == (True, 9, 128, 4)
    assert len(Plan(policy, "code", policy.size, policy.replicates)) == 128 * 11 * 4
    assert factorial.combined == ("50 % of the fee for all", "Community managers")
    assert len(Plan(factorial, "code", 2, 16)) == 4 * 16
    assert {"additional_member_months", "td_total_points_at_end", RATIO} <= set(policy.outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sobol-policy", "factorial-policies"])
def test_the_studies_of_policies_run_in_small(tmp_path: Path, name: str) -> None:
    source = next(one.path for one in built_in_studies() if one.name == name)
    text = source.read_text().replace("replicates: 4", "replicates: 2")
    text = text.replace("size: 128", "size: 2").replace("replicates: 16", "replicates: 2")
    small = load(tmp_path, f"{text}set: {{weeks: 8, burn_in_weeks: 4}}\n")
    found = run_study(small, tmp_path / "runs", executor=Inline)
    assert set(found.counts) == {"done"}
    assert found.complete
    assert found.runs["public_cost_gbp"].notna().all()
    assert len(findings(found)) > len(small.outcomes)
