"""Small pairs of worlds: what acts in both, and the same without the policies."""

from __future__ import annotations

from typing import Any

from coworksim.appraisal.measures import Pair
from coworksim.appraisal.pairs import lived
from coworksim.model.policy import Eligibility, Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.opening import burnt_in, forked
from tests.worlds import busy

#: A world in which everybody has heard of every scheme within weeks, and applying is no trouble.
EASY: dict[str, object] = {"schemes.hassle": 0.0, "awareness.unprompted": 0.5}


def scheme(**changes: Any) -> Policy:
    """Return half the fee for half a year, for everybody while the money lasts."""
    said: dict[str, Any] = {
        "name": "half",
        "kind": "membership_subsidy",
        "share": 0.5,
        "months": 6,
        "end": 26,
        "budget": 1_000_000,
        "lag": 1,
        "eligible": Eligibility(),
    }
    return Policy(**{**said, **changes})


def easy(**overrides: object) -> Scenario:
    """Return the busy world, made easy."""
    return busy(**{**EASY, **overrides})


def pair(scenario: Scenario, *policies: Policy, seed: int = 1, replicate: int = 0) -> Pair:
    """Return the world of a scenario under policies beside the same world without."""
    model = burnt_in(scenario, seed, replicate)
    here = lived(forked(model, ()), scenario.weeks)
    arm = forked(model, policies)
    return Pair(arm.setup, lived(arm, scenario.weeks), here)
