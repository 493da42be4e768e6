"""The tables of a run: made from the model in its last week, written (Parquet and CSV), and read again.

Beside the tables of a saved run lie the scenario as it was resolved, and a manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NoReturn, Self

import numpy as np
import pandas as pd

from coworksim.files.columns import content, note, own_table, text
from coworksim.files.errors import printable
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, read_json, refuse, write_csv, write_json
from coworksim.files.scenario_writer import write_scenario
from coworksim.model.hashed import DIGEST_COLUMNS
from coworksim.model.model import CoworkingModel
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES
from coworksim.model.recorder import COUNTS, GROUPS, MEASURES, SPACE_COLUMNS, EventLog, Recorder
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS, FAMILIES, PLANS
from coworksim.model.state.ties import strengths

#: The tables of a result, which are also the names of the files.
TABLES: Final = ("series", "spaces", "workers", "ledger", "ties")

#: Rows of a Parquet file that are written at once.
_PART: Final = 100_000
_AGAIN: Final = "run coworksim run again"
_NEEDED: Final = ("scenario", "seed", "replicate", "seconds", "result_digest")
GAINS = tuple((f, family, c, channel) for f, family in enumerate(FAMILIES) for c, channel in enumerate(CHANNELS))


def _gone() -> NoReturn:
    """Refuse to give the model of a run of another process."""
    raise LookupError("a result that was loaded, or came from another process, has tables and no model: run it again")


@dataclass(frozen=True, repr=False)
class RunTables:
    """A finished run as tables; ``live``, ``record`` and ``log`` are there in the process that did it."""

    scenario: Scenario
    seed: int
    replicate: int
    seconds: float
    live: CoworkingModel | None = None
    record: Recorder | None = None
    log: EventLog | None = None

    @property
    def model(self) -> CoworkingModel:
        """The model in its last week. Raises LookupError where the run was not of this process."""
        return _gone() if self.live is None else self.live

    @property
    def recorder(self) -> Recorder:
        """The weekly series as whole numbers. Raises LookupError where the result was loaded from a folder."""
        return _gone() if self.record is None else self.record

    @cached_property
    def awarded(self) -> tuple[int, ...] | None:
        """How many were awarded each policy of the scenario; None where an old folder does not say."""
        return tuple(self.model.world.schemes.awarded.tolist())

    def _dates(self) -> tuple[list[int], list[str]]:
        """Return weeks (0 = the week of opening) and their dates."""
        first, opening = self.recorder.first_week, self.model.world.opening
        weeks = [first + k - opening for k in range(self.recorder.weeks)]
        return weeks, [(self.scenario.starts + timedelta(weeks=week)).isoformat() for week in weeks]

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a week, region, status and occupation group: means per person, gains since opening."""
        record, regions = self.recorder, self.scenario.regions
        weeks, dates = self._dates()
        shape = (len(weeks), len(regions), len(GROUPS))
        week, region, group = (index.ravel() for index in np.indices(shape))
        counts = record.counts[: record.weeks].reshape(-1, record.counts.shape[-1])
        means = record.means().reshape(-1, len(MEASURES))
        members = np.where(counts[:, 1] > 0, counts[:, 1], np.nan)
        return pd.DataFrame(
            {
                "week": np.array(weeks)[week],
                "date": text(dates, week),
                "region": text([place.name for place in regions], region),
                "flag": text([place.flag for place in regions], region),
                "status": text([status for status, _ in GROUPS], group),
                "occupation_group": text([kind for _, kind in GROUPS], group),
                "people": counts[:, 0],
                "members": counts[:, 1],
                "sc_points": 100 * means[:, 0],
                "td_points": 100 * means[:, 1],
                **{f"{name}_points": 100 * means[:, 2 + at] for at, name in enumerate(MEASURES[2:-1])},
                "income_gbp_week": means[:, -1],
                "days_per_member": counts[:, 2] / members,
                "encounters_per_member": counts[:, 3] / members,
                "contacts_outside_per_person": counts[:, 4] / np.where(counts[:, 0] > 0, counts[:, 0], np.nan),
                "tool_users": counts[:, 5],
            }
        )

    @cached_property
    def spaces(self) -> pd.DataFrame:
        """One row a week and space from the opening, spare spaces included."""
        world, record = self.model.world, self.recorder
        weeks, dates = self._dates()
        week, space = (index.ravel() for index in np.indices((len(weeks), len(world.spaces))))
        columns = record.spaces[: record.weeks].reshape(-1, record.spaces.shape[-1])
        seen = {name: columns[:, at] for at, name in enumerate(SPACE_COLUMNS)}
        hours = record.hours[: record.weeks].reshape(-1, 2)
        table = pd.DataFrame(
            {
                "week": np.array(weeks)[week],
                "date": text(dates, week),
                "region": text(world.regions.names, world.spaces.region[space]),
                "space": world.spaces.ordinal[space],
                "open": seen["open"].astype(bool),
                "members": seen["members"],
                "desks": seen["desks"],
                "occupancy": seen["desk_days"] / (5.0 * seen["desks"]),
                "desk_days_turned_away": seen["turned_away"],
                "price_gbp_month": seen["price"] / 100,
                "fees_gbp": seen["fees"] / 100,
                "cash_gbp": seen["cash"] / 100,
                "equipment_hours_used": hours[:, 0],
                "equipment_hours_offered": hours[:, 1],
                "training_places_used": seen["training_used"],
                "training_places_offered": seen["training_places"],
                "training_places_turned_away": seen["training_turned_away"],
                "events": seen["events_held"],
                "encounters": seen["meetings"],
            }
        )
        return table[table["week"] >= 0].reset_index(drop=True)

    @cached_property
    def workers(self) -> pd.DataFrame:
        """One row a person at the end of the run, in the order of entity keys."""
        world, regions = self.model.world, self.scenario.regions
        w, ties = world.workers, world.ties
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        degree = np.bincount(np.concatenate([one, other]), minlength=len(w))
        fresh = np.bincount(
            np.concatenate([one, other]), np.concatenate([w.outside_contacts[other], w.outside_contacts[one]]), len(w)
        )
        months = np.maximum(world.week - np.maximum(w.entered, world.opening), 1) * 12 / 52
        return own_table(
            {
                "key": w.key.copy(),
                "region": text(world.regions.names, w.region),
                "flag": text([place.flag for place in regions], w.region),
                "status": text(STATUSES, w.status),
                "occupation": text(OCCUPATIONS, w.occupation),
                "career_years": w.career_start + (world.week - w.entered) / 52,
                "entered_week": w.entered - world.opening,
                "uses_tools": w.tools.copy(),
                "member": w.member_of >= 0,
                "plan": text(["none", *PLANS], w.plan + 1),
                "tenure_weeks": w.tenure.copy(),
                "member_weeks": w.member_weeks.copy(),
                "days_in_space": w.days_total.copy(),
                **{f"{name}_points": 100 * w.skill[:, k] for k, name in enumerate(SKILLS)},
                **{f"gain_{family}_{channel}_points": 100 * w.gain[:, f, c] for f, family, c, channel in GAINS},
                "income_gbp_week": w.income.copy(),
                "earned_gbp": w.earned / 100,
                "fees_gbp": w.fees / 100,
                "supported_gbp": w.supported / 100,
                "equipment_hours": w.inside_hours_total.copy(),
                "training_hours": w.training_hours_total.copy(),
                "outside_hours": w.outside_hours_total.copy(),
                "encounters": w.encounters.copy(),
                "encounters_outside": w.outside_met.copy(),
                "partners_new": w.partners_new.copy(),
                "partners_new_per_month": w.partners_new / months,
                "outside_contacts": w.outside_contacts.copy(),
                "partners_outside_contacts": fresh / np.where(degree > 0, degree, np.nan),
                "workload": w.work.copy(),
                "ties": degree,
            }
        )

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Every posting of the books, in order."""
        postings = self.model.world.ledger.postings
        table = pd.DataFrame(postings, columns=["week", "payer", "payee", "purpose", "pence"])
        table["week"] -= self.model.world.opening
        table["amount_gbp"] = table.pop("pence") / 100
        return table

    @cached_property
    def events(self) -> pd.DataFrame | None:
        """The event log in order of weeks, None when the run kept none."""
        return None if self.log is None else self.log.table(self.model.world)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """The social graph at the end: pairs of worker keys and the strength of their tie, in meetings."""
        world = self.model.world
        ties, keys = world.ties, world.workers.key
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        faded = strengths(ties.weight[: len(ties)], ties.last[: len(ties)], world.week, world.log_rho)
        return own_table({"key_a": keys[one], "key_b": keys[other], "strength": faded})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of series, final table, ties and ledger in the order of entity keys (``coworksim.model.hashed``)."""
        block = hashlib.sha256()
        record, world, ties = self.recorder, self.model.world, self.model.world.ties
        for name, there in (("counts", COUNTS), ("sums", MEASURES), ("spaces", SPACE_COLUMNS)):
            at = [there.index(column) for column in DIGEST_COLUMNS[name].values()]
            block.update(content(getattr(record, name)[: record.weeks, ..., at]))
        block.update(content(record.hours[: record.weeks]))
        for column in DIGEST_COLUMNS["people"].values():
            block.update(content(getattr(world.workers, column)))
        edges = {name: getattr(ties, column)[: len(ties)] for name, column in DIGEST_COLUMNS["ties"].items()}
        by_pair = np.lexsort((world.workers.key[edges["other"]], world.workers.key[edges["one"]]))
        for values in edges.values():
            block.update(content(values[by_pair]))
        for posting in world.ledger.postings:
            block.update(repr(tuple(posting)).encode())
        return block.hexdigest()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file: the event log only where one was kept."""
        found = {name: getattr(self, name) for name in TABLES}
        return found if self.events is None else {**found, "events": self.events}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a result that was saved.

        Args:
            folder: Where it was saved.

        Returns:
            The result: its tables and its digest, without the model.

        Raises:
            InputError: The folder holds none.
        """
        from coworksim.files.load import load_scenario

        about = read_json(folder, MANIFEST, "give the folder that coworksim run created", _AGAIN)
        if missing := [key for key in _NEEDED if key not in about]:
            refuse(folder, f"its {MANIFEST} has no {missing[0]}", _AGAIN)
        there = [name for name in (*TABLES, "events") if (folder / f"{name}.parquet").is_file()]
        if lost := [name for name in TABLES if name not in there]:
            refuse(folder, f"there is no {lost[0]}.parquet in it", _AGAIN)
        scenario = load_scenario(folder / "scenario.yaml", quiet=True).model_copy(
            update={"name": about["scenario"]["name"]}
        )
        found = cls(scenario, int(about["seed"]), int(about["replicate"]), float(about["seconds"]))
        awarded = None if about.get("awarded") is None else tuple(map(int, about["awarded"]))
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in there}
        found.__dict__.update({"events": None, **tables, "digest": str(about["result_digest"]), "awarded": awarded})
        return found

    def write(self, folder: Path, *, command: Sequence[str] = (), graph: bool = False) -> None:
        """Write the files of ``save`` into a folder that exists: a part of a larger folder of results.

        Args:
            folder: A folder that exists.
            command: What the user typed, for the manifest.
            graph: Whether to write the social graph of the last week too.
        """
        scenario = self.scenario.model_copy(update={"seed": self.seed})  # so that the saved file repeats the run
        about = {
            "command": list(command),
            "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
            "seed": self.seed,
            "replicate": self.replicate,
            "result_digest": self.digest,
            "awarded": self.awarded,
            "started": (datetime.now(UTC) - timedelta(seconds=self.seconds)).isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "environment": environment(),
            "about": "One run of a simulation, not a forecast. Same scenario, seed and code give the same "
            "result_digest.",
            "columns": {name: {str(c): note(str(c)) for c in table.columns} for name, table in self.tables.items()},
            "rows": {name: len(table) for name, table in self.tables.items()},
        }
        for name, table in self.tables.items():
            _write_parquet(table, folder / f"{name}.parquet")
            write_csv(table, folder / f"{name}.csv")
        if graph:
            write_graph(self.workers, self.ties, folder / "ties.graphml")
        write_scenario(scenario, folder)
        write_json(folder / MANIFEST, about)


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
