"""Membership: who joins, stays in or leaves a coworking space, on which plan, and who pays.

Reviewed every eight weeks, and when an award of support begins to pay. One choice out of staying outside and three
plans of each open space that a person considers and has heard of:
``V = b0 + plan + bL*E + bN*ln(1 + m) + bH*member - bP*price/disposable - bC*crowd - bD*km + taste - office``
with ``m`` ties to members of the space, ``E`` what those have lately learnt there, and ``price`` what is left to pay
after schemes and employer. The highest ``V`` plus Gumbel number wins; staying outside has ``V = 0``. The rival form
``ceiling`` has no price term, and rules out what costs more than a share of disposable income.
"""

import math
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel, rule
from coworksim.model.mechanisms.helpers.fees import pay, plan_fee, quote
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.arithmetic import disposable
from coworksim.model.state.people import DAY, DEDICATED, EMPLOYEE, PLANS, SLOTS, Population
from coworksim.model.state.policy_state import AWARDED, Schemes
from coworksim.model.state.rng import MEMBERSHIP, RunKey, gumbel, uniform, word
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.ties import NOBODY, Ties
from coworksim.model.state.world import World

REVIEW_WEEKS = 8
CEILING = 1


class Known(NamedTuple):
    """What each of those who review knows, by slot of the spaces that he or she considers, and of all spaces."""

    ties: Integers  # (due, SLOTS) ties to members
    gain: Floats  # (due, SLOTS) what those have lately learnt there, mean
    price: Integers  # (due, SLOTS, PLANS) pence a week out of the own pocket, -1 for what is not on offer
    fee: Integers  # (spaces, PLANS) pence a week, whoever pays
    crowd: Floats  # (spaces) how crowded it is


class Offer(NamedTuple):
    """What a person knows of one plan of one space when reviewing membership."""

    price: float  # GBP/week, out of the own pocket
    disposable: float  # GBP/week
    member: bool  # of this space
    ties: int  # ties to members of the space
    expected_gain: float  # skill points a quarter, mean of those ties
    crowd: float  # 0 up to nine tenths full, 1 when full; 0 at a dedicated desk
    km: float  # from home
    plan: int  # index into PLANS


@rule
def crowding(present: float, desks: int) -> float:
    """Return how crowded a space feels, ``max(0, n/desks - .9)/.1``: 0 up to nine tenths full, 1 when full."""
    return max(0.0, present / desks - 0.9) / 0.1


@rule
def membership_value(offer: Offer, taste: float, on_site: bool, p: Parameters) -> float:
    """Return the utility of an offer over staying outside, without the week's chance.

    ``V = b0 + plan + bL*E + bN*ln(1 + m) + bH*member - bP*price/disposable - bC*crowd - bD*km + taste - office``; in
    the form ``ceiling`` no price term, and ``-inf`` where ``price > omega*disposable``.
    ``on_site``: the person has a desk at an employer's.
    """
    value = p.constant
    if offer.plan == DAY:
        value += p.day_constant
    elif offer.plan == DEDICATED:
        value += p.dedicated_constant
    value = value + p.learning_weight * offer.expected_gain + p.ties_weight * math.log(1.0 + offer.ties)
    if offer.member:
        value += p.habit
    if p.affordability == CEILING:
        if offer.price > p.ceiling * offer.disposable:
            return -math.inf
    else:
        value -= p.price_weight * offer.price / offer.disposable
    value = value - p.crowding_weight * offer.crowd - p.distance_weight * offer.km + taste
    return value - p.office if on_site else value


@kernel
def _due(since: int, week: int, w: Population, schemes: Schemes, due: Integers) -> int:
    """List who reviews membership this week; return how many do."""
    count = 0
    for i in range(len(w.review_offset)):
        reviews = since % REVIEW_WEEKS == w.review_offset[i]
        for k in range(len(schemes.share)):
            reviews |= schemes.state[i, k] == AWARDED and week == schemes.award_week[i, k] + schemes.lag[k]
        if reviews:
            due[count] = i
            count += 1
    return count


@kernel
def _look(
    due: Integers, week: int, w: Population, spaces: Spaces, schemes: Schemes, ties: Ties, p: Parameters, known: Known
) -> None:
    """Fill the weekly fee of every plan, how crowded spaces are, and what those who review know, in one call.

    That is ties to members of the space in each slot, and the gain expected from theirs.
    """
    for s in range(spaces.span[0], spaces.span[1]):
        known.crowd[s] = crowding(spaces.present[s], spaces.desks[s])
        for plan in range(3):
            known.fee[s, plan] = plan_fee(plan, spaces.price[s], p.day_ratio, p.dedicated_ratio)
    for a in range(len(due)):
        i = due[a]
        known.ties[a, :] = 0
        known.gain[a, :] = 0.0
        for b in range(ties.indptr[i], ties.indptr[i + 1]):
            j = ties.indices[b]
            if j != NOBODY and w.member_of[j] >= 0:
                for c in range(SLOTS):
                    if w.candidate[i, c] == w.member_of[j]:
                        known.ties[a, c] += 1
                        known.gain[a, c] += w.recent_gain[j]
        for c in range(SLOTS):
            if known.ties[a, c] > 0:
                known.gain[a, c] /= known.ties[a, c]
    quote(due, week, w, spaces, schemes, known.fee, known.price)


@rule
def _offer(a: int, c: int, plan: int, i: int, left: float, known: Known, w: Population) -> Offer:
    """Return what ``due[a]``, in row i and with ``left`` to spend, knows of a plan of the space in slot c."""
    s = w.candidate[i, c]
    price, member = known.price[a, c, plan] / 100.0, w.member_of[i] == s
    crowd = 0.0 if plan == DEDICATED else known.crowd[s]
    return Offer(price, left, member, known.ties[a, c], known.gain[a, c], crowd, w.distance[i, c], plan)


@kernel
def _value(
    due: Integers, own: Flags, known: Known, w: Population, places: Regions, p: Parameters, value: Floats
) -> None:
    """Fill ``value[a, 3*slot + plan]`` for ``due[a]``; NaN for what is not on offer and for who decides otherwise."""
    for a in range(len(due)):
        i = due[a]
        value[a, :] = math.nan
        if own[i]:
            continue
        left = disposable(w.income[i], places.living_cost[w.region[i]], p.disposable_floor)
        for c in range(SLOTS):
            if known.price[a, c, 0] < 0:
                continue
            for plan in range(3):
                offer = _offer(a, c, plan, i, left, known, w)
                value[a, 3 * c + plan] = membership_value(offer, w.taste[i], w.status[i] == EMPLOYEE, p)


@kernel
def _choose(run: RunKey, week: int, due: Integers, w: Population, spaces: Spaces, value: Floats) -> None:
    """Choose by Gumbel-max between staying outside and what is on offer."""
    for a in range(len(due)):
        i = due[a]
        who = np.uint64(w.key[i])
        best = gumbel(uniform(word(run, who, MEMBERSHIP, week, 0)))
        chosen = -1
        for b in range(3 * SLOTS):
            if math.isnan(value[a, b]):
                continue
            index = 1 + 4 * spaces.ordinal[w.candidate[i, b // 3]] + b % 3
            score = value[a, b] + gumbel(uniform(word(run, who, MEMBERSHIP, week, index)))
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
        self.parameters = read(world.scenario, Parameters)
        self._fee, self._crowd = np.zeros((len(spaces), len(PLANS)), np.int64), np.zeros(len(spaces))
        self._due = np.zeros(len(world.workers), np.int64)
        self._paid = np.zeros((len(spaces), 2 + len(schemes)), np.int64)
        own = range(*spaces.span.tolist())
        payees = [spaces.name(s, world.regions) for s in own]
        payers = [f"workers:{world.regions.names[int(spaces.region[s])]}" for s in own]
        self._accounts = [
            [(payer, payee, "membership"), ("employers", payee, "sponsorship")]
            + [("treasury", payee, f"support:{policy.name}") for policy in world.scenario.policies]
            for payer, payee in zip(payers, payees, strict=True)
        ]

    def offers(self, world: World, row: int) -> list[tuple[int, int, Offer]]:
        """Return what one person has heard of and can choose: row of the space, plan, offer."""
        w = world.workers
        known = self._look_around(world, np.array([row], np.int64))
        living_cost = float(world.regions.living_cost[w.region[row]])
        left = disposable(float(w.income[row]), living_cost, self.parameters.disposable_floor)
        return [
            (s, plan, _offer(0, c, plan, row, left, known, w))
            for c, s in enumerate(w.candidate[row].tolist())
            for plan in range(len(PLANS))
            if known.price[0, c, plan] >= 0
        ]

    def due(self, world: World) -> Integers:
        """Return the rows of those who review membership this week."""
        count = _due(world.week - world.opening, world.week, world.workers, world.schemes, self._due)
        return self._due[:count]

    def value(self, world: World, row: int, offer: Offer) -> float:
        """Return the utility of one alternative to a person: by the rule, or in his or her own way."""
        decide = world.behaviours.of("membership_value", row)
        if decide is not None:
            return float(decide(offer))
        w = world.workers
        return membership_value(offer, float(w.taste[row]), bool(w.status[row] == EMPLOYEE), self.parameters)

    def step(self, world: World) -> None:
        """Review, choose and pay."""
        if not world.open:
            return
        w, spaces, due = world.workers, world.spaces, self.due(world)
        _choose(world.run, world.week, due, w, spaces, self._judge(world, due))
        pay(world.week, w, spaces, world.schemes, self._fee, self._paid)
        own = self._paid[slice(*spaces.span.tolist())]
        for accounts, amounts in zip(self._accounts, own.tolist(), strict=True):
            for (payer, payee, purpose), amount in zip(accounts, amounts, strict=True):
                world.ledger.post(world.week, payer, payee, purpose, amount)

    def _judge(self, world: World, due: Integers) -> Floats:
        """Return the value of what is on offer to those who review: by the rule, or in their own way."""
        w, known, own = world.workers, self._look_around(world, due), world.behaviours.mask("membership_value")
        value = np.empty((len(due), SLOTS * len(PLANS)))
        _value(due, own, known, w, world.regions, self.parameters, value)
        for row, decide in world.behaviours.own("membership_value"):
            a = int(np.searchsorted(due, row))
            if a < len(due) and due[a] == row:
                slots = w.candidate[row].tolist()
                for space, plan, offer in self.offers(world, row):
                    value[a, len(PLANS) * slots.index(space) + plan] = decide(offer)
        return value

    def _look_around(self, world: World, due: Integers) -> Known:
        """Return what those who review know of ties, gains and prices."""
        w, shape = world.workers, (len(due), SLOTS)
        price = np.empty((*shape, len(PLANS)), np.int64)
        known = Known(np.empty(shape, np.int64), np.empty(shape), price, self._fee, self._crowd)
        spaces, schemes, ties = world.spaces, world.schemes, world.ties
        _look(due, world.week, w, spaces, schemes, ties, self.parameters, known)
        return known
