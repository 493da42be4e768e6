"""The plain twin's model: the same week as the product's, in plain sight and plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import exp
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import mesa
import networkx as nx

from coworksim.model.parameters import MECHANISMS
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS

from .acquaintances import acquaint
from .all_schemes import Schemes
from .calendar import closes_in, opens_in
from .courses import take_courses
from .encounters import Encounter, Encounters
from .environment import environment_of
from .gatherings import found_group, gather
from .laws import fixed, unfixed
from .learning import forget, learn_from_resources, remember
from .management import manage
from .plain_draws import KeyedSource, MesaSource, Source
from .population import MOST_PEOPLE
from .programmes import hold_courses_outside
from .region import Area, Help
from .rules import Rules
from .season import season_of
from .social_learning import learn_from_encounters
from .space import Manager
from .tables import meet_at_tables
from .teams import form_teams
from .ties import commit, count, prune, take_snapshot
from .traits import Traits, traits_of
from .turnover import settle, turn_over

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario

    from .agents import Worker
    from .population import PersonAtStart
    from .programmes import Course
    from .statuses import Freelancer

__all__ = ["HINT", "PlainModel", "Posting", "lacking"]

_SNAPSHOT_WEEKS = 4
#: Rows for spaces beyond those of the scenario: half as many again, and no fewer than these.
_LEAST_ROOM = 6


class Posting(NamedTuple):
    """Money that changed hands."""

    week: int
    payer: str
    payee: str
    purpose: str
    pence: int


class PlainModel(mesa.Model):
    """The week over Mesa agents; ``step()`` lives the week ``self.week``, counted from 0.

    The phases of the week are methods (and the schemes) named as the mechanisms of the scenario.
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
        #: Spaces exist from the opening on; policies act, and all is counted, from the start on.
        self.opening: int = scenario.burn_in_weeks
        self.start: int = scenario.start_week
        #: Until then spaces cost nothing, and nobody decides or founds.
        self.begins: int = self.opening + (self.start - self.opening) // 3
        self.schemes = Schemes(self, scenario.policies)
        on = [name for name in MECHANISMS if scenario.mechanisms[name]]
        if unknown := [name for name in on if name in lacking()]:
            raise NotImplementedError(f"the twin has no phase {', '.join(unknown)}: {HINT}")
        self.phases = [getattr(self, name) for name in on]
        self.ledger: list[Posting] = []
        self.courses: list[Course] = []
        #: The best possible skills of each occupation.
        self.frontiers = [[1.0] * len(SKILLS) for _ in OCCUPATIONS]
        if scenario.mechanisms["frontier"]:
            self.frontier()
        everybody = sorted(people, key=lambda person: person.key)
        number = Counter(person.region for person in everybody)
        self.areas = [self._area(index, number[index]) for index in range(len(scenario.regions))]
        self.workers: list[Worker] = []
        for person in everybody:
            worker = settle(self, person, self.areas[person.region])
            worker.area.workers.append(worker)
            self.workers.append(worker)
        self._number_places()
        for area in self.areas:
            form_teams(area)
        self.worker_by_key = {worker.key: worker for worker in self.workers}
        self.graph: nx.Graph[int] = nx.Graph()
        self.graph.add_nodes_from(self.worker_by_key)
        #: The graph's own inner dictionaries, by worker: live, and quicker to ask than the graph.
        self.ties: dict[int, dict[int, dict[str, Any]]] = dict(self.graph.adjacency())
        self.neighbours: dict[int, list[Worker]] = {}
        self.known: dict[int, set[int]] = {}
        self.week_encounters: list[Encounter] = []
        acquaint(self)
        take_snapshot(self)

    def _area(self, index: int, people: int) -> Area:
        region = self.inputs.regions[index]
        area = Area(index, region.name, region.flag, environment_of(self.inputs, region), people)
        area.rows += [None] * (region.spaces + max(_LEAST_ROOM, region.spaces // 2))
        for ordinal in range(region.spaces):
            opens, closes = opens_in(self, index, ordinal), closes_in(self, index, ordinal)
            if closes is not None and closes <= self.begins:
                continue
            if opens is not None and opens > self.begins:
                area.kept[ordinal] = opens
                continue
            traits = traits_of(self, area, ordinal)
            age = traits.age if self.inputs.market != "new" else 0
            self.open_space(area, ordinal, ordinal, traits, self.begins - age if opens is None else opens)
        return area

    @property
    def managers(self) -> list[Manager]:
        """Those of all spaces that have a row, open or closed, region by region."""
        return [manager for area in self.areas for manager in area.managers]

    def open_space(self, area: Area, row: int, ordinal: int, traits: Traits, opened: int) -> Manager:
        """Put a space into a row, in the place of a closed one."""
        before = area.rows[row]
        if before is not None:
            before.remove()
        manager = area.rows[row] = Manager(self, area, row, ordinal, traits, opened)
        area.is_changed = True
        return manager

    def _number_places(self) -> None:
        first = 0
        for area in self.areas:
            if len(area.workers) > MOST_PEOPLE:
                raise ValueError(f"{area.name} has {len(area.workers)} people; a region can have {MOST_PEOPLE}")
            area.first = first
            first += len(area.workers)
            area.settle()

    @property
    def is_open(self) -> bool:
        """Whether the spaces exist yet."""
        return self.week >= self.opening

    @property
    def season(self) -> float:
        """How many come this week, to how many usually do."""
        rules = self.rules
        since = self.week - self.start
        return season_of(self.inputs.starts, since, christmas=rules.christmas, august=rules.august)

    def step(self) -> None:
        """Live one week: each phase reads the state as it stood when the phase began."""
        self.begin_week()
        for phase in self.phases:
            phase()
        self.end_week()

    def begin_week(self) -> None:
        """Start counting gains at the start."""
        if self.week == self.start:
            for worker in self.workers:
                worker.open_books()

    def end_week(self) -> None:
        """Remember what was learnt, who knows whom (every four weeks), and which spaces have opened or closed."""
        for worker in self.workers:
            remember(worker)
        if (self.week + 1) % _SNAPSHOT_WEEKS == 0:
            take_snapshot(self)
        for area in self.areas:
            if area.is_changed:
                area.look_around()
        self.week += 1
        if self.week == self.start:
            for worker in self.workers:
                worker.forget_counts()

    def turnover(self) -> None:
        """Careers end, newcomers take the places, people change status; not in the first week of all."""
        if self.week:
            turn_over(self)
        for area in self.areas:
            form_teams(area)

    def frontier(self) -> None:
        """The best possible skill moves on; the lists stay, since every worker holds one."""
        for occupation, best in enumerate(self.frontiers):
            best[:] = self.rules.frontier(occupation, self.week - self.start)

    def adoption(self) -> None:
        """New tools are taken up, by some unprompted, by others as their ties have."""
        week = self.week
        converts = [worker for worker in self.workers if not worker.tools and worker.considers_tools(week)]
        for worker in converts:
            worker.tools = True

    def policies(self) -> None:
        """Public money is spent on spaces and regions, one programme after the other by name."""
        for area in self.areas:
            area.help = Help()
        for manager in self.managers:
            manager.more_events = manager.more_groups = 0.0
        self.courses = []
        if self.week >= self.start:
            for programme in sorted(self.schemes.programmes, key=lambda programme: programme.name):
                programme.live(self)

    def training(self) -> None:
        """Courses come along, and are taken or not, region by region."""
        for area in self.areas:
            take_courses(area, self)

    def income(self) -> None:
        """The independent are paid for projects, employees by the week."""
        for area in self.areas:
            self.post("clients", f"workers:{area.name}", "fees", self._fees(area))
            wages = sum(employee.earn() for employee in area.employees)
            self.post("employers", f"workers:{area.name}", "wages", wages)

    def _fees(self, area: Area) -> int:
        """Freelancers and owners share the projects of the region; nomads have theirs from elsewhere."""
        rules, environment = self.rules, area.environment
        fees = 0
        if area.pool:
            years = (self.week - self.start) / 52
            projects = rules.projects * environment.demand * exp(environment.demand_trend * years) * area.help.demand
            expansions = [self._expansion(worker) for worker in area.pool]
            rivals = unfixed(sum(map(fixed, expansions))) / len(expansions)
            for worker, expansion in zip(area.pool, expansions, strict=True):
                fees += worker.earn(self.week, expansion, rivals, projects)
        for nomad in area.nomads:
            fees += nomad.earn(self.week, self._expansion(nomad), 1.0, rules.projects)
        return fees

    def _expansion(self, worker: Freelancer) -> float:
        return exp(self.rules.skill_return * (worker.skill() - 0.5))

    def awareness(self) -> None:
        """People hear of spaces near home that are open, and of schemes that run."""
        if not self.is_open:
            return
        week = self.week
        since = week - self.start
        running = [s.number for s in self.schemes.awards if s.policy.start <= since < s.policy.end]
        for worker in self.workers:
            if worker.unaware:
                worker.hear_of_spaces(week)
            if running:
                worker.hear_of_schemes(running, week)

    def membership(self) -> None:
        """Those whose turn it is decide, all on the state of the phase's start; then every member pays."""
        if not self.is_open:
            return
        week = self.week
        for manager in self.managers:
            manager.feel_crowd()
        moves = [(worker, worker.decide(week)) for worker in self.workers if worker.decides(week)]
        for worker, (space, plan) in moves:
            worker.move(space, plan)
        for manager in self.managers:
            manager.collect(self)

    def attendance(self) -> None:
        """Members come, and find a desk or not."""
        if self.is_open:
            for manager in self.managers:
                manager.open_doors(self)

    def encounters(self) -> None:
        """Everybody makes contacts outside; members meet at tables of their space, people at events and in groups."""
        kept = self.rules.contacts_kept
        for worker in self.workers:
            worker.contacts *= kept
            worker.encounter_hours = 0.0
        week = Encounters(self)
        for area in self.areas:
            week.outside(area)
            week.firm(area)
        if self.is_open:
            for manager in self.managers:
                manager.encounters_week = manager.events_held = 0
            running = [manager for manager in self.managers if manager.open]
            for manager in running:
                meet_at_tables(week, manager)
            gather(week, running)
            for manager in running:
                found_group(week, manager)
        self.week_encounters = week.in_order()
        count(self.week_encounters, self)
        commit(self.week_encounters, self)

    def social_learning(self) -> None:
        """People learn from those they have met."""
        learn_from_encounters(self.week_encounters, self.rules)

    def resource_pool(self) -> None:
        """Members share the equipment and the training places of their space."""
        if self.is_open:
            for worker in self.workers:
                worker.inside_hours = worker.training_hours = 0.0
                worker.course_inside, worker.course_outside = [0.0] * 4, [0.0] * 4
            for manager in self.managers:
                manager.share_pool(self)
            hold_courses_outside(self)

    def resource_learning(self) -> None:
        """People learn from hours of practice, and from their own work."""
        for worker in self.workers:
            learn_from_resources(worker)

    def decay(self) -> None:
        """Skills depreciate; every four weeks, ties that have faded are dropped. Off, ties do not fade."""
        yearly = self.rules.skill_loss_year
        for worker in self.workers:
            forget(worker, yearly)
        if (self.week + 1) % _SNAPSHOT_WEEKS == 0:
            prune(self)

    def management(self) -> None:
        """Managers pay, set prices, invest and close; founders open spaces."""
        if self.week >= self.begins:
            manage(self)

    def post(self, payer: str, payee: str, purpose: str, amount: int) -> None:
        """Enter money that changed hands."""
        # The model's text leaves open whether a posting of nothing is made. Here it is not.
        if amount:
            self.ledger.append(Posting(self.week, payer, payee, purpose, amount))

    def tie_strength(self, low: int, high: int, week: int | None = None) -> float:
        """Strength of a tie at a week (by default the one about to be lived): w * rho^(week - last)."""
        tie = self.ties[low].get(high)
        if tie is None:
            return 0.0
        age = (self.week if week is None else week) - tie["last"]
        return float(tie["w"] * exp(age * self.rules.log_rho))


#: What to do about a phase that the twin lacks.
HINT = "write a method of that name in tests/reference/model.py, in plain Python, and docking compares the two"


def lacking() -> list[str]:
    """Name the phases of the week that the twin does not have; it skips them while they are off."""
    return [name for name in MECHANISMS if name != "schemes" and not hasattr(PlainModel, name)]
