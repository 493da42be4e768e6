"""Awareness: who has heard of which space and of which scheme of support.

A person who has not heard of it does so in a week with chance ``p + a + q*(1 - exp(-m/2))``, where ``m`` of his
or her ties are members of the space, or have been awarded the scheme, and ``a`` is what campaigns add in the region.
Nobody forgets a space that he or she considers. Where a market opens that runs before policies begin, eight in ten have
heard of a space. Only open spaces among those that the person considers count, and schemes from their start to
their end.
"""

import math

import numpy as np

from coworksim.model.kernels import Floats, kernel, rule
from coworksim.model.parameters.week import AwarenessParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.policy_state import AWARDED, IN_USE, Schemes
from coworksim.model.state.rng import AWARENESS, RunKey, uniform, word
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.ties import NOBODY, Ties
from coworksim.model.state.world import World

#: Draws about a policy have index SCHEMES + its code, above every ordinal of a space.
SCHEMES = 2**31
#: Share of people who have heard of a space when a market opens that runs before week 0.
KNOWN = 0.8


@rule
def chance_to_hear(ties: int, added: float, p: Parameters) -> float:
    """Return the chance to hear this week of what ``m`` of one's ties use: ``p + a + q*(1 - exp(-m/2))``."""
    return p.unprompted + added + p.by_ties * (1.0 - math.exp(-ties / 2.0))


@kernel
def _hear_of_spaces(
    run: RunKey, week: int, w: Population, spaces: Spaces, ties: Ties, added: Floats, known: float, p: Parameters
) -> None:
    """Let some hear of an open space that they consider; ``known``: to that share in this week, 0: as always."""
    for i in range(len(w.key)):
        for c in range(SLOTS):
            s = w.candidate[i, c]
            if s < 0:
                break
            if not spaces.open[s] or w.aware[i] >> c & 1:
                continue
            u = uniform(word(run, np.uint64(w.key[i]), AWARENESS, week, spaces.ordinal[s]))
            if u < (known if known > 0.0 else p.at_opening if week == spaces.opened[s] else 0.0):
                w.aware[i] |= 1 << c
            if u >= p.unprompted + added[w.region[i]] + p.by_ties:
                continue
            users = 0
            for a in range(ties.indptr[i], ties.indptr[i + 1]):
                if ties.indices[a] != NOBODY and w.member_of[ties.indices[a]] == s:
                    users += 1
            if u < chance_to_hear(users, added[w.region[i]], p):
                w.aware[i] |= 1 << c


@kernel
def _hear_of_scheme(
    run: RunKey, week: int, k: int, w: Population, schemes: Schemes, ties: Ties, added: Floats, p: Parameters
) -> None:
    """Let some hear of scheme k."""
    for i in range(len(w.key)):
        if schemes.aware[i, k]:
            continue
        u = uniform(word(run, np.uint64(w.key[i]), AWARENESS, week, SCHEMES + schemes.code[k]))
        if u >= p.unprompted + added[w.region[i]] + p.by_ties:
            continue
        known = 0
        for a in range(ties.indptr[i], ties.indptr[i + 1]):
            if ties.indices[a] != NOBODY and schemes.state[ties.indices[a], k] in (AWARDED, IN_USE):
                known += 1
        if u < chance_to_hear(known, added[w.region[i]], p):
            schemes.aware[i, k] = True


class Awareness:
    """Who has heard of which space and scheme."""

    name = "awareness"
    scope = "region"

    def __init__(self, world: World) -> None:
        self._p = read(world.scenario, Parameters)

    def step(self, world: World) -> None:
        """Let some hear of spaces and schemes."""
        if not world.open:
            return
        w, ties, schemes, levers = world.workers, world.ties, world.schemes, world.levers
        known = KNOWN if world.week == world.opening and world.scenario.is_spun_up else 0.0
        _hear_of_spaces(world.run, world.week, w, world.spaces, ties, levers.hear_spaces, known, self._p)
        since = world.week - world.start
        for k in range(len(schemes)):
            if schemes.applied_for[k] and schemes.start[k] <= since < schemes.end[k]:
                _hear_of_scheme(world.run, world.week, k, w, schemes, ties, levers.hear_schemes, self._p)
