"""Awareness: who has heard of which space and of which scheme of support.

A person who has not heard of it does so in a week with chance ``p + a + q*(1 - exp(-m/2))``, where ``m`` of his
or her ties are members of the space, or have been awarded the scheme, and ``a`` is what campaigns add in the region.
Nobody forgets. Only open spaces among those that the person considers count, and schemes from their start to their
end.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel, rule
from coworksim.model.parameters.livelihoods import AwarenessParameters as Parameters
from coworksim.model.state import rng
from coworksim.model.state.parameter_records import read
from coworksim.model.state.people import SLOTS
from coworksim.model.state.policy_state import AWARDED, IN_USE
from coworksim.model.state.rng import RunKey, uniform, word
from coworksim.model.state.ties import NOBODY
from coworksim.model.state.world import World

__all__ = ["Awareness", "chance_to_hear"]

#: Draws about a policy have index SCHEMES + its code, above every ordinal of a space.
SCHEMES = 2**31


@rule
def chance_to_hear(ties: int, added: float, p: Parameters) -> float:
    """Return the chance to hear this week of what ``m`` of one's ties use: ``p + a + q*(1 - exp(-m/2))``."""
    return p.unprompted + added + p.by_ties * (1.0 - math.exp(-ties / 2.0))


@kernel
def _hear_of_spaces(
    run: RunKey,
    week: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    added: NDArray[np.float64],
    candidate: NDArray[np.int32],
    ordinal: NDArray[np.int64],
    open_now: NDArray[np.bool_],
    opened: NDArray[np.int32],
    member_of: NDArray[np.int32],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    p: Parameters,
    aware: NDArray[np.uint8],
) -> None:
    """Let some hear of an open space that they consider."""
    for i in range(len(key)):
        for c in range(SLOTS):
            s = candidate[i, c]
            if s < 0:
                break
            if not open_now[s] or aware[i] >> c & 1:
                continue
            u = uniform(word(run, np.uint64(key[i]), rng.AWARENESS, week, ordinal[s]))
            if week == opened[s] and u < p.at_opening:
                aware[i] |= 1 << c
            if u >= p.unprompted + added[region[i]] + p.by_ties:
                continue
            ties = 0
            for a in range(start[i], start[i + 1]):
                if neighbour[a] != NOBODY and member_of[neighbour[a]] == s:
                    ties += 1
            if u < chance_to_hear(ties, added[region[i]], p):
                aware[i] |= 1 << c


@kernel
def _hear_of_scheme(
    run: RunKey,
    week: int,
    k: int,
    code: int,
    key: NDArray[np.uint32],
    region: NDArray[np.int32],
    added: NDArray[np.float64],
    state: NDArray[np.int8],
    start: NDArray[np.int64],
    neighbour: NDArray[np.int32],
    p: Parameters,
    aware: NDArray[np.bool_],
) -> None:
    """Let some hear of scheme k."""
    for i in range(len(key)):
        if aware[i, k]:
            continue
        u = uniform(word(run, np.uint64(key[i]), rng.AWARENESS, week, SCHEMES + code))
        if u >= p.unprompted + added[region[i]] + p.by_ties:
            continue
        ties = 0
        for a in range(start[i], start[i + 1]):
            if neighbour[a] != NOBODY and state[neighbour[a], k] in (AWARDED, IN_USE):
                ties += 1
        if u < chance_to_hear(ties, added[region[i]], p):
            aware[i, k] = True


class Awareness:
    """Who has heard of which space and scheme."""

    name = "awareness"

    def __init__(self, world: World) -> None:
        """Read the parameters."""
        self._p = read(world.scenario, Parameters)

    def step(self, world: World) -> None:
        """Let some hear of spaces and schemes."""
        if not world.open:
            return
        w, spaces, ties, schemes = world.workers, world.spaces, world.ties, world.schemes
        _hear_of_spaces(
            world.run,
            world.week,
            w.key,
            w.region,
            world.levers.hear_spaces,
            w.candidate,
            spaces.ordinal,
            spaces.open,
            spaces.opened,
            w.member_of,
            ties.start,
            ties.neighbour,
            self._p,
            w.aware,
        )
        since = world.week - world.opening
        for k in range(len(schemes)):
            if schemes.applied_for[k] and schemes.start[k] <= since < schemes.end[k]:
                _hear_of_scheme(
                    world.run,
                    world.week,
                    k,
                    schemes.code[k],
                    w.key,
                    w.region,
                    world.levers.hear_schemes,
                    schemes.state,
                    ties.start,
                    ties.neighbour,
                    self._p,
                    schemes.aware,
                )
