"""The people and managers as Mesa agents.

A worker is a view on one row of the columns. A method of BEHAVIOURS calls the compiled rule of a mechanism with the
worker's own row; as long as a class leaves it alone, the kernel loops over all its workers. A subclass that overrides
it in plain Python is asked one by one, and only its own workers are::

    class Frugal(Freelancer):
        def membership_value(self, offer: Offer) -> float:
            return super().membership_value(offer) - (1.0 if offer.price > 30 else 0.0)

    model = CoworkingModel(scenario)
    model.cast(Frugal, lambda worker: worker.career_years < 3)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.management_rules import ManagementRules
from coworksim.model.mechanisms.helpers.encounter_records import Invitation
from coworksim.model.mechanisms.helpers.offers import Offer, membership_value
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.social_learning import Meeting, SocialLearning, learn
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.parameter import Parameter, integer, real
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES
from coworksim.model.state.arithmetic import law
from coworksim.model.state.people import EMPLOYEE, PLANS
from coworksim.model.state.teams import team_taste
from coworksim.model.views import Column, Flag, Inhabitant

#: What a worker may decide in his or her own way, and the mechanism that asks.
BEHAVIOURS: Final = MappingProxyType(
    {"membership_value": "membership", "accepts_encounter": "encounters", "learn_from": "social_learning"}
)
#: The same of a manager.
MANAGERS: Final = MappingProxyType(dict.fromkeys(("decide", "new_price", "new_events", "investment"), "management"))
#: The most that may be written to a column, where nature sets no limit.
_MOST: Final = 1e6


def own_behaviours(kind: type[Inhabitant]) -> tuple[str, ...]:
    """Return the behaviours that a class decides in plain Python."""
    base, names = (Manager, MANAGERS) if issubclass(kind, Manager) else (Worker, BEHAVIOURS)
    return tuple(name for name in names if getattr(kind, name) is not getattr(base, name))


def _real(unit: str, most: float, least: float = 0.0) -> Parameter:
    """Say which numbers may be written to a column."""
    accepted: Parameter = real(unit, least, (least, most), None, "")
    return accepted


def _read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    view = array.view()
    view.flags.writeable = False
    return view


class Worker(Inhabitant):
    """A potential user of coworking spaces: one row of the columns."""

    columns = "workers"

    key = Column(int, "entity key, fixed by origin")
    entered = Column(int, "week in which the person came")
    status = Column(lambda code: STATUSES[code], "one of STATUSES")
    sociability = Column(float, "factor, mean 1", accepts=_real("ratio", 100))
    learning_hours = Column(float, "weekly budget of learning time, h", accepts=_real("h/week", 168))
    days = Column(int, "preferred days a week in a space", accepts=integer("days", 0, (0, 5), None, ""))
    sponsor = Column(float, "part of a membership that the employer pays", accepts=_real("share", 1))
    tools = Column(bool, "uses the new tools", accepts=Flag())
    taste = Column(float, "lasting taste for coworking, utility", accepts=_real("utility", 100, -100))
    offers = Column(float, "factor on courses that come along, mean 1", accepts=_real("ratio", 1000))
    lessons = Column(float, "hours of a course this week")
    income = Column(float, "smoothed income, GBP a week", accepts=_real("GBP/week", _MOST))
    work = Column(float, "workload relative to normal")
    outside_contacts = Column(float, "fresh contacts outside", accepts=_real("people", _MOST))
    tenure = Column(int, "weeks of the present membership")
    days_present = Column(int, "days in a space this week")
    inside_hours = Column(float, "hours on shared equipment this week")
    training_hours = Column(float, "hours of training in a space this week")
    encounters = Column(int, "encounters in spaces since the start")
    recent_gain = Column(float, "skill points gained in the space in about a quarter")
    occupation = Column(lambda code: OCCUPATIONS[code], "one of OCCUPATIONS")
    member = Column(lambda space: bool(space >= 0), "whether the worker is a member of a space", "member_of")

    @property
    def career_years(self) -> float:
        """Length of the career so far."""
        w = self._world.workers
        return float(w.career_start[self.row] + (self._world.week - w.entered[self.row]) / 52.0)

    @property
    def plan(self) -> str | None:
        """The plan of membership, None without one."""
        plan = int(self._world.workers.plan[self.row])
        return None if plan < 0 else PLANS[plan]

    @property
    def skills(self) -> Mapping[str, float]:
        """Every skill by name, as a share of the frontier at the start (read-only)."""
        return MappingProxyType(dict(zip(SKILLS, self.skill.tolist(), strict=True)))

    @property
    def skill(self) -> NDArray[np.float64]:
        """The eight skills in the order of SKILLS (read-only)."""
        return _read_only(self._world.workers.skill[self.row])

    @property
    def frontier(self) -> NDArray[np.float64]:
        """The frontier of the worker's occupation, by skill (read-only)."""
        return _read_only(self._world.frontier[int(self._world.workers.occupation[self.row])])

    @property
    def room_to_learn(self) -> NDArray[np.float64]:
        """How far a unit of social-cognitive learning carries, by skill (read-only)."""
        p = self.model.phase(SocialLearning).parameters
        skill, frontier = self.skill, self.frontier
        return _read_only(np.array([law(skill[k], frontier[k], p.theta_sc, p.scale_sc) for k in range(4)]))

    def membership_value(self, offer: Offer) -> float:
        """Weigh a membership.

        Args:
            offer: What the worker knows of one plan of one space.

        Returns:
            Utility of being a member over not being one, before the week's chance; ``-inf`` rules it out.
        """
        on_site = bool(self._world.workers.status[self.row] == EMPLOYEE)
        taste = team_taste(self.row, self._world.workers)
        return membership_value(offer, taste, on_site, self.model.phase(Membership).parameters)

    def accepts_encounter(self, partner: Worker, invitation: Invitation) -> bool:
        """Decide whether to take part in the week's encounters of one kind with one partner.

        Args:
            partner: The other person.
            invitation: The kind of encounter and the tie so far.

        Returns:
            True to take part. Encounters happen when both want them.
        """
        return True

    def learn_from(self, partner: Worker, meeting: Meeting) -> Sequence[float]:
        """Learn from the week's encounters with one partner.

        Args:
            partner: The other person.
            meeting: The worker's side of these encounters.

        Returns:
            Gains of the eight skills in the order of SKILLS, as shares of the frontier at the start.
        """
        gain = np.zeros(len(SKILLS))
        phase = self.model.phase(SocialLearning)
        learn(self.skill, partner.skill, self.room_to_learn.copy(), meeting, phase.weight, phase.parameters, gain)
        return gain.tolist()


class Freelancer(Worker):
    """A worker who lives on projects and has no employer to train him or her."""


class Owner(Worker):
    """An owner of a firm with staff, who lives on projects too."""


class Nomad(Worker):
    """A digital nomad: projects from anywhere, and a stay of some months."""


class Employee(Worker):
    """An employee on site: wages, employer training, colleagues, and a desk elsewhere."""


class RemoteEmployee(Worker):
    """An employee who may work anywhere."""


#: The class of each status, in the order of STATUSES.
KINDS: tuple[type[Worker], ...] = (Freelancer, Owner, Nomad, Employee, RemoteEmployee)


class Manager(ManagementRules, Inhabitant):
    """The person who runs one coworking space."""

    columns = "spaces"

    members = Column(int, "members this week")
    desks = Column(int, "desks on offer", accepts=PARAMETERS["space.desks"])
    open = Column(bool, "whether the space is open")
    price_gbp = Column(float, "price of a hot desk, GBP a month", "price", accepts=PARAMETERS["space.price"], scale=100)
    cash_gbp = Column(float, "cash of the space, GBP", "cash", scale=100)

    @property
    def occupancy(self) -> float:
        """Desk-days used over desk-days offered this week."""
        return int(self._world.spaces.desk_days[self.row]) / (5 * int(self.desks))
