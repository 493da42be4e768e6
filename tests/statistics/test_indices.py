"""Least numbers of blocks, steps that leave the interval by rounding, and the noise floor of PAWN."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from coworksim.statistics import indices as found
from coworksim.statistics.design import Design, draw, salib_problem
from coworksim.statistics.factors import DUMMY, Factor
from coworksim.statistics.intervals import t_quantile

THREE = (Factor("a"), Factor("b"), Factor(DUMMY))


@pytest.mark.parametrize(("method", "size", "least"), [("sobol", 8, 4), ("morris", 4, 2), ("pawn", 64, 40)])
def test_a_method_says_something_from_its_least_number_of_blocks_on(method: str, size: int, least: int) -> None:
    assert found.LEAST_BLOCKS[method] == least
    design = draw(method, THREE, size, seed=1)
    outputs = design.unit[:, 0] + 0.5 * design.unit[:, 1]
    enough = np.isin(design.block, np.unique(design.block)[:least])
    assert found.indices(design, outputs, enough, 1)
    fewer = np.isin(design.block, np.unique(design.block)[: least - 1])
    with pytest.raises(ValueError, match="too few points"):
        found.indices(design, outputs, fewer, 1)


def test_what_is_constant_or_not_finite_has_no_indices() -> None:
    design = draw("morris", THREE, 4, seed=1)
    every = np.ones(len(design), np.bool_)
    for outputs, told in ((np.full(len(design), 7.0), "constant"), (np.full(len(design), math.nan), "not finite")):
        with pytest.raises(ValueError, match=told):
            found.indices(design, outputs, every, 1)
    assert found.indices(design, 7.0 + 1e-9 * design.unit[:, 0], every, 1)
    with pytest.raises(ValueError, match="constant"):
        found.indices(design, 7.0 + 1e-12 * design.unit[:, 0], every, 1)


def test_only_the_dummy_of_pawn_has_an_upper_end_and_it_holds_its_own_index() -> None:
    design = draw("pawn", THREE, 64, seed=1)
    rows = {one.input: one for one in found.indices(design, design.unit[:, 0], np.ones(64, np.bool_), 1)}
    assert set(rows) == {"a", "b", DUMMY}
    assert math.isnan(rows["a"].high)
    assert math.isnan(rows["b"].high)
    assert rows[DUMMY].high >= rows[DUMMY].value
    assert rows["a"].value > rows[DUMMY].high


def test_steps_that_leave_the_interval_by_rounding_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from SALib.sample import morris

    sample = morris.sample

    def beyond(*given: object, **more: object) -> np.ndarray:
        unit: np.ndarray = sample(*given, **more)
        return np.where(unit > 0.9, unit + 1e-12, np.where(unit < 0.1, unit - 1e-12, unit))

    monkeypatch.setattr(morris, "sample", beyond)
    unit = draw("morris", THREE, 4, seed=1).unit
    assert (unit.min(), unit.max()) == (0.0, 1.0)


def noisy(size: int) -> tuple[Design, np.ndarray]:
    design = draw("delta", (Factor("a"), Factor(DUMMY)), size, seed=1)
    return design, design.unit[:, 0] + np.random.default_rng(2).normal(0.0, 0.3, size)


def test_delta_is_the_mean_over_ten_seeds_and_its_interval_holds_their_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    from SALib.analyze import delta

    def by_seed(problem: object, unit: object, values: object, **more: object) -> dict[str, np.ndarray]:
        seed = float(str(more["seed"]))
        return {"delta_raw": np.array([0.1 * seed, 0.2]), "delta_raw_conf": np.array([0.03, 0.04])}

    monkeypatch.setattr(delta, "analyze", by_seed)
    design, outputs = noisy(64)
    moves, still = found.indices(design, outputs, np.ones(64, np.bool_), 0)
    tenths = 0.1 * np.arange(1, 11)
    half = math.hypot(0.03, t_quantile(9) * tenths.std(ddof=1) / math.sqrt(10))
    assert (moves.value, moves.high - moves.value) == pytest.approx((tenths.mean(), half))
    assert (still.value, still.high - still.value) == pytest.approx((0.2, 0.04))


@pytest.mark.slow
def test_one_seed_of_delta_would_be_caught() -> None:
    """What SALib gives with one seed misses the interval that it gives with another; so averaging is needed."""
    from SALib.analyze import delta

    design, outputs = noisy(64)
    with found._undisturbed():
        problem = salib_problem(design.factors)
        calls = [delta.analyze(problem, design.unit, outputs, 5, method="delta", seed=k) for k in range(1, 7)]
    values, halves = ([one[name][0] for one in calls] for name in ("delta_raw", "delta_raw_conf"))
    assert np.ptp(values) > 1.5 * max(halves)


def test_what_salib_notes_by_its_own_names_is_not_shown() -> None:
    """It sets the filter of warnings itself, so that one set before does not hold."""
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        with found._undisturbed():
            warnings.simplefilter("once")
            warnings.warn("[x0] Potential Bias Notice", stacklevel=1)
    assert not shown
