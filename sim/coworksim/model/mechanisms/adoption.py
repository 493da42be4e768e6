"""Adoption: who takes up new tools. Without them, skill in generative AI earns nothing.

In a week a person takes them up with chance ``(p + q*share) * c`` (Bass 1969), where ``share`` is the share of users
among his or her ties and ``c`` is above 1 in creative occupations.
"""

from typing import Final

import numpy as np

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.skills import CREATIVE
from coworksim.model.parameters.week import AdoptionParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import Population
from coworksim.model.state.rng import ADOPTION, RunKey, uniform, word
from coworksim.model.state.ties import NOBODY, Ties
from coworksim.model.state.world import World

_CREATIVE: Final = np.array(CREATIVE)


@rule
def chance_of_adoption(share: float, creative: bool, p: Parameters) -> float:
    """Return the chance ``(p + q*share)*c`` to take up the tools this week; ``c`` is 1 where not creative."""
    chance = p.innovation + p.imitation * share
    return chance * p.creative_factor if creative else chance


@kernel
def _adopt(run: RunKey, week: int, w: Population, ties: Ties, p: Parameters) -> None:
    """Let some take up the tools; all see who used them at the start."""
    new, count = np.empty(len(w.key), np.int32), 0
    for i in range(len(w.key)):
        if w.tools[i]:
            continue
        u = uniform(word(run, np.uint64(w.key[i]), ADOPTION, week, 0))
        if u >= chance_of_adoption(1.0, _CREATIVE[w.occupation[i]], p):
            continue  # not even if all ties used them
        known = 0
        users = 0
        for a in range(ties.indptr[i], ties.indptr[i + 1]):
            if ties.indices[a] != NOBODY:
                known += 1
                users += w.tools[ties.indices[a]]
        if u < chance_of_adoption(users / known if known > 0 else 0.0, _CREATIVE[w.occupation[i]], p):
            new[count] = i
            count += 1
    for i in new[:count]:
        w.tools[i] = True


class Adoption:
    """Who takes up new tools."""

    name = "adoption"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._p = read(world.scenario, Parameters)

    def step(self, world: World) -> None:
        """Let some take up the tools."""
        _adopt(world.run, world.week, world.workers, world.ties, self._p)
