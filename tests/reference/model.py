"""The plain twin's model: the same week as the product's, in plain sight and plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import mesa
import networkx as nx

from .agents import Employee, Freelancer, Worker
from .encounters import Encounter, commit, meetings_in, prune, take_snapshot
from .environment import environment_of
from .plain_draws import KeyedSource, MesaSource, Source
from .region import Area
from .rules import Rules, fixed, unfixed
from .social_learning import learn_from_encounters
from .space import Manager

if TYPE_CHECKING:
    from colearn.scenario import Scenario

    from .population import PersonAtStart

__all__ = ["WEEK", "PlainModel", "Posting"]

#: The order of the week; each entry is a mechanism of the scenario and a method of the model.
WEEK = (
    "income",
    "membership",
    "attendance",
    "encounters",
    "social_learning",
    "resource_pool",
    "resource_learning",
    "decay",
)
_SNAPSHOT_WEEKS = 4


class Posting(NamedTuple):
    """Money that changed hands."""

    week: int
    payer: str
    payee: str
    purpose: str
    pence: int


class PlainModel(mesa.Model):
    """The week over Mesa agents; ``step()`` lives the week ``self.week``, counted from 0.

    ``draws="keyed"`` takes the product's random numbers, ``draws="mesa"`` those of the model's own generator.
    """

    def __init__(
        self,
        scenario: Scenario,
        people: Iterable[PersonAtStart],
        *,
        draws: Literal["keyed", "mesa"] = "keyed",
        seed: int | None = None,
        replicate: int = 0,
    ) -> None:
        seed = scenario.seed if seed is None else seed
        super().__init__(rng=[seed, replicate])
        # `inputs`, not `scenario`: Mesa keeps a scenario of its own under that name.
        self.inputs = scenario
        self.rules = Rules.of(scenario)
        self.source: Source = KeyedSource(seed, replicate) if draws == "keyed" else MesaSource(self.random)
        self.week = 0
        self.opening: int = scenario.burn_in_weeks
        self.phases = [getattr(self, name) for name in WEEK if scenario.mechanisms[name]]
        self.ledger: list[Posting] = []
        self.areas = [self._area(index) for index in range(len(scenario.regions))]
        self.managers = [manager for area in self.areas for manager in area.managers]
        self.workers = [self._settle(person) for person in sorted(people, key=lambda person: person.key)]
        self.worker_by_key = {worker.key: worker for worker in self.workers}
        self.graph: nx.Graph[int] = nx.Graph()
        self.graph.add_nodes_from(self.worker_by_key)
        #: The graph's own inner dictionaries, by worker: live, and quicker to ask than the graph.
        self.ties: dict[int, dict[int, dict[str, Any]]] = dict(self.graph.adjacency())
        self.neighbours: dict[int, list[Worker]] = {}
        self.week_encounters: list[Encounter] = []

    def _area(self, index: int) -> Area:
        region = self.inputs.regions[index]
        area = Area(index, region.name, environment_of(self.inputs, region))
        area.managers.extend(Manager(self, area, ordinal) for ordinal in range(region.spaces))
        return area

    def _settle(self, person: PersonAtStart) -> Worker:
        area = self.areas[person.region]
        worker: Worker
        if person.status == Freelancer.status:
            worker = Freelancer(self, person, area)
            area.freelancers.append(worker)
        else:
            worker = Employee(self, person, area)
            area.employees.append(worker)
        area.workers.append(worker)
        if worker.space is not None:
            worker.space.take_in(worker)
        return worker

    @property
    def is_open(self) -> bool:
        """Whether the spaces exist yet."""
        return self.week >= self.opening

    def step(self) -> None:
        """Live one week: each phase reads the state as it stood when the phase began."""
        self.begin_week()
        for phase in self.phases:
            phase()
        self.end_week()

    def begin_week(self) -> None:
        """Start counting gains when the spaces open."""
        if self.week == self.opening:
            for worker in self.workers:
                worker.open_books()

    def end_week(self) -> None:
        """Remember what was learnt in the space and, every four weeks, who knows whom."""
        for worker in self.workers:
            worker.remember()
        if (self.week + 1) % _SNAPSHOT_WEEKS == 0:
            take_snapshot(self)
        self.week += 1

    def income(self) -> None:
        """Freelancers are paid for projects, employees by the week."""
        for area in self.areas:
            if area.freelancers:
                self._post("clients", f"workers:{area.name}", "fees", self._fees(area))
            if area.employees:
                wages = sum(employee.earn() for employee in area.employees)
                self._post("employers", f"workers:{area.name}", "wages", wages)

    def _fees(self, area: Area) -> int:
        rules, environment = self.rules, area.environment
        years = (self.week - self.opening) / 52
        projects = rules.projects * environment.demand * exp(environment.demand_trend * years)
        expansions = [exp(rules.skill_return * (worker.skill() - 0.5)) for worker in area.freelancers]
        rivals = unfixed(sum(map(fixed, expansions))) / len(expansions)
        return sum(
            worker.earn(self.week, expansion, rivals, projects)
            for worker, expansion in zip(area.freelancers, expansions, strict=True)
        )

    def membership(self) -> None:
        """Those whose turn it is decide, all on the state of the phase's start; then every member pays."""
        if not self.is_open:
            return
        since_opening = self.week - self.opening
        decided = [(manager, manager.decisions(self.week, since_opening)) for manager in self.managers]
        for manager, decisions in decided:
            takings = manager.settle(decisions)
            self._post(f"workers:{manager.area.name}", f"space:{manager.name}", "membership", takings)

    def attendance(self) -> None:
        """Members come, and find a desk or not."""
        if self.is_open:
            for manager in self.managers:
                manager.open_doors(self.week)

    def encounters(self) -> None:
        """Everybody makes contacts outside; those who share a table in a space may meet."""
        rules, poisson, week = self.rules, self.source.poisson, self.week
        for area in self.areas:
            mean = rules.outside * area.environment.firm_density
            for worker in area.workers:
                new = poisson("outside_contacts", worker.key, week, 0, mean)
                worker.contacts = worker.contacts * rules.contacts_kept + new
        if not self.is_open:
            return
        met: dict[int, Encounter] = {}
        for manager in self.managers:
            in_space = meetings_in(manager, self)
            manager.encounters_week = sum(encounter.meetings for encounter in in_space.values())
            met.update(in_space)
        self.week_encounters = [met[pair] for pair in sorted(met)]
        commit(self.week_encounters, self)

    def social_learning(self) -> None:
        """People learn from those they have met."""
        learn_from_encounters(self.week_encounters, self.rules)

    def resource_pool(self) -> None:
        """Members share the equipment of their space."""
        if self.is_open:
            for manager in self.managers:
                manager.share_equipment()

    def resource_learning(self) -> None:
        """People learn from hours of practice, and from their own work."""
        for worker in self.workers:
            worker.learn_from_resources()

    def decay(self) -> None:
        """Skills depreciate; every four weeks, ties that have faded are dropped. Off, ties do not fade."""
        yearly = self.rules.skill_loss_year
        for worker in self.workers:
            worker.forget(yearly)
        if (self.week + 1) % _SNAPSHOT_WEEKS == 0:
            prune(self)

    def _post(self, payer: str, payee: str, purpose: str, amount: int) -> None:
        # AMBIGUOUS in the rules: whether a posting of nothing is made. Here it is not.
        if amount:
            self.ledger.append(Posting(self.week, payer, payee, purpose, amount))

    def tie_strength(self, low: int, high: int, week: int | None = None) -> float:
        """Strength of a tie at a week (by default the one about to be lived): w * rho^(week - last)."""
        tie = self.ties[low].get(high)
        if tie is None:
            return 0.0
        age = (self.week if week is None else week) - tie["last"]
        return float(tie["w"] * exp(age * self.rules.log_rho))
