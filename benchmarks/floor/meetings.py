"""Loops over meetings: who meets whom, which ties follow, and what people learn from each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.floor import loop
from benchmarks.floor.state import Area, Floats, Rules
from coworksim.model.mechanisms.helpers.contacts import among_colleagues, outside
from coworksim.model.mechanisms.helpers.encounter_records import merge, remember
from coworksim.model.mechanisms.helpers.evenings import at_gatherings
from coworksim.model.mechanisms.helpers.groups import found_groups
from coworksim.model.mechanisms.helpers.seating import at_tables
from coworksim.model.mechanisms.social_learning import (
    Meeting,
    fit_of,
    following,
    openness,
    sc_gain,
    td_gain,
    td_share,
)
from coworksim.model.parameters.week import SocialLearningParameters
from coworksim.model.state.arithmetic import clip_share, law
from coworksim.model.state.people import FIRM, OUTSIDE, SPACE_SOCIAL, Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.ties import INSIDE_KINDS, Meetings, Ties, _drop, _insert, _snapshot

__all__ = ["fade", "learn_from_others", "meet"]


@loop
def meet(week: int, w: Population, s: Spaces, ties: Ties, places: Regions, levers: Levers, rules: Rules) -> Meetings:
    """Encounters: return the records of the week."""
    p, run, count = rules.contacts, rules.run, ties.source_start[-1]
    contacts = outside(run, week, w, places, levers, p)
    contacts = among_colleagues(run, week, w, places, p, contacts)
    contacts = at_tables(run, week, w, s, ties, p, contacts)
    contacts = at_gatherings(run, week, w, s, places, levers, ties, p, contacts)
    contacts = found_groups(run, week, w, s, levers, p, contacts)
    met = merge(week, len(w.key), ties, contacts, p.log_rho)
    source, target, weight = remember(run, week, w, s, ties, met, p)
    if count + len(source) > len(ties.target):
        raise ValueError("more ties than there is room for")
    _insert(ties, source, target, weight, week)
    return met


@loop
def _see(
    now: int,
    met: NDArray[np.bool_],
    w: Population,
    area: Area,
    p: SocialLearningParameters,
    room: Floats,
    profile: Floats,
    step: Floats,
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
    now: int, w: Population, area: Area, rules: Rules, records: Meetings, room: Floats, profile: Floats, step: Floats
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
            meeting = Meeting(kind[e], times[e], tie[e], w.outside_contacts[j], fit)
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
def fade(week: int, ties: Ties, rules: Rules) -> None:
    """Drop faded ties, and look anew at who knows whom."""
    nobody = np.zeros(len(ties.indptr) - 1, np.bool_)
    _drop(ties, nobody, week + 1, rules.contacts.log_rho, rules.decay.tie_floor)
    _snapshot(ties)
