"""Encounters of the plain twin: who meets whom in a space, and the ties that meetings leave."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import dist, exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agents import Worker
    from .model import PlainModel
    from .space import Manager

__all__ = ["Encounter", "commit", "meetings_in", "prune", "take_snapshot"]


@dataclass(slots=True)
class Encounter:
    """A pair that met this week: number of meetings, and the strength of their tie before."""

    low: Worker
    high: Worker
    strength: float
    meetings: int


def meetings_in(space: Manager, model: PlainModel) -> dict[int, Encounter]:
    """Meetings of the week in one space, by pair key: Poisson for each pair at one table on one day.

    rate = G * c * soc_i*soc_j * exp(-dist/ell)/mean * homophily * habit / (nbar + half_crowd), where habit is
    (1 + habit*min(f, 3)) over its value at the usual tie.
    """
    rules, poisson, below, week = model.rules, model.source.poisson, model.source.below, model.week
    # nbar is the space's occupancy after this week's attendance: the phase before has committed it.
    scale = space.tables * rules.rate / space.usual_proximity / (space.nbar + rules.half_crowd) / rules.usual_habit
    alike, unlike = scale * rules.same_occupation, scale * rules.other_occupation
    met: dict[int, Encounter] = {}
    for day, present in enumerate(space.present):
        tables: list[list[Worker]] = [[] for _ in range(space.tables)]
        for worker in present:
            tables[below("table", worker.key, week, day, space.tables)].append(worker)
        for table in tables:
            for low, high in combinations(table, 2):
                tie = model.ties[low.key].get(high.key)
                strength = tie["w"] * exp((week - tie["last"]) * rules.log_rho) if tie else 0.0
                rate = (
                    (alike if low.occupation == high.occupation else unlike)
                    * (low.sociability * high.sociability)
                    * exp(-dist(low.seat, high.seat) / rules.distance)
                    * (1 + rules.meeting_habit * min(strength, 3.0))
                )
                pair = low.key << 32 | high.key
                meetings = poisson("meeting", pair, week, day, rate)
                if meetings:
                    encounter = met.get(pair)
                    if encounter is None:
                        met[pair] = Encounter(low, high, strength, meetings)
                    else:
                        encounter.meetings += meetings
    return met


def commit(encounters: list[Encounter], model: PlainModel) -> None:
    """Strengthen the tie of each pair by its meetings, w = f + m, and count them."""
    graph, week = model.graph, model.week
    for encounter in encounters:
        low, high, meetings = encounter.low, encounter.high, encounter.meetings
        tie = model.ties[low.key].get(high.key)
        if tie:
            tie["w"] = encounter.strength + meetings
            tie["last"] = week
        else:
            graph.add_edge(low.key, high.key, w=float(meetings), last=week)
            low.partners_new += 1
            high.partners_new += 1
        low.encounters += meetings
        high.encounters += meetings


def prune(model: PlainModel) -> None:
    """Drop ties that would be under the floor next week."""
    graph, rules, following = model.graph, model.rules, model.week + 1
    faded = [
        (low, high)
        for low, high, tie in graph.edges(data=True)
        if tie["w"] * exp((following - tie["last"]) * rules.log_rho) < rules.tie_floor
    ]
    graph.remove_edges_from(faded)


def take_snapshot(model: PlainModel) -> None:
    """Take the snapshot of who knows whom.

    It serves the membership decisions of the next four weeks; ties made meanwhile are not in it.
    """
    workers = model.worker_by_key
    model.neighbours = {key: [workers[other] for other in sorted(known)] for key, known in model.ties.items() if known}
