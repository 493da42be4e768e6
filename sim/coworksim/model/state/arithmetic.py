"""Small arithmetic that rules share: sums that do not depend on order, and clipping a step at the frontier."""

import math
from typing import Final

import numpy as np

from coworksim.model.kernels import Floats, Integers, Rows, Words, kernel, rule

#: One unit in fixed-point sums: whole numbers add up to the same total in any order.
FIXED_ONE: Final = 2.0**32


@rule
def fixed(x: float) -> int:
    """Return x as a whole number of 2**-32, for sums that must not depend on order."""
    return int(math.floor(x * FIXED_ONE + 0.5))


def law_scale(theta: float) -> float:
    """Return ``0.5**(1 - theta)``, the constant of a learning law."""
    return math.exp((1.0 - theta) * math.log(0.5))


@rule
def law(skill: float, frontier: float, theta: float, scale: float) -> float:
    """Return how far a unit of learning carries at this skill; ``scale`` is ``law_scale(theta)``.

    ``phi(s) = F * 0.5**(1 - theta) * ((F - s)/F)**theta``: theta = 1 closes a gap, theta = 0 is limited by input only;
    all theta agree at middling skill.

    >>> law(0.5, 1.0, 0.0, law_scale(0.0)), law(0.5, 1.0, 1.0, law_scale(1.0)), law(1.0, 1.0, 1.0, law_scale(1.0))
    (0.5, 0.5, 0.0)
    """
    left = max(0.0, (frontier - skill) / frontier)
    if theta == 1.0:
        return frontier * left
    if theta == 0.0:
        return frontier * scale
    return frontier * scale * math.exp(theta * math.log(left)) if left > 0.0 else 0.0


@rule
def laws(skill: Floats, frontier: Floats, theta: float, scale: float, reach: Floats) -> None:
    """Fill ``reach`` with :func:`law` of four skills, bit for bit.

    Step by step for all four: a processor overlaps four logarithms, but not a chain of a division, one logarithm and
    one exponential with the next.
    """
    for k in range(4):
        reach[k] = max(0.0, (frontier[k] - skill[k]) / frontier[k])
    if theta == 1.0:
        for k in range(4):
            reach[k] = frontier[k] * reach[k]
    elif theta == 0.0:
        for k in range(4):
            reach[k] = frontier[k] * scale
    else:
        for k in range(4):
            reach[k] = math.log(reach[k]) if reach[k] > 0.0 else -math.inf
        for k in range(4):
            reach[k] = math.exp(theta * reach[k])
        for k in range(4):
            reach[k] = frontier[k] * scale * reach[k]


@kernel
def order_of(keys: Floats | Words) -> Integers:
    """Return the order that sorts keys, equal ones as they stand: pairs are merged, then fours, and so on."""
    order, merged = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    for a in range(len(keys)):
        order[a] = a
    width = 1
    while width < len(keys):
        for begin in range(0, len(keys), 2 * width):
            a, middle, end = begin, min(begin + width, len(keys)), min(begin + 2 * width, len(keys))
            b = middle
            for to in range(begin, end):
                if b == end or (a < middle and keys[order[a]] <= keys[order[b]]):
                    merged[to] = order[a]
                    a += 1
                else:
                    merged[to] = order[b]
                    b += 1
        order, merged = merged, order
        width *= 2
    return order


@kernel
def sort_by_place(place: Rows | Integers, first: Integers, order: Rows | Integers) -> None:
    """List entries by place, in their order: those at g are ``order[first[g]:first[g + 1]]``; -1 is no place."""
    first[:] = 0
    for a in range(len(place)):
        if place[a] >= 0:
            first[place[a] + 1] += 1
    for g in range(len(first) - 1):
        first[g + 1] += first[g]
    fill = first[:-1].copy()
    for a in range(len(place)):
        if place[a] >= 0:
            order[fill[place[a]]] = a
            fill[place[a]] += 1


@rule
def clip_share(skill: float, step: float, frontier: float) -> float:
    """Return the share of a step upwards that fits under the frontier (all channels are scaled by it).

    >>> clip_share(0.9, 0.05, 1.0), clip_share(0.75, 0.5, 1.0), clip_share(1.0, 0.1, 1.0)
    (1.0, 0.5, 0.0)
    """
    if skill + step <= frontier or step <= 0.0:
        return 1.0
    return max(0.0, frontier - skill) / step


@rule
def logistic(x: float) -> float:
    """Return ``1/(1 + exp(-x))``.

    >>> logistic(0.0), logistic(-800.0), logistic(800.0)
    (0.5, 0.0, 1.0)
    """
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0
