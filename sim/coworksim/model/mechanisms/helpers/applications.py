"""Applying with intent: who applies for help with fees, a course or a loan, because he or she means to use it.

At a look, for each scheme that a person has heard of, may have and has not had, two choices are set side by side by the
same wish (the Gumbel numbers of the look): without the award and with it. With ``lambda`` the utility of a pound a week
::

    u0 = max(g_0, max_j V_j + g_j)     u1 = max(g_0, max_j V_j' + g_j), of plan j*, where V' is V at the supported price
    h  = (1/R)/(1 + exp(V_j*' + habit not yet there))       risk a week of leaving later
    D  = (1 - (1 - h)**T)/h                                 weeks of use expected in the term T
    worth = (1 - 1/W)**lag * (u1 - u0)/lambda * D - wait
    wait  = (lag + 1)*(u0 - g_0)/lambda where it is for non-members, else 0

and applies if ``j*`` is a plan and the worth exceeds the hassle. Nobody is asked whether he or she is additional:
``(u1 - u0)/lambda`` is the whole support for those who would come anyway, and 0 for those who stay out in spite of it.
An application waits, and is withdrawn or renewed at each look; so is an award for non-members that has not begun.
Where awards are made once, at the end of a window, people plan long ahead: they weigh the mean over all wishes,
``ln(1 + (sum exp(V'/mu))**mu) - ln(1 + (sum exp(V/mu))**mu)`` a week of the term. The form ``expected`` does so for
every scheme.

Courses and loans are weighed by the same rule, with what an hour is worth at the look in the place of ``(u1 -
u0)/lambda`` and ``h = (1/R)/(1 + exp(B/spread))``; see :mod:`.lessons_and_loans`.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from coworksim.model.kernels import Floats, Integers, kernel, rule
from coworksim.model.mechanisms.helpers.eligibility import Conditions, career, conditions_of, may_apply, mean_skill
from coworksim.model.mechanisms.helpers.fees import cost_of_award, give_up, quote, support
from coworksim.model.mechanisms.helpers.lessons_and_loans import (
    gain_on_average,
    gain_today,
    hour_at_look,
    hours_worth,
    is_plain,
    risk_of_a_week,
)
from coworksim.model.mechanisms.helpers.offers import (
    EXPECTED,
    Known,
    habit,
    log_sum,
    of_spaces,
    outside_wish,
    utility_of_a_pound,
    wish_for,
)
from coworksim.model.parameters.week import MembershipParameters, SchemesParameters, TrainingParameters
from coworksim.model.scenario import read
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.policy_state import APPLIED, AWARDED, NONE, Schemes
from coworksim.model.state.rng import RunKey
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.synthesis import training_of
from coworksim.model.state.world import World


class Wish(NamedTuple):
    """What somebody would do today, without an award and with it."""

    outside: float  # utility of staying outside
    without: float  # the best there is at today's prices
    supported: float  # the best there is at supported prices
    plan: int  # 3*slot + plan of that, -1 for staying outside


class Round(NamedTuple):
    """One scheme's week of applications."""

    run: RunKey
    week: int
    scheme: int
    draw: int  # weeks until awards are made, 0 where they are made every week
    tastes: MembershipParameters
    costs: SchemesParameters
    courses: TrainingParameters


@rule
def surplus(without: float, supported: float, pound: float) -> float:
    """Return what an award is worth in a week of use, GBP: ``(u1 - u0)/lambda``."""
    return (supported - without) / pound if supported > without else 0.0


@rule
def lasts(risk: float, weeks: int) -> float:
    """Return the chance that what ends with a risk a week lasts so many weeks, ``(1 - risk)**weeks``."""
    left = 1.0
    for _ in range(weeks):
        left *= 1.0 - risk
    return left


@rule
def weeks_of_use(value: float, term: int, review_weeks: float) -> float:
    """Return the weeks of use expected in a term, ``(1 - (1 - h)**T)/h`` with ``h = (1/R)/(1 + exp(V))``.

    >>> round(weeks_of_use(0.0, 52, 8.0), 3), weeks_of_use(800.0, 52, 8.0)
    (15.442, 52.0)
    """
    risk = math.exp(-math.log(review_weeks) - math.log(1.0 + math.exp(value))) if value < 700.0 else 0.0
    return weeks_before(risk, term)


@rule
def weeks_before(risk: float, term: int) -> float:
    """Return the weeks of a term that pass, on average, before what has this risk a week: ``(1 - (1 - h)**T)/h``."""
    return term * 1.0 if risk * term < 1e-9 else (1.0 - lasts(risk, term)) / risk


@rule
def hassle_of(drawn: float, years: float, skill: float, p: SchemesParameters) -> float:
    """Return the cost of applying, GBP: ``h*(1 + early*(1 - x)*exp(-years/5))*h_i``, with ``h_i`` of mean 1.

    ``x`` is the mean of skills over the frontier. Hassle falls with skill and career, whatever an award is worth.
    """
    return p.hassle * (1.0 + p.early_hassle * (1.0 - skill) * math.exp(-years / 5.0)) * drawn


@kernel
def _wish(now: Round, i: int, w: Population, spaces: Spaces, value: Floats, supported: Floats) -> Wish:
    """Return what person i would do by the numbers of his or her last look."""
    p = now.tastes
    outside = outside_wish(now.run, w.lead[i], w.look[i])
    shared = of_spaces(now.run, w.lead[i], w.look[i], p)
    u0 = u1 = outside
    plan = -1
    for b in range(3 * SLOTS):
        if math.isnan(value[b]):
            continue
        g = shared + wish_for(now.run, w.lead[i], w.look[i], spaces.ordinal[w.candidate[i, b // 3]], b % 3, p)
        u0 = max(u0, value[b] + g)
        if supported[b] + g > u1:
            u1, plan = supported[b] + g, b
    return Wish(outside, u0, u1, plan)


@kernel
def _ask(
    k: int, week: int, due: Integers, w: Population, spaces: Spaces, schemes: Schemes, who: Conditions, asked: Integers
) -> int:
    """List by place in ``due`` who may apply for scheme k, or has applied and waits, and looks afresh this week."""
    count = 0
    for a in range(len(due)):
        i = due[a]
        state = schemes.state[i, k]
        if w.look[i] == week and schemes.through_spaces[k] and not schemes.aware[i, k]:
            for c in range(SLOTS):
                s = w.candidate[i, c]
                schemes.aware[i, k] |= s >= 0 and w.aware[i] >> c & 1 and spaces.open[s]
        pending = state == APPLIED or (
            state == AWARDED and schemes.outside[k] and week < schemes.award_week[i, k] + schemes.lag[k]
        )
        if w.look[i] == week and (pending or (state == NONE and schemes.aware[i, k])) and may_apply(i, week, w, who):
            asked[count] = a
            count += 1
    return count


@rule
def _wait(i: int, k: int, week: int, draw: int, schemes: Schemes) -> int:
    """Return the weeks that pass until an award begins: the week of the application, the draw, and the lag."""
    if schemes.state[i, k] == AWARDED:
        return int(schemes.award_week[i, k] + schemes.lag[k] - week)
    return int(1 + draw + schemes.lag[k])


@kernel
def _beside_fees(
    now: Round, i: int, w: Population, places: Regions, wish: Wish, value: Floats, schemes: Schemes
) -> float:
    """Return what applying for a course or a loan is worth to person i, GBP."""
    k, p, pound = now.scheme, now.tastes, utility_of_a_pound(w.income[i], now.tastes)
    weeks, term, price = _wait(i, k, now.week, now.draw, schemes), schemes.term[k], schemes.flat[k] / 100.0
    outside = schemes.outside[k]
    if outside and pound <= 0.0:
        return 0.0
    hours = hours_worth(i, k, w, places, schemes, now.costs.training_ratio)
    if schemes.once[k] or now.costs.wish == EXPECTED:
        waits = weeks * log_sum(value, p.dissimilarity) / pound if outside else 0.0
        gain = price if is_plain(k, schemes) else gain_on_average(hours, price, now.courses)
        return float(gain * term - waits)
    lives = lasts(1.0 / now.costs.intent_weeks, weeks - 1)
    waits = weeks * (wish.without - wish.outside) / pound if outside else 0.0
    if is_plain(k, schemes):
        return float(lives * price * term - waits)
    gain = gain_today(hours, hour_at_look(now.run, i, k, w, schemes, now.courses), price)
    return lives * gain * weeks_before(risk_of_a_week(p.review_weeks, now.courses), term) - waits


@kernel
def _worth(now: Round, i: int, w: Population, wish: Wish, value: Floats, supported: Floats, schemes: Schemes) -> float:
    """Return what applying for help with fees is worth to person i, GBP."""
    k, p, pound = now.scheme, now.tastes, utility_of_a_pound(w.income[i], now.tastes)
    weeks, term = _wait(i, k, now.week, now.draw, schemes), schemes.term[k]
    if pound <= 0.0:
        return 0.0
    if schemes.once[k] or now.costs.wish == EXPECTED:
        usual = log_sum(value, p.dissimilarity)
        waits = weeks * usual / pound if schemes.outside[k] else 0.0
        return float(surplus(usual, log_sum(supported, p.dissimilarity), pound) * term - waits)
    if wish.plan < 0:
        return 0.0
    here = w.member_of[i] >= 0 and w.candidate[i, wish.plan // 3] == w.member_of[i]
    grown = supported[wish.plan] + p.habit - (habit(w.tenure[i], p) if here else 0.0)
    lives = lasts(1.0 / now.costs.intent_weeks, weeks - 1)
    waits = weeks * (wish.without - wish.outside) / pound if schemes.outside[k] else 0.0
    return lives * surplus(wish.without, wish.supported, pound) * weeks_of_use(grown, term, p.review_weeks) - waits


@kernel
def _apply(
    now: Round, asked: Integers, due: Integers, w: Population, places: Regions, spaces: Spaces, schemes: Schemes,
    fee: Integers, value: Floats, supported: Floats, helped: Floats, frontier: Floats,
) -> None:  # fmt: skip  # as a list it fills a page
    """Let those asked apply, renew or withdraw; values stand by place in ``due``, or in ``asked``."""
    k = now.scheme
    for n in range(len(asked)):
        a = asked[n]
        i = due[a]
        wish = _wish(now, i, w, spaces, value[a], supported[n])
        years = career(w.career_start[i], w.entered[i], now.week)
        drawn = schemes.hassle[i, k] / helped[w.region[i]]
        hassle = hassle_of(drawn, years, mean_skill(w.skill[i], frontier[w.occupation[i]]), now.costs)
        state = schemes.state[i, k]
        if schemes.flat[k] > 0:
            worth = _beside_fees(now, i, w, places, wish, value[a], schemes)
        else:
            worth = _worth(now, i, w, wish, value[a], supported[n], schemes)
        schemes.wished[i, k] |= worth > 0.0
        if worth > hassle:
            if state == AWARDED:
                continue
            schemes.state[i, k] = APPLIED
            s = w.candidate[i, wish.plan // 3] if wish.plan >= 0 else -1
            whole = fee[s, wish.plan % 3] if s >= 0 else 0
            usual = cost_of_award(i, k, w, spaces, schemes)
            realised = not schemes.once[k] and now.costs.wish != EXPECTED and schemes.flat[k] == 0
            promise = support(whole, whole, schemes.share[k], schemes.amount[k], whole) * schemes.term[k]
            schemes.cost[i, k] = promise if realised else usual
        elif state != NONE:
            give_up(i, k, schemes)
            schemes.state[i, k] = NONE


class Applications:
    """Who applies for what, as those look at membership who could have it."""

    def __init__(self, world: World, tastes: MembershipParameters) -> None:
        self._on = world.scenario.mechanisms["schemes"]
        self._tastes, self._costs = tastes, read(world.scenario, SchemesParameters)
        self._courses = training_of(world.scenario)
        self._conditions = conditions_of(world)
        self.intent_weeks = self._costs.intent_weeks

    def take(
        self,
        world: World,
        due: Integers,
        known: Known,
        value: Floats,
        judge: Callable[[World, Integers, Known], Floats],
    ) -> None:
        """Let those who look afresh apply for each scheme that takes applications this week."""
        schemes, since = world.schemes, world.week - world.start
        for k in np.flatnonzero(schemes.applied_for).tolist() if self._on else ():
            closes = int(schemes.start[k] + schemes.window[k])
            if not schemes.start[k] <= since < (closes if schemes.once[k] else schemes.end[k]):
                continue
            places = np.empty(len(due), np.int64)
            who, w, spaces = self._conditions[k], world.workers, world.spaces
            places = places[: _ask(k, world.week, due, w, spaces, schemes, who, places)]
            if not len(places):
                continue
            draw = closes - since - 1 if schemes.once[k] else 0
            now = Round(world.run, world.week, k, draw, self._tastes, self._costs, self._courses)
            self._weigh(world, now, places, due, known, value, judge)

    def _weigh(
        self, world: World, now: Round, places: Integers, due: Integers, known: Known, value: Floats, judge: Any
    ) -> None:
        w, spaces, schemes = world.workers, world.spaces, world.schemes
        supported = value[places]
        if schemes.flat[now.scheme] == 0:
            asked = due[places]
            price = np.empty_like(known.price[places])
            theirs = Known(known.ties[places], known.gain[places], known.km[places], price, known.fee, known.crowd)
            quote(asked, now.week, w, spaces, schemes, now.scheme, known.fee, price)
            supported = judge(world, asked, theirs)
        helped, frontier = world.levers.assistance, world.frontier
        regions, fee = world.regions, known.fee
        _apply(now, places, due, w, regions, spaces, schemes, fee, value, supported, helped, frontier)
