"""Read the runs of a study; also while others are being added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.experiments.errors import StoreError
from colearn.experiments.manifest import read_manifest
from colearn.experiments.parts import Part, fault_of, listed
from colearn.experiments.rows import KEYS, digest_of_rows
from colearn.scenario.problems import nearest

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Stored", "sound_parts"]

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
    "runs": {"run_id": "string", "number": "int64", "status": "string", "error": "string", "seconds": "float64",
             "payload": "string", "digest": "string"},
    "outcomes": {"run_id": "string", "number": "int64", "outcome": "string", "value": "float64"},
    "series": {"run_id": "string", "number": "int64"},
}  # fmt: skip
