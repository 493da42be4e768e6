"""Scenarios: YAML files, strictly read, to frozen objects.

Names are imported when they are first used, so that ``import colearn.scenario`` costs nothing.

>>> from colearn.scenario import load_scenario
>>> load_scenario("tiny").weeks
26
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from colearn.scenario.differences import Difference, diff
    from colearn.scenario.load import ScenarioError, load_scenario
    from colearn.scenario.policy import Eligibility, Policy
    from colearn.scenario.problems import InputError, Problem
    from colearn.scenario.registry import BuiltIn, built_ins
    from colearn.scenario.scenario import Region, Scenario, Space
    from colearn.scenario.schema import json_schema
    from colearn.scenario.template import new_template

__all__ = [
    "BuiltIn",
    "Difference",
    "Eligibility",
    "InputError",
    "Policy",
    "Problem",
    "Region",
    "Scenario",
    "ScenarioError",
    "Space",
    "built_ins",
    "diff",
    "json_schema",
    "load_scenario",
    "new_template",
]

_MODULES = {
    "BuiltIn": "registry",
    "Difference": "differences",
    "Eligibility": "policy",
    "InputError": "problems",
    "Policy": "policy",
    "Problem": "problems",
    "Region": "scenario",
    "Scenario": "scenario",
    "ScenarioError": "load",
    "Space": "scenario",
    "built_ins": "registry",
    "diff": "differences",
    "json_schema": "schema",
    "load_scenario": "load",
    "new_template": "template",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"colearn.scenario.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'colearn.scenario' has no attribute {name!r}")
