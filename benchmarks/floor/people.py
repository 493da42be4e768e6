"""Loops over people: work, tools, membership, attendance, and learning from hours."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.floor import loop
from benchmarks.floor.state import Area, Constants, Floats, Graph, Integers, Outlets, People, Rules
from coworksim.model.mechanisms.adoption import chance_of_adoption
from coworksim.model.mechanisms.attendance import DAYS, _turn_away, comes
from coworksim.model.mechanisms.decay import lost
from coworksim.model.mechanisms.helpers.fees import employer_part, plan_fee
from coworksim.model.mechanisms.income import AI, CREATIVITY, _fees, appeal, projects_mean, tandem
from coworksim.model.mechanisms.membership import REVIEW_WEEKS, Offer, crowding, membership_value
from coworksim.model.mechanisms.resource_learning import outside_hours
from coworksim.model.mechanisms.resource_pool import learning_budget
from coworksim.model.state import rng
from coworksim.model.state.arithmetic import FIXED_ONE, clip_share, disposable, fixed, laws
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
)
from coworksim.model.state.rng import gumbel, pence, poisson, uniform, word
from coworksim.model.state.ties import NOBODY
from coworksim.model.state.world import MEMORY_WEEKS

__all__ = ["attend", "hear", "join", "learn_from_hours", "take_up_tools", "work"]


@loop
def take_up_tools(week: int, w: People, graph: Graph, area: Area, rules: Rules, c: Constants, new: Integers) -> None:
    """Adoption."""
    count = 0
    for i in range(len(w.key)):
        if w.tools[i]:
            continue
        creative = area.creative[w.occupation[i]]
        u = uniform(word(c.run, np.uint64(w.key[i]), rng.ADOPTION, week, 0))
        if u >= chance_of_adoption(1.0, creative, rules.adoption):
            continue
        ties, users = 0, 0
        for a in range(graph.start[i], graph.start[i + 1]):
            if graph.neighbour[a] != NOBODY:
                ties += 1
                users += w.tools[graph.neighbour[a]]
        if u < chance_of_adoption(users / ties if ties > 0 else 0.0, creative, rules.adoption):
            new[count] = i
            count += 1
    for a in range(count):
        w.tools[new[a]] = True


@loop
def _appeals(now: int, w: People, area: Area, rules: Rules, e: Floats, mean_e: Floats) -> None:
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
def work(week: int, now: int, w: People, area: Area, rules: Rules, c: Constants, e: Floats, mean_e: Floats) -> None:
    """Income."""
    _appeals(now, w, area, rules, e, mean_e)
    p = rules.income
    for i in range(len(w.key)):
        r, status = w.region[i], w.status[i]
        level, power = area.income_level[r], w.earning_power[i]
        if status < EMPLOYEE:
            who, home = np.uint64(w.key[i]), status != NOMAD
            mean = projects_mean(e[i], mean_e[r] if home else 1.0, area.demand[now, r] if home else 1.0, p)
            projects = poisson(mean, uniform(word(c.run, who, rng.PROJECTS, week, 0)))
            pay = _fees(c.run, week, who, projects, level, power, p.owner_factor if status == OWNER else 1.0, p)
            w.work[i] += p.smoothing * (projects / p.projects - w.work[i])
        else:
            pay = pence(p.wage * level * power * math.exp(p.wage_return * (e[i] - 0.5)))
        w.income[i] += p.smoothing * (pay / 100.0 - w.income[i])
        w.earned[i] += pay


@loop
def hear(week: int, w: People, s: Outlets, graph: Graph, rules: Rules, c: Constants) -> None:
    """Awareness of spaces, all of which opened before."""
    p = rules.awareness
    for i in range(len(w.key)):
        for slot in range(SLOTS):
            space = w.candidate[i, slot]
            if space < 0:
                break
            if not s.open[space] or w.aware[i] >> slot & 1:
                continue
            u = uniform(word(c.run, np.uint64(w.key[i]), rng.AWARENESS, week, s.ordinal[space]))
            if u >= p.unprompted + p.by_ties:
                continue
            ties = 0
            for a in range(graph.start[i], graph.start[i + 1]):
                if graph.neighbour[a] != NOBODY and w.member_of[graph.neighbour[a]] == space:
                    ties += 1
            if u < p.unprompted + p.by_ties * (1.0 - math.exp(-ties / 2.0)):
                w.aware[i] |= 1 << slot


@loop
def _best(i: int, week: int, w: People, s: Outlets, graph: Graph, area: Area, rules: Rules, c: Constants) -> int:
    """Return ``3*slot + plan`` of the best offer to one person, -1 for none."""
    p, who = rules.membership, np.uint64(w.key[i])
    ties, expected = np.zeros(SLOTS, np.int64), np.zeros(SLOTS)
    for a in range(graph.start[i], graph.start[i + 1]):
        j = graph.neighbour[a]
        if j != NOBODY and w.member_of[j] >= 0:
            for slot in range(SLOTS):
                if w.candidate[i, slot] == w.member_of[j]:
                    ties[slot] += 1
                    expected[slot] += w.recent_gain[j]
    left = disposable(w.income[i], area.living_cost[w.region[i]], p.disposable_floor)
    best, chosen = gumbel(uniform(word(c.run, who, rng.MEMBERSHIP, week, 0))), -1
    for slot in range(SLOTS):
        space = w.candidate[i, slot]
        if space < 0 or not (w.aware[i] >> slot & 1) or not s.open[space]:
            continue
        gain = expected[slot] / ties[slot] if ties[slot] > 0 else 0.0
        for plan in range(3):
            fee = plan_fee(plan, s.price[space], p.day_ratio, p.dedicated_ratio)
            own = fee - employer_part(fee, w.sponsor[i])
            crowd = 0.0 if plan == DEDICATED else crowding(s.present[space], s.desks[space])
            member, km = w.member_of[i] == space, w.distance[i, slot]
            offer = Offer(own / 100.0, left, member, ties[slot], gain, crowd, km, plan)
            u = uniform(word(c.run, who, rng.MEMBERSHIP, week, 1 + 4 * s.ordinal[space] + plan))
            value = membership_value(offer, w.taste[i], w.status[i] == EMPLOYEE, p) + gumbel(u)
            if value > best:
                best, chosen = value, 3 * slot + plan
    return chosen


@loop
def join(
    week: int,
    w: People,
    s: Outlets,
    graph: Graph,
    area: Area,
    rules: Rules,
    c: Constants,
    due: Integers,
    chosen: Integers,
) -> None:
    """Membership without schemes: review, choose, pay."""
    p, count = rules.membership, 0
    for i in range(len(w.key)):
        if (week - c.opening) % REVIEW_WEEKS == w.review_offset[i]:
            due[count], chosen[count] = i, _best(i, week, w, s, graph, area, rules, c)
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


@loop
def _list_members(w: People, graph: Graph) -> None:
    """List members by space, and empty the week's days."""
    start, roster = graph.roster_start, graph.roster
    start[:] = 0
    for i in range(len(w.key)):
        w.day_mask[i], w.days_present[i] = 0, 0
        if w.member_of[i] >= 0:
            start[w.member_of[i] + 1] += 1
    for k in range(len(start) - 1):
        start[k + 1] += start[k]
    fill = start[:-1].copy()
    for i in range(len(w.key)):
        if w.member_of[i] >= 0:
            roster[fill[w.member_of[i]]] = i
            fill[w.member_of[i]] += 1


@loop
def attend(week: int, w: People, s: Outlets, graph: Graph, c: Constants) -> None:
    """Attendance."""
    _list_members(w, graph)
    came = np.empty(len(w.key), np.int32)
    for space in range(len(s.desks)):
        members = graph.roster[graph.roster_start[space] : graph.roster_start[space + 1]]
        s.turned_away[space], s.desk_days[space] = 0, 0
        for d in range(DAYS):
            count = 0
            for i in members:
                if comes(w.days[i], w.plan[i], uniform(word(c.run, np.uint64(w.key[i]), rng.ATTENDANCE, week, d))):
                    w.day_mask[i] |= 1 << d
                    came[count] = i
                    count += 1
            if count > s.desks[space]:
                s.turned_away[space] += count - s.desks[space]
                _turn_away(c.run, week, d, s.desks[space], came[:count], w.key, w.plan, w.day_mask)
        for i in members:
            for d in range(DAYS):
                w.days_present[i] += w.day_mask[i] >> d & 1
            w.days_total[i] += w.days_present[i]
            s.desk_days[space] += w.days_present[i]
        s.present[space] += c.smoothing * (s.desk_days[space] / 5.0 - s.present[space])


@loop
def learn_from_hours(now: int, w: People, area: Area, rules: Rules, reach: Floats) -> None:
    """Resource learning, decay of skills, and memory of the week's gain, in one pass."""
    p, lost_a_year = rules.learning, rules.decay.skill
    for i in range(len(w.key)):
        o, r = w.occupation[i], w.region[i]
        frontier, skill, gain = area.frontier[now, o], w.skill[i], w.gain[i]
        left = disposable(w.income[i], area.living_cost[r], p.disposable_floor)
        budget = learning_budget(w.learning_hours[i], w.encounter_hours[i], p.from_learning)
        outside = outside_hours(budget, w.inside_hours[i] + w.training_hours[i], area.outside_access[r], left, p)
        inside, employer = w.inside_hours[i] + p.training_ratio * w.training_hours[i], w.employer_hours[i]
        w.outside_hours_total[i] += outside
        laws(skill, frontier, 0, p.theta_sc, p.scale_sc, reach)
        laws(skill, frontier, 4, p.theta_td, p.scale_td, reach)
        week_gain = w.week_gain[i]
        for family in range(2):
            own, away, firm, pool, loss = 0.0, 0.0, 0.0, 0.0, 0.0
            for k in range(4 * family, 4 * family + 4):
                rate = p.td_rate * area.td_spread[o, k - 4] * reach[k] if family == 1 else 0.0
                alone = (p.own_td if family == 1 else p.own_sc) * reach[k]
                step = rate * (inside + outside + employer) + alone
                fit = clip_share(skill[k], step, frontier[k])
                s = max(skill[k], frontier[k]) if fit < 1.0 else skill[k] + step
                forgotten = lost(s, lost_a_year)
                skill[k] = s - forgotten
                own, away, firm = own + alone * fit, away + rate * outside * fit, firm + rate * employer * fit
                pool, loss = pool + rate * inside * fit, loss + forgotten
            gain[family, OWN] += own / 4.0
            gain[family, OUTSIDE] += away / 4.0
            gain[family, EMPLOYER] += firm / 4.0
            gain[family, SPACE_RESOURCE] += pool / 4.0
            gain[family, DECAY] -= loss / 4.0
            week_gain += pool
        w.recent_gain[i] = w.recent_gain[i] * (1.0 - 1.0 / MEMORY_WEEKS) + 100.0 * week_gain / 8.0
        w.week_gain[i] = 0.0
