"""What policies have set for this week, and policies as they stand: who has applied, what is committed and spent.

Without a policy every factor is 1, every addition 0, and no course is held; all of it is set anew each week. The terms
of what people apply for are set by the policies themselves (``coworksim.model.policies``); those of a policy that
nobody applies for stay empty.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, Record, Rows
from coworksim.model.parameters.skills import OCCUPATIONS
from coworksim.model.scenario import Scenario
from coworksim.model.state.careers import spread_of
from coworksim.model.state.people import blank, column


class Course(NamedTuple):
    """Training places that a policy has bought for the week."""

    inside: bool  # for members of a space, else for all people of a region
    places: Integers  # by space, or by region
    days: int  # days in a space this week on which a place depends
    spread: Floats  # (occupations, 4) how an hour spreads over the TD skills, mean 1


@dataclass(slots=True)
class Levers(Record):
    """One entry per region, or per space where it says so."""

    density: Floats = column(np.float64, fill=1)  # factor on the density of creative firms
    visitors: Floats = column(np.float64, fill=1)  # factor on visitors of events
    demand: Floats = column(np.float64, fill=1)  # factor on project demand
    hear_spaces: Floats = column(np.float64)  # added chance a week to hear of a space
    hear_schemes: Floats = column(np.float64)  # added chance a week to hear of what one can apply for
    assistance: Floats = column(np.float64, fill=1)  # divides the hassle of applying
    events: Floats = column(np.float64)  # by space: added events a week
    groups: Floats = column(np.float64)  # by space: added gatherings a week to found a group
    courses: list[Course] = field(default_factory=list)

    @classmethod
    def none(cls, regions: int, spaces: int) -> Levers:
        """Return levers that move nothing."""
        by_space = {name: np.zeros(spaces) for name in ("events", "groups")}
        return blank(cls, regions, **by_space)

    def hold_course(self, inside: bool, days: int, curriculum: tuple[str, ...]) -> Integers:
        """Hold a course this week; return its places by space, or by region, none of them bought yet."""
        places = np.zeros(len(self.events) if inside else len(self.density), np.int64)
        self.courses.append(Course(inside, places, days, spread_of(curriculum)))
        return places

    def reset(self) -> None:
        """Let them move nothing again."""
        self.courses.clear()
        for factor in (self.density, self.visitors, self.demand, self.assistance):
            factor[:] = 1.0
        for added in (self.hear_spaces, self.hear_schemes, self.events, self.groups):
            added[:] = 0.0


NO_LIMIT: Final = 2**62
#: Columns of schemes with an entry per person and scheme.
BY_PERSON: Final = ("hassle", "aware", "wished", "state", "award_week", "cost", "used", "last_used")

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
    code: Integers = column(np.int64)
    applied_for: Flags = column(np.bool_)
    share: Floats = column(np.float64)  # part of the fee
    amount: Integers = column(np.int64)  # pence a week towards a fee, at most
    flat: Integers = column(np.int64)  # pence a week for what is no fee
    hours: Floats = column(np.float64)  # h/week taught outside
    spread: Floats = column(np.float64, len(OCCUPATIONS), 4)  # (occupations, 4) of an hour over the TD skills, mean 1
    access: Floats = column(np.float64)  # outside access that it gives at least
    term: Integers = column(np.int64)  # weeks of support
    start: Integers = column(np.int64)  # week since the start
    end: Integers = column(np.int64)  # exclusive
    budget: Integers = column(np.int64)
    number: Integers = column(np.int64)  # awards at most
    once: Flags = column(np.bool_)  # awards are made once, at the end of a window
    means: Flags = column(np.bool_)  # least income first
    outside: Flags = column(np.bool_)  # is for non-members, who wait for it outside
    through_spaces: Flags = column(np.bool_)  # spaces tell those who look at them
    window: Integers = column(np.int64)  # weeks of applications
    lag: Integers = column(np.int64)
    redeem: Integers = column(np.int64)
    # state
    awarded: Integers = column(np.int64)
    lapsed: Integers = column(np.int64)  # of these, never used and given up
    committed: Integers = column(np.int64)
    spent: Integers = column(np.int64)
    granted: Integers = column(
        np.int64
    )  # (K, spaces) ordinal + 1 of the space of that row that has got what one gets once
    # by person and scheme
    hassle: Floats = column(np.float64)  # (n, K) standard exponential, drawn once
    aware: Flags = column(np.bool_)  # (n, K)
    wished: Flags = column(np.bool_)  # (n, K) it would have been worth something, hassle apart, at some look
    state: NDArray[np.int8] = column(np.int8)  # (n, K)
    award_week: Rows = column(np.int32)  # (n, K)
    cost: Integers = column(np.int64)  # (n, K) committed to this person
    used: Integers = column(np.int64)  # (n, K) paid for this person
    last_used: Rows = column(np.int32)  # (n, K) week in which it last paid

    @classmethod
    def of(cls, scenario: Scenario, people: int, spaces: int) -> Schemes:
        """Read the terms that all policies share; nobody has heard of them."""
        policies = scenario.policies
        schemes = blank(cls, len(policies), granted=np.zeros((len(policies), spaces), np.int64))
        for name in BY_PERSON:
            setattr(schemes, name, np.zeros((people, len(policies)), getattr(schemes, name).dtype))
        for name in ("start", "end", "budget", "window", "lag", "redeem"):
            getattr(schemes, name)[:] = [getattr(policy, name) for policy in policies]
        schemes.code[:] = [code_of(policy.name) for policy in policies]
        schemes.term[:] = [int((policy.months or 0) * 52 / 12 + 0.5) for policy in policies]
        schemes.number[:] = [NO_LIMIT if policy.number is None else policy.number for policy in policies]
        schemes.once[:] = [policy.window > 0 for policy in policies]
        schemes.means[:] = [policy.award == "means" for policy in policies]
        schemes.outside[:] = [policy.eligible.non_members for policy in policies]
        schemes.through_spaces[:] = [policy.through_spaces for policy in policies]
        return schemes

    def __len__(self) -> int:
        return len(self.share)
