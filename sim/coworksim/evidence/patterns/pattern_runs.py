"""One run, from plain data to the measures of its final worker table: what a worker process does.

Runs of patterns as the runner takes them, kept in a folder: the same command goes on after any stop.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from coworksim.evidence.patterns.pattern_measures import measured
from coworksim.evidence.patterns.region_contrast import alike, apart
from coworksim.evidence.patterns.survey_outcomes import asked
from coworksim.evidence.patterns.variants import Form
from coworksim.files.errors import RefusedError
from coworksim.files.load import load_scenario
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import Held, Limits, run_stored, sha
from coworksim.runs.run import Run, version_of
from coworksim.runs.simulation import simulate
from coworksim.runs.worker import check_deadline

__all__ = ["Batch", "Cell", "Cells", "cell", "do_cells", "for_form", "pattern_work", "world_of"]


def pattern_work(payload: Mapping[str, object]) -> Mapping[str, float]:
    """Simulate, and measure the final worker table.

    Keys of ``payload``, of which all but the first three may be left out: ``scenario`` (name or path), ``seed``,
    ``replicate``, ``overrides`` (values by name), ``ratios`` and ``alike`` (see ``environment``), ``policies`` (plain
    data), ``scale`` (how gains are put down), ``asked`` (true: the answers of a survey of the users too). Policies of
    a scenario stay where none are given.

    >>> short = {"weeks": 26, "burn_in_weeks": 4}
    >>> found = pattern_work({"scenario": "small-town", "overrides": short, "seed": 1, "replicate": 0})
    >>> found["E1.space.value"] > 0
    True
    """
    given: Any = payload
    seed, replicate = int(given["seed"]), int(given["replicate"])
    scenario = world_of(given)
    workers = simulate(scenario, seed, replicate, progress=lambda done, total: check_deadline()).workers
    found = measured(workers, scenario.weeks, seed=seed + replicate, scale=str(given.get("scale", "points")))
    if given.get("asked"):
        found |= asked(workers, seed + replicate, str(given.get("scale", "points")))
    return found


def world_of(given: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a payload."""
    scenario = _loaded(str(given["scenario"]), tuple((given.get("overrides") or {}).items()))
    if given.get("alike"):
        scenario = alike(scenario, given["alike"])
    if given.get("ratios"):
        scenario = apart(scenario, given["ratios"])
    return scenario if given.get("policies") is None else _with_policies(scenario, given["policies"])


def _with_policies(scenario: Scenario, policies: Sequence[Mapping[str, Any]]) -> Scenario:
    fitted = [Policy.model_validate({"end": scenario.weeks, **policy}) for policy in policies]
    return scenario.model_copy(update={"policies": tuple(fitted)})


@lru_cache(maxsize=16)
def _loaded(name: str, overrides: tuple[tuple[str, object], ...]) -> Scenario:
    """Load a scenario once for all runs of a point that a process works on."""
    return load_scenario(name, dict(overrides))


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
    about = {
        "purpose": batch.purpose,
        "scenario": {"name": batch.scenario.name, "digest": batch.scenario.digest},
        "seed": batch.seed,
        **batch.about,
    }
    held, stored = run_stored(
        [one.run(batch, code) for one in cells],
        pattern_work,
        batch.folder if folder is None else folder,
        limits,
        study=batch.digest,
        code=code,
        about=about,
    )
    places = pd.DataFrame(
        [(one.part, one.arm, one.point, one.replicate) for one in cells],
        columns=["part", "arm", "point", "replicate"],
    )
    long = stored.outcomes().select(["run_id", "outcome", "value"]).to_pandas()
    wide = long.pivot(index="run_id", columns="outcome", values="value").astype(np.float64)
    table = pd.concat([held.runs[["run_id"]], places, held.runs[["status", "error", "seconds"]]], axis=1)
    table = table.astype({"part": "category", "arm": "category"}).join(wide, on="run_id")
    return Cells(held.folder, table, held.digest, held.notes)
