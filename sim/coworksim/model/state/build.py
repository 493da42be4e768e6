"""The world of a scenario in week 0: regions and their spaces, people, and who knows whom.

Acquaintances are a small world of Watts and Strogatz in each region, with a declared clustering. The places of a
region, in the order of rows, stand on a ring: neighbours on it are neighbouring addresses, and so mostly people of one
firm. Everybody starts with ties to the ``k`` nearest; then each tie is turned to somebody drawn evenly from the region
with the chance ``p``, which leaves the mean degree as it was. Of the clustering ``C0 = 3 (k - 2) / (4 (k - 1))`` of the
ring, about ``C0 (1 - p)**3`` is left; p is solved for the declared clustering.

Sources: Watts and Strogatz 1998, Nature 393, 440-442; Barrat and Weigt 2000, European Physical Journal B 13, 547-560,
whose clustering is the share of connected triples that are closed (networkx: ``transitivity``).
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from random import Random  # noqa: TID251 - the base class whose choice is asked; it draws nothing itself
from typing import Final

import numpy as np

from coworksim.model.kernels import Floats, Rows, Words, kernel
from coworksim.model.parameters.around_the_week import GraphParameters as Parameters
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, WEIGHTS
from coworksim.model.scenario import Scenario, read
from coworksim.model.state.memory import give_back
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers, Schemes
from coworksim.model.state.rng import GRAPH, RunKey, forget_draws, run_key, uniform, word, worker_key
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.synthesis import populate
from coworksim.model.state.teams import form_teams
from coworksim.model.state.ties import Ties
from coworksim.model.state.world import Behaviours, World

#: Words that are drawn at a time; what is left of the last block is not used.
_BLOCK: Final = 512


@kernel
def _draw(run: RunKey, who: int, week: int, first: int, words: Words, numbers: Floats) -> None:
    """Fill ``words`` with those at the indices from ``first`` on, and ``numbers`` with their uniform numbers."""
    for a in range(len(words)):
        words[a] = word(run, np.uint64(who), GRAPH, week, first + a)
        numbers[a] = uniform(words[a])


class Chance(Random):
    """A generator on the one source of chance: the n-th question takes the n-th word."""

    def __init__(self, run: RunKey, who: int, week: int = 0) -> None:
        super().__init__(0)
        self._words = _words(run, who, week)

    def number(self) -> float:
        """Return a uniform number inside (0, 1)."""
        return next(self._words)[1]

    random = number  # as the base class calls it

    def getrandbits(self, k: int, /) -> int:
        """Return the k lowest bits of a word; ``choice`` stands on this."""
        if not 0 <= k <= 64:
            raise ValueError(f"a word has 64 bits, not {k}")
        return next(self._words)[0] & ((1 << k) - 1)


def _words(run: RunKey, who: int, week: int) -> Iterator[tuple[int, float]]:
    words, numbers = np.zeros(_BLOCK, np.uint64), np.zeros(_BLOCK)
    first = 0
    while True:
        _draw(run, who, week, first, words, numbers)
        yield from zip(words.tolist(), numbers.tolist(), strict=True)
        first += _BLOCK


def rewiring(degree: int, clustering: float) -> float:
    """Return the chance p to turn a tie: ``C0 (1 - p)**3 = clustering``, or 0 where the ring has no more than that.

    >>> rewiring(4, 0.5 / 8), rewiring(4, 0.0), rewiring(4, 0.6), rewiring(2, 0.0)
    (0.5, 1.0, 0.0, 0.0)
    """
    most = 3.0 * (degree - 2) / (4.0 * (degree - 1))
    return 0.0 if clustering >= most else 1.0 - math.cbrt(clustering / most)


def small_world(people: int, degree: int, p: float, chance: Chance) -> Iterator[tuple[int, int]]:
    """Yield the ties of a region of more people than ``degree`` as lower and higher places, in no order.

    The questions, and their order, are those of ``watts_strogatz_graph`` of networkx, which takes an eighth of a
    second to load: as long as a tenth of the start of a small run.
    """
    known: list[set[int]] = [set() for _ in range(people)]
    ring = [(i, (i + step) % people) for step in range(1, degree // 2 + 1) for i in range(people)]
    for i, j in ring:
        known[i].add(j)
        known[j].add(i)
    for i, j in ring:
        if chance.number() >= p:
            continue
        new = chance.choice(range(people))
        while new == i or new in known[i]:
            new = chance.choice(range(people))
            if len(known[i]) >= people - 1:
                break  # who knows everybody keeps the tie
        else:
            known[i].remove(j)
            known[j].remove(i)
            known[i].add(new)
            known[new].add(i)
    return ((i, j) for i, others in enumerate(known) for j in others if i < j)


def _ends(people: int, degree: int, p: float, chance: Chance) -> tuple[Rows, Rows]:
    """Return the ties of a region as lower and higher places, sorted; where people are few, all know each other."""
    if people <= degree:
        low, high = np.triu_indices(people, 1)
        return low.astype(np.int32), high.astype(np.int32)
    ends = small_world(people, degree, p, chance)
    pairs = np.sort(np.fromiter((low * people + high for low, high in ends), np.int64))
    return (pairs // people).astype(np.int32), (pairs % people).astype(np.int32)


def acquaint(world: World) -> None:
    """Tie the people of each region, and show everybody whom they know; the graph is the region's own."""
    parameters = read(world.scenario, Parameters)
    degree = parameters.degree - parameters.degree % 2
    if degree == 0:
        return
    p = rewiring(degree, parameters.clustering)
    lower: list[Rows] = []
    higher: list[Rows] = []
    first = world.regions.first_row.tolist()
    for region, (start, end) in enumerate(pairwise(first)):
        chance = Chance(world.run, worker_key(region, 0, 0), world.week)
        low, high = _ends(end - start, degree, p, chance)
        lower.append(low + np.int32(start))
        higher.append(high + np.int32(start))
    source, target = np.concatenate(lower), np.concatenate(higher)
    world.ties.insert(source, target, np.full(len(source), parameters.strength), world.week)
    world.ties.refresh()


def new_world(scenario: Scenario, seed: int, replicate: int = 0) -> World:
    """Make the world of a scenario in week 0."""
    forget_draws()
    give_back()
    run = run_key(seed, replicate)
    regions = Regions.of(scenario)
    spaces = Spaces.of(scenario, regions, run)
    workers = Population.empty(int(regions.first_row[-1]))
    world = World(
        scenario=scenario,
        run=run,
        week=0,
        opening=scenario.burn_in_weeks,
        start=scenario.start_week,
        regions=regions,
        workers=workers,
        spaces=spaces,
        schemes=Schemes.of(scenario, len(workers), len(spaces)),
        levers=Levers.none(len(regions.names), len(spaces)),
        ties=Ties.none(len(workers)),
        behaviours=Behaviours(len(workers)),
        frontier=np.ones((len(OCCUPATIONS), len(SKILLS))),  # set by populate
        weights=np.array(WEIGHTS),
        log_rho=math.log(1.0 - 1.0 / float(scenario["decay.tie_weeks"])) if scenario.mechanisms["decay"] else 0.0,
    )

    populate(world)
    form_teams(run, float(scenario["teams.size"]), workers)
    acquaint(world)
    return world
