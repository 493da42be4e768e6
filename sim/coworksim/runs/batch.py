"""Runs of one command on several processors: a few in memory, many in a folder from which the same command goes on."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd

from coworksim.files.load import load_scenario
from coworksim.runs.engines import Inline
from coworksim.runs.run import Outcome, Progress, Run, Work, version_of
from coworksim.runs.runner import run_all
from coworksim.runs.simulation import simulate
from coworksim.runs.store import Store
from coworksim.runs.stored_runs import KEYS, Stored

__all__ = ["Held", "Kept", "Limits", "Notebook", "Show", "run_batch", "run_stored", "sha"]

type Show = Callable[[Progress], None] | None


def sha(content: object) -> str:
    """Return the SHA-256 of plain data.

    >>> sha([1, {"b": 2.0, "a": 1}]) == sha([1, {"a": 1, "b": 2.0}])
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False, default=dict)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Limits:
    """How runs are done; see ``coworksim.runs.runner.run_all``. One worker does them in this process."""

    workers: int = 2
    executor: Callable[[], Executor] | None = None
    deadline_seconds: float | None = None
    memory_limit_mb: float | None = None
    progress: Show = None
    stop: threading.Event | None = None
    force: bool = False
    command: Sequence[str] = ()


@dataclass(frozen=True)
class Held:
    """The runs that were asked for, a row each in their order: run_id, status (missing: not run), error and seconds."""

    folder: Path
    runs: pd.DataFrame
    digest: str
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many runs have each status."""
        return {str(status): int(number) for status, number in self.runs["status"].value_counts().items() if number}

    @property
    def complete(self) -> bool:
        """Whether every run came to an end."""
        return "missing" not in self.counts


def run_stored(
    runs: Sequence[Run], work: Work, folder: Path, limits: Limits, *, study: str, code: str, about: Mapping[str, object]
) -> tuple[Held, Stored]:
    """Do the runs that ``folder`` does not hold yet; return how all of them stand, and the store to read.

    ``study`` and ``about``: see ``Store``.
    """
    about = {**about, "command": list(limits.command)}
    with Store(folder, study=study, code=code, about=about, total=len(runs), force=limits.force) as store:
        executor = Inline if limits.executor is None and limits.workers == 1 else limits.executor
        if executor is None and any(not store.holds(run.run_id) for run in runs):
            simulate(load_scenario("tiny"))  # compiles the model, or each worker would for itself
        run_all(
            runs,
            work,
            executor=executor,
            workers=limits.workers,
            store=store,
            deadline_seconds=limits.deadline_seconds,
            memory_limit_mb=limits.memory_limit_mb,
            progress=limits.progress,
            stop=limits.stop,
        )
        store.flush()
        stored = store.stored()
        notes = (*store.notes, *stored.notes)
    rows = stored.runs().select(["run_id", "status", "error", "seconds"]).to_pandas().drop_duplicates("run_id")
    table = pd.DataFrame({"run_id": [run.run_id for run in runs]}).join(rows.set_index("run_id"), on="run_id")
    table["status"] = table["status"].fillna("missing").astype("category")
    table["error"] = table["error"].fillna("")
    return Held(folder, table, stored.digest(), notes), stored


class Notebook:
    """Outcomes of runs, by id, in a folder of which the next command of the kind can go on.

    An id says all that decides a run (``Notebook.id_of``), so that a folder may hold runs of several questions; failed
    ones are tried again.
    """

    def __init__(self, folder: Path, command: Sequence[str] = ()) -> None:
        self.folder, about = folder, {"command": list(command)}
        self._store = Store(folder, study=sha(["notebook"]), about=about, force=True, retry=True)
        self.known = {run_id: o for run_id, o in _outcomes(self._store.stored()).items() if o.status == "done"}

    @staticmethod
    def id_of(payload: Mapping[str, object], work: Work) -> str:
        """Return the id of a run by what it works on and the version of what decides its numbers."""
        return sha([version_of(work), payload])

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome; it is saved with others."""
        self._store.add(run, outcome)
        if outcome.status == "done":
            self.known[run.run_id] = outcome

    def tick(self) -> None:
        """Save what waits when it is time to."""
        self._store.tick()

    def flush(self) -> None:
        """Save what waits."""
        self._store.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._store.close()


def _outcomes(stored: Stored) -> dict[str, Outcome]:
    """Return what a store holds by id of the run; series as they were given."""
    values: dict[str, dict[str, float]] = {}
    table = stored.outcomes(as_given=True)
    for run_id, name, value in zip(*(table[name].to_pylist() for name in ("run_id", "outcome", "value")), strict=True):
        values.setdefault(run_id, {})[name] = value
    series = stored.series()
    names = [name for name in series.column_names if name not in KEYS]
    first: dict[str, list[int]] = {}
    for row, run_id in enumerate(series["run_id"].to_pylist()):
        first.setdefault(run_id, []).append(row)
    return {
        row["run_id"]: Outcome(
            row["run_id"],
            row["status"],
            values.get(row["run_id"], {}),
            series.select(names).take(first[row["run_id"]]) if row["run_id"] in first else None,
            row["error"],
            row["seconds"],
        )
        for row in stored.runs().select(["run_id", "status", "error", "seconds"]).to_pylist()
    }


class Kept:
    """Keeps outcomes in memory, by number of the run; with a notebook there too, and takes what that holds already."""

    def __init__(self, notebook: Notebook | None = None) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._notebook = notebook
        self._numbers: dict[str, int] = {}

    def named(self, runs: Iterable[Run], work: Work) -> Iterator[Run]:
        """Yield runs under the ids of the notebook, if there is one."""
        for run in runs:
            named = replace(run, run_id=self._notebook.id_of(run.payload, work)) if self._notebook else run
            self._numbers[named.run_id] = named.number
            yield named

    def holds(self, run_id: str) -> bool:
        """Whether the notebook holds the run; its outcome is taken then."""
        found = self._notebook.known.get(run_id) if self._notebook else None
        if found is not None:
            self.outcomes[self._numbers[run_id]] = found
        return found is not None

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome."""
        self.outcomes[run.number] = outcome
        if self._notebook:
            self._notebook.add(run, outcome)

    def tick(self) -> None:
        """Save what waits when it is time to."""
        if self._notebook:
            self._notebook.tick()

    def flush(self) -> None:
        """Save what waits."""
        if self._notebook:
            self._notebook.flush()

    @property
    def done(self) -> dict[int, Outcome]:
        """Outcomes of runs that succeeded, in the order of their numbers."""
        return {k: o for k, o in sorted(self.outcomes.items()) if o.status == "done"}

    @property
    def failed(self) -> dict[int, str]:
        """Why the others did not, in the same order."""
        return {k: o.error for k, o in sorted(self.outcomes.items()) if o.status != "done"}


def run_batch(
    runs: Iterable[Run],
    work: Work,
    kept: Kept,
    *,
    workers: int,
    progress: Show,
    total: int | None = None,
    executor: Callable[[], Executor] | None = None,
    stop: threading.Event | None = None,
) -> bool:
    """Do runs and keep their outcomes; one worker does the work in this process unless an engine is handed in.

    Return whether ``stop`` came before the last run; KeyboardInterrupt after Ctrl-C.
    """
    engine = executor or (Inline if workers == 1 else None)
    if total is None and isinstance(runs, Sized):
        total = len(runs)
    summary = run_all(
        kept.named(runs, work),
        work,
        executor=engine,
        workers=workers,
        store=kept,
        progress=progress,
        total=total,
        stop=stop,
    )
    if summary.stopped and not (stop and stop.is_set()):
        raise KeyboardInterrupt
    return summary.stopped
