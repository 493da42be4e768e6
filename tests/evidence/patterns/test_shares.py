"""Shares, their intervals and ratios."""

from __future__ import annotations

import pandas as pd
import pytest

from coworksim.evidence.patterns.declaration import DECLARED, MEASURES, PATTERNS, SHUFFLED, key
from coworksim.evidence.patterns.pattern_tables import share_rows, shown


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
