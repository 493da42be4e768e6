"""Mesa's protocol, method by method: what works on views of columns, and what is refused in a sentence."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any, Final, NoReturn

import mesa
import mesa.batchrunner
import numpy as np
from mesa.datacollection import DataCollector
from mesa.time import Priority, Schedule

from coworksim.model.casting import Casting
from coworksim.model.mechanisms import Phase
from coworksim.model.scenario import Scenario
from coworksim.model.state.ties import INSIDE_KINDS
from coworksim.model.state.world import World
from coworksim.model.views import Inhabitant

#: What a run is made from, and a running model keeps.
_FIXED: Final = ("seed", "setup", "world", "scenario")
#: Why agents are not added or removed.
_BY_TURNOVER: Final = (
    "people come and go by turnover alone, and each space has its manager: their agents are neither added nor removed. "
    "To let more people leave, set turnover.exit; to let them act otherwise, use model.cast"
)


def _points(model: MesaBase, family: slice) -> float:
    """Return the mean skill of a family over all people, in points."""
    return 100.0 * float(model.world.workers.skill[:, family].mean())


def _encounters(model: MesaBase) -> int:
    """Count the week's encounters in spaces, once for each of the two who meet."""
    met = model.world.meetings
    return 2 * int(met.times[met.kind < INSIDE_KINDS].sum())


def check_not_again() -> None:
    """Refuse a further run without a seed of Mesa's ``batch_run``, which would be the first one again. ValueError.

    Mesa tells a model nothing of the run that it is made for, so the function that makes it is looked at.
    """
    runner = getattr(mesa.batchrunner, "_model_run_func", None)
    frame = inspect.currentframe()
    while frame is not None and frame.f_code is not getattr(runner, "__code__", None):
        frame = frame.f_back
    if frame is not None and frame.f_locals.get("iteration", 0) > 0:
        raise ValueError(
            "runs without a seed all take that of the scenario, and would be one run several times; give batch_run "
            "seeds of their own, such as rng=range(5), or replicate=range(5) among its parameters"
        )


#: What ``model.datacollector`` keeps of each week; the seed for those who gave none.
_REPORTERS: Final = {
    "seed": lambda model: model.seed,
    "members": lambda model: int(np.count_nonzero(model.world.workers.member_of >= 0)),
    "encounters": _encounters,
    "sc_points": partial(_points, family=slice(0, 4)),
    "td_points": partial(_points, family=slice(4, 8)),
}


class MesaBase(mesa.Model):
    """A Mesa model whose people come and go by turnover alone."""

    phases: list[Phase]
    _default_schedule: Any

    def __init__(self, setup: Scenario, seed: int, world: World, *, collect: bool) -> None:
        """Set Mesa's clock to the week of the world, and look at nobody yet.

        Args:
            setup: The scenario.
            seed: Its seed, for those who ask.
            world: The state.
            collect: Whether to keep figures of each week.
        """
        self.setup, self.seed, self.world, self._registered = setup, seed, world, 0
        super().__init__(rng=[int(bits) for bits in world.run])
        self._weeks = setup.start_week + setup.weeks
        self._set_clock()
        self._collected = DataCollector(model_reporters=_REPORTERS) if collect else None
        if self._collected is not None:
            self.datacollector = self._collected
        self._casting = Casting(self)

    def _set_clock(self) -> None:
        week = self.world.week
        self.running = week < self._weeks
        if week:  # Mesa starts at 0, and has no public way to start later
            self._default_schedule.stop()
            self.time, self.steps = float(week), week
            every = Schedule(interval=1.0, start=week + 1.0)
            self._default_schedule = self.schedule_recurring(self._do_step, every, Priority.HIGH)

    def _collect_week(self) -> None:
        """Stop running with the scenario, and collect; whoever puts another collector there collects for it."""
        if self.world.week >= self._weeks:
            self.running = False
        if self._collected is not None:
            self._collected.collect(self)

    @property
    def scenario(self) -> Scenario:
        """The scenario, as Mesa calls it."""
        return self.setup

    @scenario.setter
    def scenario(self, mesas: Any) -> None:
        """Leave out the one that Mesa makes of a seed when it starts."""

    @property
    def agents(self) -> Any:
        """Every agent, as Mesa's AgentSet."""
        self._casting.look()
        self._check_whole(super().agents)
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Agents by exact class, as Mesa keeps them."""
        self._casting.look()
        self._check_whole(*super().agents_by_type.values())
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes that agents have or have had."""
        return list(self.agents_by_type)

    def _check_whole(self, *sets: Any) -> None:
        """Refuse sets that somebody has changed by hand: that moves nobody, and figures of them would be wrong."""
        if sum(map(len, sets)) != self._registered:
            raise RuntimeError(
                "agents were added to model.agents, or taken out, by hand, which moves nobody; make a new model, and "
                "change a copy: model.agents.copy() or model.agents.select(...)"
            )

    def register_agent(self, agent: Any) -> None:
        """Register an agent of any class of Mesa; agents of people and managers are made by the model alone."""
        self._refuse_by_hand(agent)
        super().register_agent(agent)
        self._registered += 1

    def deregister_agent(self, agent: Any) -> None:
        """Let an agent go that is neither a person nor a manager."""
        self._refuse_by_hand(agent)
        super().deregister_agent(agent)
        self._registered -= 1

    def _refuse_by_hand(self, agent: Any) -> None:
        if isinstance(agent, Inhabitant) and not self._casting.at_work:
            raise RuntimeError(_BY_TURNOVER)

    def remove_all_agents(self) -> NoReturn:
        """Refuse, before anybody is touched."""
        raise RuntimeError(_BY_TURNOVER)

    def reset_rng(self, rng: Any = None) -> NoReturn:
        """Refuse: it would not reach the numbers of the run, whose keys follow from the seed."""
        raise RuntimeError("the random numbers of a run are keyed by its seed; make a new model with another seed")

    reset_randomizer = reset_rng

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _FIXED and "phases" in vars(self):
            raise AttributeError(f"{name} of a model stays as it is; make a new model: CoworkingModel(scenario, seed)")
        super().__setattr__(name, value)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a running model is not copied or pickled: model.fork() copies it, model.save(path) writes it")
