"""Adoption: who takes up new tools. Without them, skill in generative AI earns nothing.

In a week a person takes them up with chance ``(p + q*share) * c`` (Bass 1969), where ``share`` is the share of users
among his or her ties and ``c`` is above 1 in creative occupations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.livelihoods import AdoptionParameters as Parameters
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.state import rng
from coworksim.model.state.parameter_records import read
from coworksim.model.state.rng import RunKey, uniform, word
from coworksim.model.state.ties import NOBODY
from coworksim.model.state.world import World

__all__ = ["Adoption", "chance_of_adoption"]


@rule
def chance_of_adoption(share: float, creative: bool, p: Parameters) -> float:
    """Return the chance ``(p + q*share)*c`` to take up the tools this week; ``c`` is 1 where not creative."""
    chance = p.innovation + p.imitation * share
    return chance * p.creative_factor if creative else chance


@kernel
def _adopt(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    occupation: NDArray[np.int8],
    creative: NDArray[np.bool_],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    p: Parameters,
    tools: NDArray[np.bool_],
    new: NDArray[np.int32],
) -> None:
    """Let some take up the tools; all see who used them at the start (``new`` is room for the rows)."""
    count = 0
    for i in range(len(key)):
        if tools[i]:
            continue
        u = uniform(word(run, np.uint64(key[i]), rng.ADOPTION, week, 0))
        if u >= chance_of_adoption(1.0, creative[occupation[i]], p):
            continue  # not even if all ties used them
        ties = 0
        users = 0
        for a in range(start[i], start[i + 1]):
            if neighbour[a] != NOBODY:
                ties += 1
                users += tools[neighbour[a]]
        if u < chance_of_adoption(users / ties if ties > 0 else 0.0, creative[occupation[i]], p):
            new[count] = i
            count += 1
    for i in new[:count]:
        tools[i] = True


class Adoption:
    """Who takes up new tools."""

    name = "adoption"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, Parameters)
        self._creative = np.array(CREATIVE)
        self._new = np.zeros(len(world.workers), np.int32)

    def step(self, world: World) -> None:
        """Let some take up the tools."""
        w, ties = world.workers, world.ties
        _adopt(
            world.run,
            world.week,
            w.key,
            w.occupation,
            self._creative,
            ties.start,
            ties.neighbour,
            self._p,
            w.tools,
            self._new,
        )
