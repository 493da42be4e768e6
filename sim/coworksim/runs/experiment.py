"""A study from its file to its findings: runs that are missing are done, and what there is is analysed.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from dataclasses import replace
>>> from coworksim.runs.engines import Inline
>>> from coworksim.runs.study import load_study
>>> short = replace(load_study("replicates"), scenario="tiny", replicates=2, tolerance={})
>>> with TemporaryDirectory() as place:
...     found = run_experiment(short, Path(place, "x"), executor=Inline)
>>> found.counts, found.complete
({'done': 2}, True)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

import pandas as pd

from coworksim.files.built_in import built_in_studies
from coworksim.files.errors import RefusedError, StoreError
from coworksim.files.extends import is_path
from coworksim.files.load import load_scenario
from coworksim.files.result_folder import MANIFEST
from coworksim.runs.combinations import COMBINED, combinations
from coworksim.runs.plan import Plan, name_of
from coworksim.runs.progress import Forecast, Timed
from coworksim.runs.run import Outcome, Progress, Work, version_of
from coworksim.runs.run_tables import MISSING, counts, digest_of, run_table
from coworksim.runs.runner import ctrl_c_sets, run_all
from coworksim.runs.sensitivity import Analysis, analyse
from coworksim.runs.simulation import simulate
from coworksim.runs.stopping import SHARES, grown
from coworksim.runs.store import Store
from coworksim.runs.stored_runs import Stored, read_manifest
from coworksim.runs.study import Study, load_study
from coworksim.runs.study_work import study_work

__all__ = ["Experiment", "default_folder", "plan_of", "read_experiment", "run_experiment", "study_text"]


@dataclass(frozen=True)
class Experiment:
    """What is there of a study.

    runs: a row a run of the plan (coworksim.runs.run_tables).
    analyses: by arm, what was found; empty where no run is done.
    digest: SHA-256 over what the runs gave, the same however and in how many goes they were done.
    stopped: a stop or Ctrl-C came; what was in flight has been saved.
    notes: what the reader should know of the folder: damaged parts, runs of other code.
    """

    plan: Plan
    folder: Path
    runs: pd.DataFrame
    analyses: Mapping[str, Analysis]
    digest: str
    manifest: Mapping[str, Any]
    stopped: bool = False
    notes: tuple[str, ...] = ()

    @property
    def study(self) -> Study:
        """The study."""
        return self.plan.study

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many different runs have each status."""
        return counts(self.runs)

    @property
    def complete(self) -> bool:
        """Whether every run came to an end, whatever the end."""
        return MISSING not in self.counts


def default_folder(study: Study) -> Path:
    """Return the folder of a study where none is given; it stays the same while the study grows."""
    return Path("results", f"{study.name}-{study.digest[:8]}")


def run_experiment(
    study: Study | str | Path,
    folder: Path | None = None,
    *,
    workers: int = 2,
    executor: Callable[[], Executor] | None = None,
    force: bool = False,
    retry: bool = False,
    deadline_seconds: float | None = None,
    memory_limit_mb: float | None = None,
    narrow: float | None = None,
    series: int | None = None,
    work: Work = study_work,
    progress: Callable[[Progress], None] | None = None,
    forecast: Callable[[Forecast], None] | None = None,
    stop: threading.Event | None = None,
    command: Sequence[str] = (),
    text: str = "",
) -> Experiment:
    """Do the runs of a study that ``folder`` does not hold yet, and analyse all of them.

    Args:
        study: A study, the name of a built-in one, or the path of a file.
        folder: Where the runs are kept; None makes one under ``results/`` by the name of the study.
        workers: Processes that simulate.
        executor: Makes the pool of processes, in place of one of ``workers``; again each time that it broke.
        force: Whether to add to a folder of another study or other code; its manifest then says so.
        retry: Whether to do failed and invalid runs again; what comes of them now counts.
        deadline_seconds: Most seconds of one run.
        memory_limit_mb: Most memory of a process with a run in hand, MB.
        narrow: Where the method doubles: double the size until the half-width of each share of variance is this.
        series: Keep weekly series of every so many weeks.
        work: What does a run, in place of the simulation; a function that a module defines by name.
        progress: Called about four times a second with where the batch stands.
        forecast: Called once, after a few runs of a long study.
        stop: When it is set (Ctrl-C does so too), what is in flight is finished and saved.
        command: What the user typed, for the manifest.
        text: The text of the study's file, for the manifest.

    Returns:
        What the folder holds now, finished or not: a row per run, and what the runs say together.

    Raises:
        StudyError: The study is refused; ``problems`` lists every reason.
        StoreError: The folder cannot be used.
        RunnerError: Processes cannot work at all.
    """
    text = text or study_text(study)
    study = study if isinstance(study, Study) else load_study(study)
    _check(study, narrow, series, work)
    folder = default_folder(study) if folder is None else folder
    stop = stop or threading.Event()
    plan = Plan(study, _code(folder, work, force=force), study.size, study.replicates, name_of(work), series)
    limits: _Limits = {
        "workers": workers,
        "executor": executor,
        "deadline_seconds": deadline_seconds,
        "memory_limit_mb": memory_limit_mb,
        "progress": progress,
        "stop": stop,
    }
    about = {**_about(study), "study_file": text}
    opened = Store(folder, study=plan.digest, code=plan.code, about=about, force=force, retry=retry)
    with opened as store, ctrl_c_sets(stop):
        while True:
            store.expect(len({one.run.run_id for one in plan}), command=list(command), plan=plan.about)
            _do(plan, store, work, forecast, limits)
            found = _found(plan, store.stored(), stopped=stop.is_set())
            larger = None if stop.is_set() else grown(plan, found.analyses, narrow)
            if larger is None:
                return found
            plan, forecast = larger, None


class _Limits(TypedDict):
    workers: int
    executor: Callable[[], Executor] | None
    deadline_seconds: float | None
    memory_limit_mb: float | None
    progress: Callable[[Progress], None] | None
    stop: threading.Event


def _check(study: Study, narrow: float | None, series: int | None, work: Work) -> None:
    if study.paired and (work is study_work or series is not None):
        what = "the study compares worlds" + (", which keeps no series" if series is not None else "")
        raise RefusedError(
            f"{what}; run it by coworksim.run_experiment, or give work=coworksim.appraisal.paired_study.pair_work"
        )
    if narrow is not None and not (study.method in SHARES and narrow > 0):
        what = f"narrow is {narrow:g}, and the method of the study {study.method}"
        raise RefusedError(f"{what}; give a half-width above 0, to a study by {' or '.join(SHARES)}")
    if series is not None and series < 1:
        raise RefusedError(f"series is {series}; give the weeks from row to row, 1 or more")


def _do(plan: Plan, store: Store, work: Work, tell: Callable[[Forecast], None] | None, limits: _Limits) -> None:
    """Do what is missing of a plan; what cannot be is noted without being run."""
    feasible, missing = 0, set[str]()
    for one in plan:
        feasible += one.feasible
        if store.holds(one.run.run_id):
            continue
        if one.feasible:
            missing.add(one.run.run_id)
        else:
            store.add(one.run, Outcome(one.run.run_id, "infeasible"))
    if missing and limits["executor"] is None and name_of(work).startswith("coworksim."):
        simulate(load_scenario("tiny"))  # compiles the model, or each worker would for itself
    runs = (one.run for one in plan if one.feasible)
    sink = Timed(store, len(missing), limits["workers"], tell)
    run_all(runs, work, store=sink, total=feasible, **limits)


def plan_of(study: Study, folder: Path) -> Plan:
    """Return what was planned when ``folder`` was last run. Raises StoreError when it does not belong to the study."""
    manifest = read_manifest(folder)
    plan = Plan(study, str(manifest["model_version"]), **manifest["plan"])
    known = [manifest["study"], *(note.get("study") for note in manifest["mixed"])]
    if plan.digest not in known:
        raise StoreError(f"{folder} holds another study ({manifest['study'][:12]}, not {plan.digest[:12]})")
    return plan


def read_experiment(study: Study | str | Path, folder: Path | None = None) -> Experiment:
    """Analyse what ``folder`` holds of a study; nothing is run."""
    study = study if isinstance(study, Study) else load_study(study)
    folder = default_folder(study) if folder is None else folder
    return _found(plan_of(study, folder), Stored(folder), stopped=False)


def _found(plan: Plan, stored: Stored, *, stopped: bool) -> Experiment:
    runs = run_table(plan, stored)
    analyses = {}
    if plan.study.combined:
        analyses = {COMBINED: combinations(plan, runs)} if (runs["status"] == "done").any() else {}
    for arm in plan.study.arms if not plan.study.combined else ():
        done = runs[(runs["arm"] == arm.name) & (runs["status"] == "done")]
        if len(done):
            analyses[arm.name] = analyse(
                plan.design, done, plan.study.outcomes, each=plan.replicates, tolerance=dict(plan.study.tolerance)
            )
    notes = list(stored.notes)
    if stored.manifest.get("mixed"):
        notes.append(f"{stored.folder} was filled by more than one study or code (its manifest says which: mixed)")
    digest = digest_of(runs, stored)
    return Experiment(plan, stored.folder, runs, analyses, digest, stored.manifest, stopped, tuple(notes))


def _code(folder: Path, work: Work, *, force: bool) -> str:
    """Return the version that ids of runs hold: where another one is taken all the same, that of the folder."""
    return str(read_manifest(folder)["model_version"]) if force and (folder / MANIFEST).exists() else version_of(work)


def study_text(study: Study | str | Path) -> str:
    """Return the text of a study's file, for the manifest; empty where it cannot be had."""
    if isinstance(study, Study):
        return ""
    paths = {built_in.name: built_in.path for built_in in built_in_studies()}
    path = Path(study) if is_path(study) else paths.get(str(study))
    try:
        return "" if path is None else path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""  # the reader says why


def _about(study: Study) -> dict[str, object]:
    return {
        "title": study.title,
        "question": study.question,
        "scenario": {"name": study.scenario, "digest": study.scenario_digest},
        "method": study.method,
        "seed": study.seed,
        "varies": [factor.name for factor in study.factors],
        "outcomes": list(study.outcomes),
        "arms": [arm.name for arm in study.arms],
    }
