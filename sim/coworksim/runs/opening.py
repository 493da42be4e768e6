"""Worlds at the start of policies: made once, kept for whoever asks again, and forked for each arm.

No policy acts before the start, and in a new market neither does much else that a scenario says: a kept world serves
every scenario that differs in nothing that has acted so far. What policies need of every person is drawn anew in each
fork.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms import WEEK
from coworksim.model.parameters import PARAMETERS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.model.state import rng, snapshot
from coworksim.model.state.policy_state import Schemes
from coworksim.model.state.rng import SCHEME, RunKey, exponential, uniform, word
from coworksim.model.state.synthesis import draw_tastes
from coworksim.model.weeks import Engine
from coworksim.runs import world_cache
from coworksim.runs.worker import check_deadline

#: What a kept world is called.
WORLD: Final = "world"
_SOURCE: Final = "runs/opening.py"
#: Groups of parameters that nothing reads before policies start, and those that nothing reads before spaces open; what
#: of them is read all the same.
_LATE: Final = frozenset({"appraisal", "schemes", "survey"})
_OF_SPACES: Final = frozenset({"attendance", "awareness", "management", "membership"})
_EARLY: Final = frozenset({"management.hosted", "management.patience"})
#: Spread of tastes: the only thing that people are made of and nobody asks for before spaces open.
_TASTE: Final = "membership.taste_sd"


@kernel
def _draw_hassle(run: RunKey, key: NDArray[np.uint32], code: NDArray[np.int64], hassle: NDArray[np.float64]) -> None:
    """Draw how much of a hassle each scheme is to each person, as at his or her coming."""
    for i in range(len(key)):
        for k in range(hassle.shape[1]):
            hassle[i, k] = exponential(uniform(word(run, np.uint64(key[i]), SCHEME, 0, 2 * code[k])))


def is_late(name: str, market: str) -> bool:
    """Return whether a parameter can be changed at the start of policies as if it had always been so.

    >>> is_late("membership.churn", "new"), is_late("membership.churn", "mature"), is_late("schemes.hassle", "mature")
    (True, False, True)
    """
    group, late = name.partition(".")[0], _LATE | (_OF_SPACES if market == "new" else frozenset())
    return group in late and name not in _EARLY


def described(scenario: Scenario, seed: int, replicate: int, *sources: str) -> dict[str, Any] | None:
    """Return all that a run depends on, which ``sources`` make; None where it is more than is known here."""
    if not all(kind.__module__.startswith("coworksim.") for kind in WEEK):
        return None
    made = world_cache.made_by(*sources)
    digest = scenario.model_copy(update={"seed": 0}).digest
    return {**made, "scenario": digest, "seed": int(seed), "replicate": int(replicate)}


def _so_far(scenario: Scenario) -> Scenario:
    """Return a scenario without all that has not acted before the start: policies, horizon, late parameters."""
    early = {
        name: PARAMETERS[name].default if is_late(name, scenario.market) else value
        for name, value in scenario.values.items()
    }
    return scenario.model_copy(update={"policies": (), "weeks": 1, "values": early})


def burnt_in(scenario: Scenario, seed: int, replicate: int, *, keep: bool = True) -> Engine:
    """Return a model of the scenario without policies, in the week in which policies start.

    With ``keep`` it is read where it is kept, and else kept; the numbers are the same.
    """
    bare = scenario.model_copy(update={"policies": ()})
    what = described(_so_far(scenario), seed, replicate, _SOURCE) if keep else None
    found = None if what is None else world_cache.fetched(WORLD, what)
    if found is not None:
        world = snapshot.joined(bare, *found)
        draw_tastes(world.run, float(bare[_TASTE]), world.workers)
        return Engine(bare, seed, world=world)
    model = Engine(bare, seed, replicate)
    for _ in range(scenario.start_week):
        check_deadline()
        model.step()
    if what is not None:
        world_cache.keep(WORLD, what, *snapshot.parted(model.world))
    return model


def forked(model: Engine, policies: tuple[Policy, ...]) -> Engine:
    """Return a copy of a burnt-in model with ``policies`` in force, as a run with them has it at the start."""
    rng.forget_draws()
    scenario = model.setup.model_copy(update={"policies": policies})
    world = snapshot.fork(model.world)
    schemes = Schemes.of(scenario, len(world.workers), len(world.spaces))
    _draw_hassle(world.run, world.workers.key, schemes.code, schemes.hassle)
    schemes.aware[:] = not scenario.mechanisms["awareness"]
    world = dataclasses.replace(world, scenario=scenario, schemes=schemes)
    return Engine(scenario, model.seed, world=world)
