"""A calibration in the terminal: targets, what lies below them, and every word of what is said, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.calibration.diagnostics import Below, Elasticity, settling
from coworksim.evidence.calibration.figures import (
    Measured,
    _by_space,
    _pooled,
    _price,
    fortunes,
    last_weeks,
    unmeasured,
)
from coworksim.evidence.calibration.fit import Row, Target
from coworksim.report.sentences.calibration_text import calibration_text

TARGET: dict[str, Any] = {
    "name": "churn",
    "role": "check",
    "low": 0.02,
    "high": 0.04,
    "tolerance": 0.01,
    "relative": False,
    "unit": "share a month",
    "source": "a survey",
    "why": "people stay",
}
BELOW: dict[str, Any] = {
    "completed": 7,
    "median_completed": 12.5,
    "ongoing": 3,
    "median_ongoing": 40.0,
    "elasticities": tuple(Elasticity(10 + k, 0.1234, -0.555, -0.777) for k in range(5)),
    "poor_share": 0.0244,
    "member_share": 0.1,
    "capped_share": 0.123,
    "degree": 6.54,
    "degree_members": 9.87,
    "clustering": 0.234,
    "clustering_nodes": 200,
    "drift_sc": 0.123,
    "drift_td": -0.456,
}


def row(value: float | None = 0.035, interval: tuple[float, float] | None = (0.03, 0.045), **target: Any) -> Row:
    measured = unmeasured("nobody left") if value is None else Measured(value, interval, "13-week blocks", "by blocks")
    return Row(Target(**{**TARGET, **target}), measured)


def text(rows: list[Row], **below: Any) -> list[str]:
    found: Any = SimpleNamespace(
        title="a town", weeks=52, seed=3, rows=rows, below=Below(**{**BELOW, **below}), moved=(), here=()
    )
    return calibration_text(found).splitlines()


def joined(lines: list[str]) -> str:
    return " ".join(lines)


@pytest.mark.parametrize(
    ("one", "cells"),
    [
        (row(), "churn check 3.5 % 3.0 to 4.5 % 2.0 to 4.0 % 1 points within 13-week blocks"),
        (row(0.051), "churn check 5.1 % 3.0 to 4.5 % 2.0 to 4.0 % 1 points missed 13-week blocks"),
        (row(0.035, None, high=0.02), "churn check 3.5 % - 2.0 % 1 points missed 13-week blocks"),
        (row(None), "churn check - - 2.0 to 4.0 % 1 points not measured"),
        (
            row(
                74.4,
                (70.0, 80.0),
                name="members per space",
                low=74.0,
                high=74.0,
                tolerance=0.15,
                relative=True,
                unit="people",
            ),
            "members per space check 74 70 to 80 74 people (mean 129) 15 % within 13-week blocks",
        ),
        (
            row(49.996, (49.0, 51.0), low=49.9, high=50.0, tolerance=0.0, unit="GBP"),
            "churn check 50.00 49.00 to 51.00 49.90 to 50.00 GBP none within 13-week blocks",
        ),
        (
            row(50.4, (49.0, 51.0), low=50.0, high=51.0, tolerance=0.0, unit="GBP"),
            "churn check 50 49 to 51 50 to 51 GBP none within 13-week blocks",
        ),
    ],
)
def test_a_line_of_the_table(one: Row, cells: str) -> None:
    assert " ".join(text([one])[3].split()) == cells


def test_misses_are_counted_among_what_was_measured() -> None:
    lines = text([row(), row(0.9, name="price"), row(None, name="events")])
    assert "Missed: 1 of 2 measured targets." in lines
    assert "  price: people stay" in lines
    assert "All 1 measured targets met." in text([row(), row(None, name="events")])
    assert "Churn: by blocks." in lines
    assert "Events: not measured: nobody left." in lines
    assert joined(lines).count("by blocks") == 1  # what is said of two is said once


def test_what_lies_below_the_table() -> None:
    said = joined(text([row()]))
    assert (
        "Spells of membership: churn 3.5 % a month; 7 completed, median 12.5 weeks; 3 going on, median 40 weeks so far."
        in said
    )
    assert "Bottom third of incomes: 2.4 % are members, of everybody 10.0 %. It is shut out" in said
    assert "Desk cap: people were turned away in 12 % of space-weeks." in said
    assert "Ties a person: mean 6.5, members 9.9; mean clustering 0.23 (200 people)." in said
    assert (
        "Burn-in and spin-up: skills settled. Over the year before the start mean social-cognitive skill moved by "
        "+0.12 and technical-digital" in said
    )
    assert "skill by -0.46 points a year" in said
    assert [line.split() for line in text([row()]) if line.startswith("  lowest")] == [
        ["lowest", "10", "12.3", "%", "-0.56", "-0.78"]
    ]


def test_what_was_not_measured_is_said() -> None:
    said = joined(
        text(
            [row(name="price")],
            median_completed=None,
            median_ongoing=None,
            capped_share=None,
            degree_members=None,
            drift_sc=None,
            elasticities=(),
        )
    )
    assert "churn not measured; 7 completed, median none; 3 going on, median none so far." in said
    assert "Desk cap: no open space." in said
    assert "mean 6.5, no members; mean" in said
    assert "Burn-in and spin-up: too short to tell whether skills have settled" in said
    assert "Price elasticity: not measured, membership is switched off." in said
    (first,) = (
        line
        for line in text([row()], elasticities=(Elasticity(0, None, None, None), *BELOW["elasticities"][1:]))
        if line.startswith("  lowest")
    )
    assert first.split() == ["lowest", "0", "-", "-", "-"]


@pytest.mark.parametrize(("poor", "out"), [(0.025, False), (0.0249, True)])
def test_a_third_is_shut_out_under_a_quarter_of_everybodys_share(poor: float, out: bool) -> None:
    assert Below(**{**BELOW, "poor_share": poor}).shut_out is out
    assert ("It is not shut out" in joined(text([row()], poor_share=poor))) is not out


@pytest.mark.parametrize(
    ("sc", "td", "settled"),
    [(0.49, -0.49, True), (0.5, 0.0, False), (0.0, -0.5, False), (None, 0.0, None), (0.0, None, None)],
)
def test_burn_in_has_settled_under_half_a_point_a_year(
    sc: float | None, td: float | None, settled: bool | None
) -> None:
    assert Below(**{**BELOW, "drift_sc": sc, "drift_td": td}).settled is settled


def test_settling_takes_a_year_or_what_there_is_of_it_from_half_a_year_on() -> None:
    def moved(first: int) -> float | None:
        weeks = np.arange(first, 3)
        steep = np.where(weeks < -53, 100.0, 0.5 * weeks / 52)  # what was before the last year does not count
        table = pd.DataFrame({"week": weeks, "people": np.where(weeks % 2, 10, 20), "sc_points": steep})
        return settling(table, "sc")

    assert moved(-80) == pytest.approx(0.5)
    assert moved(-27) == pytest.approx(0.5)
    assert moved(-26) is None


def table(spaces: int, weeks: int = 30) -> pd.DataFrame:
    rows = [
        {
            "week": week,
            "space_key": space,
            "open": space != 1 or week >= 10,
            "desks": 10,
            "occupancy": 0.5,
            "members": 10 * (space + 1),
            "price_gbp_month": 100.0 + space,
            "events": 1.0,
        }
        for week in range(weeks)
        for space in range(spaces)
    ]
    return pd.DataFrame(rows)


def test_the_last_weeks_of_open_spaces() -> None:
    year = last_weeks(table(2), 26)
    assert sorted(year["week"].unique()) == list(range(4, 30))
    assert len(year) == 26 + 20
    assert set(year["unit"]) == {0, 1}  # blocks of 13 weeks
    assert (year["desk_days"] == 25.0).all()
    assert len(last_weeks(table(2)[:0], 26)) == 0


def test_a_sum_over_a_sum_with_its_spread_over_units() -> None:
    year = last_weeks(table(2), 26)
    pooled = _pooled(year, "members", None, 2.0)
    value = 2.0 * (26 * 10 + 20 * 20) / 46
    assert pooled.value == pytest.approx(value)
    assert pooled.basis == "13-week blocks"
    assert pooled.interval is not None
    assert pooled.interval[0] < value < pooled.interval[1]
    assert _pooled(year, "desk_days", "desk_days_offered").value == 0.5
    assert _pooled(year.assign(none=0.0), "members", "none").value is None
    assert _price(year).value == 100.0
    assert _price(year[:0]).value is None
    assert _by_space(year) == "the mean is over weeks of open spaces; by space it is 10, 20"
    assert _by_space(year[year["space_key"] == 0]) == ""


def test_the_margin_is_told_with_its_sign() -> None:
    rows = [("workers:a", "space:a/0", "membership", 100.0), ("space:a/0", "landlord", "rent", 80.0)]
    profit, loss = fortunes(pd.DataFrame(rows, columns=["payer", "payee", "purpose", "amount_gbp"]), ["space:a/0"])
    assert (profit.value, loss.value, profit.basis) == (1.0, 0.0, "1 space")
    assert profit.note == "median margin +20 % of turnover"
    for cost, gains, losses in ((91.7, 0.0, 0.0), (91.6, 1.0, 0.0), (108.3, 0.0, 0.0), (108.4, 0.0, 1.0)):
        rows[1] = ("space:a/0", "landlord", "rent", cost)
        profit, loss = fortunes(pd.DataFrame(rows, columns=["payer", "payee", "purpose", "amount_gbp"]), ["space:a/0"])
        assert (profit.value, loss.value) == (gains, losses)
