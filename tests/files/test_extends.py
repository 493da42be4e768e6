"""Which files a scenario may extend, and what it takes from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.load import ScenarioError, load_scenario

from .files import load, refusals

BASE = """\
# base?
title: Base
weeks: 20
seed: 5
regions:
  - like: left-behind
mechanisms: {decay: off, income: off}
parameters: {space.price: 100, space.desks: 9}
"""
CHILD = """\
# child?
extends: base.yaml
seed: 6
mechanisms: {income: on}
parameters:
  space.price: 110
"""


def test_entries_of_the_child_come_first_and_mappings_are_merged_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    scenario = load(tmp_path, CHILD)
    assert (scenario.title, scenario.question, scenario.weeks, scenario.seed) == ("Base", "child?", 20, 6)
    assert (scenario["space.price"], scenario["space.desks"]) == (110, 9)
    assert (scenario.mechanisms["decay"], scenario.mechanisms["income"]) == (False, True)
    origins = {
        name: scenario.origins[name] for name in ("seed", "weeks", "space.price", "space.desks", "space.floor_per_desk")
    }
    assert origins == {
        "seed": f"{tmp_path}/case.yaml:3",
        "weeks": f"{tmp_path}/base.yaml:3",
        "space.price": f"{tmp_path}/case.yaml:6",
        "space.desks": f"{tmp_path}/base.yaml:8",
        "space.floor_per_desk": "default",
    }


def test_a_chain_of_files_in_sub_folders_and_built_ins(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.yaml").write_text("# a?\nextends: b.yaml\nweeks: 9\n", encoding="utf-8")
    (tmp_path / "sub" / "b.yaml").write_text("# b?\nextends: tiny\nseed: 9\n", encoding="utf-8")
    scenario = load(tmp_path, "# c?\nextends: sub/a.yaml\n")
    assert (scenario.weeks, scenario.seed, scenario.title) == (9, 9, load_scenario("tiny").title)


@pytest.mark.parametrize("value", ["../base.yaml", "sub/../../base.yaml", "/etc/base.yaml", "a\\b.yaml"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, value: str) -> None:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    assert refusals(tmp_path / "inner", f"# q\nextends: {value}\n") == [
        f"2:10: extends '{value.encode('unicode_escape').decode() if not value.isprintable() else value}' leaves the "
        "folder of this file; write a path that stays in the folder of this file, or the name of a built-in scenario"
    ]


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "link.yaml").symlink_to(tmp_path / "base.yaml")
    (problem,) = refusals(tmp_path / "inner", "# q\nextends: link.yaml\n")
    assert "leaves the folder" in problem


def test_a_loop_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# a?\nextends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("# b?\nextends: ./a.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_scenario(tmp_path / "a.yaml")
    assert [str(problem) for problem in refused.value.problems] == [
        f"{tmp_path}/b.yaml:2:10: extends './a.yaml' comes back to a file of the same chain; extend another file"
    ]
    assert "comes back" in refusals(tmp_path, "# q\nextends: case.yaml\n")[0]


def test_a_chain_that_is_too_long_is_refused(tmp_path: Path) -> None:
    for k in range(12):
        (tmp_path / f"f{k}.yaml").write_text(f"# q\nextends: f{k + 1}.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="goes too deep; extend another file"):
        load_scenario(tmp_path / "f0.yaml")


def test_what_does_not_exist_is_refused_where_it_is_named(tmp_path: Path) -> None:
    assert refusals(tmp_path, "# q\nextends: none.yaml\n") == [
        f"2:10: there is no file '{tmp_path}/none.yaml'; write the path of a file"
    ]
    (problem,) = refusals(tmp_path, "# q\nextends: uk-cor\n")
    assert problem.startswith("2:10: no scenario is called 'uk-cor' (did you mean uk-core?); write ai-shock, ")


def test_problems_of_all_files_of_a_chain_are_told(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE.replace("20", "0"), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(tmp_path, CHILD.replace("110", "x"))
    assert [(Path(p.file).name, p.line, p.column) for p in refused.value.problems] == [
        ("base.yaml", 3, 8),
        ("case.yaml", 6, 16),
    ]
