"""A person's time in and out of spaces as a chain, and what many people do after prices have risen.

In a week a person looks with chance ``1/R``. Outside, a look ends in a space with chance ``S**mu/(1 + S**mu)``, where
``S`` sums ``exp(V/mu)`` over what is on offer. For a member of ``t`` weeks ``S`` becomes ``A*exp((H(t) + B(t))/mu) +
S'``, where ``A`` is the own space's part, ``S'`` the rest, and ``B(t) = B*(1 - exp(-t/13))`` the pull of ties and
learning as usual; at a look he or she stays in a space with the chance of that, and in the own one with its share of
``S``; other spells end by turnover, and a move begins another one. From the 65th week on chances stay as they are. With
``J`` the chance to join in a week, and ``D`` the mean weeks in spaces of somebody who joins, ``J*D/(1 + J*D)`` is the
share of time spent as a member.

Prices rise for good when all is as usual. From then on the chances of the dearer world hold, and those who are in
spaces or outside are followed week by week. Few go at once: long spells, of which most members are part, end seldom.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.kernels import Floats, kernel, rule
from coworksim.model.mechanisms.helpers.offers import HABIT_WEEKS, TASTE
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.state.people import SLOTS

#: What a member of some months knows of his or her space, as it is in runs: ln(1 + ties), skill points a quarter.
TIES, GAIN = 3.2, 1.2
#: Weeks after which habit counts whole.
GROWN: Final = 65
#: Weeks after a rise at which the response is guessed: the middle of the third year.
_LATE: Final = 130.0
#: The most that a utility may come to.
_MOST: Final = 600.0


class Chances(NamedTuple):
    """People: what plans are worth to them but for constant, money, habit and taste; and these."""

    rest: Floats  # (people, SLOTS*PLANS) utility, NaN for what a person has not heard of
    burden: Floats  # the same shape: what the price takes off, per unit of alpha
    dearer: Floats  # the same at a price 25 % higher
    taste: Floats
    wish: Floats  # as rest: the Gumbel numbers of plans, which last by the form ``taste``


class Constants(NamedTuple):
    """What is solved for."""

    price_weight: float
    constant: float
    habit: float
    taste_scale: float


class Usual(NamedTuple):
    """What one person does in the long run."""

    member: float  # share of time as a member
    spell: float  # weeks of a spell
    entry: float  # spells that begin in a week


@rule
def _inside(total: float, mu: float) -> float:
    """Return the chance that a look ends in a space: ``S**mu/(1 + S**mu)``."""
    return 1.0 / (1.0 + math.exp(-mu * math.log(total)))


@kernel
def _weekly(
    i: int, price: Floats, people: Chances, c: Constants, p: Parameters, quits: float, ends: Floats, moves: Floats
) -> float:
    """Fill the chances that a spell ends, and does so by a move, by its weeks; return the chance to join."""
    joins = own = 0.0
    best = -_MOST
    for slot in range(SLOTS):
        worth = 0.0
        for b in range(3 * slot, 3 * slot + 3):
            if not math.isnan(people.rest[i, b]):
                value = people.rest[i, b] + c.constant - c.price_weight * price[i, b] + c.taste_scale * people.taste[i]
                worth += math.exp(min(value / p.dissimilarity, _MOST))
                best = max(best, value + people.wish[i, b])
        joins += worth
        own += worth * worth
    moves[:] = 0.0
    if joins <= 0.0:
        ends[:] = 1.0
        return 0.0
    if p.persistence == TASTE:
        wants = math.exp(-math.exp(-best))
        ends[:] = min(1.0, (1.0 - wants) / p.review_weeks + quits)
        return wants / p.review_weeks
    own /= joins  # of the space that a joiner is in, on average
    others = joins - own
    pull = p.ties_weight * TIES + p.learning_weight * GAIN
    for t in range(GROWN + 1):
        young = math.exp(-t / HABIT_WEEKS) if t < GROWN else 0.0
        grown = (c.habit * (1.0 - p.early_habit * young) + pull * (1.0 - young)) / p.dissimilarity
        held = own * math.exp(min(grown, _MOST))
        inside = _inside(held + others, p.dissimilarity)
        moves[t] = inside * others / (others + held) / p.review_weeks
        ends[t] = min(1.0, (1.0 - inside * held / (others + held)) / p.review_weeks + quits)
    return _inside(joins, p.dissimilarity) / p.review_weeks


@kernel
def _usual(joins: float, ends: Floats, moves: Floats) -> Usual:
    """Return what a person does in the long run with these chances."""
    alive, spell, moved = 1.0, 0.0, 0.0
    for t in range(GROWN):
        spell += alive
        moved += alive * moves[t]
        alive *= 1.0 - ends[t]
    spell += alive / ends[GROWN]
    moved += alive * moves[GROWN] / ends[GROWN]
    weeks = joins * spell / (1.0 - moved)
    member = weeks / (1.0 + weeks)
    return Usual(member, spell, member / spell)


@kernel
def guessed(people: Chances, c: Constants, p: Parameters, quits: float) -> tuple[float, float, float]:
    """Return members, spells that end a week, and about how many members are left in the third year of a dearer price.

    The guess: everybody comes to the new long run at the pace of members of long standing.
    """
    members = ends = fewer = 0.0
    ending, moving = np.empty(GROWN + 1), np.empty(GROWN + 1)
    for i in range(len(people.rest)):
        now = _usual(_weekly(i, people.burden, people, c, p, quits, ending, moving), ending, moving)
        joins = _weekly(i, people.dearer, people, c, p, quits, ending, moving)
        then = _usual(joins, ending, moving)
        members += now.member
        ends += now.entry
        fewer += then.member + (now.member - then.member) * math.exp(-_LATE * (joins + ending[GROWN] - moving[GROWN]))
    return members, ends, fewer


@kernel
def _fill(
    people: Chances, c: Constants, p: Parameters, quits: float, stock: Floats, ends: Floats, moves: Floats
) -> Floats:
    """Fill where people are as usual, and the chances in the dearer world, by weeks of a spell; return those to join.

    ``stock``, ``ends`` and ``moves`` have a row for each week of a spell, and a column for each person.
    """
    joins = np.empty(len(people.rest))
    for i in range(len(joins)):
        ending, moving = ends[:, i], moves[:, i]
        now = _usual(_weekly(i, people.burden, people, c, p, quits, ending, moving), ending, moving)
        stock[0, i] = now.entry
        for t in range(GROWN):
            stock[t + 1, i] = stock[t, i] * (1.0 - ending[t])
        stock[GROWN, i] /= ending[GROWN]
        joins[i] = _weekly(i, people.dearer, people, c, p, quits, ending, moving)
    return joins


def members_after(people: Chances, c: Constants, p: Parameters, quits: float, year: int) -> float:
    """Return how many are members in a year, the first being 1, after prices have risen for good: mean of its weeks."""
    stock, ends, moves = (np.empty((GROWN + 1, len(people.rest))) for _ in range(3))
    joins = _fill(people, c, p, quits, stock, ends, moves)
    stays, found = 1.0 - ends, 0.0
    for week in range(52 * year):
        begin = (1.0 - stock.sum(axis=0)) * joins + (moves * stock).sum(axis=0)
        stock *= stays
        stock[GROWN] += stock[GROWN - 1]
        stock[1:GROWN] = stock[: GROWN - 1].copy()
        stock[0] = begin
        found += float(stock.sum()) if week >= 52 * (year - 1) else 0.0
    return found / 52.0
