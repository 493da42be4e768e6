"""Studies that compare worlds: the work of one run, handed to the runner of studies.

A run is all arms of a point and replicate: one burn-in, the world without policies, and each arm, forked from the same
week, as in an appraisal. Studies are to the left of appraisals and know only the names of what they may ask for
(``coworksim.runs.paired_outcomes``); so the way goes from here to there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from coworksim.appraisal.distribution import distribution
from coworksim.appraisal.measures import Pair, terms
from coworksim.appraisal.money import money
from coworksim.appraisal.pairs import Record, burnt_in, forked, lived
from coworksim.model.scenario import Scenario
from coworksim.runs import experiment
from coworksim.runs.paired_outcomes import PAIRED
from coworksim.runs.run import Work
from coworksim.runs.study import Study, load_study
from coworksim.runs.study_work import scenario_of, study_work

__all__ = ["pair_work", "run_experiment", "work_of"]


def work_of(study: Study) -> Work:
    """Return what does a run of a study."""
    return pair_work if study.paired else study_work


def pair_work(payload: Mapping[str, object]) -> Mapping[str, float]:
    """Do a run in pairs; outcomes are named ``NUMBER OUTCOME`` by the number of the arm, from 0.

    An outcome that compares kinds of regions is left out where it is undefined.
    """
    given: Any = payload
    scenario = scenario_of(str(given["scenario"]), given.get("overrides") or {}, [])
    model = burnt_in(scenario, int(given["seed"]), int(given["replicate"]))
    here = lived(forked(model, ()), scenario.weeks)
    found: dict[str, float] = {}
    for at, policies in enumerate(given["arms"]):
        if policies is not None:  # None is the world without
            chosen = scenario_of(str(given["scenario"]), given.get("overrides") or {}, policies).policies
            arm = forked(model, chosen)
            there = lived(arm, scenario.weeks)
            numbers = _numbers(arm.setup, there, here)
            found |= {f"{at} {name}": numbers[name] for name in given["outcomes"] if _counts(name, numbers[name])}
    return found


def _counts(name: str, value: float) -> bool:
    return not (math.isnan(value) and PAIRED[name].both_kinds)  # any other NaN condemns the run


def _numbers(scenario: Scenario, there: Record, here: Record) -> dict[str, float]:
    """Return every outcome of a pair of worlds; without both kinds of regions there is no gap between them."""
    pair = Pair(scenario, there, here)
    groups = distribution(pair)
    found = terms(pair) | groups | money(pair, groups["weighted_output_gain_gbp"])
    worth, cost = float(scenario["appraisal.sd_year_value"]), found["public_cost_gbp"]
    for family in ("td", "sc"):
        found[f"net_benefit_{family}_gbp"] = worth * found[f"{family}_total_sd_years"] - cost
    return {name: float(found[name]) for name in PAIRED if name in found}


def _in_pairs[**P](run: Callable[P, experiment.Experiment]) -> Callable[P, experiment.Experiment]:
    """Have a function that runs a study do also those that compare worlds."""

    @wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> experiment.Experiment:
        given: Any
        named: dict[str, Any] = kwargs
        given, *rest = [named.pop("study"), *args] if "study" in named else args
        study = given if isinstance(given, Study) else load_study(given)
        named.setdefault("text", experiment.study_text(given))
        named.setdefault("work", work_of(study))
        again: Any = run
        found: experiment.Experiment = again(study, *rest, **named)
        return found

    return wrapped


#: As :func:`coworksim.runs.experiment.run_experiment`, also for studies that compare worlds.
run_experiment = _in_pairs(experiment.run_experiment)
