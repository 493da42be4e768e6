"""One run of a study, from plain data to plain data: what a worker process does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from coworksim.files.load import load_scenario
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.outcomes import OUTCOMES, measure, thinned
from coworksim.runs.run import Found
from coworksim.runs.simulation import simulate
from coworksim.runs.worker import check_deadline

__all__ = ["scenario_of", "study_work"]


def study_work(payload: Mapping[str, object]) -> Found:
    """Load the scenario, simulate, and return the outcomes by name; the deadline is asked after each week.

    An outcome that its entry allows to be undefined is left out where it is: NaN would condemn the whole run, while
    any other NaN is a fault. With ``series`` (weeks from row to row) in the payload, weekly series come along.

    >>> run = {"scenario": "tiny", "overrides": {"weeks": 4}, "seed": 1, "replicate": 0, "outcomes": ["spaces_open"]}
    >>> study_work(run)
    {'spaces_open': 2.0}
    """
    given: Any = payload
    scenario = scenario_of(str(given["scenario"]), given.get("overrides") or {}, given.get("policies"))
    seed, replicate = int(given["seed"]), int(given["replicate"])
    result = simulate(scenario, seed, replicate, progress=lambda done, total: check_deadline())
    found = measure(result, list(given["outcomes"]))
    defined = {name: value for name, value in found.items() if not (math.isnan(value) and OUTCOMES[name].undefined)}
    every = given.get("series")
    return defined if every is None else (defined, thinned(result, int(every)))


def scenario_of(name: str, overrides: Mapping[str, object], policies: Sequence[Any] | None) -> Scenario:
    """Return a scenario with the values of a point, and, unless None, with policies in place of its own."""
    scenario = _loaded(name, tuple(overrides.items()))
    if policies is None:
        return scenario
    # the study's reader has fitted them to horizon and regions, so nothing is left to check
    return scenario.model_copy(update={"policies": tuple(Policy.model_validate(policy) for policy in policies)})


@lru_cache(maxsize=16)
def _loaded(name: str, overrides: tuple[tuple[str, object], ...]) -> Scenario:
    """Load a scenario once for all replicates (and arms) of a point that a process works on."""
    return load_scenario(name, dict(overrides))
