"""The simulation as a Mesa model: one week = every phase of WEEK in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import mesa
import networkx as nx
import numpy as np

from coworksim.model.agents import KINDS, Manager, Worker, own_behaviours
from coworksim.model.mechanisms import WEEK, Phase
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.turnover import Turnover
from coworksim.model.policies import PublicPolicy
from coworksim.model.scenario import Scenario
from coworksim.model.state import snapshot
from coworksim.model.state.build import new_world
from coworksim.model.state.world import World


class CoworkingModel(mesa.Model):
    """Freelancers, employees and managers around coworking spaces.

    Workers live in columns; their Mesa agents are views, made when somebody first looks (``model.agents``), so that a
    batch of runs never pays for them.
    """

    def __init__(
        self,
        setup: Scenario,
        seed: int | None = None,
        replicate: int = 0,
        *,
        week: Sequence[type[Phase]] = WEEK,
        world: World | None = None,
    ) -> None:
        """Make the world of a scenario, or go on with one.

        Args:
            setup: The scenario.
            seed: Seed from 0 to 2**63 - 1; None takes that of the scenario.
            replicate: Number of the run under this seed, from 0.
            week: Mechanisms in the order of the week; those that the scenario switches off are left out.
            world: State to go on with, in place of a new one.
        """
        self.seed = setup.seed if seed is None else seed
        super().__init__(rng=self.seed)
        self.setup = setup
        self.world = new_world(setup, self.seed, replicate) if world is None else world
        self._week = week
        self.phases: list[Phase] = [kind(self.world) for kind in week if setup.mechanisms.get(kind.name, True)]
        self._workers: dict[int, Worker] = {}
        self._seen = (self.world.workers.key.copy(), self.world.workers.status.copy())
        self._graph: tuple[tuple[int, int], nx.Graph[int]] | None = None
        self.world.managers[:] = [Manager(self, row) for row in range(len(self.world.spaces))]

    def step(self) -> None:
        """Simulate one week: every mechanism in order."""
        self.world.begin_week()
        for phase in self.phases:
            phase.step(self.world)
            if isinstance(phase, Turnover):
                self._welcome()
        self.world.end_week()

    def save(self, path: Path) -> None:
        """Write the world to a file (numbers and JSON only), whole or not at all.

        Args:
            path: The file; one that is there is replaced.
        """
        snapshot.save(self.world, path)

    @classmethod
    def load(cls, path: Path, setup: Scenario, *, week: Sequence[type[Phase]] = WEEK) -> Self:
        """Go on with a world that :meth:`save` wrote; cast and enact what is your own again.

        Args:
            path: The file.
            setup: The scenario for which it was written.
            week: Mechanisms in the order of the week.

        Returns:
            A model in the week in which it was saved.

        Raises:
            SnapshotError: The file is damaged, or was written for another scenario or by another version.
        """
        return cls(setup, week=week, world=snapshot.load(path, setup))

    def fork(self) -> Self:
        """Copy the model in this week; cast and enact what is your own again.

        Returns:
            A model that goes its own way from here.
        """
        return type(self)(self.setup, self.seed, week=self._week, world=snapshot.fork(self.world))

    def phase[P: Phase](self, kind: type[P]) -> P:
        """Find a mechanism that this model runs.

        Args:
            kind: Its class.

        Returns:
            The mechanism, with its parameters.

        Raises:
            LookupError: It is switched off in this scenario.
        """
        for phase in self.phases:
            if isinstance(phase, kind):
                return phase
        raise LookupError(f"the mechanism {kind.name} is switched off in this scenario")

    def worker(self, row: int) -> Worker:
        """Look at one person as a Mesa agent.

        Args:
            row: Row of the columns, from 0.

        Returns:
            The agent, made if nobody has looked yet.
        """
        if row not in self._workers:
            self._workers[row] = KINDS[self.world.workers.status[row]](self, row)
        return self._workers[row]

    def cast(self, kind: type[Worker], choose: Callable[[Worker], bool]) -> int:
        """Let chosen workers act as a class of your own.

        Args:
            kind: Subclass of a kind of worker. Only workers of that kind are asked: a subclass of Freelancer is cast
                among freelancers.
            choose: Says of a worker whether to cast him or her.

        Returns:
            How many were cast.
        """
        base = next(own for own in KINDS if issubclass(kind, own))
        rows = [agent.row for agent in self.agents if isinstance(agent, base) and choose(agent)]
        for row in rows:
            self._replace(row, kind)
        return len(rows)

    def enact(self, name: str, kind: type[PublicPolicy]) -> None:
        """Let a policy of the scenario act as a class of your own from now on.

        Args:
            name: Name of the policy in the scenario.
            kind: Subclass of an award or a programme.

        Raises:
            LookupError: No policy of the scenario has this name.
        """
        self.phase(Policies).enact(self.world, name, kind)

    def _replace(self, row: int, kind: type[Worker]) -> None:
        """Let the worker of a row be an agent of another class from now on."""
        self._workers[row].remove()
        self.world.behaviours.clear(row)
        agent = self._workers[row] = kind(self, row)
        for name in own_behaviours(kind):
            self.world.behaviours.set(name, row, self._adapter(name, agent))

    def _welcome(self) -> None:
        """Let agents that somebody has looked at follow their rows: newcomers and changes of status are new agents."""
        w = self.world.workers
        if self._workers:
            for row in np.flatnonzero((w.key != self._seen[0]) | (w.status != self._seen[1])).tolist():
                if row in self._workers:
                    self._replace(row, KINDS[w.status[row]])
        self._seen = (w.key.copy(), w.status.copy())

    def _adapter(self, name: str, agent: Worker) -> Callable[..., Any]:
        """Return what a mechanism calls for an agent: rows of partners become agents on the way."""
        decide: Callable[..., Any] = getattr(agent, name)
        if name == "membership_value":
            return decide
        return lambda partner, occasion: decide(self.worker(partner), occasion)

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
