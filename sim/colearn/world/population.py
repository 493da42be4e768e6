"""Workers as columns: one row per person, one array per attribute.

Rows are storage and may be reused; ``key`` is identity. Skills are kept in shares of the frontier at the start, so
that a skill point is 0.01 of that.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHANNELS", "FAMILIES", "Population"]

#: Where a change of skill comes from. All of them add up to the change; ``decay`` is the loss.
CHANNELS: Final = ("own", "outside", "employer", "space_social", "space_resource", "decay")
OWN, OUTSIDE, EMPLOYER, SPACE_SOCIAL, SPACE_RESOURCE, DECAY = range(6)
#: Families of skills, the second index of ``gain``.
FAMILIES: Final = ("sc", "td")
FREELANCER, EMPLOYEE = 0, 1

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]


@dataclass(slots=True)
class Population:
    """The columns; all have one entry per row (``skill`` and ``gain`` have further axes)."""

    key: NDArray[np.uint32]  # entity key, fixed by origin
    region: NDArray[np.int32]  # index of the home region
    status: NDArray[np.int8]  # index into STATUSES
    occupation: NDArray[np.int8]  # index into OCCUPATIONS
    career_years: Floats  # years at the start
    sociability: Floats  # factor, mean 1
    learning_hours: Floats  # h/week, budget of learning time
    days: NDArray[np.int8]  # preferred days a week in a space
    taste: Floats  # utility, lasting taste for coworking
    earning_power: Floats  # factor, median 1
    employer_hours: Floats  # h/week of employer training
    review_offset: NDArray[np.int8]  # week of eight in which membership is reviewed
    skill: Floats  # (n, 8), share of the frontier at the start
    skill_at_opening: Floats  # (n, 8), the same when spaces opened
    income: Floats  # GBP/week, smoothed
    work: Floats  # workload relative to normal, smoothed
    outside_contacts: Floats  # fresh contacts outside
    member_of: NDArray[np.int32]  # row of the space, -1 for none
    tenure: Integers  # weeks of the present spell
    member_weeks: Integers  # weeks of membership since opening
    days_present: NDArray[np.int8]  # days in a space this week
    day_mask: NDArray[np.int8]  # bit d: present on day d
    days_total: Integers  # days in a space since opening
    seat: Floats  # (n, 2), place in a space as a share of the floor's side
    inside_hours: Floats  # h of shared equipment used this week
    inside_hours_total: Floats  # h since opening
    encounters: Integers  # encounters inside since opening
    partners_new: Integers  # first-time partners inside since opening
    week_gain: Floats  # gained in the space this week, sum over skills
    recent_gain: Floats  # skill points a quarter gained in the space, smoothed
    gain: Floats  # (n, families, channels), mean of the family, share of frontier, since opening
    earned: Integers  # pence since the start
    fees: Integers  # pence paid for membership since the start

    @classmethod
    def empty(cls, n: int) -> Population:
        """Return n rows of zeros (nobody a member)."""
        arrays: dict[str, Any] = {}
        small = {"key": np.uint32, "region": np.int32, "member_of": np.int32}
        eight = {"status", "occupation", "days", "review_offset", "days_present", "day_mask"}
        whole = {"tenure", "member_weeks", "days_total", "encounters", "partners_new", "earned", "fees"}
        for column in fields(cls):
            name = column.name
            kind = small.get(name, np.int8 if name in eight else np.int64 if name in whole else np.float64)
            shape: tuple[int, ...] = (n,)
            if name in ("skill", "skill_at_opening"):
                shape = (n, 8)
            elif name == "seat":
                shape = (n, 2)
            elif name == "gain":
                shape = (n, len(FAMILIES), len(CHANNELS))
            arrays[name] = np.zeros(shape, kind)
        arrays["member_of"][:] = -1
        return cls(**arrays)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.key)
