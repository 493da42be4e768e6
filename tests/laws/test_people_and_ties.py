"""Laws of people and ties: nobody is lost, no key returns, and only those who have met know each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from coworksim import CoworkingModel, Scenario, simulate
from coworksim.model.parameters.skills import ENCOUNTER_KINDS
from coworksim.model.state.ties import NOBODY
from tests.laws.worlds import end_of, scenarios


@pytest.mark.slow
@settings(max_examples=30)
@given(scenarios({"turnover.exit": 1.0, "population.nomad_share": 0.08, "turnover.nomad_stay": 3.0}, on=("turnover",)))
def test_people_are_conserved_and_keys_are_never_used_again(scenario: Scenario) -> None:
    """Read from the agents, week by week: a key stands for who came in one week, and whoever has gone stays gone."""
    model = CoworkingModel(scenario)
    places = [place.people for place in scenario.regions]
    came: dict[int, int] = {}
    gone: set[int] = set()
    living: set[int] = set()
    for _ in range(end_of(scenario)):
        agents = [model.worker(row) for row in range(len(model.world.workers))]
        names = [agent.region for agent in agents]
        assert [names.count(place.name) for place in scenario.regions] == places
        assert all(came.setdefault(agent.key, agent.entered) == agent.entered for agent in agents)
        keys = {agent.key for agent in agents}
        assert len(keys) == len(agents)
        gone |= living - keys
        assert not keys & gone
        living = keys
        model.step()


@pytest.mark.slow
@settings(max_examples=30)
@given(scenarios(on=("encounters",)))
def test_ties_are_symmetric_and_join_people_who_have_met(scenario: Scenario) -> None:
    """According to the log of encounters; ties that exist in week 0 apart."""
    result = simulate(scenario, events=True)
    assert result.events is not None
    world, met = result.model.world, result.events[result.events["event"].isin(ENCOUNTER_KINDS)]
    log = {frozenset(pair) for pair in zip(met["key"].tolist(), met["other"].tolist(), strict=True)}
    log |= {frozenset(pair) for pair in CoworkingModel(scenario).graph.edges}
    graph = result.model.graph
    assert set(graph) == set(world.workers.key.tolist())
    assert all(a != b and frozenset((a, b)) in log for a, b in graph.edges)
    assert all(data["weight"] > 0.0 for _, _, data in graph.edges(data=True))
    assert graph.number_of_edges() == len(world.ties) == len(result.ties)


@pytest.mark.slow
@settings(max_examples=30)
@given(scenarios(on=("encounters",)))
def test_ties_are_kept_once_in_order_and_their_snapshot_is_symmetric(scenario: Scenario) -> None:
    model = CoworkingModel(scenario)
    for _ in range(end_of(scenario)):
        model.step()
        ties = model.world.ties
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        assert (one < other).all()
        place = one.astype(np.int64) * len(model.world.workers) + other
        assert (np.diff(place) > 0).all()
        known = {
            (i, int(j))
            for i in range(len(model.world.workers))
            for j in ties.indices[ties.indptr[i] : ties.indptr[i + 1]]
            if j != NOBODY
        }
        assert all((j, i) in known and i != j for i, j in known)


@pytest.mark.slow
@settings(max_examples=20)
@given(scenarios(on=("encounters",)))
def test_encounters_are_counted_for_both_sides_and_stay_within_a_region(scenario: Scenario) -> None:
    model = CoworkingModel(scenario)
    for _ in range(end_of(scenario)):
        before = (model.world.workers.key.copy(), model.world.workers.encounters.copy())
        model.step()
        w, met = model.world.workers, model.world.meetings
        assert (w.region[met.one] == w.region[met.other]).all()
        inside = met.space >= 0
        counted = np.zeros(len(w), np.int64)
        for rows in (met.one, met.other):
            np.add.at(counted, rows[inside], met.times[inside])
        assert (w.encounters == np.where(w.key == before[0], before[1], 0) + counted).all()
