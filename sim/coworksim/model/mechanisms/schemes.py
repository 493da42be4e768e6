"""Schemes: who gets what policies offer while the budget lasts, and what awards bring.

Who applies decides so at a look at membership (:mod:`.helpers.applications`). Awards are first-come (in random order
within the week; the last ones in the week after applications end, and nobody waits after that), or made once at the end
of a window: by lot, or by means, the least smoothed income first (then by lot). What is promised counts against the
budget; an award that is not begun in time, or lies unused for eight weeks, flows back, and one that was never used may
be applied for again.

Help with fees is paid with the fees (see :mod:`coworksim.model.mechanisms.membership`), what else awards buy at the
end of this phase (see :mod:`coworksim.model.mechanisms.helpers.fees`).
"""

import numpy as np

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.fees import bring, give_up
from coworksim.model.state.arithmetic import order_of
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, NONE, OVER
from coworksim.model.state.policy_state import Schemes as Awards
from coworksim.model.state.rng import SCHEME, RunKey, word
from coworksim.model.state.synthesis import training_of
from coworksim.model.state.world import World

#: Weeks without use after which an award is over.
UNUSED_WEEKS = 8


@kernel
def _expire(week: int, schemes: Awards) -> None:
    """End awards that are over, were not begun in time or lie unused, and return what they have not paid.

    What was never used may be applied for again, where awards are made every week.
    """
    for i in range(len(schemes.state)):
        for k in range(len(schemes.term)):
            if schemes.state[i, k] != AWARDED and schemes.state[i, k] != IN_USE:
                continue
            begins = schemes.award_week[i, k] + schemes.lag[k]
            never = schemes.state[i, k] == AWARDED
            late = week > (begins + schemes.redeem[k] if never else schemes.last_used[i, k] + UNUSED_WEEKS)
            if late or week >= begins + schemes.term[k]:
                give_up(i, k, schemes)
                schemes.state[i, k] = NONE if never and not schemes.once[k] else OVER


@kernel
def _award(run: RunKey, k: int, week: int, last: bool, w: Population, schemes: Awards) -> None:
    """Serve the applicants of scheme k in the order of the week's lot (then key), as far as number and budget go.

    By means, the least income comes first. Where awards are made once, whom they pass over has had his or her chance;
    a first-come applicant waits, until the last week of awards.
    """
    rows, lot, count = np.empty(len(w.key), np.int32), np.empty(len(w.key), np.uint64), 0
    for row in range(len(w.key)):
        if schemes.state[row, k] == APPLIED:
            rows[count] = row
            lot[count] = word(run, np.uint64(w.key[row]), SCHEME, week, 2 * schemes.code[k] + 1)
            count += 1
    rows = rows[order_of(lot[:count])]
    if schemes.means[k]:
        rows = rows[order_of(w.income[rows])]
    for i in rows:
        promise = schemes.cost[i, k]
        held = schemes.awarded[k] - schemes.lapsed[k]
        if held < schemes.number[k] and schemes.committed[k] + promise <= schemes.budget[k]:
            schemes.state[i, k] = AWARDED
            schemes.award_week[i, k] = week
            schemes.used[i, k] = 0
            schemes.awarded[k] += 1
            schemes.committed[k] += promise
        elif schemes.once[k]:
            schemes.state[i, k] = OVER
        elif last:
            schemes.state[i, k] = NONE


class Schemes:
    """Who gets support, and what it brings."""

    name = "schemes"
    scope = "world"

    def __init__(self, world: World) -> None:
        self._courses = training_of(world.scenario)
        self._paid = np.zeros(len(world.schemes), np.int64)

    def step(self, world: World) -> None:
        """End old awards, make new ones, and bring what they buy."""
        if not world.open or len(world.schemes) == 0:
            return
        w, schemes, since = world.workers, world.schemes, world.week - world.start
        _expire(world.week, schemes)
        for k in np.flatnonzero(schemes.applied_for).tolist():
            running = schemes.start[k] <= since < schemes.end[k]
            closes = int(schemes.start[k] + schemes.window[k])
            last = since == schemes.end[k]
            if since == closes if schemes.once[k] else running or last:
                _award(world.run, k, world.week, bool(last), w, schemes)
        bring(world, self._courses, self._paid)
