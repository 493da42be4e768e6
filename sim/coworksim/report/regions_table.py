"""The printed table of regions: flag, spaces, people, and how each indicator became a field of the environment."""

from itertools import pairwise

import pandas as pd

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS, OUTSIDE_ACCESS, TREND, response_of
from coworksim.model.scenario import MOST_PEOPLE, Scenario
from coworksim.model.state.spaces import Regions, cut, environment_of


def mappings(scenario: Scenario) -> list[str]:
    """Say in one line a field how it follows its indicator in this scenario."""
    lines = []
    for field, (indicator, _, _) in FIELDS.items():
        parameter = PARAMETERS[f"environment.{field}"]
        base, x0 = float(scenario[parameter.name]), scenario.reference[indicator]
        response = response_of(field, scenario.values)
        power = "" if response == 1.0 else f"**{response:g}"
        rule = f"{base:g} * ({indicator}/{x0:.4g}){power}"
        if field == TREND:
            rule = f"{base:g} + {response:g} * ({indicator} - {x0:.4g})/100"
        if scenario["environment.differences"] == "none":
            rule = f"{base:g}: regions do not differ"
        lines.append(f"{field} [{parameter.unit}] = {rule}")
    access, follows = (scenario[f"environment.{name}"] for name in (OUTSIDE_ACCESS, "outside_access_follows"))
    times = "" if follows == "none" else f" * {follows}"
    return [*lines, f"{OUTSIDE_ACCESS} [{PARAMETERS[f'environment.{OUTSIDE_ACCESS}'].unit}] = {access:g}{times}"]


def drawn(scenario: Scenario) -> list[str]:
    """Say which fields of which regions have no figure, and what stands in; indicators as a newer edition has them.

    >>> from coworksim.files.load import load_scenario
    >>> [line.partition(":")[0] for line in drawn(load_scenario("uk-all", region="TLL14"))]
    ['catchment', 'work_training', 'public_provision']
    """
    lines, total = [], len(scenario.regions)
    for field, (indicator, _, _) in FIELDS.items():
        regions = [
            region for region in scenario.regions if region.gaps.get(indicator) and field not in region.environment
        ]
        if regions and scenario["environment.differences"] == "measured":
            spreads = sorted({round(region.gaps[indicator], 2) for region in regions})
            spread = " to ".join(f"{one:g}" for one in dict.fromkeys((spreads[0], spreads[-1])))
            where = ", ".join(region.code or region.name for region in regions)
            how = "drawn" if scenario["environment.draw"] else "taken at its middle"
            found = f"{how} in {len(regions)} of {total} regions; {indicator} spreads by {spread} (sd of the logarithm)"
            lines.append(f"{field}: {found}: {where}")
    cuts = [f"{region.code or region.name} ({people:,})" for region, people in cut(scenario, Regions.of(scenario))]
    if cuts:
        lines.append(f"people: cut to {MOST_PEOPLE:,}, the most a region may have, in {', '.join(cuts)}")
    for indicator in INDICATORS:
        years = [region.editions[indicator] for region in scenario.regions if indicator in region.editions]
        if years:
            lines.append(f"{indicator}: of {', '.join(dict.fromkeys(years))} in {len(years)} of {total} regions")
    return lines


def regions_table(scenario: Scenario) -> pd.DataFrame:
    """Return one row a region and field: the raw indicator, what it is compared with, the response, and the field."""
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
                    "reference": scenario.reference[indicator],
                    "gap": region.gaps.get(indicator, 0.0),
                    "edition": region.editions.get(indicator, ""),
                    "response": response_of(field, scenario.values),
                    "field": field,
                    "set": field in region.environment,
                    "value": fields[field],
                    "unit": PARAMETERS[f"environment.{field}"].unit,
                }
            )
    return pd.DataFrame(rows)
