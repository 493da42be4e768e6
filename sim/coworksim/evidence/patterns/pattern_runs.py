"""Runs of patterns: one run, from plain data to the measures of its final worker table; many, kept in a folder.

Patterns, ablations and contrasts are presets of one thing: cells (part x variant x point x replicate) of a scenario,
which ``pattern_work`` measures, and what is made of the runs that are done. The same command goes on after any stop.
"""

import zlib
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from coworksim.evidence.patterns.declaration import Variant
from coworksim.evidence.patterns.pattern_measures import measured, survey_outcomes
from coworksim.evidence.patterns.untuned import alike, apart, ranges
from coworksim.files.errors import RefusedError
from coworksim.files.load import load_scenario
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.announcement import will_replace
from coworksim.runs.batch import BatchResult, Cell, InFolder, asked_for, run_in_folder
from coworksim.runs.run import Limits, run_of, sha, version_of
from coworksim.runs.simulation import simulate
from coworksim.runs.stored_runs import StoredRuns, as_written
from coworksim.runs.worker import check_deadline


def pattern_work(payload: Mapping[str, object]) -> Mapping[str, float]:
    """Simulate, and measure the final worker table.

    Keys of ``payload``, of which all but the first three may be left out: ``scenario`` (name or path), ``seed``,
    ``replicate``, ``overrides`` (values by name), ``ratios`` and ``alike`` (see ``untuned``), ``policies``
    (plain data), ``scale`` (how gains are put down), ``asked`` (true: the answers of a survey of the users
    too). Policies of a scenario stay where none are given.

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
        found |= survey_outcomes(workers, seed + replicate, str(given.get("scale", "points")))
    return found


def world_of(given: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a payload."""
    scenario = _loaded(str(given["scenario"]), tuple((given.get("overrides") or {}).items()))
    if given.get("alike"):
        scenario = alike(scenario, given["alike"])
    if given.get("ratios"):
        scenario = apart(scenario, given["ratios"])
    if given.get("policies") is None:
        return scenario
    policies = [Policy.model_validate({"end": scenario.weeks, **policy}) for policy in given["policies"]]
    return scenario.model_copy(update={"policies": tuple(policies)})


@lru_cache(maxsize=16)
def _loaded(name: str, overrides: tuple[tuple[str, object], ...]) -> Scenario:
    """Load a scenario once for all runs of a point that a process works on."""
    return load_scenario(name, dict(overrides), quiet=True)


_MOST_POINTS: Final = 1_000_000
_MOST_REPLICATES: Final = 1000


@dataclass(frozen=True)
class PatternStudy:
    """What a folder is about: a scenario with settings, a purpose, what else decides its runs, and how much is asked.

    ``source`` is the name or path that the user gave, ``code`` the version of model and measure.
    """

    source: str
    scenario: Scenario
    settings: Mapping[str, Any]
    purpose: str
    seed: int
    about: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)
    code: str = field(default_factory=lambda: version_of(pattern_work))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides the runs but for how many there are."""
        return sha([self.purpose, self.scenario.digest, self.seed, dict(self.settings), dict(self.about)])

    @property
    def manifest(self) -> dict[str, Any]:
        """What the manifest says, so that the folder can be read alone."""
        plain = {name: getattr(self, name) for name in ("source", "purpose", "seed")}
        named = {"name": self.scenario.name, "digest": self.scenario.digest}
        told = {name: dict(getattr(self, name)) for name in ("settings", "about", "asked")}
        return {**plain, "scenario": named, "world": self.scenario.model_dump(mode="json"), **told}

    @classmethod
    def of_folder(cls, folder: Path, purpose: str) -> Self:
        """Return what a folder is about. Raises StoreError where it is about something else."""
        told = asked_for(folder, purpose)
        with as_written(folder):
            kept = {name: told[name] for name in ("source", "settings", "purpose", "seed", "about", "asked")}
            return cls(scenario=Scenario.model_validate(told["world"]), code=told["model_version"], **kept)

    def cell(self, part: str, arm: str, point: int, replicate: int, seed: int, **more: Any) -> Cell:
        """Return a cell; ``overrides`` in ``more`` come on top of the settings.

        Its number, which gives the order of rows, is the same whatever else is run.
        """
        place = {"part": part, "arm": arm, "point": point, "replicate": replicate}
        world = {"scenario": self.source, "digest": self.scenario.digest, "seed": seed}
        payload = {**place, **world, **more, "overrides": {**self.settings, **more.get("overrides", {})}}
        block = zlib.crc32(f"{part}|{arm}".encode()) >> 12
        number = (block * _MOST_POINTS + point) * _MOST_REPLICATES + replicate
        return Cell(run_of(pattern_work, number, payload, self.code), part, arm, point, replicate)


def as_variant(
    variant: Variant, overrides: Mapping[str, Any], ratios: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Return what a variant makes of a world: its settings over ``overrides``, its ratios in place of ``ratios``."""
    chosen = ratios if variant.ratios is None else variant.ratios
    policies = None if variant.policies is None else [dict(policy) for policy in variant.policies]
    more: dict[str, Any] = {"overrides": {**overrides, **variant.settings}}
    optional = {"ratios": dict(chosen or {}), "policies": policies, "scale": variant.scale}
    return more | {name: value for name, value in optional.items() if value not in ({}, None, "points")}


@dataclass(frozen=True, repr=False)
class PatternResult(InFolder):
    """What was found: the base of patterns, ablations and contrasts.

    It lies in the folder of its runs: ``load`` reads it from there, and ``save`` puts a copy elsewhere.
    """

    purpose: ClassVar[str]
    told_by = "report_patterns"
    study: PatternStudy
    batch: BatchResult

    @classmethod
    @abstractmethod
    def _cells(cls, study: PatternStudy) -> Iterable[Cell]:
        """Go through the cells of a study."""

    @classmethod
    @abstractmethod
    def _read(cls, study: PatternStudy, batch: BatchResult) -> Self:
        """Put the tables together."""

    @classmethod
    def run(cls, study: PatternStudy, folder: Path | None, limits: Limits) -> Self:
        """Do the cells that the folder does not hold yet, and read all of them."""
        cells = list(cls._cells(study))
        if not cells:
            raise RefusedError("there is nothing to run: ask for draws or replicates")
        place = Path("results", f"{study.scenario.name}-{study.purpose}-{study.digest[:8]}")
        said: Any = {"study": study.digest, "code": study.code, "about": study.manifest}
        drawn = ranges(study.scenario, study.settings) if study.asked.get("draws") else ()
        told = will_replace(study.scenario, drawn)
        if limits.announce and told:
            limits.announce(told)
        batch, _ = run_in_folder(cells, pattern_work, folder or place, limits, **said)
        return cls._read(study, batch)

    @classmethod
    def load(cls, folder: Path, *, altered: bool = False) -> Self:
        """Return what ``folder`` holds; with ``altered`` although a file has changed since it was written.

        Raises StoreError where it holds something else, or is not as it was written.
        """
        study = PatternStudy.of_folder(folder, cls.purpose)
        return cls._read(study, BatchResult.of(cls._cells(study), StoredRuns.to_use(folder, altered=altered)))

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.study.scenario

    @property
    def seed(self) -> int:
        """What fixes all draws."""
        return self.study.seed

    def __repr__(self) -> str:
        """Return in a line what was run, and how much of it is done."""
        asked = ", ".join(f"{number} {name}" for name, number in self.study.asked.items())
        runs = f"{self.batch.counts.get('done', 0)} of {sum(self.batch.counts.values())} runs done"
        return f"<{type(self).__name__} of {self.scenario.name}: {asked}, seed {self.seed}, {runs}>"

    def _repr_html_(self) -> str:
        """Return the same for a notebook, with what is said of it."""
        return f"<p>{escape(repr(self))}</p><pre>{escape(self.report())}</pre>"
