"""Surveys of many worlds: simulate, survey, fit, on several processors; then power, and exaggeration."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import pandas as pd

from colearn.experiments.batch import Kept, run_batch
from colearn.experiments.errors import RunnerError
from colearn.experiments.runs import Outcome, Progress, Run
from colearn.experiments.worker import check_deadline
from colearn.observe.survey.design import FORMS, OUTCOMES
from colearn.observe.survey.power import power_table
from colearn.observe.survey.regression import fit
from colearn.observe.survey.respondents import RULES, flags_by, survey_world
from colearn.observe.survey.trial import simulated
from colearn.scenario import Scenario
from colearn.scenario.problems import InputError, Mark, Problems

__all__ = ["SURVEY_SEEDS", "Surveys", "survey_many", "work"]

#: The survey of replicate k has the seed of the worlds plus k times this: who answers differs from world to world.
SURVEY_SEEDS: Final = 1_000_003
_TAB: Final = "\t"
_LABELS: Final = ("outcome", "rule", "form", "term")
_TRIAL: Final = ("treatment", "outcome", "rule", "group")

_scenarios: dict[str, Scenario] = {}


@dataclass(frozen=True)
class Surveys:
    """Surveys of ``replicates`` worlds of a scenario: answers, coefficients, and true slopes."""

    scenario: Scenario
    seed: int
    replicates: int
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


def work(given: Mapping[str, object]) -> tuple[dict[str, float], pd.DataFrame]:
    """Return coefficients and true slopes of one replicate, by labels and column, and its table of respondents."""
    task: Any = given
    if task["digest"] not in _scenarios:
        _scenarios.clear()
        _scenarios[task["digest"]] = Scenario.model_validate(task["scenario"])
    scenario, replicate = _scenarios[task["digest"]], int(task["replicate"])
    world, slopes = simulated(scenario, int(task["seed"]), replicate, trial=bool(task["trial"]), check=check_deadline)
    table = survey_world(world, int(task["seed"]) + SURVEY_SEEDS * replicate)
    found: dict[str, float] = {}
    for row in pd.concat(_fitted(table, task["rules"])).to_dict("records"):
        found |= _flat("fit", [row.pop(name) for name in _LABELS], row)
    for slope in slopes:
        columns = {name: getattr(slope, name) for name in slope.__slots__}
        found |= _flat("trial", [columns.pop(name) for name in _TRIAL], columns)
    return found, table


def _fitted(table: pd.DataFrame, rules: list[str]) -> list[pd.DataFrame]:
    """Return every regression that the answers bear; ValueError, the first reason, where they bear none.

    A survey with too few left-behind regions by one rule still tells about the other, and is not left out: surveys
    left out by what they found would bend what the rest say.
    """
    found, refused = [], []
    for rule in rules:
        for form in FORMS:
            for outcome in OUTCOMES:
                try:
                    found.append(fit(table, outcome, rule=rule, form=form).table())
                except ValueError as error:
                    refused.append(error)
    if not found:
        raise refused[0]
    return found


def _flat(kind: str, labels: list[Any], columns: Mapping[Any, Any]) -> dict[str, float]:
    """Return numbers by kind, labels and column; what is not defined is left out."""
    head = _TAB.join((kind, *map(str, labels)))
    return {f"{head}{_TAB}{name}": float(value) for name, value in columns.items() if math.isfinite(value)}


def _unflat(kind: str, labels: tuple[str, ...], outcomes: Mapping[int, Outcome]) -> pd.DataFrame:
    """Return the table that :func:`_flat` took apart, with the replicate."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for replicate, outcome in outcomes.items():
        for key, value in outcome.values.items():
            first, *names, column = key.split(_TAB)
            if first == kind:
                row = rows.setdefault(
                    (replicate, *names), {"replicate": replicate, **dict(zip(labels, names, strict=True))}
                )
                row[column] = value
    table = pd.DataFrame(list(rows.values()))
    for name in labels:
        if name in table:
            table[name] = pd.Categorical(table[name], categories=list(dict.fromkeys(table[name])))
    return table


def survey_many(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replicates: int = 1,
    trial: bool = True,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
) -> Surveys:
    """Simulate ``replicates`` worlds, survey each and fit every form, outcome and rule to the answers.

    ``trial`` False leaves out the randomised trials, which take as long as ``survey.trial_weeks`` twice more. One
    worker does the work in this process. Raises InputError where the scenario cannot bear the regression, RunnerError
    when no replicate succeeds, KeyboardInterrupt after Ctrl-C.
    """
    seed = scenario.seed if seed is None else seed
    payload = {
        "scenario": scenario.model_dump(mode="json"), "digest": scenario.digest, "seed": seed, "trial": trial,
        "rules": _rules(scenario),
    }  # fmt: skip
    runs = [Run(f"{scenario.digest}-survey-{seed}-{k}", k, payload | {"replicate": k}) for k in range(replicates)]
    kept = Kept()
    run_batch(runs, work, kept, workers=min(workers, replicates), progress=progress)
    done, failed = kept.done, [f"replicate {k}: {error}" for k, error in kept.failed.items()]
    if not done:
        raise RunnerError(f"no replicate succeeded; the first says: {failed[0]}")
    return Surveys(
        scenario, seed, len(done), _respondents(done), _unflat("fit", _LABELS, done), _unflat("trial", _TRIAL, done),
        failed,
    )  # fmt: skip


def _respondents(done: Mapping[int, Outcome]) -> pd.DataFrame:
    tables: list[Any] = [outcome.series.to_pandas() for outcome in done.values()]
    for replicate, table in zip(done, tables, strict=True):
        table.insert(0, "replicate", replicate)
    found: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return found.assign(**{name: found[name].astype("category") for name in tables[0].select_dtypes("category")})


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
