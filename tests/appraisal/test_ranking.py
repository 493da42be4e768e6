"""Ranking over draws by hand: shares of being best, regret, intervals, and where a line crosses zero."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim.appraisal.measure_registry import Term
from coworksim.appraisal.ranking import best_shares, crossed_row, crossing, rank_rows, regrets, worth_row
from coworksim.statistics.intervals import t_quantile

#: Four draws of doing nothing and two arms, GBP.
BENEFIT = np.array([[0.0, 10.0, 5.0], [0.0, -10.0, -5.0], [0.0, 4.0, 4.0], [0.0, 1.0, 9.0]])


def test_the_best_of_a_draw_is_counted_and_ties_are_shared() -> None:
    assert best_shares(BENEFIT).mean(axis=0).tolist() == [0.25, 0.375, 0.375]


def test_regret_is_what_the_best_arm_of_the_draw_has_more() -> None:
    assert regrets(BENEFIT).mean(axis=0).tolist() == [5.75, 4.5, 2.5]


def test_rows_begin_with_the_least_regret_and_drop_no_arm() -> None:
    rows = rank_rows(BENEFIT, ["nothing", "one", "two"])
    assert [row["arm"] for row in rows] == ["two", "one", "nothing"]
    (nothing,) = (row for row in rows if row["arm"] == "nothing")
    assert (nothing["positive_draws"], nothing["draws"], nothing["net_benefit_gbp"]) == (0, 4, 0.0)
    assert rows[0]["positive_draws"] == 3
    assert sum(float(str(row["probability_best"])) for row in rows) == pytest.approx(1.0)


def noisy(at: float, number: int = 60) -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(0.0, 2.0, number)
    return x, 3.0 * (x - at) + 0.3 * np.where(np.arange(number) % 2, 1.0, -1.0)


def test_a_line_that_crosses_zero_gives_the_place_with_an_interval() -> None:
    found = crossing(*noisy(0.7))
    assert (found.kind, found.rises) == ("crosses", True)
    assert found.value == pytest.approx(0.7, abs=0.02)
    assert found.low < 0.7 < found.high
    assert found.high - found.low < 0.2
    assert found.correlation > 0.9


def test_the_interval_is_where_the_band_of_the_line_includes_zero() -> None:
    """At both of its ends the fitted line is one half-width of its band away from zero."""
    x, y = noisy(0.7, 20)
    found = crossing(x, y)
    slope, start = np.polyfit(x, y, 1)
    rest = y - slope * x - start
    for end in (found.low, found.high):
        variance = (rest @ rest) / 18 * (1 / 20 + (end - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
        assert abs(slope * end + start) == pytest.approx(t_quantile(18) * math.sqrt(variance))


def test_logarithms_are_used_where_the_input_is_drawn_in_them() -> None:
    x = np.exp(np.linspace(-3.0, 3.0, 41))
    found = crossing(x, np.log(x) - 1.0, log=True)
    assert found.value == pytest.approx(math.e)


@pytest.mark.parametrize(
    ("x", "y", "kind"),
    [
        (*noisy(9.0), "negative"),
        (*noisy(-9.0), "positive"),
        (np.arange(30.0), np.where(np.arange(30) % 2, 1.0, -1.0), "flat"),
        (np.linspace(0.0, 1.0, 30), np.linspace(0.0, 1.0, 30) * -1.0, "negative"),
        (np.arange(30.0), np.where(np.arange(30) == 3, 0.5, -10.0 * np.exp(-np.arange(30) / 5.0)), "bent"),
        (np.arange(30.0), np.where(np.arange(30) < 12, np.where(np.arange(30) == 3, 0.5, -10.0), 0.0), "bent"),
        (np.arange(5.0), np.arange(5.0) - 2.0, "few"),
        (np.ones(30), np.arange(30.0), "few"),
    ],
)
def test_where_there_is_no_switching_value_a_sentence_says_why(x: np.ndarray, y: np.ndarray, kind: str) -> None:
    found = crossing(x, y)
    assert found.kind == kind
    assert math.isnan(found.value)
    assert "none" in crossed_row("td", "arm", "what", "name", "unit", "drawn", x, found)["sentence"]


def test_an_undefined_value_among_draws_is_left_out() -> None:
    x, y = noisy(0.7)
    x[3] = math.nan
    assert crossing(x, y).value == pytest.approx(0.7, abs=0.03)


def test_the_worth_that_balances_mean_cost_and_mean_gain() -> None:
    row = worth_row("td", "arm", [100.0, 120.0, 80.0], [2.0, 2.1, 1.9], Term("learning", "sd-years", "skill"))
    assert row["value"] == pytest.approx(50.0)
    assert row["low"] < 50.0 < row["high"]
    none = worth_row("td", "arm", [100.0, 120.0], [-1.0, 1.0], Term("learning", "sd-years", "skill"))
    assert math.isnan(none["value"])
    assert "no worth" in none["sentence"]
