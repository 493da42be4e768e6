"""The mixed model: its likelihood with all matrices in full, its minimiser on functions with a known minimum.

The exact test: every permutation in turn by least squares in full, and ties.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from coworksim.statistics.cluster_models import (
    ClusteredDesign,
    _minimised,
    _value_and_gradient,
    deviance,
    least_squares,
    mixed_model,
    shares_beyond,
)
from coworksim.statistics.lots import orders_by_lot

type Floats = NDArray[np.float64]


def design(seed: int = 1, clusters: int = 8) -> ClusteredDesign:
    """Return clusters of two groups of three and four rows; levels and slopes differ."""
    draw = np.random.default_rng(seed)
    first_cluster, first_group = (
        np.arange(0, 7 * clusters, 7),
        np.sort(np.r_[0 : 7 * clusters : 7, 3 : 7 * clusters : 7]),
    )
    n = 7 * clusters
    x = draw.standard_normal(n)
    flag = np.arange(clusters) < 3
    flagged = np.repeat(flag, 7).astype(float)
    columns = np.column_stack([np.ones(n), x, flagged, flagged * x, draw.standard_normal(n)])
    level, slope = np.repeat(draw.standard_normal(clusters), 7), np.repeat(0.5 * draw.standard_normal(clusters), 7)
    group = np.repeat(0.7 * draw.standard_normal(2 * clusters), np.diff(np.r_[first_group, n]))
    y = level + group + (1.0 + slope) * x + draw.standard_normal(n)
    terms = ("intercept", "x", "flag", "flag:x", "other")
    group_of_cluster = np.arange(0, 2 * clusters, 2)
    return ClusteredDesign(terms, columns, y, 2, ("flag", "flag:x"), flag, first_cluster, first_group, group_of_cluster)


def in_full(d: ClusteredDesign, theta: Floats) -> tuple[float, Floats, Floats]:
    """Return the profiled restricted deviance, the estimate and its errors from matrices of all rows."""
    n, k = d.x.shape
    cluster = np.searchsorted(d.first_cluster, np.arange(n), side="right")
    group = np.searchsorted(d.first_group, np.arange(n), side="right")
    v = np.eye(n) + theta[-1] ** 2 * (group[:, None] == group[None, :])
    for at in range(d.sloped):
        own = d.x[:, at]
        v += theta[at] ** 2 * np.outer(own, own) * (cluster[:, None] == cluster[None, :])
    inverse = np.linalg.inv(v)
    bread = np.linalg.inv(d.x.T @ inverse @ d.x)
    estimate = bread @ d.x.T @ inverse @ d.y
    rest = d.y - d.x @ estimate
    variance = float(rest @ inverse @ rest) / (n - k)
    logs = np.linalg.slogdet(v)[1] - np.linalg.slogdet(bread)[1] + (n - k) * np.log(variance)
    return float(logs), estimate, np.sqrt(variance * np.diag(bread))


@pytest.mark.parametrize("theta", [(0.0, 0.0, 0.0), (0.5, 0.2, 0.9), (2.0, 0.0, 0.1), (0.1, 1.5, 0.0)])
def test_the_deviance_is_that_of_matrices_in_full(theta: tuple[float, ...]) -> None:
    d, at = design(), np.array(theta)
    assert deviance(d, at) == pytest.approx(in_full(d, at)[0], abs=1e-9)


def test_the_fit_is_at_the_least_deviance_and_has_its_estimates() -> None:
    d = design()
    found = mixed_model(d)
    theta = found.components / found.residual_sd
    least, estimate, error = in_full(d, theta)
    assert found.deviance == pytest.approx(least, abs=1e-9)
    assert found.estimate == pytest.approx(estimate, abs=1e-9)
    assert found.error == pytest.approx(error, abs=1e-9)
    for at in range(3):
        for step in (-0.02, 0.02):
            other = theta.copy()
            other[at] += step
            assert in_full(d, other)[0] > least


class Counted:
    """A function of points that counts how often it is asked."""

    def __init__(self, function: Callable[[Floats], Floats]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, points: Floats) -> Floats:
        self.calls += 1
        return self.function(points)


def bowl(points: Floats) -> Floats:
    found: Floats = ((points - np.array([1.0, -2.0, 0.5])) ** 2 * np.array([1.0, 30.0, 0.2])).sum(axis=1)
    return found


def valley(points: Floats) -> Floats:
    found: Floats = 100.0 * (points[:, 1] - points[:, 0] ** 2) ** 2 + (1.0 - points[:, 0]) ** 2
    return found


def test_minima_that_are_known_are_found_in_few_steps() -> None:
    asked = Counted(bowl)
    assert _minimised(asked, np.zeros(3)) == pytest.approx([1.0, -2.0, 0.5], abs=1e-4)
    assert asked.calls < 60
    asked = Counted(valley)
    assert _minimised(asked, np.array([-1.2, 1.0])) == pytest.approx([1.0, 1.0], abs=1e-3)
    assert asked.calls < 150


def test_a_start_at_the_minimum_is_the_end() -> None:
    at = np.array([1.0, -2.0, 0.5])
    assert _minimised(bowl, at).tolist() == at.tolist()


def test_a_gradient_is_a_step_up_and_one_down() -> None:
    value, slope = _value_and_gradient(bowl, np.array([2.0, -1.0, 0.5]))
    assert value == pytest.approx(31.0)
    assert slope == pytest.approx([2.0, 60.0, 0.0], abs=1e-6)


def with_flag(d: ClusteredDesign, order: np.ndarray) -> ClusteredDesign:
    """Return the design with its flag dealt out in another order."""
    flag = d.flag[order]
    flagged = np.repeat(flag, 7).astype(float)
    x = d.x.copy()
    x[:, 2], x[:, 3] = flagged, flagged * x[:, 1]
    return replace(d, x=x, flag=flag)


def test_shares_are_those_of_every_permutation_by_itself() -> None:
    d, lots = design(3), 40

    def sizes(one: ClusteredDesign) -> np.ndarray:
        fitted = least_squares(one.x, one.y, one.first_cluster, corrected=False)
        return np.abs(fitted.estimate[2:4] / fitted.error[2:4])

    own = sizes(d)
    others = [sizes(with_flag(d, order)) for order in orders_by_lot(8, lots, 5)]
    wanted = (1.0 + (np.array(others) >= own * (1.0 - 1e-9)).sum(axis=0)) / (lots + 1.0)
    assert shares_beyond(d, lots, 5).tolist() == pytest.approx(wanted.tolist())
    assert 1.0 / (lots + 1.0) < wanted.max() < 1.0


def test_what_is_as_far_from_nought_counts_as_beyond() -> None:
    """Where all clusters are alike, every permutation has what the true flag has: none is less."""
    d = design()
    x = d.x.copy()
    x[:, 1], x[:, 4] = np.tile(d.x[:7, 1], 8), np.tile(d.x[:7, 4], 8)
    x[:, 3] = x[:, 2] * x[:, 1]
    alike = replace(d, x=x, y=np.zeros(len(d.y)))
    assert shares_beyond(alike, 19).tolist() == [1.0, 1.0]
