"""coworksim: co-learning in coworking spaces, an agent-based policy simulation.

These names are public (docs/reference/public-names.md says what is promised of them):

    load_scenario    Read a scenario, and check all of it.
    simulate         Run a scenario once.
    compare          Set policies beside the same simulations without them.
    load_study       Read a study, and check all of it.
    run_study        Do the runs of a study, and resume what was stopped.
    run_patterns     Hold the model against the patterns that a survey reported.
    survey_many      Survey simulated people, and fit the regression of a survey.
    Scenario         Everything that a run reads, frozen.
    Result           One finished run, as tables.
    Appraisal        What policies change, for whom, at what public cost.
    Study            What is there of a study.
    Patterns         Which patterns the model shows, and what each depends on.
    Survey           Surveys of simulated people, and their regressions.
    PARAMETERS       Every parameter: unit, default, limits, range, source, evidence.
    CoworkingModel   The simulation as a Mesa model.
    Worker           A person who may use coworking spaces, as a Mesa agent.
    Freelancer       A worker who lives on projects.
    Employee         A worker with a wage and a desk elsewhere.
    Manager          The person who runs one coworking space, as a Mesa agent.

>>> import coworksim
>>> result = coworksim.simulate(coworksim.load_scenario("tiny"))
>>> sorted(result.workers["status"].unique())
['employee', 'freelancer', 'nomad', 'owner', 'remote_employee']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coworksim.appraisal.comparison import compare
    from coworksim.appraisal.paired_study import run_study
    from coworksim.appraisal.result import Appraisal
    from coworksim.evidence.patterns.patterns import Patterns, run_patterns
    from coworksim.evidence.survey.surveys import Survey, survey_many
    from coworksim.files.load import load_scenario
    from coworksim.model.agents import Employee, Freelancer, Manager, Worker
    from coworksim.model.model import CoworkingModel
    from coworksim.model.parameters import PARAMETERS
    from coworksim.model.scenario import Scenario
    from coworksim.runs.simulation import Result, simulate
    from coworksim.runs.study_reader import load_study
    from coworksim.runs.study_run import Study

__all__ = [
    "PARAMETERS",
    "Appraisal",
    "CoworkingModel",
    "Employee",
    "Freelancer",
    "Manager",
    "Patterns",
    "Result",
    "Scenario",
    "Study",
    "Survey",
    "Worker",
    "compare",
    "load_scenario",
    "load_study",
    "run_patterns",
    "run_study",
    "simulate",
    "survey_many",
]

__version__ = "0.1.0"

_HOMES = {
    "PARAMETERS": "coworksim.model.parameters",
    "Appraisal": "coworksim.appraisal.result",
    "CoworkingModel": "coworksim.model.model",
    "Employee": "coworksim.model.agents",
    "Freelancer": "coworksim.model.agents",
    "Manager": "coworksim.model.agents",
    "Patterns": "coworksim.evidence.patterns.patterns",
    "Result": "coworksim.runs.simulation",
    "Scenario": "coworksim.model.scenario",
    "Study": "coworksim.runs.study_run",
    "Survey": "coworksim.evidence.survey.surveys",
    "Worker": "coworksim.model.agents",
    "compare": "coworksim.appraisal.comparison",
    "load_scenario": "coworksim.files.load",
    "load_study": "coworksim.runs.study_reader",
    "run_patterns": "coworksim.evidence.patterns.patterns",
    "run_study": "coworksim.appraisal.paired_study",
    "simulate": "coworksim.runs.simulation",
    "survey_many": "coworksim.evidence.survey.surveys",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``coworksim --help`` stays quick."""
    if name == "QUANTITIES":
        import_module("warnings").warn(
            "write PARAMETERS; QUANTITIES is read until 0.2", DeprecationWarning, stacklevel=2
        )
        name = "PARAMETERS"
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'coworksim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, also those that nobody has used yet, and nothing that is there by the way."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
