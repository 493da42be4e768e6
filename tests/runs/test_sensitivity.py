"""Known answers, the noise floor, and guards against what would spoil indices in silence."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.model.parameters import Kind
from coworksim.report.study_files import sentences
from coworksim.runs.sensitivity import Analysis, _replicates, analyse, next_size
from coworksim.statistics.design import Design, draw
from coworksim.statistics.factors import Factor, Value
from coworksim.statistics.indices import MAIN

from .files import DUMMY, ISHIGAMI, ISHIGAMI_S1, ISHIGAMI_ST, G, g_indices, ishigami, normal, rows, sobol_g, table


def next_replicates(analysis: Analysis, tolerance: dict[str, float], now: int) -> int:
    """Return how many replicates a study with such half-widths goes on to; 0 where those that there are do."""
    plan: Any = SimpleNamespace(replicates=now, study=SimpleNamespace(tolerance=tolerance))
    more = _replicates(plan, {"scenario": analysis})
    return more if more > now else 0


def found(analysis: Analysis, measure: str, outcome: str = "y") -> dict[str, tuple[float, float, float]]:
    """Return value, low and high by input."""
    chosen = analysis.table[(analysis.table["measure"] == measure) & (analysis.table["outcome"] == outcome)]
    return {row.input: (row.value, row.low, row.high) for row in rows(chosen)}


def above(analysis: Analysis, measure: str) -> set[str]:
    return {row.input for row in rows(analysis.table[analysis.table["measure"] == measure]) if row.above}


def close(got: Mapping[str, tuple[float, float, float]], wanted: Mapping[str, float], slack: float = 0.0) -> None:
    for name, value in wanted.items():
        _, low, high = got[name]
        assert low - slack <= value <= high + slack, name
        assert high - low < 0.3


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ishigami_by_sobol(seed: int) -> None:
    design = draw("sobol", (*ISHIGAMI, DUMMY), 1024, seed)
    analysis = analyse(design, table(design, ishigami), ["y"])
    close(found(analysis, "S1"), ISHIGAMI_S1, 0.01)
    close(found(analysis, "ST"), ISHIGAMI_ST, 0.01)
    assert found(analysis, "ST")["dummy"] == (0, 0, 0)  # nothing here is chance
    assert above(analysis, "ST") == {"x1", "x2", "x3"}


@pytest.mark.slow
def test_the_g_function_by_sobol() -> None:
    design = draw("sobol", G, 2048, 1)
    analysis = analyse(design, table(design, sobol_g), ["y"])
    alone, total = g_indices()
    close(found(analysis, "S1"), alone, 0.01)
    close(found(analysis, "ST"), total, 0.01)


@pytest.mark.slow
def test_ishigami_by_rbd_fast_and_efast() -> None:
    design = draw("rbd_fast", (*ISHIGAMI, DUMMY), 2048, 1)
    close(found(analyse(design, table(design, ishigami), ["y"]), "S1"), ISHIGAMI_S1, 0.02)
    design = draw("efast", (*ISHIGAMI, DUMMY), 1025, 1)
    analysis = analyse(design, table(design, ishigami), ["y"])
    for measure, wanted in (("S1", ISHIGAMI_S1), ("ST", ISHIGAMI_ST)):
        for name, value in wanted.items():
            assert found(analysis, measure)[name][0] == pytest.approx(value, abs=0.04)


def test_morris_of_a_straight_line_is_its_slopes() -> None:
    design = draw("morris", (Factor("a", low=1, high=3), Factor("b"), DUMMY), 8, 1)
    analysis = analyse(design, table(design, lambda v: 5 * float(v["a"]) - 2 * float(v["b"])), ["y"])
    got = {measure: found(analysis, measure) for measure in ("mu_star", "mu", "sigma")}
    assert [got["mu_star"][name][0] for name in ("a", "b", "dummy")] == pytest.approx([10, 2, 0])
    assert [got["mu"][name][0] for name in ("a", "b")] == pytest.approx([10, -2])
    assert max(value for value, _, _ in got["sigma"].values()) == pytest.approx(0, abs=1e-9)
    assert above(analysis, "mu_star") == {"a", "b"}


def test_groups_are_told_together() -> None:
    factors = (Factor("one.a"), Factor("two.b"), Factor("one.c"), DUMMY)
    for method, measure in (("sobol", "ST"), ("morris", "mu_star")):
        design = draw(method, factors, 64, 1, groups=True)
        analysis = analyse(design, table(design, lambda v: float(v["one.a"]) + float(v["one.c"])), ["y"])
        got = found(analysis, measure)
        assert list(got) == ["one", "two", "dummy"]
        assert got["two"][0] == got["dummy"][0] == 0
        assert above(analysis, measure) == {"one"}


@pytest.mark.slow
@pytest.mark.parametrize(("method", "size"), [("pawn", 512), pytest.param("delta", 128, marks=pytest.mark.slow)])
def test_distances_of_distributions_rank_as_they_should(method: str, size: int) -> None:
    design = draw(method, (Factor("strong"), Factor("weak"), DUMMY), size, 1)
    analysis = analyse(design, table(design, lambda v: 5 * float(v["strong"]) + float(v["weak"])), ["y"])
    got = found(analysis, MAIN[method])
    assert got["strong"][0] > got["weak"][0] > got["dummy"][0] - 0.05
    assert above(analysis, MAIN[method]) == {"strong"}


INPUTS = (Factor("strong"), Factor("stirs"), Factor("inert"), DUMMY)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "size"), [("sobol", 512), ("morris", 64), ("rbd_fast", 512), ("pawn", 512)])
def test_an_input_that_only_stirs_chance_stays_at_the_noise_floor(method: str, size: int) -> None:
    """Its total index is far from 0, which without the floor would look like an effect."""
    design = draw(method, INPUTS, size, 1)
    runs = table(design, lambda v: 3 * float(v["strong"]), 4, noise=1.0, stirs=("stirs",))
    analysis = analyse(design, runs, ["y"])
    assert above(analysis, MAIN[method]) == {"strong"}
    if method in ("sobol", "morris"):
        assert found(analysis, MAIN[method])["stirs"][0] > 0.1
        assert found(analysis, MAIN[method])["inert"][0] == 0
    said = " ".join(sentences(analysis))
    assert said.startswith("strong ")
    assert "no other input is larger than chance alone" in said


def test_the_shares_of_chance_and_parameters() -> None:
    """Variance of 3u is 9/12; that of chance is 1, a quarter of it in means of four."""
    design = draw("sobol", INPUTS, 512, 1)
    runs = table(design, lambda v: 3 * float(v["strong"]), 4, noise=1.0)
    (row,) = analyse(design, runs, ["y"]).outcomes.to_dict("records")
    assert row["chance"] == pytest.approx(0.25, abs=0.03)
    assert row["parameters"] == pytest.approx(0.75, abs=0.03)
    assert row["chance_of_a_run"] == pytest.approx(1 / 1.75, abs=0.05)
    # what the dummy comes to is that share
    assert found(analyse(design, runs, ["y"]), "ST")["dummy"][0] == pytest.approx(0.25, abs=0.05)
    (one,) = analyse(design, table(design, lambda v: float(v["strong"])), ["y"]).outcomes.to_dict("records")
    assert math.isnan(one["chance"])


MIXED = (Factor("a"), Factor("n", Kind.INTEGER, 1, 3), Factor("c", Kind.CHOICE, choices=("on", "off")), DUMMY)


def mixed(values: Mapping[str, Value]) -> float:
    return float(values["n"]) + (2.0 if values["c"] == "on" else 0.0)


def test_whole_numbers_and_choices_have_their_share() -> None:
    """Variances: 2/3 of the number, 1 of the choice, nothing else."""
    design = draw("sobol", MIXED, 512, 1)
    close(found(analyse(design, table(design, mixed), ["y"]), "ST"), {"a": 0, "n": 0.4, "c": 0.6}, 0.01)


@pytest.fixture(scope="module")
def runs() -> tuple[Design, pd.DataFrame]:
    design = draw("sobol", (*ISHIGAMI, DUMMY), 64, 1)
    return design, table(design, ishigami, 2)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_one_bad_number_costs_its_block_and_nothing_else(runs: tuple[Design, pd.DataFrame], bad: float) -> None:
    design, good = runs
    spoilt = good.copy()
    spoilt.loc[2 * 6 * 5 + 3, "y"] = bad  # block 5
    analysis = analyse(design, spoilt, ["y"])
    (row,) = analysis.outcomes.to_dict("records")
    assert (row["blocks_used"], row["undefined"], row["failed"]) == (63, 1, 0)
    without = good[~good["point"].between(30, 35)]
    assert analysis.table.equals(analyse(design, without, ["y"]).table)
    assert found(analysis, "ST")["x1"][0] > 0.3
    assert "of 384 points 1 have it undefined; they are left out, with them 1 of 64 blocks" in sentences(analysis)[0]


def test_a_missing_run_costs_its_block(runs: tuple[Design, pd.DataFrame]) -> None:
    design, good = runs
    analysis = analyse(design, good.drop(index=[7, 300]), ["y"])
    (row,) = analysis.outcomes.to_dict("records")
    assert (row["blocks_used"], row["undefined"], row["failed"], row["replicates"]) == (62, 0, 2, 2)
    assert "1 of" not in sentences(analysis)[0]


def test_outcomes_that_are_constant_or_gone_say_so(runs: tuple[Design, pd.DataFrame]) -> None:
    design, good = runs
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        analysis = analyse(design, good.assign(flat=1.5, gone=math.nan), ["flat", "gone", "y"])
    assert set(analysis.table["outcome"]) == {"y"}
    assert analysis.outcomes["note"].tolist() == ["the outcome is constant", "too few points", ""]
    assert any("flat: no indices, because of this: the outcome is constant." in line for line in sentences(analysis))


def test_infeasible_blocks_are_counted_apart_from_failures() -> None:
    shares = (Factor("a", high=0.6), Factor("b", high=0.6), DUMMY)
    design = draw("sobol", shares, 64, 1, base={}, parts=(("a", "b"),))
    runs = table(design, lambda v: float(v["a"]))
    analysis = analyse(design, runs[design.feasible[runs["point"]]], ["y"])
    (row,) = analysis.outcomes.to_dict("records")
    assert (row["failed"], row["infeasible"]) == (0, design.infeasible.sum())
    assert row["blocks_used"] == len(np.unique(design.block[design.feasible])) < 64


def test_a_curve_with_a_gap_is_left_out_alone() -> None:
    design = draw("efast", (*ISHIGAMI, DUMMY), 129, 1)
    runs = table(design, ishigami)
    analysis = analyse(design, runs[runs["point"] != 129 + 7], ["y"])
    assert list(found(analysis, "ST")) == ["x1", "x3", "dummy"]
    whole = analyse(design, runs, ["y"])
    assert found(analysis, "ST")["x3"][0] == found(whole, "ST")["x3"][0]
    assert any("what is little larger may be chance" in line for line in sentences(whole))


@pytest.mark.slow
@pytest.mark.parametrize("method", ["sobol", "morris", "rbd_fast", "pawn"])
def test_an_analysis_is_the_same_each_time_also_with_seed_0(method: str) -> None:
    design = draw(method, (*ISHIGAMI, DUMMY), 64, 0)
    runs = table(design, ishigami)
    shown = warnings.formatwarning
    assert analyse(design, runs, ["y"]).table.equals(analyse(design, runs, ["y"]).table)
    assert warnings.formatwarning is shown


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda t: t.drop(columns="replicate"), "no column replicate"),
        (lambda t: t.assign(point=t["point"] + 1), "beyond the 384"),
        (lambda t: pd.concat([t, t.head(1)]), "a run twice"),
    ],
)
def test_a_table_of_another_design_is_refused(runs: tuple[Design, pd.DataFrame], spoil: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        analyse(runs[0], spoil(runs[1]), ["y"])  # type: ignore[operator]  # the parameters above are functions


def test_doubling_goes_on_until_intervals_are_narrow() -> None:
    sizes, size = [], 64
    while size:
        design = draw("sobol", (*ISHIGAMI, DUMMY), size, 1)
        analysis = analyse(design, table(design, ishigami), ["y"])
        sizes.append(size)
        size = next_size(analysis, narrow=0.12) or 0
    assert 64 < sizes[-1] <= 1024
    assert sizes == [64 * 2**k for k in range(len(sizes))]
    assert next_size(analysis, narrow=0.001, most=sizes[-1]) is None
    assert next_size(analysis, narrow=0.001) == 2 * sizes[-1]


def test_one_at_a_time_is_paired() -> None:
    """The chance of a replicate is the same on both sides, so that it falls out of the difference."""
    design = draw("one_at_a_time", MIXED[:3], 2, 1)
    runs = table(design, mixed, 4, noise=5.0, base={"a": 0.5, "n": 1, "c": "on"})
    got = {(row.input, row.level): row for row in rows(analyse(design, runs, ["y"]).table)}
    assert got["n", "3"].difference == pytest.approx(2)
    assert got["n", "3"].high - got["n", "3"].low == pytest.approx(0, abs=1e-9)
    assert got["c", "off"].difference == pytest.approx(-2)
    assert got["a", "1"].difference == pytest.approx(0, abs=1e-9)
    (said,) = sentences(analyse(design, runs, ["y"]))
    assert "n at 3 changes it by +2" in said
    assert "a at" not in said


def test_factorial_means_by_level() -> None:
    design = draw("factorial", MIXED[1:3], 2, 1)
    got = {(row.input, row.level): row for row in rows(analyse(design, table(design, mixed, 3), ["y"]).table)}
    assert {key: row.difference for key, row in got.items()} == pytest.approx(
        {("n", "1"): -1, ("n", "3"): 1, ("c", "on"): 1, ("c", "off"): -1}
    )


def test_replicates_say_how_many_runs_are_needed() -> None:
    design = draw("replicates", (), 1, 1)
    runs = table(design, lambda _: 10.0, 400, noise=2.0)
    analysis = analyse(design, runs, ["y"], tolerance={"y": 0.1})
    (row,) = analysis.table.to_dict("records")
    assert row["sd"] == pytest.approx(2, abs=0.2)
    assert row["runs_needed"] == pytest.approx((1.96 * 2 / 0.1) ** 2, rel=0.2)
    assert "a half-width of 0.1 needs" in sentences(analysis)[0]


@pytest.mark.parametrize("method", ["replicates", "one_at_a_time"])
def test_replicates_follow_until_the_half_width_is_met(method: str) -> None:
    design = draw(method, MIXED[:2] if method == "one_at_a_time" else (), 2, 1)
    tried, each = [], 8
    while each:
        runs = table(design, lambda _: 0.0, each, noise=1.0, stirs=("a", "n"), base={"a": -1.0, "n": 0})
        analysis = analyse(design, runs.assign(z=runs["y"] * 100), ["y", "z"])
        tried.append(each)
        each = next_replicates(analysis, {"y": 0.2}, each)
    assert tried[:2] == [8, 16]
    half = (
        analysis.table["high"] - analysis.table["low"] if method != "replicates" else 2 * analysis.table["half_width"]
    )
    assert half[analysis.table["outcome"] == "y"].max() <= 0.4
    assert 80 < tried[-1] < 600
    assert next_replicates(analysis, {"y": 0.2, "z": 1.0}, tried[-1]) == 2 * tried[-1]
    assert next_replicates(analysis, {}, tried[-1]) == 0


def test_the_normal_numbers_of_these_tests_are_normal() -> None:
    drawn = np.array([normal("check", k) for k in range(4000)])
    assert abs(drawn.mean()) < 0.06
    assert abs(drawn.std() - 1) < 0.05
