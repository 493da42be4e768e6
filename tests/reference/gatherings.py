"""Evenings in the plain twin: events of spaces, meetings of groups, and how groups are founded and end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from .encounters import EVENT
from .laws import logistic, tables_for

if TYPE_CHECKING:
    from .agents import Worker
    from .encounters import Encounters
    from .region import Area
    from .space import Manager

__all__ = ["SLOTS", "Group", "end", "found_group", "gather"]

#: Groups that a space has room for.
SLOTS: Final = 8
_MOST: Final = 8
_FEWEST: Final = 3
_WEAK: Final = 4
#: Indices of draws of the streams of events: the number of evenings, a meeting of one's group, the founding of one, and
#: whether one wants to come to the meeting.
_EVENINGS, _MEETING, _FOUNDING, _WANTS = range(2**30, 2**30 + 4)


class Group:
    """People who meet every second week in a space; ``weak`` counts meetings in a row with fewer than three."""

    def __init__(self, space: Manager, slot: int, since: int) -> None:
        self.space, self.slot, self.since = space, slot, since
        self.weak = 0

    def meets(self, week: int) -> bool:
        """Whether it meets in a week."""
        return self.space.open and week > self.since and (week - self.since) % 2 == 0


def end(group: Group, area: Area) -> None:
    """Let a group be no more."""
    group.space.groups[group.slot] = None
    for worker in area.workers:
        if worker.group is group:
            worker.group = None


def gather(week: Encounters, spaces: Sequence[Manager]) -> None:
    """Events and meetings of groups are held, and each of the people goes to as many as there are evenings for."""
    for space in spaces:
        mean = space.events * space.area.environment.supply + space.more_events
        space.events_held = min(_MOST, week.source.poisson("event_count", space.key, week.week, 0, mean))
    guests: dict[Manager, list[list[Worker]]] = {space: [[] for _ in range(space.events_held)] for space in spaces}
    meetings: dict[Group, list[Worker]] = {
        group: [] for space in spaces for group in space.groups if group is not None and group.meets(week.week)
    }
    for worker in week.model.workers:
        _go_out(worker, week, guests, meetings)
    for space in spaces:
        for number, came in enumerate(guests[space]):
            index = 16 * space.ordinal + number
            _mingle(week, came + _milieu(week, space, index), space, index)
    for group, came in meetings.items():
        _mingle(week, came, group.space, _MEETING)
        group.weak = group.weak + 1 if len(came) < _FEWEST else 0
        if group.weak == _WEAK:
            end(group, group.space.area)


def _go_out(
    worker: Worker, week: Encounters, guests: dict[Manager, list[list[Worker]]], meetings: dict[Group, list[Worker]]
) -> None:
    """Somebody goes to what he or she wants: all events of the own space, and perhaps the own group; else by lot."""
    source, number = week.source, week.week
    wanted: list[tuple[float, list[Worker]]] = []
    if worker.space is not None:
        for event, came in enumerate(guests[worker.space]):
            index = 16 * worker.space.ordinal + event
            wanted.append((source.priority("event", worker.key, number, index), came))
    if worker.group in meetings and _wants_to_meet(worker, week):
        wanted.append((source.priority("event", worker.key, number, _MEETING), meetings[worker.group]))
    if not wanted:
        return
    mean = week.rules.event_share * worker.sociability
    evenings = source.poisson("event", worker.key, number, _EVENINGS, mean)
    for _, came in sorted(wanted, key=itemgetter(0))[:evenings]:
        came.append(worker)


def _wants_to_meet(worker: Worker, week: Encounters) -> bool:
    """Whether somebody wants to come to the meeting of the own group: the more, the more ties he or she has there."""
    ties = sum(other.group is worker.group for other in week.model.neighbours.get(worker.key, ()))
    return week.source.uniform("event", worker.key, week.week, _WANTS) < logistic(-1 + min(3, ties))


def _milieu(week: Encounters, space: Manager, index: int) -> list[Worker]:
    """Creative people who are no members come to an event: those of a microcluster rather to one there."""
    rules, area = week.rules, space.area
    often = rules.visitors * area.environment.contacts / rules.milieu
    often *= area.help.density * area.help.visitors if space.cluster else 1
    often /= 1 + (rules.pull - 1) * rules.clustered * rules.clustered_spaces
    return [
        worker
        for worker in area.workers
        if worker.space is None
        and worker.creative
        and space.ordinal in worker.reachable
        and week.source.uniform("event", worker.key, week.week, index)
        < often * (rules.pull if worker.cluster and space.cluster else 1)
    ]


def _mingle(week: Encounters, came: Sequence[Worker], space: Manager, index: int) -> None:
    """Those at one of as many tables as seat four or more each meet, n ~ Poisson(rate/3)."""
    number = tables_for(len(came))
    tables: list[list[Worker]] = [[] for _ in range(number)]
    for worker in came:
        tables[week.source.below("event_table", worker.key, week.week, index, number)].append(worker)
    mean = week.rules.rate / 3
    for table in tables:
        for a, b in combinations(table, 2):
            pair = a.key << 32 | b.key if a.key < b.key else b.key << 32 | a.key
            meetings = week.source.poisson("event_meeting", pair, week.week, index, mean)
            if meetings:
                week.record(a, b, EVENT, meetings, space)


def found_group(week: Encounters, space: Manager) -> None:
    """Once in a while those who have come to a space, and have no group, are invited to found one."""
    source, number, rules = week.source, week.week, week.rules
    mean = rules.founding * 12 / 52 + space.more_groups
    if source.poisson("event_count", space.key, number, 2, mean) == 0:
        return
    came = [
        worker
        for worker in space.members
        if worker.days_present
        and worker.group is None
        and source.uniform("event", worker.key, number, _FOUNDING) < rules.event_share * worker.sociability / 7
    ]
    _mingle(week, came, space, _FOUNDING)
    if len(came) >= _FEWEST and None in space.groups:
        slot = space.groups.index(None)
        group = space.groups[slot] = Group(space, slot, number)
        for worker in came:
            worker.group = group
