"""Who and what the patterns are about: the columns of a final worker table as arrays of numbers.

Measure every pattern on a final worker table: one definition for every use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.patterns.declaration import PATTERNS, Pattern, key
from coworksim.evidence.patterns.slopes import Found, between_regions, of_regions, region_sums
from coworksim.files.columns import CHANNELS, SPACE_CHANNELS
from coworksim.model.parameters.skills import CREATIVE, INDEPENDENT, OCCUPATIONS, STATUSES

#: Years of career that count as early.
EARLY_YEARS: Final = 5.0
#: How a gain is put down: in points, or on a five-point scale on which the upper third can say no more than 5.
SCALES: Final = ("points", "five_point")
#: Shares of users below the four thresholds of that scale.
SCALE_POINTS: Final = (0.10, 0.25, 0.45, 0.65)

type Numbers = NDArray[np.float64]
type Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    """One entry a person. ``region`` counts ``names``; ``behind`` is by region."""

    names: tuple[str, ...]
    region: NDArray[np.int64]
    behind: Mask
    causes: Mapping[str, Numbers]
    among: Mapping[str, Mask]
    outcomes: Mapping[tuple[str, str], Numbers]

    @classmethod
    def of(cls, workers: pd.DataFrame, weeks: int, scale: str = "points") -> Self:
        """Read a final worker table of a run over ``weeks`` weeks after the opening."""
        codes, names = pd.factorize(workers["region"].astype(str), sort=True)
        flags = workers.groupby(codes, observed=True)["flag"].first().astype(str)
        users = (workers["days_in_space"] > 0).to_numpy()
        creative = _listed(workers["occupation"], OCCUPATIONS, CREATIVE)
        causes = {
            "encounters": _column(workers, "encounters"),
            "hours": _column(workers, "equipment_hours") + _column(workers, "training_hours"),
            "independent": _listed(workers["status"], STATUSES, INDEPENDENT).astype(float),
            "creative": creative.astype(float),
            "low_income": _low_income(workers, codes, creative),
            "early_career": (_column(workers, "career_years") < EARLY_YEARS).astype(float),
        }
        there = weeks - np.maximum(_column(workers, "entered_week"), 0.0)
        outcomes = {("membership", "space"): _column(workers, "member_weeks") / np.maximum(there, 1.0)}
        for family in ("sc", "td"):
            for place, channels in (("space", SPACE_CHANNELS), ("total", tuple(CHANNELS))):
                gain = workers[[f"gain_{family}_{channel}_points" for channel in channels]].sum(axis=1)
                outcomes[family, place] = _scaled(gain.to_numpy(np.float64), users, scale)
        among = {"users": users, "creatives": creative}
        behind = (flags == "left-behind").to_numpy()
        return cls(tuple(names), np.asarray(codes, np.int64), behind, causes, among, outcomes)


def _column(workers: pd.DataFrame, name: str) -> Numbers:
    return workers[name].to_numpy(np.float64)


def _listed(column: pd.Series[str], names: tuple[str, ...], wanted: tuple[bool, ...]) -> Mask:
    found: Mask = column.isin([name for name, is_wanted in zip(names, wanted, strict=True) if is_wanted]).to_numpy()
    return found


def _low_income(workers: pd.DataFrame, codes: NDArray[np.int64], creative: Mask) -> Numbers:
    """Mark incomes below the median of the creatives of the region."""
    income = workers["income_gbp_week"]
    median = income[creative].groupby(codes[creative]).median().reindex(range(int(codes.max(initial=0)) + 1))
    below: Numbers = (income.to_numpy(np.float64) < median.to_numpy(np.float64)[codes]).astype(float)
    return below


def _scaled(gain: Numbers, users: Mask, scale: str) -> Numbers:
    return gain if scale == "points" or not users.any() else ceiling(gain, gain[users])


def ceiling(gain: Numbers, users: Numbers) -> Numbers:
    """Return gains as answers from 1 to 5; the thresholds are quantiles of the users' gains.

    >>> ceiling(np.array([-9.0, 0.3, 9.0]), np.linspace(0, 1, 101)).tolist()
    [1.0, 3.0, 5.0]
    """
    above = np.searchsorted(np.quantile(users, SCALE_POINTS), gain, side="left")
    return np.asarray(1 + above, np.float64)


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
