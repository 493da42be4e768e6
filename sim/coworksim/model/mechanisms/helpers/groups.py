"""Groups: circles of people of a space that meet every second week, without help from anybody.

A space holds a gathering to found a group in a week in which a Poisson number is above 0, of mean ``founding*12/52``
and what hours of community managers add. Invited are members who are present this week and in no group; each comes with
chance ``min(1, p*soc/7)``, as it is on one evening of seven. Three or more found a group, while one of the eight places
for groups of the space is free.

From two weeks later on the group meets every second week in its space. Those of it want to come with chance ``1/(1 +
exp(1 - min(3, t)))``, where ``t`` is how many of the group they know, and need an evening (:mod:`.evenings`). Nobody
joins a group later. Whoever leaves the space stays in the group. A group ends when fewer than three have come four
times in a row, or when its space closes. Nobody pays.
"""

from typing import Final

import numpy as np

from coworksim.model.kernels import Rows, kernel, rule
from coworksim.model.mechanisms.helpers.contacts import Contacts
from coworksim.model.mechanisms.helpers.gatherings import meet
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.state.arithmetic import logistic
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.rng import EVENT, EVENT_COUNT, RunKey, poisson, uniform, word
from coworksim.model.state.spaces import GROUPS, Spaces
from coworksim.model.state.ties import NOBODY, Ties

#: Indices of draws, above those of the events of every space: the meeting of a group, its founding, who wants to come.
MEETING: Final = 2**30 + 1
FOUNDING: Final = 2**30 + 2
WANTS: Final = 2**30 + 3
#: People at a meeting, and at a founding, at least; meetings in a row with fewer after which a group ends.
FEWEST: Final = 3
WEAK: Final = 4
#: A gathering is on one of them.
EVENINGS_A_WEEK: Final = 7.0


@rule
def meets(since: int, week: int) -> bool:
    """Return whether a group founded in week ``since`` (-1: none) meets: every second week, from two weeks later on.

    >>> [meets(4, week) for week in range(4, 9)], meets(-1, 5)
    ([False, False, True, False, True], False)
    """
    return since >= 0 and week > since and (week - since) % 2 == 0


@rule
def wants_to_come(known: int, u: float) -> bool:
    """Return whether a person wants to come who knows so many of the group: ``u < 1/(1 + exp(1 - min(3, t)))``.

    >>> [wants_to_come(known, 0.5) for known in range(3)], wants_to_come(9, 0.88), wants_to_come(9, 0.89)
    ([False, False, True], True, False)
    """
    return u < logistic(min(3.0, known) - 1.0)


@kernel
def has_meeting(run: RunKey, week: int, i: int, w: Population, spaces: Spaces, ties: Ties) -> bool:
    """Return whether the group of row i meets this week, and he or she wants to come."""
    g = w.group[i]
    if g < 0 or not meets(spaces.group_since[g // GROUPS, g % GROUPS], week):
        return False
    known = 0
    for a in range(ties.indptr[i], ties.indptr[i + 1]):
        j = ties.indices[a]
        known += j != NOBODY and w.group[j] == g
    return wants_to_come(known, uniform(word(run, np.uint64(w.key[i]), EVENT, week, WANTS)))


@kernel
def hold_meeting(
    run: RunKey, week: int, s: int, group: int, came: Rows, w: Population, spaces: Spaces, p: Parameters, met: Contacts
) -> Contacts:
    """Let those of a group who came meet; the group ends where they have been too few too often."""
    weak = spaces.group_weak[s, group] + 1 if len(came) < FEWEST else 0
    spaces.group_weak[s, group] = weak
    if weak >= WEAK:
        spaces.group_since[s, group] = -1
    return meet(run, week, MEETING, came, s, w, p, met)


@kernel
def forget_ended(w: Population, spaces: Spaces) -> None:
    """Let nobody be in a group that has ended."""
    for i in range(len(w.group)):
        g = w.group[i]
        if g >= 0 and spaces.group_since[g // GROUPS, g % GROUPS] < 0:
            w.group[i] = -1


@kernel
def found_groups(
    run: RunKey, week: int, w: Population, spaces: Spaces, levers: Levers, p: Parameters, met: Contacts
) -> Contacts:
    """Hold the week's gatherings to found groups, and draw who meets whom there."""
    for s in range(spaces.span[0], spaces.span[1]):
        mean = p.founding * 12.0 / 52.0 + levers.groups[s]
        if not spaces.open[s] or poisson(mean, uniform(word(run, np.uint64(spaces.key[s]), EVENT_COUNT, week, 2))) == 0:
            continue
        members = spaces.member[spaces.member_start[s] : spaces.member_start[s + 1]]
        came, count = np.empty(len(members), np.int32), 0
        for i in members:
            if w.days_present[i] > 0 and w.group[i] < 0:
                u = uniform(word(run, np.uint64(w.key[i]), EVENT, week, FOUNDING))
                if u < min(1.0, p.event_share * w.sociability[i] / EVENINGS_A_WEEK):
                    came[count] = i
                    count += 1
        free = 0
        while free < GROUPS and spaces.group_since[s, free] >= 0:
            free += 1
        if count >= FEWEST and free < GROUPS:
            spaces.group_since[s, free], spaces.group_weak[s, free] = week, 0
            for a in range(count):
                w.group[came[a]] = GROUPS * s + free
        met = meet(run, week, FOUNDING, came[:count], s, w, p, met)
    return met
