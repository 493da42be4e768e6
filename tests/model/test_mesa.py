"""Life with Mesa: its collectors, its sets of agents and its ways to run drive this model as they would any other."""

from __future__ import annotations

import importlib
import importlib.util
import runpy
from pathlib import Path

import pytest
from mesa.datacollection import DataCollector

from coworksim import CoworkingModel, Freelancer
from coworksim.model.agents import Manager, Worker
from tests.worlds import busy

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def model() -> CoworkingModel:
    made = CoworkingModel(busy())
    made.run_for(30)
    return made


def test_a_data_collector_reads_model_and_agents() -> None:
    model = CoworkingModel(busy())
    collector = DataCollector(
        model_reporters={"members": lambda m: int((m.world.workers.member_of >= 0).sum())},
        agenttype_reporters={Freelancer: {"income": "income"}, Manager: {"price": "price_gbp"}},
    )
    for _ in range(20):
        model.step()
        collector.collect(model)
    members = collector.get_model_vars_dataframe()["members"]
    assert members.iloc[-1] == (model.world.workers.member_of >= 0).sum() > 0
    incomes = collector.get_agenttype_vars_dataframe(Freelancer)
    last = incomes.loc[incomes.index.get_level_values(0).max(), "income"]
    assert sorted(last) == sorted(agent.income for agent in model.agents_by_type[Freelancer])
    assert len(collector.get_agenttype_vars_dataframe(Manager)) == 20 * len(model.agents_by_type[Manager])


def test_sets_of_agents_select_aggregate_and_group(model: CoworkingModel) -> None:
    people = model.agents.select(lambda agent: isinstance(agent, Worker))
    assert len(people) == len(model.world.workers)
    assert people.agg("income", max) == model.world.workers.income.max()
    groups = people.groupby("status")
    assert sum(len(group) for _, group in groups) == len(people)
    assert people.get("key") == model.world.workers.key.tolist()
    richest = people.sort("income", ascending=False).to_list()[0]
    assert richest.income == model.world.workers.income.max()


def test_managers_can_be_told_what_to_do(model: CoworkingModel) -> None:
    seen: list[int] = []
    model.agents_by_type[Manager].shuffle_do(lambda manager: seen.append(manager.row))
    assert sorted(seen) == list(range(len(model.world.spaces)))


def test_running_for_weeks_is_stepping(model: CoworkingModel) -> None:
    other = CoworkingModel(busy())
    for _ in range(30):
        other.step()
    assert (other.world.workers.skill == model.world.workers.skill).all()
    assert other.time == model.time == 30


def test_looking_at_agents_changes_nothing(model: CoworkingModel) -> None:
    looked = CoworkingModel(busy())
    for _ in range(30):
        assert len(looked.agents) > 0
        looked.agents.shuffle(inplace=True)
        looked.step()
    assert (looked.world.workers.skill == model.world.workers.skill).all()


@pytest.mark.skipif(importlib.util.find_spec("solara") is None, reason="solara comes with requirements-viz.lock only")
def test_the_solara_page_draws_and_steps() -> None:
    solara = importlib.import_module("solara")

    names = runpy.run_path(str(DOCS / "solara_page.py"))
    box, context = solara.render(names["page"], handle_error=False)
    assert box.children
    model = names["Watched"](names["scenario"])
    model.run_for(3)
    assert len(model.datacollector.get_model_vars_dataframe()) == 3
    context.close()
