"""What plans of membership cost, and who pays: schemes of support in their order, then employer, then the member.

Of a weekly fee ``fee``, scheme by scheme pays ``min(rest, share*fee, amount, left)`` of the ``rest`` that those before
it leave, ``left`` being what is unused of the award; the employer pays the part ``sponsor*rest``, the member the rest.

What awards buy beside fees: taught hours outside, from trainers, and loans of equipment, from suppliers. It is paid in
each week of an award's term in which the person comes for it, from the week in which the lag is over. A loan lifts
outside access to what it gives, at least.
"""

import math

from coworksim.model.kernels import Integers, kernel, rule
from coworksim.model.mechanisms.helpers.lessons_and_loans import comes_for_it
from coworksim.model.parameters.week import TrainingParameters
from coworksim.model.policies.kinds import weekly
from coworksim.model.state.consideration import distance
from coworksim.model.state.people import DAY, HOT, SLOTS, Population
from coworksim.model.state.policy_state import AWARDED, IN_USE, Schemes
from coworksim.model.state.rng import RunKey
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.world import World

#: A week's share of a monthly price, as policies work it out.
weekly_fee = rule(weekly)


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
def _pays(i: int, k: int, week: int, schemes: Schemes) -> bool:
    """Return whether scheme k pays for person i this week."""
    return usable(schemes.state[i, k], schemes.award_week[i, k], schemes.lag[k], schemes.term[k], week)


@rule
def cost_of_award(i: int, k: int, w: Population, spaces: Spaces, schemes: Schemes) -> int:
    """Return what scheme k would pay for person i over its term, with a hot desk in the nearest open space, pence.

    That is ``(min(share*fee, amount) + flat)*term``; no open space means ``fee = 0``.
    """
    nearest, least = -1, math.inf
    for c in range(SLOTS):
        s = w.candidate[i, c]
        if s >= 0 and spaces.open[s] and distance(i, s, w, spaces) < least:
            nearest, least = s, distance(i, s, w, spaces)
    fee = weekly_fee(spaces.price[nearest]) if nearest >= 0 else 0
    return int((support(fee, fee, schemes.share[k], schemes.amount[k], fee) + schemes.flat[k]) * schemes.term[k])


@kernel
def give_up(i: int, k: int, schemes: Schemes) -> None:
    """Return what an award that ends has not paid, and free its place if it was never used."""
    if schemes.state[i, k] in (AWARDED, IN_USE):
        schemes.committed[k] -= schemes.cost[i, k] - schemes.used[i, k]
    if schemes.state[i, k] == AWARDED:
        schemes.lapsed[k] += 1


@rule
def employer_part(rest: int, sponsor: float) -> int:
    """Return what an employer pays of what schemes leave of a fee, ``sponsor*rest``, pence, halves rounded up."""
    return int(math.floor(rest * sponsor + 0.5))


@kernel
def quote(
    due: Integers, week: int, w: Population, spaces: Spaces, schemes: Schemes, also: int, fee: Integers, price: Integers
) -> None:
    """Fill, by slot and plan, what ``due[a]`` would have to pay, pence: -1 when a space is not on offer.

    That is what is left of the fee after schemes, in their order, and employer; scheme ``also`` (-1: none) counts as if
    it had been awarded.
    """
    for a in range(len(due)):
        i = due[a]
        price[a, :, :] = -1
        for c in range(SLOTS):
            s = w.candidate[i, c]
            if s < 0 or not (w.aware[i] >> c & 1) or not spaces.open[s]:
                continue
            for plan in range(3):
                rest = fee[s, plan]
                for k in range(len(schemes.share)):
                    if k == also or _pays(i, k, week, schemes):
                        left = fee[s, plan] if k == also else schemes.cost[i, k] - schemes.used[i, k]
                        rest -= support(rest, fee[s, plan], schemes.share[k], schemes.amount[k], left)
                price[a, c, plan] = rest - employer_part(rest, w.sponsor[i])


@kernel
def pay(week: int, w: Population, spaces: Spaces, schemes: Schemes, fee: Integers, paid: Integers) -> None:
    """Let every member pay; ``paid[space]`` receives the pence of members, of employers, and of each scheme."""
    spaces.members[spaces.span[0] : spaces.span[1]] = 0
    spaces.fees[spaces.span[0] : spaces.span[1]] = 0
    paid[:] = 0
    for i in range(len(w.member_of)):
        s = w.member_of[i]
        if s < 0:
            continue
        due = fee[s, w.plan[i]]
        rest = due
        for k in range(len(schemes.share)):
            if _pays(i, k, week, schemes):
                part = support(rest, due, schemes.share[k], schemes.amount[k], schemes.cost[i, k] - schemes.used[i, k])
                if part > 0:
                    schemes.state[i, k] = IN_USE
                    schemes.last_used[i, k] = week
                schemes.used[i, k] += part
                schemes.spent[k] += part
                w.supported[i] += part
                paid[s, 2 + k] += part
                rest -= part
        employer = employer_part(rest, w.sponsor[i])
        w.fees[i] += rest - employer
        paid[s, 0] += rest - employer
        paid[s, 1] += employer
        spaces.fees[s] += due
        spaces.members[s] += 1
        w.tenure[i] += 1
        w.member_weeks[i] += 1
        w.last_member[i] = week


@kernel
def _serve(
    run: RunKey, week: int, w: Population, schemes: Schemes, courses: TrainingParameters, paid: Integers
) -> None:
    """Bring what awards buy this week to those who come for it; ``paid[scheme]`` receives the pence."""
    paid[:] = 0
    w.loan_access[:] = 0.0
    w.taught[:] = 0.0
    for i in range(len(schemes.state)):
        for k in range(len(schemes.flat)):
            if schemes.flat[k] > 0 and _pays(i, k, week, schemes) and comes_for_it(run, i, k, w, schemes, courses):
                schemes.state[i, k] = IN_USE
                schemes.last_used[i, k] = week
                schemes.used[i, k] += schemes.flat[k]
                schemes.spent[k] += schemes.flat[k]
                paid[k] += schemes.flat[k]
                w.loan_access[i] = max(w.loan_access[i], schemes.access[k])
                for t in range(4):
                    w.taught[i, t] += schemes.hours[k] * schemes.spread[k, w.occupation[i], t]


def bring(world: World, courses: TrainingParameters, paid: Integers) -> None:
    """Pay for what awards buy beside fees, and let people have it; ``paid`` is room for the pence of each policy."""
    schemes = world.schemes
    if not schemes.flat.any():
        return
    _serve(world.run, world.week, world.workers, schemes, courses, paid)
    for k, policy in enumerate(world.scenario.policies):
        payee = "trainers" if schemes.hours[k] > 0.0 else "suppliers"
        world.ledger.post(world.week, "treasury", payee, f"policy:{policy.name}", int(paid[k]))
