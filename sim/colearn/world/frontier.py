"""The frontier: the best possible skill of each occupation, in shares of what it is when spaces open."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from colearn.quantities.skills import CREATIVE, OCCUPATIONS, SKILLS
from colearn.scenario import Scenario

__all__ = ["frontier_at", "frontier_rule"]

_FIRST_TD = 4
_AI = 7


def frontier_rule(scenario: Scenario) -> Callable[[int], NDArray[np.float64]]:
    """Return the rule of a scenario: from weeks after the opening (negative before it) to the frontier.

    The frontier is by occupation and skill. SC skills stay at 1. TD skills follow ``exp(since * ln(1 + g/52))`` with
    the yearly growth ``g`` of the occupation's group. From ``ai_week`` on a jump multiplies generative AI by
    ``1 + jump`` and the other TD skills by ``1 + spill*jump``. With the mechanism off the frontier is 1 for ever.
    """
    on, first = scenario.mechanisms["frontier"], scenario["frontier.ai_week"]
    after = 1.0 + scenario["frontier.ai_jump"], 1.0 + scenario["frontier.ai_spill"] * scenario["frontier.ai_jump"]
    rate = [math.log(1.0 + scenario[f"frontier.{name}"] / 52.0) for name in ("drift", "drift_creative")]

    def at(since: int) -> NDArray[np.float64]:
        frontier = np.ones((len(OCCUPATIONS), len(SKILLS)))
        if on:
            jump, spill = after if 0 <= first <= since else (1.0, 1.0)
            groups = [math.exp(since * of_group) for of_group in rate]
            for occupation, creative in enumerate(CREATIVE):
                frontier[occupation, _FIRST_TD:_AI] = groups[creative] * spill
                frontier[occupation, _AI] = groups[creative] * jump
        return frontier

    return at


def frontier_at(scenario: Scenario, since: int) -> NDArray[np.float64]:
    """Return the frontier by occupation and skill, ``since`` weeks after the opening (negative before it)."""
    return frontier_rule(scenario)(since)
