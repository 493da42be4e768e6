"""What a survey of the users of spaces would yield: standardised statistics of answers with error.

As many users as there are, and ``RESPONDENTS`` at most, are taken by lot. An answer is the true figure in ranks, made
normal, with as much normal error as leaves the reliability at ``RELIABILITY`` (a user's answers to different questions
err independently). Statistics are slopes within regions, in standard deviations, and differences between groups.

The questions as the survey asked them come to the block ``asked``; each question that it did not ask adds a block.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.patterns.pattern_measures import People
from coworksim.evidence.patterns.slopes import region_sums
from coworksim.statistics.nonparametric import order_by_lot

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
_FEWEST: Final = 20

type Numbers = NDArray[np.float64]
type Answers = Mapping[str, Numbers]


def survey_outcomes(workers: pd.DataFrame, seed: int, scale: str = "points") -> dict[str, float]:
    """Return ``ask.BLOCK.STATISTIC`` of the users of a final worker table; empty where there are too few."""
    people = People.of(workers, 1, scale)
    users = np.flatnonzero(people.among["users"])
    if len(users) < _FEWEST:
        return {}
    chosen = users[np.sort(order_by_lot(len(users), seed, 0)[:RESPONDENTS])]
    answers = {
        question: _answer(_true(people, workers, question)[chosen], seed, 1 + number)
        for number, question in enumerate(_QUESTIONS)
    }
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


def _true(people: People, workers: pd.DataFrame, question: str) -> Numbers:
    if question in ("sc", "td"):
        return people.outcomes[question, "space"]
    if question in people.causes:
        return people.causes[question]
    return workers[MODERATORS[question]].fillna(0.0).to_numpy(np.float64)


def _answer(true: Numbers, seed: int, which: int) -> Numbers:
    """Return normal scores of the true figures with error: normal scores dealt out by lot."""
    count = len(true)
    scores = np.array([NormalDist().inv_cdf((k + 0.5) / count) for k in range(count)])
    ranks = pd.Series(true).rank(method="average").to_numpy(np.float64)
    shown = np.interp(ranks - 1.0, np.arange(count), scores)
    error = scores[order_by_lot(count, seed, which)]
    answer: Numbers = math.sqrt(RELIABILITY) * shown + math.sqrt(1.0 - RELIABILITY) * error
    return answer


def _slope(y: Numbers, x: Numbers, region: NDArray[np.int64], among: NDArray[np.bool_] | None = None) -> float:
    who = np.ones(len(y), np.bool_) if among is None else among
    if not who.any():
        return math.nan
    xy, xx = region_sums(y[who], x[who], region[who], int(region.max()) + 1).sum(axis=0)
    return float(xy / xx) if xx > 0 else math.nan


def _as_asked(
    answers: Answers, region: NDArray[np.int64], behind: NDArray[np.bool_], groups: Mapping[str, Numbers]
) -> Iterator[tuple[str, float]]:
    for family, cause in (("sc", "encounters"), ("td", "hours")):
        yield f"{family} slope", _slope(answers[family], answers[cause], region)
        one, other = (_slope(answers[family], answers[cause], region, part) for part in (behind, ~behind))
        yield f"{family} slope, left-behind less others", one - other
        for name, group in groups.items():
            yield f"{family} {name}", _slope(answers[family], group, region)
    yield "td on encounters", _slope(answers["td"], answers["encounters"], region)
    yield "sc on hours", _slope(answers["sc"], answers["hours"], region)


def _moderator(
    answers: Answers, question: str, region: NDArray[np.int64], behind: NDArray[np.bool_]
) -> Iterator[tuple[str, float]]:
    """Its level by kind of region, what gains go with it, and how it bends the two slopes."""
    answer = answers[question]
    high = answer > np.median(answer)
    some = behind.any() and not behind.all()
    yield "level", float(answer[behind].mean() - answer[~behind].mean()) if some else math.nan
    for family, cause in (("sc", "encounters"), ("td", "hours")):
        yield f"{family} on it", _slope(answers[family], answer, region)
        one, other = (_slope(answers[family], answers[cause], region, part) for part in (high, ~high))
        yield f"{family} slope, high less low", one - other
