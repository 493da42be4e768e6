"""The people of week 0."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from colearn.scenario import load_scenario
from colearn.world.draws import run_key
from colearn.world.population import Population
from colearn.world.regions import Regions
from colearn.world.synthesis import populate


def people(name: str, **overrides: object) -> Population:
    scenario = load_scenario(name, overrides=overrides)
    return populate(scenario, Regions.of(scenario), run_key(3))


def test_a_person_depends_on_his_or_her_own_key_only() -> None:
    """More neighbours change nobody who was there."""
    few = people("uk-core", **{"environment.catchment": 100.0})
    many = people("uk-core", **{"environment.catchment": 300.0})
    assert len(few) < len(many)
    for column in dataclasses.fields(Population):
        np.testing.assert_array_equal(getattr(few, column.name), getattr(many, column.name)[: len(few)], column.name)


def test_keys_are_unique_and_sorted() -> None:
    keys = people("tiny").key.tolist()
    assert keys == sorted(set(keys))


def test_shares_and_spreads_come_out() -> None:
    """20,000 people, fixed seed: each share within four standard errors of what was declared."""
    w = people("uk-core", **{"environment.catchment": 20_000.0})
    n = len(w)
    for share, declared in [
        ((w.status == 0).mean(), 0.33),
        ((w.occupation == 0).mean(), 0.15),
        ((w.days == 5).mean(), 0.42),
        ((w.days >= 3).mean() - (w.days == 5).mean(), 0.30),
    ]:
        assert share == pytest.approx(declared, abs=4 * (declared * (1 - declared) / n) ** 0.5)
    assert w.sociability.mean() == pytest.approx(1.0, abs=0.02)
    assert np.median(w.learning_hours) == pytest.approx(3.0, rel=0.03)
    assert w.employer_hours[w.status == 1].mean() == pytest.approx(0.8, rel=0.04)
    assert (w.employer_hours[w.status == 0] == 0).all()
    assert set(w.review_offset.tolist()) == set(range(8))
