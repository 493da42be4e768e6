"""Loops over people: work, tools, membership, attendance, and learning from hours."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.floor import loop
from benchmarks.floor.state import Area, Floats, Integers, Rules
from coworksim.model.mechanisms.adoption import chance_of_adoption
from coworksim.model.mechanisms.attendance import DAYS, _turn_away, comes
from coworksim.model.mechanisms.decay import lost
from coworksim.model.mechanisms.helpers.fees import employer_part, plan_fee
from coworksim.model.mechanisms.helpers.offers import (
    Offer,
    crowding,
    membership_value,
    of_spaces,
    outside_wish,
    utility_of_a_pound,
    wish_for,
)
from coworksim.model.mechanisms.income import AI, CREATIVITY, _fees, appeal, projects_mean, tandem
from coworksim.model.mechanisms.membership import LOOK
from coworksim.model.mechanisms.resource_learning import outside_hours
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.state import rng
from coworksim.model.state.arithmetic import FIXED_ONE, clip_share, fixed, laws, sort_by_place
from coworksim.model.state.consideration import distance
from coworksim.model.state.courses import WORK_HOURS
from coworksim.model.state.people import (
    DECAY,
    DEDICATED,
    EMPLOYEE,
    EMPLOYER,
    NOMAD,
    OUTSIDE,
    OWN,
    OWNER,
    SLOTS,
    SPACE_RESOURCE,
    Population,
)
from coworksim.model.state.rng import pence, poisson, uniform, word
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.teams import team_taste
from coworksim.model.state.ties import NOBODY, Ties
from coworksim.model.state.world import MEMORY_WEEKS

__all__ = ["attend", "hear", "join", "learn_from_hours", "take_up_tools", "work"]

_CREATIVE = np.array(CREATIVE)


@loop
def take_up_tools(week: int, w: Population, ties: Ties, rules: Rules, new: Integers) -> None:
    """Adoption."""
    count = 0
    for i in range(len(w.key)):
        if w.tools[i]:
            continue
        creative = _CREATIVE[w.occupation[i]]
        u = uniform(word(rules.run, np.uint64(w.key[i]), rng.ADOPTION, week, 0))
        if u >= chance_of_adoption(1.0, creative, rules.adoption):
            continue
        known, users = 0, 0
        for a in range(ties.indptr[i], ties.indptr[i + 1]):
            if ties.indices[a] != NOBODY:
                known += 1
                users += w.tools[ties.indices[a]]
        if u < chance_of_adoption(users / known if known > 0 else 0.0, creative, rules.adoption):
            new[count] = i
            count += 1
    for a in range(count):
        w.tools[new[a]] = True


@loop
def _appeals(now: int, w: Population, area: Area, rules: Rules, e: Floats, mean_e: Floats) -> None:
    """Fill what skills count for (of independents: how they draw projects), and the mean of each region."""
    p = rules.income
    total, count, x = np.zeros(len(mean_e), np.int64), np.zeros(len(mean_e), np.int64), np.empty(8)
    for i in range(len(w.key)):
        o, r = w.occupation[i], w.region[i]
        weights = area.weights[o]
        for k in range(8):
            x[k] = w.skill[i, k] / area.frontier[now, o, k]
        some, weight = 0.0, 0.0
        for k in range(8):
            weight += weights[k]
            if k not in (CREATIVITY, AI):
                some += weights[k] * x[k]
        ai = x[AI] if w.tools[i] else 0.0
        pair = tandem(x[CREATIVITY], ai, weights[CREATIVITY], weights[AI], p.complementarity)
        e[i] = (some + (weights[CREATIVITY] + weights[AI]) * pair) / weight
        if w.status[i] < EMPLOYEE:
            e[i] = appeal(e[i], p)
            if w.status[i] != NOMAD:
                total[r] += fixed(e[i])
                count[r] += 1
    for r in range(len(mean_e)):
        mean_e[r] = total[r] / FIXED_ONE / count[r] if count[r] > 0 else 1.0


@loop
def work(
    week: int, now: int, w: Population, places: Regions, area: Area, rules: Rules, e: Floats, mean_e: Floats
) -> None:
    """Income."""
    _appeals(now, w, area, rules, e, mean_e)
    p = rules.income
    for i in range(len(w.key)):
        r, status = w.region[i], w.status[i]
        level, power = places.income_level[r], w.earning_power[i]
        if status < EMPLOYEE:
            who, home = np.uint64(w.key[i]), status != NOMAD
            mean = projects_mean(e[i], mean_e[r] if home else 1.0, area.demand[now, r] if home else 1.0, p)
            mean *= max(0.0, 1.0 - p.lost * w.lessons[i] / WORK_HOURS)
            projects = poisson(mean, uniform(word(rules.run, who, rng.PROJECTS, week, 0)))
            pay = _fees(rules.run, week, who, projects, level, power, p.owner_factor if status == OWNER else 1.0, p)
            w.work[i] += p.smoothing * (projects / p.projects - w.work[i])
        else:
            pay = pence(p.wage * level * power * math.exp(p.wage_return * (e[i] - 0.5)))
        w.income[i] += p.smoothing * (pay / 100.0 - w.income[i])
        w.earned[i] += pay


@loop
def hear(week: int, w: Population, s: Spaces, ties: Ties, rules: Rules) -> None:
    """Awareness of spaces, all of which opened before."""
    p = rules.awareness
    for i in range(len(w.key)):
        for slot in range(SLOTS):
            space = w.candidate[i, slot]
            if space < 0:
                break
            if not s.open[space] or w.aware[i] >> slot & 1:
                continue
            u = uniform(word(rules.run, np.uint64(w.key[i]), rng.AWARENESS, week, s.ordinal[space]))
            if u >= p.unprompted + p.by_ties:
                continue
            known = 0
            for a in range(ties.indptr[i], ties.indptr[i + 1]):
                if ties.indices[a] != NOBODY and w.member_of[ties.indices[a]] == space:
                    known += 1
            if u < p.unprompted + p.by_ties * (1.0 - math.exp(-known / 2.0)):
                w.aware[i] |= 1 << slot


@loop
def _best(i: int, week: int, w: Population, s: Spaces, ties: Ties, rules: Rules) -> int:
    """Return ``3*slot + plan`` of the best offer to one person who looks this week, -1 for none."""
    p, who, taste = rules.membership, w.lead[i], team_taste(i, w)
    known, expected = np.zeros(SLOTS, np.int64), np.zeros(SLOTS)
    for a in range(ties.indptr[i], ties.indptr[i + 1]):
        j = ties.indices[a]
        if j != NOBODY and w.member_of[j] >= 0:
            for slot in range(SLOTS):
                if w.candidate[i, slot] == w.member_of[j]:
                    known[slot] += 1
                    expected[slot] += w.recent_gain[j]
    pound = utility_of_a_pound(w.income[i], p)
    best, chosen = outside_wish(rules.run, who, week), -1
    shared = of_spaces(rules.run, who, week, p)
    for slot in range(SLOTS):
        space = w.candidate[i, slot]
        if space < 0 or not (w.aware[i] >> slot & 1) or not s.open[space]:
            continue
        gain = expected[slot] / known[slot] if known[slot] > 0 else 0.0
        for plan in range(3):
            fee = plan_fee(plan, s.price[space], p.day_ratio, p.dedicated_ratio)
            own = fee - employer_part(fee, w.sponsor[i])
            crowd = 0.0 if plan == DEDICATED else crowding(s.present[space], s.desks[space])
            member, km = w.member_of[i] == space, distance(i, space, w, s)
            offer = Offer(own / 100.0, w.income[i], pound, member, w.tenure[i], known[slot], gain, crowd, km, plan)
            wish = shared + wish_for(rules.run, who, week, s.ordinal[space], plan, p)
            value = membership_value(offer, taste, w.status[i] == EMPLOYEE, p) + wish
            if value > best:
                best, chosen = value, 3 * slot + plan
    return chosen


@loop
def join(
    week: int,
    season: float,
    w: Population,
    s: Spaces,
    ties: Ties,
    rules: Rules,
    due: Integers,
    chosen: Integers,
) -> None:
    """Membership without schemes: look, choose, pay."""
    p, count = rules.membership, 0
    for i in range(len(w.key)):
        if uniform(word(rules.run, np.uint64(w.lead[i]), rng.MEMBERSHIP, week, LOOK)) < season / p.review_weeks:
            w.look[i] = week
            due[count], chosen[count] = i, _best(i, week, w, s, ties, rules)
            count += 1
    for a in range(count):
        i = due[a]
        space = w.candidate[i, chosen[a] // 3] if chosen[a] >= 0 else -1
        if space != w.member_of[i]:
            w.tenure[i] = 0
        w.member_of[i], w.plan[i] = space, chosen[a] % 3 if chosen[a] >= 0 else -1
    s.members[:] = 0
    s.fees[:] = 0
    for i in range(len(w.key)):
        space = w.member_of[i]
        if space >= 0:
            fee = plan_fee(w.plan[i], s.price[space], p.day_ratio, p.dedicated_ratio)
            w.fees[i] += fee - employer_part(fee, w.sponsor[i])
            s.fees[space] += fee
            s.members[space] += 1
            w.tenure[i] += 1
            w.member_weeks[i] += 1
            w.last_member[i] = week


@loop
def attend(week: int, season: float, w: Population, s: Spaces, rules: Rules) -> None:
    """Attendance."""
    w.day_mask[:] = 0
    w.days_present[:] = 0
    sort_by_place(w.member_of, s.member_start, s.member)
    came = np.empty(len(w.key), np.int32)
    for space in range(len(s.desks)):
        members = s.member[s.member_start[space] : s.member_start[space + 1]]
        s.turned_away[space], s.desk_days[space] = 0, 0
        for d in range(DAYS):
            count = 0
            for i in members:
                u = uniform(word(rules.run, np.uint64(w.key[i]), rng.ATTENDANCE, week, d))
                if comes(w.days[i], w.plan[i], season, u):
                    w.day_mask[i] |= 1 << d
                    came[count] = i
                    count += 1
            if count > s.desks[space]:
                s.turned_away[space] += count - s.desks[space]
                _turn_away(rules.run, week, d, s.desks[space], came[:count], w)
        for i in members:
            for d in range(DAYS):
                w.days_present[i] += w.day_mask[i] >> d & 1
            w.days_total[i] += w.days_present[i]
            s.desk_days[space] += w.days_present[i]
        s.present[space] += rules.attendance.smoothing * (s.desk_days[space] / 5.0 - s.present[space])


@loop
def learn_from_hours(now: int, w: Population, places: Regions, area: Area, rules: Rules, reach: Floats) -> None:
    """Resource learning, decay of skills, and memory of the week's gain, in one pass."""
    p, lost_a_year = rules.learning, rules.decay.skill
    for i in range(len(w.key)):
        o, r = w.occupation[i], w.region[i]
        frontier, skill, gain = area.frontier[now, o], w.skill[i], w.gain[i]
        outside = outside_hours(w.learning_hours[i], w.inside_hours[i] + w.training_hours[i], places.outside_access[r])
        inside, taught = w.inside_hours[i] + p.training_ratio * w.training_hours[i], p.training_ratio * w.lessons[i]
        employer, bought = (taught, 0.0) if w.status[i] >= EMPLOYEE else (0.0, taught)
        w.outside_hours_total[i] += outside
        laws(skill[:4], frontier[:4], p.theta_sc, p.scale_sc, reach[:4])
        laws(skill[4:], frontier[4:], p.theta_td, p.scale_td, reach[4:])
        week_gain = w.week_gain[i]
        for family in range(2):
            own, away, firm, pool, loss = 0.0, 0.0, 0.0, 0.0, 0.0
            for k in range(4 * family, 4 * family + 4):
                rate = p.td_rate * area.td_spread[o, k - 4] * reach[k] if family == 1 else 0.0
                alone = (p.own_td if family == 1 else p.own_sc) * reach[k]
                step = rate * (inside + (outside + bought) + employer) + alone
                fit = clip_share(skill[k], step, frontier[k])
                s = max(skill[k], frontier[k]) if fit < 1.0 else skill[k] + step
                forgotten = lost(s, lost_a_year)
                skill[k] = s - forgotten
                own, away, firm = (
                    own + alone * fit,
                    away + rate * (outside + bought) * fit,
                    firm + rate * employer * fit,
                )
                pool, loss = pool + rate * inside * fit, loss + forgotten
            gain[family, OWN] += own / 4.0
            gain[family, OUTSIDE] += away / 4.0
            gain[family, EMPLOYER] += firm / 4.0
            gain[family, SPACE_RESOURCE] += pool / 4.0
            gain[family, DECAY] -= loss / 4.0
            week_gain += pool
        w.recent_gain[i] = w.recent_gain[i] * (1.0 - 1.0 / MEMORY_WEEKS) + 100.0 * week_gain / 8.0
        w.week_gain[i] = 0.0
