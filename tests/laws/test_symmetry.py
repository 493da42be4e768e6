"""What may not matter: labels of equal regions, regions added later, the order in which agents are made or named.

Not invariant by design: a person's key, and so every draw, follows the *place* of the region in the scenario and of the
person in the region. Equal regions therefore live different lives, and regions that trade places trade draws, not
lives; rows cannot be permuted (a row is an address at which contacts outside and colleagues find a person); schemes
draw by their place in the list, and a scheme open to several regions couples them through its budget.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim import CoworkingModel, Result, Scenario, load_scenario, simulate
from coworksim.model.scenario import GROUPS
from coworksim.model.state.world import World
from tests.laws.worlds import columns, end_of, region, scenarios, with_values


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one)


def columns_of_spaces(world: World, number: int) -> dict[str, Any]:
    spaces, others = world.spaces, ("span", "member")  # how many there are, and a row of people
    names = [field.name for field in dataclasses.fields(spaces) if field.name not in others]
    found = {name: getattr(spaces, name)[:number] for name in names}
    return {**found, "member": spaces.member[: spaces.member_start[number]]}


def money(result: Result, swap: dict[str, str]) -> list[tuple[Any, ...]]:
    """Return the postings with names of regions swapped in accounts."""
    found = []
    for week, payer, payee, purpose, pence in result.model.world.ledger.postings:
        accounts = [
            ":".join("/".join(swap.get(word, word) for word in part.split("/")) for part in account.split(":"))
            for account in (payer, payee)
        ]
        found.append((week, *accounts, purpose, pence))
    return found


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios({}, regions=1, fewest_spaces=1), st.integers(5, 60), st.integers(1, 3))
def test_swapping_the_labels_of_equal_regions_swaps_outputs_exactly(
    scenario: Scenario, people: int, spaces: int
) -> None:
    """Names and flags go to the tables and nowhere else, when no figure is drawn."""
    size = {"people": people, "spaces": spaces, "indicators": scenario.regions[0].indicators}
    here, there = (region(name, flag, **size) for name, flag in zip(("here", "there"), GROUPS, strict=True))
    swapped = [region(b.name, b.flag, **size) for b in (there, here)]
    one, other = (simulate(with_values(scenario, regions=pair)) for pair in ((here, there), tuple(swapped)))
    names = {"here": "there", "there": "here"}
    assert same(columns(one.model.world), columns(other.model.world))
    assert money(one, names) == money(other, {})
    flags = dict(zip(GROUPS, reversed(GROUPS), strict=True))
    relabelled = one.series.assign(region=one.series["region"].map(names), flag=one.series["flag"].map(flags))
    assert relabelled.equals(other.series)


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios({"management.founders": 0.0}, policies=0, regions=2), scenarios(regions=1))
def test_a_region_that_is_added_at_the_end_changes_nobody_elsewhere(scenario: Scenario, other: Scenario) -> None:
    """Without schemes, whose budget couples regions, and founders, who ask how it is elsewhere where no space is."""
    added = with_values(scenario, regions=(*scenario.regions, region("new", **_size(other))))
    one, two = simulate(scenario).model.world, simulate(added).model.world
    n = len(one.workers)
    assert same(columns(one), columns(two, slice(n)))
    assert same(columns_of_spaces(one, len(one.spaces)), columns_of_spaces(two, len(one.spaces)))
    # Employers and trainers are those of all regions.
    of_all = ("employers", "trainers")
    theirs = [p for p in two.ledger.postings if not any(":new" in account for account in (p.payer, p.payee))]
    ours, theirs = ([p for p in some if (p.payer, p.payee) != of_all] for some in (one.ledger.postings, theirs))
    assert ours == theirs


def _size(scenario: Scenario) -> dict[str, Any]:
    return {name: getattr(scenario.regions[0], name) for name in ("people", "spaces", "environment")}


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios(), st.randoms(use_true_random=False), st.integers(0, 10))
def test_the_order_in_which_agents_are_made_changes_nothing(scenario: Scenario, order: Any, looks: int) -> None:
    """Agents are views: whoever is looked at, in any order and week, the columns stay as they would have been."""
    plain, watched = CoworkingModel(scenario), CoworkingModel(scenario)
    rows = list(range(len(watched.world.workers)))
    for week in range(end_of(scenario)):
        if week % 5 == looks % 5:
            order.shuffle(rows)
            assert [watched.worker(row).row for row in rows[: 5 * looks]] == rows[: 5 * looks]
        plain.step()
        watched.step()
    assert same(columns(plain.world), columns(watched.world))
    assert plain.world.ledger == watched.world.ledger


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios(), st.randoms(use_true_random=False))
def test_the_order_of_settings_changes_nothing(scenario: Scenario, order: Any) -> None:
    names = list(scenario.values)
    order.shuffle(names)
    shuffled = Scenario(**{**dict(scenario), "values": {name: scenario[name] for name in names}})
    assert shuffled.digest == scenario.digest
    assert simulate(shuffled).digest == simulate(scenario).digest


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios(policies=0), st.integers(1, 10))
def test_a_longer_horizon_changes_nothing_before_its_end(scenario: Scenario, more: int) -> None:
    longer = CoworkingModel(with_values(scenario, weeks=scenario.weeks + more))
    longer.run_for(end_of(scenario))
    assert same(columns(simulate(scenario).model.world), columns(longer.world))


def test_regions_that_trade_places_trade_draws() -> None:
    """The limit that the docstring of this module states, so that nobody counts on more."""
    scenario = load_scenario("tiny")
    turned = with_values(scenario, regions=tuple(reversed(scenario.regions)))
    one, other = (
        simulate(case).workers.groupby("region", observed=True)["income_gbp_week"].mean() for case in (scenario, turned)
    )
    assert all(one[name] != other[name] for name in (region.name for region in scenario.regions))
