"""Arms of a study that are ready-made policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.errors import Problems
from coworksim.files.load import load_scenario
from coworksim.files.yaml_reader import parse
from coworksim.runs.study_options import read_arms


def test_ready_made_policies_are_arms_by_name(tmp_path: Path) -> None:
    problems = Problems()
    listed = parse("[do-nothing, subsidy-50, {name: own, policies: []}]\n", "study.yaml", problems)
    assert listed is not None
    nothing, half, own = read_arms(listed, tmp_path, load_scenario("tiny"), problems)
    assert not problems.listed()
    assert (nothing.name, nothing.policies, own.policies) == ("Nothing", (), ())
    assert half.policies is not None
    assert [policy["share"] for policy in half.policies] == [0.5]


def test_a_name_that_is_not_there_is_refused_at_its_place(tmp_path: Path) -> None:
    problems = Problems()
    listed = parse("[subsidy-5O]\n", "study.yaml", problems)
    assert listed is not None
    assert read_arms(listed, tmp_path, load_scenario("tiny"), problems) == ()
    (problem,) = problems.listed()
    assert str(problem).startswith(
        "study.yaml:1:2: no policy is called 'subsidy-5O' (did you mean subsidy-50?); write "
    )


@pytest.mark.parametrize("arm", ["3.5", "true", "~", "''"])
def test_an_arm_that_is_no_name_is_refused_in_one_sentence(arm: str, tmp_path: Path) -> None:
    problems = Problems()
    listed = parse(f"[{arm}]\n", "study.yaml", problems)
    assert listed is not None
    assert read_arms(listed, tmp_path, load_scenario("tiny"), problems) == ()
    (problem,) = problems.listed()
    assert str(problem).startswith("study.yaml:1:2: an arm is ")
