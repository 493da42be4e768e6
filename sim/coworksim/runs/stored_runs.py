"""Rows of the tables of a store.

The manifest of a study's folder: which study, which code, which machine, and how far it is.

Read the runs of a study; also while others are being added.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.errors import RunnerError, StoreError, nearest
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, OF_RUNS
from coworksim.model.hashed import HASHED_NAMES, ROWS_VERSION
from coworksim.runs.locking import LOCK
from coworksim.runs.parts import Part, fault_of, listed, write_whole
from coworksim.runs.run import Outcome, Run

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "KEYS",
    "Stored",
    "accepted",
    "digest_of_rows",
    "fresh_manifest",
    "now",
    "read_manifest",
    "row_digest",
    "sound_parts",
    "tables_of",
    "write_manifest",
]


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


def now() -> str:
    """The time of day, for people to read: nothing is computed from it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder that holds a study."""
    path = folder / MANIFEST
    try:
        manifest: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StoreError(f"{folder} holds no study: there is no {MANIFEST} in it") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StoreError(f"{path} is damaged; put back a copy of it, or give another folder") from error
    if not isinstance(manifest, dict) or manifest.get("made_by") != "coworksim" or manifest.get("kind") != OF_RUNS:
        raise StoreError(f"{folder} holds other results, not a study; give another folder")
    return manifest


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(folder / MANIFEST, text.encode("utf-8", errors="backslashreplace"))


def fresh_manifest(study: str, code: str, about: Mapping[str, object]) -> dict[str, Any]:
    """The manifest of a study that begins."""
    import psutil

    return {
        "made_by": "coworksim",
        "kind": OF_RUNS,
        "study": study,
        "model_version": code,
        **{name: value for name, value in about.items() if name not in ("made_by", "kind", "study", "model_version")},
        "environment": environment(),
        "machine": {"processors": os.cpu_count(), "memory_mb": psutil.virtual_memory().total // 2**20},
        "started": now(),
        "mixed": [],
        "damaged": [],
    }


def accepted(folder: Path, study: str, code: str, about: Mapping[str, object], *, force: bool) -> dict[str, Any]:
    """The manifest to go on with in ``folder``, or a refusal; ``force`` takes what differs, which it then says."""
    if not (folder / MANIFEST).exists():
        foreign = sorted(path.name for path in folder.iterdir() if path.name not in (LOCK, f"{MANIFEST}.tmp"))
        if foreign:
            more = ", ..." if foreign[1:] else ""
            raise StoreError(f"{folder} holds other files ({foreign[0]}{more}) and no study; give another folder")
        return fresh_manifest(study, code, about)
    manifest = read_manifest(folder)
    differs = [("study", "another study", study), ("model_version", "runs of another model", code)]
    for name, what, given in differs:
        if manifest.get(name) == given:
            continue
        if not force:
            raise StoreError(
                f"{folder} holds {what} ({name} {str(manifest.get(name))[:12]}, not {given[:12]}); "
                "give another folder, or --force to add to it all the same, which the manifest will say"
            )
        note = {"at": now(), name: given, "differs_from": manifest.get(name)}
        if not any(old.get(name) == given for old in manifest.get("mixed", [])):
            manifest.setdefault("mixed", []).append(note)
    return manifest


_NEXT: Final = "run the study again to repeat what is missing"


def sound_parts(folder: Path) -> tuple[list[Part], dict[int, str]]:
    """The parts that are as they were written, and by number what is wrong with the others."""
    parts, odd = listed(folder)
    faults = {part.number: fault for part in parts if (fault := fault_of(folder, part)) is not None}
    return [part for part in parts if part.number not in faults], {**odd, **faults}


class Stored:
    """The runs in a folder as they stand now. Every part is checked; the runs of one that has changed are missing.

    notes: a sentence for each part that was left out.
    manifest: where the runs came from.
    """

    def __init__(self, folder: Path, *, checked: Sequence[Part] | None = None) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = read_manifest(folder)
        faults: dict[int, str] = {}
        self._parts = list(checked or ())
        if checked is None:
            self._parts, faults = sound_parts(folder)
        self.notes = [f"part {number} of {folder} is left out: {fault}; {_NEXT}" for number, fault in faults.items()]

    def runs(self) -> pa.Table:
        """One row a run, in order of run number: status, error, seconds, payload as JSON, digest.

        Of a run that was done again the last row counts.
        """
        return self._last().sort_by([("number", "ascending"), ("run_id", "ascending")])

    def outcomes(self, *, as_given: bool = False) -> pa.Table:
        """One row a run and outcome (run_id, number, outcome, value), of runs that are done, in order of run number.

        With ``as_given`` rows of a run are in the order in which the run gave them; runs are in no order.
        """
        table = self._table("outcomes")
        return table if as_given else table.sort_by([("number", "ascending"), ("outcome", "ascending")])

    def series(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Series of the runs that are done: the number of the run and the columns asked for, or all there are.

        Rows of a run are in the order in which the run gave them; runs are in no order.
        """
        names = self._schema("series").names
        for name in columns or ():
            if name not in names:
                like = nearest(name, names)
                raise StoreError(
                    f"the series of {self.folder} have no column {name!r}; "
                    + (f"did you mean {like!r}?" if like else f"they have {', '.join(names) or 'none'}")
                )
        wanted = None if columns is None else list(dict.fromkeys(["number", *columns]))
        return self._table("series", wanted)

    def digest(self) -> str:
        """SHA-256 over what the runs gave, in order of run number, however and in how many goes they were done."""
        return digest_of_rows(self._last([*KEYS, "digest"]))

    def _last(self, columns: list[str] | None = None) -> pa.Table:
        """Return the last row of each run: parts are read in their order, and rows of a part as they were written."""
        table = self._table("runs", columns)
        last = {run_id: row for row, run_id in enumerate(table["run_id"].to_pylist())}
        return table if len(last) == table.num_rows else table.take(sorted(last.values()))

    def _files(self, table: str) -> list[Path]:
        return [file for part in self._parts if (file := part.file(self.folder, table)) is not None]

    def _schema(self, table: str) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        empty = pa.schema(list(_EMPTY[table].items()))
        try:
            schemas = [pq.read_schema(file) for file in self._files(table)]
            return pa.unify_schemas([empty, *schemas], promote_options="permissive")
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(table, error) from error

    def _table(self, table: str, columns: list[str] | None = None) -> pa.Table:
        import pyarrow as pa
        import pyarrow.dataset as ds

        schema = self._schema(table)
        files = [str(file) for file in self._files(table)]
        if not files:
            return schema.empty_table()
        try:
            return ds.dataset(files, schema=schema, format="parquet").to_table(columns=columns)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(table, error) from error

    def _unreadable(self, table: str, error: Exception) -> StoreError:
        return StoreError(f"{self.folder / table} cannot be read ({error}); {_NEXT}")


_EMPTY: Final[dict[str, dict[str, str]]] = {
    "runs": {
        "run_id": "string",
        "number": "int64",
        "status": "string",
        "error": "string",
        "seconds": "float64",
        "payload": "string",
        "digest": "string",
    },
    "outcomes": {"run_id": "string", "number": "int64", "outcome": "string", "value": "float64"},
    "series": {"run_id": "string", "number": "int64"},
}
