"""Whole runs: reproducible, prefix-stable, independent of who looks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from coworksim import CoworkingModel, Employee, Freelancer, Manager, Result, simulate
from coworksim.model.agents import KINDS
from coworksim.model.mechanisms import WEEK
from coworksim.model.parameters import MECHANISMS
from coworksim.model.state.people import Population
from tests.worlds import busy, schemes


def test_same_seed_same_digest_and_another_seed_another() -> None:
    scenario = busy()
    assert simulate(scenario).digest == simulate(scenario).digest
    digests = {simulate(scenario, seed=seed, replicate=replicate).digest for seed in (1, 2) for replicate in (0, 1)}
    assert len(digests) == 4


def test_half_the_horizon_is_the_first_half() -> None:
    long, short = simulate(busy(weeks=52)), simulate(busy(weeks=26))
    half = short.recorder.weeks
    for name in ("counts", "sums", "spaces", "hours"):
        np.testing.assert_array_equal(getattr(long.recorder, name)[:half], getattr(short.recorder, name))
    early = long.ledger[long.ledger["week"] < 26].reset_index(drop=True)
    assert early.equals(short.ledger)


def test_looking_changes_nothing() -> None:
    watched = CoworkingModel(busy())
    for _ in range(30):
        watched.step()
        watched.agents.select(lambda agent: isinstance(agent, Freelancer)).agg("income", np.mean)
        assert watched.graph.number_of_nodes() == len(watched.world.workers)
    alone = CoworkingModel(busy())
    alone.run_for(30)
    for column in dataclasses.fields(Population):
        np.testing.assert_array_equal(
            getattr(watched.world.workers, column.name), getattr(alone.world.workers, column.name), column.name
        )


def test_mesa_verbs_work_on_views() -> None:
    model = CoworkingModel(busy())
    model.run_for(40)
    assert model.time == 40
    by_type = model.agents_by_type
    status = model.world.workers.status
    assert set(by_type) == {Manager, *KINDS}
    assert len(by_type[Manager]) == len(model.world.spaces)
    assert [len(by_type[kind]) for kind in KINDS] == [int((status == code).sum()) for code in range(len(KINDS))]
    incomes = by_type[Freelancer].get("income")
    assert incomes == model.world.workers.income[model.world.workers.status == 0].tolist()
    by_region = by_type[Employee].groupby("region").agg("lessons", np.mean)
    assert set(by_region) == {"left-behind", "other"}
    members = by_type[Freelancer].select(lambda worker: worker.member)
    assert 0 < len(members) < len(by_type[Freelancer])
    visited: list[int] = []
    by_type[Freelancer].shuffle_do(lambda worker: visited.append(worker.key))
    assert sorted(visited) == sorted(by_type[Freelancer].get("key"))
    running = by_type[Manager].select(lambda manager: manager.open)
    assert all(0 <= manager.occupancy <= 1 and manager.members > 0 for manager in running)


def test_the_graph_is_a_networkx_graph_of_keys() -> None:
    model = CoworkingModel(busy())
    model.run_for(40)
    assert isinstance(model.graph, nx.Graph)
    assert model.graph is model.graph
    assert nx.number_of_selfloops(model.graph) == 0
    assert model.graph.number_of_edges() == len(model.world.ties) > 0
    model.world.ties.forget(np.arange(len(model.world.workers)) == int(model.world.ties.source[0]))
    assert model.graph.number_of_edges() == len(model.world.ties) > 0


def test_the_week_and_the_declared_mechanisms_agree() -> None:
    assert [phase.name for phase in WEEK] == list(MECHANISMS)


def test_each_mechanism_can_be_switched_off_and_matters(subtests: pytest.Subtests) -> None:
    settings: dict[str, object] = {
        "population.nomad_share": 0.2,
        "awareness.at_opening": 0.5,
        "awareness.unprompted": 0.01,
    }
    outcomes: dict[str, Callable[[Result], float]] = {
        "turnover": lambda result: float((result.workers["key"] % 64 > 0).sum()),
        "frontier": lambda result: float((result.model.world.frontier != 1.0).sum()),
        "adoption": lambda result: float((~result.workers["uses_tools"]).sum()),
        "awareness": lambda result: float((result.model.world.workers.aware == 0).sum()),
        "schemes": lambda result: result.workers["supported_gbp"].sum(),
        "policies": lambda result: result.workers["supported_gbp"].sum(),
        "management": lambda result: float(abs(result.model.world.spaces.cash).sum()),
        "training": lambda result: result.workers["course_hours"].sum(),
        "income": lambda result: result.workers["earned_gbp"].sum(),
        "membership": lambda result: result.workers["fees_gbp"].sum(),
        "attendance": lambda result: result.workers["days_in_space"].sum(),
        "encounters": lambda result: result.workers["encounters"].sum(),
        "social_learning": lambda result: result.workers["gain_sc_space_social_points"].sum(),
        "resource_pool": lambda result: result.workers["equipment_hours"].sum(),
        "resource_learning": lambda result: result.workers["gain_td_own_points"].sum(),
        "decay": lambda result: -result.workers["gain_td_decay_points"].sum(),
    }
    on = simulate(schemes(**settings))
    for name in MECHANISMS:
        off = simulate(schemes(**settings, **{f"mechanisms.{name}": False}))
        with subtests.test(name):
            assert on.digest != off.digest
            assert outcomes[name](on) > 0
            assert outcomes[name](off) == 0
