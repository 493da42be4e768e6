"""Membership: who joins, stays in or leaves a coworking space, and pays.

Reviewed every eight weeks. ``V = b0 + bL*E + bN*ln(1 + m) + bH*member - bP*price/disposable - bC*crowd + taste``
with ``m`` ties to members and ``E`` what those have lately learnt there; a person is a member when ``V`` plus a
Gumbel number exceeds the Gumbel number of staying outside. The rival form ``ceiling`` has no price term, and rules
out what costs more than a share of disposable income.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel, rule
from colearn.world import draws
from colearn.world.arithmetic import disposable
from colearn.world.draws import RunKey, gumbel, uniform, word
from colearn.world.parameters import read
from colearn.world.world import World

__all__ = ["Membership", "Offer", "crowding", "membership_value", "weekly_fee"]

REVIEW_WEEKS = 8
CEILING = 1


class Parameters(NamedTuple):
    """Quantities of ``membership.*``."""

    constant: float
    learning_weight: float
    ties_weight: float
    habit: float
    price_weight: float
    crowding_weight: float
    disposable_floor: float
    affordability: int
    ceiling: float


class Offer(NamedTuple):
    """What a person knows when reviewing membership."""

    price: float  # GBP/week
    disposable: float  # GBP/week
    member: bool
    ties: int  # ties to members of the space
    expected_gain: float  # skill points a quarter, mean of those ties
    crowd: float  # 0 up to nine tenths full, 1 when full


@rule
def weekly_fee(price: int) -> int:
    """Return a week's share of a monthly price, pence, halves rounded up.

    >>> weekly_fee(15700)
    3623
    """
    return (price * 12 + 26) // 52


@rule
def crowding(present: float, desks: int) -> float:
    """Return how crowded a space feels: 0 up to nine tenths full on average, 1 when full."""
    return max(0.0, present / desks - 0.9) / 0.1


@rule
def membership_value(offer: Offer, taste: float, p: Parameters) -> float:
    """Return ``V``, the utility of being a member over not being one, without the week's chance."""
    value = p.constant + p.learning_weight * offer.expected_gain + p.ties_weight * math.log(1.0 + offer.ties)
    if offer.member:
        value += p.habit
    if p.affordability == CEILING:
        if offer.price > p.ceiling * offer.disposable:
            return -math.inf
    else:
        value -= p.price_weight * offer.price / offer.disposable
    return value - p.crowding_weight * offer.crowd + taste


@rule
def offer_to(
    i: int,
    space: int,
    fee: int,
    crowd: float,
    living_cost: float,
    income: NDArray[np.float64],
    member_of: NDArray[np.int32],
    recent_gain: NDArray[np.float64],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    p: Parameters,
) -> Offer:
    """Gather what person i knows of a space."""
    ties = 0
    learnt = 0.0
    for a in range(start[i], start[i + 1]):
        j = neighbour[a]
        if member_of[j] == space:
            ties += 1
            learnt += recent_gain[j]
    expected = learnt / ties if ties > 0 else 0.0
    left = disposable(income[i], living_cost, p.disposable_floor)
    return Offer(fee / 100.0, left, member_of[i] == space, ties, expected, crowd)


@kernel
def _value(
    since_opening: int,
    review_offset: NDArray[np.int8],
    region: NDArray[np.int32],
    local_space: NDArray[np.int32],
    price: NDArray[np.int64],
    present: NDArray[np.float64],
    desks: NDArray[np.int64],
    living_cost: NDArray[np.float64],
    income: NDArray[np.float64],
    taste: NDArray[np.float64],
    member_of: NDArray[np.int32],
    recent_gain: NDArray[np.float64],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    own: NDArray[np.bool_],
    p: Parameters,
    value: NDArray[np.float64],
) -> None:
    """Fill ``value`` for those who review this week and follow the rule; NaN for those who do not review."""
    for i in range(len(region)):
        s = local_space[region[i]]
        value[i] = math.nan
        if s < 0 or since_opening % REVIEW_WEEKS != review_offset[i] or own[i]:
            continue
        offer = offer_to(
            i, s, weekly_fee(price[s]), crowding(present[s], desks[s]), living_cost[region[i]], income, member_of,
            recent_gain, start, neighbour, p,
        )  # fmt: skip
        value[i] = membership_value(offer, taste[i], p)


@kernel
def _choose(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    local_space: NDArray[np.int32],
    price: NDArray[np.int64],
    value: NDArray[np.float64],
    member_of: NDArray[np.int32],
    tenure: NDArray[np.int64],
    member_weeks: NDArray[np.int64],
    fees: NDArray[np.int64],
    members: NDArray[np.int64],
    taken: NDArray[np.int64],
) -> None:
    """Choose by Gumbel-max, then let every member pay; ``members`` and ``taken`` (pence) are filled by space."""
    members[:] = 0
    taken[:] = 0
    for i in range(len(key)):
        if not math.isnan(value[i]):
            who = np.uint64(key[i])
            stay_out = gumbel(uniform(word(run, who, draws.MEMBERSHIP, week, 0)))
            join = value[i] + gumbel(uniform(word(run, who, draws.MEMBERSHIP, week, 1))) > stay_out
            if join and member_of[i] < 0:
                member_of[i] = local_space[region[i]]
                tenure[i] = 0
            elif not join and member_of[i] >= 0:
                member_of[i] = -1
                tenure[i] = 0
        s = member_of[i]
        if s >= 0:
            fee = weekly_fee(price[s])
            tenure[i] += 1
            member_weeks[i] += 1
            fees[i] += fee
            members[s] += 1
            taken[s] += fee


class Membership:
    """Who joins, stays or leaves, and pays."""

    name = "membership"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self.parameters = read(world.scenario, "membership", Parameters)
        self._value = np.zeros(len(world.workers))
        self._local_space = world.local_space()

    def offer(self, world: World, row: int) -> Offer:
        """Return what one person knows of the local space."""
        w, spaces = world.workers, world.spaces
        s = int(self._local_space[w.region[row]])
        living_cost = float(world.regions.living_cost[w.region[row]])
        return offer_to(
            row, s, weekly_fee(int(spaces.price[s])), crowding(float(spaces.present[s]), int(spaces.desks[s])),
            living_cost, w.income, w.member_of, w.recent_gain, world.ties.start, world.ties.neighbour, self.parameters,
        )  # fmt: skip

    def step(self, world: World) -> None:
        """Review, choose and pay."""
        if not world.open:
            return
        w, spaces, ties = world.workers, world.spaces, world.ties
        since = world.week - world.opening
        _value(
            since, w.review_offset, w.region, self._local_space, spaces.price, spaces.present, spaces.desks,
            world.regions.living_cost, w.income, w.taste, w.member_of, w.recent_gain, ties.start, ties.neighbour,
            world.behaviours.mask("membership_value"), self.parameters, self._value,
        )  # fmt: skip
        for row, decide in world.behaviours.own("membership_value"):
            if since % REVIEW_WEEKS == w.review_offset[row] and self._local_space[w.region[row]] >= 0:
                self._value[row] = decide(self.offer(world, row))
        _choose(
            world.run, world.week, w.key, w.region, self._local_space, spaces.price, self._value, w.member_of, w.tenure,
            w.member_weeks, w.fees, spaces.members, spaces.fees,
        )  # fmt: skip
        for s, r in enumerate(spaces.region):
            name = world.regions.names[r]
            space = f"space:{name}/{int(spaces.key[s]) & 0x3FFFFF}"
            world.ledger.post(world.week, f"workers:{name}", space, "membership", int(spaces.fees[s]))
