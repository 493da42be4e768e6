"""Encounters of the plain twin: who meets whom in a week, inside and outside, and who has time for it."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import TYPE_CHECKING, Final

from coworksim.model.parameters.skills import ENCOUNTER_KINDS

from .plain_draws import poisson_inverse

if TYPE_CHECKING:
    from .agents import Worker
    from .model import PlainModel
    from .region import Area
    from .space import Manager

__all__ = ["CHAT", "EVENT", "FIRM", "OUTSIDE", "PROJECT", "Encounter", "Encounters"]

CHAT, PROJECT, EVENT, OUTSIDE, FIRM = range(len(ENCOUNTER_KINDS))
_TRIES: Final = 4
_FIRM_SIZE: Final = 16


class Encounter:
    """A pair that met this week in one way: how many times, where, and the strength of their tie before."""

    __slots__ = ("high", "kind", "low", "meetings", "pair", "strength", "venues")

    def __init__(self, low: Worker, high: Worker, pair: int, kind: int, strength: float) -> None:
        self.low = low
        self.high = high
        self.pair = pair
        self.kind = kind
        self.strength = strength
        self.meetings = 0
        #: One entry for each meeting in a space.
        self.venues: list[Manager] = []

    @property
    def is_inside(self) -> bool:
        """Whether it came about in a space."""
        return self.kind < OUTSIDE


class Encounters:
    """Gathers the encounters of one week, all on the ties of its start."""

    def __init__(self, model: PlainModel) -> None:
        self.model = model
        self.rules = model.rules
        self.source = model.source
        self.week = model.week
        self.met: dict[int, Encounter] = {}

    def record(self, a: Worker, b: Worker, kind: int, times: int = 1, venue: Manager | None = None) -> None:
        """Count that a and b have met."""
        low, high = (a, b) if a.key < b.key else (b, a)
        pair = low.key << 32 | high.key
        name = pair << 3 | kind
        encounter = self.met.get(name)
        if encounter is None:
            strength = self.model.tie_strength(low.key, high.key)
            encounter = self.met[name] = Encounter(low, high, pair, kind, strength)
        encounter.meetings += times
        if venue is not None:
            encounter.venues += [venue] * times

    def outside(self, area: Area) -> None:
        """Each person makes n ~ Poisson(outside * D * reach) contacts at addresses of the region, again if empty.

        D is what a cluster programme makes it for those who work in a microcluster, and what is usual for others.
        """
        rules, uniform, week = self.rules, self.source.uniform, self.week
        usual = rules.outside * area.environment.contacts
        for worker in area.workers:
            mean = usual * (area.help.density if worker.cluster else 1)
            u = uniform("outside_contacts", worker.key, week, 0)
            if u > exp(-mean):
                for q in range(1, poisson_inverse(mean, u) + 1):
                    other = self._somebody("outside_contacts", worker, q, area, 0, area.addresses, _anyone)
                    if other is not None:
                        self.record(worker, other, OUTSIDE)
                        worker.contacts += 1
                        other.contacts += 1

    def firm(self, area: Area) -> None:
        """Each employee has n ~ Poisson(colleagues) contacts within the sixteen addresses of a firm."""
        mean, uniform, week = self.rules.colleagues, self.source.uniform, self.week
        none = exp(-mean)
        for worker in area.employees:
            u = uniform("firm", worker.key, week, 0)
            if u > none:
                first = worker.place // _FIRM_SIZE * _FIRM_SIZE
                for q in range(1, poisson_inverse(mean, u) + 1):
                    other = self._somebody("firm", worker, q, area, first, _FIRM_SIZE, _employed)
                    if other is not None:
                        self.record(worker, other, FIRM)

    def _somebody(
        self, stream: str, worker: Worker, q: int, area: Area, first: int, size: int, suits: Callable[[Worker], bool]
    ) -> Worker | None:
        """Who lives at one of ``size`` addresses from ``first`` on, in up to four tries."""
        for attempt in range(_TRIES):
            place = first + int(self.source.uniform(stream, worker.key, self.week, 4 * q + attempt) * size)
            if place < len(area.workers) and place != worker.place:
                other = area.workers[place]
                if suits(other):
                    return other
        return None

    def shared(self, low: Worker, high: Worker) -> int:
        """How many ties two people share."""
        known = self.model.known
        if low.key in known and high.key in known:
            return len(known[low.key] & known[high.key])
        return 0

    def is_project(self, low: Worker, high: Worker, strength: float, index: int) -> bool:
        """Independents who know each other well may work on something together; a draw of this index decides."""
        if strength < 2 or not (low.independent and high.independent):
            return False
        return self.source.uniform("meeting", low.key << 32 | high.key, self.week, index) < self.rules.project_share

    def in_order(self) -> list[Encounter]:
        """The encounters of the week, in the order of pairs, then kinds."""
        return [self.met[name] for name in sorted(self.met)]


def _anyone(_: Worker) -> bool:
    return True


def _employed(worker: Worker) -> bool:
    return not worker.independent
