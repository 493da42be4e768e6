"""Studies that compare worlds: the work of one run, handed to the runner of studies.

A run is all arms of a point and replicate: one burn-in, the world without policies, and each arm, forked from the same
week, as in an appraisal. Studies are to the left of appraisals and know only the names of what they may ask for
(``coworksim.runs.outcomes``); so the way goes from here to there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from coworksim.appraisal.measures import Pair, terms
from coworksim.appraisal.money import distribution, money
from coworksim.appraisal.pairs import Record, burnt_in, forked, lived
from coworksim.model.scenario import Scenario
from coworksim.runs import study_run
from coworksim.runs.outcomes import PAIRED, scenario_of


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


study_run.MEASURES[True] = pair_work
run_study = study_run.run_study  # whoever asks for it here has pairs at hand
