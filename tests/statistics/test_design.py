"""Designs: values by equal cells, prefixes, blocks, shared chance, infeasible points."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.parameters import PARAMETERS, Kind
from coworksim.statistics.design import MOST_POINTS, draw, points, run_seed
from coworksim.statistics.factors import METHODS, Factor, factor_of, is_swept
from tests.runs.files import DUMMY

THREE = (
    Factor("a", low=2.0, high=8.0),
    Factor("b.n", Kind.INTEGER, 1, 5),
    Factor("b.c", Kind.CHOICE, choices=("p", "q")),
)
SWEPT = [factor_of(quantity) for quantity in PARAMETERS.values() if is_swept(quantity)]


@given(st.sampled_from(SWEPT), st.floats(0, 1))
def test_every_value_is_one_that_the_quantity_allows(factor: Factor, u: float) -> None:
    assert PARAMETERS[factor.name].problem(factor.value(u)) is None


def test_the_ends_of_the_unit_interval_are_the_ends_of_the_range() -> None:
    found = {factor.name: (factor.value(0), factor.value(1)) for factor in SWEPT}
    assert found == {
        factor.name: (factor.choices[0], factor.choices[-1])
        if factor.kind is Kind.CHOICE
        else (factor.low, factor.high)
        for factor in SWEPT
    }


def test_whole_numbers_and_choices_have_equal_cells() -> None:
    u = (np.arange(1000) + 0.5) / 1000
    assert Counter(THREE[1].value(x) for x in u) == dict.fromkeys(range(1, 6), 200)
    assert Counter(THREE[2].value(x) for x in u) == {"p": 500, "q": 500}


@pytest.mark.parametrize("u", [-1e-9, 1.1, float("nan")])
def test_what_lies_outside_the_unit_interval_is_refused(u: float) -> None:
    with pytest.raises(ValueError, match="does not lie"):
        THREE[0].value(u)


def test_the_points_of_a_size_are_the_first_of_twice_that_size(subtests: pytest.Subtests) -> None:
    for method, seed in product([method.name for method in METHODS.values() if method.doubles], (0, 7)):
        with subtests.test(f"{method}, seed {seed}"):
            small, large = (draw(method, (*THREE, DUMMY), size, seed) for size in (64, 128))
            assert len(large) == 2 * len(small)
            for name in ("unit", "block", "stream"):
                assert np.array_equal(getattr(large, name)[: len(small)], getattr(small, name))
            assert not np.array_equal(draw(method, (*THREE, DUMMY), 64, seed + 1).unit, small.unit)
            assert np.array_equal(draw(method, (*THREE, DUMMY), 64, seed).unit, small.unit)


def test_the_number_of_points_is_known_before_they_are_drawn() -> None:
    drawn, known = dict[tuple[str, bool], int](), dict[tuple[str, bool], int]()
    for name, method in METHODS.items():
        factors = () if name == "replicates" else THREE if not method.dummy else (*THREE, DUMMY)
        size = (method.size or (1, 1, 1))[1]
        for groups in (False, True)[: 1 + method.groups]:
            drawn[name, groups] = len(draw(name, factors, size, 1, groups=groups))
            known[name, groups] = points(name, factors, size, groups=groups)
    assert drawn == known


def test_rows_of_a_base_point_share_their_chance_unless_the_dummy_moves() -> None:
    design = draw("sobol", (*THREE, DUMMY), 4, 1)
    rows = design.stream.reshape(4, 6)  # A, a, n, c and dummy of B, B
    assert rows.tolist() == [[2 * k, 2 * k, 2 * k, 2 * k, 2 * k + 1, 2 * k + 1] for k in range(4)]
    assert draw("sobol", THREE, 4, 1).stream.reshape(4, 5).tolist() == [[2 * k] * 5 for k in range(4)]


def test_a_trajectory_shares_its_chance_up_to_the_step_of_the_dummy() -> None:
    design = draw("morris", (*THREE, DUMMY), 8, 1)
    for k, streams in enumerate(design.stream.reshape(8, 5)):
        moved = design.unit.reshape(8, 5, 4)[k, :, 3] != design.unit[5 * k, 3]
        assert 1 <= moved.sum() <= 4
        assert streams.tolist() == [2 * k + int(there) for there in moved]


@pytest.mark.parametrize("method", ["rbd_fast", "pawn", "delta", "efast"])
def test_points_of_a_plain_sample_share_no_chance(method: str) -> None:
    design = draw(method, (*THREE, DUMMY), 128, 1)
    assert len(set(design.stream.tolist())) == len(design)


def test_one_at_a_time_leaves_all_others_alone() -> None:
    design = draw("one_at_a_time", THREE, 3, 1)
    assert [design.overrides(k) for k in range(len(design))] == [
        {},
        {"a": 2.0},
        {"a": 5.0},
        {"a": 8.0},
        {"b.n": 1},
        {"b.n": 3},
        {"b.n": 5},
        {"b.c": "p"},
        {"b.c": "q"},
    ]
    assert set(design.stream.tolist()) == {0}


def test_factorial_has_every_combination_once() -> None:
    design = draw("factorial", THREE, 2, 1)
    seen = [tuple(design.overrides(k).values()) for k in range(len(design))]
    assert len(set(seen)) == len(seen) == 8
    assert {values[1] for values in seen} == {1, 5}


PARTS = (("a", "b", "c"),)
SHARES = (Factor("a", high=0.6), Factor("b", high=0.6), Factor("other"))


def test_shares_above_the_whole_are_infeasible_and_take_their_block_with_them() -> None:
    design = draw("sobol", SHARES, 16, 1, base={"c": 0.3}, parts=PARTS)
    above = np.array([sum(design.overrides(k)[name] for name in "ab") > 0.7 for k in range(len(design))])  # type: ignore[misc]  # they are numbers
    assert 0 < above.sum() < len(design)
    assert np.array_equal(design.infeasible, above)
    bad = np.unique(design.block[above])
    assert np.array_equal(design.feasible, ~np.isin(design.block, bad))
    assert not draw("sobol", SHARES, 16, 1, base={"c": 0.3, "a": 0.0, "b": 0.0}).infeasible.any()


def test_of_one_block_infeasible_points_are_left_out_by_themselves() -> None:
    design = draw("factorial", SHARES, 2, 1, base={"c": 0.0}, parts=PARTS)
    assert design.infeasible.sum() == 2
    assert np.array_equal(design.feasible, ~design.infeasible)


@pytest.mark.parametrize(
    ("method", "size", "groups", "reason"),
    [
        ("sobol", 12, False, "no power of two"),
        ("pawn", 65, False, "no power of two"),
        ("sobol", 2**20, False, f"more than {MOST_POINTS}"),
        ("factorial", 2000, False, f"more than {MOST_POINTS}"),
        ("morris", 4, True, "more than one group"),
    ],
)
def test_what_cannot_be_drawn_is_refused(method: str, size: int, groups: bool, reason: str) -> None:
    factors = (Factor("g.a"), Factor("g.b")) if groups else (*THREE[:1], Factor("z"), THREE[2])
    with pytest.raises(ValueError, match=reason):
        draw(method, factors, size, 1, groups=groups)


def test_seeds_differ_by_study_and_stream_and_fit_a_scenario() -> None:
    seeds = {run_seed(seed, stream) for seed in range(20) for stream in range(200)}
    assert len(seeds) == 4000
    assert 0 <= min(seeds) <= max(seeds) < 2**63
