"""The natural size of a policy of each kind, and the same policy at another size.

A size is a factor on what a policy has a lot of: awards by number and budget, places, hours, machines. What a policy
is (the share of a fee, the price of an hour, who may apply, how long it runs) stays. A factor on density, visitors,
demand or assistance grows by its distance from 1. Budgets grow along, so that they bind as before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from colearn.scenario import Policy
from colearn.scenario.policy import LIMITS

__all__ = ["SIZES", "Change", "changes", "resized"]

_AWARDS: Final = ("budget", "number")
#: What is scaled, by kind of policy.
SIZES: Final = {
    "voucher": _AWARDS,
    "membership_subsidy": _AWARDS,
    "training_voucher": _AWARDS,
    "equipment_loan": _AWARDS,
    "resource_grant": ("budget", "equipment", "training", "desks", "new_spaces"),
    "community_grant": ("budget", "hours"),
    "cluster_programme": ("budget", "region_cost", "density", "visitors", "demand"),
    "awareness_campaign": ("budget", "region_cost", "hear_spaces", "hear_schemes", "assistance"),
    "skills_programme": ("budget", "places"),
}
#: Factors: 1 is no change.
_FACTORS: Final = ("density", "visitors", "demand", "assistance")
_MONEY: Final = ("budget", "region_cost")
_WHOLE: Final = (*_MONEY, "number", "training", "desks", "new_spaces", "places")


class Change(NamedTuple):
    """One number of a policy and what became of it, as files write it."""

    policy: str
    key: str
    unit: str
    before: float
    after: float


def resized(policies: Sequence[Policy], factor: float) -> tuple[Policy, ...]:
    """Return the policies at another size, each number within the limits of its key.

    >>> one = Policy(name="v", kind="voucher", amount=6000, months=6, end=26, budget=100_000, number=10)
    >>> (two,) = resized([one], 1.5)
    >>> two.budget, two.number, two.amount
    (150000, 15, 6000)
    """
    return tuple(_resized(policy, factor) for policy in policies)


def _resized(policy: Policy, factor: float) -> Policy:
    said = policy.model_dump()
    for key in SIZES[policy.kind]:
        value = getattr(policy, key)
        if value is None or value == type(policy).model_fields[key].default:
            continue
        low, high, _ = LIMITS[key]
        scaled = 1.0 + (value - 1.0) * factor if key in _FACTORS else value * factor
        scaled = min(max(scaled, low), high)
        said[key] = math.floor(scaled + 0.5) if key in _WHOLE else scaled
    return Policy.model_validate(said)


def changes(before: Sequence[Policy], after: Sequence[Policy]) -> list[Change]:
    """Return every number that differs."""
    found = []
    for one, other in zip(before, after, strict=True):
        for key in SIZES[one.kind]:
            values = [getattr(policy, key) for policy in (one, other)]
            if values[0] != values[1]:
                scale = 100.0 if key in _MONEY else 1.0
                found.append(Change(one.name, key, LIMITS[key][2], *(value / scale for value in values)))
    return found
