"""Mesa's protocol, method by method: each works on this model, or is refused in a sentence."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from coworksim import CoworkingModel, Freelancer, Manager, Worker, load_scenario, simulate
from coworksim.model.agents import KINDS
from coworksim.model.recorder import COUNTS
from tests.worlds import busy

ALL = 12 + 26


@pytest.fixture
def model() -> CoworkingModel:
    return CoworkingModel(busy())


def workers(model: CoworkingModel) -> Any:
    return model.agents.select(agent_type=Worker)


# --- time, running, step


def test_run_model_ends_with_the_scenario(model: CoworkingModel) -> None:
    assert model.running
    model.run_model()
    assert (model.time, model.steps, model.world.week, model.running) == (ALL, ALL, ALL, False)
    assert (model.world.workers.skill == simulate(busy()).model.world.workers.skill).all()


def test_running_ends_in_the_last_week_and_whoever_steps_on_may(model: CoworkingModel) -> None:
    model.run_for(ALL - 1)
    assert model.running
    model.step()
    assert not model.running
    model.step()
    assert model.world.week == ALL + 1


def test_a_model_that_was_stopped_stays_stopped(model: CoworkingModel) -> None:
    model.running = False
    model.step()
    assert not model.running


def test_the_clock_of_a_copy_is_that_of_its_world(model: CoworkingModel, tmp_path: Path) -> None:
    model.run_for(20)
    model.save(tmp_path / "world.npz")
    for other in (model.fork(), CoworkingModel.load(tmp_path / "world.npz", busy())):
        assert (other.time, other.steps, other.world.week) == (20, 20, 20)
        other.run_until(ALL)
        assert (other.time, other.world.week, other.running) == (ALL, ALL, False)
    model.run_for(ALL - 20)
    over = model.fork()
    over.run_model()
    assert (over.running, over.world.week) == (False, ALL)


def test_events_of_mesa_come_in_their_week(model: CoworkingModel) -> None:
    model.run_for(5)
    other, seen = model.fork(), []

    def note() -> None:
        seen.append(other.world.week)

    other.schedule_event(note, at=7.5)
    other.run_until(9)
    assert seen == [7]


# --- batch_run and the collector


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Mesa's runner from changing how processes of this test start."""
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *args, **more: None)


@pytest.mark.usefixtures("quiet")
def test_batch_run_goes_through_scenarios_and_seeds() -> None:
    scenarios = [busy(), busy(weeks=13)]
    rows = batch_run(CoworkingModel, {"setup": scenarios}, rng=[1, 2], display_progress=False)
    found = [(row["setup"].weeks, row["seed"], row["Step"], row["members"]) for row in rows]
    expected = []
    for seed in (1, 2):
        for scenario in scenarios:
            result = simulate(scenario, seed)
            last = result.series[result.series["week"] == result.series["week"].max()]
            expected.append((scenario.weeks, seed, 12 + scenario.weeks, last["members"].sum()))
    assert found == expected
    assert len({members for *_, members in found}) > 1


@pytest.mark.usefixtures("quiet")
def test_batch_run_takes_parameters_by_name() -> None:
    given = {"setup": [busy()], "space.price": [20, 400], "replicate": [0, 1]}
    rows = batch_run(CoworkingModel, given, display_progress=False, data_collection_period=1)
    assert len(rows) == 4 * ALL
    for price in (20, 400):
        for replicate in (0, 1):
            mine = [row for row in rows if (row["space.price"], row["replicate"]) == (price, replicate)]
            series = simulate(busy(**{"space.price": price}), replicate=replicate).series
            members = series.groupby("week")["members"].sum()
            assert [row["members"] for row in mine][12:] == members.loc[0:].tolist()
            assert {row["seed"] for row in mine} == {busy().seed}, "the seed that was used, where none was given"


@pytest.mark.usefixtures("quiet")
def test_batch_run_does_not_make_one_run_several_times() -> None:
    short = {"setup": [busy(weeks=1)]}
    with pytest.raises(ValueError, match=r"all take that of the scenario.*rng=range\(5\), or replicate="):
        batch_run(CoworkingModel, short, rng=[None] * 5, display_progress=False)
    (row,) = batch_run(CoworkingModel, short, rng=None, display_progress=False)
    assert row["seed"] == busy().seed
    given = {**short, "replicate": range(3)}
    rows = batch_run(CoworkingModel, given, rng=[None], display_progress=False)
    assert len({row["sc_points"] for row in rows}) == 3


@pytest.mark.usefixtures("quiet")
def test_a_model_of_ones_own_is_refused_too_and_outside_batch_run_none_is() -> None:
    class Own(CoworkingModel):
        def __init__(self, **given: Any) -> None:
            super().__init__(busy(weeks=1), **given)

    with pytest.raises(ValueError, match="without a seed all take that of the scenario"):
        batch_run(Own, {}, rng=[None, None], display_progress=False)
    assert [CoworkingModel(busy(), seed=None).seed for _ in range(2)] == [busy().seed] * 2


def test_the_collector_keeps_the_figures_of_the_series(model: CoworkingModel) -> None:
    model.run_model()
    kept = model.datacollector.get_model_vars_dataframe().iloc[12:].reset_index(drop=True)
    result = simulate(busy())
    series = result.series.query("week >= 0")
    people = series.groupby("week")["people"].sum()
    assert kept["members"].tolist() == series.groupby("week")["members"].sum().tolist()
    for name in ("sc_points", "td_points"):
        total = (series[name] * series["people"]).fillna(0.0).groupby(series["week"]).sum()
        np.testing.assert_allclose(kept[name], total / people, rtol=1e-6)
    met = result.recorder.counts[12:, :, :, COUNTS.index("encounters")].sum(axis=(1, 2))
    assert kept["encounters"].tolist() == met.tolist()
    assert met.max() > 0


def test_a_collector_of_your_own_is_left_to_you(model: CoworkingModel) -> None:
    model.datacollector = DataCollector(model_reporters={"week": lambda m: m.world.week})
    model.run_for(3)
    assert model.datacollector.get_model_vars_dataframe().empty
    model.datacollector.collect(model)
    assert len(model.datacollector.get_model_vars_dataframe()) == 1


def test_collecting_changes_nothing_and_can_be_left_out(model: CoworkingModel) -> None:
    bare = CoworkingModel(busy(), collect=False)
    bare.run_for(20), model.run_for(20)
    assert (bare.world.workers.skill == model.world.workers.skill).all()
    assert not hasattr(bare, "datacollector")


# --- what the model is made of


def test_parameters_by_name_are_those_of_a_scenario_that_was_loaded_so() -> None:
    given: dict[str, Any] = {"space.price": 20, "encounters.rate": 2.5}
    model = CoworkingModel(busy(), **given)
    assert model.setup.digest == busy(**given).digest
    assert model.setup.origins["space.price"] == "override"
    model.run_model()
    assert (model.world.workers.skill == simulate(busy(**given)).model.world.workers.skill).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"space.prices": 20}, "space.prices"),
        ({"weeks": 20}, "weeks .* load_scenario"),
        ({"width": 20}, "width"),
        ({"space.price": -1}, "space.price must lie between 0 and 5000 GBP/month"),
        ({"space.price": "20 GBP/month"}, "space.price must be a number"),
        ({"frame.left_behind": "wide"}, "frame.left_behind .* load_scenario"),
        ({"environment.draw": 3}, "environment.draw .* load_scenario"),
        ({"population.freelancer_share": 0.9, "population.nomad_share": 0.9}, "population.* add up"),
        ({"rng": 1, "seed": 2}, "rng and seed"),
    ],
    ids=str,
)
def test_what_is_no_parameter_of_a_made_scenario_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        CoworkingModel(busy(), **given)


@pytest.mark.parametrize("setup", ["tiny", ("name", "tiny"), {"title": "x"}, None], ids=str)
def test_what_is_no_scenario_is_refused(setup: Any) -> None:
    """Mesa's runner goes through whatever is iterable: a scenario that does not stand in a list arrives in parts."""
    with pytest.raises(TypeError, match=r"setup is .*load_scenario.* \[scenario\]"):
        CoworkingModel(setup)


@pytest.mark.parametrize("seed", [-1, 2.5, 2**63, "1", True, float("nan")], ids=str)
def test_what_is_no_seed_is_refused(seed: Any) -> None:
    with pytest.raises(ValueError, match=r"seed .* 0 to 2\*\*63 - 1"):
        CoworkingModel(busy(), seed)


@pytest.mark.parametrize("replicate", [-1, 0.5, "1"], ids=str)
def test_what_is_no_replicate_is_refused(replicate: Any) -> None:
    with pytest.raises(ValueError, match="replicate"):
        CoworkingModel(busy(), 1, replicate)


def test_rng_is_mesas_name_of_the_seed() -> None:
    assert CoworkingModel(busy(), rng=7).world.run == CoworkingModel(busy(), np.int64(7)).world.run


def test_casts_by_lot_differ_between_replicates() -> None:
    found = [CoworkingModel(busy(), 1, k).random.random() for k in (0, 0, 1)]
    assert found[0] == found[1] != found[2]
    found = [float(CoworkingModel(busy(), 1, k).rng.random()) for k in (0, 0, 1)]
    assert found[0] == found[1] != found[2]


def test_the_scenario_of_model_and_agents_is_ours(model: CoworkingModel) -> None:
    assert model.scenario is model.setup
    assert model.worker(0).scenario["space.price"] == model.setup["space.price"]


@pytest.mark.parametrize("name", ["seed", "setup", "world", "scenario"])
def test_what_a_run_is_made_from_stays(name: str, model: CoworkingModel) -> None:
    with pytest.raises(AttributeError, match=f"{name} .* make a new model"):
        setattr(model, name, getattr(model, name))


def test_chance_is_not_set_anew(model: CoworkingModel) -> None:
    for reset in (model.reset_rng, model.reset_randomizer):
        with pytest.raises(RuntimeError, match="another seed"):
            reset(3)


# --- who lives there


CHANGES: dict[str, Callable[[CoworkingModel], object]] = {
    "worker.remove": lambda model: workers(model).to_list()[3].remove(),
    "manager.remove": lambda model: model.agents_by_type[Manager].to_list()[0].remove(),
    "do remove": lambda model: model.agents_by_type[Freelancer].do("remove"),
    "remove_all_agents": lambda model: model.remove_all_agents(),
    "deregister_agent": lambda model: model.deregister_agent(model.worker(0)),
    "Freelancer": lambda model: Freelancer(model, 3),
    "Manager": lambda model: Manager(model, 0),
    "create_agents": lambda model: Freelancer.create_agents(model, 3, 0),
    "register_agent": lambda model: model.register_agent(model.worker(0)),
}


@pytest.mark.parametrize("act", CHANGES.values(), ids=CHANGES)
def test_people_and_managers_are_neither_added_nor_removed(
    act: Callable[[CoworkingModel], object], model: CoworkingModel
) -> None:
    with pytest.raises(RuntimeError, match=r"come and go by turnover"):
        act(model)
    assert len(model.agents) == len(model.world.workers) + len(model.world.spaces)
    model.run_for(14)
    assert [len(model.agents_by_type[kind]) for kind in KINDS] == np.bincount(model.world.workers.status).tolist()


def test_removing_everybody_is_refused_before_anybody_has_looked() -> None:
    with pytest.raises(RuntimeError, match="turnover"):
        CoworkingModel(busy(), week=[]).remove_all_agents()


class Observer(mesa.Agent):
    """An agent of Mesa's own, who lives beside the model."""


def test_agents_of_other_classes_come_and_go_as_in_mesa(model: CoworkingModel) -> None:
    observer = Observer(model)
    assert observer in model.agents
    assert len(model.agents_by_type[Observer]) == 1
    model.run_for(14)
    observer.remove()
    assert observer not in model.agents
    assert len(model.agents) == len(model.world.workers) + len(model.world.spaces)


BY_HAND: dict[str, Callable[[Any], object]] = {
    "select": lambda agents: agents.select(agent_type=Manager, inplace=True),
    "remove": lambda agents: agents.remove(agents.to_list()[-1]),
    "discard": lambda agents: agents.discard(agents.to_list()[-1]),
    "add": lambda agents: agents.add(Observer(CoworkingModel(busy()))),
    "clear": lambda agents: agents.clear(),
}


@pytest.mark.parametrize("change", BY_HAND.values(), ids=BY_HAND)
def test_a_set_of_agents_that_was_changed_by_hand_is_told_at_the_next_look(
    change: Callable[[Any], object], model: CoworkingModel
) -> None:
    change(model.agents)
    with pytest.raises(RuntimeError, match=r"model\.agents\.copy\(\)"):
        _ = model.agents


def test_a_set_of_one_class_that_was_changed_by_hand_is_told_too(model: CoworkingModel) -> None:
    agents = model.agents_by_type[Freelancer]
    agents.remove(agents.to_list()[0])
    with pytest.raises(RuntimeError, match=r"model\.agents\.copy\(\)"):
        _ = model.agents_by_type


def test_kinds_of_agents_are_known_before_anybody_has_looked(model: CoworkingModel) -> None:
    assert set(model.agent_types) == {Manager, *KINDS}


def test_an_agent_does_not_step_by_itself(model: CoworkingModel) -> None:
    for name in ("step", "advance"):
        with pytest.raises(RuntimeError, match=r"model\.step\(\)"):
            model.agents.shuffle_do(name)


# --- copies


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_model_and_its_agents_are_forked_not_copied(duplicate: Callable[[Any], Any], model: CoworkingModel) -> None:
    for one in (model, model.worker(0), model.world.managers[0]):
        with pytest.raises(TypeError, match=r"model\.fork\(\)"):
            duplicate(one)


# --- sets of agents, as they are


def test_every_way_to_go_through_agents_works(model: CoworkingModel) -> None:
    model.run_for(20)
    people = workers(model)
    assert people.map(lambda worker: worker.key) == model.world.workers.key.tolist()
    assert sorted(people.shuffle().get("key")) == sorted(people.get("key"))
    assert people.get("nothing", handle_missing="default", default_value=3) == [3] * len(people)
    with pytest.raises(AttributeError, match="nothing"):
        people.get("nothing")
    assert people.agg("income", [min, max]) == [min(people.get("income")), max(people.get("income"))]
    assert people.groupby("status").count() == {kind: len(g) for kind, g in people.groupby("status")}
    assert [len(row) for row in people.get(["key", "income"])] == [2] * len(people)
    assert set(people.select(at_most=5).get("key")) == set(people.get("key")[:5])


def test_mesas_own_warnings_are_all_that_is_said_of_no_time(model: CoworkingModel) -> None:
    with warnings.catch_warnings(record=True) as told:  # of Mesa 3.5 there are none
        warnings.simplefilter("always")
        model.run_for(0)
    assert all("end time" in str(one.message) for one in told)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.run_for(1)
    assert model.world.week == 1


def test_readers_of_other_columns_find_the_sentence(model: CoworkingModel) -> None:
    with pytest.raises(AttributeError, match=re.escape("'Freelancer' object has no attribute 'wage'")):
        _ = model.agents_by_type[Freelancer].to_list()[0].wage


def test_the_scenario_of_a_name_is_loaded_first() -> None:
    given: dict[str, Any] = {"space.price": 100}
    assert CoworkingModel(load_scenario("tiny"), **given).setup["space.price"] == 100
