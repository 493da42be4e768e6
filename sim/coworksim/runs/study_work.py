"""One run of a study, from plain data to plain data: what a worker process does."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from coworksim.files.load import load_scenario
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.outcomes import OUTCOMES, measure, thinned
from coworksim.runs.run import Found
from coworksim.runs.simulation import Result, simulate
from coworksim.runs.worker import check_deadline

__all__ = ["scenario_of", "study_work", "work"]


def work(payload: Mapping[str, object], progress: Callable[[int, int], None] | None = None) -> Mapping[str, float]:
    """Load the scenario, simulate, and return the outcomes by name; NaN only where an outcome is undefined.

    ``payload`` is what ``Study.payload`` gives; with ``deadline`` (seconds) in it, a run that takes longer ends after
    the week with TimeoutError. ``progress`` is called after each week with weeks done and weeks in all, and may raise.

    >>> from coworksim.runs.study import load_study
    >>> study = load_study("replicates")
    >>> run = study.payload(study.runs()[0]) | {"scenario": "tiny", "overrides": {"weeks": 4}}
    >>> work(run)["spaces_open"]
    2.0
    """
    return measure(_simulated(payload, progress), _names(payload))


def study_work(payload: Mapping[str, object]) -> Found:
    """Do a run as ``work`` does, the deadline of its batch asked after each week.

    An outcome that its entry allows to be undefined is left out where it is: NaN would condemn the whole run, while
    any other NaN is a fault. With ``series`` (weeks from row to row) in the payload, weekly series come along.
    """
    result = _simulated(payload, lambda done, total: check_deadline())
    found = measure(result, _names(payload))
    defined = {name: value for name, value in found.items() if not (math.isnan(value) and OUTCOMES[name].undefined)}
    every: Any = payload.get("series")
    return defined if every is None else (defined, thinned(result, int(every)))


def _names(payload: Mapping[str, object]) -> list[str]:
    names: Any = payload["outcomes"]
    return list(names)


def _simulated(payload: Mapping[str, object], progress: Callable[[int, int], None] | None) -> Result:
    given: Any = payload
    scenario = scenario_of(str(given["scenario"]), given.get("overrides") or {}, given.get("policies"))
    check = _weekly(given.get("deadline"), progress)
    return simulate(scenario, int(given["seed"]), int(given["replicate"]), progress=check)


def _weekly(deadline: float | None, progress: Callable[[int, int], None] | None) -> Callable[[int, int], None] | None:
    """Return what is called after each week."""
    if deadline is None:
        return progress
    begun = time.perf_counter()

    def check(done: int, total: int) -> None:
        if time.perf_counter() - begun > deadline:
            raise TimeoutError(f"week {done} of {total} was over after {deadline:g} s")
        if progress is not None:
            progress(done, total)

    return check


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
