"""The runs in a folder, to read; also while others are being added.

The manifest says which study they belong to, which code and which machine did them, and how far it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import ValidationError

from coworksim.files.errors import InputError, StoreError, nearest
from coworksim.files.manifest import MANIFEST, OF_RUNS, StoreManifest, broken_seal, first_fault, sealed
from coworksim.files.provenance import environment
from coworksim.runs.coordination import LOCK
from coworksim.runs.parts import (
    KEYS,
    TABLES,
    Part,
    altered_files,
    digest_of_rows,
    kind_of,
    listed_parts,
    sound_parts,
    write_whole,
)

if TYPE_CHECKING:
    import pyarrow as pa

#: Counts up when folders come to be laid out otherwise.
LAYOUT: Final = 2
_OURS: Final = ("made_by", "kind", "layout", "study", "model_version")
_COPY: Final = "put back a copy of it, or give another folder"
_NEXT: Final = "run the study again to repeat what is missing"


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
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path} is damaged; {_COPY}") from error
    if not isinstance(manifest, dict) or manifest.get("made_by") != "coworksim" or manifest.get("kind") != OF_RUNS:
        raise StoreError(f"{folder} holds other results, not a study; give another folder")
    if manifest.get("layout") != LAYOUT:
        raise StoreError(f"{folder} holds runs in the layout of another version of coworksim; give another folder")
    try:
        StoreManifest.model_validate(manifest)
    except ValidationError as error:
        raise StoreError(f"{path} does not fit: {first_fault(error)}; {_COPY}") from error
    if broken_seal(manifest):
        raise StoreError(f"{path} is not as it was written; {_COPY}")
    return manifest


@contextmanager
def as_written(folder: Path, altered: Sequence[str] = ()) -> Iterator[None]:
    """Refuse a folder whose manifest does not say what is read off it, or whose ``altered`` files make no sense.

    Raises StoreError.
    """
    try:
        yield
    except (InputError, StoreError):
        raise
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        what = "does not say what was asked for" if not altered else f"does not go with {altered[0]}, which was altered"
        raise StoreError(f"{folder / MANIFEST} {what} ({type(error).__name__}); {_COPY}") from error


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(sealed(manifest), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(folder / MANIFEST, text.encode("utf-8", errors="backslashreplace"))


def _fresh(study: str, code: str, about: Mapping[str, object]) -> dict[str, Any]:
    """The manifest of a study that begins."""
    import psutil

    return {
        "made_by": "coworksim",
        "kind": OF_RUNS,
        "layout": LAYOUT,
        "study": study,
        "model_version": code,
        **_more(about),
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
        return _fresh(study, code, about)
    manifest = read_manifest(folder)
    for name, what, given in (("study", "another study", study), ("model_version", "runs of another model", code)):
        there, mixed = manifest.get(name), manifest.setdefault("mixed", [])
        if there != given and not force:
            raise StoreError(
                f"{folder} holds {what} ({name} {str(there)[:12]}, not {given[:12]}); "
                "give another folder, or --force to add to it all the same, which the manifest will say"
            )
        if there != given and not any(old.get(name) == given for old in mixed):
            mixed.append({"at": now(), name: given, "differs_from": there})
    return manifest | _more(about)


def _more(about: Mapping[str, object]) -> dict[str, Any]:
    """Return what a manifest says besides; what every one has stays as it is."""
    return {name: value for name, value in about.items() if name not in _OURS}


class StoredRuns:
    """The runs in a folder as they stand now. Every part is checked; the runs of one that has changed are missing.

    notes: a sentence for each part that was left out.
    altered: files that are read although they are not as they were written, where that was allowed.
    manifest: where the runs came from.
    """

    def __init__(self, folder: Path, *, checked: Sequence[Part] | None = None, altered: bool = False) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = read_manifest(folder)
        self._parts, faults = sound_parts(folder) if checked is None else (list(checked), {})
        self.altered: tuple[str, ...] = ()
        if altered and faults:
            self._take_altered(faults)
        self.notes = [f"part {number} of {folder} is left out: {fault}; {_NEXT}" for number, fault in faults.items()]

        #: The version of model and measure to which the runs belong.
        self.code = str(self.manifest["model_version"])

    @classmethod
    def to_use(cls, folder: Path, *, altered: bool = False) -> Self:
        """Return the runs of a folder that somebody is to rely on.

        Raises StoreError where a part is not as it was written; with ``altered`` only where it cannot be used.
        """
        found = cls(folder, altered=altered)
        if found.notes:
            fault = found.notes[0].partition(": ")[2]
            more = "" if altered else ", or add --altered (altered=True) to use it all the same, marked as altered"
            raise StoreError(f"{folder} is not as it was written: {fault}{more}")
        return found

    def _take_altered(self, faults: dict[int, str]) -> None:
        """Take those parts, too, of which only the content of files has changed, and no longer count them as faults."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for part in listed_parts(self.folder):
            if part.number in faults:
                with suppress(OSError, pa.ArrowException):
                    files = altered_files(self.folder, part)
                    for table, declared in TABLES.items():
                        schema = pa.schema(list(declared.items()))
                        file = part.file(self.folder, table)
                        if file is not None and any(field not in pq.read_schema(file) for field in schema):
                            break
                    else:
                        self._parts.append(part)
                        self.altered += tuple(files)
                        del faults[part.number]
        self._parts.sort(key=lambda part: part.number)

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
        if unknown := next((name for name in columns or () if name not in names), None):
            like = nearest(unknown, names)
            write = f"did you mean {like!r}?" if like else f"they have {', '.join(names) or 'none'}"
            raise StoreError(f"the series of {self.folder} have no column {unknown!r}; {write}")
        wanted = None if columns is None else list(dict.fromkeys(["number", *columns]))
        return self._table("series", wanted)

    def kinds(self) -> dict[str, str]:
        """Return the kind of values of each column of the series."""
        return {field.name: kind_of(field.type) for field in self._schema("series") if field.name not in KEYS}

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

        empty = pa.schema(list(TABLES[table].items()))
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
