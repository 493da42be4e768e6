"""Loops over meetings: who meets whom, which ties follow, and what people learn from each other."""

from __future__ import annotations

import numpy as np

from benchmarks.floor import loop
from benchmarks.floor.state import Area, Constants, Flags, Floats, Graph, Outlets, People, Rules
from coworksim.model.mechanisms.helpers.contacts import among_colleagues, outside
from coworksim.model.mechanisms.helpers.encounter_records import Records, merge, remember
from coworksim.model.mechanisms.helpers.gatherings import at_events, by_introduction
from coworksim.model.mechanisms.helpers.seating import at_tables
from coworksim.model.mechanisms.social_learning import (
    Meeting,
    Parameters,
    fit_of,
    following,
    openness,
    sc_gain,
    td_gain,
    td_share,
)
from coworksim.model.state.arithmetic import clip_share, law
from coworksim.model.state.meetings import INSIDE_KINDS
from coworksim.model.state.people import FIRM, OUTSIDE, SPACE_SOCIAL
from coworksim.model.state.ties import _insert, _prune, _snapshot

__all__ = ["fade", "learn_from_others", "meet"]


@loop
def meet(
    week: int, now: int, w: People, s: Outlets, graph: Graph, area: Area, rules: Rules, c: Constants, appeal: Floats
) -> Records:
    """Encounters: return the records of the week."""
    p, run, count = rules.contacts, c.run, graph.size[0]
    found, n = outside(run, week, w.key, w.region, area.first_row, area.firm_density, p, w.outside_contacts)
    found, n = among_colleagues(run, week, w.key, w.region, w.status, area.first_row, p, found, n)
    found, n = at_tables(
        run,
        week,
        graph.roster_start,
        graph.roster,
        s.tables,
        s.present,
        s.floor_side,
        s.proximity,
        c.same_share,
        w.key,
        w.status,
        w.day_mask,
        w.occupation,
        w.sociability,
        w.seat,
        w.skill,
        area.frontier[now],
        graph.first,
        graph.other,
        graph.weight,
        graph.last,
        graph.start,
        graph.neighbour,
        c.log_rho,
        p,
        appeal,
        found,
        n,
    )
    found, n = at_events(
        run,
        week,
        w.key,
        w.region,
        w.occupation,
        area.creative,
        w.sociability,
        w.member_of,
        w.candidate,
        s.key,
        s.ordinal,
        s.open,
        s.events,
        s.tables,
        area.firm_density,
        area.visits,
        p,
        s.events_held,
        found,
        n,
    )
    found, n = by_introduction(
        run,
        week,
        graph.roster_start,
        graph.roster,
        w.days_present,
        s.key,
        s.open,
        s.introductions,
        graph.first,
        graph.other,
        found,
        n,
    )
    records, _, accepted = merge(
        run,
        week,
        found,
        n,
        w.key,
        w.work,
        np.zeros(len(w.key), np.bool_),
        graph.first,
        graph.other,
        graph.weight,
        graph.last,
        c.log_rho,
        p,
    )
    records, one, other, weight = remember(
        run,
        week,
        w.key,
        accepted,
        records,
        graph.weight,
        graph.last,
        p,
        w.encounters,
        w.encounter_hours,
        w.outside_met,
        w.partners_new,
        s.meetings,
    )
    if count + len(one) > len(graph.one):
        raise ValueError("more ties than there is room for")
    _insert(graph.one, graph.other, graph.weight, graph.last, count, one, other, weight, week, graph.first)
    graph.size[0] = count + len(one)
    return records


@loop
def _see(
    now: int, met: Flags, w: People, area: Area, p: Parameters, room: Floats, profile: Floats, step: Floats
) -> None:
    """Room to learn and profiles of those who meet anybody."""
    for i in range(len(met)):
        if met[i]:
            total = w.skill[i, 4] + w.skill[i, 5] + w.skill[i, 6] + w.skill[i, 7]
            for k in range(4):
                room[i, k] = law(w.skill[i, k], area.frontier[now, w.occupation[i], k], p.theta_sc, p.scale_sc)
                profile[i, k] = td_share(w.skill[i, 4 + k], total)
            step[i, :, :] = 0.0


@loop
def learn_from_others(
    now: int, w: People, area: Area, rules: Rules, records: Records, room: Floats, profile: Floats, step: Floats
) -> None:
    """Social learning."""
    one, other, kind, _, times, tie, _ = records
    met, p = np.zeros(len(w.key), np.bool_), rules.social
    for e in range(len(one)):
        met[one[e]] = True
        met[other[e]] = True
    _see(now, met, w, area, p, room, profile, step)
    for e in range(len(one)):
        source = max(0, kind[e] - INSIDE_KINDS + 1)
        fit = fit_of(profile, one[e], other[e], p)
        for i, j in ((one[e], other[e]), (other[e], one[e])):
            meeting = Meeting(kind[e], times[e], tie[e], w.outside_contacts[j], w.work[i], fit)
            reach, follow = openness(meeting, p), following(meeting)
            for k in range(4):
                step[i, source, k] += sc_gain(
                    w.skill[i, k], w.skill[j, k], room[i, k], reach, area.encounter_weights[kind[e], k], follow, p
                )
            for k in range(4, 8):
                step[i, source, k] += td_gain(w.skill[i, k], w.skill[j, k], times[e], follow, p)
    for i in range(len(met)):
        if met[i]:
            for k in range(8):
                limit, total = area.frontier[now, w.occupation[i], k], step[i, 0, k] + step[i, 1, k] + step[i, 2, k]
                share = clip_share(w.skill[i, k], total, limit)
                w.skill[i, k] = max(w.skill[i, k], limit) if share < 1.0 else w.skill[i, k] + total
                w.gain[i, k // 4, SPACE_SOCIAL] += step[i, 0, k] * share / 4.0
                w.gain[i, k // 4, OUTSIDE] += step[i, 1, k] * share / 4.0
                w.gain[i, k // 4, FIRM] += step[i, 2, k] * share / 4.0
                w.week_gain[i] += step[i, 0, k] * share


@loop
def fade(week: int, graph: Graph, rules: Rules, c: Constants) -> None:
    """Drop faded ties, and look anew at who knows whom."""
    graph.size[0] = _prune(
        graph.one,
        graph.other,
        graph.weight,
        graph.last,
        graph.size[0],
        week + 1,
        c.log_rho,
        rules.decay.tie_floor,
        graph.first,
    )
    _snapshot(graph.one, graph.other, graph.size[0], graph.start, graph.neighbour)
