"""coworksim: co-learning in coworking spaces, an agent-based policy simulation.

>>> import coworksim
>>> result = coworksim.simulate(coworksim.load_scenario("tiny"))
>>> sorted(result.workers["status"].unique())
['employee', 'freelancer', 'nomad', 'owner', 'remote_employee']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coworksim.appraisal import Appraisal, compare
    from coworksim.appraisal.paired_study import run_experiment
    from coworksim.files.load import load_scenario
    from coworksim.model.agents import Employee, Freelancer, Manager, Worker
    from coworksim.model.model import CoworkingModel
    from coworksim.model.parameters import PARAMETERS
    from coworksim.model.scenario import Scenario
    from coworksim.runs.experiment import Experiment
    from coworksim.runs.simulation import Result, simulate
    from coworksim.runs.study import load_study

__all__ = [
    "PARAMETERS",
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
    "PARAMETERS": "coworksim.model.parameters",
    "Appraisal": "coworksim.appraisal",
    "CoworkingModel": "coworksim.model.model",
    "Employee": "coworksim.model.agents",
    "Experiment": "coworksim.runs.experiment",
    "Freelancer": "coworksim.model.agents",
    "Manager": "coworksim.model.agents",
    "Result": "coworksim.runs.simulation",
    "Scenario": "coworksim.model.scenario",
    "Worker": "coworksim.model.agents",
    "compare": "coworksim.appraisal",
    "load_scenario": "coworksim.files.load",
    "load_study": "coworksim.runs.study",
    "run_experiment": "coworksim.appraisal.paired_study",
    "simulate": "coworksim.runs.simulation",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``coworksim --help`` stays quick."""
    if name == "QUANTITIES":  # the name of PARAMETERS before 0.2
        name = "PARAMETERS"
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'coworksim' has no attribute {name!r}")
