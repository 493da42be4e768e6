"""The event log and the saved graph say what the state says."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from coworksim import Result, simulate
from coworksim.model.recorder import EVENTS
from coworksim.runs.run_folder import write_graph
from tests.worlds import schemes


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(
        schemes(
            **{
                "population.nomad_share": 0.1,
                "management.rent": 60.0,
                "management.capital": 500.0,
                "management.patience": 5.0,
                "management.hosted": 0.0,
                "management.exit": 0.6,
                "membership.appeal": 4.0,
                "weeks": 60,
            }
        ),
        events=True,
    )


def log_of(result: Result) -> pd.DataFrame:
    assert result.events is not None
    return result.events


def test_a_log_changes_nothing(result: Result) -> None:
    assert simulate(result.scenario).digest == result.digest
    assert simulate(result.scenario).events is None


def test_every_kind_of_event_happens(result: Result) -> None:
    assert set(log_of(result)["event"]) >= set(EVENTS) - {"opens"}


def test_encounters_of_the_log_add_up_to_those_of_the_living(result: Result) -> None:
    log = log_of(result)
    inside = log[log["event"].isin(["chat", "project", "event"])]
    both = pd.concat([inside[["key", "number"]], inside[["other", "number"]].rename(columns={"other": "key"})])
    counted = both.groupby("key")["number"].sum()
    alive = result.workers.set_index("key")["encounters"]
    assert counted.reindex(alive.index, fill_value=0).tolist() == alive.tolist()


def test_members_of_the_log_are_members_of_the_table(result: Result) -> None:
    log = log_of(result)
    steps = {"joins": 1, "leaves": -1}
    balance = (
        log[log["event"].isin(steps)].assign(step=lambda rows: rows["event"].map(steps)).groupby("key")["step"].sum()
    )
    workers = result.workers.set_index("key")["member"].astype(int)
    assert balance.reindex(workers.index, fill_value=0).tolist() == workers.tolist()


def test_everyone_arrives_once_and_no_key_is_used_twice(result: Result) -> None:
    arrivals = log_of(result).query("event == 'arrives'")["key"]
    assert arrivals.is_unique
    assert set(result.workers.loc[result.workers["key"] % 64 > 0, "key"]) <= set(arrivals)


def test_the_graph_is_saved_with_who_people_are(result: Result, tmp_path: Path) -> None:
    write_graph(result.workers, result.ties, tmp_path / "ties.graphml")
    graph = nx.read_graphml(tmp_path / "ties.graphml", node_type=int)
    assert graph.number_of_edges() == len(result.ties)
    assert {data["status"] for _, data in graph.nodes(data=True)} == set(result.workers["status"])
    result.save(tmp_path / "run")
    assert (tmp_path / "run" / "events.parquet").exists()
