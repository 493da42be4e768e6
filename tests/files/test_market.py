"""The market of spaces in a scenario file: mature, growing or new, and how long it has run when the weeks begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.scenario_schema import json_schema, new_template
from coworksim.files.scenario_writer import diff, to_yaml

from .files import HEAD, REGIONS, load, refusals


def test_a_file_that_says_nothing_has_a_mature_market_after_eight_years(tmp_path: Path) -> None:
    scenario = load(tmp_path, HEAD + REGIONS)
    assert (scenario.market, scenario.spin_up_weeks, scenario.start_week) == ("mature", 416, 260 + 416)
    assert load(tmp_path, new_template()).start_week == 260 + 416


@pytest.mark.parametrize(("market", "start"), [("mature", 7 + 30), ("growing", 7 + 30), ("new", 7)])
def test_the_weeks_begin_after_the_spin_up_unless_the_market_is_new(tmp_path: Path, market: str, start: int) -> None:
    text = f"{HEAD}market: {market}\nburn_in_weeks: 7\nspin_up_weeks: 30 weeks\n{REGIONS}"
    scenario = load(tmp_path, text)
    assert (scenario.market, scenario.spin_up_weeks, scenario.start_week) == (market, 30, start)
    again = load(tmp_path, to_yaml(scenario))
    assert (diff(again, scenario), again.digest) == ([], scenario.digest)


def test_overrides_extends_and_differences_know_the_market(tmp_path: Path) -> None:
    base = load_scenario("small-town", {"spin_up_weeks": 5})
    new = load_scenario("small-town", {"market": "new", "spin_up_weeks": 5})
    assert [one[:3] for one in diff(base, new)] == [("market", "mature", "new")]
    assert base.digest != new.digest
    (tmp_path / "base.yaml").write_text(f"{HEAD}market: new\n{REGIONS}")
    assert load(tmp_path, "# q\nextends: base.yaml\n").market == "new"
    assert json_schema()["properties"]["market"]["enum"] == ["mature", "growing", "new"]


def test_other_markets_and_lengths_are_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path, f"{HEAD}market: grown\nspin_up_weeks: 5201\n{REGIONS}") == [
        "3:9: market is the text 'grown'; write mature, growing or new",
        "4:16: spin_up_weeks is 5201; write a whole number from 0 to 5200 weeks",
    ]
    scenario = load(tmp_path, HEAD + REGIONS)
    said = {name: getattr(scenario, name) for name in type(scenario).model_fields}
    for field, value in (("market", "grown"), ("spin_up_weeks", -1)):
        with pytest.raises(ValidationError, match=field):
            type(scenario)(**{**said, field: value})


@pytest.mark.parametrize("growth", [-0.1, 1.5])
def test_a_growth_that_is_none_is_refused(growth: float) -> None:
    with pytest.raises(ScenarioError, match=f"management.growth is the number {growth}; it must lie between 0 and 1"):
        load_scenario("tiny", {"market": "growing", "management.growth": growth})


def test_capital_of_a_whole_space_is_no_capital_of_a_desk() -> None:
    """It was 120,000 GBP a space once; a file that still says so would found spaces that never close."""
    with pytest.raises(ScenarioError, match=r"management.capital is the number 45000; it must lie between 0 and 20000"):
        load_scenario("tiny", {"management.capital": 45_000})
    with pytest.raises(ScenarioError, match="GBP/desk"):
        load_scenario("tiny", {"management.capital": "1300 GBP"})
