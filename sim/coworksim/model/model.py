"""The simulation as a Mesa model: one week = every phase of WEEK in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from coworksim.model.agents import Worker
from coworksim.model.mechanisms import WEEK, Phase
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mesa_base import MesaBase, check_not_again
from coworksim.model.policies import PublicPolicy
from coworksim.model.scenario import Scenario
from coworksim.model.state import snapshot
from coworksim.model.state.build import new_world
from coworksim.model.state.world import World
from coworksim.model.views import Inhabitant
from coworksim.model.weeks import Weeks, whole

if TYPE_CHECKING:
    import networkx as nx


class CoworkingModel(Weeks, MesaBase):
    """Freelancers, employees and managers around coworking spaces.

    Workers live in columns; their Mesa agents are views, made when somebody first looks (``model.agents``), so that a
    batch of runs never pays for them. People come and go by turnover alone: agents are neither added nor removed.
    """

    def __init__(
        self,
        setup: Scenario,
        seed: int | np.integer[Any] | None = None,
        replicate: int = 0,
        *,
        week: Sequence[type[Phase]] = WEEK,
        world: World | None = None,
        collect: bool = True,
        rng: int | None = None,
        **parameters: float | str,
    ) -> None:
        """Make the world of a scenario, or go on with one.

        Args:
            setup: The scenario. Mesa's ``batch_run`` goes through whatever is iterable: give it ``[scenario]``.
            seed: Seed from 0 to 2**63 - 1; None takes that of the scenario, so ``batch_run`` may give it once only.
            replicate: Number of the run under this seed, from 0.
            week: Mechanisms in the order of the week; those that the scenario switches off are left out.
            world: State to go on with, in place of a new one.
            collect: Whether ``model.datacollector`` keeps figures of each week.
            rng: The seed, as some of Mesa's tools call it.
            parameters: Other values of parameters by name, for ``batch_run``: ``**{"space.price": 120}``.

        Raises:
            TypeError: ``setup`` is not a scenario.
            ValueError: A seed, a replicate, or a parameter is not one.
        """
        if not isinstance(setup, Scenario):
            raise TypeError(
                f"setup is {setup!r:.60}; give what load_scenario returns (to Mesa's batch_run in a list: [scenario])"
            )
        if seed is not None and rng is not None:
            raise ValueError("rng and seed are the same; give one of them")
        if world is not None and (parameters or (world.scenario is not setup and world.scenario != setup)):
            raise ValueError("a world keeps the scenario that it was made with: give that one, and no other parameters")
        if seed is None and rng is None:
            check_not_again()
        setup = setup.changed(parameters) if parameters else setup
        seed, replicate = whole("seed", rng if seed is None else seed, setup.seed), whole("replicate", replicate, 0)
        super().__init__(setup, seed, new_world(setup, seed, replicate) if world is None else world, collect=collect)
        self._week = week
        self._graph: tuple[tuple[int, int], nx.Graph[int]] | None = None
        self.phases: list[Phase] = [kind(self.world) for kind in week if setup.mechanisms.get(kind.name, True)]
        self._casting.hire()

    def _follow(self) -> None:
        self._casting.follow()

    def _end_week(self) -> None:
        self._collect_week()

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
        collect = self._collected is not None
        return type(self)(self.setup, self.seed, week=self._week, world=snapshot.fork(self.world), collect=collect)

    def worker(self, row: int) -> Worker:
        """Look at one person as a Mesa agent.

        Args:
            row: Row of the columns, from 0.

        Returns:
            The agent, made if nobody has looked yet.

        Raises:
            IndexError: There is no such row.
        """
        return self._casting.worker(row)

    def cast(self, kind: type[Inhabitant], choose: Callable[[Any], bool], *, newcomers: bool = False) -> int:
        """Let chosen agents act as a class of your own.

        Args:
            kind: Subclass of a kind of worker, of Worker or of Manager. Only agents of that kind are asked: a subclass
                of Freelancer is cast among freelancers. Who leaves, or changes status, is replaced by an agent of the
                model; whoever is cast as a subclass of Worker stays it in any job.
            choose: Says of an agent whether to cast him or her.
            newcomers: Whether the cast stands: whoever comes into that kind later is asked too. Of several casts that
                stand, the latest that chooses a newcomer has him or her.

        Returns:
            How many were cast now.

        Raises:
            TypeError: No agent can be of this class, or it has a ``step``, which is never called.
            LookupError: All mechanisms that would ask its rules are switched off.
            RuntimeError: Regions go side by side.
        """
        if self.world.division is not None:
            raise RuntimeError("nobody can be cast while regions go side by side; cast before, or after")
        return self._casting.cast(kind, choose, newcomers)

    def enact(self, name: str, kind: type[PublicPolicy]) -> None:
        """Let a policy of the scenario act as a class of your own from now on.

        Args:
            name: Name of the policy in the scenario.
            kind: Subclass of an award or a programme.

        Raises:
            LookupError: No policy of the scenario has this name.
        """
        self.phase(Policies).enact(self.world, name, kind)

    @property
    def graph(self) -> nx.Graph[int]:
        """The social graph of this week as networkx sees it (worker keys as nodes), kept until the ties change."""
        now = (self.world.week, self.world.ties.epoch)
        if self._graph is None or self._graph[0] != now:
            keys = self.world.workers.key
            self._graph = (now, self.world.ties.to_networkx(keys, self.world.week, self.world.log_rho))
        return self._graph[1]
