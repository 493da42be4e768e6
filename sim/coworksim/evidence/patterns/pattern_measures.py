"""Every pattern measured on a final worker table: slopes within regions, and what regions say about their error.

With x and y about the means of their region, the slope of a set of regions is ``sum(x*y) / sum(x*x)`` over the people
in it. Regions are what people share and what the flag is assigned to. So the error of one slope is that of the
jackknife over regions (Student's t, one degree of freedom less than there are regions), and a difference between kinds
of regions is held, over its error, against permutations of the flag over regions (``statistics.flag_contrasts``).

A survey of the users takes ``RESPONDENTS`` at most, by lot. An answer is the true figure in ranks, made normal, with as
much normal error as leaves the reliability at ``RELIABILITY`` (a user's answers to different questions err
independently). Its statistics are slopes within regions, in standard deviations, and differences between groups: the
block ``asked`` from the questions that the survey asked, and a block for each that it did not ask.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Final, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.patterns.declaration import PATTERNS, Pattern, key
from coworksim.files.columns import CHANNELS, SPACE_CHANNELS
from coworksim.model.parameters.skills import CREATIVE, INDEPENDENT, OCCUPATIONS, STATUSES
from coworksim.statistics.flag_contrasts import flag_contrast
from coworksim.statistics.intervals import t_quantile
from coworksim.statistics.lots import order_by_lot
from coworksim.statistics.nonparametric import jackknife_error

_ROUNDING: Final = 1e-9
#: Years of career that count as early.
EARLY_YEARS: Final = 5.0
#: Shares of users below the four thresholds of that scale.
SCALE_POINTS: Final = (0.10, 0.25, 0.45, 0.65)
RESPONDENTS: Final = 300
RELIABILITY: Final = 0.6
#: The block of what the survey asked.
ASKED: Final = "asked"
#: Question that the survey did not ask -> column of the final worker table.
MODERATORS: Final = MappingProxyType(
    {
        "new partners a month": "partners_new_per_month",
        "partners' outside contacts": "partners_outside_contacts",
        "own workload": "workload",
        "learning time outside": "outside_hours",
    }
)
_QUESTIONS: Final = ("sc", "td", "encounters", "hours", *MODERATORS)
_CAUSES: Final = {"sc": "encounters", "td": "hours"}
_FEWEST: Final = 20

type Numbers = NDArray[np.float64]
type Mask = NDArray[np.bool_]
type Answers = Mapping[str, Numbers]


class Found(NamedTuple):
    """A value, its error, and whether it is clear of 0 at the 5 % level (both sides)."""

    value: float
    error: float
    clear: bool


def region_sums(y: Numbers, x: Numbers, region: NDArray[np.int64], regions: int) -> Numbers:
    """Return, by region, the sums of x*y and of x*x about the region's means; shape (regions, 2).

    >>> region_sums(np.array([0.0, 2.0]), np.array([0.0, 1.0]), np.array([0, 0]), 2).tolist()
    [[1.0, 0.5], [0.0, 0.0]]
    """
    people = np.maximum(np.bincount(region, minlength=regions), 1)
    dx = x - (np.bincount(region, x, regions) / people)[region]
    dy = y - (np.bincount(region, y, regions) / people)[region]
    return np.stack([np.bincount(region, dx * dy, regions), np.bincount(region, dx * dx, regions)], axis=1)


def of_regions(sums: Numbers, less: Numbers | None = None) -> Found | None:
    """Return the slope over all regions, or its lead over that of ``less``; None where there is none to be had."""
    total, taken = sums.sum(axis=0), None if less is None else less.sum(axis=0)
    value = _ratio(total) - (0.0 if taken is None else _ratio(taken))
    if not math.isfinite(value):
        return None
    with_people = np.flatnonzero((sums[:, 1] > 0) | (less is not None and (less[:, 1] > 0)))
    without = [
        _ratio(total - sums[g]) - (0.0 if less is None or taken is None else _ratio(taken - less[g]))
        for g in with_people
    ]
    count = len(without)
    if count < 3 or not np.isfinite(without).all():
        return Found(value, math.nan, False)
    error = jackknife_error(np.array(without))
    # the error of slopes that are the same in every region is 0, but for rounding
    return Found(value, error, abs(value) > max(t_quantile(count - 1) * error, _ROUNDING * abs(value)))


def _ratio(sums: Numbers) -> float:
    return float(sums[0] / sums[1]) if sums[1] > _ROUNDING else math.nan


def between_regions(sums: Numbers, behind: Mask, seed: int) -> tuple[Found, float] | None:
    """Return the slope of left-behind regions less that of the others, and the same under a flag dealt out by lot.

    Only regions with people in whom the cause differs count. None where one kind has none of them.
    """
    found = flag_contrast(sums, behind, seed)
    return None if found is None else (Found(found.value, found.error, found.p <= 0.05 + _ROUNDING), found.shuffled)


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
        """Read a final worker table of a run over ``weeks`` weeks from the start."""

        def column(name: str) -> Numbers:
            return workers[name].to_numpy(np.float64)

        codes, names = pd.factorize(workers["region"].astype(str), sort=True)
        flags = workers.groupby(codes, observed=True)["flag"].first().astype(str)
        users = column("days_in_space") > 0
        creative = _listed(workers["occupation"], OCCUPATIONS, CREATIVE)
        causes = {
            "encounters": column("encounters"),
            "hours": column("equipment_hours") + column("training_hours"),
            "independent": _listed(workers["status"], STATUSES, INDEPENDENT).astype(float),
            "creative": creative.astype(float),
            "low_income": _low_income(workers["income_gbp_week"], codes, creative),
            "early_career": (column("career_years") < EARLY_YEARS).astype(float),
        }
        there = weeks - np.maximum(column("entered_week"), 0.0)
        outcomes = {("membership", "space"): column("member_weeks") / np.maximum(there, 1.0)}
        for family in ("sc", "td"):
            for place, channels in (("space", SPACE_CHANNELS), ("total", tuple(CHANNELS))):
                gains = workers[[f"gain_{family}_{channel}_points" for channel in channels]]
                gain = gains.sum(axis=1).to_numpy(np.float64)
                outcomes[family, place] = gain if scale == "points" or not users.any() else ceiling(gain, gain[users])
        behind = (flags == "left-behind").to_numpy()
        among = {"users": users, "creatives": creative}
        return cls(tuple(names), np.asarray(codes, np.int64), behind, causes, among, outcomes)


def _listed(column: pd.Series[str], names: tuple[str, ...], wanted: tuple[bool, ...]) -> Mask:
    return np.asarray(column.isin([name for name, is_wanted in zip(names, wanted, strict=True) if is_wanted]))


def _low_income(income: pd.Series[float], codes: NDArray[np.int64], creative: Mask) -> Numbers:
    """Mark incomes below the median of the creatives of the region."""
    median = income[creative].groupby(codes[creative]).median().reindex(range(int(codes.max(initial=0)) + 1))
    return (income.to_numpy(np.float64) < median.to_numpy(np.float64)[codes]).astype(float)


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
    people, found = People.of(workers, weeks, scale), dict[str, float]()
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
    outcome, cause = people.outcomes[pattern.outcome, place], people.causes[pattern.cause]
    among, creative = people.among[pattern.among], people.causes["creative"] > 0
    groups = (among & creative, among & ~creative) if pattern.versus == "creative" else (among,)
    sums = [region_sums(outcome[who], cause[who], people.region[who], len(people.names)) for who in groups]
    if pattern.versus != "regions":
        return of_regions(*sums), None
    return between_regions(sums[0], people.behind, seed) or (None, None)


def survey_outcomes(workers: pd.DataFrame, seed: int, scale: str = "points") -> dict[str, float]:
    """Return ``ask.BLOCK.STATISTIC`` of the users of a final worker table; empty where there are too few."""
    people = People.of(workers, 1, scale)
    users = np.flatnonzero(people.among["users"])
    if len(users) < _FEWEST:
        return {}
    chosen = users[np.sort(order_by_lot(len(users), seed, 0)[:RESPONDENTS])]
    true = {**people.causes, **{family: people.outcomes[family, "space"] for family in _CAUSES}}
    true |= {name: workers[column].fillna(0.0).to_numpy(np.float64) for name, column in MODERATORS.items()}
    answers = {name: _answer(true[name][chosen], seed, 1 + number) for number, name in enumerate(_QUESTIONS)}
    region, behind = people.region[chosen], people.behind[people.region[chosen]]
    groups = {name: people.causes[name][chosen] for name in ("independent", "creative")}
    found = {f"ask.{ASKED}.{name}": value for name, value in _as_asked(answers, region, behind, groups)}
    for question in MODERATORS:
        block = _moderator(answers, question, region, behind)
        found |= {f"ask.{question}.{name}": value for name, value in block}
    return {name: value for name, value in found.items() if math.isfinite(value)}


def block_of(name: str) -> str:
    """Return the block of a statistic.

    >>> block_of("ask.own workload.level")
    'own workload'
    """
    return name.split(".")[1]


def _answer(true: Numbers, seed: int, which: int) -> Numbers:
    """Return normal scores of the true figures with error: normal scores dealt out by lot."""
    count = len(true)
    scores = np.array([NormalDist().inv_cdf((k + 0.5) / count) for k in range(count)])
    ranks = pd.Series(true).rank(method="average").to_numpy(np.float64)
    shown, error = np.interp(ranks - 1.0, np.arange(count), scores), scores[order_by_lot(count, seed, which)]
    return np.asarray(math.sqrt(RELIABILITY) * shown + math.sqrt(1.0 - RELIABILITY) * error)


def _slope(y: Numbers, x: Numbers, region: NDArray[np.int64], among: Mask | slice = slice(None)) -> float:
    y, x, who = y[among], x[among], region[among]
    if not len(who):
        return math.nan
    xy, xx = region_sums(y, x, who, int(region.max()) + 1).sum(axis=0)
    return float(xy / xx) if xx > 0 else math.nan


def _as_asked(
    answers: Answers, region: NDArray[np.int64], behind: Mask, groups: Mapping[str, Numbers]
) -> Iterator[tuple[str, float]]:
    for family, cause in _CAUSES.items():
        yield f"{family} slope", _slope(answers[family], answers[cause], region)
        one, other = (_slope(answers[family], answers[cause], region, part) for part in (behind, ~behind))
        yield f"{family} slope, left-behind less others", one - other
        for name, group in groups.items():
            yield f"{family} {name}", _slope(answers[family], group, region)
    yield "td on encounters", _slope(answers["td"], answers["encounters"], region)
    yield "sc on hours", _slope(answers["sc"], answers["hours"], region)


def _moderator(answers: Answers, question: str, region: NDArray[np.int64], behind: Mask) -> Iterator[tuple[str, float]]:
    """Its level by kind of region, what gains go with it, and how it bends the two slopes."""
    answer = answers[question]
    high = answer > np.median(answer)
    some = behind.any() and not behind.all()
    yield "level", float(answer[behind].mean() - answer[~behind].mean()) if some else math.nan
    for family, cause in _CAUSES.items():
        yield f"{family} on it", _slope(answers[family], answer, region)
        one, other = (_slope(answers[family], answers[cause], region, part) for part in (high, ~high))
        yield f"{family} slope, high less low", one - other
