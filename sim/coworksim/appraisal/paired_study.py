"""Studies that compare worlds: the work of one run, handed to the runner of studies.

A run is all arms of a point and replicate: one burn-in, the world without policies, and each arm, forked from the same
week, as in an appraisal. Studies are to the left of appraisals and know only the names of what they may ask for
(``coworksim.runs.paired_outcomes``); so the way goes from here to there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Unpack

from coworksim.appraisal.measures import Pair, terms
from coworksim.appraisal.money import distribution, money
from coworksim.appraisal.pairs import Record, burnt_in, forked, lived
from coworksim.model.scenario import Scenario
from coworksim.runs import study_run
from coworksim.runs.outcomes import scenario_of, study_work
from coworksim.runs.paired_outcomes import PAIRED
from coworksim.runs.run import Measure, Options
from coworksim.runs.study import StudyDesign
from coworksim.runs.study_reader import load_study, text_of
from coworksim.runs.study_run import Study


def work_of(study: StudyDesign) -> Measure:
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


def run_study(
    study: StudyDesign | str | Path,
    folder: Path | None = None,
    *,
    narrow: float | None = None,
    series: int | None = None,
    text: str = "",
    measure: Measure | None = None,
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
    design = study if isinstance(study, StudyDesign) else load_study(study)
    does = measure or work_of(design)
    return study_run.run_study(design, folder, narrow=narrow, series=series, measure=does, text=text, **options)
