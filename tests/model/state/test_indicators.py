"""Each indicator column reaches its field and, through it, what happens to people."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.files.load import load_scenario
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.state.spaces import Regions
from coworksim.runs.simulation import simulate


@pytest.mark.slow
@pytest.mark.parametrize("indicator", INDICATORS)
def test_permuting_a_column_changes_its_fields_and_what_happens(indicator: str) -> None:
    often = {"membership.appeal": 3.0, "membership.review_weeks": 2}
    short = {"burn_in_weeks": 4, "weeks": 8, "environment.catchment": 30, "market": "new"}
    scenario = load_scenario("uk-74-regions", overrides={**short, **often})
    regions = scenario.regions
    values = [region.indicators[indicator] for region in regions]
    turned = [
        region.model_copy(update={"indicators": {**region.indicators, indicator: value}})
        for region, value in zip(regions, values[1:] + values[:1], strict=True)
    ]
    permuted = scenario.model_copy(update={"regions": tuple(turned)})
    before, after = Regions.of(scenario), Regions.of(permuted)
    moved = {field for field in FIELDS if not np.array_equal(getattr(before, field), getattr(after, field))}
    assert moved == {field for field, (name, _, _) in FIELDS.items() if name == indicator}
    one, other = (simulate(case).series for case in (scenario, permuted))
    columns = ["people", "sc_points", "td_points", "income_gbp_week", "members", "contacts_outside_per_person"]
    assert any(not one[name].equals(other[name]) for name in columns)


def test_no_field_is_the_same_in_all_74_regions() -> None:
    places = Regions.of(load_scenario("uk-74-regions"))
    for field in FIELDS:
        assert len(set(getattr(places, field).tolist())) > 37, field
