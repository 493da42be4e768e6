"""A worker of a batch loads neither Mesa nor pandas: both would take longer than a short run.

Where weekly series come along, pyarrow loads pandas by itself, as soon as it makes an array (findings).
"""

import subprocess
import sys

import pytest

from coworksim.runs.engines import WatchedPool
from coworksim.runs.outcomes import OUTCOMES, study_work
from tests.runs.work import loaded

HEAVY = ("mesa", "pandas", "matplotlib", "SALib")


@pytest.mark.slow
def test_a_worker_that_has_done_a_run_with_every_outcome_has_loaded_nothing_heavy() -> None:
    run = {"scenario": "tiny", "overrides": {"weeks": 4}, "seed": 1, "replicate": 0, "outcomes": list(OUTCOMES)}
    with WatchedPool(1) as pool:
        found = pool.submit(study_work, run).result()
        assert len(found) > 5
        assert pool.submit(loaded, (*HEAVY, "coworksim")).result() == ["coworksim"]


@pytest.mark.slow
def test_what_compares_policies_and_its_workers_are_loaded_without_mesa() -> None:
    code = (
        f"import sys\nimport coworksim.appraisal.replicate\nprint([name for name in {HEAVY} if name in sys.modules])\n"
        "import coworksim.appraisal.comparison\nprint('mesa' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "False"]


@pytest.mark.slow
def test_the_model_of_a_run_is_a_mesa_model_once_it_is_asked_for() -> None:
    code = (
        "import sys\nfrom coworksim import load_scenario, simulate\nresult = simulate(load_scenario('tiny'))\n"
        "print('mesa' in sys.modules, result.digest == simulate(load_scenario('tiny')).digest, 'mesa' in sys.modules)\n"
        "import mesa\nprint(isinstance(result.model, mesa.Model), result.model is result.model,\n"
        "      len(result.model.agents) == len(result.world.workers) + len(result.world.spaces))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False True False", "True True True"]
