"""An analysis in sentences: tables written by hand, and every word of what is said of them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from coworksim.report.study_files import sentences
from coworksim.runs.sensitivity import Analysis, next_size
from coworksim.statistics.factors import DUMMY
from tests.runs.test_sensitivity import next_replicates

NONE: dict[str, Any] = {
    "outcome": "y",
    "points": 64,
    "blocks": 8,
    "blocks_used": 8,
    "infeasible": 0,
    "failed": 0,
    "undefined": 0,
    "undefined_at": "",
    "replicates": 2,
    "chance": math.nan,
    "chance_of_a_run": math.nan,
    "note": "",
}


def analysis(method: str, rows: list[dict[str, Any]], **outcome: Any) -> Analysis:
    return Analysis(method, 8, pd.DataFrame(rows), pd.DataFrame([{**NONE, **outcome}]))


def index(name: str, value: float, low: float, high: float, above: bool | None, measure: str = "ST") -> dict[str, Any]:
    return {
        "outcome": "y",
        "input": name,
        "measure": measure,
        "value": value,
        "low": low,
        "high": high,
        "floor": 0.05 if above is not None else math.nan,
        "above": above,
    }


def test_inputs_above_the_floor_are_named_the_greatest_first() -> None:
    rows = [
        index("b", 0.25, 0.2, 0.3, True),
        index("a", 0.416, 0.38, 0.45, True),
        index("c", 0.06, -0.01, 0.1, False),
        index(DUMMY, 0.9, 0.8, 1.0, None),
        index("a", 0.9, 0.8, 1.0, True, "S1"),
    ]
    assert sentences(analysis("sobol", rows)) == [
        "a explains .42 (.38 to .45), b explains .25 (.20 to .30) of the variance of y, interactions counted; "
        "no other input is larger than chance alone (noise floor .05)."
    ]


def test_shares_alone_are_shares_too() -> None:
    (said,) = sentences(analysis("rbd_fast", [index("a", 0.416, 0.38, 0.45, True, "S1")]))
    assert said.startswith("a explains .42 (.38 to .45) of the variance of y by itself; no other input")
    assert said.endswith("(noise floor .05).")


def test_an_input_that_is_not_zero_is_not_called_nothing_beside_chance() -> None:
    rows = [index(f"x{k}", 0.037, 0.014, 0.060, False) for k in range(6)]
    rows += [index("no", 0.01, -0.001, 0.03, False), index(DUMMY, 0.19, 0.14, 0.22, None)]
    none, said = sentences(analysis("sobol", rows))
    assert none == "y: no input is larger than chance alone (noise floor .05)."
    assert said.startswith("y: not zero, but not larger than chance alone: x0 .04 (.01 to .06), x1 .04 (")
    assert said.endswith("x4 .04 (.01 to .06); 1 more inputs follow.")
    distances = [index("a", 0.3, 0.2, 0.4, False, "delta")]
    assert len(sentences(analysis("delta", distances))) == 1  # distances are never zero, so that says nothing


@pytest.mark.parametrize(("method", "measure"), [("sobol", "ST"), ("efast", "ST"), ("rbd_fast", "S1")])
def test_no_share_of_variance_is_more_than_all_or_less_than_nothing(method: str, measure: str) -> None:
    rows = [
        index("beyond", 1.75, 0.9, 2.6, True, measure),
        index("wide", 0.9, 0.6, 1.3, True, measure),
        index("below", -0.2, -0.3, -0.1, False, measure),
        index(DUMMY, 0.9, 0.5, 1.2, None, measure) | {"floor": 1.2},
    ]
    for row in rows:
        row["floor"] = 1.2
    larger, odd = sentences(analysis(method, rows))
    assert larger.startswith("wide explains .90 (.60 to 1.00) of the variance of y")
    assert larger.endswith("no other input is larger than chance alone (noise floor 1.00).")
    assert odd == (
        "y: estimates that no share can have: beyond 1.75 (.90 to 2.60), below -.20 (-.30 to -.10). "
        "That is sampling error: take more points."
    )
    free = [row | {"floor": math.nan, "above": None} for row in (*rows[:1], index("small", -0.004, -0.02, 0.01, None))]
    (said, _) = sentences(analysis("sobol", [row | {"measure": "ST"} for row in free]))
    assert said.startswith("small explains .00 (.00 to .01) of the variance")


def test_what_no_sentence_has_room_for_is_counted() -> None:
    rows = [index(f"x{k}", 0.9 - 0.1 * k, math.nan, math.nan, True) for k in range(7)]
    (said,) = sentences(analysis("sobol", rows))
    assert said.startswith("x0 explains .90, x1 explains .80, x2 explains .70, x3 explains .60, x4 explains .50 of the")
    assert "; 2 more inputs follow; no other input" in said
    assert said.endswith("(noise floor .05) (there are no intervals: what is little larger may be chance).")


def test_where_nothing_rises_above_the_floor_that_is_said() -> None:
    assert sentences(analysis("sobol", [index("a", 0.02, -0.01, 0.03, False)])) == [
        "y: no input is larger than chance alone (noise floor .05)."
    ]


def test_moves_are_no_shares_and_without_a_dummy_there_is_no_floor() -> None:
    rows = [index("a", 1234.5, math.nan, math.nan, None, "mu_star"), index("b", 0.5, 0.4, 0.6, None, "mu_star")]
    assert sentences(analysis("morris", rows)) == [
        "a moves 1.23e+03, b moves 0.5 (0.4 to 0.6) in y on average over its range; without a dummy nothing tells what "
        "chance alone comes to."
    ]
    (said,) = sentences(analysis("morris", [index("a", 1234.5, math.nan, math.nan, True, "mu_star")]))
    assert said.endswith("no other input is larger than chance alone (noise floor 0.05).")


def test_what_is_left_out_is_counted_and_why() -> None:
    said = sentences(analysis("sobol", [], failed=2, infeasible=3, undefined=1, blocks_used=5))
    assert said == [
        "y: of 64 points 2 failed, 3 are infeasible, 1 have it undefined; they are left out, with them 3 of 8 blocks, "
        "and what follows holds for the rest."
    ]
    (said_of_one,) = sentences(analysis("sobol", [], failed=2, blocks=1, blocks_used=0))
    assert said_of_one == "y: of 64 points 2 failed; they are left out, and what follows holds for the rest."
    assert sentences(analysis("sobol", [], note="it is constant")) == [
        "y: no indices, because of this: it is constant."
    ]


def test_a_ratio_says_what_is_not_above_zero() -> None:
    name = "cost_per_member_month_gbp"
    said = sentences(analysis("sobol", [], outcome=name, undefined=2, undefined_at="3, 9"))
    assert said[1] == (
        f"{name}: where it is undefined (points 3, 9), additional_member_months is not clearly above zero; what such "
        "points come to is told by public_cost_gbp and additional_member_months."
    )
    assert len(sentences(analysis("sobol", [], outcome=name, failed=2))) == 1


def test_chance_is_told_for_means_and_for_single_runs() -> None:
    assert sentences(analysis("sobol", [], chance=0.123, chance_of_a_run=0.219)) == [
        "Chance makes .12 of the variance of y between means of 2 runs, and .22 between single runs; the rest is due "
        "to what varies."
    ]


def test_replicates_say_how_many_runs_a_half_width_needs() -> None:
    row = {"outcome": "y", "mean": 12.3456, "half_width": 0.1234, "runs": 8, "runs_needed": 40.0, "wanted": 0.05}
    other = {**row, "runs_needed": math.nan}
    assert sentences(analysis("replicates", [row, other])) == [
        "y: 12.35 +- 0.12 after 8 runs; a half-width of 0.05 needs 40 runs.",
        "y: 12.35 +- 0.12 after 8 runs.",
    ]


def change(name: str, level: str, low: float, high: float, mean: float = 1.0) -> dict[str, Any]:
    return {
        "outcome": "y",
        "input": name,
        "level": level,
        "difference": (low + high) / 2,
        "low": low,
        "high": high,
        "mean": mean,
    }


def test_differences_whose_interval_leaves_out_zero_are_named_the_greatest_first() -> None:
    rows = [
        change("a", "2", 0.1, 0.3),
        change("b", "3", -9.0, -1.0),
        change("c", "4", -1.0, 7.0),
        change("d", "5", 0.0, 2.0),
        change("e", "6", -2.0, 0.0),
        change("f", "7", 1e-10, 3.0),
        change("g", "8", -3.0, -1e-10),
    ]
    assert sentences(analysis("one-at-a-time", rows)) == [
        "y: b at 3 changes it by -5 (-9 to -1); a at 2 changes it by +0.2 (+0.1 to +0.3)."
    ]
    assert sentences(analysis("one-at-a-time", rows[2:4])) == ["y: no input changes it beyond chance."]
    large = [change("a", "2", 0.5, 0.7, mean=1e9), change("b", "3", 2.0, 4.0, mean=-1e9)]
    assert sentences(analysis("one-at-a-time", large)) == ["y: b at 3 changes it by +3 (+2 to +4)."]
    many = [change(f"x{k}", "1", 1.0 + k, 2.0 + k) for k in range(7)]
    (said,) = sentences(analysis("one-at-a-time", many))
    assert said.count("changes it by") == 5
    assert said.startswith("y: x6 at 1")


def test_policies_together_are_told_apart_from_policies_alone() -> None:
    rows = [
        change("a", "on", 1.0, 3.0),
        change("b", "on", -1.0, 3.0),
        change("a x b", "together", -2.0, -1.0),
        change("a x c", "together", -1.0, 1.0),
        change("c", "on", -3.0, -2.0),
    ]
    assert sentences(analysis("combinations", rows)) == [
        "y, on average over all else: a, on: +2 (+1 to +3); c, on: -2.5 (-3 to -2).",
        "y, by how much the effect of one is greater with the other: a x b: -1.5 (-2 to -1).",
    ]
    assert sentences(analysis("combinations", [rows[1], rows[3]])) == [
        "y, on average over all else: no effect beyond chance.",
        "y, by how much the effect of one is greater with the other: no interaction beyond chance.",
    ]


@pytest.mark.parametrize(
    ("low", "high", "told"), [(1e-9, 2.0, False), (1.1e-9, 2.0, True), (-2.0, -1e-9, False), (-2.0, -1.1e-9, True)]
)
def test_what_is_rounding_is_no_effect(low: float, high: float, told: bool) -> None:
    first = sentences(analysis("combinations", [change("a", "on", low, high)]))[0]
    assert ("no effect beyond chance" not in first) is told
    (said,) = sentences(analysis("one-at-a-time", [change("a", "on", low, high)]))
    assert ("beyond chance" not in said) is told


def wide(half: float, size: int = 8, measure: str = "ST") -> Analysis:
    table = pd.DataFrame(
        [index("a", 0.5, 0.5 - half, 0.5 + half, True, measure), index("b", 0.5, math.nan, math.nan, True)]
    )
    return Analysis("sobol", size, table, pd.DataFrame([NONE]))


def test_a_size_is_doubled_while_an_interval_is_wider_than_a_tenth_either_way() -> None:
    assert next_size(wide(0.0999)) is None
    assert next_size(wide(0.1001)) == 16
    assert next_size(wide(0.1001, measure="S1")) == 16
    assert next_size(wide(0.1001, measure="mu")) is None
    assert next_size(wide(0.06)) is None
    assert next_size(wide(0.06), narrow=0.05) == 16
    assert next_size(wide(0.2, size=2048)) == 4096
    assert next_size(wide(0.2, size=2049)) is None
    assert next_size(Analysis("replicates", 1, pd.DataFrame(), pd.DataFrame([NONE]))) is None


def more(half: float, wanted: float, now: int = 8) -> int:
    rows = pd.DataFrame([{"outcome": "y", "half_width": half}, {"outcome": "z", "half_width": 99.0}])
    analysis = Analysis("replicates", 1, rows, pd.DataFrame([{**NONE, "replicates": now}]))
    return next_replicates(analysis, {"y": wanted}, now)


def test_replicates_grow_with_the_square_of_what_is_too_wide() -> None:
    assert more(1.0, 1.0) == 0
    assert more(1.25, 1.0) == 13
    assert more(1.01, 1.0) == 9
    assert more(9.0, 1.0) == 16  # twice at most
    assert more(1.5, 1.0, now=20) == 40
    assert more(math.nan, 1.0) == 0


def test_the_widest_of_several_says_how_many_replicates_come_next() -> None:
    rows = pd.DataFrame([{"outcome": name, "half_width": half} for name, half in (("x", 1.1), ("y", 1.25), ("z", 1.0))])
    analysis = Analysis("replicates", 1, rows, pd.DataFrame([{**NONE, "replicates": 8}]))
    assert next_replicates(analysis, {"x": 1.0, "y": 1.0, "z": 1.0}, 8) == more(1.25, 1.0)


def test_differences_have_three_figures_each() -> None:
    row = change("a", "2", 1.2345, 5.6789) | {"difference": 3.4567}
    (said,) = sentences(analysis("one-at-a-time", [row]))
    assert said == "y: a at 2 changes it by +3.46 (+1.23 to +5.68)."
    (said, _) = sentences(analysis("combinations", [row]))
    assert said.endswith("a, 2: +3.46 (+1.23 to +5.68).")
    (said,) = sentences(analysis("morris", [index("a", 1.2345, 0.98765, 2.3456, None, "mu_star")]))
    assert said.startswith("a moves 1.23 (0.988 to 2.35) in y")
