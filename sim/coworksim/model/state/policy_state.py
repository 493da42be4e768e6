"""What policies have set for this week: factors and additions that mechanisms read beside what they read anyway.

Without a policy every factor is 1, every addition 0, and no course is held. All of it is set anew each week.

Policies as they stand: who has heard of them, applied, been awarded; what is committed and spent.

The terms of what people apply for are set by the policies themselves (``coworksim.model.policies``); those of a policy
that nobody applies for stay empty.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.parameters.skills import OCCUPATIONS
from coworksim.model.scenario import Scenario
from coworksim.model.state.careers import spread_of
from coworksim.model.state.record import Record

type Floats = NDArray[np.float64]


class Course(NamedTuple):
    """Training places that a policy has bought for the week."""

    inside: bool  # for members of a space, else for all people of a region
    places: NDArray[np.int64]  # by space, or by region
    days: int  # days in a space this week on which a place depends
    spread: Floats  # (occupations, 4) how an hour spreads over the TD skills, mean 1


@dataclass(slots=True)
class Levers(Record):
    """One entry per region, or per space where it says so."""

    density: Floats  # factor on the density of creative firms
    visitors: Floats  # factor on visitors of events
    demand: Floats  # factor on project demand
    hear_spaces: Floats  # added chance a week to hear of a space
    hear_schemes: Floats  # added chance a week to hear of what one can apply for
    assistance: Floats  # divides the hassle of applying
    events: Floats  # by space: added events a week
    introductions: Floats  # by space: added pairs a week
    courses: list[Course] = field(default_factory=list)

    @classmethod
    def none(cls, regions: int, spaces: int) -> Levers:
        """Return levers that move nothing."""
        ones, zeros = (np.ones(regions) for _ in range(4)), (np.zeros(regions) for _ in range(2))
        return cls(
            next(ones), next(ones), next(ones), next(zeros), next(zeros), next(ones), np.zeros(spaces), np.zeros(spaces)
        )

    def hold_course(self, inside: bool, days: int, curriculum: tuple[str, ...]) -> NDArray[np.int64]:
        """Hold a course this week; return its places by space, or by region, none of them bought yet."""
        places = np.zeros(len(self.events) if inside else len(self.density), np.int64)
        self.courses.append(Course(inside, places, days, spread_of(curriculum)))
        return places

    def reset(self) -> None:
        """Let them move nothing again."""
        self.courses.clear()
        for factor in (self.density, self.visitors, self.demand, self.assistance):
            factor[:] = 1.0
        for added in (self.hear_spaces, self.hear_schemes, self.events, self.introductions):
            added[:] = 0.0


NO_LIMIT: Final = 2**62

NONE, APPLIED, AWARDED, IN_USE, OVER = range(5)


def code_of(name: str) -> int:
    """Return the number, under 2**30, that stands for a policy in the addresses of draws, wherever it is listed.

    >>> code_of("Vouchers") == code_of("Vouchers") != code_of("Loans")
    True
    """
    return zlib.crc32(name.encode()) & 0x3FFFFFFF


@dataclass(slots=True)
class Schemes(Record):
    """One entry per policy, and one per person and policy; money in pence, times in weeks."""

    # terms
    code: NDArray[np.int64]
    applied_for: NDArray[np.bool_]
    share: NDArray[np.float64]  # part of the fee
    amount: NDArray[np.int64]  # pence a week towards a fee, at most
    flat: NDArray[np.int64]  # pence a week for what is no fee
    hours: NDArray[np.float64]  # h/week taught outside
    spread: NDArray[np.float64]  # (K, occupations, 4) how an hour spreads over the TD skills, mean 1
    access: NDArray[np.float64]  # outside access that it gives at least
    term: NDArray[np.int64]  # weeks of support
    start: NDArray[np.int64]  # week since the opening
    end: NDArray[np.int64]  # exclusive
    budget: NDArray[np.int64]
    number: NDArray[np.int64]  # awards at most
    once: NDArray[np.bool_]  # awards are made once, at the end of a window
    means: NDArray[np.bool_]  # least income first
    window: NDArray[np.int64]  # weeks of applications
    lag: NDArray[np.int64]
    redeem: NDArray[np.int64]
    # state
    awarded: NDArray[np.int64]
    committed: NDArray[np.int64]
    spent: NDArray[np.int64]
    granted: NDArray[np.bool_]  # (K, spaces) what a space gets once, it has got
    # by person and scheme
    hassle: NDArray[np.float64]  # (n, K) standard exponential, drawn once
    aware: NDArray[np.bool_]  # (n, K)
    state: NDArray[np.int8]  # (n, K)
    award_week: NDArray[np.int32]  # (n, K)
    cost: NDArray[np.int64]  # (n, K) committed to this person
    used: NDArray[np.int64]  # (n, K) paid for this person

    @classmethod
    def of(cls, scenario: Scenario, people: int, spaces: int) -> Schemes:
        """Read the terms that all policies share; nobody has heard of them."""
        policies, count = scenario.policies, len(scenario.policies)
        shape = (people, count)
        return cls(
            code=np.array([code_of(policy.name) for policy in policies], np.int64),
            applied_for=np.zeros(count, np.bool_),
            share=np.zeros(count),
            amount=np.zeros(count, np.int64),
            flat=np.zeros(count, np.int64),
            hours=np.zeros(count),
            spread=np.zeros((count, len(OCCUPATIONS), 4)),
            access=np.zeros(count),
            term=np.array([int((policy.months or 0) * 52 / 12 + 0.5) for policy in policies], np.int64),
            start=np.array([policy.start for policy in policies], np.int64),
            end=np.array([policy.end for policy in policies], np.int64),
            budget=np.array([policy.budget for policy in policies], np.int64),
            number=np.array([NO_LIMIT if p.number is None else p.number for p in policies], np.int64),
            once=np.array([policy.window > 0 for policy in policies], np.bool_),
            means=np.array([policy.award == "means" for policy in policies], np.bool_),
            window=np.array([policy.window for policy in policies], np.int64),
            lag=np.array([policy.lag for policy in policies], np.int64),
            redeem=np.array([policy.redeem for policy in policies], np.int64),
            awarded=np.zeros(count, np.int64),
            committed=np.zeros(count, np.int64),
            spent=np.zeros(count, np.int64),
            granted=np.zeros((count, spaces), np.bool_),
            hassle=np.zeros(shape),
            aware=np.zeros(shape, np.bool_),
            state=np.zeros(shape, np.int8),
            award_week=np.zeros(shape, np.int32),
            cost=np.zeros(shape, np.int64),
            used=np.zeros(shape, np.int64),
        )

    def __len__(self) -> int:
        """Return the number of policies."""
        return len(self.share)
