"""Policies for tests."""

from __future__ import annotations

from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario

VOUCHER = Policy(
    name="voucher", kind="voucher", amount=80_00, months=6, start=0, end=50, budget=1_000_000_00, lag=2, redeem=8
)
LOTTERY = Policy(
    name="lottery",
    kind="membership_subsidy",
    share=0.5,
    amount=90_00,
    months=3,
    start=0,
    end=20,
    window=6,
    award="lottery",
    budget=1_000_000_00,
    number=5,
    lag=1,
    redeem=8,
)


def with_policies(scenario: Scenario, *policies: Policy) -> Scenario:
    """Return the scenario with these policies only."""
    return scenario.model_copy(update={"policies": policies})
