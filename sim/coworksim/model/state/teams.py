"""Teams: people who wish for membership together, and sit at one table.

Owners with staff, and employees whose employer pays a part of a membership, can be in a team. In each region, in the
order of places, such a person starts a team with chance ``1/size``, by a number that is his or hers for life; everybody
else of them belongs to the team of the nearest such person before who started one. So sizes are geometric with mean
``size``, and of 1 nobody is in a team. Teams are worked out anew after people have come, gone and changed status.

By the key of the person who leads, who started it, a team looks at membership in the same weeks and draws the same
numbers; his or her lasting taste is that of all. Price, distance, ties, support and what people have heard of stay
everybody's own.
"""

import numpy as np

from coworksim.model.kernels import kernel, rule
from coworksim.model.state.people import EMPLOYEE, GENERATION_BITS, OWNER, Population
from coworksim.model.state.rng import TEAMS, RunKey, remembered, uniform


@rule
def can_be_in_team(status: int, sponsor: float) -> bool:
    """Return whether a person can be in a team: an owner, or an employee with a sponsor."""
    return status == OWNER or (status >= EMPLOYEE and sponsor > 0.0)


@kernel
def form_teams(run: RunKey, size: float, w: Population) -> None:
    """Write down the key of who leads each person's team, one's own for who leads or is in none."""
    lead, region = w.key[0], -1
    for i in range(len(w.key)):
        if not can_be_in_team(w.status[i], w.sponsor[i]):
            w.lead[i] = w.key[i]
            continue
        if w.region[i] != region or uniform(remembered(run, np.uint64(w.key[i]), TEAMS, 0, 0)) < 1.0 / size:
            lead, region = w.key[i], w.region[i]
        w.lead[i] = lead


@rule
def row_of_lead(i: int, w: Population) -> int:
    """Return the row of who leads the team of row i: both are of one region, where keys follow places."""
    return int(i + (np.int64(w.lead[i]) >> GENERATION_BITS) - (np.int64(w.key[i]) >> GENERATION_BITS))


@rule
def team_taste(i: int, w: Population) -> float:
    """Return the lasting taste for coworking that row i decides by: that of who leads."""
    return float(w.taste[row_of_lead(i, w)])
