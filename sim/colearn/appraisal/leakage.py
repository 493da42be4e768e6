"""Leakage: benefit of people whom no policy is for, and of regions that none is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from colearn.appraisal.pairs import FAMILIES
from colearn.quantities.policies import KINDS
from colearn.scenario import Policy

if TYPE_CHECKING:
    from colearn.appraisal.terms import Pair

__all__ = ["leakage"]

_YEAR: Final = 52.0
_MONTH: Final = 52.0 / 12.0


def leakage(pair: Pair) -> dict[str, float]:
    """Return the benefit of people, and of regions, that no policy is meant for.

    What nobody applies for is meant for all people of the regions where it acts.
    """
    policies = pair.scenario.policies
    acting = [policy for policy in policies if not KINDS[policy.kind].is_award]
    aimed, reached = (_aimed(pair, some)[pair.there.region][:, None] for some in (policies, acting))
    target = pair.widened(pair.there.eligible) | reached
    outside_area = ~aimed & np.ones_like(target)
    found = {}
    for where, who in (("group", ~target), ("area", outside_area)):
        for family in FAMILIES:
            gained = float(pair.gained(family)[who].sum())
            found[f"leakage_{where}_{family}_point_years"] = 100.0 * gained / _YEAR
        weeks = (pair.member.astype(np.int64) - pair.member_without)[who.ravel()[pair.person]]
        found[f"leakage_{where}_member_months"] = float(weeks.sum()) / _MONTH
    return found


def _aimed(pair: Pair, policies: Sequence[Policy]) -> NDArray[np.bool_]:
    """Return which regions any of the policies is meant for."""
    return np.array([any(p.eligible.includes(r.name, r.flag) for p in policies) for r in pair.scenario.regions])
