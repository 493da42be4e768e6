"""The one driver above the runner: studies, patterns, surveys, comparisons, searches and pilots are all batches.

A batch is points x options x variants x replicates of one measure (a function of a module, from plain data to plain
data), laid out as cells: a run each, and its place. A run has one id (``coworksim.runs.run.run_id``), a hash of all
that decides its numbers: nothing is run twice. Outcomes go to a folder (``RunStore``) from which the same command goes
on and are read back as tables, or they stay in memory (``RunCache``), with a folder behind it or without one.
"""

import shutil
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Final, NamedTuple, Self

import pandas as pd

from coworksim.files.errors import StoreError
from coworksim.files.load import load_scenario
from coworksim.runs.announcement import ONE, Worlds, counted, done_already, will_run
from coworksim.runs.coordination import LOCK
from coworksim.runs.engines import Inline
from coworksim.runs.parts import KEYS, digest_of_rows
from coworksim.runs.progress import forecaster
from coworksim.runs.run import Limits, Measure, Outcome, Run, Sink, name_of, sha
from coworksim.runs.runner import run_all
from coworksim.runs.simulation import simulate
from coworksim.runs.store import RunStore
from coworksim.runs.stored_runs import StoredRuns, read_manifest

#: Status of a run of which there is no row yet.
MISSING: Final = "missing"


class Cell(NamedTuple):
    """A run and its place: the part of the whole, the option or variant, the point, the replicate.

    Where values exclude each other it is not ``feasible``: it is a row and never run.
    """

    run: Run
    part: str = ""
    arm: str = ""
    point: int = 0
    replicate: int = 0
    feasible: bool = True


def run_batch(
    cells: Iterable[Cell],
    measure: Measure,
    store: Sink,
    limits: Limits,
    *,
    total: int | None = None,
    worlds: Worlds = ONE,
) -> bool:
    """Do the cells that ``store`` does not hold yet; return whether a stop or a signal came before the last.

    ``total`` is how many there are, where ``cells`` cannot say; ``worlds`` is what a run simulates. Raises RunnerError
    where workers cannot work at all, StoreError where outcomes cannot be saved.
    """
    missing = 0
    if isinstance(cells, Sized):
        total = len(cells)
        ids = {cell.run.run_id for cell in cells if cell.feasible}
        missing = sum(not store.holds(run_id) for run_id in ids)
        if limits.announce:
            limits.announce(will_run(cells, missing, worlds))
    here = limits.workers == 1 and limits.deadline_seconds is None and limits.memory_limit_mb is None
    executor = limits.executor or (Inline if here else None)
    compiles = executor is None and name_of(measure).startswith("coworksim.")
    seen = forecaster(missing, limits.workers, limits.forecast)
    runs = _runs(cells, store, compiles=compiles)
    ended = run_all(runs, measure, replace(limits, executor=executor), store=store, total=total, seen=seen)
    return ended.stopping


def _runs(cells: Iterable[Cell], store: Sink, *, compiles: bool) -> Iterator[Run]:
    """Yield the run of each cell; the model is compiled before the first, or each worker would do so for itself."""
    for cell in cells:
        if not store.holds(cell.run.run_id):
            if not cell.feasible:
                store.add(cell.run, Outcome(cell.run.run_id, "infeasible"))
            elif compiles:
                simulate(load_scenario("tiny"))
                compiles = False
        yield cell.run


# --- in a folder


@dataclass(frozen=True)
class BatchResult:
    """How the cells stand that were asked for.

    runs: a row a cell, in their order: run_id, part, arm, point, replicate, status (missing: not run), error, seconds,
        and the outcomes, NaN where a run is not done or has no such outcome.
    digest: SHA-256 over what the runs gave, the same however and in how many goes they were done.
    notes: what the reader should know of the folder: damaged parts, runs of other code.
    altered: files of the folder that are not as they were written.
    """

    folder: Path
    runs: pd.DataFrame
    digest: str
    notes: tuple[str, ...]
    altered: tuple[str, ...]
    stopped: bool

    @classmethod
    def of(
        cls,
        cells: Iterable[Cell],
        stored: StoredRuns,
        outcomes: Sequence[str] | None = None,
        *,
        notes: Sequence[str] = (),
        stopped: bool = False,
    ) -> Self:
        """Read how cells stand, with these outcomes, or all there are."""
        columns = ["run_id", *Cell._fields[1:-1]]
        table = pd.DataFrame([(cell.run.run_id, *cell[1:-1]) for cell in cells], columns=columns)
        rows: Any = stored.runs().select(["run_id", "status", "error", "seconds"])
        table = table.join(rows.to_pandas().set_index("run_id"), on="run_id")
        table["status"] = table["status"].fillna(MISSING)
        table["error"] = table["error"].fillna("")
        long: Any = stored.outcomes().select(["run_id", "outcome", "value"])
        wide = long.to_pandas().pivot(index="run_id", columns="outcome", values="value")
        wide = (wide if outcomes is None else wide.reindex(columns=list(outcomes))).astype("float64")
        told = [*notes, *stored.notes]
        if stored.manifest.get("mixed"):
            told.append(f"{stored.folder} was filled by more than one study or code (its manifest says which: mixed)")
        asked = table["run_id"].unique().tolist()
        table, digest = table.join(wide, on="run_id"), _digest(stored, asked)
        return cls(stored.folder, table, digest, tuple(told), stored.altered, stopped)

    @property
    def counts(self) -> dict[str, int]:
        """How many different runs have each status."""
        found = self.runs.drop_duplicates("run_id")["status"].value_counts()
        return {str(status): int(number) for status, number in found.items()}

    @property
    def complete(self) -> bool:
        """Whether every run came to an end, whatever the end."""
        return MISSING not in self.counts

    def save(self, folder: Path) -> Path:
        """Copy the runs to ``folder``, which is new, whole or not at all; give the folder. Raises StoreError."""
        if folder.exists():
            raise StoreError(f"{folder} is there already; give another folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = folder.with_name(f".coworksim-{folder.name}")
        try:
            shutil.copytree(self.folder, staging, ignore=shutil.ignore_patterns(LOCK, "*.tmp"))
            staging.rename(folder)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written ({error}); give another folder") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return folder

    def done(self, part: str, arm: str | None = None) -> pd.DataFrame:
        """Return the rows of a part, and arm, that are done."""
        rows = self.runs[(self.runs["status"] == "done") & (self.runs["part"] == part)]
        return rows if arm is None else rows[rows["arm"] == arm]


class InFolder:
    """A result that lies in the folder of its runs, and is told by a function of ``coworksim.report``."""

    batch: BatchResult
    told_by: ClassVar[str]

    def save(self, folder: Path) -> Path:
        """Copy the runs to ``folder``, as :meth:`BatchResult.save` does."""
        return self.batch.save(folder)

    def report(self, folder: Path | None = None, *, png: bool = False) -> str:
        """Return the findings in sentences; write tables and charts (SVG, PNG too) into ``folder``, if one is given."""
        told: str = getattr(import_module("coworksim.report"), self.told_by)(self, folder, png=png)
        return told


def _digest(stored: StoredRuns, asked: Sequence[str]) -> str:
    """SHA-256 over what these runs gave, in order; other rows in the same folder do not count."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = stored.runs().select(["number", "run_id", "digest"])
    return digest_of_rows(table.filter(pc.is_in(table["run_id"], value_set=pa.array(asked, pa.string()))))


def asked_for(folder: Path, purpose: str) -> dict[str, Any]:
    """Return what was asked for when ``folder`` was filled. Raises StoreError where it is about something else."""
    about = read_manifest(folder)
    if about.get("purpose") != purpose:
        raise StoreError(f"{folder} holds runs for {about.get('purpose', 'another purpose')}, not for {purpose}")
    return about


def run_in_folder(
    cells: Sequence[Cell],
    measure: Measure,
    folder: Path,
    limits: Limits,
    *,
    study: str,
    code: str,
    about: Mapping[str, object],
    worlds: Worlds = ONE,
) -> tuple[BatchResult, StoredRuns]:
    """Do the cells that ``folder`` does not hold yet; return how all of them stand, and the folder to read.

    ``study`` (hash of what the folder is about), ``code`` and ``about``: see ``RunStore``; ``worlds``: ``run_batch``.
    """
    with RunStore(folder, study=study, code=code, force=limits.force, retry=limits.retry) as store:
        store.expect(len({cell.run.run_id for cell in cells}), **about, command=list(limits.command))
        stopped = run_batch(cells, measure, store, limits, worlds=worlds)
        store.flush()
        stored = store.stored()
        return BatchResult.of(cells, stored, notes=store.notes, stopped=stopped), stored


# --- in memory


class RunCache:
    """Outcomes of runs by id, in memory; with a folder kept there too, of which the next command of the kind goes on.

    An id says all that decides a run, so that a folder may hold runs of several questions; failed ones are tried again.
    """

    def __init__(self, folder: Path | None = None, command: Sequence[str] = ()) -> None:
        self.folder, self.known = folder, dict[str, Outcome]()
        self._store: RunStore | None = None
        if folder is not None:
            about = {"command": list(command)}
            self._store = RunStore(folder, study=sha(["cache"]), about=about, force=True, retry=True)
            self.known = {o.run_id: o for o in _outcomes(self._store.stored()) if o.status == "done"}

    def holds(self, run_id: str) -> bool:
        """Whether there is an outcome of this run already."""
        return run_id in self.known

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome; it is saved with others."""
        self.known[run.run_id] = outcome
        if self._store is not None:
            self._store.add(run, outcome)

    def tick(self) -> None:
        """Save what waits when it is time to."""
        if self._store is not None:
            self._store.tick()

    def flush(self) -> None:
        """Save what waits."""
        if self._store is not None:
            self._store.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._store is not None:
            self._store.close()


def _outcomes(stored: StoredRuns) -> Iterator[Outcome]:
    """Go through what a folder holds; series as they were given."""
    values, places = defaultdict[str, dict[str, float]](dict), defaultdict[str, list[int]](list)
    for row in stored.outcomes(as_given=True).to_pylist():
        values[row["run_id"]][row["outcome"]] = row["value"]
    series = stored.series()
    names = [name for name in series.column_names if name not in KEYS]
    for at, run_id in enumerate(series["run_id"].to_pylist()):
        places[run_id].append(at)
    for row in stored.runs().select(["run_id", "status", "error", "seconds"]).to_pylist():
        own = row["run_id"]
        given = series.select(names).take(places[own]) if own in places else None
        yield Outcome(own, row["status"], values.get(own, {}), given, row["error"], row["seconds"])


@dataclass(frozen=True)
class Outcomes:
    """What came of runs, by their number."""

    by_number: Mapping[int, Outcome]
    stopped: bool = False

    @property
    def done(self) -> dict[int, Outcome]:
        """Those that succeeded, in order."""
        return {k: o for k, o in sorted(self.by_number.items()) if o.status == "done"}

    def failed(self, label: str = "replicate", each: int = 1) -> list[str]:
        """Say of each other one why it did not, under ``label`` and the number of its group of so many."""
        return [f"{label} {k // each}: {o.error}" for k, o in sorted(self.by_number.items()) if o.status != "done"]


def run_in_memory(
    runs: Iterable[Run],
    measure: Measure,
    cache: RunCache | None,
    limits: Limits,
    *,
    total: int | None = None,
    whole: bool = True,
    says: str = "",
) -> Outcomes:
    """Do the runs that ``cache`` does not hold yet; return the outcomes of all of them.

    ``says`` is what is announced of them. Raises KeyboardInterrupt after a stop, unless it is the caller's own and what
    there is will do (``whole`` False).
    """
    cache, numbers = cache or RunCache(), dict[int, str]()
    total = len(runs) if total is None and isinstance(runs, Sized) else total
    if limits.announce and total:
        there = sum(cache.holds(run.run_id) for run in runs) if isinstance(runs, Sized) else 0
        limits.announce((says or f"To do: {counted(total, 'run')}.") + done_already(there))

    def cells() -> Iterator[Cell]:
        for run in runs:
            numbers[run.number] = run.run_id
            yield Cell(run)

    stop = limits.stop or threading.Event()
    stopped = run_batch(cells(), measure, cache, replace(limits, stop=stop), total=total)
    if stopped and (whole or limits.stop is None):
        raise KeyboardInterrupt
    found = {number: cache.known[own] for number, own in numbers.items() if own in cache.known}
    return Outcomes(found, stopped)
