"""The printed table of regions: flag, spaces, people, and how each indicator became a field of the environment."""

from itertools import pairwise

import pandas as pd

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.scenario import Scenario
from coworksim.model.state.spaces import Regions, environment_of, standardised


def mappings(scenario: Scenario) -> list[str]:
    """Say in one line a field how it follows its indicator in this scenario."""
    lines = []
    for field, (indicator, _, _) in FIELDS.items():
        parameter = PARAMETERS[f"environment.{field}"]
        base, slope = (float(scenario[parameter.name + end]) for end in ("", "_elasticity"))
        noise = float(scenario["environment.noise"])
        rule = f"{base:g} * exp({slope:g} * z({indicator}) + {noise:g} * e)"
        if field == "demand_trend":
            rule = f"{base:g} + {slope:g} * z({indicator}) + {noise / 10:g} * e"
        lines.append(f"{field} [{parameter.unit}] = {rule}")
    return lines


def stand_ins(scenario: Scenario) -> list[str]:
    """Say for which indicators the figure of the UK stands in, in which regions; it is a guess of class G.

    >>> from coworksim.files.load import load_scenario
    >>> [line.partition(":")[0] for line in stand_ins(load_scenario("uk-all", region="TLC12"))]
    ['desk_price']
    """
    lines = []
    for name, indicator in INDICATORS.items():
        regions = [region for region in scenario.regions if name in region.uk_values]
        fields = " and ".join(f"environment.{field}" for field, (source, _, _) in FIELDS.items() if source == name)
        if regions:
            where = ", ".join(region.code or region.name for region in regions)
            lines.append(
                f"{name}: the UK value ({regions[0].indicators[name]:g} {indicator.unit}) stands in for "
                f"{len(regions)} of {len(scenario.regions)} regions (class G, a guess; swept with {fields}): {where}"
            )
    return lines


def regions_table(scenario: Scenario) -> pd.DataFrame:
    """Return one row a region and field: the raw indicator, its z, the elasticity, and the field."""
    first_row = Regions.of(scenario).first_row.tolist()
    rows = []
    for region, (start, end) in zip(scenario.regions, pairwise(first_row), strict=True):
        fields = environment_of(region, scenario)
        for field, (indicator, _, _) in FIELDS.items():
            raw = region.indicators[indicator]
            rows.append(
                {
                    "code": region.code or "",
                    "region": region.name,
                    "flag": region.flag,
                    "spaces": region.spaces,
                    "people": end - start,
                    "indicator": indicator,
                    "raw": raw,
                    "uk_value": indicator in region.uk_values,
                    "z": standardised(indicator, raw, scenario.reference),
                    "elasticity": float(scenario[f"environment.{field}_elasticity"]),
                    "field": field,
                    "set": field in region.environment,
                    "value": fields[field],
                    "unit": PARAMETERS[f"environment.{field}"].unit,
                }
            )
    return pd.DataFrame(rows)
