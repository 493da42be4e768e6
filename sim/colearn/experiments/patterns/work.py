"""One run, from plain data to the measures of its final worker table: what a worker process does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from colearn.experiments.patterns.asked import asked
from colearn.experiments.patterns.environment import alike, apart
from colearn.experiments.patterns.measure import measured
from colearn.experiments.worker import check_deadline
from colearn.observe.results import simulate
from colearn.scenario import Policy, Scenario, load_scenario

__all__ = ["pattern_work", "world_of"]


def pattern_work(payload: Mapping[str, object]) -> Mapping[str, float]:
    """Simulate, and measure the final worker table.

    Keys of ``payload``, of which all but the first three may be left out: ``scenario`` (name or path), ``seed``,
    ``replicate``, ``overrides`` (values by name), ``ratios`` and ``alike`` (see ``environment``), ``policies`` (plain
    data), ``scale`` (how gains are put down), ``asked`` (true: the answers of a survey of the users too). Policies of
    a scenario stay where none are given.

    >>> short = {"weeks": 26, "burn_in_weeks": 4}
    >>> found = pattern_work({"scenario": "small-town", "overrides": short, "seed": 1, "replicate": 0})
    >>> found["E1.space.value"] > 0
    True
    """
    given: Any = payload
    seed, replicate = int(given["seed"]), int(given["replicate"])
    scenario = world_of(given)
    workers = simulate(scenario, seed, replicate, progress=lambda done, total: check_deadline()).workers
    found = measured(workers, scenario.weeks, seed=seed + replicate, scale=str(given.get("scale", "points")))
    if given.get("asked"):
        found |= asked(workers, seed + replicate, str(given.get("scale", "points")))
    return found


def world_of(given: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a payload."""
    scenario = _loaded(str(given["scenario"]), tuple((given.get("overrides") or {}).items()))
    if given.get("alike"):
        scenario = alike(scenario, given["alike"])
    if given.get("ratios"):
        scenario = apart(scenario, given["ratios"])
    return scenario if given.get("policies") is None else _with_policies(scenario, given["policies"])


def _with_policies(scenario: Scenario, policies: Sequence[Mapping[str, Any]]) -> Scenario:
    fitted = [Policy.model_validate({"end": scenario.weeks, **policy}) for policy in policies]
    return scenario.model_copy(update={"policies": tuple(fitted)})


@lru_cache(maxsize=16)
def _loaded(name: str, overrides: tuple[tuple[str, object], ...]) -> Scenario:
    """Load a scenario once for all runs of a point that a process works on."""
    return load_scenario(name, dict(overrides))
