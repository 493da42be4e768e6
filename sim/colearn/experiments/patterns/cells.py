"""Runs of patterns as the runner takes them, kept in a folder: the same command goes on after any stop."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from colearn.experiments.batch import Held, Limits, run_stored, sha
from colearn.experiments.errors import RefusedError
from colearn.experiments.patterns.forms import Form
from colearn.experiments.patterns.work import pattern_work
from colearn.experiments.runs import Run, version_of
from colearn.scenario import Scenario

__all__ = ["Batch", "Cell", "Cells", "cell", "do_cells", "for_form"]

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
        return sha([SCHEMA, self.purpose, self.scenario.digest, self.seed, dict(self.about)])

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
        return Run(sha([*place, self.payload]), number, self.payload)


class Cells(Held):
    """The cells that were asked for, a row each: part, arm, point, replicate, status, error and the measures."""

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


def do_cells(batch: Batch, cells: Sequence[Cell], folder: Path | None, limits: Limits) -> Cells:
    """Do the cells that the folder does not hold yet, and return all of them as a table."""
    if not cells:
        raise RefusedError("there is nothing to run: ask for draws or replicates")
    code = version_of(pattern_work)
    about = {"purpose": batch.purpose, "scenario": {"name": batch.scenario.name, "digest": batch.scenario.digest},
             "seed": batch.seed, **batch.about}  # fmt: skip
    held, stored = run_stored(
        [one.run(batch, code) for one in cells], pattern_work, batch.folder if folder is None else folder, limits,
        study=batch.digest, code=code, about=about,
    )  # fmt: skip
    places = pd.DataFrame(
        [(one.part, one.arm, one.point, one.replicate) for one in cells],
        columns=["part", "arm", "point", "replicate"],
    )
    long = stored.outcomes().select(["run_id", "outcome", "value"]).to_pandas()
    wide = long.pivot(index="run_id", columns="outcome", values="value").astype(np.float64)
    table = pd.concat([held.runs[["run_id"]], places, held.runs[["status", "error", "seconds"]]], axis=1)
    table = table.astype({"part": "category", "arm": "category"}).join(wide, on="run_id")
    return Cells(held.folder, table, held.digest, held.notes)
