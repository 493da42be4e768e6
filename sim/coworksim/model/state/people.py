"""Workers as columns: one row per person, one array per attribute.

Rows are storage and may be reused; ``key`` is identity. Skills are kept in shares of the frontier at the start, so
that a skill point is 0.01 of that.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, Record, Rows, kernel

#: Where a change of skill comes from. All of them add up to the change; ``decay`` is the loss.
CHANNELS: Final = ("own", "outside", "firm", "employer", "space_social", "space_resource", "decay")
OWN, OUTSIDE, FIRM, EMPLOYER, SPACE_SOCIAL, SPACE_RESOURCE, DECAY = range(7)
#: Families of skills, the second index of ``gain``.
FAMILIES: Final = ("sc", "td")
FREELANCER, OWNER, NOMAD, EMPLOYEE, REMOTE = range(5)
#: Plans of membership.
PLANS: Final = ("day", "hot", "dedicated")
DAY, HOT, DEDICATED = range(3)
#: Spaces that a person considers at most.
SLOTS: Final = 8
#: A worker's key: region (10 bits), ordinal of the place in the region (16), generation of the place (6).
ORDINAL_BITS, GENERATION_BITS = 16, 6


def column(dtype: type, *shape: int, fill: float = 0) -> Any:
    """Declare a column: one entry of ``dtype`` and ``shape`` per row, ``fill`` when a place is empty."""
    return field(metadata={"dtype": dtype, "shape": shape, "fill": fill})


def blank[R: Record](record: Callable[..., R], n: int, **others: Any) -> R:
    """Return a record of n empty entries in each column but those given, which have lengths of their own.

    A column of nothing takes no memory until something is written to it.
    """
    columns = {one.name: one.metadata for one in fields(cast(Any, record)) if one.metadata and one.name not in others}
    made = {name: np.zeros((n, *of["shape"]), of["dtype"]) for name, of in columns.items()}
    for name, of in columns.items():
        if of["fill"]:
            made[name][:] = of["fill"]
    return record(**made, **others)


def alike(columns: Iterable[Field[Any]]) -> list[tuple[int, tuple[str, ...]]]:
    """Return columns by type: what an empty place holds, and the names of those that share it."""

    def kind(column: Field[Any]) -> tuple[str, int]:
        return np.dtype(column.metadata["dtype"]).str, column.metadata["fill"]

    groups = itertools.groupby(sorted(columns, key=kind), key=kind)
    return [(fill, tuple(column.name for column in group)) for (_, fill), group in groups]


@kernel
def empty_rows(rows: Integers, fill: float, columns: tuple[NDArray[Any], ...]) -> None:
    """Empty the rows of columns of one type, each with an entry or more a row, in one call.

    A column in which nothing has ever been written takes no memory: what is empty already is left alone.
    """
    for column in columns:
        for i in rows:
            for k in range(column.shape[1]):
                if column[i, k] != fill:
                    column[i, k] = fill


@dataclass(slots=True)
class Population(Record):
    """The columns; all have one entry per row, that is per place: a newcomer takes the row of the person who left."""

    key: NDArray[np.uint32] = column(np.uint32)  # entity key, fixed by origin
    region: Rows = column(np.int32)  # index of the home region
    entered: Rows = column(np.int32)  # week in which the person came
    status: NDArray[np.int8] = column(np.int8)  # index into STATUSES
    occupation: NDArray[np.int8] = column(np.int8)  # index into OCCUPATIONS
    career_start: Floats = column(np.float64)  # years of career on coming
    career_end: Floats = column(np.float64)  # years of career at which it ends
    sociability: Floats = column(np.float64)  # factor, mean 1
    learning_hours: Floats = column(np.float64)  # h/week, budget of learning time
    days: NDArray[np.int8] = column(np.int8)  # preferred days a week in a space
    taste: Floats = column(np.float64)  # utility, lasting taste for coworking
    earning_power: Floats = column(np.float64)  # factor, median 1
    offers: Floats = column(np.float64)  # factor on courses that come along, mean 1
    sponsor: Floats = column(np.float64)  # part of a membership that the employer pays
    look: Rows = column(np.int32)  # week of the last look at membership; the wish of that week lives on
    last_member: Rows = column(np.int32, fill=-100_000)  # last week as a member
    home: Floats = column(np.float64, 2)  # km, place in the region
    seat: Floats = column(np.float64, 2)  # place in a space as a share of the floor's side
    candidate: Rows = column(np.int32, SLOTS, fill=-1)  # spaces considered, in order of ordinal
    aware: NDArray[np.uint8] = column(np.uint8)  # bit c: has heard of the space in slot c
    tools: Flags = column(np.bool_)  # uses the new tools
    cluster: Flags = column(np.bool_)  # works in a microcluster of the region
    skill: Floats = column(np.float64, 8)  # share of the frontier at the start
    skill_at_opening: Floats = column(np.float64, 8)  # the same at the start, or on coming later
    income: Floats = column(np.float64)  # GBP/week, smoothed
    work: Floats = column(np.float64)  # workload relative to normal, smoothed
    outside_contacts: Floats = column(np.float64)  # fresh contacts outside
    member_of: Rows = column(np.int32, fill=-1)  # row of the space, -1 for none
    plan: NDArray[np.int8] = column(np.int8, fill=-1)  # index into PLANS, -1 for none
    tenure: NDArray[np.int32] = column(np.int32)  # weeks of the present spell
    member_weeks: NDArray[np.int32] = column(np.int32)  # weeks of membership
    days_present: NDArray[np.int8] = column(np.int8)  # days in a space this week
    day_mask: NDArray[np.int8] = column(np.int8)  # bit d: present on day d
    days_total: NDArray[np.int32] = column(np.int32)  # days in a space
    encounters: NDArray[np.int32] = column(np.int32)  # encounters in spaces
    outside_met: NDArray[np.int32] = column(np.int32)  # encounters with contacts outside and colleagues
    encounter_hours: Floats = column(np.float64)  # h spent on encounters in a space this week
    partners_new: NDArray[np.int32] = column(np.int32)  # first-time partners in spaces
    inside_hours: Floats = column(np.float64)  # h of shared equipment used this week
    inside_hours_total: Floats = column(np.float64)  # h of shared equipment
    training_hours: Floats = column(np.float64)  # h of training in a space this week
    training_hours_total: Floats = column(np.float64)  # h of training in a space
    outside_hours_total: Floats = column(np.float64)  # h learnt outside
    lessons: Floats = column(np.float64)  # h of a course this week, from an employer or bought
    lessons_total: Floats = column(np.float64)  # h of courses
    loan_access: Floats = column(np.float64)  # outside access that equipment on loan gives at least
    taught: Floats = column(np.float64, 4)  # h taught outside this week that are paid for, by TD skill (mean: hours)
    course: Floats = column(np.float64, 2, 4)  # h in places bought inside and outside this week, by TD skill
    waiting: NDArray[np.int32] = column(np.int32)  # training places wanted in vain since the last one
    week_gain: Floats = column(np.float64)  # gained in the space this week, sum over skills
    recent_gain: Floats = column(np.float64)  # skill points a quarter gained in the space, smoothed
    gain: Floats = column(np.float64, 2, 7)  # (families, channels), mean of the family, share of frontier
    earned: Integers = column(np.int64)  # pence
    fees: Integers = column(np.int64)  # pence paid for membership out of the own pocket
    supported: Integers = column(np.int64)  # pence of membership paid by schemes
    lead: NDArray[np.uint32] = column(np.uint32)  # key of who leads the team, one's own without one
    group: Rows = column(np.int32, fill=-1)  # 8 * row of its space + place there, -1 for none

    @classmethod
    def empty(cls, n: int) -> Population:
        """Return n empty places."""
        return blank(cls, n)

    def __len__(self) -> int:
        return len(self.key)
