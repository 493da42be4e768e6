"""Shares, their intervals and ratios."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from colearn.experiments.patterns.declaration import MEASURES, PATTERNS, key
from colearn.experiments.patterns.forms import DECLARED, SHUFFLED
from colearn.experiments.patterns.shares import ratio, share_rows, shown, wilson


def test_wilson_by_hand() -> None:
    """81 of 263 (Newcombe 1998, table I): .2553 to .3662; none of 20: 0 to .1611."""
    found = wilson(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert found.half_width == pytest.approx((0.3662 - 0.2553) / 2, abs=1e-4)
    assert (wilson(0, 20).low, wilson(0, 20).high) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_a_ratio_of_shares() -> None:
    found = ratio(wilson(30, 100), wilson(60, 100))
    assert found.ratio == pytest.approx(0.5)
    half = 1.959964 * math.sqrt(1 / 30 - 1 / 100 + 1 / 60 - 1 / 100)
    assert (found.low, found.high) == pytest.approx((0.5 * math.exp(-half), 0.5 * math.exp(half)))
    assert ratio(wilson(0, 10), wilson(5, 10)).ratio == 0.0
    assert math.isnan(ratio(wilson(5, 10), wilson(0, 10)).ratio)


def test_the_sign_of_a_pattern_counts_and_the_undefined_does_not() -> None:
    rows = pd.DataFrame({"E3b.space.value": [-1.0, 1.0, float("nan"), 0.0], "E1.space.value": [1.0, -1.0, 2.0, 0.0]})
    assert shown(rows, "E3b", "space").tolist() == [True, False, False, False]
    assert shown(rows, "E1", "space").tolist() == [True, False, True, False]
    assert shown(rows, "E2", "space").tolist() == [False] * 4


def runs(count: int, of: int) -> pd.DataFrame:
    """Return runs of which the first ``count`` show everything, clearly."""
    data = {}
    for pattern, place in MEASURES:
        signs = [PATTERNS[pattern].sign * (1.0 if k < count else -1.0) for k in range(of)]
        data[key(pattern, place, "value")] = signs
        data[key(pattern, place, "clear")] = [1.0] * of
        data[key(pattern, place, "shuffled")] = signs[::-1]
    return pd.DataFrame(data)


def test_rows_count_what_was_planted_beside_each_form() -> None:
    rows = list(share_rows({DECLARED.name: runs(8, 10), "placebo": runs(4, 10)}))
    at = {(row["pattern"], row["place"], row["form"]): row for row in rows}
    assert at["E3a", "total", DECLARED.name]["share"] == 0.8
    assert at["E3a", "total", DECLARED.name]["clear_share"] == 0.8
    assert at["E3a", "total", "placebo"]["ratio"] == pytest.approx(0.5)
    assert at["E3a", "total", SHUFFLED]["share"] == 0.8
    assert ("E1", "space", SHUFFLED) not in at
    assert at["all", "space", DECLARED.name]["shown"] == 8
