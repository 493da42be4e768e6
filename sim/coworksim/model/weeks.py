"""A world and the mechanisms of its week; without agents, a batch of runs loads no Mesa."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from coworksim.model.division import Division, cuts_of
from coworksim.model.management_rules import ManagementRules
from coworksim.model.mechanisms import WEEK, Phase
from coworksim.model.scenario import Scenario
from coworksim.model.state.build import new_world
from coworksim.model.state.exchange import deliver
from coworksim.model.state.world import World


def whole(name: str, value: Any, otherwise: int) -> int:
    """Return a seed or a replicate. ValueError where it is none."""
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value < 2**63:
        raise ValueError(f"{name} is {value!r}; write a whole number from 0 to 2**63 - 1")
    return int(value)


class Weeks:
    """How a world goes through its weeks."""

    world: World
    phases: list[Phase]
    setup: Scenario

    def step(self) -> None:
        """Simulate one week: every mechanism in order."""
        if self.world.division is not None:
            self.world.division.step()
            self._follow()
        else:
            self.world.begin_week()
            for phase in self.phases:
                phase.step(self.world)
                self._follow()
            self.world.end_week()
            deliver([(self.world.exchange, 0, len(self.world.regions.names))])
        world = self.world
        if world.opening < world.start and world.week <= world.start and (world.start - world.week) % 52 == 0:
            world.ledger.bring_forward(world.week - 1)  # years of postings before the first that counts
        self._end_week()

    def live(self, weeks: int) -> None:
        """Simulate so many weeks."""
        for _ in range(weeks):
            self.step()

    @contextmanager
    def side_by_side(self, threads: int) -> Iterator[None]:
        """Let regions go through the week side by side while this lasts; every number stays the same.

        Worlds with a mechanism, agents or ties across borders of your own stay whole, as do small ones. Meanwhile
        nobody can be cast, and ``world.ties`` and ``world.meetings`` are copies: to be read, not changed. Mechanisms
        read the parameters of the scenario anew.

        Args:
            threads: How many threads to take, from 1.

        Returns:
            A context: ``with model.side_by_side(2): model.run_for(52)``.
        """
        cuts = cuts_of(self.world, self.phases, threads)
        division = Division(self.world, self.phases, cuts, threads) if len(cuts) > 2 else None
        try:
            yield
        finally:
            if division is not None:
                division.end()

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

    def _follow(self) -> None:
        """Let agents follow their rows, where there are any."""

    def _end_week(self) -> None:
        """Note the week, where somebody collects."""


class _PlainManager(ManagementRules):
    """A manager whom nobody looks at."""

    def __init__(self, model: Weeks) -> None:
        self.model = model


class Engine(Weeks):
    """A world that goes through its weeks by the rules of the model alone: nobody is cast, nobody looks at agents."""

    def __init__(
        self, setup: Scenario, seed: int | None = None, replicate: int = 0, world: World | None = None
    ) -> None:
        """Make the world of a scenario, or go on with one.

        Args:
            setup: The scenario.
            seed: Seed from 0 to 2**63 - 1; None takes that of the scenario.
            replicate: Number of the run under this seed, from 0.
            world: State to go on with, in place of a new one.

        Raises:
            ValueError: A seed or a replicate is not one.
        """
        self.setup, self.seed = setup, whole("seed", seed, setup.seed)
        self.world = new_world(setup, self.seed, whole("replicate", replicate, 0)) if world is None else world
        self.phases = [kind(self.world) for kind in WEEK if setup.mechanisms.get(kind.name, True)]
        self.world.managers[:] = [_PlainManager(self)] * len(self.world.spaces)
