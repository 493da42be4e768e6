"""Surveys of many worlds: simulate, survey, fit, on several processors; then power, and exaggeration.

What a world yields is kept in a folder: answers, coefficients and true slopes, rows of one table whose column ``part``
says which they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from colearn.experiments.batch import Held, Limits, run_stored, sha
from colearn.experiments.errors import RunnerError
from colearn.experiments.runs import Run, version_of
from colearn.experiments.worker import check_deadline
from colearn.observe.survey.design import FORMS, OUTCOMES
from colearn.observe.survey.power import power_table
from colearn.observe.survey.regression import fits
from colearn.observe.survey.respondents import RULES, flags_by, survey_world, with_categories
from colearn.observe.survey.trial import TrueSlope, simulated
from colearn.scenario import Scenario
from colearn.scenario.problems import InputError, Mark, Problems

if TYPE_CHECKING:
    import pyarrow as pa

    from colearn.experiments.reading import Stored

__all__ = ["SURVEY_SEEDS", "Surveys", "survey_folder", "survey_many", "work"]

#: The survey of replicate k has the seed of the worlds plus k times this: who answers differs from world to world.
SURVEY_SEEDS: Final = 1_000_003
#: Counts up when a number of the same survey comes to mean something else.
SCHEMA: Final = 1
_PARTS: Final = ("respondents", "coefficients", "slopes")

_scenarios: dict[str, Scenario] = {}


@dataclass(frozen=True)
class Surveys:
    """Surveys of ``replicates`` worlds of a scenario: answers, coefficients, and true slopes.

    ``held``: how the runs stand; where some are missing (a stop), the tables hold those that are there.
    """

    scenario: Scenario
    seed: int
    replicates: int
    held: Held
    respondents: pd.DataFrame
    coefficients: pd.DataFrame
    slopes: pd.DataFrame
    failed: list[str] = field(default_factory=list)

    @cached_property
    def power(self) -> pd.DataFrame:
        """Return power and exaggeration over the surveys."""
        return power_table(self.coefficients, self.slopes)

    def fitted(self, rule: str, form: str = "direct") -> int:
        """Count the surveys to which the regression could be fitted."""
        c = self.coefficients
        return int(c[(c["rule"] == rule) & (c["form"] == form)]["replicate"].nunique())

    def first(self, outcome: str, rule: str = "flag_narrow", form: str = "direct") -> pd.DataFrame:
        """Return the coefficients of the first survey, one row a term."""
        c = self.coefficients
        chosen = c[(c["outcome"] == outcome) & (c["rule"] == rule) & (c["form"] == form)]
        found: pd.DataFrame = chosen[chosen["replicate"] == chosen["replicate"].min()]
        return found


def work(given: Mapping[str, object]) -> tuple[dict[str, float], pa.Table]:
    """Return how many answered and how many regressions were fitted in one replicate, and the table of all of it."""
    task: Any = given
    if task["digest"] not in _scenarios:
        _scenarios.clear()
        _scenarios[task["digest"]] = Scenario.model_validate(task["scenario"])
    scenario, replicate = _scenarios[task["digest"]], int(task["replicate"])
    world, slopes = simulated(scenario, int(task["seed"]), replicate, trial=bool(task["trial"]), check=check_deadline)
    answers = survey_world(world, int(task["seed"]) + SURVEY_SEEDS * replicate)
    fitted = _fitted(answers, task["rules"])
    true = pd.DataFrame([{one.name: getattr(slope, one.name) for one in fields(TrueSlope)} for slope in slopes])
    counted = {"respondents": float(len(answers)), "regressions": float(len(fitted))}
    return counted, _together(answers, pd.concat(fitted, ignore_index=True), true)


def _fitted(table: pd.DataFrame, rules: list[str]) -> list[pd.DataFrame]:
    """Return every regression that the answers bear; ValueError, the first reason, where they bear none.

    A survey with too few left-behind regions by one rule still tells about the other, and is not left out: surveys
    left out by what they found would bend what the rest say.
    """
    found, refused = [], []
    for rule in rules:
        for form in FORMS:
            try:
                found += [one.table() for one in fits(table, tuple(OUTCOMES), rule=rule, form=form)]
            except ValueError as error:
                refused.append(error)
    if not found:
        raise refused[0]
    return found


def _together(*tables: pd.DataFrame) -> pa.Table:
    """Return tables as one, ``part`` first; what one of them lacks is missing there."""
    import pyarrow as pa

    parts = []
    for name, table in zip(_PARTS, tables, strict=True):
        plain = table.astype(dict.fromkeys(table.select_dtypes("category"), object))
        part = pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None)
        parts.append(part.add_column(0, "part", pa.repeat(name, len(table))))
    return pa.concat_tables([part for part in parts if len(part)], promote_options="permissive")


def _part(everything: pa.Table, name: str, replicates: Mapping[str, int]) -> pd.DataFrame:
    """Return the rows of one of the tables, ``replicate`` first, in the order of replicates."""
    import pyarrow.compute as pc

    rows = everything.filter(pc.equal(everything["part"], name))
    here = [one for one in rows.column_names if one not in ("part", "number") and rows[one].null_count < len(rows)]
    table = rows.select(here).to_pandas()
    if table.empty:
        return pd.DataFrame()
    table.insert(0, "replicate", table.pop("run_id").map(replicates))
    found: pd.DataFrame = table.sort_values("replicate", kind="stable", ignore_index=True)
    return found


def survey_folder(scenario: Scenario, seed: int, *, trial: bool) -> Path:
    """Return the folder of the surveys of a scenario where none is given."""
    return Path("results", f"{scenario.name}-survey-{_study(scenario, seed, trial=trial)[:8]}")


def _study(scenario: Scenario, seed: int, *, trial: bool) -> str:
    return sha([SCHEMA, "survey", scenario.digest, seed, trial])


def survey_many(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replicates: int = 1,
    trial: bool = True,
    folder: Path | None = None,
    limits: Limits | None = None,
) -> Surveys:
    """Simulate ``replicates`` worlds, survey each and fit every form, outcome and rule to the answers.

    What ``folder`` holds already is not done again. ``trial`` False leaves out the randomised trials, which take as
    long as ``survey.trial_weeks`` twice more. Raises InputError where the scenario cannot bear the regression,
    RunnerError when no replicate succeeds.
    """
    seed, code = scenario.seed if seed is None else seed, version_of(work)
    payload = {
        "scenario": scenario.model_dump(mode="json"), "digest": scenario.digest, "seed": seed, "trial": trial,
        "rules": _rules(scenario),
    }  # fmt: skip
    runs = [
        Run(sha([SCHEMA, code, scenario.digest, seed, trial, k]), k, payload | {"replicate": k})
        for k in range(replicates)
    ]
    about = {"purpose": "survey", "scenario": {"name": scenario.name, "digest": scenario.digest}, "seed": seed,
             "trial": trial}  # fmt: skip
    held, stored = run_stored(
        runs, work, folder or survey_folder(scenario, seed, trial=trial), limits or Limits(),
        study=_study(scenario, seed, trial=trial), code=code, about=about,
    )  # fmt: skip
    return _read(scenario, seed, runs, held, stored)


def _read(scenario: Scenario, seed: int, runs: list[Run], held: Held, stored: Stored) -> Surveys:
    """Return the tables of the runs that are done."""
    status, error = (dict(zip(held.runs["run_id"], held.runs[name], strict=True)) for name in ("status", "error"))
    done = {run.run_id: run.number for run in runs if status[run.run_id] == "done"}
    failed = [f"replicate {run.number}: {error[run.run_id]}" for run in runs
              if status[run.run_id] not in ("done", "missing")]  # fmt: skip
    if not done and held.complete:
        raise RunnerError(f"no replicate succeeded; the first says: {failed[0]}")
    everything = stored.series()
    if done:
        import pyarrow as pa
        import pyarrow.compute as pc

        everything = everything.filter(pc.is_in(everything["run_id"], pa.array(list(done))))
        answers, coefficients, slopes = (_part(everything, name, done) for name in _PARTS)
        answers = with_categories(answers, scenario)
    else:
        answers, coefficients, slopes = (pd.DataFrame() for _ in _PARTS)
    for table in (coefficients, slopes):
        for name in (one for one in table.columns if isinstance(table[one].dtype, pd.StringDtype)):
            table[name] = pd.Categorical(table[name], categories=list(dict.fromkeys(table[name])))
    return Surveys(scenario, seed, len(done), held, answers, coefficients, slopes, failed)


def _rules(scenario: Scenario) -> list[str]:
    """Return the flags that have regions of both kinds; a scenario without two of either kind is refused."""

    def counts(flags: list[str]) -> int:
        behind = sum(flag == "left-behind" for flag in flags)
        return min(behind, len(flags) - behind)

    found = [f"flag_{rule}" for rule in RULES if counts(flags_by(scenario, rule)) >= 2]
    if found:
        return found
    problems = Problems()
    problems.add(
        Mark(scenario.name),
        f"{sum(place.flag == 'left-behind' for place in scenario.regions)} of {len(scenario.regions)} regions are "
        "left behind",
        "survey a scenario with at least two regions of either kind, such as uk-74-regions",
    )
    raise InputError(problems.listed())
