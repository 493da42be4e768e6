"""Deadweight of help for everybody is 1/(1 + response): who was a member anyway, over all who are paid for."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.appraisal.measures import Pair, support, take_up
from coworksim.appraisal.pairs import Record, lived
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.opening import burnt_in, forked
from tests.worlds import reference

HALF = Policy(
    name="half", kind="membership_subsidy", share=0.5, months=12, start=0, end=104, budget=10**11, lag=0, redeem=52
)


def worlds(scenario: Scenario, seed: int) -> tuple[Pair, Record, Record]:
    model = burnt_in(scenario, seed, 0, keep=False)
    there, here = (lived(forked(model, policies), scenario.weeks) for policies in ((HALF,), ()))
    return Pair(scenario.model_copy(update={"policies": (HALF,)}), there, here), there, here


@pytest.mark.slow
def test_deadweight_of_a_universal_award_is_its_identity() -> None:
    """Left: money, on whichever plan. Right: weeks of membership of those awarded, counted by hand; within .05."""
    scenario = reference(
        **{
            "weeks": 104,
            "burn_in_weeks": 60,
            "awareness.unprompted": 0.9,
            "awareness.at_opening": 0.9,
            "schemes.hassle": 0,
        }
    )
    pair, there, here = worlds(scenario, 3)
    found = support(pair)
    left = (found["deadweight_gbp"] + found["support_other_plan_gbp"]) / found["support_gbp"]
    supported = usual = 0
    for row in range(there.key.shape[1]):
        for key in set(there.key[there.support[:, row] > 0, row].tolist()):
            weeks = np.flatnonzero((there.support[:, row] > 0) & (there.key[:, row] == key))
            term = slice(weeks[0], weeks[-1] + 1)
            supported += len(weeks)
            usual += int(((here.space[term, row] >= 0) & (here.key[term, row] == key)).sum())
    response = supported / usual - 1
    assert response > 0.1
    assert left == pytest.approx(1 / (1 + response), abs=0.05)
    assert found["usual_member_months"] / take_up(pair)["supported_member_months"] == pytest.approx(1 / (1 + response))
