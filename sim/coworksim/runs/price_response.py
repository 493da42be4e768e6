"""How membership answers to its price: the arc elasticity of the chance to be a member, were people to review now."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from coworksim.model.mechanisms.membership import Offer

#: By how much everything on offer is dearer.
RISE: Final = 0.10


def evenly(number: int, most: int) -> list[int]:
    """Return at most ``most`` of ``number`` positions, evenly spread.

    >>> evenly(10, 4)
    [0, 2, 5, 7]
    """
    return list(range(number)) if number <= most else [at * number // most for at in range(most)]


def join_probability(values: Iterable[float]) -> float:
    """Return the chance that an offer wins over staying outside, which has utility 0, under Gumbel chance.

    >>> join_probability([0.0, 0.0])
    0.6666666666666666
    """
    known = [value for value in values if not math.isnan(value)]
    top = max([0.0, *known])
    weight = sum(math.exp(value - top) for value in known)
    return weight / (weight + math.exp(-top))


def arc_elasticity(before: float, after: float, rise: float = RISE) -> float | None:
    """Return the arc elasticity of a quantity to a price that rises by a share; None of nothing.

    >>> round(arc_elasticity(105.0, 100.0, 0.05), 9)
    -1.0
    """
    mean = (before + after) / 2
    return (after - before) / mean / (rise / (1 + rise / 2)) if mean > 0 else None


def response(offers: Sequence[Offer], value: Callable[[Offer], float], rise: float = RISE) -> tuple[float, float]:
    """Return one person's chance of membership at today's prices, and when all of them are higher by a share."""
    dearer = [offer._replace(price=offer.price * (1 + rise)) for offer in offers]
    return join_probability(map(value, offers)), join_probability(map(value, dearer))
