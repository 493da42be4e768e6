"""Environments come from indicators; the left-behind flag reaches no mechanism."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest

import coworksim
from coworksim.files.load import load_scenario
from coworksim.model.parameters.environment import FIELDS
from coworksim.model.state.spaces import Regions, environment_of

PACKAGE = Path(coworksim.__file__).parent


def test_fields_follow_the_declared_rule() -> None:
    scenario = load_scenario("uk-left-behind")
    region = scenario.regions[0]
    fields = environment_of(region, scenario)
    mean, spread = scenario.reference["creative_share"]
    z = (math.log(region.indicators["creative_share"]) - mean) / spread
    assert fields["firm_density"] == pytest.approx(math.exp(0.20 * z))
    assert fields.keys() == FIELDS.keys()


def test_left_behind_and_other_differ_in_every_field_but_by_indicators_alone() -> None:
    one, other = (load_scenario(name) for name in ("uk-left-behind", "uk-core"))
    a, b = (environment_of(s.regions[0], s) for s in (one, other))
    assert all(a[name] != b[name] for name in FIELDS if name not in ("price_level", "outside_access"))
    same = {f"environment.{name}_elasticity": 0.0 for name in FIELDS}
    a, b = (
        environment_of(s.regions[0], s)
        for s in (load_scenario(n, overrides=same) for n in ("uk-left-behind", "uk-core"))
    )
    assert a == b


def test_a_field_set_by_the_scenario_wins(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "# What if?\ntitle: t\nextends: tiny\nregions:\n"
        "  - like: TLC12\n    people: 20\n    environment: {outside_access: 0.9}\n"
    )
    regions = Regions.of(load_scenario(file))
    assert regions.outside_access.tolist() == [0.9]


#: Eligibility of policies may name a kind of region; nothing else may know it.
MAY_READ_THE_FLAG = {"schemes.py"}


@pytest.mark.parametrize("folder", ["world", "mechanisms", "quantities"])
def test_no_mechanism_reads_the_flag(folder: str) -> None:
    for path in (PACKAGE / folder).rglob("*.py"):
        if path.name in MAY_READ_THE_FLAG and folder == "mechanisms":
            continue
        names = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute | ast.Name)
        }
        assert not {name for name in names if name == "flag" or "left_behind" in name}, path
