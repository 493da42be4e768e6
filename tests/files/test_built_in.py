"""The scenarios that come with the package, and how they are found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coworksim.files.built_in import built_ins, data_folder
from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.scenario_writer import diff


def test_every_built_in_loads_and_its_first_line_is_a_question() -> None:
    assert [one.name for one in built_ins()] == sorted(path.stem for path in data_folder().glob("*.yaml"))
    for one in built_ins():
        scenario = load_scenario(one.name)
        assert (scenario.name, scenario.title, scenario.question) == (one.name, one.title, one.question)
        assert one.question.endswith("?")
        assert load_scenario(one.path).digest == scenario.digest


def test_tiny_is_tiny_and_the_uk_scenarios_differ_in_their_region_only() -> None:
    tiny, core, behind = (load_scenario(name) for name in ("tiny", "uk-core", "uk-left-behind"))
    assert sum(region.people or 0 for region in tiny.regions) == 60
    assert (tiny.burn_in_weeks, tiny.weeks, tiny["space.desks"]) == (12, 26, 10)
    for scenario, flag in ((core, "other"), (behind, "left-behind")):
        assert (scenario.burn_in_weeks, scenario.weeks, scenario.seed) == (260, 156, 1)
        assert [(region.flag, region.spaces) for region in scenario.regions] == [(flag, 4)]
    assert core.values == behind.values


def test_the_voucher_is_all_that_uk_voucher_adds() -> None:
    behind, voucher = load_scenario("uk-left-behind"), load_scenario("uk-voucher")
    assert behind.policies == ()
    (policy,) = voucher.policies
    assert (policy.kind, policy.award, policy.amount, policy.number) == ("voucher", "lottery", 6000, 40)
    assert {one.name.partition(".")[0] for one in diff(behind, voucher)} == {"title", "policies"}


REFUSED = {
    "uk-cor": "uk-cor: no scenario is called 'uk-cor' (did you mean uk-core?); "
    f"write {', '.join(one.name for one in built_ins())} or the path of a file that ends in .yaml",
    "none/here.yaml": "none/here.yaml: there is no file 'none/here.yaml'; write the path of a file",
    "/dev/null": "/dev/null: '/dev/null' is not a file; write the path of a file",
    "a\0\x1b.yaml": "a\\x00\\x1b.yaml: there is no file 'a\\x00\\x1b.yaml'; write the path of a file",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_found_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(name)
    assert str(refused.value) == REFUSED[name]


def test_a_name_too_long_for_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(tmp_path / ("x" * 300 + ".yaml"))


def test_importing_scenarios_is_light() -> None:
    code = (
        "import sys, coworksim.files; "
        "print([m for m in ('numpy', 'pandas', 'mesa', 'numba', 'pydantic', 'ruamel.yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_loading_a_scenario_needs_no_array_library() -> None:
    code = (
        "import sys; from coworksim.files.load import load_scenario; load_scenario('tiny'); "
        "print([m for m in ('numpy', 'pandas', 'mesa', 'numba') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
