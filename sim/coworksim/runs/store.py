"""The folder of a study: what was run is kept, whatever happens.

One coordinator at a time adds to a folder. Outcomes wait in memory until there are ``part_runs`` of them or
``part_seconds`` have passed, and are then written as a part (coworksim.runs.parts). Only what has been written
counts; after any end, the same study goes on with what is missing.
"""

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from coworksim.files.errors import StoreError
from coworksim.files.provenance import model_version
from coworksim.files.result_folder import check_name
from coworksim.runs.coordination import Lock
from coworksim.runs.parts import PARTS, TABLES, Row, row_of, set_aside, sound_parts, sweep, tables_of, write_part
from coworksim.runs.run import STATUSES, Input, Outcome, Run
from coworksim.runs.stored_runs import StoredRuns, accepted, now, write_manifest

#: The first part of a batch is there within five seconds of its first run that ends, however long the others take.
_FIRST_SECONDS: Final = 3.0
_LONG: Final = 1.0


class RunStore:
    """A folder to which outcomes are added; it is locked until ``close``.

    study: hash of the study; a folder of another one is refused (StoreError).
    code: version of model and measure (``version_of``), by default of the model; a folder of another one is refused.
    about: what else the manifest shall say (command, study file, scenario hashes, seeds).
    total: how many runs the study has.
    retry: failed and invalid runs count as missing; what comes of them now stands in the place of their rows.
    inputs: what varies, each of which is a column of the rows of runs.
    own: series are those of somebody's own measure, of which nobody declared the types: numbers are all of one type.
    force: take a folder of another study or other code all the same; the manifest then says so under ``mixed``.

    ``notes`` holds a sentence for each part that had changed on the disk: it was set aside, and its runs are missing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        study: str,
        code: str | None = None,
        about: Mapping[str, object] | None = None,
        total: int | None = None,
        force: bool = False,
        retry: bool = False,
        inputs: Mapping[str, Input] | None = None,
        own: bool = False,
        part_runs: int = 200,
        part_seconds: float = 30.0,
    ) -> None:
        self.folder, self.notes, self._inputs = folder, list[str](), dict(inputs or {})
        self._part_runs, self._part_seconds = part_runs, part_seconds
        self._waiting: list[Row] = []
        self._since: float | None = None  # when the first of those that wait came
        self._written = self._failed = False
        self._kinds: dict[str, str] | None = {} if own else None  # of the columns of series
        self._again: dict[str, str] = {}  # status of runs that are to be done again
        check_name(folder)
        try:
            if folder.exists() and not folder.is_dir():
                raise StoreError(f"{folder} is a file; give a folder for the study")
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder} cannot be made ({error.strerror}); give another folder") from error
        self._lock = Lock(folder)
        try:
            code = model_version() if code is None else code
            self.manifest = accepted(folder, study, code, about or {}, force=force)
            self._begin(total, retry=retry)
        except BaseException:
            self._lock.release()
            raise

    def _begin(self, total: int | None, *, retry: bool) -> None:
        """Set aside what has changed, remove what was never finished, and find out what is held."""
        folder = self.folder
        write_manifest(folder, self.manifest)  # before anything else, or the folder would be nobody's
        parts, faults = sound_parts(folder)
        for number, fault in sorted(faults.items()):
            set_aside(folder, number)
            self.notes.append(f"part {number} of {folder} is set aside: {fault}; its runs count as missing")
            self.manifest["damaged"].append({"at": now(), "fault": fault})
        self._next = sweep(folder, {part.number for part in parts})
        self._total = total
        try:
            for name in (*TABLES, PARTS):
                (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written ({error.strerror}); give another folder") from error
        stored = StoredRuns(folder, checked=parts)
        held = stored.runs()
        if self._kinds is not None:
            self._kinds |= stored.kinds()
        status_of = dict(zip(held["run_id"].to_pylist(), held["status"].to_pylist(), strict=True))
        self._held = set(status_of)
        self._count = Counter(status_of.values())
        if retry:  # failed and invalid runs count as missing
            self._again = {run: status for run, status in status_of.items() if status in ("failed", "invalid")}
            self._held.difference_update(self._again)
        if self._again:
            self.manifest.setdefault("retried", []).append({"at": now(), "runs": len(self._again)})
        self._write_manifest()

    # -- adding

    def holds(self, run_id: str) -> bool:
        """Whether there is a row of this run, saved or waiting."""
        return run_id in self._held

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome; it is saved with others."""
        self._since = time.monotonic() if self._since is None else self._since
        row = row_of(run, outcome, self._kinds)
        outcome = row[1]
        self._waiting.append(row)
        self._held.add(run.run_id)
        before = self._again.pop(run.run_id, None)
        if before is not None:
            self._count[before] -= 1
        self._count[outcome.status] += 1
        self.tick()

    def tick(self) -> None:
        """Save what waits when it is time to; the first that comes soon, for the next may take long."""
        if self._since is None:
            return
        patience = self._part_seconds if self._written else min(_FIRST_SECONDS, self._part_seconds)
        long = not self._written and self._waiting[-1][1].seconds >= _LONG
        if long or len(self._waiting) >= self._part_runs or time.monotonic() - self._since >= patience:
            self.flush()

    def flush(self) -> None:
        """Save what waits. After a failure to do so nothing more is tried: the disk may be full."""
        if self._failed or not self._waiting:
            return
        self._failed = True
        try:
            write_part(self.folder, self._next, tables_of(self._waiting, self._inputs))
            self._next += 1
            self._waiting.clear()
            self._since, self._written = None, True
            self._write_manifest()
        except StoreError as error:
            lost = f"{len(self._waiting):,} runs are not saved, all before are"
            raise StoreError(f"{error}; {lost}: make room or mend the folder, and run the study again") from error
        self._failed = False

    def expect(self, total: int, **about: object) -> None:
        """Note how many runs the study has come to have, and what else the manifest shall say from now on."""
        self._total = total
        self.manifest.update(about)
        self._write_manifest()

    def _write_manifest(self) -> None:
        self.manifest["runs"] = {"total": self._total, **{status: self._count[status] for status in STATUSES}}
        self.manifest["updated"] = now()
        write_manifest(self.folder, self.manifest)

    # -- the end

    def close(self) -> None:
        """Save what waits, and give the folder free."""
        try:
            self.flush()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def stored(self) -> StoredRuns:
        """What has been saved so far, to read."""
        return StoredRuns(self.folder)
