"""No dead quantity: each swept one moves some outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import Scenario
from coworksim.runs.scan import Effect, _effect, ends, scan
from tests.worlds import KINDS, flagged, schemes, town, with_policies

#: A world in which everything happens: schemes, rationing, events, an AI jump, closing and opening.
WORLD: dict[str, object] = {
    "weeks": 52,
    "frontier.ai_week": 4,
    "membership.elasticity": -0.3,
    "space.price": 300.0,
    "population.nomad_share": 0.1,
}


#: Spaces that differ, come and go.
MARKET: dict[str, object] = {
    "seed": 4,
    "market": "mature",
    "spin_up_weeks": 60,
    "weeks": 60,
    "membership.appeal": 1.0,
    "space.desks": 20,
    "space.size_sd": 0.8,
    "space.size_by_place": 0.35,
    "management.rent": 20.0,
    "management.founders": 20.0,
}
FULL: dict[str, object] = {
    "space.desks": 4,
    "space.price": 60.0,
    "membership.appeal": 4.0,
    "membership.dedicated_constant": -5.0,
    "management.desk_cost": 1e6,
}

#: What that world hides shows in these: full spaces, the rival form of affordability, people counted by catchment,
#: the rule of the flag, and community managers.
OTHER_WORLDS: tuple[Callable[..., Scenario], ...] = (
    lambda **change: schemes(**{**WORLD, **FULL, **change}),
    lambda **change: schemes(**{**WORLD, "membership.money": "logarithmic", **change}),
    lambda **change: load_scenario(
        "uk-left-behind", overrides={"burn_in_weeks": 4, "spin_up_weeks": 24, "weeks": 12, **change}
    ),
    lambda **change: load_scenario(
        "uk-74-regions",
        overrides={"burn_in_weeks": 1, "market": "new", "weeks": 2, "environment.catchment": 20, **change},
    ),
    flagged,
    lambda **change: with_policies([KINDS["community_grant"]], **change),
    lambda **change: schemes(**{**WORLD, "schemes.hassle": 300.0, "schemes.early_hassle": 1.0, **change}),
    lambda **change: town(900, **{**MARKET, **change}),
)


def still(world: Callable[..., Scenario], names: Iterable[str]) -> list[str]:
    """Return those quantities that move nothing in a world."""
    effects = scan(world(), lambda name, value: world(**{name: value}), names, workers=1)
    return [effect.quantity for effect in effects if not effect.moves]


@pytest.mark.slow
def test_each_swept_quantity_moves_some_outcome() -> None:
    # what values a difference between two worlds, and what a survey does with a finished run, moves no world
    after = ("appraisal.", "survey.")
    swept = [q.name for q in PARAMETERS.values() if ends(q) is not None and not q.name.startswith(after)]
    assert len(swept) > 100
    dead = still(lambda **change: schemes(**{**WORLD, **change}), swept)
    assert len(dead) < 18
    for world in OTHER_WORLDS:
        dead = still(world, dead)
    assert dead == []


def test_the_ends_are_those_around_what_the_scenario_sets() -> None:
    assert ends(PARAMETERS["environment.catchment"], 240.0) == pytest.approx((120, 480))
    assert ends(PARAMETERS["space.desks"], 20) == (8, 46)
    assert ends(PARAMETERS["space.desks"], 52) == ends(PARAMETERS["space.desks"]) == (22, 120)
    assert ends(PARAMETERS["space.events"], 0.0) is None
    assert ends(PARAMETERS["frame.spaces"], 10) is None


def test_a_dead_quantity_would_be_seen() -> None:
    assert not Effect("x", 0, 1, "", 0, 0, 0).moves


def test_an_effect_is_told_by_the_outcome_that_moved_most_for_its_size_at_both_ends() -> None:
    base, low, high = {"a": 1.0, "b": 100.0}, {"a": 1.5, "b": 90.0}, {"a": 1.0, "b": 110.0}
    assert _effect("x", (2.0, 4.0), base, low, high) == Effect("x", 2.0, 4.0, "a", 1.5, 1.0, 1.0)
    assert not _effect("x", (2.0, 4.0), base, base, base).moves
