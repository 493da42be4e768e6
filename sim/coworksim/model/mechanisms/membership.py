"""Membership: who joins, stays in or leaves a coworking space, on which plan, and who pays.

Reviewed every eight weeks, and when an award of support begins to pay. One choice out of staying outside and three
plans of each open space that a person considers and has heard of:
``V = b0 + plan + bL*E + bN*ln(1 + m) + bH*member - bP*price/disposable - bC*crowd - bD*km + taste - office``
with ``m`` ties to members of the space, ``E`` what those have lately learnt there, and ``price`` what is left to pay
after schemes and employer. The highest ``V`` plus Gumbel number wins; staying outside has ``V = 0``. The rival form
``ceiling`` has no price term, and rules out what costs more than a share of disposable income.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.mechanisms.helpers.fees import Terms, pay, plan_fee, quote, weekly_fee
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.arithmetic import disposable
from coworksim.model.state.parameter_records import read
from coworksim.model.state.people import DAY, DEDICATED, EMPLOYEE, PLANS, SLOTS
from coworksim.model.state.policy_state import AWARDED
from coworksim.model.state.rng import RunKey, gumbel, uniform, word
from coworksim.model.state.ties import NOBODY
from coworksim.model.state.world import World

__all__ = ["Membership", "Offer", "crowding", "membership_value", "weekly_fee"]

REVIEW_WEEKS = 8
CEILING = 1


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
def _tariff(
    price: NDArray[np.int64],
    present: NDArray[np.float64],
    desks: NDArray[np.int64],
    p: Parameters,
    fee: NDArray[np.int64],
    crowd: NDArray[np.float64],
) -> None:
    """Fill the weekly fee of every plan, and how crowded each space is."""
    for s in range(len(price)):
        crowd[s] = crowding(present[s], desks[s])
        for plan in range(3):
            fee[s, plan] = plan_fee(plan, price[s], p.day_ratio, p.dedicated_ratio)


@kernel
def _due(since: int, week: int, review_offset: NDArray[np.int8], terms: Terms, due: NDArray[np.int64]) -> int:
    """List who reviews membership this week; return how many do."""
    count = 0
    for i in range(len(review_offset)):
        reviews = since % REVIEW_WEEKS == review_offset[i]
        for k in range(len(terms.share)):
            reviews |= terms.state[i, k] == AWARDED and week == terms.award_week[i, k] + terms.lag[k]
        if reviews:
            due[count] = i
            count += 1
    return count


@kernel
def _ask_ties(
    due: NDArray[np.int64],
    candidate: NDArray[np.int32],
    member_of: NDArray[np.int32],
    recent_gain: NDArray[np.float64],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    ties: NDArray[np.int64],
    expected: NDArray[np.float64],
) -> None:
    """Fill, by slot, ``ties[a]`` of ``due[a]`` to members of the space, and the gain ``expected[a]`` from theirs."""
    for a in range(len(due)):
        i = due[a]
        ties[a, :] = 0
        expected[a, :] = 0.0
        for b in range(start[i], start[i + 1]):
            j = neighbour[b]
            if j != NOBODY and member_of[j] >= 0:
                for c in range(SLOTS):
                    if candidate[i, c] == member_of[j]:
                        ties[a, c] += 1
                        expected[a, c] += recent_gain[j]
        for c in range(SLOTS):
            if ties[a, c] > 0:
                expected[a, c] /= ties[a, c]


@kernel
def _value(
    due: NDArray[np.int64],
    own: NDArray[np.bool_],
    ties: NDArray[np.int64],
    expected: NDArray[np.float64],
    price: NDArray[np.int64],
    crowd: NDArray[np.float64],
    living_cost: NDArray[np.float64],
    region: NDArray[np.int32],
    status: NDArray[np.int8],
    income: NDArray[np.float64],
    taste: NDArray[np.float64],
    member_of: NDArray[np.int32],
    candidate: NDArray[np.int32],
    distance: NDArray[np.float64],
    p: Parameters,
    value: NDArray[np.float64],
) -> None:
    """Fill ``value[a, 3*slot + plan]`` for ``due[a]``; NaN for what is not on offer and for who decides otherwise."""
    for a in range(len(due)):
        i = due[a]
        value[a, :] = math.nan
        if own[i]:
            continue
        left = disposable(income[i], living_cost[region[i]], p.disposable_floor)
        for c in range(SLOTS):
            if price[a, c, 0] < 0:
                continue
            s = candidate[i, c]
            for plan in range(3):
                offer = Offer(
                    price[a, c, plan] / 100.0,
                    left,
                    member_of[i] == s,
                    ties[a, c],
                    expected[a, c],
                    0.0 if plan == DEDICATED else crowd[s],
                    distance[i, c],
                    plan,
                )
                value[a, 3 * c + plan] = membership_value(offer, taste[i], status[i] == EMPLOYEE, p)


@kernel
def _choose(
    run: RunKey,
    week: int,
    due: NDArray[np.int64],
    key: NDArray[np.uint32],
    candidate: NDArray[np.int32],
    ordinal: NDArray[np.int64],
    value: NDArray[np.float64],
    member_of: NDArray[np.int32],
    plan: NDArray[np.int8],
    tenure: NDArray[np.int64],
) -> None:
    """Choose by Gumbel-max between staying outside and what is on offer."""
    for a in range(len(due)):
        i = due[a]
        who = np.uint64(key[i])
        best = gumbel(uniform(word(run, who, rng.MEMBERSHIP, week, 0)))
        chosen = -1
        for b in range(3 * SLOTS):
            if math.isnan(value[a, b]):
                continue
            index = 1 + 4 * ordinal[candidate[i, b // 3]] + b % 3
            score = value[a, b] + gumbel(uniform(word(run, who, rng.MEMBERSHIP, week, index)))
            if score > best:
                best = score
                chosen = b
        s = candidate[i, chosen // 3] if chosen >= 0 else -1
        if s != member_of[i]:
            tenure[i] = 0
        member_of[i] = s
        plan[i] = chosen % 3 if chosen >= 0 else -1


class Membership:
    """Who joins, stays or leaves, on which plan, and who pays."""

    name = "membership"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        spaces, schemes = world.spaces, world.schemes
        self.parameters = read(world.scenario, Parameters)
        self._fee = np.zeros((len(spaces), len(PLANS)), np.int64)
        self._crowd = np.zeros(len(spaces))
        self._due = np.zeros(len(world.workers), np.int64)
        self._paid = np.zeros((len(spaces), 2 + len(schemes)), np.int64)
        self._terms = Terms(*(getattr(schemes, name) for name in Terms._fields))
        payees = [spaces.name(s, world.regions) for s in range(len(spaces))]
        payers = [f"workers:{world.regions.names[int(r)]}" for r in spaces.region]
        self._accounts = [
            [(payer, payee, "membership"), ("employers", payee, "sponsorship")]
            + [("treasury", payee, f"support:{policy.name}") for policy in world.scenario.policies]
            for payer, payee in zip(payers, payees, strict=True)
        ]

    def offers(self, world: World, row: int) -> list[tuple[int, int, Offer]]:
        """Return what one person has heard of and can choose: row of the space, plan, offer."""
        w, spaces = world.workers, world.spaces
        _tariff(spaces.price, spaces.present, spaces.desks, self.parameters, self._fee, self._crowd)
        ties, expected, price = self._look_around(world, np.array([row], np.int64))
        living_cost = float(world.regions.living_cost[w.region[row]])
        left = disposable(float(w.income[row]), living_cost, self.parameters.disposable_floor)
        found = []
        for c, s in enumerate(w.candidate[row].tolist()):
            for plan, pence in enumerate(price[0, c].tolist()):
                if pence >= 0:
                    crowd = 0.0 if plan == DEDICATED else float(self._crowd[s])
                    member, km = bool(w.member_of[row] == s), float(w.distance[row, c])
                    known = int(ties[0, c]), float(expected[0, c])
                    offer = Offer(pence / 100.0, left, member, *known, crowd, km, plan)
                    found.append((s, plan, offer))
        return found

    def due(self, world: World, row: int) -> bool:
        """Return whether a person reviews membership this week."""
        return row in self._due[: self._count_due(world)]

    def value(self, world: World, row: int, offer: Offer) -> float:
        """Return the utility of one alternative to a person: by the rule, or in his or her own way."""
        decide = world.behaviours.of("membership_value", row)
        if decide is not None:
            return float(decide(offer))
        w = world.workers
        return membership_value(offer, float(w.taste[row]), bool(w.status[row] == EMPLOYEE), self.parameters)

    def _count_due(self, world: World) -> int:
        since = world.week - world.opening
        return _due(since, world.week, world.workers.review_offset, self._terms, self._due)

    def step(self, world: World) -> None:
        """Review, choose and pay."""
        if not world.open:
            return
        w, spaces = world.workers, world.spaces
        due = self._due[: self._count_due(world)]
        value = self._judge(world, due)
        _choose(world.run, world.week, due, w.key, w.candidate, spaces.ordinal, value, w.member_of, w.plan, w.tenure)
        pay(
            world.week,
            self._fee,
            w.sponsor,
            w.member_of,
            w.plan,
            self._terms,
            w.tenure,
            w.member_weeks,
            w.fees,
            w.supported,
            world.schemes.spent,
            spaces.members,
            spaces.fees,
            self._paid,
        )
        for accounts, amounts in zip(self._accounts, self._paid.tolist(), strict=True):
            for (payer, payee, purpose), amount in zip(accounts, amounts, strict=True):
                world.ledger.post(world.week, payer, payee, purpose, amount)

    def _judge(self, world: World, due: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the value of what is on offer to those who review: by the rule, or in their own way."""
        w, spaces = world.workers, world.spaces
        _tariff(spaces.price, spaces.present, spaces.desks, self.parameters, self._fee, self._crowd)
        ties, expected, price = self._look_around(world, due)
        value = np.empty((len(due), SLOTS * len(PLANS)))
        _value(
            due,
            world.behaviours.mask("membership_value"),
            ties,
            expected,
            price,
            self._crowd,
            world.regions.living_cost,
            w.region,
            w.status,
            w.income,
            w.taste,
            w.member_of,
            w.candidate,
            w.distance,
            self.parameters,
            value,
        )
        for row, decide in world.behaviours.own("membership_value"):
            a = int(np.searchsorted(due, row))
            if a < len(due) and due[a] == row:
                slots = w.candidate[row].tolist()
                for space, plan, offer in self.offers(world, row):
                    value[a, len(PLANS) * slots.index(space) + plan] = decide(offer)
        return value

    def _look_around(
        self, world: World, due: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Return, by slot, ties to members, the gain expected from theirs, and the price of each plan."""
        w, graph = world.workers, world.ties
        ties, expected = np.empty((len(due), SLOTS), np.int64), np.empty((len(due), SLOTS))
        price = np.empty((len(due), SLOTS, len(PLANS)), np.int64)
        _ask_ties(due, w.candidate, w.member_of, w.recent_gain, graph.start, graph.neighbour, ties, expected)
        quote(due, world.week, self._fee, world.spaces.open, w.sponsor, w.candidate, w.aware, self._terms, price)
        return ties, expected, price
