"""The simulation as a Mesa model: one week = every phase of WEEK in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import mesa
import networkx as nx

from colearn.agents import Employee, Freelancer, Manager, Worker, own_behaviours
from colearn.mechanisms import WEEK, Phase
from colearn.mechanisms.membership import Offer
from colearn.mechanisms.social_learning import Meeting
from colearn.scenario import Scenario
from colearn.world.population import FREELANCER
from colearn.world.world import World

__all__ = ["CoworkingModel"]


class CoworkingModel(mesa.Model):
    """Freelancers, employees and managers around coworking spaces.

    Workers live in columns; their Mesa agents are views, made when somebody first looks (``model.agents``), so that a
    batch of runs never pays for them.
    """

    def __init__(
        self, setup: Scenario, seed: int | None = None, replicate: int = 0, week: Sequence[type[Phase]] = WEEK
    ) -> None:
        """Make the world of a scenario; ``seed`` None means the scenario's own."""
        self.seed = setup.seed if seed is None else seed
        super().__init__(rng=self.seed)
        self.setup = setup
        self.world = World.of(setup, self.seed, replicate)
        self.phases: list[Phase] = [kind(self.world) for kind in week if setup.mechanisms.get(kind.name, True)]
        self._workers: dict[int, Worker] = {}
        self._graph: tuple[tuple[int, int], nx.Graph[int]] | None = None
        self._managers = [Manager(self, row) for row in range(len(self.world.spaces))]

    def step(self) -> None:
        """Simulate one week."""
        self.world.begin_week()
        for phase in self.phases:
            phase.step(self.world)
        self.world.end_week()

    def phase[P: Phase](self, kind: type[P]) -> P:
        """Return the phase of a kind that this model runs."""
        for phase in self.phases:
            if isinstance(phase, kind):
                return phase
        raise LookupError(f"the mechanism {kind.name} is switched off in this scenario")

    def worker(self, row: int) -> Worker:
        """Return the agent of one row, making it if nobody has looked yet."""
        if row not in self._workers:
            kind = Freelancer if self.world.workers.status[row] == FREELANCER else Employee
            self._workers[row] = kind(self, row)
        return self._workers[row]

    def cast(self, kind: type[Worker], choose: Callable[[Worker], bool]) -> int:
        """Let the chosen workers act as ``kind``; return how many there are.

        Only workers of the kind's own status are asked: a subclass of Freelancer is cast among freelancers.
        """
        base = Freelancer if issubclass(kind, Freelancer) else Employee
        rows = [agent.row for agent in self.agents if isinstance(agent, base) and choose(agent)]
        for row in rows:
            self._workers[row].remove()
            self.world.behaviours.clear(row)
            agent = self._workers[row] = kind(self, row)
            for name in own_behaviours(kind):
                self.world.behaviours.set(name, row, self._adapter(name, agent))
        return len(rows)

    def _adapter(self, name: str, agent: Worker) -> Callable[..., Any]:
        """Return what a mechanism calls for an agent: rows become agents on the way."""
        if name == "learn_from":
            return partial(self._learn_from, agent)
        decide: Callable[[Offer], float] = getattr(agent, name)
        return decide

    def _learn_from(self, agent: Worker, partner: int, meeting: Meeting) -> Sequence[float]:
        return agent.learn_from(self.worker(partner), meeting)

    def _look(self) -> None:
        if len(self._workers) < len(self.world.workers):
            for row in range(len(self.world.workers)):
                self.worker(row)

    @property
    def agents(self) -> Any:
        """Every agent, as Mesa's AgentSet."""
        self._look()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Agents by exact class, as Mesa keeps them."""
        self._look()
        return super().agents_by_type

    @property
    def graph(self) -> nx.Graph[int]:
        """The social graph of this week as networkx sees it (worker keys as nodes), kept until the ties change."""
        now = (self.world.week, self.world.ties.epoch)
        if self._graph is None or self._graph[0] != now:
            keys = self.world.workers.key
            self._graph = (now, self.world.ties.to_networkx(keys, self.world.week, self.world.log_rho))
        return self._graph[1]
