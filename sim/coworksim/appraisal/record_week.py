"""How a week of a world is added to its record, person by person (``coworksim.appraisal.pairs``)."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, Integers, kernel
from coworksim.model.state.people import SPACE_RESOURCE, SPACE_SOCIAL, Population
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, Schemes

#: What is summed by person over weeks: skill in shares of the frontier, money in pence, hours; ``_now``: discounted.
SUMS: Final = (
    "weeks", "td", "sc", "td_space", "sc_space", "earned", "earned_now", "outside_hours", "course_hours",
    "encounter_hours", "encounter_hours_now",
)  # fmt: skip  # a list of names
#: How far a person comes with a scheme, in this order.
STAGES: Final = ("eligible", "heard", "wished", "applied", "awarded", "used")
type Stages = NDArray[np.int16]  # (STAGES, rows, generations) week, -1 never

#: What is summed by week over people.
WEEKLY: Final = ("members", "supported", "support", "td", "sc", "td_space", "sc_space", "partners", "encounters")


class LastWeek(NamedTuple):
    """Columns that count up, as they stood a week ago, and whose they were; a newcomer's begin at 0."""

    key: NDArray[np.uint32]
    earned: Integers
    supported: Integers
    outside_hours: Floats
    partners: NDArray[np.int32]
    encounters: NDArray[np.int32]

    @classmethod
    def of(cls, w: Population, supported: Integers) -> "LastWeek":
        """Copy the columns."""
        money, met = (w.earned.copy(), supported.copy()), (w.partners_new.copy(), w.encounters.copy())
        return cls(w.key.copy(), *money, w.outside_hours_total.copy(), *met)


@kernel
def add_people(
    w: Population,
    supported: Integers,
    last: LastWeek,
    generation: Integers,
    discount: float,
    sums: Floats,
    skill: Floats,
    support: NDArray[np.int32],
) -> tuple[int, int, int, int, int]:
    """Add the week to the sums of persons (row, generation, SUMS), and remember it as the last one.

    ``skill`` takes td, sc, td_space and sc_space by row, and ``support`` what was paid for each. Returns members,
    people supported, support, partners and encounters.
    """
    members, people, paid, partners, encounters = 0, 0, 0, 0, 0
    for i in range(len(w.key)):
        same = w.key[i] == last.key[i]
        earned = w.earned[i] - (last.earned[i] if same else 0)
        support_now = supported[i] - (last.supported[i] if same else 0)
        outside = w.outside_hours_total[i] - (last.outside_hours[i] if same else 0.0)
        partners += w.partners_new[i] - (last.partners[i] if same else 0)
        encounters += w.encounters[i] - (last.encounters[i] if same else 0)
        last.key[i], last.earned[i], last.supported[i] = w.key[i], w.earned[i], supported[i]
        last.outside_hours[i], last.partners[i] = w.outside_hours_total[i], w.partners_new[i]
        last.encounters[i] = w.encounters[i]
        for family in range(2):  # 0 is TD here
            start = 4 - 4 * family
            total = w.skill[i, start] + w.skill[i, start + 1] + w.skill[i, start + 2] + w.skill[i, start + 3]
            skill[family, i] = total / 4.0
            skill[2 + family, i] = w.gain[i, 1 - family, SPACE_SOCIAL] + w.gain[i, 1 - family, SPACE_RESOURCE]
        mine = sums[i, generation[i]]
        mine[0] += 1.0
        for k in range(4):
            mine[1 + k] += skill[k, i]
        mine[5] += earned
        mine[6] += earned * discount
        mine[7] += outside
        mine[8] += w.lessons[i]
        mine[9] += w.encounter_hours[i]
        mine[10] += w.encounter_hours[i] * discount
        support[i] = support_now
        members += 1 if w.member_of[i] >= 0 else 0
        people += 1 if support_now != 0 else 0
        paid += support_now
    return members, people, paid, partners, encounters


@kernel
def add_stages(schemes: Schemes, first: int, at: int, generation: Integers, marked: Flags, stages: Stages) -> None:
    """Note the first week in which each person (row, generation) came so far with any scheme from ``first`` on.

    ``marked`` are those who meet every condition this week; whoever joined in the very week is a member by its end, so
    whoever has an award could have it. Each stage counts for those alone who were at the one before it.
    """
    for i in range(len(marked)):
        g, reached = generation[i], 1 if marked[i] else 0
        for k in range(first, schemes.state.shape[1]):
            state = schemes.state[i, k]
            if state == IN_USE or schemes.used[i, k] > 0:
                reached = 6
            elif state == AWARDED:
                reached = max(reached, 5)
            elif state == APPLIED:
                reached = max(reached, 4)
            elif schemes.wished[i, k] and stages[0, i, g] >= 0:
                reached = max(reached, 3)
            elif schemes.aware[i, k] and (marked[i] or stages[0, i, g] >= 0):
                reached = max(reached, 2)
        for stage in range(reached):
            if stages[stage, i, g] < 0:
                stages[stage, i, g] = at
