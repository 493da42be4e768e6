"""Decay: skills depreciate, ties fade.

``s *= 1 - delta/52``. Ties fade, ``f *= 1 - 1/tau`` a week, and lazily: a strength is worked out when somebody looks
(see :mod:`coworksim.model.state.ties`). Every four weeks ties with ``f < f_min`` are dropped.
"""

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.week import DecayParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import DECAY, Population
from coworksim.model.state.world import SNAPSHOT_WEEKS, World


@rule
def lost(skill: float, per_year: float) -> float:
    """Return what a skill loses in a week, ``s*delta/52``."""
    return skill * per_year / 52.0


@kernel
def _depreciate(per_year: float, w: Population) -> None:
    """Depreciate every skill and book the loss."""
    for i in range(len(w.skill)):
        for family in range(2):
            total = w.gain[i, family, DECAY]
            for k in range(4 * family, 4 * family + 4):
                loss = lost(w.skill[i, k], per_year)
                w.skill[i, k] -= loss
                total -= loss / 4.0
            w.gain[i, family, DECAY] = total


class Decay:
    """Skills depreciate, ties fade."""

    name = "decay"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._p = read(world.scenario, Parameters)

    def step(self, world: World) -> None:
        """Forget a little."""
        _depreciate(self._p.skill, world.workers)
        if (world.week + 1) % SNAPSHOT_WEEKS == 0:
            world.ties.prune(world.week + 1, world.log_rho, self._p.tie_floor)
