"""Wishes of a nested choice: those for plans of spaces have a part in common, those for staying outside have not.

Source: Kanter 1975 for positive stable numbers; with them, the plans of a look are a nest of exponent mu.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, pi, sin

__all__ = ["expected_most", "shared"]


def shared(mu: float, turn: float, wait: float) -> float:
    """ln of a positive stable number of exponent mu, of a uniform and an exponential number; 0 from mu = 1 on."""
    if mu >= 1:
        return 0.0
    angle = pi * turn
    rest = (1 - mu) / mu
    return log(sin(mu * angle)) - log(sin(angle)) / mu + rest * (log(sin((1 - mu) * angle)) - log(wait))


def expected_most(values: Sequence[float], mu: float) -> float:
    """Mean over all wishes of the best of plans and staying outside: ln(1 + (sum exp(V/mu))^mu).

    >>> round(expected_most([0.0, 0.0], 1.0), 6), round(expected_most([0.0, 0.0], 0.5), 6), expected_most([], 0.5)
    (1.098612, 0.881374, 0.0)
    """
    if not values:
        return 0.0
    most = max(values)
    inside = most + mu * log(sum(exp((value - most) / mu) for value in values))
    return max(inside, 0.0) + log(1 + exp(-abs(inside)))
