"""The test of a contrast between kinds of regions keeps its level where these are unlike, and finds what is there."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import pytest
import scipy.stats

from coworksim.statistics.flag_contrasts import LOTS, FlagContrast, flag_contrast

TABLES = 400


class Kinds(NamedTuple):
    """How flagged regions differ from others of 60 people, spread 1 and noise 1: none of it is an effect."""

    people: int = 60
    spread: float = 1.0
    noise: float = 1.0


#: The kinds, and the most rejections in 400 tables: at 5 % more than 35 come about once in 2,000; at 8 % more than 50.
DESIGNS = {
    "alike": (Kinds(), 35),
    "a third of the users": (Kinds(people=20), 35),
    "half the spread": (Kinds(spread=0.5), 35),
    "a third of the users, half the spread, twice the noise": (Kinds(20, 0.5, 2.0), 50),
}


def sums_of(kind: Kinds, draw: np.random.Generator, effect: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return twelve regions whose slopes differ by 0.1 for reasons of their own, and the flag of the first six."""
    flag, sums = np.arange(12) < 6, np.zeros((12, 2))
    for region, flagged in enumerate(flag):
        people, spread, noise = kind if flagged else Kinds()
        x = draw.normal(0.0, spread, people)
        y = (0.5 + effect * flagged + draw.normal(0.0, 0.1)) * x + draw.normal(0.0, noise, people)
        x -= x.mean()
        sums[region] = (x * y).sum(), (x * x).sum()
    return sums, flag


def bare(sums: np.ndarray, flag: np.ndarray) -> float:
    """Return the exact p-value of the contrast without its error: what was done before."""
    found = []
    for chosen in itertools.combinations(range(12), int(flag.sum())):
        other = [k for k in range(12) if k not in chosen]
        one, rest = sums[list(chosen)].sum(axis=0), sums[other].sum(axis=0)
        found.append(abs(one[0] / one[1] - rest[0] / rest[1]))
    return float(np.mean(np.array(found) >= found[0] * (1.0 - 1e-9)))


def contrast(sums: np.ndarray, flag: np.ndarray) -> FlagContrast:
    found = flag_contrast(sums, flag, 1)
    assert found is not None
    return found


def test_the_bounds_are_those_of_the_binomial() -> None:
    assert scipy.stats.binom(TABLES, 0.05).sf(35) < 1 / 1500
    assert scipy.stats.binom(TABLES, 0.08).sf(50) < 1 / 1000


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_kinds_that_are_unlike_are_not_taken_for_an_effect(name: str) -> None:
    kind, most = DESIGNS[name]
    draw = np.random.default_rng(1)
    tables = [sums_of(kind, draw) for _ in range(TABLES)]
    assert sum(contrast(*table).p <= 0.05 for table in tables) <= most


@pytest.mark.slow
def test_a_contrast_without_its_error_would_be_caught_by_that_bound() -> None:
    kind, most = DESIGNS["a third of the users, half the spread, twice the noise"]
    draw = np.random.default_rng(1)
    assert sum(bare(*sums_of(kind, draw)) <= 0.05 for _ in range(100)) > most / 2  # of a quarter of the tables


def test_a_contrast_that_is_there_is_found() -> None:
    draw = np.random.default_rng(2)
    assert sum(contrast(*sums_of(Kinds(), draw, effect=0.5)).p <= 0.05 for _ in range(20)) >= 18


def by_hand(sums: np.ndarray, flag: np.ndarray) -> tuple[float, float]:
    """Return contrast and error from loops."""
    value, variance = 0.0, 0.0
    for sign, part in ((1.0, sums[flag]), (-1.0, sums[~flag])):
        slope = part[:, 0].sum() / part[:, 1].sum()
        value += sign * slope
        variance += sum((xy - slope * xx) ** 2 for xy, xx in part) / part[:, 1].sum() ** 2
    return value, math.sqrt(variance)


def test_contrast_error_and_p_by_hand() -> None:
    sums = np.array([[3.0, 1.0], [1.0, 2.0], [2.5, 3.0], [0.4, 1.0], [0.2, 2.0]])
    flag = np.array([True, True, False, False, False])
    found = contrast(sums, flag)
    value, error = by_hand(sums, flag)
    assert (found.value, found.error) == pytest.approx((value, error))
    ratios = []
    for chosen in itertools.combinations(range(5), 2):
        one, spread = by_hand(sums, np.isin(np.arange(5), chosen))
        ratios.append(abs(one) / spread)
    assert found.p == pytest.approx(np.mean(np.array(ratios) >= ratios[0] * (1 - 1e-9)))
    assert 0.1 < found.p < 1.0


def test_many_regions_are_dealt_out_by_lot_and_the_true_flag_counts() -> None:
    draw = np.random.default_rng(3)
    sums = np.column_stack([draw.normal(0.0, 0.1, 40) + 5.0 * (np.arange(40) < 20), np.ones(40)])
    assert contrast(sums, np.arange(40) < 20).p == 1.0 / (LOTS + 1)


def test_slopes_without_spread_are_told_from_rounding() -> None:
    sums = np.array([[0.1 * k, float(k)] for k in (1, 2, 3, 4, 5, 6, 7, 8)])
    flag = np.arange(8) < 4
    assert contrast(sums, flag).p == 1.0  # slopes of a tenth everywhere, but for rounding
    sums[:4, 0] *= 2.0
    assert contrast(sums, flag).p == pytest.approx(2 / 70)  # the true flag and its mirror, of all
    assert contrast(sums * [[0.0, 1.0]], flag).p == 1.0  # nothing moves with anything


def test_a_kind_of_one_region_has_a_contrast_and_no_test() -> None:
    sums = np.column_stack([np.arange(30.0) ** 2, np.ones(30)])
    found = contrast(sums, np.arange(30) == 29)
    assert found.value > 0.0
    assert math.isnan(found.error)
    assert math.isnan(found.p)
