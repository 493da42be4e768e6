"""Surveys of many worlds: simulate, survey, fit, on several processors; then power, and exaggeration.

What a world yields is kept in a folder: answers, coefficients and true slopes, rows of one table whose column ``part``
says which they are.

Surveys on disk: answers, coefficients, true slopes and power as CSV and Parquet, and where they come from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coworksim.evidence.survey.power import power_table
from coworksim.evidence.survey.regression import fits
from coworksim.evidence.survey.regressors import FORMS, OUTCOMES
from coworksim.evidence.survey.respondents import RULES, flags_by, survey_world, with_categories
from coworksim.evidence.survey.trial import TrueSlope, simulated
from coworksim.files.columns import note
from coworksim.files.errors import InputError, Mark, Problems, RunnerError
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, write_json
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import Held, Limits, run_stored, sha
from coworksim.runs.run import Run, version_of
from coworksim.runs.saved_run import for_spreadsheets
from coworksim.runs.worker import check_deadline

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from coworksim.runs.stored_runs import Stored


__all__ = [
    "LIMITS",
    "SURVEY_SEEDS",
    "Surveys",
    "about",
    "plain",
    "survey_folder",
    "survey_many",
    "work",
    "write_surveys",
]


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
        "scenario": scenario.model_dump(mode="json"),
        "digest": scenario.digest,
        "seed": seed,
        "trial": trial,
        "rules": _rules(scenario),
    }
    runs = [
        Run(sha([SCHEMA, code, scenario.digest, seed, trial, k]), k, payload | {"replicate": k})
        for k in range(replicates)
    ]
    about = {
        "purpose": "survey",
        "scenario": {"name": scenario.name, "digest": scenario.digest},
        "seed": seed,
        "trial": trial,
    }
    held, stored = run_stored(
        runs,
        work,
        folder or survey_folder(scenario, seed, trial=trial),
        limits or Limits(),
        study=_study(scenario, seed, trial=trial),
        code=code,
        about=about,
    )
    return _read(scenario, seed, runs, held, stored)


def _read(scenario: Scenario, seed: int, runs: list[Run], held: Held, stored: Stored) -> Surveys:
    """Return the tables of the runs that are done."""
    status, error = (dict(zip(held.runs["run_id"], held.runs[name], strict=True)) for name in ("status", "error"))
    done = {run.run_id: run.number for run in runs if status[run.run_id] == "done"}
    failed = [
        f"replicate {run.number}: {error[run.run_id]}" for run in runs if status[run.run_id] not in ("done", "missing")
    ]
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


#: What a reader must know.
LIMITS: Final = (
    "slopes are associations among those who answered; the true slopes beside them come from randomised trials in "
    "copies of the same worlds",
    "development, scales and months as a member are in standard deviations of the respondents",
    "intervals are robust to regions (CR2, Satterthwaite); p_permutation permutes the flag over regions",
    "the flag is a rule of this project; both its variants are fitted",
    "which questions were asked in the original is known from its report only; items stand for them",
)


def about(surveys: Surveys, command: Sequence[str] = ()) -> dict[str, Any]:
    """Return where surveys come from and how they are to be read."""
    scenario = surveys.scenario
    return {
        "command": list(command),
        "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
        "seed": surveys.seed,
        "replicates": surveys.replicates,
        "failed": list(surveys.failed),
        "digest": surveys.held.digest,
        "outcomes": OUTCOMES,
        "forms": FORMS,
        "read_this": list(LIMITS),
        "environment": environment(),
        "about": "Surveys of simulated people, not of real ones.",
    }


def write_surveys(surveys: Surveys, folder: Path, *, command: Sequence[str] = ()) -> None:
    """Write the tables, scenario and manifest into ``folder``, which exists."""
    tables = {
        "respondents": surveys.respondents,
        "coefficients": surveys.coefficients,
        "true-slopes": surveys.slopes,
        "power": surveys.power,
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
        for_spreadsheets(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    (folder / "scenario.yaml").write_text(surveys.scenario.to_yaml(), encoding="utf-8", newline="\n")
    columns = {str(column): note(str(column)) for column in surveys.respondents.columns}
    rows = {name: len(table) for name, table in tables.items()}
    write_json(folder / MANIFEST, about(surveys, command) | {"columns": {"respondents": columns}, "rows": rows})


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them: null for what is not defined."""
    return [
        {
            str(name): None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]
