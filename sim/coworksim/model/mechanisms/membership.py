"""Membership: who joins, stays in or leaves a coworking space, on which plan, and who pays.

A person looks at membership in a week with chance ``season/R``. While something that he or she has applied for is
on its way, the chance is ``season/W``, since plans change while people wait. At a look, one alternative is chosen: to
stay outside, or one of three plans of each open space that the person considers and has heard of. The highest ``V``
(:mod:`.helpers.offers`) plus Gumbel number wins; staying outside has ``V = 0``. The Gumbel numbers are drawn at a look
and stand for a wish, which lasts until the next one. When help with fees begins, its holder decides again, by the same
wish. Whoever waits for an award that is for non-members stays outside until it begins. A team looks and draws by the
key of who leads it, with his or her lasting taste (:mod:`coworksim.model.state.teams`).
"""

import math

import numpy as np

from coworksim.model.kernels import Floats, Integers, kernel
from coworksim.model.mechanisms.helpers.applications import Applications
from coworksim.model.mechanisms.helpers.fees import pay
from coworksim.model.mechanisms.helpers.offers import (
    Known,
    Offer,
    look_around,
    membership_value,
    of_spaces,
    offer_of,
    outside_wish,
    room,
    utility_of_a_pound,
    value_offers,
    wish_for,
)
from coworksim.model.mechanisms.helpers.reference_region import solved
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import EMPLOYEE, PLANS, SLOTS, Population
from coworksim.model.state.policy_state import APPLIED, AWARDED, Schemes
from coworksim.model.state.rng import MEMBERSHIP, RunKey, remembered, uniform
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.teams import team_taste
from coworksim.model.state.world import World

#: Index of the draw whether a person looks, above those of the plans of every space.
LOOK = 2**30


@kernel
def _due(
    run: RunKey,
    week: int,
    season: float,
    review_weeks: float,
    intent_weeks: float,
    w: Population,
    schemes: Schemes,
    due: Integers,
) -> int:
    """List who decides this week, and note who looks afresh; return how many there are.

    In the week in which an award begins, its holder decides by the wish of the last look.
    """
    count = 0
    for i in range(len(w.look)):
        begins, waits = False, False
        for k in range(len(schemes.share)):
            if schemes.state[i, k] == AWARDED:
                begin = schemes.award_week[i, k] + schemes.lag[k]
                begins |= week == begin and schemes.flat[k] == 0
                waits |= week < begin
            waits |= schemes.state[i, k] == APPLIED
        if not begins:
            u = uniform(remembered(run, np.uint64(w.lead[i]), MEMBERSHIP, week, LOOK))
            if u >= season / (intent_weeks if waits else review_weeks):
                continue
            w.look[i] = week
        due[count] = i
        count += 1
    return count


@kernel
def stays_outside(i: int, week: int, schemes: Schemes) -> bool:
    """Return whether a person waits for an award that is for non-members."""
    for k in range(len(schemes.share)):
        if schemes.outside[k] and (
            schemes.state[i, k] == APPLIED
            or (schemes.state[i, k] == AWARDED and week < schemes.award_week[i, k] + schemes.lag[k])
        ):
            return True
    return False


@kernel
def _choose(
    run: RunKey,
    week: int,
    p: Parameters,
    due: Integers,
    w: Population,
    spaces: Spaces,
    schemes: Schemes,
    value: Floats,
) -> None:
    """Choose by Gumbel-max between staying outside and what is on offer, by the numbers of the last look."""
    for a in range(len(due)):
        i = due[a]
        best = outside_wish(run, w.lead[i], w.look[i])
        chosen = -1
        if not stays_outside(i, week, schemes):
            shared = of_spaces(run, w.lead[i], w.look[i], p)
            for b in range(3 * SLOTS):
                if math.isnan(value[a, b]):
                    continue
                space = spaces.ordinal[w.candidate[i, b // 3]]
                score = value[a, b] + (shared + wish_for(run, w.lead[i], w.look[i], space, b % 3, p))
                if score > best:
                    best = score
                    chosen = b
        s = w.candidate[i, chosen // 3] if chosen >= 0 else -1
        if s != w.member_of[i]:
            w.tenure[i] = 0
        w.member_of[i] = s
        w.plan[i] = chosen % 3 if chosen >= 0 else -1


class Membership:
    """Who joins, stays or leaves, on which plan, and who pays."""

    name = "membership"
    scope = "region"

    def __init__(self, world: World) -> None:
        spaces, schemes = world.spaces, world.schemes
        self.parameters = solved(read(world.scenario, Parameters))
        self._applications = Applications(world, self.parameters)
        self._fee, self._crowd = np.zeros((len(spaces), len(PLANS)), np.int64), np.zeros(len(spaces))
        self._due = np.zeros(len(world.workers), np.int64)
        self._paid = np.zeros((len(spaces), 2 + len(schemes)), np.int64)
        self._purposes = ["membership", "sponsorship", *(f"support:{one.name}" for one in world.scenario.policies)]

    def offers(self, world: World, row: int) -> list[tuple[int, int, Offer]]:
        """Return what one person has heard of and can choose: row of the space, plan, offer."""
        return self._offers(world, row, self._look_around(world, np.array([row], np.int64)), 0)

    def _offers(self, world: World, row: int, known: Known, a: int) -> list[tuple[int, int, Offer]]:
        w = world.workers
        pound = utility_of_a_pound(float(w.income[row]), self.parameters)
        return [
            (s, plan, offer_of(a, c, plan, row, pound, known, w))
            for c, s in enumerate(w.candidate[row].tolist())
            for plan in range(len(PLANS))
            if known.price[a, c, plan] >= 0
        ]

    def due(self, world: World) -> Integers:
        """Return the rows of those who decide this week, and note who looks afresh; asked again, it says the same."""
        p, w = self.parameters, world.workers
        waits, season = self._applications.intent_weeks, world.season
        return self._due[: _due(world.run, world.week, season, p.review_weeks, waits, w, world.schemes, self._due)]

    def value(self, world: World, row: int, offer: Offer) -> float:
        """Return the utility of one alternative to a person: by the rule, or in his or her own way."""
        decide = world.behaviours.of("membership_value", row)
        if decide is not None:
            return float(decide(offer))
        w = world.workers
        return membership_value(offer, team_taste(row, w), bool(w.status[row] == EMPLOYEE), self.parameters)

    def step(self, world: World) -> None:
        """Look, apply, choose and pay."""
        if not world.open:
            return
        w, spaces, schemes, due = world.workers, world.spaces, world.schemes, self.due(world)
        known = self._look_around(world, due)
        value = self.judge(world, due, known)
        self._applications.take(world, due, known, value, self.judge)
        _choose(world.run, world.week, self.parameters, due, w, spaces, schemes, value)
        pay(world.week, w, spaces, schemes, self._fee, self._paid)
        for s in range(*spaces.span.tolist()):
            if self._paid[s].any():
                self._post(world, s)

    def _post(self, world: World, s: int) -> None:
        """Book what members, employers and schemes have paid to a space."""
        payee, region = world.spaces.name(s, world.regions), world.regions.names[int(world.spaces.region[s])]
        payers = [f"workers:{region}", "employers"] + ["treasury"] * len(world.schemes)
        for payer, purpose, amount in zip(payers, self._purposes, self._paid[s].tolist(), strict=True):
            world.ledger.post(world.week, payer, payee, purpose, amount)

    def judge(self, world: World, due: Integers, known: Known) -> Floats:
        """Return the value of what is on offer to those who decide: by the rule, or in their own way."""
        w, own = world.workers, world.behaviours.mask("membership_value")
        value = np.empty((len(due), SLOTS * len(PLANS)))
        value_offers(due, own, known, w, self.parameters, value)
        for row, decide in world.behaviours.own("membership_value"):
            a = int(np.searchsorted(due, row))
            if a < len(due) and due[a] == row:
                slots = w.candidate[row].tolist()
                for space, plan, offer in self._offers(world, row, known, a):
                    value[a, len(PLANS) * slots.index(space) + plan] = decide(offer)
        return value

    def _look_around(self, world: World, due: Integers) -> Known:
        """Return what those who decide know of ties, gains and prices."""
        known = room(len(due), self._fee, self._crowd)
        spaces, schemes, ties = world.spaces, world.schemes, world.ties
        look_around(due, world.week, world.workers, spaces, schemes, ties, self.parameters, known)
        return known
