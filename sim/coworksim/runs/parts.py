"""Rows of runs, and parts: some hundred runs at a time, on the disk for good or not there at all.

A part is a Parquet file in each of the folders ``runs``, ``outcomes`` and ``series``, and a record in ``parts`` that is
written last and holds the size and the SHA-256 of each; the name of the record holds its own. So files without a record
were never finished, and a part of which one byte has changed is known.
"""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.errors import RunnerError, StoreError
from coworksim.files.result_folder import flush_folder
from coworksim.model.hashed import HASHED_NAMES, ROWS_VERSION
from coworksim.model.parameters import Kind
from coworksim.runs.run import Input, Outcome, Run
from coworksim.runs.worker import arrow

if TYPE_CHECKING:
    import pyarrow as pa


#: Columns that the store adds to every table.
KEYS: Final = ("run_id", "number")
_KEYED: Final = {"run_id": "string", "number": "int64"}
_TOLD: Final = {"status": "string", "error": "string", "seconds": "float64", "payload": "string", "digest": "string"}
#: The tables of a store, which are also the names of the folders: columns and kinds, of series those that all have.
TABLES: Final[dict[str, dict[str, str]]] = {
    "runs": {**_KEYED, **_TOLD},
    "outcomes": {**_KEYED, "outcome": "string", "value": "float64"},
    "series": _KEYED,
}
PARTS: Final = "parts"
ASIDE: Final = "aside"

_OF_KIND: Final = {Kind.REAL: "float64", Kind.INTEGER: "int64", Kind.CHOICE: "string"}
_RECORD: Final = re.compile(r"(\d{6,})-([0-9a-f]{16})\.json")
_FILE: Final = re.compile(r"(\d{6,})\.parquet")
_UNFINISHED: Final = ".tmp"
#: Characters of a value of a payload above which the row keeps its SHA-256 only.
_LONGEST: Final = 1000
_CAST: Final = ("double", "string")
#: A run, what came of it, its series, and the digest of these.
type Row = tuple[Run, Outcome, pa.Table | None, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has a record: the size and the SHA-256 of each file by its name relative to the folder."""

    number: int
    record: Path
    files: Mapping[str, tuple[int, str]]

    def file(self, folder: Path, table: str) -> Path | None:
        """The file of a table; None when the part has none (no series were kept)."""
        name = f"{table}/{self.number:06}.parquet"
        return folder / name if name in self.files else None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there with all its content or not at all, even after a power cut."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error


def parquet(table: pa.Table) -> bytes:
    """A table as the content of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    text = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    pq.write_table(table, out, compression="zstd", use_dictionary=text)
    return bytes(out.getvalue().to_pybytes())


def write_part(folder: Path, number: int, tables: Mapping[str, pa.Table]) -> Part:
    """Write the tables of a part, and then its record."""
    files: dict[str, tuple[int, str]] = {}
    for name, table in tables.items():
        content = parquet(table)
        files[f"{name}/{number:06}.parquet"] = len(content), sha256(content).hexdigest()
        write_whole(folder / name / f"{number:06}.parquet", content)
    content = json.dumps({"part": number, "files": files}, indent=1).encode()
    record = folder / PARTS / f"{number:06}-{sha256(content).hexdigest()[:16]}.json"
    write_whole(record, content)
    return Part(number, record, files)


def _listed(folder: Path) -> tuple[list[Part], dict[int, str]]:
    """The parts with a record in order, and by number what is wrong with records that cannot be believed."""
    parts, odd = [], {}
    for record in sorted((folder / PARTS).glob("*.json")):
        if not (match := _RECORD.fullmatch(record.name)):
            continue
        number = int(match[1])
        try:
            content = record.read_bytes()
        except OSError as error:
            odd[number] = f"{PARTS}/{record.name} cannot be read ({error.strerror})"
            continue
        if sha256(content).hexdigest()[:16] != match[2]:
            odd[number] = f"{PARTS}/{record.name} is not as it was written"
            continue
        files: dict[str, Any] = json.loads(content)["files"]
        parts.append(Part(number, record, {name: (size, digest) for name, (size, digest) in files.items()}))
    return parts, odd


def _fault_of(folder: Path, part: Part) -> str | None:
    """What is wrong with the files of a part, if anything."""
    for name, (size, digest) in part.files.items():
        try:
            with (folder / name).open("rb") as file:
                if os.fstat(file.fileno()).st_size != size:
                    return f"{name} has {os.fstat(file.fileno()).st_size:,} bytes of {size:,}"
                if file_digest(file, "sha256").hexdigest() != digest:
                    return f"{name} is not as it was written"
        except OSError as error:
            return f"{name} cannot be read ({error.strerror})"
    return None


def set_aside(folder: Path, number: int) -> None:
    """Move the files of a part to the folder ``aside``, so that its runs are missing and nothing is lost."""
    records = (folder / PARTS).glob(f"{number:06}-*.json")
    tables = (path for name in TABLES if (path := folder / name / f"{number:06}.parquet").exists())
    try:
        (folder / ASIDE).mkdir(exist_ok=True)
        for path in [*records, *tables]:  # the record first: without it the rest counts as unfinished
            path.replace(folder / ASIDE / f"{path.parent.name}-{path.name}")
            flush_folder(path.parent)
    except OSError as error:
        raise StoreError(f"a damaged part of {folder} cannot be moved to {ASIDE}/ ({error.strerror})") from error


def sweep(folder: Path, known: set[int]) -> int:
    """Remove what was never finished, and give the number of the next part. Only for who holds the lock."""
    numbers = set(known)
    try:
        for path in (path for name in (*TABLES, PARTS) for path in (folder / name).glob("*")):
            match = _FILE.fullmatch(path.name)
            if path.name.endswith(_UNFINISHED) or (match and int(match[1]) not in known):
                path.unlink()
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror}); give another folder") from error
    for path in (folder / ASIDE).glob("*"):
        numbers.update(int(found) for found in re.findall(r"\d{6,}", path.name)[:1])
    return max(numbers, default=-1) + 1


def altered_files(folder: Path, part: Part) -> list[str]:
    """Return the files of a part whose content is not as it was written; OSError where one cannot be read."""
    found = []
    for name, (_, digest) in part.files.items():
        with (folder / name).open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != digest:
                found.append(name)
    return found


def listed_parts(folder: Path) -> list[Part]:
    """Return the parts that have a sound record, whatever became of their files."""
    return _listed(folder)[0]


def sound_parts(folder: Path) -> tuple[list[Part], dict[int, str]]:
    """The parts that are as they were written, and by number what is wrong with the others."""
    parts, odd = _listed(folder)
    faults = {part.number: fault for part in parts if (fault := _fault_of(folder, part)) is not None}
    return [part for part in parts if part.number not in faults], {**odd, **faults}


# --- rows


def row_of(run: Run, outcome: Outcome, kinds: dict[str, str] | None = None) -> Row:
    """Return what is written of a run.

    ``kinds`` are those of the series of somebody's own measure so far, to which new columns are added; None where the
    measure declares what it gives. A run of which a column is of another kind is invalid.
    """
    series = arrow(outcome.series) if outcome.status == "done" else None
    if series is not None and kinds is not None:
        series, fault = _declared(series, kinds)
        if fault:
            outcome, series = Outcome(run.run_id, "invalid", {}, None, fault, outcome.seconds), None
    return run, outcome, series, row_digest(outcome, series)


def kind_of(kind: Any) -> str:
    """Return the one type in which values like these are kept: whole numbers and others alike, and all text alike."""
    import pyarrow as pa

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return "double" if number else "string" if text else str(kind)


def _declared(series: pa.Table, kinds: dict[str, str]) -> tuple[pa.Table, str]:
    """Return series with one type for each kind of value, and what is wrong with them, if anything is.

    A whole number in one run and a fraction in the next would give a column two types, and nobody could read the parts
    together. A column without any value has no type until a run has one: it is left out, and read as a gap.
    """
    import pyarrow as pa

    given = {name: kind_of(series.schema.field(name).type) for name in series.column_names}
    given = {name: kinds.get(name, kind) if kind == "null" else kind for name, kind in given.items()}
    given = {name: kind for name, kind in given.items() if kind != "null"}
    for name, kind in given.items():
        if (before := kinds.setdefault(name, kind)) != kind:
            return series, f"column {name!r} of its series holds {kind}, and {before} in other runs; give one of these"
    try:
        plain = {name: series[name].cast(kind) if kind in _CAST else series[name] for name, kind in given.items()}
    except pa.ArrowInvalid as error:  # a whole number beyond 2**53
        return series, f"a column of its series cannot be kept as it is ({error}); give fractions or text"
    return pa.table(plain), ""


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


def tables_of(batch: Sequence[Row], inputs: Mapping[str, Input] | None = None) -> dict[str, pa.Table]:
    """The tables of some runs. Outcomes and series are there of runs that are done, so that nobody averages others.

    ``inputs`` are further columns of the runs: what each was given.
    """
    import pyarrow as pa

    runs = [
        (run.run_id, run.number, outcome.status, outcome.error, outcome.seconds, _payload(run.payload), digest)
        for run, outcome, _, digest in batch
    ]
    done = [(run, outcome) for run, outcome, *_ in batch if outcome.status == "done"]
    outcomes = [(run.run_id, run.number, *named) for run, outcome in done for named in outcome.values.items()]
    found = {"runs": _table("runs", runs), "outcomes": _table("outcomes", outcomes)}
    for name, one in (inputs or {}).items():
        values = [one.of(name, run.payload) for run, *_ in batch]
        found["runs"] = found["runs"].append_column(name, pa.array(values, _OF_KIND[one.kind]))
    series = [_keyed(run, table) for run, _, table, _ in batch if table is not None]
    return {**found, "series": pa.concat_tables(series, promote_options="permissive")} if series else found


def _table(name: str, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema(list(TABLES[name].items()))
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema)


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
