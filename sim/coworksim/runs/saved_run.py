"""A run on disk: every table as Parquet and as CSV, the scenario as it was resolved, and a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.columns import note
from coworksim.files.errors import printable
from coworksim.files.result_folder import MANIFEST, read_json, refuse, write_csv, write_json
from coworksim.files.scenario_writer import write_scenario

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.model.scenario import Scenario


#: The tables of a result, which are also the names of the files.
TABLES: Final = ("series", "spaces", "workers", "ledger", "ties")

#: Rows of a Parquet file that are written at once.
_PART: Final = 100_000
_AGAIN: Final = "run coworksim run again"
_NEEDED: Final = ("scenario", "seed", "replicate", "seconds", "result_digest")


def write_run(
    tables: Mapping[str, pd.DataFrame],
    scenario: Scenario,
    about: Mapping[str, Any],
    folder: Path,
    *,
    graph: bool = False,
) -> None:
    """Write tables, scenario and manifest of a run into ``folder``, which exists and is not yet published."""
    for name, table in tables.items():
        _write_parquet(table, folder / f"{name}.parquet")
        write_csv(table, folder / f"{name}.csv")
    if graph:
        write_graph(tables["workers"], tables["ties"], folder / "ties.graphml")
    write_scenario(scenario, folder)
    columns = {name: {str(c): note(str(c)) for c in table.columns} for name, table in tables.items()}
    rows = {name: len(table) for name, table in tables.items()}
    write_json(folder / MANIFEST, {**about, "columns": columns, "rows": rows})


def _write_parquet(table: pd.DataFrame, file: Path) -> None:
    """Write a table in parts of rows, each of which alone is copied."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.Schema.from_pandas(table, preserve_index=False)
    with pq.ParquetWriter(file, schema) as writer:
        for first in range(0, max(len(table), 1), _PART):
            part = table.iloc[first : first + _PART]
            writer.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False))


def write_graph(workers: pd.DataFrame, ties: pd.DataFrame, file: Path) -> None:
    """Write the social graph of the last week as GraphML: who each person is on the nodes, strength on the edges."""
    import networkx as nx

    graph: Any = nx.Graph()
    people = workers[["region", "flag", "status", "occupation", "member", "income_gbp_week"]].to_dict("records")
    for key, person in zip(workers["key"].tolist(), people, strict=True):
        told = {str(k): printable(v) if isinstance(v, str) else v for k, v in person.items()}  # XML knows no controls
        graph.add_node(key, **told)
    graph.add_weighted_edges_from(ties[["key_a", "key_b", "strength"]].itertuples(index=False, name=None), "strength")
    nx.write_graphml(graph, file)


def read_run(folder: Path) -> tuple[dict[str, Any], Scenario, dict[str, pd.DataFrame]]:
    """Return manifest, scenario and tables of a run that was saved. Raises InputError where the folder holds none."""
    import pandas as pd

    from coworksim.files.load import load_scenario

    about = read_json(folder, MANIFEST, "give the folder that coworksim run created", _AGAIN)
    missing = [key for key in _NEEDED if key not in about]
    if missing:
        refuse(folder, f"its {MANIFEST} has no {missing[0]}", _AGAIN)
    there = [name for name in (*TABLES, "events") if (folder / f"{name}.parquet").is_file()]
    if lost := [name for name in TABLES if name not in there]:
        refuse(folder, f"there is no {lost[0]}.parquet in it", _AGAIN)
    return about, load_scenario(folder / "scenario.yaml"), {n: pd.read_parquet(folder / f"{n}.parquet") for n in there}
