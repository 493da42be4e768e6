"""The people and managers as Mesa agents.

A worker is a view on one row of the columns. A method marked with :func:`follows` is the compiled rule of a
mechanism, called with the worker's own row; as long as a class leaves it alone, the kernel loops over all its
workers. A subclass that overrides it in plain Python is asked one by one, and only its own workers are::

    class Frugal(Freelancer):
        def membership_value(self, offer: Offer) -> float:
            return super().membership_value(offer) - (1.0 if offer.price > 30 else 0.0)

    model = CoworkingModel(scenario)
    model.cast(Frugal, lambda worker: worker.career_years < 3)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np
from numpy.typing import NDArray

from colearn.mechanisms.membership import Membership, Offer, membership_value
from colearn.mechanisms.social_learning import Meeting, SocialLearning, learn
from colearn.quantities.skills import OCCUPATIONS, SKILLS, STATUSES
from colearn.world.world import World

if TYPE_CHECKING:
    from colearn.model import CoworkingModel

__all__ = ["BEHAVIOURS", "Employee", "Freelancer", "Manager", "Worker", "follows", "own_behaviours"]

#: What a worker may decide in his or her own way.
BEHAVIOURS = ("membership_value", "learn_from")


def follows[F: Callable[..., Any]](rule: Callable[..., Any]) -> Callable[[F], F]:
    """Mark a method as the compiled ``rule``; an override does not carry the mark."""

    def mark(method: F) -> F:
        method.__dict__["rule"] = rule
        return method

    return mark


def own_behaviours(kind: type[Worker]) -> tuple[str, ...]:
    """Return the behaviours that a class decides in plain Python."""
    return tuple(name for name in BEHAVIOURS if not hasattr(getattr(kind, name), "rule"))


class Column:
    """A worker's entry in one column, as an attribute (``worker.income``)."""

    def __init__(self, convert: Callable[[Any], Any], doc: str) -> None:
        """Convert the entry to a plain Python value."""
        self._convert = convert
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of the column."""
        self._name = name

    def __get__(self, worker: Worker | None, owner: type) -> Any:
        """Return the entry of the worker's row."""
        if worker is None:
            return self
        return self._convert(getattr(worker.model.world.workers, self._name)[worker.row])


class Worker(mesa.Agent):
    """A potential user of coworking spaces: one row of the columns."""

    status: ClassVar[str]
    model: CoworkingModel

    key = Column(int, "entity key, fixed by origin")
    career_years = Column(float, "career so far at the start, years")
    sociability = Column(float, "factor, mean 1")
    learning_hours = Column(float, "weekly budget of learning time, h")
    days = Column(int, "preferred days a week in a space")
    taste = Column(float, "lasting taste for coworking, utility")
    employer_hours = Column(float, "employer training, h a week")
    income = Column(float, "smoothed income, GBP a week")
    work = Column(float, "workload relative to normal")
    outside_contacts = Column(float, "fresh contacts outside")
    tenure = Column(int, "weeks of the present membership")
    days_present = Column(int, "days in a space this week")
    inside_hours = Column(float, "hours on shared equipment this week")
    encounters = Column(int, "encounters in spaces since opening")
    recent_gain = Column(float, "skill points gained in the space in about a quarter")

    def __init__(self, model: CoworkingModel, row: int) -> None:
        """Look at one row."""
        self.row = row
        super().__init__(model)

    @property
    def _world(self) -> World:
        return self.model.world

    @property
    def region(self) -> str:
        """Name of the home region."""
        return self._world.regions.names[int(self._world.workers.region[self.row])]

    @property
    def occupation(self) -> str:
        """One of OCCUPATIONS."""
        return OCCUPATIONS[self._world.workers.occupation[self.row]]

    @property
    def member(self) -> bool:
        """Whether the worker is a member of a space."""
        return bool(self._world.workers.member_of[self.row] >= 0)

    @property
    def skills(self) -> dict[str, float]:
        """Every skill by name, as a share of the frontier at the start."""
        return dict(zip(SKILLS, self._world.workers.skill[self.row].tolist(), strict=True))

    @property
    def skill(self) -> NDArray[np.float64]:
        """The eight skills in the order of SKILLS (read-only)."""
        view: NDArray[np.float64] = self._world.workers.skill[self.row].view()
        view.flags.writeable = False
        return view

    @property
    def frontier(self) -> NDArray[np.float64]:
        """The frontier of the worker's occupation, by skill."""
        row: NDArray[np.float64] = self._world.frontier[int(self._world.workers.occupation[self.row])]
        return row

    @follows(membership_value)
    def membership_value(self, offer: Offer) -> float:
        """Return the utility of being a member over not being one, before the week's chance."""
        return membership_value(offer, self.taste, self.model.phase(Membership).parameters)

    @follows(learn)
    def learn_from(self, partner: Worker, meeting: Meeting) -> Sequence[float]:
        """Return what the worker learns from the week's encounters with one partner, by skill."""
        gain = np.zeros(len(SKILLS))
        phase = self.model.phase(SocialLearning)
        learn(self.skill, partner.skill, self.frontier, meeting, phase.weight, phase.parameters, gain)
        return gain.tolist()


class Freelancer(Worker):
    """A worker who lives on projects and has no employer to train him or her."""

    status = STATUSES[0]


class Employee(Worker):
    """A worker with wages and employer training."""

    status = STATUSES[1]


class Manager(mesa.Agent):
    """The person who runs one coworking space."""

    model: CoworkingModel

    def __init__(self, model: CoworkingModel, row: int) -> None:
        """Take charge of the space in one row."""
        self.row = row
        super().__init__(model)

    @property
    def _world(self) -> World:
        return self.model.world

    @property
    def region(self) -> str:
        """Name of the space's region."""
        return self._world.regions.names[int(self._world.spaces.region[self.row])]

    @property
    def members(self) -> int:
        """Members this week."""
        return int(self._world.spaces.members[self.row])

    @property
    def desks(self) -> int:
        """Desks on offer."""
        return int(self._world.spaces.desks[self.row])

    @property
    def price_gbp(self) -> float:
        """Price of a hot desk, GBP a month."""
        return int(self._world.spaces.price[self.row]) / 100

    @property
    def occupancy(self) -> float:
        """Desk-days used over desk-days offered this week."""
        return int(self._world.spaces.desk_days[self.row]) / (5 * self.desks)
