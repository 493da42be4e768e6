"""The table of regions, and what it must show: indicators reach fields, and the placebo has one environment."""

from __future__ import annotations

from coworksim.files.load import load_scenario
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import Scenario
from coworksim.model.state.spaces import Regions, environment_of
from coworksim.report.regions_table import mappings, regions_table


def test_no_field_is_constant_over_the_74_regions() -> None:
    scenario = load_scenario("uk-74-regions", overrides={"environment.draw": 3})
    spread = regions_table(scenario).groupby("field")["value"].nunique()
    assert set(spread.index) == set(FIELDS)
    assert spread.min() > 1


def test_the_placebo_has_one_environment() -> None:
    assert regions_table(load_scenario("placebo")).groupby("field")["value"].nunique().max() == 1


def test_permuting_an_indicator_moves_its_fields_and_no_other() -> None:
    scenario = load_scenario("uk-74-regions")
    before = [environment_of(region, scenario) for region in scenario.regions]
    found, expected = dict[str, set[str]](), dict[str, set[str]]()
    for indicator in INDICATORS:
        moved = _rotated(scenario, indicator)
        after = [environment_of(region, moved) for region in moved.regions]
        found[indicator] = {name for name in FIELDS if [one[name] for one in before] != [one[name] for one in after]}
        expected[indicator] = {name for name, (source, _, _) in FIELDS.items() if source == indicator}
    assert found == expected


def _rotated(scenario: Scenario, indicator: str) -> Scenario:
    regions = scenario.regions
    shifted = (*regions[1:], regions[0])
    changed = tuple(
        region.model_copy(update={"indicators": {**region.indicators, indicator: other.indicators[indicator]}})
        for region, other in zip(regions, shifted, strict=True)
    )
    return scenario.model_copy(update={"regions": changed})


def test_a_draw_belongs_to_the_region_whoever_else_is_there() -> None:
    scenario = load_scenario("uk-74-regions")
    code = next(region.code for region in scenario.regions if "users_per_space" in region.gaps)
    at = [region.code for region in scenario.regions].index(code)
    alone = load_scenario("uk-74-regions", region=code)
    assert environment_of(alone.regions[0], alone) == environment_of(scenario.regions[at], scenario)
    other = load_scenario("uk-74-regions", overrides={"environment.draw": 2}, region=code)
    assert Regions.of(other).catchment[0] != Regions.of(alone).catchment[0]
    assert Regions.of(other).demand[0] == Regions.of(alone).demand[0]  # measured, and so not drawn


def test_the_mapping_is_said_for_every_field() -> None:
    assert len(mappings(load_scenario("tiny"))) == len(FIELDS) + 1
