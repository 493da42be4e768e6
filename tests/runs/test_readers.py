"""What others read tables and graphs with reads ours as they are meant: types, keys, units, weights."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import igraph
import networkx as nx
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coworksim.files.columns import about
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Region, Scenario, Space
from coworksim.runs.run_tables import TABLES
from coworksim.runs.simulation import Result, simulate

read_all: Any = pd.read_parquet  # its stubs know of one file only
NAMES = ("Bournemouth, Christchurch and Poole", 'The "Old" Mill; 2', "Åtölye")
EVERY = (*TABLES, "events")


def town(weeks: int) -> Scenario:
    """Two regions, one of which has a code, and spaces whose names are awkward; one more is spare."""
    one, other = load_scenario("tiny").regions
    own = tuple(Space(name=name, desks=10 + k, price=100.0 + k) for k, name in enumerate(NAMES))
    regions = (
        Region.model_validate({**dict(one), "name": "North, by Sea", "code": "TLC12", "spaces": 3, "own_spaces": own}),
        Region.model_validate({**dict(other), "name": "South", "code": None}),
    )
    return load_scenario("tiny", {"weeks": weeks}).model_copy(update={"regions": regions})


@pytest.fixture(scope="module")
def short() -> Result:
    return simulate(town(4), seed=5, events=True)


@pytest.fixture(scope="module")
def folders(short: Result, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run of 4 weeks and one of 160, so that there are more dates than fit into 8 bits."""
    place = tmp_path_factory.mktemp("runs")
    long = simulate(town(160), seed=6, events=True)
    return short.save(place / "short", graph=True), long.save(place / "long", graph=True)


@pytest.fixture
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _files(folders: tuple[Path, Path], name: str) -> list[str]:
    return [str(folder / f"{name}.parquet") for folder in folders]


@pytest.mark.parametrize("name", EVERY)
def test_types_are_the_same_in_every_file_and_carry_their_units(folders: tuple[Path, Path], name: str) -> None:
    one, other = (pq.read_schema(file) for file in _files(folders, name))
    assert one.equals(other, check_metadata=True)
    for field in one:
        assert field.type in (pa.dictionary(pa.int32(), pa.string()), pa.date32(), pa.bool_(), pa.int64(), pa.float64())
        told = about(field.name)
        assert field.metadata == {b"unit": told.unit.encode(), b"meaning": told.meaning.encode()}
        assert told.unit
    assert ("region" in one.names) == ("region_code" in one.names)


@pytest.mark.parametrize("name", EVERY)
def test_short_and_long_runs_are_read_together_in_either_order(
    folders: tuple[Path, Path], name: str, duck: duckdb.DuckDBPyConnection
) -> None:
    for files in (_files(folders, name), _files(folders, name)[::-1]):
        rows = sum(pq.read_metadata(file).num_rows for file in files)
        assert len(read_all(files)) == rows
        assert pl.read_parquet(files).height == rows
        for by_name in ("", ", union_by_name = true"):
            read = duck.sql(f"SELECT count(*) FROM read_parquet({files}{by_name})").fetchall()
            assert read == [(rows,)]


def test_a_date_is_a_date_to_all_of_them(folders: tuple[Path, Path], duck: duckdb.DuckDBPyConnection) -> None:
    file = folders[0] / "series.parquet"
    begins, week = load_scenario("tiny").starts, datetime.timedelta(weeks=1)
    assert pd.to_datetime(pd.read_parquet(file)["date"]).max().date() == begins + 3 * week
    assert pl.read_parquet(file)["date"].max() == begins + 3 * week
    spans = f"SELECT DISTINCT date - week * INTERVAL 7 DAYS FROM '{file}'"
    assert duck.sql(spans).fetchall() == [(datetime.datetime.combine(begins, datetime.time()),)]
    assert Result.load(folders[0]).series["date"].dt.year.min() == (begins + -12 * week).year


def test_codes_and_names_are_in_every_table_that_has_a_region_or_a_space(
    short: Result, folders: tuple[Path, Path]
) -> None:
    for name, table in short.tables.items():
        if "region" in table:
            pairs = table[["region", "region_code"]].dropna(subset="region").astype(object).fillna("none")
            found = set(pairs.itertuples(index=False, name=None))
            assert found == {("North, by Sea", "TLC12"), ("South", "none")}, name
    assert list(short.space_list["space_name"].dropna()) == list(NAMES)
    assert set(short.spaces["space_name"].dropna()) == set(NAMES)
    assert short.space_list.loc[short.space_list["from_start"], "price_gbp_month"].tolist()[:3] == [100.0, 101.0, 102.0]
    read = pd.read_csv(folders[0] / "space_list.csv")
    assert list(read["space_name"].dropna()) == list(NAMES)


def test_every_key_finds_its_space_or_person(short: Result) -> None:
    spaces, people = set(short.space_list["space_key"]), set(short.workers["key"])
    assert len(spaces) == len(short.space_list)
    for name, table in short.tables.items():
        if "space_key" in table:
            assert set(table["space_key"]) <= spaces | {-1}, name
    members = short.workers[short.workers["member"]]
    assert set(members["space_key"]) <= spaces
    assert (short.workers.loc[~short.workers["member"], "space_key"] == -1).all()
    now = short.spaces[short.spaces["week"] == short.spaces["week"].max()].set_index("space_key")["members"]
    assert members.groupby("space_key").size().to_dict() == now[now > 0].to_dict()
    assert set(short.ties["key_a"]) | set(short.ties["key_b"]) <= people


def test_a_payment_names_the_region_and_the_space_of_its_account(short: Result) -> None:
    named = short.ledger.merge(short.space_list[["space_key", "account", "region"]], on="space_key", how="left")
    at = named["account"].notna()
    assert at.any()
    sides = named[["payer", "payee"]].astype(str)
    assert (sides.loc[at].eq(named.loc[at, "account"].astype(str), axis=0).sum(axis=1) == 1).all()
    assert (named.loc[at, "region_x"].astype(str) == named.loc[at, "region_y"].astype(str)).all()
    assert not sides.loc[~at].apply(lambda side: side.str.startswith("space:")).to_numpy().any()
    people = sides.apply(lambda side: side.str.removeprefix("workers:"))
    assert (people.eq(named["region_x"].astype(str), axis=0).any(axis=1) | at | named["region_x"].isna()).all()


def test_nobody_in_an_event_is_nobody(short: Result) -> None:
    log: Any = short.events
    assert (log["other"] >= 0).equals(log["event"].isin(["chat", "project", "event", "outside", "firm"]))
    assert ((log["key"] >= 0) | log["event"].isin(["opens", "closes"])).all()


def test_polars_joins_people_ties_and_spaces_by_their_keys(folders: tuple[Path, Path]) -> None:
    """It refuses to join keys of unlike types."""
    of = {name: pl.read_parquet(folders[0] / f"{name}.parquet") for name in EVERY}
    people = of["workers"].select("key", "region_code")
    assert of["ties"].join(people, left_on="key_a", right_on="key").height == of["ties"].height
    joins = of["events"].filter(pl.col("event") == "joins")
    assert joins.join(of["space_list"], on="space_key").height == joins.height > 0
    assert joins.join(of["workers"], on="key").height > 0
    assert of["series"].join(of["regions"], on="region").height == of["series"].height


def test_igraph_and_networkx_read_weights_and_labels(folders: tuple[Path, Path], short: Result) -> None:
    file = str(folders[0] / "ties.graphml")
    total = short.ties["weight"].sum()
    graph = igraph.Graph.Read_GraphML(file)
    assert (graph.vcount(), graph.ecount()) == (len(short.workers), len(short.ties))
    assert graph.is_weighted()
    assert sum(graph.es["weight"]) == pytest.approx(total)
    assert graph.vs["label"] == [f"worker {key}" for key in short.workers["key"]]
    assert set(graph.vs["region_code"]) == {"TLC12", ""}
    read = nx.read_graphml(file)
    assert read.size(weight="weight") == pytest.approx(total)
    assert short.model.graph.size(weight="weight") == pytest.approx(total)
    assert graph.community_multilevel(weights="weight").modularity > 0.0
