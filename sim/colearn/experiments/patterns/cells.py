"""Runs of patterns as the runner takes them, kept in a folder: the same command goes on after any stop."""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from colearn.experiments.errors import RefusedError
from colearn.experiments.patterns.forms import Form
from colearn.experiments.patterns.work import pattern_work
from colearn.experiments.pool import Inline
from colearn.experiments.reading import Stored
from colearn.experiments.runner import run_all
from colearn.experiments.runs import Progress, Run
from colearn.experiments.store import Store
from colearn.observe.provenance import code_version
from colearn.observe.results import simulate
from colearn.scenario import Scenario, load_scenario

__all__ = ["Batch", "Cell", "Held", "Limits", "cell", "do_cells", "for_form"]

#: Counts up when a number of the same run comes to mean something else.
SCHEMA: Final = 1
_MOST_POINTS: Final = 1_000_000
_MOST_REPLICATES: Final = 1000


@dataclass(frozen=True)
class Batch:
    """What a folder is about: a scenario with settings, a purpose, and what else decides its runs.

    ``source`` is the name or path that the user gave.
    """

    source: str
    scenario: Scenario
    settings: Mapping[str, Any]
    purpose: str
    seed: int
    about: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides the runs but for how many there are."""
        return _sha([SCHEMA, self.purpose, self.scenario.digest, self.seed, dict(self.about)])

    @property
    def folder(self) -> Path:
        """The folder where none is given."""
        return Path("results", f"{self.scenario.name}-{self.purpose}-{self.digest[:8]}")


@dataclass(frozen=True)
class Cell:
    """One run: its part of the whole, the form of its world, its point and its replicate."""

    part: str
    arm: str
    point: int
    replicate: int
    payload: Mapping[str, object]

    def run(self, batch: Batch, code: str) -> Run:
        """Return it as the runner takes it; the number is the same whatever else is run."""
        arm = zlib.crc32(f"{self.part}|{self.arm}".encode()) >> 12
        number = (arm * _MOST_POINTS + self.point) * _MOST_REPLICATES + self.replicate
        place = [SCHEMA, code, batch.scenario.digest, self.part, self.arm, self.point, self.replicate]
        return Run(_sha([*place, self.payload]), number, self.payload)


@dataclass(frozen=True)
class Limits:
    """How runs are done; see ``colearn.experiments.runner.run_all``. One worker does them in this process."""

    workers: int = 2
    executor: Callable[[], Executor] | None = None
    deadline_seconds: float | None = None
    memory_limit_mb: float | None = None
    progress: Callable[[Progress], None] | None = None
    stop: threading.Event | None = None
    force: bool = False
    command: Sequence[str] = ()


@dataclass(frozen=True)
class Held:
    """The runs that were asked for, a row each: part, arm, point, replicate, status, error and the measures."""

    folder: Path
    runs: pd.DataFrame
    digest: str
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many runs have each status."""
        return {str(status): int(number) for status, number in self.runs["status"].value_counts().items()}

    @property
    def complete(self) -> bool:
        """Whether every run came to an end."""
        return "missing" not in self.counts

    def done(self, part: str, arm: str | None = None) -> pd.DataFrame:
        """Return the rows of a part, and arm, that are done."""
        rows = self.runs[(self.runs["status"] == "done") & (self.runs["part"] == part)]
        return rows if arm is None else rows[rows["arm"] == arm]


def cell(batch: Batch, part: str, arm: str, point: int, replicate: int, seed: int, **more: Any) -> Cell:
    """Return a run of a batch; ``overrides`` in ``more`` come on top of the settings."""
    overrides = {**batch.settings, **more.pop("overrides", {})}
    payload = {"scenario": batch.source, "seed": seed, "replicate": replicate, "overrides": overrides, **more}
    return Cell(part, arm, point, replicate, payload)


def for_form(form: Form, overrides: Mapping[str, Any], ratios: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Return what a form makes of a world: its settings on top of ``overrides``, its ratios in place of ``ratios``."""
    chosen = ratios if form.ratios is None else form.ratios
    policies = None if form.policies is None else [dict(policy) for policy in form.policies]
    more: dict[str, Any] = {"overrides": {**overrides, **form.settings}}
    optional = {"ratios": dict(chosen or {}), "policies": policies, "scale": form.scale}
    return more | {name: value for name, value in optional.items() if value not in ({}, None, "points")}


def do_cells(batch: Batch, cells: Sequence[Cell], folder: Path | None, limits: Limits) -> Held:
    """Do the cells that the folder does not hold yet, and return all of them as a table."""
    if not cells:
        raise RefusedError("there is nothing to run: ask for draws or replicates")
    folder = batch.folder if folder is None else folder
    code = code_version()
    runs = [one.run(batch, code) for one in cells]
    about = {"purpose": batch.purpose, "scenario": {"name": batch.scenario.name, "digest": batch.scenario.digest},
             "seed": batch.seed, "command": list(limits.command), **batch.about}  # fmt: skip
    with Store(folder, study=batch.digest, code=code, about=about, total=len(runs), force=limits.force) as store:
        executor = Inline if limits.executor is None and limits.workers == 1 else limits.executor
        if executor is None and any(not store.holds(run.run_id) for run in runs):
            simulate(load_scenario("tiny"))  # compiles the model, or each worker would for itself
        run_all(
            runs, pattern_work, executor=executor, workers=limits.workers, store=store,
            deadline_seconds=limits.deadline_seconds, memory_limit_mb=limits.memory_limit_mb,
            progress=limits.progress, stop=limits.stop,
        )  # fmt: skip
        store.flush()
        stored = store.stored()
        notes = [*store.notes, *stored.notes]
    return Held(folder, _table(cells, runs, stored), stored.digest(), tuple(notes))


def _table(cells: Sequence[Cell], runs: Sequence[Run], stored: Stored) -> pd.DataFrame:
    """Join the cells with what is held of them."""
    places = pd.DataFrame(
        [(run.run_id, one.part, one.arm, one.point, one.replicate) for one, run in zip(cells, runs, strict=True)],
        columns=["run_id", "part", "arm", "point", "replicate"],
    )
    held = stored.runs().select(["run_id", "status", "error", "seconds"]).to_pandas()
    long = stored.outcomes().select(["run_id", "outcome", "value"]).to_pandas()
    wide = long.pivot(index="run_id", columns="outcome", values="value").astype(np.float64)
    found = places.join(held.drop_duplicates("run_id").set_index("run_id"), on="run_id").join(wide, on="run_id")
    found["status"] = found["status"].fillna("missing")
    found["error"] = found["error"].fillna("")
    for name in ("part", "arm", "status"):
        found[name] = found[name].astype("category")
    return found


def _sha(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False, default=dict)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
