"""A study from its design to its findings: runs that are missing are done, and what there is is analysed.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from dataclasses import replace
>>> from coworksim.runs.study_reader import load_study
>>> short = replace(load_study("replicates"), scenario="tiny", replicates=2, tolerance={})
>>> with TemporaryDirectory() as place:
...     found = run_study(short, Path(place, "x"), workers=1)
>>> found.counts, found.complete
({'done': 2}, True)
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Final, Unpack

import pandas as pd

from coworksim.files.checked_folder import ALTERED
from coworksim.files.errors import RefusedError, StoreError
from coworksim.files.manifest import MANIFEST
from coworksim.runs.announcement import will_replace
from coworksim.runs.batch import MISSING, BatchResult, InFolder, asked_for, run_batch
from coworksim.runs.coordination import signals_set
from coworksim.runs.effects import COMBINED, combinations
from coworksim.runs.outcomes import WITHOUT, measured, scenario_of, study_work
from coworksim.runs.run import Limits, Measure, Options, name_of, version_of
from coworksim.runs.sensitivity import SHARES, Analysis, analyse, grown
from coworksim.runs.store import RunStore
from coworksim.runs.stored_runs import StoredRuns, as_written, read_manifest
from coworksim.runs.study import Plan, StudyDesign
from coworksim.runs.study_reader import load_study, text_of
from coworksim.statistics.factors import DUMMY

#: What does a run of single worlds (False), and, once ``coworksim.appraisal.paired_study`` is there, of pairs (True).
MEASURES: Final[dict[bool, Measure]] = {False: study_work}


@dataclass(frozen=True, repr=False)
class Study(BatchResult, InFolder):
    """What is there of a study: how its runs stand, and what was found.

    runs: a row a run of the plan: place in the design, status, values of inputs, outcomes (of a study in pairs a row an
        arm, but for the arm without policies). Points that are one run have a row each. An outcome is NaN where the run
        is not done, or where it is undefined.
    analyses: by arm, what was found; empty where no run is done.

    A study lies in the folder of its runs: ``load`` reads it from there, and ``save`` puts a copy elsewhere.
    """

    told_by = "report_study"
    plan: Plan
    analyses: Mapping[str, Analysis]
    manifest: Mapping[str, Any]

    @classmethod
    def load(
        cls, folder: Path | None = None, study: StudyDesign | str | Path | None = None, *, altered: bool = False
    ) -> Study:
        """Analyse what a folder holds; nothing is run.

        Args:
            folder: Folder of the runs; None takes that which ``study`` has where nobody gives one.
            study: A design, a name, or the path of a file; None takes what the folder says of itself.
            altered: Whether to read it although a file has changed since it was written.

        Returns:
            The study as far as it is done.

        Raises:
            StoreError: There is no such folder, it belongs to another study, or it is not as it was written.
        """
        if study is None:
            with as_written(folder or Path()):
                design = StudyDesign.of_plain(asked_for(folder or Path(), "study")["design"])
        else:
            design = study if isinstance(study, StudyDesign) else load_study(study)
        place = folder or default_folder(design)
        plan, stored = plan_of(design, place), StoredRuns.to_use(place, altered=altered)
        with as_written(place, stored.altered):
            return study_of(plan, stored)

    def __repr__(self) -> str:
        """Return in a line what is studied, and how much of it is done."""
        done, total = self.counts.get("done", 0), sum(self.counts.values())
        how = f"{self.study.method}, size {self.plan.size}, {self.plan.replicates} replicates"
        mark = f", {ALTERED}" if self.altered else ""
        return f"<Study {self.study.name} of {self.study.scenario}: {how}, {done} of {total} runs done{mark}>"

    def _repr_html_(self) -> str:
        """Return the same for a notebook, with what was found."""
        tables = (f"<p>{escape(arm)}</p>{one.table.to_html(index=False)}" for arm, one in self.analyses.items())
        return f"<p>{escape(repr(self))}</p>{''.join(tables)}"

    @property
    def study(self) -> StudyDesign:
        """What was asked for."""
        return self.plan.study


def study_of(plan: Plan, stored: StoredRuns, *, notes: Sequence[str] = (), stopped: bool = False) -> Study:
    """Put together what there is of a plan."""
    outcomes = measured(plan.study.outcomes)
    names = [f"{at} {name}" for at in range(len(plan.study.arms)) for name in outcomes]
    wanted = names if plan.study.paired else list(plan.study.outcomes)
    batch = BatchResult.of(plan, stored, wanted, notes=notes, stopped=stopped)
    runs = _table(plan, batch.runs, outcomes)
    more = {"plan": plan, "analyses": _analyses(plan, runs), "manifest": stored.manifest}
    return Study(**{**vars(batch), "runs": runs, **more})


def default_folder(study: StudyDesign) -> Path:
    """Return the folder of a study where none is given; it stays the same while the study grows."""
    return Path("results", f"{study.name}-{study.digest[:8]}")


def run_study(
    study: StudyDesign | str | Path,
    folder: Path | None = None,
    *,
    narrow: float | None = None,
    series: int | None = None,
    measure: Measure | None = None,
    text: str = "",
    **options: Unpack[Options],
) -> Study:
    """Do the runs of a study that ``folder`` does not hold yet, and analyse all of them; worlds may be compared.

    Args:
        study: A design, the name of a built-in study, or the path of a file.
        folder: Where the runs are kept; None makes one under ``results/`` by the name of the study.
        narrow: Where the method doubles: double the size until the half-width of each share of variance is this.
        series: Keep weekly series of every so many weeks.
        measure: What does a run, in place of the simulation; a function that a module defines by name.
        text: The text of the study's file, for the manifest.
        options: Fields of ``Limits``: processes, deadline, progress and such.

    Returns:
        What the folder holds now, finished or not: a row per run, and what the runs say together.

    Raises:
        StudyError: The study is refused; ``problems`` lists every reason.
        StoreError: The folder cannot be used.
        RunnerError: Processes cannot work at all.
    """
    text = text or ("" if isinstance(study, StudyDesign) else text_of(study))
    study = study if isinstance(study, StudyDesign) else load_study(study)
    measure = measure or MEASURES.get(study.paired, study_work)
    _check(study, narrow, series, measure)
    limits = Limits(**options)
    folder, stop = folder or default_folder(study), limits.stop or threading.Event()
    limits = replace(limits, stop=stop)
    code = _code(folder, measure, force=limits.force)
    plan = Plan(study, code, study.size, study.replicates, name_of(measure), series)
    about = {**_about(study), "study_file": text, "command": list(limits.command)}
    given: Any = {"about": about, "force": limits.force, "retry": limits.retry, "inputs": study.inputs}
    given["own"] = not name_of(measure).startswith("coworksim.")
    replaced = will_replace(scenario_of(study.scenario, study.settings, None), study.factors, drawn=False)
    if limits.announce and replaced:
        limits.announce(replaced)
    opened = RunStore(folder, study=plan.digest, code=code, **given)
    with opened as store, signals_set(stop):
        while True:
            store.expect(len({cell.run.run_id for cell in plan}), plan=plan.about)
            run_batch(plan, measure, store, limits, worlds=plan.worlds)
            store.flush()
            found = study_of(plan, store.stored(), notes=store.notes, stopped=stop.is_set())
            larger = None if stop.is_set() else grown(plan, found.analyses, narrow)
            if larger is None:
                return found
            plan, limits = larger, replace(limits, forecast=None)


def _check(study: StudyDesign, narrow: float | None, series: int | None, measure: Measure) -> None:
    if study.paired and (measure is study_work or series is not None):
        what = "the study compares worlds" + (", which keeps no series" if series is not None else "")
        write = "run it by coworksim.run_study, or give measure=coworksim.appraisal.paired_study.pair_work"
        raise RefusedError(f"{what}; {write}")
    if narrow is not None and not (study.method in SHARES and narrow > 0):
        what = f"narrow is {narrow:g}, and the method of the study {study.method}"
        raise RefusedError(f"{what}; give a half-width above 0, to a study by {' or '.join(SHARES)}")
    if series is not None and series < 1:
        raise RefusedError(f"series is {series}; give the weeks from row to row, 1 or more")


def _code(folder: Path, measure: Measure, *, force: bool) -> str:
    """Return the version that ids of runs hold: where another one is taken all the same, that of the folder."""
    taken = force and (folder / MANIFEST).exists()
    return str(read_manifest(folder)["model_version"]) if taken else version_of(measure)


def _about(study: StudyDesign) -> dict[str, object]:
    return {
        "purpose": "study",
        "title": study.title,
        "question": study.question,
        "scenario": {"name": study.scenario, "digest": study.scenario_digest},
        "method": study.method,
        "seed": study.seed,
        "varies": [factor.name for factor in study.factors],
        "outcomes": list(study.outcomes),
        "arms": [arm.name for arm in study.arms],
        "design": study.plain,
    }


def plan_of(study: StudyDesign, folder: Path) -> Plan:
    """Return what was planned when ``folder`` was last run. Raises StoreError when it does not belong to the study."""
    manifest = read_manifest(folder)
    with as_written(folder):
        plan = Plan(study, str(manifest["model_version"]), **manifest.get("plan", {"size": 1, "replicates": 1}))
        known = [manifest["study"], *(note.get("study") for note in manifest["mixed"])]
    if plan.digest not in known:
        raise StoreError(f"{folder} holds another study ({manifest['study'][:12]}, not {plan.digest[:12]})")
    return plan


def status_counts(plan: Plan, stored: StoredRuns) -> dict[str, int]:
    """Return how many different runs of a plan have each status, without their outcomes, which is quick."""
    table = stored.runs()
    held = dict(zip(table["run_id"].to_pylist(), table["status"].to_pylist(), strict=True))
    return dict(Counter(held.get(run_id, MISSING) for run_id in dict.fromkeys(cell.run.run_id for cell in plan)))


# --- the table of runs, and what it says


def _table(plan: Plan, cells: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the runs with their seeds and inputs; of a study in pairs a row an arm instead of a row a run."""
    seeds: list[Any] = [cell.run.payload["seed"] for cell in plan]
    places = cells[["run_id", "point", "arm", "replicate"]].assign(seed=seeds)
    places = places.join(cells[["status", "error", "seconds"]])
    inputs = _inputs(plan)
    if not plan.study.paired:
        return places.join(inputs, on="point").join(cells[list(plan.study.outcomes)])
    tables = []
    for at, arm in enumerate(plan.study.arms):
        if arm.name != WITHOUT:
            own = cells[[f"{at} {name}" for name in outcomes]].set_axis(list(outcomes), axis="columns")
            tables.append(places.assign(arm=arm.name).join(own))
    by_arm = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    return by_arm.join(inputs, on="point")


def _inputs(plan: Plan) -> pd.DataFrame:
    """Return the values of the inputs by point; what a point leaves alone is as the scenario has it.

    The dummy has its place in the unit interval: without it nobody could analyse the rows as the design laid them out.
    """
    names = [factor.name for factor in plan.design.factors if factor.name != DUMMY]
    base: Mapping[str, Any] = plan.study.base
    rows = [{**{name: base.get(name) for name in names}, **plan.design.overrides(k)} for k in range(len(plan.design))]
    found = pd.DataFrame(rows, index=range(len(rows)), columns=names)
    at = [factor.name for factor in plan.design.factors].index(DUMMY) if len(names) < len(plan.design.factors) else None
    return found if at is None else found.assign(**{DUMMY: plan.design.unit[:, at]})


def _analyses(plan: Plan, runs: pd.DataFrame) -> dict[str, Analysis]:
    """Return by arm what the runs that are done say."""
    done = runs[runs["status"] == "done"]
    if plan.study.combined:
        found = Analysis("combinations", plan.size, *combinations(plan, runs)) if len(done) else None
        return {} if found is None else {COMBINED: found}
    own = {arm.name: done[done["arm"] == arm.name] for arm in plan.study.arms}
    wanted = dict(plan.study.tolerance)
    return {
        name: analyse(plan.design, rows, plan.study.outcomes, each=plan.replicates, tolerance=wanted)
        for name, rows in own.items()
        if len(rows)
    }
