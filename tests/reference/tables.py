"""Tables of a space in the plain twin: who sits at which on a day, who visits others, and who meets whom there."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import dist, exp
from typing import TYPE_CHECKING, Final

from .encounters import CHAT, FIRM, PROJECT
from .plain_draws import poisson_inverse
from .teams import is_of_one_team

if TYPE_CHECKING:
    from .agents import Worker
    from .encounters import Encounters
    from .space import Manager

__all__ = ["Day", "meet_at_tables"]

_MOST_VISITS: Final = 8
#: Indices of draws for a day, added to it: of meetings, and of joint projects, at one's own table; where the one with
#: the lower key visits; where the other does.
_SEATED, _LOWER, _HIGHER = (0, 8), (16, 32), (24, 40)


def meet_at_tables(week: Encounters, space: Manager) -> None:
    """Those who sit at one table on a day, or visit it, meet, n ~ Poisson(rate).

    rate = G * c / (1 + 2*V) * exp(-dist/ell)/mean * habit * closure / (nbar + half), where
    habit is (1 + habit*min(f, 3)) and closure (1 + closure*min(shared ties, 3)), each over its usual value, and V the
    other tables that somebody of mean sociability comes by.
    """
    rules = week.rules
    # nbar is the space's occupancy after this week's attendance: the phase before has committed it.
    usual = space.usual_proximity * rules.usual_habit * rules.usual_closure
    others = (space.tables - 1) * (1 - exp(-rules.visits / space.tables))
    scale = space.tables * rules.rate / usual / (space.nbar + rules.half_crowd) / (1 + 2 * others)
    for day in range(len(space.present)):
        Day(week, space, day).pass_by(scale)


class Day:
    """One day of a space: ``tables`` holds who sits where, ``mates`` of each how many of the team sit at the table."""

    def __init__(self, week: Encounters, space: Manager, day: int) -> None:
        self.week, self.space, self.day = week, space, day
        self._words: dict[int, int] = {}
        self.table_of = {worker.key: self._table(worker) for worker in space.present[day]}
        self.tables: list[list[Worker]] = [[] for _ in range(space.tables)]
        for worker in space.present[day]:
            self.tables[self.table_of[worker.key]].append(worker)
        of_team = Counter((self.table_of[worker.key], worker.lead.key) for worker in space.present[day])
        self.mates = {w.key: of_team[self.table_of[w.key], w.lead.key] - 1 for w in space.present[day]}

    def _table(self, worker: Worker) -> int:
        """The table of the lead, for who sits with the team today; else one's own."""
        source, number = self.week.source, self.week.week
        key = worker.key
        if worker.lead is not worker:
            with_team = source.uniform("table", key, number, 8 + self.day) < self.week.rules.team_table
            key = worker.lead.key if with_team else key
        if key not in self._words:
            self._words[key] = source.below("table", key, number, self.day, self.space.tables)
        return self._words[key]

    def visited(self, worker: Worker) -> set[int]:
        """The other tables that somebody comes by."""
        source, number, day = self.week.source, self.week.week, self.day
        mean = self.week.rules.visits * worker.sociability
        visits = min(_MOST_VISITS, source.poisson("table", worker.key, number, 16 + day, mean))
        found = {source.below("table", worker.key, number, 24 + 8 * day + v, self.space.tables) for v in range(visits)}
        return found - {self.table_of[worker.key]}

    def pass_by(self, scale: float) -> None:
        """Let those at one table meet, and visitors whoever sits there."""
        for table in self.tables:
            for low, high in combinations(table, 2):
                self._meet(low, high, scale, _SEATED)
        for worker in self.space.present[self.day]:
            for at in self.visited(worker):
                for seated in self.tables[at]:
                    if worker.key < seated.key:
                        self._meet(worker, seated, scale, _LOWER)
                    else:
                        self._meet(seated, worker, scale, _HIGHER)

    def _meet(self, low: Worker, high: Worker, scale: float, way: tuple[int, int]) -> None:
        """Let two people meet or not: of one team as colleagues, else in what time their teams leave them."""
        week, rules = self.week, self.week.rules
        rate = scale * exp(-dist(low.seat, high.seat) * self.space.side / rules.distance)
        one_team = is_of_one_team(low, high)
        if not one_team:
            rate /= (1 + self.mates[low.key]) * (1 + self.mates[high.key])
        strength = week.model.tie_strength(low.key, high.key)
        rate *= 1 + rules.meeting_habit * min(strength, 3.0)
        pair = low.key << 32 | high.key
        u = week.source.uniform("meeting", pair, week.week, way[0] + self.day)
        if u <= exp(-rate * (1 + 3 * rules.closure)):
            return  # whatever ties they share
        meetings = poisson_inverse(rate * (1 + rules.closure * min(week.shared(low, high), 3)), u)
        if meetings and one_team:
            week.record(low, high, FIRM, meetings)
        elif meetings:
            is_project = week.is_project(low, high, strength, way[1] + self.day)
            week.record(low, high, PROJECT if is_project else CHAT, meetings, self.space)
