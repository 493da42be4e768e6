"""What a plan of a space is worth to a person, and what people know of what is on offer.

``V = b0 + plan + bL*E + bN*ln(1 + m) + H(t)*member - burden - bC*crowd - bD*km + taste - office``, with ``m`` ties to
members of the space and ``E`` what those have lately learnt there; staying outside has ``V = 0``. Habit grows with the
weeks ``t`` of a spell, ``H(t) = H*(1 - a*exp(-t/13))``. Money enters as ``burden = lambda*price``, linear in what is
left to pay after schemes and employer, with ``lambda = (alpha/p_ref)*(y_ref/y)**eta`` the utility of a pound a week at
smoothed income ``y``; so surplus in pounds is exact. The rival form is ``-lambda*y*ln(1 - price/y)`` with ``eta = 1``.
Spaces are closer to each other than to staying outside: the numbers of their plans at a look are those of a nested
choice, ``mu*(g_j + ln s)`` with a Gumbel number ``g_j`` of each and one positive stable number ``s`` of exponent ``mu``
for all, so that each is a Gumbel number, and the best has the mean ``mu*ln sum exp(V_j/mu)``; ``mu = 1`` makes them
independent. ``b0``, ``H`` and ``alpha`` follow from what can be observed (:mod:`.reference_region`). In the rival form
``taste`` there is no habit: the numbers of spaces last for ever, and that of staying outside is drawn at each look.

Sources: McFadden 1978, in Spatial Interaction Theory and Planning Models, 75-96 (nested choice); UK practice in values
of time, where the marginal utility of money falls with income (Mackie et al. 2003, Transportation Research E 39,
325-348).
"""

import math
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel, rule
from coworksim.model.mechanisms.helpers.fees import plan_fee, quote
from coworksim.model.parameters.week import MembershipParameters as Parameters
from coworksim.model.state.consideration import distance
from coworksim.model.state.people import DAY, DEDICATED, EMPLOYEE, PLANS, SLOTS, Population
from coworksim.model.state.policy_state import Schemes
from coworksim.model.state.rng import MEMBERSHIP, RunKey, exponential, gumbel, remembered, uniform
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.teams import team_taste
from coworksim.model.state.ties import NOBODY, Ties

TASTE, LOGARITHMIC, EXPECTED = 1, 1, 1
#: GBP a week: the income and the fee of a hot desk at which ``alpha`` is the burden of the fee, and the least income.
REFERENCE_INCOME: Final = 500.0
REFERENCE_FEE: Final = 157.0 * 12.0 / 52.0
LEAST_INCOME: Final = 100.0
#: The most of an income that a fee counts as, where what is left enters by its logarithm.
MOST_OF_INCOME: Final = 0.9
HABIT_WEEKS: Final = 13.0
NO_SCHEME: Final = -1
#: Index of the first of two draws of what the numbers of all plans have in common; see coworksim.model.state.rng.
SHARED: Final = 2**29


class Known(NamedTuple):
    """What each of those who look knows, by slot of the spaces that he or she considers, and of all spaces."""

    ties: Integers  # (due, SLOTS) ties to members
    gain: Floats  # (due, SLOTS) what those have lately learnt there, mean
    km: Floats  # (due, SLOTS) from home
    price: Integers  # (due, SLOTS, PLANS) pence a week out of the own pocket, -1 for what is not on offer
    fee: Integers  # (spaces, PLANS) pence a week, whoever pays
    crowd: Floats  # (spaces) how crowded it is


class Offer(NamedTuple):
    """What a person knows of one plan of one space when looking at membership."""

    price: float  # GBP/week, out of the own pocket
    income: float  # GBP/week, smoothed
    pound: float  # utility of a pound a week
    member: bool  # of this space
    tenure: int  # weeks of the present spell
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
def utility_of_a_pound(income: float, p: Parameters) -> float:
    """Return ``lambda = (alpha/p_ref)*(y_ref/y)**eta``, per GBP a week: ``y`` at least 100, ``eta`` 1 by logarithm."""
    eta = 1.0 if p.money == LOGARITHMIC else p.income_elasticity
    return p.price_weight / REFERENCE_FEE * math.exp(eta * math.log(REFERENCE_INCOME / max(income, LEAST_INCOME)))


@rule
def burden(price: float, income: float, pound: float, p: Parameters) -> float:
    """Return what a price takes off utility: ``lambda*price``, or by logarithm ``-lambda*y*ln(1 - price/y)``."""
    if p.money == LOGARITHMIC:
        y = max(income, LEAST_INCOME)
        return -pound * y * math.log(1.0 - min(price / y, MOST_OF_INCOME))
    return pound * price


@rule
def habit(tenure: int, p: Parameters) -> float:
    """Return the pull of having been a member for so many weeks, ``H*(1 - a*exp(-t/13))``."""
    return p.habit * (1.0 - p.early_habit * math.exp(-tenure / HABIT_WEEKS))


@rule
def membership_value(offer: Offer, taste: float, on_site: bool, p: Parameters) -> float:
    """Return the utility of an offer over staying outside, without the chance of the look.

    ``V = b0 + plan + bL*E + bN*ln(1 + m) + H(t)*member - burden - bC*crowd - bD*km + taste - office``.
    ``on_site``: the person has a desk at an employer's.
    """
    value = p.constant + p.appeal
    if offer.plan == DAY:
        value += p.day_constant
    elif offer.plan == DEDICATED:
        value += p.dedicated_constant
    value = value + p.learning_weight * offer.expected_gain + p.ties_weight * math.log(1.0 + offer.ties)
    if offer.member:
        value += habit(offer.tenure, p)
    value -= burden(offer.price, offer.income, offer.pound, p)
    value = value - p.crowding_weight * offer.crowd - p.distance_weight * offer.km + p.taste_scale * taste
    return value - p.office if on_site else value


@rule
def shared_wish(turn: float, wait: float, mu: float) -> float:
    """Return the logarithm of a positive stable number of exponent ``mu``, of an angle and a waiting time.

    ``turn`` is uniform in (0, pi), ``wait`` exponential (Kanter 1975, Annals of Probability 3, 697-707).

    >>> shared_wish(1.0, 0.3, 1.0), round(math.exp(shared_wish(math.pi / 2, 1.0, 0.5)), 9)
    (0.0, 0.5)
    """
    if mu >= 1.0:
        return 0.0
    away = math.log(math.sin((1.0 - mu) * turn)) - math.log(wait)
    return math.log(math.sin(mu * turn)) - math.log(math.sin(turn)) / mu + (1.0 - mu) / mu * away


@rule
def of_spaces(run: RunKey, who: int, look: int, p: Parameters) -> float:
    """Return what the numbers of all plans of a look have in common; by the form ``taste`` it lasts."""
    week = 0 if p.persistence == TASTE else look
    turn = math.pi * uniform(remembered(run, np.uint64(who), MEMBERSHIP, week, SHARED))
    wait = exponential(uniform(remembered(run, np.uint64(who), MEMBERSHIP, week, SHARED + 1)))
    return p.dissimilarity * shared_wish(turn, wait, p.dissimilarity)


@rule
def outside_wish(run: RunKey, who: int, look: int) -> float:
    """Return the Gumbel number of staying outside, of a look."""
    return gumbel(uniform(remembered(run, np.uint64(who), MEMBERSHIP, look, 0)))


@rule
def wish_for(run: RunKey, who: int, look: int, space: int, plan: int, p: Parameters) -> float:
    """Return the number of a plan of the space of this ordinal but for what all plans share; ``taste``: it lasts."""
    week = 0 if p.persistence == TASTE else look
    return p.dissimilarity * gumbel(uniform(remembered(run, np.uint64(who), MEMBERSHIP, week, 1 + 4 * space + plan)))


@rule
def log_sum(value: Floats, mu: float) -> float:
    """Return ``ln(1 + (sum exp(V/mu))**mu)`` over what is on offer: the mean of the best, less Euler's number.

    >>> two = np.array([1.0, math.nan, 1.0])
    >>> [round(log_sum(two, mu) - math.log(1 + math.e * 2**mu), 12) for mu in (1.0, 0.5)]
    [0.0, 0.0]
    """
    most = -math.inf
    for b in range(len(value)):
        if not math.isnan(value[b]):
            most = max(most, value[b])
    if most == -math.inf:
        return 0.0
    total = 0.0
    for b in range(len(value)):
        if not math.isnan(value[b]):
            total += math.exp((value[b] - most) / mu)
    inside = most + mu * math.log(total)
    return max(inside, 0.0) + math.log(1.0 + math.exp(-abs(inside)))


@rule
def _look_at_spaces(spaces: Spaces, p: Parameters, known: Known) -> None:
    """Fill the fee of every plan, and how crowded it is, of spaces that are open."""
    for s in range(spaces.span[0], spaces.span[1]):
        if spaces.open[s]:
            known.crowd[s] = crowding(spaces.present[s], spaces.desks[s])
            for plan in range(3):
                known.fee[s, plan] = plan_fee(plan, spaces.price[s], p.day_ratio, p.dedicated_ratio)


@kernel
def _count(due: Integers, w: Population, spaces: Spaces, ties: Ties, known: Known) -> None:
    """Fill what those who look know of ties to members and of what these have learnt, and how far spaces are."""
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
            known.km[a, c] = distance(i, w.candidate[i, c], w, spaces) if w.candidate[i, c] >= 0 else math.nan


@kernel
def look_around(
    due: Integers, week: int, w: Population, spaces: Spaces, schemes: Schemes, ties: Ties, p: Parameters, known: Known
) -> None:
    """Fill the weekly fee of every plan, how crowded spaces are, and what those who look know, in one call."""
    _look_at_spaces(spaces, p, known)
    _count(due, w, spaces, ties, known)
    quote(due, week, w, spaces, schemes, NO_SCHEME, known.fee, known.price)


def room(people: int, fee: Integers, crowd: Floats) -> Known:
    """Return room for what so many people know."""
    shape = (people, SLOTS)
    return Known(
        np.empty(shape, np.int64),
        np.empty(shape),
        np.empty(shape),
        np.empty((*shape, len(PLANS)), np.int64),
        fee,
        crowd,
    )


@rule
def offer_of(a: int, c: int, plan: int, i: int, pound: float, known: Known, w: Population) -> Offer:
    """Return what ``due[a]``, in row i and with this utility of a pound, knows of a plan of the space in slot c."""
    s = w.candidate[i, c]
    price, member = known.price[a, c, plan] / 100.0, w.member_of[i] == s
    crowd = 0.0 if plan == DEDICATED else known.crowd[s]
    return Offer(
        price,
        w.income[i],
        pound,
        member,
        w.tenure[i],
        known.ties[a, c],
        known.gain[a, c],
        crowd,
        known.km[a, c],
        plan,
    )


@kernel
def value_offers(due: Integers, own: Flags, known: Known, w: Population, p: Parameters, value: Floats) -> None:
    """Fill ``value[a, 3*slot + plan]`` for ``due[a]``; NaN for what is not on offer and for who decides otherwise."""
    for a in range(len(due)):
        i = due[a]
        value[a, :] = math.nan
        if own[i]:
            continue
        pound, taste = utility_of_a_pound(w.income[i], p), team_taste(i, w)
        for c in range(SLOTS):
            if known.price[a, c, 0] < 0:
                continue
            for plan in range(3):
                offer = offer_of(a, c, plan, i, pound, known, w)
                value[a, 3 * c + plan] = membership_value(offer, taste, w.status[i] == EMPLOYEE, p)
