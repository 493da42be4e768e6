"""What all policies share: awards, for which people apply, and programmes, which reach spaces and regions.

A policy of one's own is a subclass of a kind, or of one of these two;
:meth:`coworksim.model.model.CoworkingModel.enact` puts it in the place of the policy of a scenario that has its name.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, TD
from coworksim.model.policy import Policy
from coworksim.model.state.careers import td_spread
from coworksim.model.state.policy_state import NO_LIMIT
from coworksim.model.state.world import World

__all__ = ["Award", "Programme", "PublicPolicy", "Target", "Terms", "spread_of", "weekly"]

#: Ordinal that stands for a whole region in the keys of targets; no space has it.
WHOLE_REGION = (1 << 22) - 1


class Terms(NamedTuple):
    """What an award brings: help with a fee (``share`` of it, at most ``amount``), and what is bought for ``flat``."""

    share: float = 0.0
    amount: int = NO_LIMIT  # pence a week
    flat: int = 0  # pence a week
    hours: float = 0.0  # h/week taught outside
    access: float = 0.0  # outside access, at least


class Target(NamedTuple):
    """A space (its row), or a region as a whole (``space`` -1), that a programme may reach this week."""

    region: int
    space: int
    key: int


def weekly(pence_a_month: int) -> int:
    """Return a week's share of a monthly amount, pence, halves rounded up.

    >>> weekly(6000)
    1385
    """
    return (pence_a_month * 12 + 26) // 52


def spread_of(curriculum: tuple[str, ...]) -> NDArray[np.float64]:
    """Return how a taught hour spreads over the TD skills by occupation (mean 1): evenly over those of a curriculum.

    >>> spread_of(("generative_ai",))[0].tolist()
    [0.0, 0.0, 0.0, 4.0]
    """
    if not curriculum:
        return td_spread()
    taught = [4.0 / len(curriculum) if name in curriculum else 0.0 for name in SKILLS[TD]]
    return np.array([taught] * len(OCCUPATIONS))


class PublicPolicy:
    """A policy at work: ``number`` is its place in the scenario and in the columns of ``world.schemes``."""

    kind: ClassVar[str]

    def __init__(self, policy: Policy, number: int) -> None:
        """Take up what a scenario says."""
        self.policy = policy
        self.number = number

    def includes(self, world: World, region: int) -> bool:
        """Say whether a region is meant.

        Args:
            world: The state this week.
            region: Row of the region, from 0.

        Returns:
            True where the policy acts.
        """
        place = world.scenario.regions[region]
        return self.policy.eligible.includes(place.name, place.flag)


class Award(PublicPolicy):
    """What people apply for; :mod:`coworksim.model.mechanisms.schemes` gives it and :meth:`terms` says what it
    brings.
    """

    def terms(self) -> Terms:
        """Say what an award brings.

        Returns:
            Shares and amounts; money in pence per week, hours per week.
        """
        raise NotImplementedError

    def enter(self, world: World) -> None:
        """Write the terms where mechanisms read them."""
        schemes, k, terms = world.schemes, self.number, self.terms()
        schemes.applied_for[k] = True
        schemes.share[k], schemes.amount[k], schemes.flat[k] = terms.share, terms.amount, terms.flat
        schemes.hours[k], schemes.access[k] = terms.hours, terms.access
        schemes.spread[k] = spread_of(self.policy.curriculum)


class Programme(PublicPolicy):
    """What reaches spaces and regions, week by week, as far as the budget goes (see
    :mod:`coworksim.model.policies.phase`).
    """

    #: Who is paid, where it is not the space that is reached.
    payee: ClassVar[str] = "suppliers"

    def idle(self) -> bool:
        """Say whether the programme would change nothing, and therefore buys nothing.

        Returns:
            True for one that does nothing.
        """
        raise NotImplementedError

    def targets(self, world: World) -> list[Target]:
        """List what may be reached this week: by default every open space of the regions that are meant.

        Args:
            world: The state this week.

        Returns:
            Spaces, or regions as a whole; the budget serves them in a keyed order.
        """
        spaces = world.spaces
        rows = np.flatnonzero(spaces.open).tolist()
        found = [Target(int(spaces.region[s]), s, int(spaces.key[s])) for s in rows]
        return [target for target in found if self.includes(world, target.region)]

    def regions(self, world: World) -> list[Target]:
        """Return the regions that are meant, each as a whole."""
        count = len(world.regions.names)
        return [Target(r, -1, r << 22 | WHOLE_REGION) for r in range(count) if self.includes(world, r)]

    def cost(self, world: World, target: Target) -> int:
        """Say what the treasury pays for one target this week.

        Args:
            world: The state this week.
            target: A space or a region.

        Returns:
            Pence, from 0.
        """
        raise NotImplementedError

    def account(self, world: World, target: Target) -> str:
        """Say who receives what the treasury pays for one target.

        Args:
            world: The state this week.
            target: A space or a region.

        Returns:
            A payee of the ledger, such as ``staff`` or ``suppliers``.
        """
        return self.payee

    def act(self, world: World, target: Target) -> None:
        """Do for one target what has been paid for.

        Args:
            world: The state this week, which is changed.
            target: A space or a region.
        """
        raise NotImplementedError
