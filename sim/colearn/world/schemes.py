"""Schemes of support as they stand: who has heard of them, applied, been awarded; what is committed and spent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from colearn.scenario import Scenario

__all__ = ["APPLIED", "AWARDED", "IN_USE", "NONE", "OVER", "Schemes"]

NONE, APPLIED, AWARDED, IN_USE, OVER = range(5)


@dataclass(slots=True)
class Schemes:
    """One entry per scheme, and one per person and scheme; money in pence, times in weeks."""

    # terms, from the scenario
    share: NDArray[np.float64]  # part of the fee
    amount: NDArray[np.int64]  # pence a week
    term: NDArray[np.int64]  # weeks of support
    start: NDArray[np.int64]  # week since the opening
    end: NDArray[np.int64]  # exclusive
    budget: NDArray[np.int64]
    number: NDArray[np.int64]  # awards at most
    lottery: NDArray[np.bool_]
    window: NDArray[np.int64]  # weeks of applications for a lottery
    lag: NDArray[np.int64]
    redeem: NDArray[np.int64]
    # state
    awarded: NDArray[np.int64]
    committed: NDArray[np.int64]
    spent: NDArray[np.int64]
    # by person and scheme
    hassle: NDArray[np.float64]  # (n, K) standard exponential, drawn once
    aware: NDArray[np.bool_]  # (n, K)
    state: NDArray[np.int8]  # (n, K)
    award_week: NDArray[np.int32]  # (n, K)
    cost: NDArray[np.int64]  # (n, K) committed to this person
    used: NDArray[np.int64]  # (n, K) paid for this person

    @classmethod
    def of(cls, scenario: Scenario, people: int) -> Schemes:
        """Read the terms of a scenario's policies; nobody has heard of them."""
        policies, shape = scenario.policies, (people, len(scenario.policies))
        months = [policy.months for policy in policies]
        return cls(
            share=np.array([policy.share for policy in policies], np.float64),
            amount=np.array([(policy.amount * 12 + 26) // 52 for policy in policies], np.int64),
            term=np.array([int(count * 52 / 12 + 0.5) for count in months], np.int64),
            start=np.array([policy.start for policy in policies], np.int64),
            end=np.array([policy.end for policy in policies], np.int64),
            budget=np.array([policy.budget for policy in policies], np.int64),
            number=np.array([2**62 if p.number is None else p.number for p in policies], np.int64),
            lottery=np.array([policy.award == "lottery" for policy in policies], np.bool_),
            window=np.array([policy.window for policy in policies], np.int64),
            lag=np.array([policy.lag for policy in policies], np.int64),
            redeem=np.array([policy.redeem for policy in policies], np.int64),
            awarded=np.zeros(len(policies), np.int64),
            committed=np.zeros(len(policies), np.int64),
            spent=np.zeros(len(policies), np.int64),
            hassle=np.zeros(shape),
            aware=np.zeros(shape, np.bool_),
            state=np.zeros(shape, np.int8),
            award_week=np.zeros(shape, np.int32),
            cost=np.zeros(shape, np.int64),
            used=np.zeros(shape, np.int64),
        )

    def __len__(self) -> int:
        """Return the number of schemes."""
        return len(self.share)
