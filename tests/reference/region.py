"""A region as the plain twin sees it: an environment, and those who live and run spaces there."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Final

from .statuses import Employee, Freelancer, Nomad

if TYPE_CHECKING:
    from .agents import Worker
    from .environment import Environment
    from .space import Manager

__all__ = ["Area", "Help"]

_REACH: Final = 8


@dataclass(slots=True)
class Help:
    """What policies add in a region this week."""

    density: float = 1.0
    visitors: float = 1.0
    demand: float = 1.0
    hear_spaces: float = 0.0
    hear_schemes: float = 0.0
    assistance: float = 1.0


@dataclass(slots=True)
class Area:
    """One region of the scenario. Workers stand at their places; ``pool`` are those who share its projects.

    There is room for a space in each of ``rows``; one in ``kept`` waits for a space of the list up to that week.
    ``is_changed`` says that one has opened or closed since people last
    looked around.
    """

    index: int
    name: str
    flag: str
    environment: Environment
    people: int
    rows: list[Manager | None] = field(default_factory=list)
    kept: dict[int, int] = field(default_factory=dict)
    is_changed: bool = False
    workers: list[Worker] = field(default_factory=list)
    pool: list[Freelancer] = field(default_factory=list)
    nomads: list[Nomad] = field(default_factory=list)
    employees: list[Employee] = field(default_factory=list)
    addresses: int = 1
    first: int = 0
    help: Help = field(default_factory=Help)

    def near(self, home: tuple[float, float]) -> list[tuple[Manager, float]]:
        """The eight nearest open spaces, each with its distance in km, in the order of rows."""
        x, y = home
        distances = []
        for row, manager in enumerate(self.rows):
            if manager is not None and manager.open:
                dx, dy = manager.location[0] - x, manager.location[1] - y
                distances.append((sqrt(dx * dx + dy * dy), row, manager))
        nearest = sorted(distances, key=lambda found: found[:2])[:_REACH]
        return [(manager, km) for km, _, manager in sorted(nearest, key=lambda found: found[1])]

    @property
    def managers(self) -> list[Manager]:
        """Those of all spaces that have a row, open or closed."""
        return [manager for manager in self.rows if manager is not None]

    def free_row(self, week: int, without: Container[int] = ()) -> int | None:
        """The first row that never had a space, or whose space closed before this week."""
        for row, manager in enumerate(self.rows):
            waits = row in without or self.kept.get(row, week) > week
            if not waits and (manager is None or (not manager.open and manager.closed < week)):
                return row
        return None

    def look_around(self) -> None:
        """Let people see which spaces are near them now."""
        self.is_changed = False
        for worker in self.workers:
            worker.look_around()

    def settle(self) -> None:
        """Sort people by what they live from, and fix the size of the address space (a power of two)."""
        self.employees = [worker for worker in self.workers if isinstance(worker, Employee)]
        freelance = [worker for worker in self.workers if isinstance(worker, Freelancer)]
        self.nomads = [worker for worker in freelance if isinstance(worker, Nomad)]
        self.pool = [worker for worker in freelance if not isinstance(worker, Nomad)]
        self.addresses = 1
        while self.addresses < len(self.workers):
            self.addresses *= 2
