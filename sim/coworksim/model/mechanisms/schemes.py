"""Schemes: who applies for what policies offer, who gets an award while the budget lasts, and what awards bring.

A person who is eligible and has heard of a scheme applies when its worth exceeds the hassle: exponential, drawn once
per person and scheme, heavier early in a career, and divided by the assistance of campaigns. The worth is what the
scheme pays over its whole term: support of fees as for a hot desk in the nearest open space, and what else it buys a
week. Awards are first-come (in random order within the week), or made once at the end of a window: by lot, or by
means, the least smoothed income first (then by lot). What is promised counts against the budget; an award that is not
used in time, or not used up, flows back.

Help with fees is paid with the fees (see :mod:`coworksim.model.mechanisms.membership`), what else awards buy at the
end of this phase (see :mod:`coworksim.model.mechanisms.helpers.fees`).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, kernel, rule
from coworksim.model.mechanisms.helpers.fees import bring, support, weekly_fee
from coworksim.model.mechanisms.turnover import career
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.parameters.week import SchemesParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import order_of
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE, NONE, OVER
from coworksim.model.state.policy_state import Schemes as Awards
from coworksim.model.state.rng import SCHEME, RunKey, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.world import World


class Conditions(NamedTuple):
    """Who may apply for one scheme."""

    career_from: float
    career_below: float
    income_below: float
    non_members: bool
    occupations: Flags
    statuses: Flags
    regions: Flags


@rule
def eligible(
    region: int, occupation: int, status: int, years: float, income: float, member: bool, conditions: Conditions
) -> bool:
    """Return whether a person meets every condition of a scheme.

    ``career_from <= years < career_below``, ``income < income_below``, occupation, status and region among those named,
    and no member where the scheme is for others.
    """
    return (
        conditions.career_from <= years < conditions.career_below
        and income < conditions.income_below
        and not (member and conditions.non_members)
        and conditions.occupations[occupation]
        and conditions.statuses[status]
        and conditions.regions[region]
    )


@rule
def applies(benefit: float, hassle: float, years: float, p: Parameters) -> bool:
    """Return whether a benefit is worth the hassle: ``benefit > h*(1 + early*exp(-years/5))*hassle_i``.

    The benefit is in GBP over the term, ``hassle_i`` has mean 1.
    """
    return benefit > p.hassle * (1.0 + p.early_hassle * math.exp(-years / 5.0)) * hassle


@rule
def cost_of_award(i: int, k: int, w: Population, spaces: Spaces, schemes: Awards) -> int:
    """Return what scheme k would pay for person i over its term, with a hot desk in the nearest open space, pence.

    That is ``(min(share*fee, amount) + flat)*term``; no open space means ``fee = 0``.
    """
    nearest = -1
    for c in range(SLOTS):
        s = w.candidate[i, c]
        if s >= 0 and spaces.open[s] and (nearest < 0 or w.distance[i, c] < w.distance[i, nearest]):
            nearest = c
    fee = weekly_fee(spaces.price[w.candidate[i, nearest]]) if nearest >= 0 else 0
    return int((support(fee, fee, schemes.share[k], schemes.amount[k], fee) + schemes.flat[k]) * schemes.term[k])


@kernel
def _expire(week: int, schemes: Awards) -> None:
    """End awards that are over, or were not used in time, and return what they have not paid."""
    for i in range(len(schemes.state)):
        for k in range(len(schemes.term)):
            begins = schemes.award_week[i, k] + schemes.lag[k]
            unused = schemes.state[i, k] == AWARDED and week > begins + schemes.redeem[k]
            if unused or (schemes.state[i, k] in (AWARDED, IN_USE) and week >= begins + schemes.term[k]):
                schemes.state[i, k] = OVER
                schemes.committed[k] -= schemes.cost[i, k] - schemes.used[i, k]


@kernel
def _apply(
    k: int, week: int, w: Population, spaces: Spaces, schemes: Awards, helped: Floats, who: Conditions, p: Parameters
) -> None:
    """Let those apply for scheme k who know of it, may, and find it worth the hassle."""
    for i in range(len(schemes.state)):
        if schemes.state[i, k] != NONE or not schemes.aware[i, k]:
            continue
        years = career(w.career_start[i], w.entered[i], week)
        if eligible(w.region[i], w.occupation[i], w.status[i], years, w.income[i], w.member_of[i] >= 0, who):
            cost = cost_of_award(i, k, w, spaces, schemes)
            if applies(cost / 100.0, schemes.hassle[i, k] / helped[w.region[i]], years, p):
                schemes.state[i, k] = APPLIED


@kernel
def _award(run: RunKey, k: int, week: int, w: Population, spaces: Spaces, schemes: Awards) -> None:
    """Serve the applicants of scheme k in the order of the week's lot (then key), as far as number and budget go.

    By means, the least income comes first. Where awards are made once, whom they pass over has had his or her chance;
    a first-come applicant waits.
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
        promise = cost_of_award(int(i), k, w, spaces, schemes)
        if schemes.awarded[k] < schemes.number[k] and schemes.committed[k] + promise <= schemes.budget[k]:
            schemes.state[i, k] = AWARDED
            schemes.award_week[i, k] = week
            schemes.cost[i, k] = promise
            schemes.awarded[k] += 1
            schemes.committed[k] += promise
        elif schemes.once[k]:
            schemes.state[i, k] = OVER


def _among(names: Sequence[str], known: Sequence[str]) -> Flags:
    """Return which of the known names are named; all when none is."""
    return np.array([not names or name in names for name in known])


def conditions_of(world: World) -> list[Conditions]:
    """Return who may apply for each scheme."""
    return [
        Conditions(
            career_from=-math.inf if who.career_from is None else float(who.career_from),
            career_below=math.inf if who.career_below is None else float(who.career_below),
            income_below=math.inf if who.income_below is None else float(who.income_below),
            non_members=who.non_members,
            occupations=_among(who.occupations, OCCUPATIONS),
            statuses=_among(who.statuses, STATUSES),
            regions=np.array([who.includes(region.name, region.flag) for region in world.scenario.regions]),
        )
        for who in (policy.eligible for policy in world.scenario.policies)
    ]


class Schemes:
    """Who applies for support, and who gets it."""

    name = "schemes"
    scope = "world"

    def __init__(self, world: World) -> None:
        self._p = read(world.scenario, Parameters)
        self._conditions = conditions_of(world)
        self._paid = np.zeros(len(world.schemes), np.int64)

    def step(self, world: World) -> None:
        """End old awards, take applications, make new awards, and bring what awards buy."""
        if not world.open or len(world.schemes) == 0:
            return
        w, spaces, schemes, since = world.workers, world.spaces, world.schemes, world.week - world.opening
        _expire(world.week, schemes)
        for k in np.flatnonzero(schemes.applied_for).tolist():
            running = schemes.start[k] <= since < schemes.end[k]
            closes = int(schemes.start[k] + schemes.window[k]) - 1
            if running and (not schemes.once[k] or since <= closes):
                _apply(k, world.week, w, spaces, schemes, world.levers.assistance, self._conditions[k], self._p)
            if since == closes if schemes.once[k] else running:
                _award(world.run, k, world.week, w, spaces, schemes)
        bring(world, self._paid)
