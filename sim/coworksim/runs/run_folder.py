"""A run as a folder: its tables (Parquet and CSV), the scenario as it was resolved, and a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.checked_folder import checked
from coworksim.files.columns import note
from coworksim.files.errors import printable
from coworksim.files.manifest import MANIFEST, RunManifest
from coworksim.files.provenance import environment
from coworksim.files.result_folder import refuse, write_json
from coworksim.files.scenario_writer import write_scenario
from coworksim.files.table_files import declared_schema, write_parts
from coworksim.runs.run_tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.model.scenario import Scenario
    from coworksim.runs.run_tables import RunTables


_AGAIN: Final = "run coworksim run again"
#: What is said of people in the graph.
_OF_PEOPLE: Final = ("region", "region_code", "flag", "status", "occupation", "member", "space_key", "income_gbp_week")


def read_run(folder: Path, *, altered: bool = False) -> tuple[tuple[Scenario, int, int, float], dict[str, Any]]:
    """Return scenario, seed, replicate and seconds of a run that was saved; and its tables and what else is known.

    Raises InputError where the folder holds none, or not what was written (see ``checked_folder``).
    """
    found = checked(folder, RunManifest, "give the folder that coworksim run created", _AGAIN, altered=altered)
    about = found.manifest
    scenario = found.scenario(about.scenario.name, about.scenario.digest)
    tables = {name: found.table(name) for name in TABLES}
    events = found.tables("events").get("events")
    for name, table in (tables if events is None else {**tables, "events": events}).items():
        kinds = {field.name: str(field.type) for field in _schema(folder, table)}
        if kinds != found.manifest.files[f"{name}.parquet"].columns:
            refuse(folder, f"{name}.parquet is of another version of coworksim", _AGAIN)
    made = {"events": events, **tables, "digest": about.result_digest, "awarded": about.awarded}
    return (scenario, about.seed, about.replicate, about.seconds), {**made, "altered": found.altered}


def _schema(folder: Path, table: pd.DataFrame) -> Any:
    try:
        return declared_schema(map(str, table.columns))
    except KeyError as error:
        refuse(folder, f"nobody declared its column {error}", _AGAIN)


def write_run(run: RunTables, folder: Path, *, command: Sequence[str] = (), graph: bool = False) -> None:
    """Write the files of a run into a folder that exists; with ``graph`` the social graph of the last week too."""
    scenario = run.scenario.model_copy(update={"seed": run.seed})  # so that the saved file repeats the run
    about = {
        "command": list(command),
        "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
        "seed": run.seed,
        "replicate": run.replicate,
        "result_digest": run.digest,
        "awarded": run.awarded,
        "altered": run.altered,
        "started": (datetime.now(UTC) - timedelta(seconds=run.seconds)).isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "environment": environment(),
        "about": "One run of a simulation, not a forecast. Same scenario, seed and code give the same result_digest.",
    }
    columns, rows = {}, {}
    for name in run.table_names:
        parts = run.parts_of(name)
        first = next(parts)
        columns[name] = {str(column): note(str(column)) for column in first.columns}
        files = {form: folder / f"{name}.{form}" for form in ("parquet", "csv")}
        rows[name] = write_parts(chain((first,), parts), files, declared_schema(columns[name]))
    about |= {"columns": columns, "rows": rows}
    if graph:
        write_graph(run.workers, run.ties, folder / "ties.graphml")
    write_scenario(scenario, folder)
    write_json(folder / MANIFEST, about)


def write_graph(workers: pd.DataFrame, ties: pd.DataFrame, file: Path) -> None:
    """Write the social graph of the last week as GraphML: who each person is, and the weight of each tie."""
    import networkx as nx
    import pandas as pd

    graph: Any = nx.Graph()
    people = workers[list(_OF_PEOPLE)].to_dict("records")
    for key, person in zip(workers["key"].tolist(), people, strict=True):
        told = {str(k): printable(v) if isinstance(v, str) else v for k, v in person.items()}  # XML knows no controls
        known = {name: value for name, value in told.items() if not pd.isna(value)}
        graph.add_node(key, label=f"worker {key}", **known)
    graph.add_weighted_edges_from(ties[["key_a", "key_b", "weight"]].itertuples(index=False, name=None))
    nx.write_graphml(graph, file)
