"""The frontier: the best possible skill of each occupation, in shares of what it is when spaces open."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from colearn.quantities.skills import CREATIVE, OCCUPATIONS, SKILLS
from colearn.scenario import Scenario

__all__ = ["frontier_at"]

_FIRST_TD = 4
_AI = 7


def frontier_at(scenario: Scenario, since: int) -> NDArray[np.float64]:
    """Return the frontier by occupation and skill, ``since`` weeks after the opening (negative before it).

    SC skills stay at 1. TD skills follow ``exp(since * ln(1 + g/52))`` with the yearly growth ``g`` of the
    occupation's group. From ``ai_week`` on a jump multiplies generative AI by ``1 + jump`` and the other TD skills by
    ``1 + spill*jump``. With the mechanism off the frontier is 1 for ever.
    """
    frontier = np.ones((len(OCCUPATIONS), len(SKILLS)))
    if not scenario.mechanisms["frontier"]:
        return frontier
    jump, spill = 1.0, 1.0
    if 0 <= scenario["frontier.ai_week"] <= since:
        jump = 1.0 + scenario["frontier.ai_jump"]
        spill = 1.0 + scenario["frontier.ai_spill"] * scenario["frontier.ai_jump"]
    groups = {
        creative: math.exp(since * math.log(1.0 + scenario[name] / 52.0))
        for creative, name in ((True, "frontier.drift_creative"), (False, "frontier.drift"))
    }
    for occupation, creative in enumerate(CREATIVE):
        frontier[occupation, _FIRST_TD:_AI] = groups[creative] * spill
        frontier[occupation, _AI] = groups[creative] * jump
    return frontier
