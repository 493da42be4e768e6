"""Measure every pattern on a final worker table: one definition for every use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from colearn.experiments.patterns.declaration import PATTERNS, Pattern, key
from colearn.experiments.patterns.people import People
from colearn.experiments.patterns.slopes import Found, between_regions, of_regions, region_sums

__all__ = ["measured", "measures"]


def measured(workers: pd.DataFrame, weeks: int, *, seed: int = 1, scale: str = "points") -> dict[str, float]:
    """Return ``value``, ``error`` and ``clear`` (1 or 0) of every pattern and place, as ``E3a.space.value``.

    Contrasts of regions have ``shuffled`` too: the value under a flag dealt out by lot. What is undefined (no users,
    one kind of regions) is left out; so is an error that cannot be had. ``weeks`` is the horizon of the run.
    """
    return measures(People.of(workers, weeks, scale), seed)


def measures(people: People, seed: int = 1) -> dict[str, float]:
    """Return the same of people that have been read."""
    found: dict[str, float] = {}
    for pattern in PATTERNS.values():
        for place in pattern.places:
            one, shuffled = _measure(people, pattern, place, seed)
            if one is None:
                continue
            found[key(pattern.name, place, "value")] = one.value
            found[key(pattern.name, place, "clear")] = float(one.clear)
            if np.isfinite(one.error):
                found[key(pattern.name, place, "error")] = one.error
            if shuffled is not None:
                found[key(pattern.name, place, "shuffled")] = shuffled
    return found


def _measure(people: People, pattern: Pattern, place: str, seed: int) -> tuple[Found | None, float | None]:
    """Return a pattern, and its value under a shuffled flag where it compares regions."""
    who = people.among[pattern.among]
    if pattern.versus == "creative":
        creative = people.causes["creative"] > 0
        sums, less = (_sums(people, pattern, place, who & part) for part in (creative, ~creative))
        return of_regions(sums, less), None
    sums = _sums(people, pattern, place, who)
    if pattern.versus == "regions":
        both = between_regions(sums, people.behind, seed)
        return (None, None) if both is None else both
    return of_regions(sums), None


def _sums(
    people: People, pattern: Pattern, place: str, who: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    outcome, cause = people.outcomes[pattern.outcome, place], people.causes[pattern.cause]
    return region_sums(outcome[who], cause[who], people.region[who], len(people.names))
