"""Studies that compare worlds: the work of one run, handed to the runner of studies.

A run is all arms of a point and replicate: one burn-in, the world without policies, and each arm, forked from the same
week, as in an appraisal. Studies are to the left of appraisals and know only the names of what they may ask for
(``coworksim.runs.outcomes``); so the way goes from here to there.
"""

import math
from collections.abc import Mapping
from typing import Any

from coworksim.appraisal.measures import Pair
from coworksim.appraisal.money import every_number
from coworksim.appraisal.pairs import lived
from coworksim.runs import study_run
from coworksim.runs.opening import burnt_in, forked
from coworksim.runs.outcomes import PAIRED, scenario_of


def pair_work(payload: Mapping[str, object]) -> Mapping[str, float]:
    """Do a run in pairs; outcomes are named ``NUMBER OUTCOME`` by the number of the arm, from 0.

    An outcome that compares kinds of regions is left out where it is undefined; any other NaN condemns the run.
    """
    given: Any = payload
    scenario = scenario_of(str(given["scenario"]), given.get("overrides") or {}, [])
    model = burnt_in(scenario, int(given["seed"]), int(given["replicate"]), keep=bool(given.get("keep")))
    declared = any(policies == [] for policies in given["arms"])  # an arm of the scenario's own policies
    stands = () if declared else scenario.policies
    here = lived(forked(model, stands), scenario.weeks, standing=len(stands))
    worth, found = float(scenario["appraisal.sd_year_value"]), dict[str, float]()
    for at, policies in enumerate(given["arms"]):
        if policies is not None:  # None is the world without
            chosen = scenario_of(str(given["scenario"]), given.get("overrides") or {}, policies).policies
            arm = forked(model, chosen)
            there = lived(arm, scenario.weeks, standing=len(stands))
            numbers = every_number(Pair(arm.setup, there, here, len(stands)))
            for family in ("td", "sc"):
                gain = worth * numbers[f"{family}_total_sd_years"]
                numbers[f"net_benefit_{family}_gbp"] = gain - numbers["public_cost_gbp"]
            for name in given["outcomes"]:
                if not (PAIRED[name].both_kinds and math.isnan(numbers[name])):
                    found[f"{at} {name}"] = float(numbers[name])
    return found


study_run.MEASURES[True] = pair_work
run_study = study_run.run_study  # whoever asks for it here has pairs at hand
