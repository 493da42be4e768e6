"""Nested wishes of the plain twin: known answers, and the law that they follow."""

from __future__ import annotations

from math import exp, log, pi, sqrt
from typing import Any

import pytest

from .plain_draws import KeyedSource
from .trials import BUSY, model_of
from .wishes import expected_most, shared


def test_the_shared_part_by_hand() -> None:
    """mu = 1/2: ln sin(t/2) - 2 ln sin t + ln sin(t/2) - ln w = -ln(4 cos(t/2)^2 w); at t = pi/2, w = 1: -ln 2."""
    assert shared(0.5, 0.5, 1.0) == pytest.approx(-log(2), rel=1e-14)
    assert shared(0.5, 0.5, 3.0) == pytest.approx(-log(6), rel=1e-14)
    assert shared(0.5, 1 / 3, 1.0) == pytest.approx(-log(3), rel=1e-14)
    assert shared(1.0, 0.3, 2.0) == 0.0


@pytest.mark.parametrize("mu", [0.2, 0.5, 0.9])
def test_the_shared_part_is_a_positive_stable_number_of_exponent_mu(mu: float) -> None:
    """Its Laplace transform is exp(-s^mu), and mu*(L + g) is a Gumbel number: within four standard errors, n 4,000."""
    source = KeyedSource(5)
    n = 4000
    parts = [shared(mu, source.uniform("survey", k, 1, 0), source.exponential("survey", k, 1, 1)) for k in range(n)]
    for s in (0.3, 1.0, 3.0):
        mean = sum(exp(-s * exp(min(part, 700.0))) for part in parts) / n
        assert mean == pytest.approx(exp(-(s**mu)), abs=4 * 0.5 / sqrt(n))
    numbers = [mu * (part + source.gumbel("survey", k, 2, 0)) for k, part in enumerate(parts)]
    mean = sum(numbers) / n
    assert mean == pytest.approx(0.5772156649, abs=4 * pi / sqrt(6 * n))
    assert sum((x - mean) ** 2 for x in numbers) / n == pytest.approx(pi**2 / 6, rel=0.15)


def test_the_mean_of_the_best_is_that_of_many_looks() -> None:
    """Shares of a nested choice and the log-sum, over 4,000 looks of one person: within four standard errors."""
    worker = model_of(spaces=2, membership__dissimilarity=0.4).workers[0]
    one, other = (manager for manager, _ in worker.candidates)
    offers = [(one, 0, 0.5), (one, 1, 0.0), (other, 1, 0.2)]
    values = [value for _, _, value in offers]
    stay = best = 0.0
    for worker.look in range(4000):
        outside = worker.wish(None)
        most = max(value + worker.wish(manager, plan) for manager, plan, value in offers)
        stay += (outside > most) / 4000
        best += max(outside, most) / 4000
    inclusive = sum(exp(value / 0.4) for value in values) ** 0.4
    assert stay == pytest.approx(1 / (1 + inclusive), abs=4 * 0.5 / sqrt(4000))
    assert expected_most(values, 0.4) == pytest.approx(log(1 + inclusive), rel=1e-14)
    assert best == pytest.approx(log(1 + inclusive) + 0.5772156649, abs=4 * pi / sqrt(6 * 4000))


def test_wishes_of_one_mind_are_the_numbers_as_they_are(subtests: pytest.Subtests) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [("habit", {}), ("taste", {"membership__persistence": "taste"})]
    for form, options in cases:
        with subtests.test(form):
            worker = model_of(membership__dissimilarity=1.0, **{**BUSY, **options}).workers[3]
            manager, worker.look = worker.candidates[0][0], 9
            week = 0 if form == "taste" else 9
            expected = worker.model.source.gumbel("membership", worker.key, week, 1 + 4 * manager.ordinal + 2)
            assert worker.wish(manager, 2) == expected
            assert worker.wish(None) == worker.model.source.gumbel("membership", worker.key, 9, 0)


def test_what_plans_share_lasts_as_long_as_the_look() -> None:
    for persistence, lasts in (("habit", False), ("taste", True)):
        worker = model_of(membership__dissimilarity=0.5, membership__persistence=persistence).workers[3]
        manager = worker.candidates[0][0]
        found = []
        for worker.look in (4, 7, 4):
            found.append(worker.wish(manager, 1))
        assert found[0] == found[2]
        assert (found[0] == found[1]) is lasts
