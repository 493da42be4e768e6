"""What a first week loads, and what it leaves until somebody needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from coworksim.model.kernels import CHECKED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHECKED, reason="nothing is compiled in checked mode"),
]


def said(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_first_week_loads_neither_linear_algebra_nor_networkx() -> None:
    script = (
        "import sys\nfrom coworksim.files.load import load_scenario\nfrom coworksim.model.weeks import Engine\n"
        "Engine(load_scenario('tiny', {'mechanisms.membership': False})).step()\n"  # tastes are solved for by SciPy
        "print([name for name in ('numba', 'scipy.linalg', 'networkx', 'pandas', 'mesa') if name in sys.modules])"
    )
    assert said(script) == "['numba']"


def test_other_compiled_code_of_the_process_multiplies_matrices_all_the_same() -> None:
    script = (
        "import sys, numba, numpy as np\nimport coworksim.model.kernels\nbefore = 'scipy.linalg' in sys.modules\n"
        "product = numba.njit(lambda a, b: a @ b)\na = np.arange(6.0).reshape(2, 3)\n"
        "print(before, product(a, np.ones((3, 2))).tolist(), 'scipy.linalg' in sys.modules)"
    )
    assert said(script) == "False [[3.0, 3.0], [12.0, 12.0]] True"
