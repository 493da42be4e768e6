"""What plans of membership cost, and who pays: schemes of support in their order, then employer, then the member.

Of a weekly fee ``fee``, scheme by scheme pays ``min(rest, share*fee, amount, left)`` of the ``rest`` that those before
it leave, ``left`` being what is unused of the award; the employer pays the part ``sponsor*rest``, the member the rest.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.state.people import DAY, HOT, SLOTS
from coworksim.model.state.policy_state import AWARDED, IN_USE

__all__ = ["Terms", "employer_part", "pay", "plan_fee", "quote", "support", "usable", "weekly_fee"]


class Terms(NamedTuple):
    """What schemes pay: one entry per scheme, and one per person and scheme."""

    share: NDArray[np.float64]
    amount: NDArray[np.int64]
    term: NDArray[np.int64]
    lag: NDArray[np.int64]
    state: NDArray[np.int8]
    award_week: NDArray[np.int32]
    cost: NDArray[np.int64]
    used: NDArray[np.int64]


@rule
def weekly_fee(price: int) -> int:
    """Return a week's share ``12*price/52`` of a monthly price, pence, halves rounded up.

    >>> weekly_fee(15700)
    3623
    """
    return (price * 12 + 26) // 52


@rule
def plan_fee(plan: int, price: int, day_ratio: float, dedicated_ratio: float) -> int:
    """Return the weekly fee of a plan at a monthly price of a hot desk, pence.

    ``price*day_ratio`` for one day a week, ``12*price/52`` for a hot desk, and ``12*price*dedicated_ratio/52``
    for a dedicated one.
    """
    if plan == DAY:
        return int(math.floor(price * day_ratio + 0.5))
    return weekly_fee(price) if plan == HOT else weekly_fee(int(math.floor(price * dedicated_ratio + 0.5)))


@rule
def support(rest: int, fee: int, share: float, amount: int, left: int) -> int:
    """Return what a scheme pays of a weekly ``fee`` of which ``rest`` is unpaid, pence.

    That is ``min(rest, share*fee, amount, left)``: a share of the fee, at most ``amount``, and never more than what is
    ``left`` of the award.

    >>> support(3623, 3623, 0.5, 1500, 10**6), support(3623, 3623, 1.0, 5000, 10**6), support(1000, 3623, 0.5, 900, 300)
    (1500, 3623, 300)
    """
    return min(rest, int(math.floor(share * fee + 0.5)), amount, left)


@rule
def usable(state: int, award_week: int, lag: int, term: int, week: int) -> bool:
    """Return whether an award pays this week: ``award + lag <= week < award + lag + term``."""
    return state in (AWARDED, IN_USE) and award_week + lag <= week < award_week + lag + term


@rule
def employer_part(rest: int, sponsor: float) -> int:
    """Return what an employer pays of what schemes leave of a fee, ``sponsor*rest``, pence, halves rounded up."""
    return int(math.floor(rest * sponsor + 0.5))


@kernel
def quote(
    due: NDArray[np.int64],
    week: int,
    fee: NDArray[np.int64],
    open_now: NDArray[np.bool_],
    sponsor: NDArray[np.float64],
    candidate: NDArray[np.int32],
    aware: NDArray[np.uint8],
    terms: Terms,
    price: NDArray[np.int64],
) -> None:
    """Fill, by slot and plan, what ``due[a]`` would have to pay, pence: -1 when a space is not on offer.

    That is what is left of the fee after schemes, in their order, and employer.
    """
    for a in range(len(due)):
        i = due[a]
        price[a, :, :] = -1
        for c in range(SLOTS):
            s = candidate[i, c]
            if s < 0 or not (aware[i] >> c & 1) or not open_now[s]:
                continue
            for plan in range(3):
                rest = fee[s, plan]
                for k in range(len(terms.share)):
                    if usable(terms.state[i, k], terms.award_week[i, k], terms.lag[k], terms.term[k], week):
                        left = terms.cost[i, k] - terms.used[i, k]
                        rest -= support(rest, fee[s, plan], terms.share[k], terms.amount[k], left)
                price[a, c, plan] = rest - employer_part(rest, sponsor[i])


@kernel
def pay(
    week: int,
    fee: NDArray[np.int64],
    sponsor: NDArray[np.float64],
    member_of: NDArray[np.int32],
    plan: NDArray[np.int8],
    terms: Terms,
    tenure: NDArray[np.int64],
    member_weeks: NDArray[np.int64],
    fees: NDArray[np.int64],
    supported: NDArray[np.int64],
    spent: NDArray[np.int64],
    members: NDArray[np.int64],
    taken: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> None:
    """Let every member pay; ``paid[space]`` receives the pence of members, of employers, and of each scheme."""
    members[:] = 0
    taken[:] = 0
    paid[:] = 0
    for i in range(len(member_of)):
        s = member_of[i]
        if s < 0:
            continue
        due = fee[s, plan[i]]
        rest = due
        for k in range(len(terms.share)):
            if usable(terms.state[i, k], terms.award_week[i, k], terms.lag[k], terms.term[k], week):
                part = support(rest, due, terms.share[k], terms.amount[k], terms.cost[i, k] - terms.used[i, k])
                if part > 0:
                    terms.state[i, k] = IN_USE
                terms.used[i, k] += part
                spent[k] += part
                supported[i] += part
                paid[s, 2 + k] += part
                rest -= part
        employer = employer_part(rest, sponsor[i])
        fees[i] += rest - employer
        paid[s, 0] += rest - employer
        paid[s, 1] += employer
        taken[s] += due
        members[s] += 1
        tenure[i] += 1
        member_weeks[i] += 1
