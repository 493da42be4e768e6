"""The table of the market over worlds: survival and classes by hand, and intervals over worlds."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks.market import by_class, lives, survival, table
from coworksim.model.recorder import SPACE_COLUMNS
from coworksim.model.state.prospects import FOUNDED

WEEKS = 300


def run_of(*spaces: tuple[int, int, int, int, int]) -> Any:
    """Return a run with spaces, each in its own row unless a row takes two: row, ordinal, first week, last, desks."""
    rows = np.zeros((WEEKS, 1 + max(space[0] for space in spaces), len(SPACE_COLUMNS)), np.int64)
    at = {name: SPACE_COLUMNS.index(name) for name in ("ordinal", "open", "desks")}
    rows[:, :, at["ordinal"]] = -1
    for row, ordinal, first, last, desks in spaces:
        rows[first:, row, at["ordinal"]], rows[first : last + 1, row, at["open"]] = ordinal, 1
        rows[last + 1 :, row, at["open"]], rows[first:, row, at["desks"]] = 0, desks
    record = SimpleNamespace(spaces=rows, weeks=WEEKS, first_week=-50)
    return SimpleNamespace(recorder=record, scenario=SimpleNamespace(start_week=50))


RUN = run_of(
    (0, 0, 0, 299, 10),  # there all along
    (1, 1, 0, 150, 10),  # of the start, closes after week 0 of policies, which is week 100 here
    (1, FOUNDED + 7, 160, 220, 30),  # takes its row and lives 60 weeks
    (2, FOUNDED + 9, 10, 299, 60),  # founded, and still there
    (3, FOUNDED + 11, 200, 240, 60),  # founded too late for two years, lives 40 weeks
    (4, FOUNDED + 12, 280, 299, 60),  # too young for any figure
)


def test_lives_are_told_apart_in_one_row() -> None:
    assert (1, 0, 150, True, 10) in lives(RUN)
    assert (FOUNDED + 7, 160, 220, True, 30) in lives(RUN)
    assert (FOUNDED + 9, 10, 299, False, 60) in lives(RUN)
    assert len(lives(RUN)) == 6


def test_survival_counts_founded_spaces_that_are_old_enough() -> None:
    found = survival(RUN)
    assert found["left after 1 years"] == pytest.approx(2 / 3)  # 60 and 290 weeks, of three with a year to live
    assert found["left after 2 years"] == pytest.approx(1 / 2)
    assert found["left after 5 years"] == 1.0
    assert found["founded"] == 4


def test_classes_are_of_those_there_at_the_start_and_left_at_the_end() -> None:
    found = by_class(RUN)
    assert found["of 0 desks and more, left at the end"] == 0.5
    assert found["of 50 desks and more, left at the end"] == 1.0
    assert math.isnan(found["of 20 desks and more, left at the end"])


def test_the_interval_is_that_of_worlds() -> None:
    lines = list(table("a", [{"occupancy": 0.5}, {"occupancy": 0.7}, {"occupancy": 0.6, "churn": math.nan}]))
    assert "| occupancy | 0.600 (+-0.248) | .67 to .83; Workthere, Deskmag |" in lines  # 4.303 * .1/sqrt(3)
    assert "over 3 worlds" in lines[0]
