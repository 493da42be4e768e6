"""Draws of a scaled scenario keep its size: as many spaces, and its own number of people by the multiple of the prior.

Draws used to take the ranges of a scenario of full size: the first draw of ``patterns``, which has 3,109 people, had
9,672. Its catchment of 240 people per space was replaced by 752, from 400 to 1,600. In draws of ``uk-74-thinned``
(26,640) the elasticity of the catchment moved them besides, to between 54,723 and 659,304.
"""

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from coworksim.appraisal.monte_carlo import drawn, sample
from coworksim.evidence.patterns.pattern_runs import world_of
from coworksim.evidence.patterns.untuned import ALIKE, design, points, ranges
from coworksim.files.built_in import built_ins
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import Scenario
from coworksim.model.state.spaces import Regions
from coworksim.runs.study_reader import quick_study

CATCHMENT, SIZES = "environment.catchment", ("environment.catchment", "space.desks")
DRAWS = 32

type Worlds = Iterator[tuple[Scenario, Mapping[str, Any]]]


def is_scaled(scenario: Scenario) -> bool:
    return any(scenario[name] != PARAMETERS[name].default for name in SIZES)


SCALED = [one.name for one in built_ins() if is_scaled(load_scenario(one.name, quiet=True))]


def people(scenario: Scenario) -> int:
    return int(Regions.of(scenario).first_row[-1])


def spaces(scenario: Scenario) -> int:
    return sum(region.spaces for region in scenario.regions)


def of_appraisals(scenario: Scenario) -> Worlds:
    for one in sample(scenario, DRAWS, seed=1).draws:
        yield drawn(scenario, one.values), one.values


def of_patterns(scenario: Scenario) -> Worlds:
    for one in points(design(ranges(scenario), DRAWS, 1, scenario), DRAWS):
        if one.feasible:
            given = {"scenario": scenario.name, "overrides": one.overrides, "ratios": one.ratios}
            yield world_of(given), one.overrides


def of_studies(scenario: Scenario) -> Worlds:
    study, _ = quick_study(scenario.name, ["all swept"], ["members_at_end"], method="pawn", size=64)
    found = study.design()
    for at in range(DRAWS):
        if not found.infeasible[at]:
            values = found.overrides(at)
            yield load_scenario(scenario.name, values, quiet=True), values


def test_scaled_scenarios_come_with_coworksim() -> None:
    assert {"patterns", "uk-74-thinned", "tiny"} <= set(SCALED)


def test_the_first_draw_of_patterns_is_of_its_size() -> None:
    own = load_scenario("patterns", quiet=True)
    first = sample(own, 6, seed=1).draws[0]
    assert people(own) == 3395
    assert 0.5 <= people(drawn(own, first.values)) / people(own) <= 2.0


@pytest.mark.slow
@pytest.mark.parametrize("name", SCALED)
@pytest.mark.parametrize("worlds", [of_appraisals, of_patterns, of_studies])
def test_draws_keep_the_number_of_people_and_spaces(name: str, worlds: Callable[[Scenario], Worlds]) -> None:
    own = load_scenario(name, quiet=True)
    counted = any(region.people is None for region in own.regions)
    low, high = (end / float(PARAMETERS[CATCHMENT].default) for end in PARAMETERS[CATCHMENT].sampled or (0.0, 0.0))
    # draws of patterns have regions without differences, of which ratios stand in their place
    base = people(load_scenario(name, dict(ALIKE), quiet=True) if worlds is of_patterns else own)
    found, sizes = 0, list[float]()
    for world, values in worlds(own):
        found += 1
        assert spaces(world) == spaces(own)
        if not counted:
            assert people(world) == people(own)
            continue
        times = values[CATCHMENT] / own[CATCHMENT]
        assert low <= times <= high
        sizes.append(math.log(people(world) / base / times))
    # what is left are figures that are missing, drawn anew for each region, who is a user, and which regions are drawn;
    # where regions do not differ, nothing is left
    assert found >= DRAWS // 2
    if sizes and worlds is of_patterns:
        assert max(map(abs, sizes)) < math.log(1.2)
    elif sizes:
        assert max(map(abs, sizes)) < math.log(4.0)
        assert abs(statistics.fmean(sizes)) < math.log(2.0)


@pytest.mark.slow
@pytest.mark.parametrize("worlds", [of_appraisals, of_patterns, of_studies])
def test_what_a_scaled_scenario_sets_is_a_multiple_of_its_own(worlds: Callable[[Scenario], Worlds]) -> None:
    own = load_scenario("uk-74-thinned", quiet=True)
    names = ("space.desks", "management.staff", "management.founders", "encounters.half_crowd")
    for world, values in worlds(own):
        for name in names:
            low, high = (end / float(PARAMETERS[name].default) for end in PARAMETERS[name].sampled or (0.0, 0.0))
            rest = 0.5 / own[name] if name == "space.desks" else 1e-9  # desks are whole
            assert low - rest <= values[name] / own[name] <= high + rest
            assert world[name] == values[name]  # what is told is what is run
