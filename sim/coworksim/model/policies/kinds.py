"""What a kind of policy declares, once, as attributes of its class: its numbers, what scales, what is said of it.

A kind is one file of this folder: a subclass of :class:`Award`, for which people apply, or of :class:`Programme`,
which reaches spaces and regions. Lying in the folder is enough.
A policy of your own is a subclass of a kind, or of one of these two;
:meth:`coworksim.model.model.CoworkingModel.enact` puts it in the place of the policy of a scenario that has its name.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, NamedTuple

#: A :class:`coworksim.model.state.world.World`, which is made of scenarios, and they of policies.
type World = Any


class Lever(NamedTuple):
    """A number of a policy: ``form`` is real, whole or money (held in whole pence, written in pounds)."""

    form: str
    unit: str
    limits: tuple[float, float]  # of what is held
    example: float
    meaning: str
    said: str = ""  # after the number in a sentence; the meaning in brackets where it is empty
    percent: bool = False  # said in per cent
    unset: bool = False  # a policy may be without it, which is not 0

    @property
    def is_factor(self) -> bool:
        """Whether 1 is no change."""
        return self.unit == "ratio"

    @property
    def idle(self) -> float | int | None:
        """What a policy holds that does not say it."""
        if self.unset:
            return None
        return (1.0 if self.is_factor else 0.0) if self.form == "real" else 0


#: Numbers that several kinds have, or all awards.
COMMON: Final[Mapping[str, Lever]] = {
    "share": Lever("real", "share", (0, 1), 0.5, "share of the fee that is paid", "of the fee", True, True),
    "amount": Lever("money", "GBP/month", (0, 10**7), 60, "what is paid towards the fee, at most", unset=True),
    "months": Lever("whole", "months", (1, 120), 12, "how long it pays for one person", "for one person", unset=True),
    "hours": Lever("real", "h/week", (0, 60), 4, "taught hours of a person, or hours of a community manager"),
    "hour_price": Lever("money", "GBP/h", (0, 10**6), 12, "what an hour costs"),
    "region_cost": Lever("money", "GBP/week", (0, 10**9), 500, "what it costs in a region"),
}
#: How those who apply are chosen while budget and number last.
AWARDS: Final[Mapping[str, str]] = {
    "first-come": "every week, whoever has applied by then, in random order within the week",
    "lottery": "once, at the end of a window for applications, in random order",
    "means": "once, at the end of a window for applications, those with the least income first",
}
#: Where a skills programme buys its training places.
WHERE: Final[Mapping[str, str]] = {
    "inside": "in spaces, for their members",
    "outside": "elsewhere in the region, for all who live there",
}


class PublicPolicy:
    """A policy at work: ``number`` is its place in the scenario and in the columns of ``world.schemes``.

    ``policy`` is the :class:`coworksim.model.policy.Policy` of the scenario, whose keys the kinds declare.
    """

    kind: ClassVar[str]
    meaning: ClassVar[str]
    #: Where it stands in lists; kinds of one place follow each other by name.
    place: ClassVar[int] = 1000
    #: Whether people apply for it.
    is_award: ClassVar[bool] = False
    #: Its keys: it needs these, some it needs one of, others it may have. Numbers are in ``COMMON``, or attributes.
    needs: ClassVar[tuple[str, ...]] = ()
    one_of: ClassVar[tuple[str, ...]] = ()
    may: ClassVar[tuple[str, ...]] = ()
    #: What grows with the size of a policy, where arms are brought to the same cost. Budgets grow along.
    scales: ClassVar[tuple[str, ...]] = ("budget",)
    #: Whether what money achieves is declared with the policy, and not found by the model.
    effect_is_declared: ClassVar[bool] = False
    #: Whether the treasury pays spaces to hold training, so that the sum holds VAT.
    holds_training: ClassVar[bool] = False

    def __init__(self, policy: Any, number: int) -> None:
        self.policy = policy
        self.number = number

    @classmethod
    def levers(cls) -> dict[str, Lever]:
        """Return the numbers that the class itself declares."""
        return {name: said for name, said in vars(cls).items() if isinstance(said, Lever)}

    @classmethod
    def contradictions(cls, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """Say what in a policy does not go together: (key, what was found, what to write)."""
        return iter(())


class Terms(NamedTuple):
    """What an award brings: help with a fee (``share`` of it, at most ``amount``), and what is bought for ``flat``."""

    share: float = 0.0
    amount: int | None = None  # pence a week; None: no limit
    flat: int = 0  # pence a week
    hours: float = 0.0  # h/week taught outside
    access: float = 0.0  # outside access, at least


class Award(PublicPolicy):
    """What people apply for: :mod:`coworksim.model.mechanisms.schemes` gives what :meth:`terms` says."""

    is_award = True
    scales = ("budget", "number")

    def terms(self) -> Terms:
        """Say what an award brings.

        Returns:
            Shares and amounts; money in pence per week, hours per week.
        """
        raise NotImplementedError


def rounded(amount: float) -> int:
    """Return whole pence, halves rounded up.

    >>> rounded(2.5)
    3
    """
    return int(math.floor(amount + 0.5))


def weekly(pence_a_month: int) -> int:
    """Return a week's share of a monthly amount, pence, halves rounded up.

    >>> weekly(6000)
    1385
    """
    return (pence_a_month * 12 + 26) // 52


class Target(NamedTuple):
    """A space (its row), or a region as a whole (``space`` -1), that a programme may reach this week."""

    region: int
    space: int
    key: int


class Programme(PublicPolicy):
    """What reaches spaces and regions, week by week (see :mod:`coworksim.model.mechanisms.policies`)."""

    #: Who is paid, where it is not the space that is reached.
    payee: ClassVar[str] = "suppliers"

    def includes(self, world: World, region: int) -> bool:
        """Say whether the region in a row is meant."""
        place = world.scenario.regions[region]
        return bool(self.policy.eligible.includes(place.name, place.flag))

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
        rows = [row for row, is_open in enumerate(spaces.open.tolist()) if is_open]
        found = [Target(int(spaces.region[s]), s, int(spaces.key[s])) for s in rows]
        return [target for target in found if self.includes(world, target.region)]

    def regions(self, world: World) -> list[Target]:
        """Return the regions that are meant, each as a whole."""
        from coworksim.model.state.rng import WHOLE_REGION  # compiled code, which a report has no use for

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


class RegionalProgramme(Programme):
    """A programme that moves whole regions, for ``region_cost`` a week each."""

    needs = ("region_cost",)

    def targets(self, world: World) -> list[Target]:
        """Return the regions that are meant."""
        return self.regions(world)

    def cost(self, world: World, target: Target) -> int:
        """Return the cost of a region."""
        return int(self.policy.region_cost)
