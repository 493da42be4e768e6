"""Coworking spaces of the plain twin: one Mesa agent, the manager, per space."""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING, Final

import mesa

from .rules import fixed, pence, proximity_mean, unfixed

if TYPE_CHECKING:
    from .agents import Worker
    from .model import PlainModel
    from .region import Area

__all__ = ["REVIEW_WEEKS", "Manager"]

REVIEW_WEEKS: Final = 8
_DAYS: Final = range(5)


class Manager(mesa.Agent):
    """Runs one space: its desks, price, floor and equipment; knows its members in the order of their keys."""

    def __init__(self, model: PlainModel, area: Area, ordinal: int) -> None:
        super().__init__(model)
        rules, values = model.rules, model.inputs.values
        self.area = area
        self.ordinal = ordinal
        self.name = f"{area.name}/{ordinal}"
        self.desks = int(values["space.desks"])
        self.price_pence_month = pence(float(values["space.price"]) * area.environment.price_level)
        self.fee_pence = (self.price_pence_month * 12 + 26) // 52
        self.price = self.fee_pence / 100
        self.capacity_hours = rules.equipment_hours * self.desks
        self.tables = _tables(self.desks)
        self.side = sqrt(float(values["space.floor_per_desk"]) * self.desks)
        self.usual_proximity = proximity_mean(self.side, rules.distance)
        self.nbar = 0.0
        self.crowding = 0.0
        self.reviewers: list[list[Worker]] = [[] for _ in range(REVIEW_WEEKS)]
        self.members: list[Worker] = []
        self.present: list[list[Worker]] = [[] for _ in _DAYS]
        self.encounters_week = 0
        self.fees_pence_week = 0
        self.equipment_hours_week = 0.0

    def take_in(self, worker: Worker) -> None:
        """Count a worker among those who may join, and give them their place on the floor."""
        uniform = self.model.source.uniform
        worker.seat = (
            self.side * uniform("seat", worker.key, 0, 0),
            self.side * uniform("seat", worker.key, 0, 1),
        )
        self.reviewers[worker.offset].append(worker)

    def decisions(self, week: int, since_opening: int) -> list[tuple[Worker, bool]]:
        """Who reviews membership this week, and what each decides; nothing is changed yet."""
        reviewers = self.reviewers[since_opening % REVIEW_WEEKS]
        return [(worker, worker.wants_membership(self, week)) for worker in reviewers]

    def settle(self, decisions: list[tuple[Worker, bool]]) -> int:
        """Let people join and leave, and collect the fee from every member; return the takings in pence."""
        changed = False
        for worker, wants in decisions:
            if wants != worker.member:
                changed = True
                if wants:
                    worker.join()
                    self.members.append(worker)
                else:
                    worker.leave()
        if changed:
            self.members = sorted((w for w in self.members if w.member), key=_key)
        for worker in self.members:
            worker.tenure += 1
            worker.fees_pence += self.fee_pence
        self.fees_pence_week = self.fee_pence * len(self.members)
        return self.fees_pence_week

    def open_doors(self, week: int) -> None:
        """Members come with the chance days/5 on each day; when desks run short, a keyed priority decides.

        Occupancy nbar (those who found a desk, mean of the five days) follows smoothly; crowding = weight *
        max(0, nbar/desks - .9) / .1 is what reviewers will feel.
        """
        source = self.model.source
        for worker in self.members:
            worker.day_mask = 0
            worker.days_present = 0
        present = 0
        for day in _DAYS:
            come = [
                worker
                for worker in self.members
                if worker.days == 5 or source.uniform("attendance", worker.key, week, day) < worker.daily_chance
            ]
            if len(come) > self.desks:
                ranks = sorted((source.priority("attendance", w.key, week, 8 + day), w.key, w) for w in come)
                come = sorted((worker for _, _, worker in ranks[: self.desks]), key=_key)
            for worker in come:
                worker.day_mask |= 1 << day
                worker.days_present += 1
            self.present[day] = come
            present += len(come)
        self.nbar += self.model.rules.occupancy_smoothing * (present / 5 - self.nbar)
        self.crowding = self.model.rules.crowding_weight * max(0.0, self.nbar / self.desks - 0.9) / 0.1

    def share_equipment(self) -> None:
        """Members want hours * psi/(psi+access) * days/5, and get less in proportion when equipment is short."""
        psi = self.model.rules.inclination
        inclined = psi / (psi + self.area.environment.outside_access)
        wanted = [worker.learning_hours * inclined * worker.days_present / 5 for worker in self.members]
        total = unfixed(sum(map(fixed, wanted)))
        share = min(1.0, self.capacity_hours / total) if total > 0 else 1.0
        self.equipment_hours_week = 0.0
        for worker, hours in zip(self.members, wanted, strict=True):
            worker.inside_hours = hours * share
            self.equipment_hours_week += worker.inside_hours


def _key(worker: Worker) -> int:
    return worker.key


def _tables(desks: int) -> int:
    """Number of tables: the largest power of two up to max(1, desks/8)."""
    return 1 << floor(max(1.0, desks / 8)).bit_length() - 1
