"""Rows of the tables of a store."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from colearn.experiments.errors import RunnerError
from colearn.experiments.runs import Outcome, Run
from colearn.hashed import HASHED_NAMES, ROWS_VERSION

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KEYS", "digest_of_rows", "row_digest", "tables_of"]

#: Columns that the store adds to every table.
KEYS: Final = ("run_id", "number")

#: Characters of a value of a payload above which the row keeps its SHA-256 only.
_LONGEST: Final = 1000


def row_digest(outcome: Outcome, series: pa.Table | None) -> str:
    """SHA-256 of what a run gave: outcomes and series when it is done, else its status alone.

    Neither seconds nor messages count: they differ from one machine to the next. Nor does the id of the run, which
    changes with the code.
    """
    digest = sha256(f"{ROWS_VERSION}\0{outcome.status}".encode())
    if outcome.status == "done":
        for hashed, name in _hashed(outcome.values):
            digest.update(f"\0{hashed}\0".encode() + struct.pack("<d", outcome.values[name]))
        if series is not None:
            for hashed, name in _hashed(series.column_names):
                digest.update(f"\0{hashed}\0".encode() + _content(series[name]))
    return digest.hexdigest()


def _hashed(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return names as they are hashed, in the order of these, each with the name as it is.

    What is measured in pairs has the number of its arm and a space before its name.
    """
    split = ((name, *name.rpartition(" ")) for name in names)
    return sorted((arm + space + HASHED_NAMES.get(own, own), name) for name, arm, space, own in split)


def _content(column: Any) -> bytes:
    """The values of a column, however it stands in memory."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if column.null_count == 0 and (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        return str(column.type).encode() + bytes(column.to_numpy().tobytes())
    return json.dumps([str(column.type), column.to_pylist()], default=str).encode()


def digest_of_rows(runs: pa.Table) -> str:
    """SHA-256 over the digests of all rows, in order of run number."""
    digest = sha256()
    for _, row in sorted(zip(runs["number"].to_pylist(), runs["digest"].to_pylist(), strict=True)):
        digest.update(row.encode())
    return digest.hexdigest()


def tables_of(batch: Sequence[tuple[Run, Outcome, pa.Table | None, str]]) -> dict[str, pa.Table]:
    """The tables of some runs. Outcomes and series are there of runs that are done, so that nobody averages others."""
    import pyarrow as pa

    found = {
        "runs": pa.table(
            {
                "run_id": [run.run_id for run, *_ in batch],
                "number": pa.array([run.number for run, *_ in batch], pa.int64()),
                "status": [outcome.status for _, outcome, *_ in batch],
                "error": [outcome.error for _, outcome, *_ in batch],
                "seconds": pa.array([outcome.seconds for _, outcome, *_ in batch], pa.float64()),
                "payload": [_payload(run.payload) for run, *_ in batch],
                "digest": [digest for *_, digest in batch],
            }
        ),
        "outcomes": _outcomes(batch),
    }
    series = [_keyed(run, table) for run, _, table, _ in batch if table is not None]
    return {**found, "series": pa.concat_tables(series, promote_options="permissive")} if series else found


def _outcomes(batch: Sequence[tuple[Run, Outcome, pa.Table | None, str]]) -> pa.Table:
    import pyarrow as pa

    rows = [
        (run.run_id, run.number, name, value)
        for run, outcome, *_ in batch
        if outcome.status == "done"
        for name, value in outcome.values.items()
    ]
    kinds = {"run_id": pa.string(), "number": pa.int64(), "outcome": pa.string(), "value": pa.float64()}
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return pa.table({name: pa.array(column, kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)})


def _keyed(run: Run, table: pa.Table) -> pa.Table:
    """The series of a run with the columns that say whose they are; text as plain text."""
    import pyarrow as pa

    if clash := [name for name in KEYS if name in table.column_names]:
        raise RunnerError(f"series of runs must not have a column {clash[0]!r}; the store adds it")
    columns = {
        name: table[name].cast(table[name].type.value_type) if pa.types.is_dictionary(table[name].type) else table[name]
        for name in table.column_names
    }
    rows = table.num_rows
    keys = {"run_id": pa.repeat(run.run_id, rows), "number": pa.repeat(pa.scalar(run.number, pa.int64()), rows)}
    return pa.table({**keys, **columns})


def _payload(payload: Mapping[str, object]) -> str:
    """The payload as JSON, with long texts (a whole scenario) as their SHA-256.

    >>> _payload({"seed": 3, "overrides": {"space.price": 120.0}})
    '{"overrides":{"space.price":120.0},"seed":3}'
    >>> len(_payload({"scenario": "x" * 5000}))
    86
    """
    return json.dumps({name: _short(value) for name, value in sorted(payload.items())}, separators=(",", ":"))


def _short(value: object) -> object:
    text = json.dumps(value, sort_keys=True, default=str)
    if len(text) > _LONGEST:
        return f"sha256:{sha256(text.encode()).hexdigest()}"
    plain: object = json.loads(text)
    return plain
