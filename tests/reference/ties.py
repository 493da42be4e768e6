"""Ties of the plain twin: what encounters leave, what fades, and who is known to whom."""

from __future__ import annotations

from itertools import groupby
from math import exp
from operator import attrgetter
from typing import TYPE_CHECKING

from .encounters import OUTSIDE

if TYPE_CHECKING:
    from .encounters import Encounter
    from .model import PlainModel

__all__ = ["commit", "count", "prune", "take_snapshot"]


def count(encounters: list[Encounter], model: PlainModel) -> None:
    """Count meetings with those who had them, and inside with the space; encounters inside take time."""
    hours = model.rules.minutes / 60
    for encounter in encounters:
        low, high, meetings = encounter.low, encounter.high, encounter.meetings
        if encounter.is_inside:
            low.encounters += meetings
            high.encounters += meetings
            low.encounter_hours += hours * meetings
            high.encounter_hours += hours * meetings
            for venue in encounter.venues:
                venue.encounters_week += 1
        else:
            low.outside_met += meetings
            high.outside_met += meetings


def commit(encounters: list[Encounter], model: PlainModel) -> None:
    """Strengthen the tie of each pair by its meetings, w = f + m; some who met outside only do not stay in touch."""
    graph, week, rules = model.graph, model.week, model.rules
    for pair, group in groupby(encounters, key=attrgetter("pair")):
        records = list(group)
        low, high = records[0].low, records[0].high
        meetings = sum(record.meetings for record in records)
        tie = model.ties[low.key].get(high.key)
        if tie:
            tie["w"] = records[0].strength + meetings
            tie["last"] = week
            continue
        stays = any(record.kind != OUTSIDE for record in records)
        if stays or model.source.uniform("outside_tie", pair, week, 0) < rules.outside_tie:
            graph.add_edge(low.key, high.key, w=float(meetings), last=week)
            if any(record.is_inside for record in records):
                low.partners_new += 1
                high.partners_new += 1


def prune(model: PlainModel) -> None:
    """Drop ties that would be under the floor next week."""
    log_rho, floor, following = model.rules.log_rho, model.rules.tie_floor, model.week + 1
    faded = [
        (low, high)
        for low, known in model.ties.items()
        for high, tie in known.items()
        if low < high and tie["w"] * exp((following - tie["last"]) * log_rho) < floor
    ]
    model.graph.remove_edges_from(faded)


def take_snapshot(model: PlainModel) -> None:
    """Take the snapshot of who knows whom.

    It serves adoption, awareness, membership and closure for four weeks; ties made meanwhile are not in it.
    """
    workers = model.worker_by_key
    model.neighbours = {key: [workers[other] for other in sorted(known)] for key, known in model.ties.items() if known}
    model.known = {key: set(known) for key, known in model.ties.items() if known}
