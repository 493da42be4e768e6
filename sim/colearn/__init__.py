"""colearn: co-learning in coworking spaces, an agent-based policy simulation.

>>> import colearn
>>> result = colearn.simulate(colearn.load_scenario("tiny"))
>>> sorted(result.workers["status"].unique())
['employee', 'freelancer', 'nomad', 'owner', 'remote_employee']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from colearn.agents import Employee, Freelancer, Manager, Worker
    from colearn.appraisal import Appraisal, compare
    from colearn.appraisal.studies import run_experiment
    from colearn.experiments.experiment import Experiment
    from colearn.experiments.study import load_study
    from colearn.model import CoworkingModel
    from colearn.observe.results import Result, simulate
    from colearn.quantities import QUANTITIES
    from colearn.scenario import Scenario, load_scenario

__all__ = [
    "QUANTITIES",
    "Appraisal",
    "CoworkingModel",
    "Employee",
    "Experiment",
    "Freelancer",
    "Manager",
    "Result",
    "Scenario",
    "Worker",
    "compare",
    "load_scenario",
    "load_study",
    "run_experiment",
    "simulate",
]

__version__ = "0.1.0"

_HOMES = {
    "QUANTITIES": "colearn.quantities",
    "Appraisal": "colearn.appraisal",
    "CoworkingModel": "colearn.model",
    "Employee": "colearn.agents",
    "Experiment": "colearn.experiments.experiment",
    "Freelancer": "colearn.agents",
    "Manager": "colearn.agents",
    "Result": "colearn.observe.results",
    "Scenario": "colearn.scenario",
    "Worker": "colearn.agents",
    "compare": "colearn.appraisal",
    "load_scenario": "colearn.scenario",
    "load_study": "colearn.experiments.study",
    "run_experiment": "colearn.appraisal.studies",
    "simulate": "colearn.observe.results",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``colearn --help`` stays quick."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'colearn' has no attribute {name!r}")
