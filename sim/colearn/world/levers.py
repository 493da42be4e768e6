"""What policies have set for this week: factors and additions that mechanisms read beside what they read anyway.

Without a policy every factor is 1, every addition 0, and no course is held. All of it is set anew each week.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.world.record import Record

__all__ = ["Course", "Levers"]

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

    def reset(self) -> None:
        """Let them move nothing again."""
        self.courses.clear()
        for factor in (self.density, self.visitors, self.demand, self.assistance):
            factor[:] = 1.0
        for added in (self.hear_spaces, self.hear_schemes, self.events, self.introductions):
            added[:] = 0.0
