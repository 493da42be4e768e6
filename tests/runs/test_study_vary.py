"""What varies in a study: around what the scenario sets, or over a range of the user's own words."""

import pytest

from coworksim.files.errors import Problems
from coworksim.files.load import load_scenario
from coworksim.files.yaml_reader import parse
from coworksim.model.scenario import Scenario
from coworksim.runs.study_reader import quick_study
from coworksim.runs.study_vary import read_vary
from coworksim.statistics.factors import Factor

PATTERNS = load_scenario("patterns")


def read(text: str, scenario: Scenario = PATTERNS, fixed: tuple[str, ...] = ()) -> dict[str, Factor]:
    found, problems = told(text, scenario, fixed)
    assert problems == []
    return found


def told(text: str, scenario: Scenario = PATTERNS, fixed: tuple[str, ...] = ()) -> tuple[dict[str, Factor], list[str]]:
    problems = Problems()
    tree = parse(text + "\n", "study.yaml", problems)
    assert tree is not None
    found = read_vary(tree, fixed, scenario.values, problems)
    return {factor.name: factor for factor in found}, [str(problem) for problem in problems.listed()]


@pytest.mark.parametrize("text", ["all swept", "[environment.catchment]", "[environment.*]", "[role: environment]"])
def test_what_has_no_range_of_its_own_is_around_what_the_scenario_sets(text: str) -> None:
    assert read(text)["environment.catchment"].ends == pytest.approx((120, 480))


def test_a_range_of_the_users_own_is_run_as_written() -> None:
    found = read("[environment.catchment: 300..700, space.desks: 40..50 desks, all swept]")
    assert found["environment.catchment"].ends == (300.0, 700.0)
    assert found["space.desks"].ends == (40.0, 50.0)
    assert found["management.staff"].ends == pytest.approx((383 * 300 / 620, 383 * 1200 / 620))


def test_a_range_may_be_in_multiples_of_the_scenarios_value() -> None:
    found = read(
        "[environment.catchment: 0.5..3 times, space.desks: 0.5..1.26 times, membership.day_constant: 0.5..2 times]"
    )
    assert found["environment.catchment"].ends == (120.0, 720.0)
    assert found["space.desks"].ends == (12.0, 30.0)
    assert found["membership.day_constant"].ends == (-3.0, -0.75)


def test_the_command_line_has_the_same_words() -> None:
    study, text = quick_study("patterns", ["environment.catchment=0.5:3 times"], ["members_at_end"], replicates=1)
    assert study.factors[0].ends == (120.0, 720.0)
    assert '"environment.catchment": "0.5..3 times"' in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[space.price: 1..x times]", "study.yaml:1:15: a multiple of space.price is the text 'x'; write a number"),
        ("[space.price: 2..1 times]", "study.yaml:1:15: the range of space.price does not rise; write low..high"),
        ("[space.price: 1..100 times]", "it must lie between 0 and 5000 GBP/month"),
        ("[space.events]", "study.yaml:1:2: space.events is 0.0 in the scenario, around which nothing can be drawn"),
        ("[space.events: 1..2 times]", "the range of space.events does not rise"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_way_out(text: str, problem: str) -> None:
    none = PATTERNS.changed({"space.events": 0.0})
    _, (said,) = told(text, none)
    assert problem in said


def test_what_the_scenario_has_decided_is_left_out_of_groups_and_may_be_named() -> None:
    decided = PATTERNS.changed({"space.events": 0.0, "membership.money": "logarithmic"})
    assert not {"space.events", "membership.money"} & set(read("all swept", decided))
    found = read("[all swept, space.events: 0..1, membership.money]", decided)
    assert found["space.events"].ends == (0.0, 1.0)
    assert found["membership.money"].choices == ("linear", "logarithmic")


def test_the_points_of_a_study_are_what_is_run() -> None:
    """Values of a point are those that the scenario of a run has, so tables of a study show what was run."""
    study, _ = quick_study("patterns", ["all swept"], ["members_at_end"], method="pawn", size=64)
    values = study.design().overrides(0)
    world = load_scenario("patterns", values, quiet=True)
    assert {name: world[name] for name in values} == values
    assert study.of_plain(study.plain) == study
    assert 120 <= float(values["environment.catchment"]) <= 480
