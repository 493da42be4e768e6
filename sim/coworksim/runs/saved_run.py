"""Results on disk: every table as Parquet and as CSV, the scenario as it was resolved, and a manifest.

CSV files are often opened in a spreadsheet, which would run a cell that begins with ``=``, ``+``, ``-`` or ``@`` as
a formula. Names come from files that others may have written, so text cells that begin so get a leading apostrophe
in the CSV, and control characters are written as escapes. The Parquet files hold the names as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.columns import note
from coworksim.files.errors import printable
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, published, write_json

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.model.scenario import Scenario
    from coworksim.runs.simulation import Result

__all__ = ["TABLES", "for_spreadsheets", "manifest", "save", "tables_of", "write_graph", "write_result"]

#: The tables of a result, which are also the names of the files.
TABLES: Final = ("series", "spaces", "workers", "ledger", "ties")

#: Rows of a Parquet file that are written at once.
_PART: Final = 100_000
_FORMULA: Final = ("=", "+", "-", "@")


def save(result: Result, folder: Path, *, force: bool = False, command: Sequence[str] = ()) -> Path:
    """Write ``result`` to ``folder``, whole or not at all, and give the folder.

    An existing folder must be empty or hold nothing but earlier results (FolderError); ``force`` writes beside what is
    there. ``command`` is what the user typed.
    """
    with published(folder, force=force) as staging:
        write_result(result, staging, command=command)
    return folder


def tables_of(result: Result) -> tuple[str, ...]:
    """The names of the tables that a result has: the event log only where one was kept."""
    return TABLES if result.log is None else (*TABLES, "events")


def write_result(result: Result, folder: Path, *, command: Sequence[str] = (), graph: bool = False) -> None:
    """Write the files of ``result`` into ``folder``, which exists and is not yet published."""
    for name in tables_of(result):
        table: pd.DataFrame = getattr(result, name)
        _write_parquet(table, folder / f"{name}.parquet")
        for_spreadsheets(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    if graph:
        write_graph(result, folder / "ties.graphml")
    (folder / "scenario.yaml").write_text(_as_run(result).to_yaml(), encoding="utf-8", newline="\n")
    write_json(folder / MANIFEST, manifest(result, command))


def _write_parquet(table: pd.DataFrame, file: Path) -> None:
    """Write a table in parts of rows, each of which alone is copied."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.Schema.from_pandas(table, preserve_index=False)
    with pq.ParquetWriter(file, schema) as writer:
        for first in range(0, max(len(table), 1), _PART):
            part = table.iloc[first : first + _PART]
            writer.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False))


def manifest(result: Result, command: Sequence[str] = ()) -> dict[str, Any]:
    """Where a result came from, and what its columns mean."""
    started = datetime.now(UTC) - timedelta(seconds=result.seconds)
    return {
        "command": list(command),
        "scenario": {"name": result.scenario.name, "title": result.scenario.title, "digest": _as_run(result).digest},
        "seed": result.seed,
        "replicate": result.replicate,
        "result_digest": result.digest,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(result.seconds, 3),
        "environment": environment(),
        "columns": {name: {str(c): note(str(c)) for c in getattr(result, name).columns} for name in tables_of(result)},
        "rows": {name: len(getattr(result, name)) for name in tables_of(result)},
        "about": "One run of a simulation, not a forecast. Same scenario, seed and code give the same result_digest.",
    }


def write_graph(result: Result, file: Path) -> None:
    """Write the social graph of the last week as GraphML: who each person is on the nodes, strength on the edges."""
    import networkx as nx

    graph = result.model.graph.copy()
    people = result.workers[["region", "flag", "status", "occupation", "member", "income_gbp_week"]]
    for key, person in zip(result.workers["key"].tolist(), people.to_dict("records"), strict=True):
        for name, value in person.items():
            graph.nodes[key][str(name)] = printable(value) if isinstance(value, str) else value  # XML knows no controls
    nx.write_graphml(graph, file)


def for_spreadsheets(table: pd.DataFrame) -> pd.DataFrame:
    """The table with text that a spreadsheet would take for a formula made harmless."""
    return table.assign(
        **{
            str(name): column.map(_harmless)
            for name, column in table.items()
            if column.dtype.kind == "O"  # text, in every version of pandas; numbers, booleans and dates stay
        }
    )


def _harmless(cell: object) -> object:
    """Escape control characters, and put an apostrophe before what a spreadsheet would run.

    >>> _harmless("=1+1"), _harmless("Leeds")
    ("'=1+1", 'Leeds')
    """
    if not isinstance(cell, str):
        return cell
    text = printable(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _as_run(result: Result) -> Scenario:
    """The scenario with the seed that the run took, so that the saved file repeats it."""
    scenario = result.scenario
    return scenario if scenario.seed == result.seed else scenario.model_copy(update={"seed": result.seed})
