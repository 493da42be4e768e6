"""Regions side by side: parts of a world go through the week by themselves, several at a time, on threads.

What people do ends at the border of their region, and each random number is keyed by who, what and when. So a week is
a row of stretches. In a stretch every part goes through phases whose ``scope`` is ``"region"``, without a look at other
parts; then all wait for each other. Between stretches one thread does for the whole world what regions share: phases
whose scope is ``"world"`` (budgets, programmes, managers). What parts have posted and paid is put together in the order
of phases, then of parts; letters between regions arrive when the week is over. So neither the number of threads nor
that of parts moves a bit. ``docs/decisions/regions-on-threads.md`` says why it is so.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from itertools import pairwise
from typing import Final

from coworksim.model.kernels import CHECKED
from coworksim.model.mechanisms import Phase
from coworksim.model.state.exchange import deliver
from coworksim.model.state.memory import give_back_holes
from coworksim.model.state.ties import Meetings, Ties
from coworksim.model.state.world import World
from coworksim.model.world_parts import (
    COUNTED,
    borders,
    make_whole,
    meetings_of_all,
    part_of,
    stands_apart,
    ties_of_all,
)

#: People of a part, at least: fewer do not pay for calling each kernel once more.
LEAST = 16384
#: Parts for each thread, at most: where some take longer, others can be taken up meanwhile.
_EACH: Final = 4
#: People of a part, about, from which more parts are made: what mechanisms work with is there for a part at a time.
MOST = 65536

type _Step = Callable[[World], None]


def cuts_of(world: World, phases: Sequence[Phase], threads: int) -> list[int]:
    """Return where a world may be cut into parts, as :func:`coworksim.model.world_parts.borders` does.

    A world stays whole where a phase does not say how far it looks, where people decide in their own way, where ties
    cross borders, and in checked mode, which keeps one register of draws.
    """
    cuts = borders(world.regions.first_row.tolist(), LEAST, max(_EACH * threads, len(world.workers) // MOST))
    plain = all(_scope(phase) for phase in phases) and not world.behaviours.own_way
    whole = [0, len(world.regions.names)]
    return cuts if plain and not CHECKED and len(cuts) > 2 and stands_apart(world, cuts) else whole


def _scope(phase: Phase) -> str:
    """Return how far a mechanism looks, empty where its own class does not say: a subclass may look further."""
    return str(vars(type(phase)).get("scope", ""))


class Division:
    """A world in parts, and the threads that take these through the weeks."""

    def __init__(self, whole: World, phases: Sequence[Phase], cuts: Sequence[int], threads: int) -> None:
        """Cut the world. ``cuts`` are the first region of each part, and the number of regions."""
        self._whole, self.parts = whole, [part_of(whole, first, last) for first, last in pairwise(cuts)]
        del whole.ties, whole.meetings  # these would grow old
        self._shared = [phase for phase in phases if _scope(phase) == "world"]
        self._stretches = [_stretches(part.world, phases) for part in self.parts]
        self._posted: list[list[int]] = [[] for _ in self.parts]
        self._helpers = min(threads, len(self.parts)) - 1
        self._pool = ThreadPoolExecutor(max(1, self._helpers), "coworksim-part")
        whole.division = self

    def each(self, do: Callable[[int], object]) -> None:
        """Do something with every part, given by its number, several at a time; return when all threads are back."""
        waiting = deque(range(len(self.parts)))

        def work() -> None:
            while True:
                try:
                    part = waiting.popleft()
                except IndexError:
                    return
                try:
                    do(part)
                except BaseException:
                    waiting.clear()
                    raise

        helpers = [self._pool.submit(work) for _ in range(self._helpers)]
        try:
            work()
        finally:
            wait(helpers)
        for helper in helpers:
            helper.result()

    def step(self) -> None:
        """Live through a week."""
        for stretch in range(len(self._shared) + 1):
            self.each(partial(self._live, stretch))
            self._put_together()
            if stretch < len(self._shared):
                self._shared[stretch].step(self._whole)
        self._whole.week += 1
        self._whole.frontier[:] = self.parts[0].world.frontier
        deliver([(part.world.exchange, part.first, part.last) for part in self.parts])
        give_back_holes()

    def _live(self, stretch: int, part: int) -> None:
        """Take a part through the steps of a stretch; note how many postings there were after each."""
        world, self._posted[part] = self.parts[part].world, [0]
        for step in self._stretches[part][stretch]:
            step(world)
            self._posted[part].append(len(world.ledger.postings))

    def _put_together(self) -> None:
        """Add up what parts have paid, and post what they have posted: step by step, in the order of parts."""
        whole, worlds = self._whole, [part.world for part in self.parts]
        for name in COUNTED:
            for world in worlds:
                own = getattr(world.schemes, name)
                getattr(whole.schemes, name)[:] += own
                own[:] = 0
        for step in range(len(self._posted[0]) - 1):
            for world, posted in zip(worlds, self._posted, strict=True):
                for posting in world.ledger.postings[posted[step] : posted[step + 1]]:
                    whole.ledger.post(*posting)
        for world in worlds:
            world.ledger.postings.clear()

    def meetings(self) -> Meetings:
        """Return the encounters of the week in the whole world."""
        return meetings_of_all(self.parts)

    def ties(self) -> Ties:
        """Return a copy of the ties of the whole world."""
        return ties_of_all(self.parts)

    def end(self) -> None:
        """Make the world whole again."""
        self._pool.shutdown()
        self._stretches.clear()  # and with them what mechanisms work with, before ties are there twice
        self._whole.division = None
        make_whole(self._whole, self.parts)


def _stretches(world: World, phases: Sequence[Phase]) -> list[list[_Step]]:
    """Return the steps of a part in each stretch of the week, with phases of its own."""
    stretches: list[list[_Step]] = [[World.begin_week]]
    for phase in phases:
        if _scope(phase) == "world":
            stretches.append([])
        else:
            stretches[-1].append(type(phase)(world).step)
    stretches[-1].append(World.end_week)
    return stretches
