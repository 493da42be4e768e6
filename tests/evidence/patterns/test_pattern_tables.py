"""Tables of runs: shares, Shapley values by hand, and a surface that finds its cells."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.evidence.patterns.declaration import DECLARED, MEASURES, PATTERNS, SHUFFLED, key
from coworksim.evidence.patterns.pattern_tables import (
    STEPS,
    coalitions,
    shapley,
    shapley_rows,
    share_rows,
    shown,
    surface_rows,
)
from coworksim.evidence.patterns.untuned import GROUPS


def test_the_glove_game() -> None:
    """One left glove and two right ones: 2/3, 1/6, 1/6."""

    def worth(owners: frozenset[str]) -> float:
        return float("left" in owners and len(owners) > 1)

    found = shapley(worth, ("left", "right 1", "right 2"))
    assert found == pytest.approx({"left": 2 / 3, "right 1": 1 / 6, "right 2": 1 / 6})


@pytest.mark.slow
@given(st.lists(st.floats(-10, 10), min_size=32, max_size=32))
def test_values_add_up_to_the_whole_difference(worths: list[float]) -> None:
    worth = dict(zip(coalitions(), worths, strict=True))
    found = shapley(worth.__getitem__, tuple(GROUPS))
    assert sum(found.values()) == pytest.approx(worths[-1] - worths[0], abs=1e-9)


def test_rows_hold_what_was_planted_in_the_runs() -> None:
    """The contrast is 2 where training and provision differ, 1 more where catchment does too, and .1 a replicate."""
    runs = [
        {"point": number, "replicate": k, "E3a.space.value": _planted(kept) + 0.1 * k}
        for number, kept in enumerate(coalitions())
        for k in range(3)
    ]
    rows = {row["group"]: row for row in shapley_rows(pd.DataFrame(runs))}
    assert rows["training and provision"]["value"] == pytest.approx(2.5)
    assert rows["catchment"]["value"] == pytest.approx(0.5)
    assert rows["money"]["value"] == pytest.approx(0.0)
    assert rows["all"]["value"] == pytest.approx(3.0)
    assert rows["none"]["value"] == pytest.approx(0.1)
    assert rows["all"]["n"] == 3


def _planted(kept: frozenset[str]) -> float:
    access = "training and provision"
    return 2.0 * (access in kept) + 1.0 * ({access, "catchment"} <= kept)


def test_a_replicate_with_a_gap_does_not_count() -> None:
    runs = [
        {"point": number, "replicate": k, "E3a.space.value": 1.0}
        for number in range(32)
        for k in range(2)
        if (number, k) != (7, 1)
    ]
    assert {row["n"] for row in shapley_rows(pd.DataFrame(runs))} == {1}


def test_the_surface_has_a_cell_for_each_pair_of_ratios() -> None:
    runs = pd.DataFrame(
        {"point": range(25), "replicate": 0, "E3a.space.value": [float(number) for number in range(25)]}
    )
    rows = [row for row in surface_rows(runs) if (row["pattern"], row["place"]) == ("E3a", "space")]
    (cell,) = [row for row in rows if row["public_provision"] == STEPS[1] and row["catchment"] == STEPS[3]]
    assert cell["value"] == 5 * 1 + 3
    assert len(rows) == 25


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
